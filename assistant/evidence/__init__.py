"""How strongly passages and their sentences bear on a question."""
