"""The files that are offered to the archive, as they stand on disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vectorstore.errors import UnreadableFile, WrongUse

LARGEST_FILE = 200_000_000
"""Bytes; a larger file is no letter."""

_NO_LETTERS = ("thumbs.db", "desktop.ini", "manifest.csv")
_LINK = "Dit is een verwijzing naar een map, die niet wordt gevolgd. Lees die map zelf in."


@dataclass(frozen=True, slots=True)
class Found:
    """A file on disk, or a folder that could not be entered.

    Attributes:
        path: absolute.
        source: path within the folder that was offered.
        error: why it cannot be opened; empty when nothing is known against it.
    """

    path: Path
    source: str
    error: str = ""

    @property
    def id(self) -> str:
        """Id of the letter in this file: the same as long as the file stays where it is."""
        return hashlib.sha256(str(self.path).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def files_in(paths: Iterable[Path]) -> Iterator[Found]:
    """Files among these paths and in the folders among them, by name.

    Hidden files and folders are left out, and the archive itself when it stands among the letters.

    Raises:
        WrongUse: a path does not exist.
    """
    for given in paths:
        path = given.absolute()
        if path.is_file():
            yield Found(path, _shown(path.name))
        elif path.is_dir():
            yield from _files_under(path)
        else:
            raise WrongUse(f"Er is geen bestand of map {given}.", "Controleer de naam.")


def _files_under(root: Path) -> Iterator[Found]:
    unreadable: list[OSError] = []
    for walked, folders, names in os.walk(root, onerror=unreadable.append):
        folder = Path(walked)
        folders[:] = sorted(name for name in folders if not name.startswith(".") and not is_archive(folder / name))
        for name in folders:
            if (folder / name).is_symlink():
                yield Found(folder / name, _shown((folder / name).relative_to(root).as_posix()), _LINK)
        for name in sorted(names):
            path = folder / name
            if not name.startswith((".", "~$")) and name.lower() not in _NO_LETTERS and not _is_special(path):
                yield Found(path, _shown(path.relative_to(root).as_posix()))
    for error in unreadable:
        path = Path(str(error.filename))
        yield Found(
            path, _shown(path.relative_to(root).as_posix()), "Deze map kan niet worden geopend. Controleer de rechten."
        )


def is_archive(folder: Path) -> bool:
    """Whether a folder holds an archive of ours, which is full of files that are no letters."""
    return (folder / "chroma" / "chroma.sqlite3").is_file() or (folder / "ingest.lock").is_file()


def _is_special(path: Path) -> bool:
    """Whether something is neither a file nor a link to nothing: a pipe would never end."""
    return path.exists() and not path.is_file()


def _shown(name: str) -> str:
    """A name as text; one from an old Windows disk is not in UTF-8, and would be no text at all."""
    raw = os.fsencode(name)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def is_there(path: str) -> bool:
    """Whether a file stands on disk still; one that cannot be looked at now is not gone."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def bytes_of(file: Found) -> bytes:
    """The bytes of a file.

    Raises:
        UnreadableFile: it cannot be opened or is too large to be a letter.
    """
    if file.error:
        raise UnreadableFile(file.error)
    try:
        if file.path.stat().st_size > LARGEST_FILE:
            raise UnreadableFile("Dit bestand is te groot om een brief te zijn.", "Splits het in kleinere bestanden.")
        return file.path.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            f"Dit bestand kan niet worden geopend ({error.strerror}).", "Controleer de rechten op het bestand."
        ) from error
