"""What one run of the job keeps in mind: what the archive knows of each file, and which letter each text is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from ingest.files import is_there
from ingest.sameness import about_the_same, bear_the_same, may_be_same, nearly_same, same_words, told_by
from vectorstore.letters import Card, Letter
from vectorstore.store import FileRecord, FileState

_MOST_COMPARED = 5
"""Letters whose texts are compared with a new one: those that share most with it."""


class Ledger:
    """Files and letters as they are now, while a run changes them.

    Args:
        records: of the files in the archive, by id.
        cards: of its letters, by id.
        letter: gives a letter that the archive holds or is about to.
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
        """Note what a file has become."""
        self.forget(record.id)
        self.records[record.id] = record
        if letter is not None:
            self._cards[record.id] = Card.of(letter)
        self._hold(record)

    def forget(self, identifier: str) -> None:
        """Drop what is known of a file."""
        record = self.records.pop(identifier, None)
        self._cards.pop(identifier, None)
        if record and record.container:
            self._inside[record.container].discard(identifier)
        if record and record.state is FileState.LETTER:
            self._holders[record.text_digest].remove(identifier)
            for run in record.sketch:
                self._sketches[run].discard(identifier)

    def inside(self, container: str) -> list[FileRecord]:
        """What is known of the files inside a file."""
        return [self.records[identifier] for identifier in sorted(self._inside.get(container, ()))]

    def holder(self, record: FileRecord) -> FileRecord | None:
        """The letter that a duplicate is, as long as it is that letter still and its file is there."""
        held = self.records.get(record.same_as)
        if not held or held.state is not FileState.LETTER or held.text_digest != record.text_digest:
            return None
        return held if is_there(held.path) else None

    def same(self, record: FileRecord, letter: Letter) -> FileRecord | None:
        """The letter of the archive that a letter is, read from another file that is still there."""
        card = Card.of(letter)
        exact = [name for name in reversed(self._holders.get(record.text_digest, ())) if name != record.id]
        for other in self._present(exact):
            if may_be_same(card, self._cards[other.id]) and about_the_same(self.letter(other.id), letter):
                return other
        for other in self._present(self._alike(record)):
            if may_be_same(card, self._cards[other.id]) and self._is_same(other, letter):
                return other
        return None

    def _is_same(self, other: FileRecord, letter: Letter) -> bool:
        """Whether a letter that shares much with another is that one."""
        held = self.letter(other.id)
        texts = told_by(held.text), told_by(letter.text)
        if held.confidence or letter.confidence:
            return nearly_same(*texts)
        return bear_the_same(Card.of(held), Card.of(letter)) and about_the_same(held, letter) and same_words(*texts)

    def _present(self, identifiers: Iterable[str]) -> Iterable[FileRecord]:
        found = (self.records[identifier] for identifier in identifiers)
        return (record for record in found if is_there(record.path))

    def _alike(self, record: FileRecord) -> list[str]:
        """Letters that share at least a quarter of the sketch, those that share most first."""
        shared: dict[str, int] = {}
        for run in record.sketch:
            for other in self._sketches.get(run, ()):
                shared[other] = shared.get(other, 0) + 1
        shared.pop(record.id, None)
        least = max(1, len(record.sketch) // 4)
        often = [other for other, count in shared.items() if count >= least]
        return sorted(often, key=lambda other: (-shared[other], other))[:_MOST_COMPARED]

    def gone(self) -> list[list[FileRecord]]:
        """All that is known of each file that is gone and had a letter that stands in another file too."""
        shared = {name for holders in self._holders.values() if len(holders) > 1 for name in holders}
        gone = {path for path in {self.records[name].path for name in shared} if not is_there(path)}
        files: dict[str, list[FileRecord]] = {path: [] for path in sorted(gone)}
        for record in self.records.values() if files else ():
            if record.path in files:
                files[record.path].append(record)
        return list(files.values())

    def elsewhere(self, record: FileRecord) -> FileRecord | None:
        """The same letter in a file that is there."""
        if len(self._holders[record.text_digest]) == 1:
            return None
        return self.same(record, self.letter(record.id))

    def also(self) -> dict[str, tuple[str, ...]]:
        """Sources of the files that hold the same letter, by the id of the letter."""
        found: dict[str, list[str]] = {}
        for record in self.records.values():
            if record.state is FileState.DUPLICATE:
                found.setdefault(record.same_as, []).append(record.source)
        return {identifier: tuple(sorted(sources)) for identifier, sources in found.items()}


def duplicate(record: FileRecord, holder: FileRecord) -> FileRecord:
    """The record of a file that holds the same letter as another."""
    reason = f"Dezelfde tekst staat al in {holder.source}."
    return replace(
        record,
        state=FileState.DUPLICATE,
        reason=reason,
        same_as=holder.id,
        text_digest=holder.text_digest,
        passages=0,
    )
