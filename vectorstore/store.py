"""Letters and passages: the archive itself, kept in Chroma.

A letter's record holds its text, its fields and where its passages begin and end; the passages' own records hold their
vectors. A passage exists for a reader only when the record of its letter names it, and that record is written after all
its passages, in one transaction. So an ingest that is killed shows nothing half done, and `sweep` later removes what it
left.

Every change ends with a new `Revision` in the metadata of `letters`. `refresh` compares it and reads the records that
were stamped since; a copy of the records at the last revision (`snapshot`) makes that the way to open an archive too.
A note in the same place says that a writer has begun and not yet told, which is how a killed one leaves it.

That metadata also names the model of the vectors and the collection they are in. Vectors of another model are made in a
collection beside it, over as many runs as it takes, and one change of the metadata puts them in place.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import itertools
from collections.abc import Collection as AbstractCollection
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np

from vectorstore.chroma import PASSAGES, Connection, Location, NotFoundError, translated
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
    record_metadata,
)
from vectorstore.rows import PassageRows
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
    "embedding_of",
    "voices_in",
]

SCHEMA: Final = "2"
_PAGE: Final = 1000
"""Records fetched from Chroma or written to it in one call."""

_WRITING: Final = "writing"
"""Said in the metadata of the archive from before a record changes until all are told."""

_PASSAGES: Final = "passages"
"""Says in that metadata which collection holds the passages; left out for one that was there from the beginning."""

_SUCCESSOR: Final = "successor"
"""Says there which collection passages are being embedded into with another model, until that takes over."""


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


def embedding_of(location: Location) -> str | None:
    """The embedding model that an archive was made with, None when there is no archive.

    Raises:
        ArchiveUnavailable: it cannot be opened.
    """
    with translated(location), contextlib.closing(Connection(location)) as chroma:
        try:
            return str(chroma.metadata().get("embedding", ""))
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
            self._live = self._opened()
            undo.pop_all()

    def _prepare(self, rebuild: bool) -> None:
        """Open both collections, made anew where there are none, and check what they were made with."""
        try:
            stored = self._chroma.metadata()
        except NotFoundError:
            stored = {}
        other = stored and self._others(stored)
        if other and not rebuild:
            raise self._mismatch(other)
        if other:
            self._chroma.drop()
            stored = {}
        made_with = asdict(self.fingerprint) | {"revision": str(Revision.first())}
        self._chroma.make(made_with, str(stored.get(_PASSAGES, PASSAGES)))

    def _others(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        """The parts an archive was made with that are not those of this program."""
        made_with = asdict(self.fingerprint)
        return {name: stored.get(name) for name, value in made_with.items() if stored.get(name) != value}

    def _mismatch(self, other: Mapping[str, Any]) -> ArchiveMismatch:
        where, made_with = self.location.server or self.location.data, asdict(self.fingerprint)
        if other.keys() == {"embedding"}:
            return ArchiveMismatch(
                f"Het archief in {where} is van het model {other['embedding']!r}, en ingesteld is "
                f"{made_with['embedding']!r}.",
                "Zet het over op het ingestelde model met `raadsgeheugen reembed`, of stel het andere model in en begin "
                "opnieuw.",
            )
        parts = ", ".join(f"{name} {was!r} in plaats van {made_with[name]!r}" for name, was in other.items())
        return ArchiveMismatch(
            f"Het archief in {where} is met andere onderdelen gemaakt: {parts}.",
            "Maak het opnieuw met `raadsgeheugen ingest --rebuild MAP`, met de map waarin uw brieven staan.",
        )

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn Chroma's errors into ours; vectors that are gone may be so because others took their place."""
        with translated(self.location):
            try:
                yield
            except NotFoundError:
                self._said()
                raise

    def _said(self) -> dict[str, Any]:
        """What is now said of the archive as a whole.

        Raises:
            ArchiveMismatch: it was made anew with other parts.
            NotFoundError: there is no archive.
        """
        stored = dict(self._chroma.metadata())
        other = self._others(stored)
        if other:
            raise self._mismatch(other)
        return stored

    def _say(self, stored: Mapping[str, Any], **changes: str | None) -> None:
        """Say something else of the archive, beside what is said already; None takes something back."""
        said = {name: value for name, value in {**stored, **changes}.items() if value is not None}
        self._chroma.letters.modify(metadata=said)

    def close(self) -> None:
        """Let go of the files; the store cannot be used afterwards."""
        self._chroma.close()
        self._snapshot.close()

    # What is read

    def _opened(self) -> Live:
        """The records: those of the snapshot, brought up to date from Chroma."""
        stored = self._said()
        revision = _revision_in(stored)
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
        with self._translated():
            stored = self._said()
            revision = _revision_in(stored)
            if revision == self._live.revision:
                return False
            self._chroma.find(self._chroma.passages.name)
            self._stale = True
            self._live = self._brought_to(revision, self._live.copy())
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
        with self._translated():
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
        with self._translated():
            return self._rows().vectors(identifiers) if identifiers else {}

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
            self._chroma.drop_passages(but={self._chroma.passages.name, str(self._said().get(_SUCCESSOR))})
            rows = self._rows(current=False)
            stray = rows.sorted_out(self._live.versions)[1] if rows.count() != self._live.count else []
            self._delete(stray)
        return len(stray)

    def _begin(self) -> None:
        """Leave a note, for who opens the archive after us, that records may change before `_announce` tells so."""
        self._say(self._said(), **{_WRITING: "yes"})

    def _announce(self, changed: Iterable[str], **others: str | None) -> None:
        """Tell other processes that these records have changed, and what else there is to say."""
        said = self._said()
        read, stored = self._live.revision, _revision_in(said)
        new = stored.next(crossed=stored != read)
        self._say(said, **{"revision": str(new), _WRITING: None, **others})
        if stored == read:
            self._live.revision = new
            self._snapshot.save(self._live, read, changed)

    # Another embedding model

    def embedded_with(self, embedding: str) -> set[str]:
        """Begin with vectors of another model, or go on: ids of the passages that have one already.

        Vectors of a third model, and those of letters that were replaced or removed, are thrown away.
        """
        name = _passages_of(embedding)
        with self._translated():
            self._say(self._said(), **{_SUCCESSOR: name})
            self._chroma.drop_passages(but={self._chroma.passages.name, name})
            rows = self._successor(embedding)
            live, stray = rows.sorted_out(self._live.versions)
            rows.delete(stray)
        return set(live)

    def _successor(self, embedding: str) -> PassageRows:
        return PassageRows(self._chroma.made(_passages_of(embedding)), self._chroma.most_at_once)

    def put_vectors(self, embedding: str, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Keep vectors of another model, of shape (passages, dimension), until all passages have one."""
        with self._translated():
            versions = self._live.versions
            self._successor(embedding).put([(passage, versions[passage.letter.id]) for passage in passages], vectors)

    def succeed(self, embedding: str) -> bool:
        """Take the vectors of another model, one for every passage, in place of those there are.

        Returns:
            whether it was done; not when other processes changed the archive since the last `refresh`.
        """
        name = _passages_of(embedding)
        with self._translated():
            said = self._said()
            if _WRITING in said or _revision_in(said) != self._live.revision:
                return False
            self._announce([], embedding=embedding, **{_PASSAGES: name, _SUCCESSOR: None})
            self.fingerprint = replace(self.fingerprint, embedding=embedding)
            self._chroma.find(name)
            self._chroma.drop_passages(but={name})
        return True


def _revision_in(said: Mapping[str, Any]) -> Revision:
    """The revision in what is said of an archive."""
    return Revision.read(str(said.get("revision", "")))


def _passages_of(embedding: str) -> str:
    """Name of the collection for passages that are embedded again with a model."""
    return f"{PASSAGES}-{hashlib.sha256(embedding.encode()).hexdigest()[:12]}"
