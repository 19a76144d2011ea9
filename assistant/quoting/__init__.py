"""Answers made of quotations alone."""
