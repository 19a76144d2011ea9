"""Metadata of a letter: kind, reference, date, sender, addressee, subject."""
