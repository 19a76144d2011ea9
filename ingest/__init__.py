"""From files to letters, from letters to passages, and both into the archive."""
