"""ZIP files: the files in them, under harmless names, and never more than fits."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath

from ingest.readers.document import Contents, Member
from ingest.readers.office.package import BROKEN_ZIP, read_bounded
from vectorstore.errors import UnreadableFile

MOST_FILES = 2_000
"""Largest number of files in a ZIP."""

LARGEST_UNPACKED = 400_000_000
"""Number of bytes that the files in a ZIP may unpack to together."""

_LITTER = {"thumbs.db", "desktop.ini", "__macosx", "ehthumbs.db"}
_LOCKED = 0x1
_UTF8 = 0x800
_LONGEST_NAME = 200


def read_zip(data: bytes) -> Contents:
    """Return the files in a ZIP.

    Raises:
        UnreadableFile: it is broken, holds too many files, or unpacks to more than fits.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return Contents(members=_members(packed))
    except BROKEN_ZIP as error:
        raise UnreadableFile(
            "Dit ZIP-bestand is beschadigd.", "Pak het zelf uit, of vraag een nieuwe kopie."
        ) from error


def _members(packed: zipfile.ZipFile) -> tuple[Member, ...]:
    entries = [entry for entry in packed.infolist() if not entry.is_dir() and not is_litter(_name(entry))]
    if len(entries) > MOST_FILES:
        raise UnreadableFile(
            f"In dit ZIP-bestand staan meer dan {MOST_FILES} bestanden.", "Pak het zelf uit en lees de map in."
        )
    names = Names()
    room = LARGEST_UNPACKED
    members: list[Member] = []
    for entry in entries:
        member = _member(packed, entry, names.assign(_name(entry)), room)
        room -= len(member.data)
        members.append(member)
    return tuple(members)


def _member(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, room: int) -> Member:
    """Return one file.

    Raises:
        UnreadableFile: it unpacks to more than fits.
    """
    if entry.flag_bits & _LOCKED:
        return Member(
            name,
            b"",
            "Dit bestand in de ZIP is beveiligd met een wachtwoord. Pak de ZIP zelf uit en lees de bestanden in.",
        )
    try:
        with packed.open(entry) as file:
            data = read_bounded(file, room)
    except BROKEN_ZIP:
        return Member(name, b"", "Dit bestand in de ZIP is beschadigd. Vraag een nieuwe kopie van de ZIP.")
    if data is None:
        raise UnreadableFile(
            "Dit ZIP-bestand wordt uitgepakt te groot om te lezen.", "Pak het zelf uit en lees de map in."
        )
    return Member(name, data)


def _name(entry: zipfile.ZipInfo) -> str:
    """Return the name of an entry; one not declared as UTF-8 may be so all the same."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


def is_litter(name: str) -> bool:
    """Check whether a file is a leftover of an operating system, not a letter."""
    return any((part.startswith(".") and part.strip(".")) or part.casefold() in _LITTER for part in _steps(name))


def _steps(name: str) -> list[str]:
    """Return the folders and the name of a path, without steps that lead out of a folder."""
    steps = re.sub(r"^[a-zA-Z]:", "", name.replace("\\", "/")).split("/")
    plain = ("".join(sign for sign in step if sign.isprintable()).strip() for step in steps)
    return [step for step in plain if step.strip(". ")]


class Names:
    """The names given to the files in one file, no two the same."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def assign(self, name: str) -> str:
        """Return a name as a harmless, unique path with forward slashes."""
        steps = [step.replace(":", "_")[:_LONGEST_NAME] for step in _steps(name)] or ["bestand"]
        path = PurePosixPath(*steps)
        made, number = str(path), 2
        while made.casefold() in self._given:
            made, number = str(path.with_name(f"{path.stem} ({number}){path.suffix}")), number + 1
        self._given.add(made.casefold())
        return made
