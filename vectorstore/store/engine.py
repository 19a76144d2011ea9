"""What the store asks of Chroma, without Chroma: where an archive is, its collections, and what may go wrong."""

from __future__ import annotations

import contextlib
from collections.abc import Collection as AbstractCollection
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from vectorstore.errors import ArchiveError, ArchiveUnavailable, DamagedArchive

LETTERS: Final = "raadsgeheugen-letters"
PASSAGES: Final = "raadsgeheugen-passages"
"""Name of the passage collection of a new archive; names of collections embedded again start with it."""

OWNER_LOCK: Final = "chroma.lock"
"""File whose lock is held by the one process that has Chroma's folder open."""


@dataclass(frozen=True, slots=True)
class Location:
    """The place of an archive: a folder of this machine, or a Chroma server with a folder for derived indexes.

    Attributes:
        data: folder for Chroma's files and for derived indexes.
        server: address of a Chroma server ("http://host:8000"); None for Chroma in `data`.
    """

    data: Path
    server: str | None = None

    @property
    def folder(self) -> Path:
        """Return the folder in which Chroma keeps its files when it is not on a server."""
        return self.data / "chroma"


class EngineError(Exception):
    """Chroma refuses or fails."""


class MissingCollection(EngineError):
    """There is no collection of this name."""


class BusyEngine(EngineError):
    """Another process has the folder open."""


class CrashedEngine(EngineError):
    """Chroma's process died: its files are damaged, or it was killed."""


class KilledEngine(CrashedEngine):
    """Chroma's process was killed from outside; its files need not be damaged."""


class DamagedEngine(EngineError):
    """Chroma cannot open its files or read what is in them."""


class Engine(Protocol):
    """An open Chroma; every method raises `EngineError` and those derived from it."""

    def call(self, method: str, *arguments: Any, **named: Any) -> Any:
        """Do what `vectorstore.store.chroma.Chroma` does under this name, and return its result."""

    def close(self) -> None:
        """Close files and connections."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection of an engine; the methods are those of Chroma's own collections.

    Attributes:
        engine: that holds it.
        name: of the collection.
    """

    engine: Engine
    name: str

    def get(self, **named: Any) -> Any:
        """Return the rows with these ids, or that a condition admits."""
        return self.engine.call("on_collection", self.name, "get", **named)

    def upsert(self, **named: Any) -> None:
        """Add rows, or replace those with their ids."""
        self.engine.call("on_collection", self.name, "upsert", **named)

    def delete(self, **named: Any) -> None:
        """Delete the rows with these ids."""
        self.engine.call("on_collection", self.name, "delete", **named)

    def count(self) -> int:
        """Return the number of rows."""
        return int(self.engine.call("on_collection", self.name, "count"))

    def modify(self, metadata: dict[str, str]) -> None:
        """Replace the metadata of the collection."""
        self.engine.call("on_collection", self.name, "modify", metadata=metadata)


class Connection:
    """The collections of an archive; it raises engine errors, so use it within `translate_engine_errors`.

    Attributes:
        letters, passages: the collections, once `make` or `find` has been called.

    Args:
        engine: an open Chroma, closed with the connection.
    """

    letters: Collection
    passages: Collection

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.most_at_once = int(engine.call("most_at_once"))

    def make(self, metadata: dict[str, str], passages: str) -> None:
        """Open both collections, creating those that are missing; existing ones keep their metadata.

        Args:
            metadata: of a new archive.
            passages: name of the collection of passages.
        """
        self.passages = self.open_or_create_passages(passages)
        self._engine.call("open_or_create", LETTERS, metadata)
        self.letters = Collection(self._engine, LETTERS)

    def open_or_create_passages(self, passages: str) -> Collection:
        """Return the collection of passages of this name, creating it if missing."""
        self._engine.call("open_or_create", passages, None)
        return Collection(self._engine, passages)

    def find(self, passages: str) -> None:
        """Open both collections, that of passages by its name.

        Raises:
            MissingCollection: one of them does not exist.
        """
        for name in (passages, LETTERS):
            self._engine.call("metadata", name)
        self.passages, self.letters = Collection(self._engine, passages), Collection(self._engine, LETTERS)

    def drop(self) -> None:
        """Delete all collections."""
        self.drop_passages()
        with contextlib.suppress(MissingCollection):
            self._engine.call("delete_collection", LETTERS)

    def drop_passages(self, but: AbstractCollection[str] = ()) -> None:
        """Delete collections of passages, except those of these names."""
        for name in self._engine.call("names"):
            if name.startswith(PASSAGES) and name not in but:
                with contextlib.suppress(MissingCollection):
                    self._engine.call("delete_collection", name)

    def metadata(self) -> dict[str, Any]:
        """Return the current metadata of the archive as a whole.

        Raises:
            MissingCollection: there is no archive.
        """
        return dict(self._engine.call("metadata", LETTERS))

    def scrub(self) -> None:
        """Make sure that nothing of what was deleted is left in the files."""
        self._engine.call("scrub")

    def close(self) -> None:
        """Close files and connections."""
        self._engine.close()


@contextlib.contextmanager
def translate_engine_errors(location: Location) -> Iterator[None]:
    """Turn the errors of an engine into this program's, once, at the boundary."""
    try:
        yield
    except ArchiveError:
        raise
    except BusyEngine as error:
        raise ArchiveUnavailable(
            f"Een andere opdracht schrijft nu in het archief in {location.data}.",
            "Wacht tot die klaar is en probeer het opnieuw.",
        ) from error
    except KilledEngine as error:
        raise ArchiveUnavailable(
            f"De databank van het archief in {location.data} werd afgebroken.",
            "Sluit andere programma's als het geheugen vol is, en probeer het opnieuw.",
        ) from error
    except (CrashedEngine, DamagedEngine) as error:
        raise DamagedArchive(
            f"Het archief in {location.data} is beschadigd ({_first_line(error)}).",
            "Maak het opnieuw met `raadsgeheugen ingest --rebuild MAP`, met de map waarin uw brieven staan; wat er "
            "nu staat wordt dan eerst opzij gezet.",
        ) from error
    except (EngineError, OSError, ValueError, RuntimeError) as error:
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
