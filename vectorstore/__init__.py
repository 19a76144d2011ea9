"""The archive's contents and how they are found: letters, passages, Chroma, BM25 and their fusion."""
