"""The state of an archive as a whole, in the metadata of its letters: changed in one step, and read before all else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from vectorstore.errors import ArchiveMismatch
from vectorstore.models.bundled import BUNDLED
from vectorstore.store.engine import PASSAGES, Location
from vectorstore.store.records import Revision

SCHEMA: Final = "3"

_RENAMED: Final = {"model:ce068b6ba6fb": "static:ce068b6ba6fb"}
"""The bundled static model, by the name of the folder that it had to itself."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The program parts an archive was built with; another part would build another archive."""

    embedding: str
    chunker: str
    analyser: str
    schema: str = SCHEMA

    def __post_init__(self) -> None:
        object.__setattr__(self, "embedding", _RENAMED.get(self.embedding, self.embedding))


@dataclass(frozen=True, slots=True)
class ArchiveState:
    """The state of an archive as a whole.

    Attributes:
        fingerprint: the parts it was built with.
        revision: changes whenever the archive does.
        passages: name of the collection that holds its passages.
        successor: name of the collection into which they are being embedded with another model; empty if none.
        writing: records may have changed without a new revision.
        deleted: something was deleted, of which the files may still hold words.
    """

    fingerprint: Fingerprint
    revision: Revision
    passages: str = PASSAGES
    successor: str = ""
    writing: bool = False
    deleted: bool = False

    @classmethod
    def read(cls, metadata: Mapping[str, Any]) -> ArchiveState:
        """Parse the state written by `metadata`."""
        said = {name: str(value) for name, value in metadata.items()}
        parts = Fingerprint(*(said.get(part, "") for part in Fingerprint.__slots__))
        revision = Revision.read(said.get("revision", ""))
        names = said.get("passages", PASSAGES), said.get("successor", "")
        return cls(parts, revision, *names, "writing" in said, "deleted" in said)

    def metadata(self) -> dict[str, str]:
        """Return the state as metadata for Chroma."""
        said = asdict(self.fingerprint) | {"revision": str(self.revision), "passages": self.passages}
        notes = {
            "successor": self.successor,
            "writing": "yes" if self.writing else "",
            "deleted": "yes" if self.deleted else "",
        }
        return said | {name: note for name, note in notes.items() if note}


def collection_of(embedding: str) -> str:
    """Return the name of the collection for passages that are embedded again with a model."""
    return f"{PASSAGES}-{hashlib.sha256(embedding.encode()).hexdigest()[:12]}"


def check(location: Location, made_with: Fingerprint, ours: Fingerprint) -> None:
    """Check that an archive was built with the parts of this program.

    Raises:
        ArchiveMismatch: it was built with others; says which, and how to convert it.
    """
    others = [name for name in Fingerprint.__slots__ if getattr(made_with, name) != getattr(ours, name)]
    where = location.server or location.data
    if others == ["embedding"]:
        raise ArchiveMismatch(
            f"Het archief in {where} is van het model {made_with.embedding!r}, en ingesteld is {ours.embedding!r}.",
            f"Zet het over op het ingestelde model met `raadsgeheugen reembed`, of {_keeping(made_with)} en begin "
            "opnieuw.",
        )
    if others:
        parts = ", ".join(
            f"{name} {getattr(made_with, name)!r} in plaats van {getattr(ours, name)!r}" for name in others
        )
        raise ArchiveMismatch(
            f"Het archief in {where} is met andere onderdelen gemaakt: {parts}.",
            "Maak het opnieuw met `raadsgeheugen ingest --rebuild MAP`, met de map waarin uw brieven staan.",
        )


def _keeping(made_with: Fingerprint) -> str:
    """Return how an archive can stay with its model."""
    name = made_with.embedding.partition(":")[0]
    return f"zet RAADSGEHEUGEN_MODEL op {name}" if name in BUNDLED else "stel het andere model in"
