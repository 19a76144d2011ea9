"""The ingest job: files and folders into the archive, incremental, atomic per letter, with a line for each file."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from ingest.alone import writing_alone
from ingest.desk import Desk
from ingest.files import Found, bytes_of, files_in
from ingest.links import Links
from ingest.making import letter_of, passages_of, text_digest
from ingest.passages import VERSION as CHUNKER
from ingest.passages import Sizes
from ingest.readers.registry import VERSION as READERS
from ingest.readers.registry import read_blocks
from vectorstore.dense import DenseIndex
from vectorstore.embedding import Embedder
from vectorstore.errors import UnreadableFile, WrongUse
from vectorstore.letters import DateBasis, Letter, Passage
from vectorstore.store import FileRecord, FileState, Store

VERSION = f"{READERS}/{CHUNKER}/anatomy-1"
"""Of the parts that make letters; a letter made by other parts is made again."""

Progress = Callable[[Sequence["Found"]], Iterable["Found"]]
"""Wraps the files to be read, so that the caller can show how far the job is."""


class Outcome(StrEnum):
    """What the job did with a file."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    DUPLICATE = "duplicate"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the report.

    Attributes:
        source: the file, as the archive names it.
        outcome: what was done.
        reason: why it is no letter of its own, and what to do about it; empty otherwise.
        passages: how many passages the letter has.
    """

    source: str
    outcome: Outcome
    reason: str = ""
    passages: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What a run of the job did, a line for each file."""

    entries: tuple[Entry, ...] = ()

    def count(self, outcome: Outcome) -> int:
        """How many files had this outcome."""
        return sum(entry.outcome is outcome for entry in self.entries)

    @property
    def complete(self) -> bool:
        """Every file is in the archive."""
        return self.count(Outcome.UNREADABLE) == 0

    def json(self) -> dict[str, object]:
        """The report as plain values."""
        return {
            **{outcome.value: self.count(outcome) for outcome in Outcome},
            "files": [
                {"source": e.source, "outcome": e.outcome.value, "reason": e.reason, "passages": e.passages}
                for e in self.entries
            ],
        }


class _Run:
    """What one run keeps in mind: what the archive knows of each file, which letters hold each text, and its report."""

    def __init__(self, records: Mapping[str, FileRecord]) -> None:
        self.records = dict(records)
        self.entries: dict[str, Entry] = {}
        self._holders: dict[str, list[str]] = {}
        for record in self.records.values():
            self._hold(record)

    def _hold(self, record: FileRecord) -> None:
        if record.state is FileState.LETTER:
            self._holders.setdefault(record.text_digest, []).append(record.id)

    def remember(self, record: FileRecord) -> None:
        """Note what a file has become."""
        self.forget(record.id)
        self.records[record.id] = record
        self._hold(record)

    def forget(self, identifier: str) -> None:
        """Drop what is known of a file."""
        record = self.records.pop(identifier, None)
        if record and record.state is FileState.LETTER:
            self._holders[record.text_digest].remove(identifier)

    def other_holder(self, digest: str, identifier: str) -> FileRecord | None:
        """The letter in another file that holds a text, as long as that file is still there."""
        others = [self.records[holder] for holder in self._holders.get(digest, ()) if holder != identifier]
        return next((record for record in reversed(others) if Path(record.path).exists()), None)

    def moved(self) -> list[FileRecord]:
        """Letters whose file is gone and whose text a file elsewhere now holds."""
        shared = [holder for holders in self._holders.values() if len(holders) > 1 for holder in holders]
        letters = [self.records[identifier] for identifier in shared]
        gone = [record for record in letters if not Path(record.path).exists()]
        return [record for record in gone if self.other_holder(record.text_digest, record.id)]


