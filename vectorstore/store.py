"""Letters and passages in Chroma, the archive itself. The one module that imports chromadb.

Two collections. `letters` holds one record a file that was offered: a letter with its text, or a file that is no letter
of its own (unreadable, or the same text as another) with the reason. `passages` holds the embedded passages; each names
its letter and the version of that letter. A passage exists for a reader only when the letter's record names the same
version, and that record is written after all its passages, in one transaction. So an ingest that is killed shows
nothing half done, and `sweep` later removes what it left.

A local Chroma client does not see vectors that another process added until it is reopened, but it does see the metadata
of a collection. Every change therefore ends with a new `Revision` in the metadata of `letters`; `refresh` compares it,
reopens, and reads the records that were stamped since.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import json
import os
from collections.abc import Collection as AbstractCollection
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

import chromadb
import httpx
import numpy as np
from chromadb.api.client import Client
from chromadb.api.collection_configuration import CreateHNSWConfiguration
from chromadb.api.models.Collection import Collection
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError, NotFoundError

from vectorstore.embedding import Vectors
from vectorstore.errors import ArchiveError, ArchiveMismatch, ArchiveUnavailable
from vectorstore.filtering import admits, admits_passage, day_number, voices_in, where_clause
from vectorstore.letters import Filters, Letter, Passage
from vectorstore.records import (
    FileRecord,
    FileState,
    Live,
    Revision,
    letter_from,
    letter_metadata,
    passage_metadata,
    record_from,
)

__all__ = [
    "FileRecord",
    "FileState",
    "Fingerprint",
    "Location",
    "Revision",
    "Store",
    "admits",
    "day_number",
    "voices_in",
]

SCHEMA: Final = "1"
LETTERS: Final = "raadsgeheugen-letters"
PASSAGES: Final = "raadsgeheugen-passages"
_PAGE: Final = 1000
"""Records fetched from Chroma in one call."""

_HNSW: Final[Mapping[str, CreateHNSWConfiguration]] = {
    LETTERS: {"space": "cosine", "sync_threshold": 50, "batch_size": 10},
    PASSAGES: {"space": "cosine", "ef_search": 200, "sync_threshold": 250, "batch_size": 100},
}
"""How Chroma keeps vectors. Every write reads all records since the index was last synchronised, texts included."""

_WIDER: Final = 8
"""How many times more passages than are wanted are looked through for those that pass a filter."""

_MOST_READ: Final = 100
"""Passages that may have to be read for that before Chroma's own filter is faster."""

_SERVER_SECONDS: Final = 60.0
"""How long a server may take to answer."""

_LETTERS_AT_ONCE: Final = 100
"""Letters whose passages are fetched in one call."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The parts of the program an archive was made with; another part would make another archive."""

    embedding: str
    chunker: str
    analyser: str
    schema: str = SCHEMA


@dataclass(frozen=True, slots=True)
class Location:
    """Where an archive is: a folder of this machine, or a Chroma server with a folder for what is derived.

    Attributes:
        data: folder for Chroma's files and for derived indexes.
        server: address of a Chroma server ("http://host:8000"); None for Chroma in `data`.
    """

    data: Path
    server: str | None = None


@contextlib.contextmanager
def _translated(location: Location) -> Iterator[None]:
    """Turn Chroma's errors into ours, once, at the boundary."""
    try:
        yield
    except ArchiveError:
        raise
    except (ChromaError, OSError, ValueError, RuntimeError, httpx.HTTPError) as error:
        where = location.server or str(location.data)
        remedy = (
            "Controleer of de Chroma-server aan staat en of het adres klopt."
            if location.server
            else "Controleer of de map bestaat, of u erin mag schrijven en of de schijf niet vol is."
        )
        raise ArchiveUnavailable(
            f"Het archief in {where} kan niet worden gebruikt ({_first_line(error)}).", remedy
        ) from error


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def _connect(location: Location) -> Client:
    settings = ChromaSettings(anonymized_telemetry=False)
    if location.server is None:
        location.data.mkdir(parents=True, exist_ok=True)
        if not os.access(location.data, os.W_OK):
            raise PermissionError(f"no permission to write in {location.data}")
        return cast(Client, chromadb.PersistentClient(str(location.data / "chroma"), settings=settings))
    address = urlsplit(location.server if "//" in location.server else f"http://{location.server}")
    secure = address.scheme == "https"
    port = address.port or (443 if secure else 8000)
    client = cast(Client, chromadb.HttpClient(address.hostname or "localhost", port, ssl=secure, settings=settings))
    for session in _sessions_of(client):
        session.timeout = httpx.Timeout(_SERVER_SECONDS)
    return client


def _sessions_of(client: Client) -> list[httpx.Client]:
    """The connections of a client to a server; Chroma gives them no time limit and does not close them."""
    parts: tuple[Any, ...] = (client, client._admin_client)
    return [part._server._session for part in parts]


