"""Answers: what they are, how they are worded, and how they are written as JSON."""
