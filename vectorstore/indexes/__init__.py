"""The indexes that are derived from Chroma: words, vectors and filters."""
