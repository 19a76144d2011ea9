"""What an archive keeps in its folder, by name: how one is known, and what in it is not somebody's letter."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

MARK: Final = "raadsgeheugen.json"
"""The file by which an archive is known."""

_OLDER_MARKS: Final = ("chroma/chroma.sqlite3", "ingest.lock")
"""What an archive made by a version without the mark has: here, or with Chroma on a server."""

_OWN_NAMES: Final = (
    MARK,
    f"{MARK}.*",
    "chroma",
    "chroma.*",
    "published",
    "ingest.lock",
    "last-ingest.json",
    "last-ingest.json.*",
    "words.json",
    "words.json.*",
    "records.sqlite*",
    "links-*.sqlite*",
    "dense",
    "lexical",
)


def is_archive(folder: Path) -> bool:
    """Check whether a folder holds an archive of this program; letters may lie beside it."""
    return any((folder / mark).is_file() for mark in (MARK, *_OLDER_MARKS))


def is_own_name(name: str) -> bool:
    """Check whether something of this name, in the folder of an archive, is the archive's own."""
    return any(fnmatchcase(name, own) for own in _OWN_NAMES)
