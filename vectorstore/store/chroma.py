"""Chroma itself, in a folder or on a server. The one module that imports chromadb.

`letters` holds one record per file offered, `passages` the embedded passages. While passages are embedded again with
another model, the new vectors go into a collection of their own. None is searched by vector here: `dense` does that
exactly. The HNSW graphs are there for other programs, and are built cheaply.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

import chromadb
import httpx
from chromadb.api.client import Client
from chromadb.api.collection_configuration import CreateHNSWConfiguration
from chromadb.api.models.Collection import Collection
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError, InternalError, NotFoundError

from vectorstore.store.engine import LETTERS, DamagedEngine, EngineError, Location, MissingCollection
from vectorstore.store.seal import break_seal, write_seal

_LETTERS_GRAPH: Final[CreateHNSWConfiguration] = {
    "space": "cosine",
    "max_neighbors": 4,
    "ef_construction": 8,
    "sync_threshold": 20,
    "batch_size": 10,
}
"""Every write, and the first read of a process, replays all records since the graph was last synchronised, texts
included; hence the frequent synchronisation for letters, whose graph is next to nothing."""

_PASSAGES_GRAPH: Final[CreateHNSWConfiguration] = {
    "space": "cosine",
    "max_neighbors": 8,
    "ef_construction": 24,
    "ef_search": 200,
    "sync_threshold": 250,
    "batch_size": 100,
}

_SERVER_SECONDS: Final = 60.0
"""Timeout of a request to a server."""

_ANSWER_SECONDS: Final = 8.0
"""Timeout of the first request to a server, which asks whether it is there."""

_READS: Final = frozenset({"get", "count"})


class Chroma:
    """An open Chroma, whose methods take and return plain values, so that it can run in a process of its own.

    Raises:
        EngineError: Chroma cannot be opened; so do all methods.
    """

    def __init__(self, location: Location) -> None:
        self._location = location
        with _translate_errors():
            self._client = _connect(location)

    def call(self, method: str, *arguments: Any, **named: Any) -> Any:
        """Call a method by its name."""
        do: Callable[..., Any] = getattr(self, method)
        with _translate_errors():
            return do(*arguments, **named)

    def most_at_once(self) -> int:
        """Return the number of records that may be written in one call."""
        return self._client.get_max_batch_size()

    def names(self) -> list[str]:
        """Return the names of all collections."""
        return [collection.name for collection in self._client.list_collections()]

    def metadata(self, name: str) -> Mapping[str, Any]:
        """Return the metadata of a collection."""
        return dict(self._collection(name).metadata or {})

    def open_or_create(self, name: str, metadata: dict[str, str] | None) -> None:
        """Create a collection unless it exists; one that exists keeps its metadata."""
        try:
            self._collection(name)
        except NotFoundError:
            graph = _LETTERS_GRAPH if name == LETTERS else _PASSAGES_GRAPH
            self._client.get_or_create_collection(
                name, configuration={"hnsw": graph}, metadata=metadata, embedding_function=None
            )

    def delete_collection(self, name: str) -> None:
        """Delete a collection."""
        self._client.delete_collection(name)

    def on_collection(self, name: str, method: str, **named: Any) -> Any:
        """Call a method of a collection."""
        collection = self._collection(name)
        try:
            return getattr(collection, method)(**named)
        except InternalError as error:
            if method in _READS and self._location.server is None:
                self._collection(name)
                raise DamagedEngine(str(error)) from error
            raise

    def _collection(self, name: str) -> Collection:
        return self._client.get_collection(name, embedding_function=None)

    def scrub(self) -> None:
        """Make sure that nothing of what was deleted is left in the files; on a server that is for the server to do."""
        if self._location.server is None:
            for name in self.names():
                self._collection(name).count()
            self._client.close()
            _scrub(self._location.folder / "chroma.sqlite3")
            self._client = _connect(self._location)

    def close(self) -> None:
        """Close files and connections."""
        if self._location.server is not None:
            for session in _sessions_of(self._client):
                session.close()
        self._client.close()
        if self._location.server is None:
            write_seal(self._location.folder)


@contextlib.contextmanager
def _translate_errors() -> Iterator[None]:
    """Turn Chroma's errors, and the panics of its bindings, into those of an engine."""
    try:
        yield
    except EngineError:
        raise
    except NotFoundError as error:
        raise MissingCollection(str(error)) from error
    except (ChromaError, httpx.HTTPError, sqlite3.Error) as error:
        raise EngineError(str(error) or type(error).__name__) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise DamagedEngine(str(error)) from error


def _connect(location: Location) -> Client:
    settings = ChromaSettings(anonymized_telemetry=False)
    if location.server is None:
        location.data.mkdir(parents=True, exist_ok=True)
        if not os.access(location.data, os.W_OK):
            raise PermissionError(f"no permission to write in {location.data}")
        _check_folder(location.folder)
        return cast(Client, chromadb.PersistentClient(str(location.folder), settings=settings))
    address = urlsplit(location.server if "//" in location.server else f"http://{location.server}")
    secure = address.scheme == "https"
    port = address.port or (443 if secure else 8000)
    httpx.get(f"{address.scheme}://{address.hostname}:{port}/api/v2/heartbeat", timeout=_ANSWER_SECONDS)
    client = cast(Client, chromadb.HttpClient(address.hostname or "localhost", port, ssl=secure, settings=settings))
    for session in _sessions_of(client):
        session.timeout = httpx.Timeout(_SERVER_SECONDS)
    return client


def _check_folder(folder: Path) -> None:
    """Check that the files are whole before Chroma opens them, as Chroma would go on with damaged ones.

    Raises:
        DamagedEngine: they are not.
    """
    try:
        sealed = break_seal(folder)
    except ValueError as error:
        raise DamagedEngine(str(error)) from error
    if not sealed and folder.exists() and any(folder.iterdir()):
        _check_database(folder / "chroma.sqlite3")


def _check_database(path: Path) -> None:
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True)) as database:
            found = database.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        raise DamagedEngine(str(error)) from error
    if found != ("ok",):
        raise DamagedEngine(str(found[0]))


def _scrub(path: Path) -> None:
    """Take what was deleted out of the database: from the log of what Chroma has done, the index of words, free pages.

    The texts in the log are of no use once the rows they belong to have been written; the vectors in it are, for the
    graphs are made from them later.
    """
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute(
            "UPDATE embeddings_queue SET metadata = NULL WHERE metadata IS NOT NULL AND seq_id <= (SELECT min(m.seq_id)"
            " FROM max_seq_id m JOIN segments s ON s.id = m.segment_id WHERE s.scope = 'METADATA')"
        )
        for command in ("rebuild", "optimize"):
            database.execute("INSERT INTO embedding_fulltext_search(embedding_fulltext_search) VALUES (?)", (command,))
        database.execute("VACUUM")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _sessions_of(client: Client) -> list[httpx.Client]:
    """Return the connections of a client to a server; Chroma sets no timeout on them and does not close them."""
    parts: tuple[Any, ...] = (client, client._admin_client)
    return [part._server._session for part in parts]
