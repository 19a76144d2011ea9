"""The ledger of one run: the archive's record of each file, and which letter each text belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from ingest.duplicates import (
    agree_on_identity,
    agree_on_subject,
    distinguishing_text,
    may_be_same,
    nearly_same,
    same_words,
)
from ingest.files import is_there
from vectorstore.letters import Card, Letter
from vectorstore.store.store import FileRecord, FileState

_MOST_COMPARED = 5
"""Number of letters whose texts are compared with a new one, the most similar ones."""


class Ledger:
    """Files and letters as they are at the moment, while a run changes them.

    Args:
        records: of the files in the archive, by id.
        cards: of its letters, by id.
        letter: returns a letter that the archive holds or is about to hold.
    """

    def __init__(
        self, records: Mapping[str, FileRecord], cards: Mapping[str, Card], letter: Callable[[str], Letter]
    ) -> None:
        self.records = dict(records)
        self._cards = dict(cards)
        self.letter = letter
        self._holders: dict[str, list[str]] = {}
        self._sketches: dict[str, set[str]] = {}
        self._inside: dict[str, set[str]] = {}
        for record in self.records.values():
            self._hold(record)

    def _hold(self, record: FileRecord) -> None:
        if record.container:
            self._inside.setdefault(record.container, set()).add(record.id)
        if record.state is FileState.LETTER:
            self._holders.setdefault(record.text_digest, []).append(record.id)
            for run in record.sketch:
                self._sketches.setdefault(run, set()).add(record.id)

    def remember(self, record: FileRecord, letter: Letter | None = None) -> None:
        """Record the outcome of a file."""
        self.forget(record.id)
        self.records[record.id] = record
        if letter is not None:
            self._cards[record.id] = Card.of(letter)
        self._hold(record)

    def forget(self, identifier: str) -> None:
        """Drop the record of a file."""
        record = self.records.pop(identifier, None)
        self._cards.pop(identifier, None)
        if record and record.container:
            self._inside[record.container].discard(identifier)
        if record and record.state is FileState.LETTER:
            self._holders[record.text_digest].remove(identifier)
            for run in record.sketch:
                self._sketches[run].discard(identifier)

    def inside(self, container: str) -> list[FileRecord]:
        """Return the records of the files inside a file."""
        return [self.records[identifier] for identifier in sorted(self._inside.get(container, ()))]

    def holder(self, record: FileRecord) -> FileRecord | None:
        """Return the original of a duplicate, if it is still that letter and its file exists."""
        held = self.records.get(record.same_as)
        if not held or held.state is not FileState.LETTER or held.text_digest != record.text_digest:
            return None
        return held if is_there(held.path) else None

    def same(self, record: FileRecord, letter: Letter) -> FileRecord | None:
        """Return the archive's record of the same letter from another file that still exists, or None."""
        card = Card.of(letter)
        exact = [name for name in reversed(self._holders.get(record.text_digest, ())) if name != record.id]
        for other in self._present(exact):
            if may_be_same(card, self._cards[other.id]) and agree_on_subject(self.letter(other.id), letter):
                return other
        for other in self._present(self._alike(record)):
            if may_be_same(card, self._cards[other.id]) and self._is_same(other, letter):
                return other
        return None

    def _is_same(self, other: FileRecord, letter: Letter) -> bool:
        """Check whether a letter that shares much with another is the same letter."""
        held = self.letter(other.id)
        texts = distinguishing_text(held.text), distinguishing_text(letter.text)
        if held.confidence or letter.confidence:
            return nearly_same(*texts)
        return (
            agree_on_identity(Card.of(held), Card.of(letter)) and agree_on_subject(held, letter) and same_words(*texts)
        )

    def _present(self, identifiers: Iterable[str]) -> Iterable[FileRecord]:
        found = (self.records[identifier] for identifier in identifiers)
        return (record for record in found if is_there(record.path))

    def _alike(self, record: FileRecord) -> list[str]:
        """Return letters that share at least a quarter of the sketch, the most similar first."""
        shared: dict[str, int] = {}
        for run in record.sketch:
            for other in self._sketches.get(run, ()):
                shared[other] = shared.get(other, 0) + 1
        shared.pop(record.id, None)
        least = max(1, len(record.sketch) // 4)
        often = [other for other, count in shared.items() if count >= least]
        return sorted(often, key=lambda other: (-shared[other], other))[:_MOST_COMPARED]

    def gone(self) -> list[list[FileRecord]]:
        """Return the records of each file that no longer exists and had a letter that another file holds too."""
        shared = {name for holders in self._holders.values() if len(holders) > 1 for name in holders}
        gone = {path for path in {self.records[name].path for name in shared} if not is_there(path)}
        files: dict[str, list[FileRecord]] = {path: [] for path in sorted(gone)}
        for record in self.records.values() if files else ():
            if record.path in files:
                files[record.path].append(record)
        return list(files.values())

    def elsewhere(self, record: FileRecord) -> FileRecord | None:
        """Return the same letter in a file that exists, or None."""
        if len(self._holders[record.text_digest]) == 1:
            return None
        return self.same(record, self.letter(record.id))

    def also(self) -> dict[str, tuple[str, ...]]:
        """Return the sources of other files with the same letter, by the id of the letter."""
        found: dict[str, list[str]] = {}
        for record in self.records.values():
            if record.state is FileState.DUPLICATE:
                found.setdefault(record.same_as, []).append(record.source)
        return {identifier: tuple(sorted(sources)) for identifier, sources in found.items()}


def duplicate(record: FileRecord, holder: FileRecord) -> FileRecord:
    """Return the record of a file that holds the same letter as another."""
    reason = f"Dezelfde tekst staat al in {holder.source}."
    return replace(
        record,
        state=FileState.DUPLICATE,
        reason=reason,
        same_as=holder.id,
        text_digest=holder.text_digest,
        passages=0,
    )
