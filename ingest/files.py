"""The files offered to the archive, as they are on disk: which are read, and which are not and why."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vectorstore.archive_folder import is_archive, is_own_name
from vectorstore.errors import UnreadableFile, WrongUse

LARGEST_FILE: Final = 200_000_000
"""Number of bytes beyond which a file is not a letter."""

_MANIFEST: Final = "manifest.csv"
_OF_THE_SYSTEM: Final = ("thumbs.db", "desktop.ini", ".ds_store")

_SYSTEM: Final = "bestand van het besturingssysteem"
_HIDDEN: Final = "verborgen (de naam begint met een punt)"
_TEMPORARY: Final = "tijdelijk bestand van een tekstverwerker"
_OWN: Final = "hoort bij het archief zelf"
_SPECIAL: Final = "geen gewoon bestand (een pijp, socket of apparaat)"

_FOLDER_LINK: Final = "Dit is een verwijzing naar een map, die niet wordt gevolgd. Lees die map zelf in."
_OUTSIDE_LINK: Final = (
    "Dit is een verwijzing naar een bestand buiten de map, die niet wordt gevolgd. Lees dat bestand zelf in."
)
_ROUND_LINK: Final = "Dit is een verwijzing die nergens heen leidt. Verwijder haar."
_CLOSED_FOLDER: Final = "Deze map kan niet worden geopend. Controleer de rechten."


@dataclass(frozen=True, slots=True)
class Found:
    """A file on disk, a folder that could not be entered, or something that is no letter.

    Attributes:
        path: absolute.
        source: path within the folder that was offered.
        error: why it cannot be opened; empty if no problem is known.
        skipped: why it is no letter; empty for what must be read.
        target: the file itself where `path` is a link to it.
    """

    path: Path
    source: str
    error: str = ""
    skipped: str = ""
    target: Path | None = None

    @property
    def id(self) -> str:
        """Return the id of the letter in this file: the same as long as the file stays where it is."""
        return hashlib.sha256(str(self.path).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def files_in(paths: Iterable[Path]) -> Iterator[Found]:
    """Yield the files among these paths and in the folders among them, by name, and what is skipped there.

    A link is followed only to a file in the folder that was offered, one that is offered itself wherever it leads. Of
    an archive among the letters only what is its own is skipped.

    Raises:
        WrongUse: a path does not exist.
    """
    named = {given.absolute(): given for given in paths}
    found: dict[Path, Found] = {}
    for path, given in named.items():
        for file in _offered(path, given):
            former = found.get(file.path)
            if former is None or not (file.error or file.skipped):
                found[file.path] = file
    yield from (file for file in found.values() if not (file.skipped and file.path in named))


def _offered(path: Path, given: Path) -> Iterator[Found]:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise WrongUse(
            f"Er is geen bestand of map {given} te vinden ({error.strerror}).", "Controleer de naam."
        ) from error
    if stat.S_ISDIR(mode):
        yield from _files_under(path)
    elif stat.S_ISREG(mode):
        yield Found(path, _decode_name(path.name), target=path.resolve())
    else:
        raise WrongUse(f"Er is geen bestand of map {given}.", "Controleer de naam.")


def _files_under(root: Path) -> Iterator[Found]:
    """Yield what is in a folder and below it: the files of each folder before the folders in it."""
    real, waiting = root.resolve(), [root]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
            archive, below = is_archive(folder), list[Path]()
        except OSError:
            yield Found(folder, _source(folder, root), _CLOSED_FOLDER)
            continue
        for entry in entries:
            path = folder / entry.name
            if (found := _look_at(entry, path, _source(path, root), real, archive)) is None:
                below.append(path)
            elif entry.name.lower() != _MANIFEST:
                yield found
        waiting += reversed(below)


def _look_at(entry: os.DirEntry[str], path: Path, source: str, root: Path, archive: bool) -> Found | None:
    """Return what something in a folder is; None for a folder to enter.

    Args:
        entry: it, as the system lists it.
        path: where it is.
        source: path within the folder that was offered.
        root: that folder, without links.
        archive: it lies in the folder of an archive.
    """
    if reason := _OWN if archive and is_own_name(entry.name) else _reason_to_skip(entry.name):
        return Found(path, source, skipped=reason)
    try:
        if _is_link(entry):
            return _follow(path, source, root)
        if entry.is_dir(follow_symlinks=False):
            return None
        return Found(path, source, skipped="" if entry.is_file(follow_symlinks=False) else _SPECIAL)
    except OSError:
        return Found(path, source, _CLOSED_FOLDER)


def _reason_to_skip(name: str) -> str:
    if name.lower() in _OF_THE_SYSTEM:
        return _SYSTEM
    if name.startswith("~$"):
        return _TEMPORARY
    return _HIDDEN if name.startswith(".") else ""


def _is_link(entry: os.DirEntry[str]) -> bool:
    """Check whether something is a link, or a junction of Windows, which is one to a folder."""
    if entry.is_symlink():
        return True
    tag = getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0) if os.name == "nt" else 0
    return bool(tag) and tag == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", 0)


def _follow(path: Path, source: str, root: Path) -> Found:
    """Return the file a link leads to, if that is in the folder that was offered."""
    try:
        target = path.resolve()
    except (OSError, RuntimeError):
        return Found(path, source, _ROUND_LINK)
    if target.is_dir():
        return Found(path, source, _FOLDER_LINK)
    if not target.is_relative_to(root):
        return Found(path, source, _OUTSIDE_LINK)
    special = target.exists() and not target.is_file()
    return Found(path, source, skipped=_SPECIAL if special else "", target=target)


def _source(path: Path, root: Path) -> str:
    return _decode_name(path.relative_to(root).as_posix())


def _decode_name(name: str) -> str:
    """Return a name as text; one from an old Windows disk is not in UTF-8."""
    raw = os.fsencode(name)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def is_there(path: str) -> bool:
    """Check whether a file still exists; one that cannot be checked now counts as existing."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def open_file(file: Found) -> io.BufferedReader:
    """Open a file to read its bytes.

    Where a link leads is found once, when its folder is listed; what is opened here is never a link, so that one that is
    put in the place of a file in the meantime is not followed.

    Raises:
        UnreadableFile: it is refused, whenever it is opened.
        OSError: it cannot be opened now.
    """
    if file.error:
        raise UnreadableFile(file.error)
    opened = open(file.target or file.path, "rb", opener=_open_no_link)  # noqa: SIM115
    status = os.fstat(opened.fileno())
    if stat.S_ISREG(status.st_mode) and status.st_size <= LARGEST_FILE:
        return opened
    opened.close()
    if stat.S_ISREG(status.st_mode):
        raise UnreadableFile("Dit bestand is te groot om een brief te zijn.", "Splits het in kleinere bestanden.")
    raise UnreadableFile("Dit is geen gewoon bestand.", "Verwijder het uit de map.")


def _open_no_link(path: str, flags: int) -> int:
    """Open a file, never through a link, and without waiting for whoever writes to a pipe."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))


def bytes_of(file: Found) -> bytes:
    """Return the bytes of a file.

    Raises:
        UnreadableFile: it is refused, whenever it is opened.
        OSError: it cannot be opened or read now.
    """
    with open_file(file) as opened:
        return opened.read()
