"""Letters and passages: the archive itself, kept in Chroma.

A letter's record holds its text, its fields and where its passages begin and end; the passages' own records hold their
vectors. A passage exists for a reader only when the record of its letter names it, and that record is written after all
its passages, in one transaction. So an ingest that is killed shows nothing half done, and `sweep` later removes what it
left.

Every change ends with a new `Revision` in the metadata of `letters`. `refresh` compares it and reads the records that
were stamped since; a copy of the records at the last revision (`snapshot`) makes that the way to open an archive too.
A note in the same place says that a writer has begun and not yet told, which is how a killed one leaves it.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Collection as AbstractCollection
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from vectorstore.chroma import Connection, Location, NotFoundError, translated
from vectorstore.embedding import Vectors
from vectorstore.errors import ArchiveMismatch
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
    passage_metadata,
    record_metadata,
)
from vectorstore.snapshot import Snapshot

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
    "voices_in",
]

SCHEMA: Final = "2"
_PAGE: Final = 1000
"""Records fetched from Chroma or written to it in one call."""

_WRITING: Final = "writing"
"""Said in the metadata of the archive from before a record changes until all are told."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The parts of the program an archive was made with; another part would make another archive."""

    embedding: str
    chunker: str
    analyser: str
    schema: str = SCHEMA


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
            self._live = self._opened()
            undo.pop_all()

    def _prepare(self, rebuild: bool) -> None:
        """Open both collections, made anew where there are none, and check what they were made with."""
        made_with = asdict(self.fingerprint)
        try:
            other = self._others(self._chroma.metadata())
        except NotFoundError:
            other = {}
        if other and not rebuild:
            raise self._mismatch(other)
        if other:
            self._chroma.drop()
        self._chroma.make(made_with | {"revision": str(Revision.first())})

    def _others(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        """The parts an archive was made with that are not those of this program."""
        made_with = asdict(self.fingerprint)
        return {name: stored.get(name) for name, value in made_with.items() if stored.get(name) != value}

    def _mismatch(self, other: Mapping[str, Any]) -> ArchiveMismatch:
        made_with = asdict(self.fingerprint)
        parts = ", ".join(f"{name} {was!r} instead of {made_with[name]!r}" for name, was in other.items())
        return ArchiveMismatch(
            f"Het archief in {self.location.server or self.location.data} is met andere onderdelen gemaakt: {parts}.",
            "Maak het opnieuw met `raadsgeheugen ingest --rebuild MAP`, met de map waarin uw brieven staan.",
        )

    def close(self) -> None:
        """Let go of the files; the store cannot be used afterwards."""
        self._chroma.close()
        self._snapshot.close()

    # What is read

    def _revision(self) -> Revision:
        return Revision.read(str(self._chroma.metadata().get("revision", "")))

    def _opened(self) -> Live:
        """The records: those of the snapshot, brought up to date from Chroma."""
        stored = self._chroma.metadata()
        revision = Revision.read(str(stored.get("revision", "")))
        live = self._snapshot.load() or Live(Revision("", 0, ""))
        if live.revision != revision:
            return self._brought_to(revision, live)
        if _WRITING in stored:
            self._read_since(live, revision.stamp)
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
        with translated(self.location):
            stored = self._chroma.metadata()
            revision = Revision.read(str(stored.get("revision", "")))
            if revision == self._live.revision:
                return False
            other = self._others(stored)
            if other:
                raise self._mismatch(other)
            self._chroma.find()
            self._stale = True
            self._live = self._brought_to(revision, self._live.copy())
            return True

    def _current(self) -> Connection:
        """The connection, made anew where it does not see vectors that others wrote."""
        if self._stale:
            self._chroma.reconnect()
            self._stale = False
        return self._chroma

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
        with translated(self.location):
            for start in range(0, len(missing), _PAGE):
                found |= self._fetched(missing[start : start + _PAGE])
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
        found: dict[str, Vectors] = {}
        with translated(self.location):
            for start in range(0, len(identifiers), _PAGE):
                wanted = list(identifiers[start : start + _PAGE])
                page = self._current().passages.get(ids=wanted, include=["embeddings"])
                embeddings = page["embeddings"]
                assert embeddings is not None
                found.update(zip(page["ids"], np.asarray(embeddings, dtype=np.float32), strict=True))
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
        with translated(self.location):
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
        collection, size = self._current().passages, min(self._chroma.most_at_once, 2 * _PAGE)
        for start in range(0, len(passages), size):
            batch = passages[start : start + size]
            collection.upsert(
                ids=[passage.id for passage, _ in batch],
                embeddings=vectors[start : start + size],
                metadatas=[passage_metadata(passage, version) for passage, version in batch],
            )

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
        with translated(self.location):
            letters = [identifier for identifier in identifiers if identifier in self._live.versions]
            self._begin()
            self._chroma.letters.delete(ids=list(identifiers))
            for identifier in identifiers:
                self._live.forget(identifier)
            self._announce(identifiers)
            self._drop_passages(letters, {})

    def _drop_passages(self, letters: Sequence[str], but: Mapping[str, str]) -> None:
        """Delete the passages of letters, except those of one version of each."""
        for start in range(0, len(letters), _PAGE):
            where: dict[str, Any] = {"letter": {"$in": list(letters[start : start + _PAGE])}}
            found = self._chroma.passages.get(where=where, include=["metadatas"])
            rows = zip(found["ids"], found["metadatas"] or [], strict=True)
            self._delete([name for name, row in rows if row["version"] != but.get(str(row["letter"]))])

    def _delete(self, passages: Sequence[str]) -> None:
        for start in range(0, len(passages), _PAGE):
            self._current().passages.delete(ids=list(passages[start : start + _PAGE]))

    def sweep(self) -> int:
        """Take in what an interrupted ingest wrote without telling, and remove passages it left behind; how many."""
        with translated(self.location):
            changed = self._read_since(self._live, self._live.revision.stamp)
            self._announce(changed)
            stored = self._chroma.passages.count()
            stray = self._strays(stored) if stored != self._live.count else []
            self._delete(stray)
        return len(stray)

    def _strays(self, stored: int) -> list[str]:
        """Passages whose letter has no record of the same version."""
        stray: list[str] = []
        for offset in range(0, stored, _PAGE):
            page = self._chroma.passages.get(limit=_PAGE, offset=offset, include=["metadatas"])
            rows = zip(page["ids"], page["metadatas"] or [], strict=True)
            stray += [name for name, row in rows if self._live.versions.get(str(row["letter"])) != row["version"]]
        return stray

    def _begin(self) -> None:
        """Leave a note, for who opens the archive after us, that records may change before `_announce` tells so."""
        noted = {"revision": str(self._revision()), _WRITING: "yes"}
        self._chroma.letters.modify(metadata=asdict(self.fingerprint) | noted)

    def _announce(self, changed: Iterable[str]) -> None:
        """Tell other processes that these records have changed."""
        read, stored = self._live.revision, self._revision()
        new = stored.next(crossed=stored != read)
        self._chroma.letters.modify(metadata=asdict(self.fingerprint) | {"revision": str(new)})
        if stored == read:
            self._live.revision = new
            self._snapshot.save(self._live, read, changed)
