"""The collections of an archive in Chroma, in a folder or on a server. The one module that imports chromadb.

`letters` holds one record a file that was offered, `passages` the embedded passages; while these are embedded again, with
another model, those come into a collection of their own. None is searched by vector here: that is done exactly, in
`dense`. Their HNSW graphs are there for other programs, and are made cheaply.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection as AbstractCollection
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

import chromadb
import httpx
from chromadb.api.client import Client
from chromadb.api.collection_configuration import CreateHNSWConfiguration
from chromadb.api.models.Collection import Collection
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError, NotFoundError

from vectorstore.errors import ArchiveError, ArchiveUnavailable

__all__ = ["LETTERS", "PASSAGES", "ChromaError", "Collection", "Connection", "Location", "NotFoundError", "translated"]

LETTERS: Final = "raadsgeheugen-letters"
PASSAGES: Final = "raadsgeheugen-passages"
"""Of an archive that was made new; the names of passages that were embedded again begin with it."""

_HNSW: Final[Mapping[str, CreateHNSWConfiguration]] = {
    LETTERS: {"space": "cosine", "max_neighbors": 4, "ef_construction": 8, "sync_threshold": 20, "batch_size": 10},
    PASSAGES: {
        "space": "cosine",
        "max_neighbors": 8,
        "ef_construction": 24,
        "ef_search": 200,
        "sync_threshold": 250,
        "batch_size": 100,
    },
}
"""Every write, and the first read of a process, goes through all records since the graph was last synchronised, texts
included; that is why it is done so often for letters, whose graph is next to nothing."""

_SERVER_SECONDS: Final = 60.0
"""How long a server may take to answer."""


@dataclass(frozen=True, slots=True)
class Location:
    """Where an archive is: a folder of this machine, or a Chroma server with a folder for what is derived.

    Attributes:
        data: folder for Chroma's files and for derived indexes.
        server: address of a Chroma server ("http://host:8000"); None for Chroma in `data`.
    """

    data: Path
    server: str | None = None

    @property
    def folder(self) -> Path:
        """Where Chroma keeps its files when it is not on a server."""
        return self.data / "chroma"


@contextlib.contextmanager
def translated(location: Location) -> Iterator[None]:
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


class Connection:
    """An open connection to the collections; its errors are Chroma's, to be put within `translated`.

    Attributes:
        letters, passages: the collections, once `make` or `find` has been called.
    """

    letters: Collection
    passages: Collection

    def __init__(self, location: Location) -> None:
        self._location = location
        self._client = _connect(location)

    def make(self, metadata: dict[str, str], passages: str) -> None:
        """Open both collections, made where there are none; what exists keeps its metadata.

        Args:
            metadata: of a new archive.
            passages: name of the collection of passages.
        """
        self.passages = self.made(passages)
        self.letters = self._made(LETTERS, _HNSW[LETTERS], metadata)

    def made(self, passages: str) -> Collection:
        """The collection of passages of this name, made when there is none."""
        return self._made(passages, _HNSW[PASSAGES], None)

    def _made(self, name: str, graph: CreateHNSWConfiguration, metadata: dict[str, str] | None) -> Collection:
        try:
            return self._client.get_collection(name, embedding_function=None)
        except NotFoundError:
            return self._client.get_or_create_collection(
                name, configuration={"hnsw": graph}, metadata=metadata, embedding_function=None
            )

    def find(self, passages: str) -> None:
        """Open both collections, that of passages by its name.

        Raises:
            NotFoundError: one is not there.
        """
        self.passages = self._client.get_collection(passages, embedding_function=None)
        self.letters = self._client.get_collection(LETTERS, embedding_function=None)

    def drop(self) -> None:
        """Throw all collections away."""
        self.drop_passages()
        with contextlib.suppress(NotFoundError):
            self._client.delete_collection(LETTERS)

    def drop_passages(self, but: AbstractCollection[str] = ()) -> None:
        """Throw collections of passages away, except those of these names."""
        for name in [found.name for found in self._client.list_collections()]:
            if name.startswith(PASSAGES) and name not in but:
                with contextlib.suppress(NotFoundError):
                    self._client.delete_collection(name)

    def metadata(self) -> Mapping[str, Any]:
        """What is now said of the archive as a whole.

        Raises:
            NotFoundError: there is no archive.
        """
        return self._client.get_collection(LETTERS, embedding_function=None).metadata or {}

    def reconnect(self) -> None:
        """See the vectors that another process wrote: a local client does not until it is opened again."""
        if self._location.server is None:
            self.close()
            self._client = _connect(self._location)
            self.find(self.passages.name)

    @property
    def most_at_once(self) -> int:
        """Records that may be written in one call."""
        return self._client.get_max_batch_size()

    def close(self) -> None:
        """Let go of files and connections."""
        if self._location.server is not None:
            for session in _sessions_of(self._client):
                session.close()
        self._client.close()


def _connect(location: Location) -> Client:
    settings = ChromaSettings(anonymized_telemetry=False)
    if location.server is None:
        location.data.mkdir(parents=True, exist_ok=True)
        if not os.access(location.data, os.W_OK):
            raise PermissionError(f"no permission to write in {location.data}")
        return cast(Client, chromadb.PersistentClient(str(location.folder), settings=settings))
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
