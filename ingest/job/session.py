"""One run of the job over files: which are read, what becomes of each, and which are removed."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from ingest.files import Found, is_there
from ingest.job.ledger import Ledger, duplicate
from ingest.job.report import Entry, Outcome
from ingest.job.worker import FileReader, PendingResult, ReadResult, ReadTask, id_inside, sha256_of, source_inside
from ingest.manifest.table import Rows
from ingest.passages import Sizes
from vectorstore.errors import UnreadableFile, WrongUse
from vectorstore.letters import Letter, Passage
from vectorstore.store.store import FileRecord, FileState

FileProgress = Callable[[Sequence[Found]], Iterable[Found]]
"""Wraps the files to be read, so that the caller can show the progress of the job."""

_AS_BEFORE = {
    FileState.LETTER: Outcome.UNCHANGED,
    FileState.CONTAINER: Outcome.UNCHANGED,
    FileState.DUPLICATE: Outcome.DUPLICATE,
    FileState.UNREADABLE: Outcome.UNREADABLE,
}


class ArchiveWriter(Protocol):
    """The interface through which a session changes the archive."""

    def take(
        self,
        record: FileRecord,
        letter: Letter | None = None,
        passages: Sequence[Passage] = (),
        also: Sequence[FileRecord] = (),
    ) -> None:
        """Store a file, perhaps batched with others; files in `also`, which it makes duplicates, in the same step."""

    def remove(self, identifiers: Sequence[str]) -> None:
        """Remove files and their letters."""


class Session:
    """The decisions about every file offered in one run.

    Args:
        ledger: the record of each file.
        writer: receives the changes to the archive.
        reader: read the files.
        rows: returns the manifest rows of a file.
        sizes: how long passages may be.
    """

    def __init__(
        self, ledger: Ledger, writer: ArchiveWriter, reader: FileReader, rows: Callable[[Found], Rows], sizes: Sizes
    ) -> None:
        self.entries: dict[str, Entry] = {}
        self._ledger = ledger
        self._writer = writer
        self._reader = reader
        self._rows = rows
        self._sizes = sizes

    def run(self, paths: Sequence[Path], found: Sequence[Found], prune: bool, progress: FileProgress) -> None:
        """Bring the ledger up to date with the files found under paths.

        Raises:
            WrongUse: a folder to prune by is empty.
        """
        offered = [file for file in found if not file.skipped]
        if prune:
            self._prune(paths, offered, {file.path for file in found if file.skipped})
        waiting: deque[tuple[ReadTask, str, PendingResult]] = deque()
        for file in progress(offered):
            task, sha256 = self._task(file), _sha256(file)
            if not self._is_known(task, sha256):
                waiting.append((task, sha256, self._reader(task)))
            while len(waiting) > self._reader.width:
                self._decide(*waiting.popleft())
        while waiting:
            self._decide(*waiting.popleft())
        self._promote(offered)
        self._drop_moved()
        self.entries |= {file.id: Entry(file.source, Outcome.SKIPPED, file.skipped) for file in found if file.skipped}

    def fileless(self, found: Sequence[Found]) -> list[str]:
        """Return the sources of the letters whose file is gone, which are quoted until somebody removes them."""
        offered = {str(file.path) for file in found}
        paths = {record.path for record in self._ledger.records.values() if record.path not in offered}
        gone = {path for path in paths if not is_there(path)}
        letters = (record for record in self._ledger.records.values() if record.state is FileState.LETTER)
        return sorted(record.source for record in letters if record.path in gone)

    def _task(self, file: Found) -> ReadTask:
        return ReadTask(file, self._rows(file), self._sizes)

    def _prune(self, paths: Sequence[Path], offered: Sequence[Found], skipped: set[Path]) -> None:
        """Remove files that are gone from the folders offered, except those in a place that was not read in this run.

        Whatever was not listed is such a place: a folder that could not be entered, and what is skipped or refused.
        """
        roots = [path.absolute() for path in paths if path.is_dir()]
        present = {file.path for file in offered}
        for root in roots:
            if not any(path.is_relative_to(root) for path in present):
                raise WrongUse(
                    f"De map {root} is leeg; er is niets verwijderd.",
                    "Is een netwerkschijf niet verbonden? Laat anders --prune weg.",
                )
        unread = skipped.union(file.path for file in offered if file.error)
        gone = [
            record
            for record in sorted(self._ledger.records.values(), key=lambda record: record.source)
            if (path := Path(record.path)) not in present
            and any(path.is_relative_to(root) for root in roots)
            and unread.isdisjoint((path, *path.parents))
        ]
        self._remove(gone)

    def _remove(self, records: Sequence[FileRecord], reason: str = "") -> None:
        self._writer.remove([record.id for record in records])
        for record in records:
            self._ledger.forget(record.id)
            self.entries[record.id] = Entry(record.source, Outcome.REMOVED, reason)

    def _is_known(self, task: ReadTask, sha256: str) -> bool:
        """Check whether a file and all those in it are unchanged, and if so enter them as unchanged."""
        known = self._ledger.records.get(task.file.id)
        if not known or not sha256 or not known.version.startswith(task.version(sha256)):
            return False
        records = [*self._ledger.inside(known.id), known]
        if not all(map(self._holds, records)):
            return False
        self._leave(records)
        return True

    def _leave(self, records: Iterable[FileRecord]) -> None:
        """Enter files as they are in the archive."""
        for record in records:
            self.entries[record.id] = Entry(record.source, _AS_BEFORE[record.state], record.reason, record.passages)

    def _holds(self, record: FileRecord) -> bool:
        """Check whether a record still holds: a duplicate needs an original."""
        return record.state is not FileState.DUPLICATE or self._ledger.holder(record) is not None

    def _decide(self, task: ReadTask, sha256: str, reading: PendingResult) -> None:
        """Decide the outcome of a file that was read and of all those in it; the file itself comes last.

        As long as its own record is missing, a run that follows a killed one reads the whole file again.
        """
        results, file = reading(), task.file
        if results[-1].unopened and self._stays(file):
            self._leave(self._ledger.inside(file.id))
            self.entries[file.id] = Entry(file.source, Outcome.UNREADABLE, results[-1].problem)
            return
        here = {id_inside(file, result.name) for result in results}
        self._remove([record for record in self._ledger.inside(file.id) if record.id not in here])
        sha256 = results[-1].sha256 or sha256
        version = task.version(sha256) if sha256 and not results[-1].unopened else ""
        for result in results:
            record = self._record(file, result, sha256, version)
            self.entries[record.id] = self._settle(record, result)

    def _stays(self, file: Found) -> bool:
        """Check whether nothing must be stored of a file that cannot be opened now.

        What the archive has of it stays, as the file may have been there when its folder was listed and be moved or closed
        for a moment; and of one that vanished before it was ever read there is nothing to tell.
        """
        known = self._ledger.records.get(file.id)
        held = known is not None and known.state is not FileState.UNREADABLE
        return held or bool(self._ledger.inside(file.id)) or not os.path.lexists(file.path)

    def _record(self, file: Found, result: ReadResult, sha256: str, version: str) -> FileRecord:
        letter = result.letter
        return FileRecord(
            id=id_inside(file, result.name),
            source=source_inside(file, result.name),
            path=str(file.path),
            sha256=sha256,
            version=version,
            state=FileState.UNREADABLE if result.problem else FileState.LETTER if letter else FileState.CONTAINER,
            text_digest=result.digest,
            reason=result.problem,
            passages=len(result.passages),
            container=file.id if result.name else "",
            sketch=result.sketch,
        )

    def _settle(self, record: FileRecord, result: ReadResult) -> Entry:
        """Store the outcome of a file and return its report line."""
        known, letter = self._ledger.records.get(record.id), result.letter
        if letter is None:
            self._note(record)
            outcome = Outcome.UNREADABLE if result.problem else Outcome.UNPACKED
            return Entry(record.source, outcome, result.problem)
        holder = self._ledger.same(record, letter)
        if holder and (letter.confidence or not self._ledger.letter(holder.id).confidence):
            self._note(duplicate(record, holder))
            return _line(self._ledger.records[record.id])
        replaced = [duplicate(holder, record)] if holder else []
        if replaced or not known or known.state is not FileState.LETTER or not known.version.startswith(record.version):
            self._writer.take(record, letter, result.passages, replaced)
            self._ledger.remember(record, letter)
        for other in replaced:
            self._ledger.remember(other)
            self.entries[other.id] = _line(other)
        if self._ledger.records[record.id] == known:
            return Entry(record.source, Outcome.UNCHANGED, passages=record.passages)
        return Entry(record.source, Outcome.REPLACED if known else Outcome.ADDED, passages=record.passages)

    def _note(self, record: FileRecord) -> None:
        """Store the record of a file without a letter, unless it is unchanged."""
        if self._ledger.records.get(record.id) != record:
            self._writer.take(record)
            self._ledger.remember(record)

    def _promote(self, found: Sequence[Found]) -> None:
        """Reread files with a duplicate whose original became something else, including those not offered now."""
        offered = {file.id: file for file in found}
        alone = [record for record in self._ledger.records.values() if not self._holds(record)]
        for identifier in dict.fromkeys(record.container or record.id for record in alone):
            known = self._ledger.records.get(identifier)
            if known and is_there(known.path):
                file = offered.get(identifier) or Found(Path(known.path), known.source)
                task = self._task(file)
                self._decide(task, _sha256(file), self._reader(task))

    def _drop_moved(self) -> None:
        """Remove files that are gone and whose letters files elsewhere now hold: they were moved.

        If such a file held other letters too, those found elsewhere become duplicates.
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
    """Return the digest of a file's bytes; empty if unreadable, which reading the file will report."""
    try:
        return sha256_of(file)
    except (OSError, UnreadableFile):
        return ""


class Rehearsal:
    """A writer for dry runs, which stores nothing.

    Args:
        letter: returns a letter that the archive holds.
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
        """Keep a letter in memory."""
        if letter is not None:
            self._taken[record.id] = letter

    def remove(self, identifiers: Sequence[str]) -> None:
        """Do nothing."""

    def letter(self, identifier: str) -> Letter:
        """Return a letter that was taken, or that the archive holds."""
        return self._taken.get(identifier) or self._stored(identifier)
