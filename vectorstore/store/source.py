"""What the indexes and the search need of an archive's letters, wherever they are read from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from vectorstore.letters import Card, Letter, Passage
from vectorstore.models.embedder import Vectors
from vectorstore.store.archive_state import Fingerprint
from vectorstore.store.records import FileRecord


class LetterSource(Protocol):
    """Letters and their passages at one revision."""

    @property
    def fingerprint(self) -> Fingerprint:
        """Return the parts the archive was built with."""

    @property
    def revision(self) -> str:
        """Return the revision, which changes whenever the archive does."""

    @property
    def records(self) -> Mapping[str, FileRecord]:
        """Return the record of every file that was offered, by id."""

    @property
    def cards(self) -> Mapping[str, Card]:
        """Return the card of each letter, by letter id."""

    def versions(self) -> dict[str, str]:
        """Return the version of each letter, by letter id."""

    def passage_count(self) -> int:
        """Return how many passages all letters have."""

    def letter(self, identifier: str) -> Letter:
        """Return the letter with this id.

        Raises:
            KeyError: there is none.
        """

    def letters(self, identifiers: Iterable[str] | None = None) -> list[Letter]:
        """Return the letters with these ids in that order, or all of them by date and source."""

    def passages(self, identifiers: Iterable[str]) -> dict[str, Passage]:
        """Return the passages with these ids that exist, by id."""

    def passages_of(self, letters: Collection[str]) -> list[Passage]:
        """Return all passages of these letters, in the order of the letters given and of their text."""


class VectorSource(LetterSource, Protocol):
    """Letters with the vectors of their passages."""

    def vectors(self, identifiers: Sequence[str]) -> dict[str, Vectors]:
        """Return the stored vector, of shape (dimension,), of each of these passages."""
