"""Exact search by vector over passages, derived from the store: a matrix product, and masks for the filters.

The index can be thrown away at any moment. Its vectors stand in a file that only grows and that is mapped into memory;
which rows of it are whose is said by a database beside it, written in one transaction after the rows. `catch_up` makes
the index equal to the store again by the version of each letter. A folder that is damaged is made anew; where it cannot
be written, or another process keeps it too long, the index is made in memory.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from vectorstore.columns import Columns, Shelf
from vectorstore.derived import BusyFile, DamagedFile, DerivedFile
from vectorstore.embedding import Vectors
from vectorstore.letters import Filters, Passage, Voice
from vectorstore.store import Store

_FORMAT: Final = "1"

LETTER_WEIGHT: Final = 1.0
"""What the mean similarity of a letter's passages counts beside that of the passage when the nearest are chosen."""
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS state (embedding TEXT, file TEXT, dimension INTEGER, rows INTEGER);
CREATE TABLE IF NOT EXISTS shelves (
    place INTEGER PRIMARY KEY AUTOINCREMENT, letter TEXT UNIQUE, version TEXT, first INTEGER, names TEXT, voices BLOB,
    author INTEGER, kind INTEGER, first_day INTEGER, last_day INTEGER, reference TEXT, source TEXT);
"""
_SHELF: Final = ", ".join(Shelf._fields)
_LOCK_SECONDS: Final = 30.0
"""How long another process may be at the same work before we do it ourselves, in memory."""

_BATCH_LETTERS: Final = 200
_MOST_DEAD: Final = 10_000
"""Rows of letters that went, beyond as many as there are live, before the index is made anew."""

_FEW: Final = 0.2
"""Share of the rows under which it is faster to pick those that pass a filter before the product than after it."""


@dataclass(frozen=True, slots=True)
class Similarity:
    """How alike a passage and a question are.

    Attributes:
        passage: cosine similarity of the passage.
        letter: mean cosine similarity of the passages of its letter, as far as the filters let them through.
    """

    passage: float
    letter: float

    @property
    def whole(self) -> float:
        """What the passage is ranked by."""
        return self.passage + LETTER_WEIGHT * self.letter


@dataclass(frozen=True, slots=True)
class _State:
    """What the index as a whole is: the model of its vectors, their file, and how many stand in it."""

    embedding: str
    file: str
    dimension: int
    rows: int


class DenseIndex:
    """Cosine similarity of the passages of a store to a vector.

    Args:
        folder: where the index is kept; None keeps it in memory.
        patience: seconds to wait for another process that is writing the index.
    """

    def __init__(self, folder: Path | None, patience: float = _LOCK_SECONDS) -> None:
        self._file = DerivedFile(folder / f"{_FORMAT}.sqlite" if folder else None, _SCHEMA, patience)
        self._forget()

    def _forget(self) -> None:
        """Hold nothing."""
        self._columns = Columns()
        self._vectors: Vectors = np.zeros((0, 0), dtype=np.float32)
        self._state: _State | None = None
        self._place = 0

    @property
    def in_memory(self) -> bool:
        """Whether the index is kept in memory, and so is gone when the program ends."""
        return self._file.path is None

    @property
    def versions(self) -> dict[str, str]:
        """The version of each letter in the index, by letter id."""
        return {letter: shelf.version for letter, shelf in self._columns.shelves.items()}

    def close(self) -> None:
        """Let go of the files."""
        self._file.close()

    # Keeping up with the store

    def catch_up(self, store: Store) -> int:
        """Make the index equal to the store; returns how many letters were added, replaced or removed."""
        for _ in range(2):
            try:
                return self._catch_up(store)
            except BusyFile:
                self._file.to_memory()
            except DamagedFile:
                self._file.start_over()
            self._forget()
        self._file.to_memory()
        return self._catch_up(store)

    def _catch_up(self, store: Store) -> int:
        wanted = store.versions()
        before = self.versions
        if before == wanted and self._is_of(store):
            return 0
        try:
            self._read()
            if self.versions != wanted or not self._is_of(store):
                self._write(store, wanted)
        except BaseException:
            self._forget()
            raise
        return sum(before.get(name) != wanted.get(name) for name in before.keys() | wanted.keys())

    def _is_of(self, store: Store) -> bool:
        """Whether the vectors are those of the model the store was made with."""
        return self._state is not None and self._state.embedding == store.fingerprint.embedding

    def _read(self) -> None:
        """Take in what this or another process wrote since the last time."""
        with _translated():
            found = self._file.rows("SELECT embedding, file, dimension, rows FROM state")
            state = _State(*found[0]) if found else None
            if state is None or self._state is None or state.file != self._state.file:
                self._forget()
            rows = self._file.rows(f"SELECT place, {_SHELF} FROM shelves WHERE place > ? ORDER BY place", [self._place])
            self._take(state, [Shelf(*row[1:]) for row in rows if state])
            self._place = rows[-1][0] if rows else self._place

    def _take(self, state: _State | None, shelves: Sequence[Shelf]) -> None:
        """Hold these shelves too, with the vectors there are in this state."""
        self._state = state
        if state is None:
            return
        if self._path is not None and len(self._vectors) != state.rows:
            self._vectors = _mapped(self._path, state)
        self._columns.add(shelves, state.rows)

    @property
    def _path(self) -> Path | None:
        """Of the file of vectors."""
        return self._file.path.with_name(self._state.file) if self._file.path and self._state else None

    def _write(self, store: Store, wanted: Mapping[str, str]) -> None:
        """Make the index equal to the store, alone."""
        with self._file.writing() as database, _translated():
            self._read()
            if self._state is None or not self._is_of(store) or self._is_mostly_dead():
                self._empty(database, store.fingerprint.embedding)
            gone = [letter for letter in self._columns.shelves if letter not in wanted]
            database.executemany("DELETE FROM shelves WHERE letter = ?", [(letter,) for letter in gone])
            self._columns.drop(gone)
            held = self.versions
            missing = [letter for letter, version in wanted.items() if held.get(letter) != version]
            for start in range(0, len(missing), _BATCH_LETTERS):
                self._add(database, store, missing[start : start + _BATCH_LETTERS], wanted)
            self._tidy()

    def _is_mostly_dead(self) -> bool:
        live = int(self._columns.live.sum())
        return len(self._columns.live) - live > live + _MOST_DEAD

    def _empty(self, database: sqlite3.Connection, embedding: str) -> None:
        """Begin anew with a file of vectors of its own; who still maps the old one may go on."""
        self._forget()
        self._state = _State(embedding, f"{secrets.token_hex(8)}.f32", 0, 0)
        database.execute("DELETE FROM shelves")
        database.execute("DELETE FROM state")
        database.execute("INSERT INTO state VALUES (?, ?, ?, ?)", astuple(self._state))

    def _tidy(self) -> None:
        """Remove files of vectors that no state speaks of."""
        if self._path is not None:
            for path in self._path.parent.glob("*.f32"):
                if path != self._path:
                    path.unlink(missing_ok=True)

    def _add(
        self, database: sqlite3.Connection, store: Store, letters: Sequence[str], versions: Mapping[str, str]
    ) -> None:
        """Add or replace letters; one that another process replaced meanwhile is left for the next time."""
        assert self._state is not None
        shelves, vectors = _fetched(store, letters, versions, self._state.rows)
        if not shelves:
            return
        rows = self._state.rows + len(vectors)
        self._append(vectors)
        self._take(_State(self._state.embedding, self._state.file, vectors.shape[1], rows), shelves)
        database.execute("UPDATE state SET dimension = ?, rows = ?", (vectors.shape[1], rows))
        marks = ", ".join("?" * len(Shelf._fields))
        database.executemany(f"INSERT OR REPLACE INTO shelves ({_SHELF}) VALUES ({marks})", shelves)
        self._place = database.execute("SELECT max(place) FROM shelves").fetchone()[0]

    def _append(self, vectors: Vectors) -> None:
        """Put vectors after those that are spoken for; what a killed process left there is overwritten."""
        assert self._state is not None
        if self._path is None:
            self._vectors = np.concatenate([self._vectors, vectors]) if len(self._vectors) else vectors
            return
        with self._path.open("r+b" if self._state.rows else "wb") as file:
            file.seek(self._state.rows * vectors.shape[1] * vectors.itemsize)
            file.write(vectors.tobytes())
            file.flush()
            os.fsync(file.fileno())

    # Searching

    def search(self, vector: Vectors, count: int, filters: Filters, also: Iterable[str] = ()) -> dict[str, Similarity]:
        """Similarity of the passages nearest to a unit vector of shape (dimension,), by id, nearest first.

        A passage is nearer in a letter that is near as a whole.

        Args:
            vector: of the question.
            count: most passages to return.
            filters: which passages may be found.
            also: ids of passages to return beside the nearest, where the filters let them through.
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
        """How far each of these passages, given by id, is of a voice, from 0 to 1; of shape (passages,)."""
        return np.array([self._columns.speaks(name, voice) for name in passages], dtype=np.float64)


def _fetched(
    store: Store, letters: Sequence[str], versions: Mapping[str, str], first: int
) -> tuple[list[Shelf], Vectors]:
    """Shelves and vectors of those of these letters that the store holds whole; they begin at row `first`."""
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
    return shelves, _normalised(np.stack(rows)) if rows else np.zeros((0, 0), dtype=np.float32)


def _normalised(vectors: Vectors) -> Vectors:
    """Vectors of length one; those of length zero stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def _mapped(path: Path, state: _State) -> Vectors:
    """The vectors in a file, of shape (rows, dimension), read as they are needed.

    Raises:
        DamagedFile: the file does not hold so many.
    """
    if not state.rows:
        return np.zeros((0, 0), dtype=np.float32)
    if path.stat().st_size < state.rows * state.dimension * 4:
        raise DamagedFile(f"{path} is too short")
    return np.asarray(np.memmap(path, dtype=np.float32, mode="r", shape=(state.rows, state.dimension)))


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Turn what a damaged file makes of itself into the error that says so."""
    try:
        yield
    except (OSError, ValueError, TypeError, IndexError) as error:
        raise DamagedFile(str(error)) from error
