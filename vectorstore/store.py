"""Letters and passages: the archive itself, kept in Chroma.

A letter's record holds its text, its fields and where its passages begin and end; the passages' own records hold their
vectors. A passage exists for a reader only when the record of its letter names it, and that record is written after all
its passages, in one transaction. So an ingest that is killed shows nothing half done, and `sweep` later removes what it
left.

Every change ends with a new `Revision` in what is said of the archive as a whole (`standing`). `refresh` compares it
and reads the records that were stamped since; a copy of the records at the last revision (`snapshot`) makes that the way
to open an archive too. A note in the same place says that a writer has begun and not yet told, which is how a killed one
leaves it.

There it also says which model the vectors are of and which collection they are in. Vectors of another model are made in
a collection beside it, over as many runs as it takes, and one change of what is said puts them in place.
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

from vectorstore.chroma import ChromaError, Connection, Location, NotFoundError, translated
from vectorstore.embedding import Vectors
from vectorstore.filtering import admits, day_number, voices_in
from vectorstore.letters import Card, Letter, Passage, letter_id_of
from vectorstore.records import (
    FileRecord,
    FileState,
    Held,
    Live,
    Revision,
    card_from,
    file_from,
    held_from,
    record_metadata,
)
from vectorstore.rows import PassageRows
from vectorstore.snapshot import Snapshot
from vectorstore.standing import Fingerprint, Standing, check, passages_of

__all__ = [
    "FileRecord",
    "FileState",
    "Filing",
    "Fingerprint",
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
    """A file as it is to be put into the archive.

    Attributes:
        record: of the file.
        letter: the letter in it; None when it is no letter of its own.
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
    """The embedding model that an archive was made with, None when there is no archive.

    Raises:
        ArchiveUnavailable: it cannot be opened.
    """
    if location.server is None and not location.folder.exists():
        return None
    with translated(location), contextlib.closing(Connection(location)) as chroma:
        try:
            return Standing.read(chroma.metadata()).fingerprint.embedding
        except NotFoundError:
            return None


