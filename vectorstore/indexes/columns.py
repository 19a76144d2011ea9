"""Filter attributes of passages in columns: a filter becomes one mask over all passages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from vectorstore.filtering import day_number, voices_in
from vectorstore.letters import Filters, Kind, Passage, Voice, letter_id_of

Mask = npt.NDArray[np.bool_]

_VOICES: Final = tuple(Voice)
_KINDS: Final = tuple(Kind)
_QUOTED: Final = 0.5
"""How far a passage counts as of a voice that another letter quotes or reports."""

_NO_DAYS: Final = (99_999_999, 0)
"""First and last day of a letter when neither is known, so that no period contains it."""


class Shelf(NamedTuple):
    """The passages of one letter as they are laid out in a dense index.

    Attributes:
        letter: id of the letter.
        version: of the letter.
        first: row of its first passage; the others follow.
        names: ids of the passages in order, one per line.
        voices: one byte per passage, one bit per voice that speaks in it.
        author, kind: positions in `Voice` and `Kind`.
        first_day, last_day: the period of the letter as day numbers.
        reference, source: of the letter; empty if it has none.
    """

    letter: str
    version: str
    first: int
    names: str
    voices: bytes
    author: int
    kind: int
    first_day: int
    last_day: int
    reference: str
    source: str

    @classmethod
    def of(cls, passages: Sequence[Passage], version: str, first: int) -> Shelf:
        """Return the shelf of all passages of a letter."""
        letter = passages[0].letter
        days = tuple(map(day_number, letter.period)) if letter.period else _NO_DAYS
        return cls(
            letter.id,
            version,
            first,
            "\n".join(passage.id for passage in passages),
            bytes(sum(_bit(voice) for voice in voices_in(passage)) for passage in passages),
            _VOICES.index(letter.author),
            _KINDS.index(letter.kind),
            days[0],
            days[1],
            letter.reference or "",
            letter.source,
        )

    @property
    def rows(self) -> slice:
        """Return the rows of its passages."""
        return slice(self.first, self.first + len(self.voices))


def _bit(voice: Voice) -> int:
    return 1 << _VOICES.index(voice)


class Columns:
    """Columns over the rows of an index, each of shape (rows,); rows of removed letters are not `live`.

    Attributes:
        live, author, kind, voices, first_day, last_day: of each row.
        shelves: by letter id.
    """

    def __init__(self) -> None:
        self.live: Mask = np.zeros(0, dtype=np.bool_)
        self.author, self.kind, self.voices = (np.zeros(0, dtype=np.uint8) for _ in range(3))
        self.first_day, self.last_day, self._owner = (np.zeros(0, dtype=np.int32) for _ in range(3))
        self._owners: list[Shelf] = []
        self.shelves: dict[str, Shelf] = {}
        self._places: dict[str, set[str]] = {}

    def add(self, shelves: Sequence[Shelf], rows: int) -> None:
        """Add or replace shelves; afterwards the columns have this many rows."""
        self.drop(shelf.letter for shelf in shelves)
        for name in ("live", "author", "kind", "voices", "first_day", "last_day", "_owner"):
            column = getattr(self, name)
            setattr(self, name, np.concatenate([column, np.zeros(rows - len(column), dtype=column.dtype)]))
        if not shelves:
            return
        counts = [len(shelf.voices) for shelf in shelves]
        firsts = np.array([shelf.first for shelf in shelves])
        places = np.repeat(firsts - np.cumsum([0, *counts[:-1]]), counts) + np.arange(sum(counts))
        self.live[places] = True
        self.voices[places] = np.frombuffer(b"".join(shelf.voices for shelf in shelves), dtype=np.uint8)
        for name in ("author", "kind", "first_day", "last_day"):
            getattr(self, name)[places] = np.repeat([getattr(shelf, name) for shelf in shelves], counts)
        self._owner[places] = np.repeat(np.arange(len(shelves)) + len(self._owners), counts)
        self._owners += shelves
        for shelf in shelves:
            self.shelves[shelf.letter] = shelf
            for place in {shelf.reference, shelf.source} - {""}:
                self._places.setdefault(place, set()).add(shelf.letter)

    def drop(self, letters: Iterable[str]) -> None:
        """Remove the shelves of these letters, where they exist."""
        for letter in letters:
            shelf = self.shelves.pop(letter, None)
            if shelf is None:
                continue
            self.live[shelf.rows] = False
            for place in {shelf.reference, shelf.source} - {""}:
                self._places[place].discard(letter)

    def name(self, row: int) -> str:
        """Return the id of the passage in a row."""
        shelf = self._owners[int(self._owner[row])]
        names = shelf.names.split("\n")
        return names[row - shelf.first]

    def row(self, passage: str) -> int | None:
        """Return the row of the passage with this id, or None if there is none."""
        shelf = self.shelves.get(letter_id_of(passage))
        names = shelf.names.split("\n") if shelf else []
        return shelf.first + names.index(passage) if shelf and passage in names else None

    def speaks(self, passage: str, voice: Voice) -> float:
        """Return how far a passage is of a voice: 1.0 in its own letter, less where another quotes it, else 0.0."""
        row = self.row(passage)
        if row is None or not self.voices[row] & _bit(voice):
            return 0.0
        return 1.0 if self.author[row] == _VOICES.index(voice) else _QUOTED

    def means(self, rows: npt.NDArray[np.intp], scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Return for each row the mean of the scores of its letter's rows; all arrays have shape (rows,)."""
        owner = self._owner[rows]
        sums, counts = np.bincount(owner, weights=scores), np.bincount(owner)
        means: npt.NDArray[np.float64] = sums[owner] / counts[owner]
        return means

    def mask(self, filters: Filters) -> Mask:
        """Return a mask of the rows that the filters admit, of shape (rows,)."""
        mask = self.live.copy()
        if filters.author is not None:
            mask &= self.author == _VOICES.index(filters.author)
        if filters.voice is not None:
            mask &= (self.voices & _bit(filters.voice)) > 0
        if filters.kind is not None:
            mask &= self.kind == _KINDS.index(filters.kind)
        if filters.since is not None:
            mask &= self.last_day >= day_number(filters.since)
        if filters.until is not None:
            mask &= self.first_day <= day_number(filters.until)
        if filters.letter is not None:
            mask &= self._at(filters.letter)
        return mask

    def _at(self, place: str) -> Mask:
        """Return a mask of the rows of the letters with this reference or source."""
        mask = np.zeros(len(self.live), dtype=np.bool_)
        for letter in self._places.get(place, ()):
            shelf = self.shelves[letter]
            mask[shelf.rows] = True
        return mask