class Ingest:
    """Brings an archive up to date with files.

    Args:
        store: where letters go.
        embedder: the model the store was made with.
        sizes: how long passages may be.
        dense: an index of vectors to keep in step, so that the first question need not.
    """

    def __init__(
        self, store: Store, embedder: Embedder, sizes: Sizes = Sizes(), dense: DenseIndex | None = None
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._sizes = sizes
        self._dense = dense

    def run(self, paths: Sequence[Path], *, prune: bool = False, progress: Progress = lambda files: files) -> Report:
        """Read files and folders into the archive.

        Args:
            paths: files and folders.
            prune: remove letters whose file is gone from these folders.
            progress: wraps the files to be read.

        Raises:
            WrongUse: a path does not exist, or a folder to prune by is empty.
            ArchiveUnavailable: the archive cannot be written, or another ingest is writing it.
        """
        found = list({file.path: file for file in files_in(paths)}.values())
        with writing_alone(self._store.location.data):
            self._store.refresh()
            self._store.sweep()
            run = _Run(self._store.records)
            if prune:
                self._prune(paths, found, run)
            with Desk(self._store, self._embedder) as desk:
                for file in progress(found):
                    run.entries[file.id] = self._offer(file, run, desk)
                self._promote(found, run, desk)
            self._drop_moved(run)
            self._settle_dates()
            if self._dense is not None:
                self._dense.catch_up(self._store)
        return Report(tuple(run.entries.values()))

    def _prune(self, paths: Sequence[Path], found: Sequence[Found], run: _Run) -> None:
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
            for record in sorted(self._store.records.values(), key=lambda record: record.source)
            if Path(record.path) not in present and any(Path(record.path).is_relative_to(root) for root in roots)
        ]
        self._store.remove([record.id for record in gone])
        for record in gone:
            run.forget(record.id)
            run.entries[record.id] = Entry(record.source, Outcome.REMOVED)

    def _offer(self, file: Found, run: _Run, desk: Desk) -> Entry:
        """Add, replace or skip one file."""
        known = run.records.get(file.id)
        try:
            data = bytes_of(file)
        except UnreadableFile as error:
            return self._refuse(file, "", str(error), run, desk)
        sha256 = hashlib.sha256(data).hexdigest()
        version = hashlib.sha256(f"{sha256} {VERSION} {file.source}".encode()).hexdigest()
        if known and known.version.startswith(version):
            if known.state is not FileState.DUPLICATE:
                return Entry(file.source, _SKIPPED[known.state], known.reason, known.passages)
            holder = run.other_holder(known.text_digest, file.id)
            if holder:
                return self._note_duplicate(known, holder, run, desk)
        try:
            blocks = read_blocks(file.path.name, data)
        except UnreadableFile as error:
            return self._refuse(file, version, str(error), run, desk, sha256)
        letter, stretches = letter_of(blocks, identifier=file.id, source=file.source, sha256=sha256)
        digest = text_digest(letter.text)
        record = FileRecord(file.id, file.source, str(file.path), sha256, version, text_digest=digest)
        holder = run.other_holder(digest, file.id)
        if holder:
            return self._note_duplicate(record, holder, run, desk)
        passages = passages_of(letter, stretches, version, self._sizes)
        record = replace(record, passages=len(passages))
        desk.take(record, letter, passages)
        run.remember(record)
        return Entry(file.source, Outcome.REPLACED if known else Outcome.ADDED, passages=len(passages))

    def _refuse(self, file: Found, version: str, reason: str, run: _Run, desk: Desk, sha256: str = "") -> Entry:
        record = FileRecord(file.id, file.source, str(file.path), sha256, version, FileState.UNREADABLE, reason=reason)
        _note(record, run, desk)
        return Entry(file.source, Outcome.UNREADABLE, reason)

    def _note_duplicate(self, record: FileRecord, holder: FileRecord, run: _Run, desk: Desk) -> Entry:
        reason = f"Dezelfde tekst staat al in {holder.source}."
        _note(replace(record, state=FileState.DUPLICATE, reason=reason), run, desk)
        return Entry(record.source, Outcome.DUPLICATE, reason)

    def _promote(self, found: Sequence[Found], run: _Run, desk: Desk) -> None:
        """Offer duplicates again whose original became something else after they were looked at."""
        for file in found:
            record = run.records.get(file.id)
            if record and record.state is FileState.DUPLICATE and run.other_holder(record.text_digest, file.id) is None:
                run.entries[file.id] = self._offer(file, run, desk)

    def _drop_moved(self, run: _Run) -> None:
        """Forget letters whose file is gone and whose text a file elsewhere now holds: the letter was moved."""
        moved = run.moved()
        self._store.remove([record.id for record in moved])
        for record in moved:
            run.forget(record.id)
            run.entries[record.id] = Entry(record.source, Outcome.REMOVED, "Verplaatst.")

    def _settle_dates(self) -> None:
        """Give letters without a date the one that other letters give them, and take back what none gives."""
        with contextlib.closing(Links(self._store.location.data)) as links:
            links.catch_up(self._store)
            dates = links.dates()
        unsettled = [
            card.id
            for card in self._store.cards.values()
            if card.date_basis in (DateBasis.UNKNOWN, DateBasis.INFERRED) and card.date != dates.get(card.id)
        ]
        with Desk(self._store, self._embedder) as desk:
            for letter in unsettled:
                desk.take(*self._settled(letter, dates.get(letter)))

    def _settled(self, identifier: str, date: dt.date | None) -> tuple[FileRecord, Letter, list[Passage]]:
        """A letter with the date that others give it."""
        basis = DateBasis.INFERRED if date else DateBasis.UNKNOWN
        letter = replace(self._store.letter(identifier), date=date, date_basis=basis)
        record = self._store.records[identifier]
        version = f"{record.version[:64]}{date or ''}"
        passages = [
            Passage(f"{identifier}-{_short(version)}-{number:04d}", letter, p.start, p.end, p.heading)
            for number, p in enumerate(self._store.passages_of([identifier]))
        ]
        return replace(record, version=version), letter, passages


def _note(record: FileRecord, run: _Run, desk: Desk) -> None:
    """Store what is known of a file that is no letter, unless that is known already."""
    if run.records.get(record.id) != record:
        desk.take(record)
        run.remember(record)


_SKIPPED = {
    FileState.LETTER: Outcome.UNCHANGED,
    FileState.DUPLICATE: Outcome.DUPLICATE,
    FileState.UNREADABLE: Outcome.UNREADABLE,
}


def _short(version: str) -> str:
    return hashlib.sha256(version.encode()).hexdigest()[:8]
