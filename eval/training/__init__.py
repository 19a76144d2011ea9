"""Training of the reader on labelled passages."""
