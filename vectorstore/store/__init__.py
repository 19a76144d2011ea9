"""The archive in Chroma."""
