"""Scripted stand-ins for what is slow or not always there."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from vectorstore.analysis.dutch import tokens
from vectorstore.models.embedder import Vectors
from vectorstore.models.reranker import Scores

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


class OtherFakeEmbedder(FakeEmbedder):
    """A fake of another dimension, whose vectors are other ones, that remembers what it embedded.

    Args:
        name: its fingerprint.
        most: texts it embeds before it fails; None for as many as there are.
    """

    def __init__(self, name: str = "other", most: int | None = None) -> None:
        super().__init__(name)
        self._most = most
        self.embedded: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (texts, 20)."""
        if self._most is not None and len(self.embedded) + len(texts) > self._most:
            raise InterruptedError("the model stopped")
        self.embedded += texts
        return super().embed_passages(texts)

    def embed_query(self, text: str) -> Vectors:
        """Unit vector of shape (20,)."""
        vector = super().embed_query(f"{self.fingerprint} {text}")[:20]
        return vector / np.float32(np.linalg.norm(vector))


class FakeReranker:
    """A reranker that likes texts by a hash of them, and remembers what it read.

    Args:
        seed: another seed likes other texts.
    """

    name = "fake-reranker"

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self.read: list[tuple[str, tuple[str, ...]]] = []

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """A number for each text, the same for the same text."""
        self.read.append((question, tuple(texts)))
        return np.array([float(zlib.crc32(text.encode(), self._seed)) for text in texts])