def _release(client: Client, location: Location) -> None:
    """Let go of files and connections."""
    if location.server is not None:
        for session in _sessions_of(client):
            session.close()
    client.close()


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
        with _translated(location), contextlib.ExitStack() as undo:
            self._client = _connect(location)
            undo.callback(self.close)
            self._live = Live(self._prepare(rebuild))
            self._read_records()
            undo.pop_all()

    def _prepare(self, rebuild: bool) -> Revision:
        """Open both collections, made anew where there are none, and check what they were made with."""
        made_with = asdict(self.fingerprint)
        try:
            stored = self._metadata()
        except NotFoundError:
            stored = made_with
        other = {name: stored.get(name) for name, value in made_with.items() if stored.get(name) != value}
        if other and not rebuild:
            raise self._mismatch(other)
        if other:
            for name in (PASSAGES, LETTERS):
                with contextlib.suppress(NotFoundError):
                    self._client.delete_collection(name)
        self._passages = self._collection(PASSAGES, None)
        self._letters = self._collection(LETTERS, made_with | {"revision": str(Revision.first())})
        return self._revision()

    def _mismatch(self, other: Mapping[str, Any]) -> ArchiveMismatch:
        made_with = asdict(self.fingerprint)
        parts = ", ".join(f"{name} {was!r} instead of {made_with[name]!r}" for name, was in other.items())
        return ArchiveMismatch(
            f"Het archief in {self.location.server or self.location.data} is met andere onderdelen gemaakt: {parts}.",
            "Maak het opnieuw met `raadsgeheugen ingest --rebuild MAP`, met de map waarin uw brieven staan.",
        )

    def _collection(self, name: str, metadata: dict[str, str] | None) -> Collection:
        """The collection of that name; what exists keeps its metadata."""
        try:
            return self._client.get_collection(name, embedding_function=None)
        except NotFoundError:
            return self._client.get_or_create_collection(
                name,
                configuration={"hnsw": _HNSW[name]},
                metadata=metadata,
                embedding_function=None,
            )

    def close(self) -> None:
        """Let go of the files; the store cannot be used afterwards."""
        _release(self._client, self.location)

    # What is read

    def _metadata(self) -> Mapping[str, Any]:
        return self._client.get_collection(LETTERS, embedding_function=None).metadata or {}

    def _revision(self) -> Revision:
        return Revision.read(str(self._metadata().get("revision", "")))

    def refresh(self) -> bool:
        """See what other processes wrote since; True when there was something.

        Raises:
            ArchiveUnavailable: the archive is gone, or another process is making it anew.
            ArchiveMismatch: it was made anew with other parts.
        """
        with _translated(self.location):
            if self._revision() == self._live.revision:
                return False
            if self.location.server is None:
                _release(self._client, self.location)
                self._client = _connect(self.location)
            live = self._live.copy()
            live.revision = self._reopen()
            self._read_since(live)
            self._live = live
            return True

    def _reopen(self) -> Revision:
        """Open both collections again; unlike `_prepare` this leaves making them to the process that is at it."""
        stored = self._metadata()
        other = {
            name: stored.get(name) for name, value in asdict(self.fingerprint).items() if stored.get(name) != value
        }
        if other:
            raise self._mismatch(other)
        self._passages = self._client.get_collection(PASSAGES, embedding_function=None)
        self._letters = self._client.get_collection(LETTERS, embedding_function=None)
        return Revision.read(str(stored.get("revision", "")))

    def _read_since(self, live: Live) -> None:
        """Bring records up to date that were read at an earlier revision."""
        read = self._live.revision
        since = read.stamp if read.epoch == live.revision.epoch else None
        found = set(self._read_pages(live, since))
        if since is None or self._letters.count() != len(live.records):
            left = found if since is None else set(self._letters.get(include=[])["ids"])
            for identifier in live.records.keys() - left:
                live.forget(identifier)

    def _read_records(self) -> None:
        """Read all records."""
        for _ in self._read_pages(self._live, None):
            pass

    def _read_pages(self, live: Live, since: int | None) -> Iterator[str]:
        """Read the records with this stamp or a later one, or all, and give their ids."""
        where: dict[str, Any] | None = None if since is None else {"stamp": {"$gte": since}}
        for offset in itertools.count(0, _PAGE):
            page = self._letters.get(where=where, limit=_PAGE, offset=offset, include=["metadatas"])
            for metadata in page["metadatas"] or []:
                live.add(record_from(metadata))
            yield from page["ids"]
            if len(page["ids"]) < _PAGE:
                return

    @property
    def revision(self) -> str:
        """Changes whenever the archive does."""
        return str(self._live.revision)

    def files(self) -> list[FileRecord]:
        """Every file that was offered and what became of it, by source."""
        return sorted(self._live.records.values(), key=lambda record: (record.source, record.id))

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
            found = self._fetched(wanted)
            return [found[identifier] for identifier in wanted]
        everything = self._fetched(self._live.versions)
        return sorted(everything.values(), key=lambda letter: (letter.date or dt.date.max, letter.source))

    def _fetched(self, identifiers: Iterable[str]) -> dict[str, Letter]:
        """Letters by id, without those that another process replaced or removed since the last `refresh`."""
        wanted = list(dict.fromkeys(identifiers))
        known = self._live.letters
        missing = [identifier for identifier in wanted if identifier not in known]
        with _translated(self.location):
            for start in range(0, len(missing), _PAGE):
                found = self._letters.get(ids=missing[start : start + _PAGE], include=["documents", "metadatas"])
                for metadata, text in zip(found["metadatas"] or [], found["documents"] or [], strict=True):
                    record = record_from(metadata)
                    if self._live.versions.get(record.id) == record.version:
                        known[record.id] = letter_from(json.loads(str(metadata["letter"])), text)
        return {identifier: known[identifier] for identifier in wanted if identifier in known}

    def passages(self, identifiers: Sequence[str]) -> dict[str, Passage]:
        """The passages with these ids that exist, by id."""
        wanted = list(dict.fromkeys(identifiers))
        missing = [identifier for identifier in wanted if not self._is_known(identifier)]
        if missing:
            with _translated(self.location):
                found = self._passages.get(ids=missing, include=["metadatas"])
            self._existing(found["ids"], found["metadatas"] or [])
        return {identifier: self._live.passages[identifier] for identifier in wanted if self._is_known(identifier)}

    def _is_known(self, identifier: str) -> bool:
        """Whether a passage was read and its letter is still the one it was cut from."""
        passage = self._live.passages.get(identifier)
        return passage is not None and self._live.letters.get(passage.letter.id) is passage.letter

    def passages_of(self, letters: AbstractCollection[str]) -> list[Passage]:
        """All passages of these letters, in the order of the letters given and of their text."""
        here: dict[str, list[Passage]] = {letter: [] for letter in letters}
        names = list(here)
        with _translated(self.location):
            for start in range(0, len(names), _LETTERS_AT_ONCE):
                where: dict[str, Any] = {"letter": {"$in": names[start : start + _LETTERS_AT_ONCE]}}
                found = self._passages.get(where=where, include=["metadatas"])
                for passage in self._existing(found["ids"], found["metadatas"] or []):
                    here[passage.letter.id].append(passage)
        return [passage for letter in here.values() for passage in sorted(letter, key=lambda passage: passage.start)]

    def _existing(self, identifiers: Sequence[str], metadatas: Sequence[Mapping[str, Any]]) -> list[Passage]:
        """Passages from their records, without those whose letter has no record of the same version."""
        rows = [(identifier, row) for identifier, row in zip(identifiers, metadatas, strict=True) if self._stands(row)]
        letters = self._fetched(str(row["letter"]) for _, row in rows)
        passages = [
            Passage(identifier, letters[row["letter"]], row["start"], row["end"], row["heading"] or None)
            for identifier, row in rows
            if row["letter"] in letters
        ]
        self._live.passages.update((passage.id, passage) for passage in passages)
        return passages

    def _stands(self, row: Mapping[str, Any]) -> bool:
        """Whether the letter of a passage's record has a record of the same version."""
        return self._live.versions.get(str(row["letter"])) == str(row["version"])

    def similar(self, vector: Vectors, count: int, filters: Filters) -> dict[str, float]:
        """Cosine similarity of the passages nearest to a vector of shape (dimension,), by passage id, nearest first."""
        found = self._similar_by_filtering(vector, count, filters) if filters else None
        asked = count
        while found is None and self._live.versions:
            nearest = self._nearest(vector, asked, where_clause(filters))
            existing = self.passages(list(nearest))
            if len(existing) >= count or len(nearest) < asked:
                found = {name: similarity for name, similarity in nearest.items() if name in existing}
            asked *= 4
        return dict(itertools.islice((found or {}).items(), count))

    def _similar_by_filtering(self, vector: Vectors, count: int, filters: Filters) -> dict[str, float] | None:
        """The same by looking through more of the nearest; None where Chroma's filter, slow as it is, is the faster."""
        nearest = self._nearest(vector, count * _WIDER, None)
        if sum(not self._is_known(identifier) for identifier in nearest) > _MOST_READ:
            return None
        passages = self.passages(list(nearest))
        found = {name: nearest[name] for name, passage in passages.items() if admits_passage(filters, passage)}
        return found if len(found) >= count else None

    def _nearest(self, vector: Vectors, count: int, where: dict[str, Any] | None) -> dict[str, float]:
        """Similarity by id, nearest first; reading more than that of each passage would take ten times as long."""
        with _translated(self.location):
            found = self._passages.query(
                query_embeddings=vector.reshape(1, -1).astype(np.float32),
                n_results=count,
                where=where,
                include=["distances"],
            )
        distances = found["distances"]
        assert distances is not None
        return {identifier: 1.0 - distance for identifier, distance in zip(found["ids"][0], distances[0], strict=True)}

    def vectors(self, identifiers: Sequence[str]) -> dict[str, Vectors]:
        """The stored vector, of shape (dimension,), of each of these passages."""
        if not identifiers:
            return {}
        with _translated(self.location):
            found = self._passages.get(ids=list(identifiers), include=["embeddings"])
        embeddings = found["embeddings"]
        assert embeddings is not None
        return {identifier: np.asarray(row) for identifier, row in zip(found["ids"], embeddings, strict=True)}

    def passage_count(self) -> int:
        """How many passages all letters have."""
        return self._live.count

    # What is written

    def put(self, record: FileRecord, letter: Letter, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Add a letter, or replace the one with its id; readers see the old one whole until they see the new one.

        Args:
            record: the file it comes from.
            letter: the letter.
            passages: all its passages; ids unique to this version.
            vectors: their embeddings, of shape (passages, dimension).
        """
        if not record.passages == len(passages) == len(vectors):
            raise ValueError(f"{len(passages)} passages and {len(vectors)} vectors of a letter of {record.passages}")
        with _translated(self.location):
            size = min(self._client.get_max_batch_size(), _PAGE)
            for start in range(0, len(passages), size):
                batch = passages[start : start + size]
                self._passages.upsert(
                    ids=[passage.id for passage in batch],
                    embeddings=vectors[start : start + size].astype(np.float32),
                    documents=[passage.text for passage in batch],
                    metadatas=[passage_metadata(passage, record.version) for passage in batch],
                )
            self._put_record(record, letter)
            self.announce()
            self._drop_passages(letter.id, record.version)

    def put_file(self, record: FileRecord) -> None:
        """Remember a file that is no letter of its own, and drop the letter that it was before."""
        with _translated(self.location):
            self._put_record(record, None)
            self.announce()
            self._drop_passages(record.id)

    def _put_record(self, record: FileRecord, letter: Letter | None) -> None:
        """Write the record of one file; letters are never searched by vector, so theirs is a constant."""
        metadata: dict[str, Any] = {
            "file": json.dumps(asdict(record)),
            "state": record.state.value,
            "stamp": self._live.revision.stamp + 1,
        }
        if letter is not None:
            fields = letter_metadata(letter)
            metadata["letter"] = json.dumps(fields, ensure_ascii=False)
            for name in ("source", "kind", "reference", "date", "subject", "author"):
                metadata[name] = str(fields[name] or "")
        self._letters.upsert(
            ids=[record.id],
            embeddings=np.ones((1, 1), dtype=np.float32),
            documents=[letter.text if letter else record.reason],
            metadatas=[metadata],
        )
        self._live.add(record)
        self._live.letters.pop(record.id, None)

    def remove(self, identifiers: Sequence[str]) -> None:
        """Forget these files and their letters."""
        with _translated(self.location):
            for identifier in identifiers:
                self._letters.delete(ids=[identifier])
                self._live.forget(identifier)
                self.announce()
                self._drop_passages(identifier)

    def _drop_passages(self, letter: str, but: str = "") -> None:
        """Delete the passages of a letter, except those of one version."""
        found = self._passages.get(where={"letter": letter}, include=["metadatas"])
        rows = zip(found["ids"], found["metadatas"] or [], strict=True)
        self._delete([identifier for identifier, row in rows if row["version"] != but])

    def _delete(self, passages: Sequence[str]) -> None:
        for start in range(0, len(passages), _PAGE):
            self._passages.delete(ids=list(passages[start : start + _PAGE]))

    def sweep(self) -> int:
        """Remove passages that an interrupted ingest left behind; returns how many."""
        stray: list[str] = []
        with _translated(self.location):
            stored = self._passages.count()
            if stored == self._live.count:
                return 0
            for offset in range(0, stored, _PAGE):
                page = self._passages.get(limit=_PAGE, offset=offset, include=["metadatas"])
                rows = zip(page["ids"], page["metadatas"] or [], strict=True)
                stray.extend(identifier for identifier, row in rows if not self._stands(row))
            self._delete(stray)
        return len(stray)

    def announce(self) -> None:
        """Tell other processes that the archive has changed."""
        with _translated(self.location):
            read, stored = self._live.revision, self._revision()
            new = stored.next(crossed=stored != read)
            self._letters.modify(metadata=asdict(self.fingerprint) | {"revision": str(new)})
            if stored == read:
                self._live.revision = new
