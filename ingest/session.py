"""One run of the job over files: which are read, what becomes of each, and what goes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from ingest.files import Found, is_there
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

    def take(
        self,
        record: FileRecord,
        letter: Letter | None = None,
        passages: Sequence[Passage] = (),
        also: Sequence[FileRecord] = (),
    ) -> None:
        """Put a file into the archive, with others or soon; in one step with those that are no letter because it is."""

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
        waiting: deque[tuple[Errand, str, Reading]] = deque()
        for file in progress(found):
            errand, sha256 = self._errand(file), _sha256(file)
            if not self._is_known(errand, sha256):
                waiting.append((errand, sha256, self._hands(errand)))
            while len(waiting) > self._hands.width:
                self._decide(*waiting.popleft())
        while waiting:
            self._decide(*waiting.popleft())
        self._promote(found)
        self._drop_moved()

    def _errand(self, file: Found) -> Errand:
        return Errand(file, self._rows(file), self._sizes)

    def _prune(self, paths: Sequence[Path], found: Sequence[Found]) -> None:
        """Forget files that are gone from the folders offered; what stands in a folder that cannot be entered is not."""
        roots = [path.absolute() for path in paths if path.is_dir()]
        present = {file.path for file in found}
        for root in roots:
            if not any(path.is_relative_to(root) for path in present):
                raise WrongUse(
                    f"De map {root} is leeg; er is niets verwijderd.",
                    "Is een netwerkschijf niet verbonden? Laat anders --prune weg.",
                )
        unseen = [file.path for file in found if file.error]
        gone = [
            record
            for record in sorted(self._ledger.records.values(), key=lambda record: record.source)
            if (path := Path(record.path)) not in present
            and any(path.is_relative_to(root) for root in roots)
            and not any(path.is_relative_to(folder) for folder in unseen)
        ]
        self._remove(gone)

    def _remove(self, records: Sequence[FileRecord], reason: str = "") -> None:
        self._desk.remove([record.id for record in records])
        for record in records:
            self._ledger.forget(record.id)
            self.entries[record.id] = Entry(record.source, Outcome.REMOVED, reason)

    def _is_known(self, errand: Errand, sha256: str) -> bool:
        """Whether a file and all those in it are known as they are now; then they are noted as they are."""
        known = self._ledger.records.get(errand.file.id)
        if not known or not sha256 or not known.version.startswith(errand.version(sha256)):
            return False
        records = [*self._ledger.inside(known.id), known]
        if not all(map(self._holds, records)):
            return False
        for record in records:
            self.entries[record.id] = Entry(record.source, _SKIPPED[record.state], record.reason, record.passages)
        return True

    def _holds(self, record: FileRecord) -> bool:
        """Whether what is known of a file holds: a duplicate is none when there is no other."""
        return record.state is not FileState.DUPLICATE or self._ledger.holder(record) is not None

    def _decide(self, errand: Errand, sha256: str, reading: Reading) -> None:
        """Decide what becomes of a file that was read and of all those in it; the file itself comes last.

        While its own record is not there, a run that is killed reads the whole file again.
        """
        drafts, file = reading(), errand.file
        here = {id_inside(file, draft.name) for draft in drafts}
        self._remove([record for record in self._ledger.inside(file.id) if record.id not in here])
        sha256 = drafts[-1].sha256 or sha256
        version = errand.version(sha256) if sha256 and not drafts[-1].unopened else ""
        for draft in drafts:
            record = self._record(file, draft, sha256, version)
            self.entries[record.id] = self._settle(record, draft)

    def _record(self, file: Found, draft: Draft, sha256: str, version: str) -> FileRecord:
        letter = draft.letter
        return FileRecord(
            id=id_inside(file, draft.name),
            source=source_inside(file, draft.name),
            path=str(file.path),
            sha256=sha256,
            version=version,
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
        replaced = [duplicate(holder, record)] if holder else []
        if replaced or not known or known.state is not FileState.LETTER or not known.version.startswith(record.version):
            self._desk.take(record, letter, draft.passages, replaced)
            self._ledger.remember(record, letter)
        for other in replaced:
            self._ledger.remember(other)
            self.entries[other.id] = _line(other)
        if self._ledger.records[record.id] == known:
            return Entry(record.source, Outcome.UNCHANGED, passages=record.passages)
        return Entry(record.source, Outcome.REPLACED if known else Outcome.ADDED, passages=record.passages)

    def _note(self, record: FileRecord) -> None:
        """Store what is known of a file that is no letter, unless that is known already."""
        if self._ledger.records.get(record.id) != record:
            self._desk.take(record)
            self._ledger.remember(record)

    def _promote(self, found: Sequence[Found]) -> None:
        """Read files again that hold a duplicate whose original became something else, also those not offered now."""
        offered = {file.id: file for file in found}
        alone = [record for record in self._ledger.records.values() if not self._holds(record)]
        for identifier in dict.fromkeys(record.container or record.id for record in alone):
            known = self._ledger.records.get(identifier)
            if known and is_there(known.path):
                file = offered.get(identifier) or Found(Path(known.path), known.source)
                errand = self._errand(file)
                self._decide(errand, _sha256(file), self._hands(errand))

    def _drop_moved(self) -> None:
        """Forget files that are gone and whose letters files elsewhere now hold: they were moved.

        Of a file that held other letters too, those that are elsewhere become duplicates.
        """
        for records in self._ledger.gone():
            holders = {one.id: self._ledger.elsewhere(one) for one in records if one.state is FileState.LETTER}
            if all(holders.values()):
                self._remove(records, "Verplaatst.")
                continue
            for record in records:
                if holder := holders.get(record.id):
                    self._note(duplicate(record, holder))
                    self.entries[record.id] = _line(self._ledger.records[record.id])


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

    def take(
        self,
        record: FileRecord,
        letter: Letter | None = None,
        passages: Sequence[Passage] = (),  # noqa: ARG002
        also: Sequence[FileRecord] = (),  # noqa: ARG002
    ) -> None:
        """Keep a letter in mind."""
        if letter is not None:
            self._taken[record.id] = letter

    def remove(self, identifiers: Sequence[str]) -> None:
        """Do nothing."""

    def letter(self, identifier: str) -> Letter:
        """A letter that was taken, or that the archive holds."""
        return self._taken.get(identifier) or self._stored(identifier)
