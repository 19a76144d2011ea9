"""What is said of an archive as a whole, in the metadata of its letters: changed in one step, and read before all else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from vectorstore.chroma import PASSAGES, Location
from vectorstore.errors import ArchiveMismatch
from vectorstore.records import Revision

SCHEMA: Final = "3"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The parts of the program an archive was made with; another part would make another archive."""

    embedding: str
    chunker: str
    analyser: str
    schema: str = SCHEMA


@dataclass(frozen=True, slots=True)
class Standing:
    """How an archive stands.

    Attributes:
        fingerprint: the parts it was made with.
        revision: changes whenever it does.
        passages: name of the collection that holds its passages.
        successor: name of the one into which they are embedded with another model; empty when there is none.
        writing: records may have changed that the revision does not tell of.
    """

    fingerprint: Fingerprint
    revision: Revision
    passages: str = PASSAGES
    successor: str = ""
    writing: bool = False

    @classmethod
    def read(cls, metadata: Mapping[str, Any]) -> Standing:
        """The standing that `metadata` wrote."""
        said = {name: str(value) for name, value in metadata.items()}
        parts = Fingerprint(*(said.get(part, "") for part in Fingerprint.__slots__))
        revision = Revision.read(said.get("revision", ""))
        return cls(parts, revision, said.get("passages", PASSAGES), said.get("successor", ""), "writing" in said)

    def metadata(self) -> dict[str, str]:
        """The same as Chroma keeps it."""
        said = asdict(self.fingerprint) | {"revision": str(self.revision), "passages": self.passages}
        notes = {"successor": self.successor, "writing": "yes" if self.writing else ""}
        return said | {name: note for name, note in notes.items() if note}


def passages_of(embedding: str) -> str:
    """Name of the collection for passages that are embedded again with a model."""
    return f"{PASSAGES}-{hashlib.sha256(embedding.encode()).hexdigest()[:12]}"


def check(location: Location, made_with: Fingerprint, ours: Fingerprint) -> None:
    """Nothing when an archive was made with the parts of this program.

    Raises:
        ArchiveMismatch: it was made with others; says which, and what brings it over to ours.
    """
    others = [name for name in Fingerprint.__slots__ if getattr(made_with, name) != getattr(ours, name)]
    where = location.server or location.data
    if others == ["embedding"]:
        raise ArchiveMismatch(
            f"Het archief in {where} is van het model {made_with.embedding!r}, en ingesteld is {ours.embedding!r}.",
            "Zet het over op het ingestelde model met `raadsgeheugen reembed`, of stel het andere model in en begin "
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
