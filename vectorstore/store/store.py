"""The archive itself, letters and passages, kept in Chroma.

A letter's record holds its text, its fields and where its passages begin and end; the passages' own records hold their
vectors. A passage exists for a reader only if the record of its letter names it, and that record is written after all
its passages, in one transaction. So a killed ingest leaves nothing half done in sight, and `sweep` later removes
what it left.

Every change ends with a new `Revision` in the state of the archive as a whole (`archive_state`). `refresh` compares it and
reads the records that were stamped since. Opening an archive works the same way, from the records as they were known at
an earlier revision. A flag in the same place says that a writer has begun and not yet announced its changes; a killed
writer leaves it set.

The state also tells which model the vectors come from and which collection they are in. Vectors of another model are
built in a second collection, over as many runs as it takes, and one change of the state switches to them.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Collection as AbstractCollection
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, TypeVar

import numpy as np

from vectorstore.filtering import admits, day_number, voices_in
from vectorstore.letters import Card, Letter, Passage, letter_id_of
from vectorstore.models.embedder import Vectors
from vectorstore.store.archive_state import ArchiveState, Fingerprint, check, collection_of
from vectorstore.store.engine import (
    Connection,
    CrashedEngine,
    DamagedEngine,
    Engine,
    EngineError,
    Location,
    MissingCollection,
    translate_engine_errors,
)
from vectorstore.store.engine_process import open_process
from vectorstore.store.mark import write_mark
from vectorstore.store.records import (
    FileRecord,
    FileState,
    LiveRecords,
    Revision,
    StoredLetter,
    card_from,
    file_from,
    record_metadata,
    stored_letter_from,
)
from vectorstore.store.rows import PassageRows

__all__ = [
    "FileRecord",
    "FileState",
    "Filing",
    "Fingerprint",
    "LiveRecords",
    "Location",
    "Revision",
    "Store",
    "admits",
    "day_number",
    "embedding_of",
    "voices_in",
]

_Found = TypeVar("_Found")

_PAGE: Final = 1000
"""Records fetched from Chroma or written to it in one call."""


@dataclass(frozen=True, slots=True)
class Filing:
    """A file to be put into the archive.

    Attributes:
        record: of the file.
        letter: the letter in it; None if it is not a letter of its own.
        passages: all passages of the letter, in order; ids unique to this version.
        vectors: their embeddings, of shape (passages, dimension).
    """

    record: FileRecord
    letter: Letter | None = None
    passages: Sequence[Passage] = ()
    vectors: Vectors | None = None

    def __post_init__(self) -> None:
        vectors = 0 if self.vectors is None else len(self.vectors)
        if (self.letter is None) != (not self.passages):
            raise ValueError(f"a letter has passages, and a file that is none has not: {self.record}")
        if self.letter and not self.record.passages == len(self.passages) == vectors:
            raise ValueError(f"{len(self.passages)} passages and {vectors} vectors in {self.record}")
        if any(letter_id_of(passage.id) != self.record.id for passage in self.passages):
            raise ValueError(f"a passage of {self.record.id} does not say which letter it is from")


def embedding_of(location: Location) -> str | None:
    """Return the embedding model that an archive was built with, or None if there is no archive.

    Raises:
        ArchiveUnavailable: it cannot be opened.
    """
    if location.server is None and not location.folder.exists():
        return None
    state = _state_of(location)
    return state.fingerprint.embedding if state else None


def revision_of(location: Location) -> str | None:
    """Return the revision of an archive, or None if there is no archive.

    Raises:
        ArchiveUnavailable: it cannot be opened.
    """
    state = _state_of(location)
    return str(state.revision) if state else None


def _state_of(location: Location) -> ArchiveState | None:
    with translate_engine_errors(location), contextlib.closing(Connection(_open_engine(location))) as chroma:
        try:
            return ArchiveState.read(chroma.metadata())
        except MissingCollection:
            return None


def _open_engine(location: Location) -> Engine:
    """Open Chroma: that in a folder in a process of its own, a server from here."""
    if location.server is None:
        return open_process(location)
    from vectorstore.store.chroma import Chroma  # slow to import, and seldom needed

    return Chroma(location)


class Store:
    """An open archive.

    Args:
        location: where it is.
        fingerprint: the parts of the program that will read and write it.
        rebuild: delete what is there if it was built with other parts.
        known: the records at an earlier revision, so that only what changed since is read.

    Raises:
        ArchiveMismatch: it was built with other parts and `rebuild` is off.
        ArchiveUnavailable: it cannot be opened.
    """

    def __init__(
        self,
        location: Location,
        fingerprint: Fingerprint,
        *,
        rebuild: bool = False,
        known: LiveRecords | None = None,
    ) -> None:
        self.location = location
        self.fingerprint = fingerprint
        with translate_engine_errors(location), ExitStack() as undo:
            self._chroma = Connection(_open_engine(location))
            undo.callback(self._chroma.close)
            self._prepare(rebuild)
            self._live = self._read_retrying(partial(self._load_records, known or LiveRecords(Revision("", 0, ""))))
            undo.pop_all()

    def _prepare(self, rebuild: bool) -> None:
        """Open both collections, creating those that are missing, and check what they were built with."""
        try:
            state = ArchiveState.read(self._chroma.metadata())
            if not rebuild:
                check(self.location, state.fingerprint, self.fingerprint)
        except MissingCollection:
            state = ArchiveState(self.fingerprint, Revision.first())
        if state.fingerprint != self.fingerprint:
            self._chroma.drop()
            state = ArchiveState(self.fingerprint, Revision.first())
        self._chroma.make(state.metadata(), state.passages)
        write_mark(self.location.data)

    @contextlib.contextmanager
    def _translate_errors(self) -> Iterator[None]:
        """Turn Chroma's errors into this program's; a failed read may mean that the collections were replaced."""
        with translate_engine_errors(self.location):
            try:
                yield
            except (CrashedEngine, DamagedEngine):
                raise
            except EngineError:
                self._read_state()
                raise

    def _read_retrying(self, read: Callable[[], _Found]) -> _Found:
        """Return what is read, retrying once if collections were dropped and replaced in between.

        Raises:
            ArchiveMismatch: the archive was rebuilt with other parts.
            ArchiveUnavailable: the second attempt fails too.
        """
        with self._translate_errors():
            try:
                return read()
            except (CrashedEngine, DamagedEngine):
                raise
            except EngineError:
                self._reopen(self._read_state())
                return read()

    def _reopen(self, state: ArchiveState) -> None:
        """Open the collections that hold the archive now."""
        self._chroma.find(state.passages)

    def _read_state(self) -> ArchiveState:
        """Return the current state of the archive.

        Raises:
            ArchiveMismatch: it was rebuilt with other parts.
            MissingCollection: there is none.
        """
        state = ArchiveState.read(self._chroma.metadata())
        check(self.location, state.fingerprint, self.fingerprint)
        return state

    def _write_state(self, state: ArchiveState) -> None:
        """Write the state of the archive for everyone to read."""
        self._chroma.letters.modify(metadata=state.metadata())

    def close(self) -> None:
        """Close the files; the store cannot be used afterwards."""
        self._chroma.close()

    # Reading

    def _load_records(self, known: LiveRecords) -> LiveRecords:
        """Return the records: those that are known, brought up to date from Chroma."""
        state = self._read_state()
        live = known.copy()
        if live.revision != state.revision:
            return self._update_to(state.revision, live)
        if state.writing:
            self._read_since(live, state.revision.stamp)
        return live

    def _update_to(self, revision: Revision, live: LiveRecords) -> LiveRecords:
        """Bring records that were read at an earlier revision to this one."""
        base = live.revision
        live.revision = revision
        self._read_since(live, base.stamp if base.epoch == revision.epoch else None)
        return live

    def refresh(self) -> bool:
        """Load what other processes have written since; return True if there was anything.

        Raises:
            ArchiveUnavailable: the archive is gone, or another process is rebuilding it.
            ArchiveMismatch: it was rebuilt with other parts.
        """
        with self._translate_errors():
            state = self._read_state()
            if state.revision == self._live.revision:
                return False
            self._reopen(state)
            self._live = self._update_to(state.revision, self._live.copy())
            return True

    def _rows(self) -> PassageRows:
        return PassageRows(self._chroma.passages, self._chroma.most_at_once)

    def _read_since(self, live: LiveRecords, stamp: int | None) -> None:
        """Update records with those of this stamp or later, or all."""
        found = set(self._read_pages(live, stamp))
        if stamp is not None and self._chroma.letters.count() == len(live.records):
            return
        left = found if stamp is None else set(self._chroma.letters.get(include=[])["ids"])
        for identifier in live.records.keys() - left:
            live.forget(identifier)

    def _read_pages(self, live: LiveRecords, stamp: int | None) -> Iterator[str]:
        """Read the records with this stamp or a later one, or all, and yield their ids."""
        where: dict[str, Any] | None = None if stamp is None else {"stamp": {"$gte": stamp}}
        for offset in itertools.count(0, _PAGE):
            page = self._chroma.letters.get(where=where, limit=_PAGE, offset=offset, include=["metadatas"])
            for row in page["metadatas"] or []:
                record = file_from(str(row["file"]))
                live.add(record, card_from(str(row["card"])) if record.state is FileState.LETTER else None)
            yield from page["ids"]
            if len(page["ids"]) < _PAGE:
                return

    @property
    def revision(self) -> str:
        """Return the revision, which changes whenever the archive does."""
        return str(self._live.revision)

    @property
    def records(self) -> Mapping[str, FileRecord]:
        """Return the record of every file that was offered, by id; a live view, not to be kept."""
        return self._live.records

    def files(self) -> list[FileRecord]:
        """Return the record of every file that was offered, by source."""
        return sorted(self._live.records.values(), key=lambda record: (record.source, record.id))

    @property
    def cards(self) -> Mapping[str, Card]:
        """Return the card of each letter, by letter id; a live view, not to be kept."""
        return self._live.cards

    def versions(self) -> dict[str, str]:
        """Return the version of each letter, by letter id."""
        return dict(self._live.versions)

    def letter(self, identifier: str) -> Letter:
        """Return the letter with this id.

        Raises:
            KeyError: there is none.
        """
        return self.letters([identifier])[0]

    def letters(self, identifiers: Iterable[str] | None = None) -> list[Letter]:
        """Return the letters with these ids in that order, or all of them by date and source.

        Raises:
            KeyError: one of these ids is not, or no longer, that of a letter.
        """
        if identifiers is not None:
            wanted = list(identifiers)
            found = self.stored_letters(wanted)
            return [found[identifier].letter for identifier in wanted]
        everything = [held.letter for held in self.stored_letters(self._live.versions).values()]
        return sorted(everything, key=lambda letter: (letter.date or dt.date.max, letter.source))

    def stored_letters(self, identifiers: Iterable[str]) -> dict[str, StoredLetter]:
        """Return letters with their passages by id, without those that another process replaced or removed since the last `refresh`."""
        wanted = list(dict.fromkeys(identifiers))
        found = {name: held for name in wanted if (held := self._live.held.get(name))}
        missing = [name for name in wanted if name not in found and name in self._live.versions]
        for start in range(0, len(missing), _PAGE):
            found |= self._read_retrying(partial(self._fetch_letters, missing[start : start + _PAGE]))
        for held in found.values():
            self._live.hold(held)
        return {name: found[name] for name in wanted if name in found}

    def _fetch_letters(self, identifiers: list[str]) -> dict[str, StoredLetter]:
        page = self._chroma.letters.get(ids=identifiers, include=["documents", "metadatas"])
        rows = zip(page["ids"], page["metadatas"] or [], page["documents"] or [], strict=True)
        versions = self._live.versions
        return {
            name: stored_letter_from(row, text)
            for name, row, text in rows
            if versions[name] == file_from(str(row["file"])).version
        }

    def passages(self, identifiers: Iterable[str]) -> dict[str, Passage]:
        """Return the passages with these ids that exist, by id."""
        wanted = [(name, letter_id_of(name)) for name in dict.fromkeys(identifiers)]
        held = self.stored_letters(letter for _, letter in wanted)
        return {
            name: held[letter].passages[name]
            for name, letter in wanted
            if letter in held and name in held[letter].passages
        }

    def passages_of(self, letters: AbstractCollection[str]) -> list[Passage]:
        """Return all passages of these letters, in the order of the letters given and of their text."""
        return [passage for held in self.stored_letters(letters).values() for passage in held.passages.values()]

    def vectors(self, identifiers: Sequence[str]) -> dict[str, Vectors]:
        """Return the stored vector, of shape (dimension,), of each of these passages."""
        return self._read_retrying(partial(self._fetch_vectors, identifiers)) if identifiers else {}

    def _fetch_vectors(self, identifiers: Sequence[str]) -> dict[str, Vectors]:
        """Fetch vectors; in a collection that is being dropped, Chroma may return none without an error."""
        found = self._rows().vectors(identifiers)
        if len(found) < len(identifiers):
            self._read_state()
        return found

    def passage_count(self) -> int:
        """Return how many passages all letters have."""
        return self._live.count

    def stray_count(self) -> int:
        """Return how many passages Chroma holds that are of no letter."""
        with self._translate_errors():
            return self._rows().count() - self._live.count

    # Writing

    def put(self, filings: Sequence[Filing]) -> None:
        """Add letters and other files, or replace those with their ids; no id may occur twice.

        Readers see the complete old letter until they see the new one.
        """
        if not filings:
            return
        with self._translate_errors():
            self._put_passages(filings)
            replaced = [f.record.id for f in filings if f.record.id in self._live.versions]
            self._begin(deleting=bool(replaced))
            self._put_records(filings)
            self._announce()
            self._drop_passages(replaced, {filing.record.id: filing.record.version for filing in filings})

    def _put_passages(self, filings: Iterable[Filing]) -> None:
        """Write passages without their text, which is in the letter."""
        filled = [filing for filing in filings if filing.vectors is not None and filing.passages]
        if not filled:
            return
        passages = [(passage, filing.record.version) for filing in filled for passage in filing.passages]
        vectors = np.concatenate([filing.vectors for filing in filled if filing.vectors is not None], dtype=np.float32)
        self._rows().put(passages, vectors)

    def _put_records(self, filings: Sequence[Filing]) -> None:
        """Write the records of files; letters are never searched by vector, so their vector is a constant."""
        stamp = self._live.revision.stamp + 1
        size = min(self._chroma.most_at_once, _PAGE)
        for start in range(0, len(filings), size):
            batch = filings[start : start + size]
            self._chroma.letters.upsert(
                ids=[filing.record.id for filing in batch],
                embeddings=np.ones((len(batch), 1), dtype=np.float32),
                documents=[filing.letter.text if filing.letter else filing.record.reason for filing in batch],
                metadatas=[record_metadata(f.record, f.letter, f.passages, stamp) for f in batch],
            )
            for filing in batch:
                self._live.forget(filing.record.id)
                self._live.add(filing.record, Card.of(filing.letter) if filing.letter else None)

    def remove(self, identifiers: Sequence[str]) -> None:
        """Remove these files and their letters."""
        if not identifiers:
            return
        with self._translate_errors():
            letters = [identifier for identifier in identifiers if identifier in self._live.versions]
            self._begin(deleting=True)
            self._chroma.letters.delete(ids=list(identifiers))
            for identifier in identifiers:
                self._live.forget(identifier)
            self._announce()
            self._drop_passages(letters, {})

    def _drop_passages(self, letters: Sequence[str], but: Mapping[str, str]) -> None:
        """Delete the passages of letters, except those of one version of each."""
        self._delete(self._rows().other_versions(letters, but))

    def _delete(self, passages: Sequence[str]) -> None:
        if passages:
            self._rows().delete(passages)

    def sweep(self) -> int:
        """Adopt what an interrupted ingest wrote unannounced, remove passages it left behind, and return how many.

        Superseded passages are removed too; those that are still being embedded stay.
        """
        with self._translate_errors():
            if self._read_state().writing:
                self._read_since(self._live, self._live.revision.stamp)
                self._announce()
            self._drop_collections()
            rows = self._rows()
            stray = rows.partition(self._live.versions)[1] if rows.count() != self._live.count else []
            self._delete(stray)
        return len(stray)

    def _drop_collections(self) -> None:
        """Delete passage collections that are neither the archive's own nor its successor."""
        state = self._read_state()
        self._chroma.drop_passages(but={state.passages, state.successor})

    def scrub(self) -> bool:
        """Make sure that no file of the archive holds words of what was deleted; return True if there was anything."""
        with self._translate_errors():
            state = self._read_state()
            if state.deleted:
                self._chroma.scrub()
                self._write_state(replace(state, deleted=False))
        return state.deleted

    def _begin(self, *, deleting: bool) -> None:
        """Flag, for whoever opens the archive next, that records may change before `_announce` says so."""
        state = self._read_state()
        self._write_state(replace(state, writing=True, deleted=state.deleted or deleting))

    def _announce(self) -> None:
        """Announce to other processes that records have changed."""
        self._announce_in(self._read_state())

    def _announce_in(self, state: ArchiveState) -> None:
        """Announce that records have changed, together with a new state of the archive."""
        read, stored = self._live.revision, state.revision
        new = stored.next(crossed=stored != read)
        self._write_state(replace(state, revision=new, writing=False))
        if stored == read:
            self._live.revision = new

    # Another embedding model

    def begin_successor(self, embedding: str) -> set[str]:
        """Start or resume vectors of another model; return the ids of the passages that have one already.

        Those of a third model, and of letters that were replaced or removed, are deleted.
        """
        with self._translate_errors():
            self._write_state(replace(self._read_state(), successor=collection_of(embedding)))
            self._drop_collections()
            rows = self._successor(embedding)
            live, stray = rows.partition(self._live.versions)
            rows.delete(stray)
        return set(live)

    def _successor(self, embedding: str) -> PassageRows:
        return PassageRows(self._chroma.open_or_create_passages(collection_of(embedding)), self._chroma.most_at_once)

    def put_vectors(self, embedding: str, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Store vectors of another model, of shape (passages, dimension), until all passages have one."""
        with self._translate_errors():
            versions = self._live.versions
            self._successor(embedding).put([(passage, versions[passage.letter.id]) for passage in passages], vectors)

    def give_up_successor(self) -> None:
        """Delete the unfinished vectors of another model."""
        with self._translate_errors():
            self._write_state(replace(self._read_state(), successor=""))
            self._drop_collections()

    def switch_to_successor(self, embedding: str) -> bool:
        """Replace the vectors with those of another model, one for every passage.

        Returns:
            True if done; False if other processes changed the archive since the last `refresh`.
        """
        with self._translate_errors():
            state = self._read_state()
            if state.writing or state.revision != self._live.revision:
                return False
            made_with = replace(self.fingerprint, embedding=embedding)
            name = collection_of(embedding)
            self._announce_in(replace(state, fingerprint=made_with, passages=name, successor=""))
            self.fingerprint = made_with
            self._chroma.find(name)
            self._drop_collections()
        return True
