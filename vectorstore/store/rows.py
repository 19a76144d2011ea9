"""The embedded passages of an archive: rows of a collection in Chroma, without their text, which is in the letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from vectorstore.letters import Passage
from vectorstore.models.embedder import Vectors
from vectorstore.store.engine import Collection
from vectorstore.store.records import passage_metadata

_PAGE: Final = 1000
"""Rows fetched or deleted in one call; twice as many are written."""


class PassageRows:
    """The passages in a collection; it raises engine errors, so use it within `translate_engine_errors`.

    Args:
        collection: that holds them.
        most_at_once: rows that may be written in one call.
    """

    def __init__(self, collection: Collection, most_at_once: int) -> None:
        self._collection = collection
        self._most_at_once = most_at_once

    def put(self, passages: Sequence[tuple[Passage, str]], vectors: Vectors) -> None:
        """Write passages, each with the version of its letter, and their vectors, of shape (passages, dimension)."""
        size = min(self._most_at_once, 2 * _PAGE)
        for start in range(0, len(passages), size):
            batch = passages[start : start + size]
            self._collection.upsert(
                ids=[passage.id for passage, _ in batch],
                embeddings=vectors[start : start + size],
                metadatas=[passage_metadata(passage, version) for passage, version in batch],
            )

    def vectors(self, identifiers: Sequence[str]) -> dict[str, Vectors]:
        """Return the vector, of shape (dimension,), of each of these passages that exists."""
        found: dict[str, Vectors] = {}
        for start in range(0, len(identifiers), _PAGE):
            page = self._collection.get(ids=list(identifiers[start : start + _PAGE]), include=["embeddings"])
            embeddings = page["embeddings"]
            assert embeddings is not None
            found.update(zip(page["ids"], np.asarray(embeddings, dtype=np.float32), strict=True))
        return found

    def count(self) -> int:
        """Return the number of rows."""
        return self._collection.count()

    def other_versions(self, letters: Sequence[str], versions: Mapping[str, str]) -> list[str]:
        """Return the ids of these letters' passages that are not of the given version of their letter."""
        found: list[str] = []
        for start in range(0, len(letters), _PAGE):
            where: dict[str, Any] = {"letter": {"$in": list(letters[start : start + _PAGE])}}
            page = self._collection.get(where=where, include=["metadatas"])
            rows = zip(page["ids"], page["metadatas"] or [], strict=True)
            found += [name for name, row in rows if versions.get(str(row["letter"])) != row["version"]]
        return found

    def partition(self, versions: Mapping[str, str]) -> tuple[list[str], list[str]]:
        """Separate the ids of the passages of these versions of letters from all other ids."""
        live: list[str] = []
        stray: list[str] = []
        for name, letter, version in self._all():
            (live if versions.get(letter) == version else stray).append(name)
        return live, stray

    def _all(self) -> Iterator[tuple[str, str, str]]:
        """Yield every passage id with its letter and the letter's version."""
        for offset in range(0, self.count(), _PAGE):
            page = self._collection.get(limit=_PAGE, offset=offset, include=["metadatas"])
            for name, row in zip(page["ids"], page["metadatas"] or [], strict=True):
                yield name, str(row["letter"]), str(row["version"])

    def delete(self, identifiers: Sequence[str]) -> None:
        """Delete these passages."""
        for start in range(0, len(identifiers), _PAGE):
            self._collection.delete(ids=list(identifiers[start : start + _PAGE]))
