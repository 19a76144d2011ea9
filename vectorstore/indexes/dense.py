"""Exact search by vector over passages, derived from the store: a matrix product, and masks for the filters.

The index is built in memory and saved in two files: the vectors, which a reader maps into memory, and a table that tells
which rows belong to which letter. `catch_up` compares the version of each letter to bring it up to date with a store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import orjson

from vectorstore.indexes.columns import Columns, Shelf
from vectorstore.letters import Filters, Passage, Voice
from vectorstore.models.embedder import Vectors
from vectorstore.store.source import VectorSource

LETTER_WEIGHT: Final = 1.0
"""Weight of the mean similarity of a letter's passages, beside that of the passage, when the nearest are chosen."""

_VECTORS: Final = "vectors.f32"
_TABLE: Final = "shelves.json"

_BATCH_LETTERS: Final = 200

_FEW: Final = 0.2
"""Share of the rows below which it is faster to apply a filter before the product than after it."""


@dataclass(frozen=True, slots=True)
class Similarity:
    """The similarity of a passage to a question.

    Attributes:
        passage: cosine similarity of the passage.
        letter: mean cosine similarity of the passages of its letter that the filters admit.
    """

    passage: float
    letter: float

    @property
    def whole(self) -> float:
        """Return the similarity the passage is ranked by."""
        return self.passage + LETTER_WEIGHT * self.letter


class DenseIndex:
    """Cosine similarity of passages to a vector. Safe for search by several threads at once, while nobody changes it."""

    def __init__(self) -> None:
        self._columns = Columns()
        self._vectors: Vectors = np.zeros((0, 0), dtype=np.float32)
        self._embedding = ""

    @classmethod
    def load(cls, folder: Path) -> DenseIndex:
        """Return the index that was saved in a folder, its vectors mapped into memory.

        Raises:
            OSError, ValueError, KeyError, TypeError: the files are missing or damaged.
        """
        index = cls()
        table: dict[str, Any] = orjson.loads((folder / _TABLE).read_bytes())
        shelves = [Shelf(*row)._replace(voices=bytes.fromhex(row[4])) for row in table["shelves"]]
        rows, dimension = sum(len(shelf.voices) for shelf in shelves), table["dimension"]
        if rows:
            shape = (rows, dimension)
            index._vectors = np.asarray(np.memmap(folder / _VECTORS, dtype=np.float32, mode="r", shape=shape))
        index._columns.add(shelves, rows)
        index._embedding = table["embedding"]
        return index

    def save(self, folder: Path) -> None:
        """Save the index in a folder, without the rows of letters that were removed."""
        shelves, first = [], 0
        with (folder / _VECTORS).open("wb") as file:
            for shelf in self._columns.shelves.values():
                file.write(np.ascontiguousarray(self._vectors[shelf.rows]).tobytes())
                shelves.append(shelf._replace(first=first, voices=shelf.voices.hex()))  # type: ignore[arg-type]
                first += len(shelf.voices)
        table = {"embedding": self._embedding, "dimension": self._vectors.shape[1], "shelves": map(list, shelves)}
        (folder / _TABLE).write_bytes(orjson.dumps(table, default=list))

    def vector(self, passage: str) -> Vectors | None:
        """Return the unit vector of the passage with this id, of shape (dimension,), or None if there is none."""
        row = self._columns.row(passage)
        return None if row is None else self._vectors[row]

    @property
    def versions(self) -> dict[str, str]:
        """Return the version of each letter in the index, by letter id."""
        return {letter: shelf.version for letter, shelf in self._columns.shelves.items()}

    def catch_up(self, store: VectorSource) -> int:
        """Bring the index up to date with a store; return how many letters were added, replaced or removed."""
        wanted, before = store.versions(), self.versions
        if self._embedding != store.fingerprint.embedding:
            self._columns, self._vectors = Columns(), np.zeros((0, 0), dtype=np.float32)
            self._embedding = store.fingerprint.embedding
        self._columns.drop([letter for letter in self._columns.shelves if letter not in wanted])
        held = self.versions
        missing = [letter for letter, version in wanted.items() if held.get(letter) != version]
        self._add(store, missing, wanted)
        return sum(before.get(name) != wanted.get(name) for name in before.keys() | wanted.keys())

    def _add(self, store: VectorSource, letters: Sequence[str], versions: Mapping[str, str]) -> None:
        """Add or replace letters; one that was replaced in the store meanwhile is left for the next time."""
        shelves: list[Shelf] = []
        blocks = [self._vectors] if len(self._vectors) else []
        rows = len(self._vectors)
        for start in range(0, len(letters), _BATCH_LETTERS):
            found, vectors = _fetch(store, letters[start : start + _BATCH_LETTERS], versions, rows)
            if found:
                shelves += found
                blocks.append(vectors)
                rows += len(vectors)
        if shelves:
            self._vectors = np.concatenate(blocks)
            self._columns.add(shelves, rows)

    # Search

    def search(self, vector: Vectors, count: int, filters: Filters, also: Iterable[str] = ()) -> dict[str, Similarity]:
        """Return the similarity of the passages nearest to a unit vector of shape (dimension,), by id, nearest first.

        A passage ranks higher in a letter that is similar as a whole.

        Args:
            vector: of the question.
            count: most passages to return.
            filters: which passages may be found.
            also: ids of passages to return beside the nearest, if the filters admit them.
        """
        mask = self._columns.mask(filters)
        rows = np.flatnonzero(mask)
        if not rows.size:
            return {}
        few = rows.size < _FEW * mask.size
        scores = self._vectors[rows] @ vector if few else (self._vectors @ vector)[rows]
        letters = self._columns.means(rows, scores)
        whole = scores + LETTER_WEIGHT * letters
        best = np.argpartition(-whole, count)[:count] if count < rows.size else np.arange(rows.size)
        named = {self._columns.name(int(rows[i])): int(i) for i in best}
        known = {name: row for name in also if name not in named and (row := self._columns.row(name)) is not None}
        named |= {name: int(np.searchsorted(rows, row)) for name, row in known.items() if mask[row]}
        found = {name: Similarity(float(scores[i]), float(letters[i])) for name, i in named.items()}
        return dict(sorted(found.items(), key=lambda pair: (-pair[1].whole, pair[0])))

    def speaks(self, passages: Sequence[str], voice: Voice) -> npt.NDArray[np.float64]:
        """Return how far each of these passages, given by id, is of a voice, from 0 to 1; of shape (passages,)."""
        return np.array([self._columns.speaks(name, voice) for name in passages], dtype=np.float64)


def _fetch(
    store: VectorSource, letters: Sequence[str], versions: Mapping[str, str], first: int
) -> tuple[list[Shelf], Vectors]:
    """Fetch shelves and vectors of the letters that the store holds completely; the rows begin at `first`."""
    own: dict[str, list[Passage]] = {}
    for passage in store.passages_of(letters):
        own.setdefault(passage.letter.id, []).append(passage)
    vectors = store.vectors([passage.id for passages in own.values() for passage in passages])
    shelves: list[Shelf] = []
    rows: list[Vectors] = []
    for letter, passages in own.items():
        if all(passage.id in vectors for passage in passages):
            shelves.append(Shelf.of(passages, versions[letter], first + len(rows)))
            rows += [vectors[passage.id] for passage in passages]
    return shelves, normalise(np.stack(rows)) if rows else np.zeros((0, 0), dtype=np.float32)


def normalise(vectors: Vectors) -> Vectors:
    """Normalise vectors to length one; zero vectors stay as they are."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)
