"""A first question file for an archive of one's own."""
