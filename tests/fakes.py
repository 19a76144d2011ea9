"""Scripted stand-ins for what is slow or not always there."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from vectorstore.dutch import tokens
from vectorstore.embedding import Vectors

DIMENSIONS = 32


class FakeEmbedder:
    """An embedding model that counts words in 32 buckets: equal words give equal vectors, and nothing is loaded.

    Args:
        name: its fingerprint.
    """

    def __init__(self, name: str = "fake") -> None:
        self._name = name

    @property
    def fingerprint(self) -> str:
        """The name it was given."""
        return self._name

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (texts, 32)."""
        return np.stack([self.embed_query(text) for text in texts]) if texts else np.zeros((0, DIMENSIONS), np.float32)

    def embed_query(self, text: str) -> Vectors:
        """Unit vector of shape (32,)."""
        vector = np.full(DIMENSIONS, 0.01, dtype=np.float32)
        for word in tokens(text):
            vector[zlib.crc32(word.encode()) % DIMENSIONS] += 1
        return vector / np.float32(np.linalg.norm(vector))
