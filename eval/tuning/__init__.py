"""Weights fitted to questions, and what each part of the search is worth."""
