"""From files to letters, from letters to passages, and those into the archive."""
