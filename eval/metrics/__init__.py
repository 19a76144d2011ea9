"""Scores, gates and faults."""
