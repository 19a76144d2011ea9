"""One run of the job over files: which are read, what becomes of each, and what goes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from ingest.files import Found
from ingest.ledger import Ledger, duplicate
from ingest.outcomes import Entry, Outcome
from ingest.passages import Sizes
from ingest.reading import Draft, Errand, Hands, Reading, Rows, id_inside, sha256_of, source_inside
from vectorstore.errors import WrongUse
from vectorstore.letters import Letter, Passage
from vectorstore.store import FileRecord, FileState

Progress = Callable[[Sequence[Found]], Iterable[Found]]
"""Wraps the files to be read, so that the caller can show how far the job is."""

_SKIPPED = {
    FileState.LETTER: Outcome.UNCHANGED,
    FileState.CONTAINER: Outcome.UNCHANGED,
    FileState.DUPLICATE: Outcome.DUPLICATE,
    FileState.UNREADABLE: Outcome.UNREADABLE,
}


class Writing(Protocol):
    """Where a session leaves what becomes of files."""

    def take(self, record: FileRecord, letter: Letter | None = None, passages: Sequence[Passage] = ()) -> None:
        """Put a file into the archive, with others or soon."""

    def remove(self, identifiers: Sequence[str]) -> None:
        """Forget files and their letters."""


class Session:
    """Decides about every file that is offered.

    Args:
        ledger: what is known of each file.
        desk: where what becomes of them is left.
        hands: read the files.
        rows: what the manifest says of a file.
        sizes: how long passages may be.
    """

    def __init__(
        self, ledger: Ledger, desk: Writing, hands: Hands, rows: Callable[[Found], Rows], sizes: Sizes
    ) -> None:
        self.entries: dict[str, Entry] = {}
        self._ledger = ledger
        self._desk = desk
        self._hands = hands
        self._rows = rows
        self._sizes = sizes

    def run(self, paths: Sequence[Path], found: Sequence[Found], prune: bool, progress: Progress) -> None:
        """Bring what is known into step with the files found under paths.

        Raises:
            WrongUse: a folder to prune by is empty.
        """
        if prune:
            self._prune(paths, found)
        waiting: deque[tuple[Found, str, Reading]] = deque()
        for file in progress(found):
            sha256 = _sha256(file)
            if not self._is_known(file, sha256):
                waiting.append((file, sha256, self._hands(self._errand(file))))
            while len(waiting) > self._hands.width:
                self._decide(*waiting.popleft())
        while waiting:
            self._decide(*waiting.popleft())
        self._promote(found)
        self._drop_moved()

    def _errand(self, file: Found) -> Errand:
        return Errand(file, self._rows(file), self._sizes)

    def _prune(self, paths: Sequence[Path], found: Sequence[Found]) -> None:
        """Forget files that are gone from the folders offered, and let a file with the same text take their place."""
        roots = [path.absolute() for path in paths if path.is_dir()]
        present = {file.path for file in found}
        for root in roots:
            if not any(path.is_relative_to(root) for path in present):
                raise WrongUse(
                    f"De map {root} is leeg; er is niets verwijderd.",
                    "Is een netwerkschijf niet verbonden? Laat anders --prune weg.",
                )
        gone = [
            record
            for record in sorted(self._ledger.records.values(), key=lambda record: record.source)
            if Path(record.path) not in present and any(Path(record.path).is_relative_to(root) for root in roots)
        ]
        self._remove(gone)

    def _remove(self, records: Sequence[FileRecord], reason: str = "") -> None:
        self._desk.remove([record.id for record in records])
        for record in records:
            self._ledger.forget(record.id)
            self.entries[record.id] = Entry(record.source, Outcome.REMOVED, reason)

    def _is_known(self, file: Found, sha256: str) -> bool:
        """Whether a file and all those in it are known as they are now; then they are noted as they are."""
        known = self._ledger.records.get(file.id)
        if not known or not sha256 or not known.version.startswith(self._errand(file).version(sha256)):
            return False
        records = [*self._ledger.inside(file.id), known]
        if not all(map(self._holds, records)):
            return False
        for record in records:
            self.entries[record.id] = Entry(record.source, _SKIPPED[record.state], record.reason, record.passages)
        return True

    def _holds(self, record: FileRecord) -> bool:
        """Whether what is known of a file holds: a duplicate is none when there is no other."""
        return record.state is not FileState.DUPLICATE or self._ledger.holder(record) is not None

    def _decide(self, file: Found, sha256: str, reading: Reading) -> None:
        """Decide what becomes of a file that was read and of all those in it; the file itself comes last.

        While its own record is not there, a run that is killed reads the whole file again.
        """
        drafts = reading()
        here = {id_inside(file, draft.name) for draft in drafts}
        self._remove([record for record in self._ledger.inside(file.id) if record.id not in here])
        for draft in drafts:
            record = self._record(file, draft, draft.sha256 or sha256)
            self.entries[record.id] = self._settle(record, draft)

    def _record(self, file: Found, draft: Draft, sha256: str) -> FileRecord:
        letter = draft.letter
        return FileRecord(
            id=id_inside(file, draft.name),
            source=source_inside(file, draft.name),
            path=str(file.path),
            sha256=sha256,
            version=self._errand(file).version(sha256) if sha256 else "",
            state=FileState.UNREADABLE if draft.problem else FileState.LETTER if letter else FileState.CONTAINER,
            text_digest=draft.digest,
            reason=draft.problem,
            passages=len(draft.passages),
            container=file.id if draft.name else "",
            sketch=draft.sketch,
        )

    def _settle(self, record: FileRecord, draft: Draft) -> Entry:
        """Note what has become of a file; the line about it."""
        known, letter = self._ledger.records.get(record.id), draft.letter
        if letter is None:
            self._note(record)
            outcome = Outcome.UNREADABLE if draft.problem else Outcome.UNPACKED
            return Entry(record.source, outcome, draft.problem)
        holder = self._ledger.same(record, letter)
        if holder and (letter.confidence or not self._ledger.letter(holder.id).confidence):
            self._note(duplicate(record, holder))
            return _line(self._ledger.records[record.id])
        if known is None or known.state is not FileState.LETTER or not known.version.startswith(record.version):
            self._desk.take(record, letter, draft.passages)
            self._ledger.remember(record, letter)
        if holder:
            self._note(duplicate(holder, record))
            self.entries[holder.id] = _line(self._ledger.records[holder.id])
        if self._ledger.records[record.id] == known:
            return Entry(record.source, Outcome.UNCHANGED, passages=record.passages)
        return Entry(record.source, Outcome.REPLACED if known else Outcome.ADDED, passages=record.passages)

    def _note(self, record: FileRecord) -> None:
        """Store what is known of a file that is no letter, unless that is known already."""
        if self._ledger.records.get(record.id) != record:
            self._desk.take(record)
            self._ledger.remember(record)

    def _promote(self, found: Sequence[Found]) -> None:
        """Read files again that hold a duplicate whose original became something else after they were looked at."""
        for file in found:
            known = self._ledger.records.get(file.id)
            if known and not all(map(self._holds, [*self._ledger.inside(file.id), known])):
                self._decide(file, _sha256(file), self._hands(self._errand(file)))

    def _drop_moved(self) -> None:
        """Forget letters whose file is gone and whose text a file elsewhere now holds: the letter was moved."""
        self._remove(self._ledger.moved(), "Verplaatst.")


def _line(record: FileRecord) -> Entry:
    return Entry(record.source, Outcome.DUPLICATE, record.reason)


def _sha256(file: Found) -> str:
    """Digest of a file's bytes; empty when they cannot be had, which reading the file will say."""
    try:
        return "" if file.error else sha256_of(file.path)
    except OSError:
        return ""


class Rehearsal:
    """Takes what a session leaves without putting it anywhere.

    Args:
        letter: gives a letter that the archive holds.
    """

    def __init__(self, letter: Callable[[str], Letter]) -> None:
        self._stored = letter
        self._taken: dict[str, Letter] = {}

    def take(self, record: FileRecord, letter: Letter | None = None, passages: Sequence[Passage] = ()) -> None:  # noqa: ARG002
        """Keep a letter in mind."""
        if letter is not None:
            self._taken[record.id] = letter

    def remove(self, identifiers: Sequence[str]) -> None:
        """Do nothing."""

    def letter(self, identifier: str) -> Letter:
        """A letter that was taken, or that the archive holds."""
        return self._taken.get(identifier) or self._stored(identifier)
