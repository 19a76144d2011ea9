"""Trials of the whole program, from outside: commands and HTTP only, so that any version of it can be tried."""
