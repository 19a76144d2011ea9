"""Dates: the one list of months, the forms dates are written in, reading them, and the periods that questions name."""
