"""What the archive holds and how it is found: letters, passages, Chroma, BM25 and their fusion."""
