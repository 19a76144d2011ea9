"""Scripted stand-ins for what is slow or not always there."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

import numpy as np

from vectorstore.analysis.dutch import tokens
from vectorstore.models.embedder import Vectors
from vectorstore.models.reader import Reading
from vectorstore.models.reading import ReadingTask
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


class FakeReader:
    """A reader that finds the sentences it is told to, whatever is asked.

    Args:
        scores: log-odds of the sentences with these words; of all others -4.
    """

    def __init__(self, scores: Mapping[str, float]) -> None:
        self._scores = scores
        self.read_pairs: list[tuple[str, ReadingTask]] = []

    @property
    def fingerprint(self) -> str:
        """The same for all."""
        return "fake-reader"

    def read(self, question: str, tasks: Sequence[ReadingTask]) -> list[Reading]:
        """A passage answers as far as its best sentence does."""
        self.read_pairs += [(question, task) for task in tasks]
        scored = [tuple(map(self._score, task.sentences)) for task in tasks]
        return [Reading(max(scores), scores) for scores in scored]

    def _score(self, sentence: str) -> float:
        return max((score for words, score in self._scores.items() if words in sentence), default=-4.0)
