"""The table of files in a model card, and whether the files of a model are those."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vectorstore.errors import ModelUnavailable

CARD: Final = "README.md"

_ROW: Final = re.compile(r"^\| `(?P<name>[^`]+)` \| (?P<size>\d+) \| `(?P<sha256>[0-9a-f]{64})` \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of a model as its card has it: its path in the folder, its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str

    @classmethod
    def of(cls, folder: Path, name: str) -> ModelFile:
        """Return what a file is now."""
        content = (folder / name).read_bytes()
        return cls(name, len(content), hashlib.sha256(content).hexdigest())

    def row(self) -> str:
        """Return the row of the table in the card."""
        return f"| `{self.name}` | {self.size} | `{self.sha256}` |"


def check_files(folder: Path) -> dict[str, ModelFile]:
    """Check that the files of a model are those of its card, if it names any; return these by name.

    Raises:
        ModelUnavailable: the card or a file is missing, or is of another size or content.
    """
    try:
        named = {expected.name: expected for expected in _files(folder)}
        for expected in named.values():
            if (folder / expected.name).stat().st_size != expected.size:
                raise _broken(folder, expected.name, f"is niet de {expected.size} bytes lang die {CARD} noemt")
            if ModelFile.of(folder, expected.name) != expected:
                raise _broken(folder, expected.name, f"heeft niet de inhoud (SHA-256) die {CARD} noemt")
    except OSError as error:
        name = Path(error.filename).relative_to(folder)
        raise _broken(folder, str(name), f"ontbreekt of is niet te lezen ({error.strerror})") from error
    return named


def record_files(folder: Path) -> None:
    """Write in the card, if there is one, what the files that it names are now."""
    card = folder / CARD
    if card.is_file():
        text = card.read_text(encoding="utf-8")
        card.write_text(_ROW.sub(lambda row: ModelFile.of(folder, row["name"]).row(), text), encoding="utf-8")


def _files(folder: Path) -> Iterator[ModelFile]:
    for row in _ROW.finditer((folder / CARD).read_text(encoding="utf-8")):
        yield ModelFile(row["name"], int(row["size"]), row["sha256"])


def _broken(folder: Path, name: str, problem: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"Het model in {folder} is niet heel: het bestand {name} {problem}.",
        "Zet de map terug zoals ze werd geleverd: bij een meegeleverd model door Raadsgeheugen opnieuw te installeren.",
    )