class Store:
    """An open archive.

    Args:
        location: where it is.
        fingerprint: the parts of the program that will read and write it.
        rebuild: throw away what is there when it was made with other parts.

    Raises:
        ArchiveMismatch: it was made with other parts and `rebuild` is off.
        ArchiveUnavailable: it cannot be opened.
    """

    def __init__(self, location: Location, fingerprint: Fingerprint, *, rebuild: bool = False) -> None:
        self.location = location
        self.fingerprint = fingerprint
        self._stale = False
        with translated(location), ExitStack() as undo:
            self._chroma = Connection(location)
            undo.callback(self._chroma.close)
            self._prepare(rebuild)
            self._snapshot = Snapshot(location.data / "records.sqlite")
            undo.callback(self._snapshot.close)
            self._live = self._reading(self._opened)
            undo.pop_all()

    def _prepare(self, rebuild: bool) -> None:
        """Open both collections, made anew where there are none, and check what they were made with."""
        try:
            standing = Standing.read(self._chroma.metadata())
            if not rebuild:
                check(self.location, standing.fingerprint, self.fingerprint)
        except NotFoundError:
            standing = Standing(self.fingerprint, Revision.first())
        if standing.fingerprint != self.fingerprint:
            self._chroma.drop()
            standing = Standing(self.fingerprint, Revision.first())
        self._chroma.make(standing.metadata(), standing.passages)

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn Chroma's errors into ours; what cannot be read may be so because others took its place."""
        with translated(self.location):
            try:
                yield
            except ChromaError:
                self._standing()
                raise

    def _reading(self, read: Callable[[], _Found]) -> _Found:
        """What is read; read again when that fails, as it does when collections are dropped and others take their place.

        Raises:
            ArchiveMismatch: the archive was made anew with other parts.
            ArchiveUnavailable: it cannot be read now either.
        """
        with self._translated():
            try:
                return read()
            except ChromaError:
                self._reopen(self._standing())
                return read()

    def _reopen(self, standing: Standing) -> None:
        """Open the collections that hold the archive now."""
        self._chroma.find(standing.passages)
        self._stale = True

    def _standing(self) -> Standing:
        """How the archive stands now.

        Raises:
            ArchiveMismatch: it was made anew with other parts.
            NotFoundError: there is none.
        """
        standing = Standing.read(self._chroma.metadata())
        check(self.location, standing.fingerprint, self.fingerprint)
        return standing

    def _say(self, standing: Standing) -> None:
        """Tell everyone how the archive stands from now on."""
        self._chroma.letters.modify(metadata=standing.metadata())

    def close(self) -> None:
        """Let go of the files; the store cannot be used afterwards."""
        self._chroma.close()
        self._snapshot.close()

    # What is read

    def _opened(self) -> Live:
        """The records: those of the snapshot, brought up to date from Chroma."""
        standing = self._standing()
        live = self._snapshot.load() or Live(Revision("", 0, ""))
        if live.revision != standing.revision:
            return self._brought_to(standing.revision, live)
        if standing.writing:
            self._read_since(live, standing.revision.stamp)
        return live

    def _brought_to(self, revision: Revision, live: Live) -> Live:
        """Records that were read at an earlier revision, brought to this one; the snapshot follows."""
        base = live.revision
        live.revision = revision
        same = base.epoch == revision.epoch
        changed = self._read_since(live, base.stamp if same else None)
        self._snapshot.save(live, base if same else None, changed)
        return live

    def refresh(self) -> bool:
        """See what other processes wrote since; True when there was something.

        Raises:
            ArchiveUnavailable: the archive is gone, or another process is making it anew.
            ArchiveMismatch: it was made anew with other parts.
        """
        with self._translated():
            standing = self._standing()
            if standing.revision == self._live.revision:
                return False
            self._reopen(standing)
            self._live = self._brought_to(standing.revision, self._live.copy())
            return True

    def _rows(self, *, current: bool = True) -> PassageRows:
        """The passages; `current` with the vectors that others wrote, for which a connection must be made anew."""
        if current and self._stale:
            self._chroma.reconnect()
            self._stale = False
        return PassageRows(self._chroma.passages, self._chroma.most_at_once)

    def _read_since(self, live: Live, stamp: int | None) -> set[str]:
        """Bring records up to date with those of this stamp or later, or all; the ids of those that may differ."""
        found = set(self._read_pages(live, stamp))
        if stamp is not None and self._chroma.letters.count() == len(live.records):
            return found
        left = found if stamp is None else set(self._chroma.letters.get(include=[])["ids"])
        gone = live.records.keys() - left
        for identifier in gone:
            live.forget(identifier)
        return found | gone

    def _read_pages(self, live: Live, stamp: int | None) -> Iterator[str]:
        """Read the records with this stamp or a later one, or all, and give their ids."""
        where: dict[str, Any] | None = None if stamp is None else {"stamp": {"$gte": stamp}}
        for offset in itertools.count(0, _PAGE):
            page = self._chroma.letters.get(where=where, limit=_PAGE, offset=offset, include=["metadatas"])
            for row in page["metadatas"] or []:
                live.add(file_from(str(row["file"])), card_from(str(row["card"])) if "card" in row else None)
            yield from page["ids"]
            if len(page["ids"]) < _PAGE:
                return

    @property
    def revision(self) -> str:
        """Changes whenever the archive does."""
        return str(self._live.revision)

    @property
    def records(self) -> Mapping[str, FileRecord]:
        """Every file that was offered and what became of it, by id; not to be kept."""
        return self._live.records

    def files(self) -> list[FileRecord]:
        """Every file that was offered and what became of it, by source."""
        return sorted(self._live.records.values(), key=lambda record: (record.source, record.id))

    @property
    def cards(self) -> Mapping[str, Card]:
        """What each letter is, by letter id; not to be kept."""
        return self._live.cards

    def versions(self) -> dict[str, str]:
        """The version of each letter, by letter id."""
        return dict(self._live.versions)

    def letter(self, identifier: str) -> Letter:
        """The letter with this id.

        Raises:
            KeyError: there is none.
        """
        return self.letters([identifier])[0]

    def letters(self, identifiers: Iterable[str] | None = None) -> list[Letter]:
        """The letters with these ids in that order, or all of them by date and source.

        Raises:
            KeyError: one of these ids is of no letter, or no longer.
        """
        if identifiers is not None:
            wanted = list(identifiers)
            found = self._held(wanted)
            return [found[identifier].letter for identifier in wanted]
        everything = [held.letter for held in self._held(self._live.versions).values()]
        return sorted(everything, key=lambda letter: (letter.date or dt.date.max, letter.source))

    def _held(self, identifiers: Iterable[str]) -> dict[str, Held]:
        """Letters by id, without those that another process replaced or removed since the last `refresh`."""
        wanted = list(dict.fromkeys(identifiers))
        found = {name: held for name in wanted if (held := self._live.held.get(name))}
        missing = [name for name in wanted if name not in found and name in self._live.versions]
        for start in range(0, len(missing), _PAGE):
            found |= self._reading(partial(self._fetched, missing[start : start + _PAGE]))
        for held in found.values():
            self._live.hold(held)
        return {name: found[name] for name in wanted if name in found}

    def _fetched(self, identifiers: list[str]) -> dict[str, Held]:
        page = self._chroma.letters.get(ids=identifiers, include=["documents", "metadatas"])
        rows = zip(page["ids"], page["metadatas"] or [], page["documents"] or [], strict=True)
        versions = self._live.versions
        return {
            name: held_from(row, text)
            for name, row, text in rows
            if versions[name] == file_from(str(row["file"])).version
        }

    def passages(self, identifiers: Iterable[str]) -> dict[str, Passage]:
        """The passages with these ids that exist, by id."""
        wanted = [(name, letter_id_of(name)) for name in dict.fromkeys(identifiers)]
        held = self._held(letter for _, letter in wanted)
        return {
            name: held[letter].passages[name]
            for name, letter in wanted
            if letter in held and name in held[letter].passages
        }

    def passages_of(self, letters: AbstractCollection[str]) -> list[Passage]:
        """All passages of these letters, in the order of the letters given and of their text."""
        return [passage for held in self._held(letters).values() for passage in held.passages.values()]

    def vectors(self, identifiers: Sequence[str]) -> dict[str, Vectors]:
        """The stored vector, of shape (dimension,), of each of these passages."""
        return self._reading(partial(self._fetched_vectors, identifiers)) if identifiers else {}

    def _fetched_vectors(self, identifiers: Sequence[str]) -> dict[str, Vectors]:
        """Stored vectors; Chroma may find none, without an error, in a collection that is dropped at that moment."""
        found = self._rows().vectors(identifiers)
        if len(found) < len(identifiers):
            self._standing()
        return found

    def passage_count(self) -> int:
        """How many passages all letters have."""
        return self._live.count

    # What is written

    def put(self, filings: Sequence[Filing]) -> None:
        """Add letters and other files, or replace those with their ids, none twice.

        Readers see an old letter whole until they see the new one.
        """
        if not filings:
            return
        with self._translated():
            self._put_passages(filings)
            replaced = [f.record.id for f in filings if f.record.id in self._live.versions]
            self._begin()
            self._put_records(filings)
            self._announce([filing.record.id for filing in filings])
            self._drop_passages(replaced, {filing.record.id: filing.record.version for filing in filings})

    def _put_passages(self, filings: Iterable[Filing]) -> None:
        """Write passages, without their text: that is their letter's."""
        filled = [filing for filing in filings if filing.vectors is not None and filing.passages]
        if not filled:
            return
        passages = [(passage, filing.record.version) for filing in filled for passage in filing.passages]
        vectors = np.concatenate([filing.vectors for filing in filled if filing.vectors is not None], dtype=np.float32)
        self._rows().put(passages, vectors)

    def _put_records(self, filings: Sequence[Filing]) -> None:
        """Write the records of files; letters are never searched by vector, so theirs is a constant."""
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
        """Forget these files and their letters."""
        if not identifiers:
            return
        with self._translated():
            letters = [identifier for identifier in identifiers if identifier in self._live.versions]
            self._begin()
            self._chroma.letters.delete(ids=list(identifiers))
            for identifier in identifiers:
                self._live.forget(identifier)
            self._announce(identifiers)
            self._drop_passages(letters, {})

    def _drop_passages(self, letters: Sequence[str], but: Mapping[str, str]) -> None:
        """Delete the passages of letters, except those of one version of each."""
        self._delete(self._rows(current=False).other_versions(letters, but))

    def _delete(self, passages: Sequence[str]) -> None:
        if passages:
            self._rows().delete(passages)

    def sweep(self) -> int:
        """Take in what an interrupted ingest wrote without telling, and remove passages it left behind; how many.

        Passages that others took the place of go too; those that are still being embedded stay.
        """
        with self._translated():
            changed = self._read_since(self._live, self._live.revision.stamp)
            self._announce(changed)
            self._drop_collections()
            rows = self._rows(current=False)
            stray = rows.sorted_out(self._live.versions)[1] if rows.count() != self._live.count else []
            self._delete(stray)
        return len(stray)

    def _drop_collections(self) -> None:
        """Throw away passages that are neither those of the archive nor their successor."""
        standing = self._standing()
        self._chroma.drop_passages(but={standing.passages, standing.successor})

    def _begin(self) -> None:
        """Leave a note, for who opens the archive after us, that records may change before `_announce` tells so."""
        self._say(replace(self._standing(), writing=True))

    def _announce(self, changed: Iterable[str]) -> None:
        """Tell other processes that these records have changed."""
        self._announce_in(self._standing(), changed)

    def _announce_in(self, standing: Standing, changed: Iterable[str]) -> None:
        """Tell that these records have changed, and how the archive stands beside that."""
        read, stored = self._live.revision, standing.revision
        new = stored.next(crossed=stored != read)
        self._say(replace(standing, revision=new, writing=False))
        if stored == read:
            self._live.revision = new
            self._snapshot.save(self._live, read, changed)

    # Another embedding model

    def begin_successor(self, embedding: str) -> set[str]:
        """Begin with vectors of another model, or go on; ids of the passages that have one already.

        Those of a third model, and of letters that were replaced or removed, are thrown away.
        """
        with self._translated():
            self._say(replace(self._standing(), successor=passages_of(embedding)))
            self._drop_collections()
            rows = self._successor(embedding)
            live, stray = rows.sorted_out(self._live.versions)
            rows.delete(stray)
        return set(live)

    def _successor(self, embedding: str) -> PassageRows:
        return PassageRows(self._chroma.made(passages_of(embedding)), self._chroma.most_at_once)

    def put_vectors(self, embedding: str, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Keep vectors of another model, of shape (passages, dimension), until all passages have one."""
        with self._translated():
            versions = self._live.versions
            self._successor(embedding).put([(passage, versions[passage.letter.id]) for passage in passages], vectors)

    def give_up_successor(self) -> None:
        """Throw away vectors of another model that were begun with."""
        with self._translated():
            self._say(replace(self._standing(), successor=""))
            self._drop_collections()

    def succeed(self, embedding: str) -> bool:
        """Take the vectors of another model, one for every passage, in place of those there are.

        Returns:
            whether it was done; not when other processes changed the archive since the last `refresh`.
        """
        with self._translated():
            standing = self._standing()
            if standing.writing or standing.revision != self._live.revision:
                return False
            made_with = replace(self.fingerprint, embedding=embedding)
            name = passages_of(embedding)
            self._announce_in(replace(standing, fingerprint=made_with, passages=name, successor=""), [])
            self.fingerprint = made_with
            self._chroma.find(name)
            self._drop_collections()
        return True
