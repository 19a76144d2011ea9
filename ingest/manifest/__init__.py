"""The manifest in which a secretary corrects what was read."""
