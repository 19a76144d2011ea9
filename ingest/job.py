"""The ingest job: files and folders into the archive, incremental, atomic per letter, with a line of report for each file."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

import filelock

from ingest.making import letter_of, passages_of, text_digest
from ingest.passages import VERSION as CHUNKER
from ingest.passages import Sizes
from ingest.readers.registry import VERSION as READERS
from ingest.readers.registry import read_blocks
from ingest.references import inferred_dates
from vectorstore.embedding import Embedder, Vectors
from vectorstore.errors import ArchiveUnavailable, UnreadableFile, WrongUse
from vectorstore.letters import DateBasis, Passage
from vectorstore.lexical import context_of
from vectorstore.store import FileRecord, FileState, Store

VERSION = f"{READERS}/{CHUNKER}/anatomy-1"
"""Of the parts that make letters; a letter made by other parts is made again."""

LARGEST_FILE = 200_000_000
"""Bytes; a larger file is no letter."""

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


@dataclass(frozen=True, slots=True)
class Found:
    """A file on disk, or a folder that could not be entered.

    Attributes:
        path: absolute.
        source: path within the folder that was offered.
        error: why it cannot be opened; empty when nothing is known against it.
    """

    path: Path
    source: str
    error: str = ""

    @property
    def id(self) -> str:
        """Id of the letter in this file: the same as long as the file stays where it is."""
        return hashlib.sha256(str(self.path).encode("utf-8", "surrogateescape")).hexdigest()[:16]


@dataclass(slots=True)
class _Run:
    """What one run keeps in mind: texts already in the archive, and the lines of its report."""

    holders: dict[str, str]
    entries: list[Entry] = field(default_factory=list)


def files_in(paths: Iterable[Path]) -> Iterator[Found]:
    """Files among these paths and in the folders among them, by name; hidden files and folders are left out.

    Raises:
        WrongUse: a path does not exist.
    """
    for given in paths:
        path = given.absolute()
        if path.is_file():
            yield Found(path, path.name)
        elif path.is_dir():
            yield from _files_under(path)
        else:
            raise WrongUse(f"Er is geen bestand of map {given}.", "Controleer de naam.")


def _files_under(root: Path) -> Iterator[Found]:
    unreadable: list[OSError] = []
    for folder, folders, names in os.walk(root, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith((".", "~$")) and name.lower() not in ("thumbs.db", "desktop.ini", "manifest.csv"):
                path = Path(folder) / name
                yield Found(path, path.relative_to(root).as_posix())
    for error in unreadable:
        path = Path(str(error.filename))
        yield Found(path, path.relative_to(root).as_posix(), "Deze map kan niet worden geopend. Controleer de rechten.")


class Ingest:
    """Brings an archive up to date with files.

    Args:
        store: where letters go.
        embedder: the model the store was made with.
        sizes: how long passages may be.
    """

    def __init__(self, store: Store, embedder: Embedder, sizes: Sizes = Sizes()) -> None:
        self._store = store
        self._embedder = embedder
        self._sizes = sizes

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
        with self._alone():
            self._store.refresh()
            self._store.sweep()
            run = _Run({r.text_digest: r.id for r in self._store.files() if r.state is FileState.LETTER})
            if prune:
                self._prune(paths, found, run)
            for file in progress(found):
                run.entries.append(self._offer(file, run))
            self._drop_moved(run)
            self._settle_dates()
        return Report(tuple(run.entries))

    def _alone(self) -> filelock.BaseFileLock:
        """A lock that one ingest holds at a time and that a killed one lets go of."""
        folder = self._store.location.data
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = filelock.FileLock(folder / "ingest.lock", timeout=1)
            lock.acquire()
        except filelock.Timeout:
            raise ArchiveUnavailable(
                "Een andere inleesopdracht schrijft nu in dit archief.", "Wacht tot die klaar is en probeer het opnieuw."
            ) from None
        except OSError as error:
            raise ArchiveUnavailable(
                f"In de map {folder} kan niet worden geschreven ({error.strerror}).", "Kies een andere map met --data."
            ) from error
        return lock

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
            for record in self._store.files()
            if Path(record.path) not in present and any(Path(record.path).is_relative_to(root) for root in roots)
        ]
        self._store.remove([record.id for record in gone])
        for record in gone:
            if run.holders.get(record.text_digest) == record.id:
                del run.holders[record.text_digest]
            run.entries.append(Entry(record.source, Outcome.REMOVED))

    def _offer(self, file: Found, run: _Run) -> Entry:
        """Add, replace or skip one file."""
        known = {record.id: record for record in self._store.files()}.get(file.id)
        try:
            data = _bytes_of(file)
        except UnreadableFile as error:
            return self._refuse(file, "", str(error), run)
        sha256 = hashlib.sha256(data).hexdigest()
        version = hashlib.sha256(f"{sha256} {VERSION} {file.source}".encode()).hexdigest()
        if known and known.version.startswith(version) and self._stands(known, run):
            return Entry(file.source, _SKIPPED[known.state], known.reason, known.passages)
        try:
            blocks = read_blocks(file.path.name, data)
        except UnreadableFile as error:
            return self._refuse(file, version, str(error), run, sha256)
        letter, stretches = letter_of(blocks, identifier=file.id, source=file.source, sha256=sha256)
        digest = text_digest(letter.text)
        record = FileRecord(file.id, file.source, str(file.path), sha256, version, text_digest=digest)
        holder = self._holder(digest, file, run)
        if holder:
            return self._note_duplicate(record, holder)
        passages = passages_of(letter, stretches, version, self._sizes)
        record = replace(record, passages=len(passages))
        self._store.put(record, letter, passages, self._embed(passages))
        run.holders[digest] = file.id
        return Entry(file.source, Outcome.REPLACED if known else Outcome.ADDED, passages=len(passages))

    def _stands(self, known: FileRecord, run: _Run) -> bool:
        """Whether what is known of an unchanged file still holds: a duplicate needs the letter it duplicates."""
        return known.state is not FileState.DUPLICATE or known.text_digest in run.holders

    def _holder(self, digest: str, file: Found, run: _Run) -> FileRecord | None:
        """The other letter with this text whose file is still there, if there is one."""
        records = {record.id: record for record in self._store.files()}
        holder = records.get(run.holders.get(digest, ""))
        if holder is None or holder.id == file.id or not Path(holder.path).exists():
            return None
        return holder

    def _refuse(self, file: Found, version: str, reason: str, run: _Run, sha256: str = "") -> Entry:
        record = FileRecord(
            file.id, file.source, str(file.path), sha256, version, FileState.UNREADABLE, reason=reason
        )
        self._let_go(file.id, run)
        self._store.put_file(record)
        return Entry(file.source, Outcome.UNREADABLE, reason)

    def _let_go(self, identifier: str, run: _Run) -> None:
        run.holders = {digest: holder for digest, holder in run.holders.items() if holder != identifier}

    def _note_duplicate(self, record: FileRecord, holder: FileRecord) -> Entry:
        reason = f"Dezelfde tekst staat al in {holder.source}."
        self._store.put_file(replace(record, state=FileState.DUPLICATE, reason=reason))
        return Entry(record.source, Outcome.DUPLICATE, reason)

    def _drop_moved(self, run: _Run) -> None:
        """Forget letters whose file is gone and whose text a file elsewhere now holds: the letter was moved."""
        for record in self._store.files():
            successor = run.holders.get(record.text_digest)
            if record.state is FileState.LETTER and successor not in (None, record.id):
                self._store.remove([record.id])
                run.entries.append(Entry(record.source, Outcome.REMOVED, "Verplaatst."))

    def _settle_dates(self) -> None:
        """Give letters without a date the one that other letters of the archive give them, and take back what none gives."""
        letters = self._store.letters()
        dates = inferred_dates(letters)
        records = {record.id: record for record in self._store.files()}
        for letter in letters:
            date = dates.get(letter.id)
            if letter.date_basis in (DateBasis.STATED, DateBasis.MANIFEST) or letter.date == date:
                continue
            basis = DateBasis.INFERRED if date else DateBasis.UNKNOWN
            settled = replace(letter, date=date, date_basis=basis)
            record = records[letter.id]
            version = f"{record.version[:64]}{date or ''}"
            passages = [
                Passage(f"{letter.id}-{_short(version)}-{number:04d}", settled, p.start, p.end, p.heading)
                for number, p in enumerate(self._store.passages_of([letter.id]))
            ]
            self._store.put(replace(record, version=version), settled, passages, self._embed(passages))

    def _embed(self, passages: Sequence[Passage]) -> Vectors:
        return self._embedder.embed_passages([embedded_text(passage) for passage in passages])


_SKIPPED = {
    FileState.LETTER: Outcome.UNCHANGED,
    FileState.DUPLICATE: Outcome.DUPLICATE,
    FileState.UNREADABLE: Outcome.UNREADABLE,
}


def _short(version: str) -> str:
    return hashlib.sha256(version.encode()).hexdigest()[:8]


def embedded_text(passage: Passage) -> str:
    """What is embedded: the passage with the context that "wij" and "het college" mean nothing without."""
    return f"{context_of(passage)}\n{passage.text}"


def _bytes_of(file: Found) -> bytes:
    """The bytes of a file.

    Raises:
        UnreadableFile: it cannot be opened or is too large to be a letter.
    """
    if file.error:
        raise UnreadableFile(file.error)
    try:
        if file.path.stat().st_size > LARGEST_FILE:
            raise UnreadableFile("Dit bestand is te groot om een brief te zijn.", "Splits het in kleinere bestanden.")
        return file.path.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            f"Dit bestand kan niet worden geopend ({error.strerror}).", "Controleer de rechten op het bestand."
        ) from error
