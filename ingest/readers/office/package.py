"""The XML of office documents, read within bounds: no zip bombs, no entities, no network."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import IO, Any

from lxml import etree

from vectorstore.errors import UnreadableFile

Element = Any
"""An lxml element; lxml has no type hints."""

_LARGEST_TEXT = 60_000_000
"""Number of bytes of XML a document may unpack to, some thousands of pages; more would fill the memory."""

_CHUNK = 1 << 20

BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, EOFError, KeyError, OSError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip
"""Exceptions of the zip library on files that are damaged, locked or packed in an unsupported way."""


class PackageParts:
    """The parts of a zipped document.

    Args:
        data: the bytes of the document.
        program: the program that made it, by the name a volunteer knows: "Word".

    Raises:
        UnreadableFile: it is not a zip file.
    """

    def __init__(self, data: bytes, program: str) -> None:
        self._program = program
        self._room = _LARGEST_TEXT
        try:
            self._packed = zipfile.ZipFile(io.BytesIO(data))
        except BROKEN_ZIP as error:
            raise self.damage_error() from error
        self.names = frozenset(self._packed.namelist())

    def damage_error(self) -> UnreadableFile:
        """Return the error to raise for a damaged document."""
        return UnreadableFile(
            f"Dit {self._program}-bestand is beschadigd.",
            f"Open het in {self._program} en bewaar het opnieuw, of bewaar het als PDF.",
        )

    def xml(self, name: str) -> Element | None:
        """Return the root of a part, or None if there is no such part.

        Raises:
            UnreadableFile: the part is damaged, or the document is larger than a letter can be.
        """
        return self.parse(self.read(name)) if name in self.names else None

    def read(self, name: str) -> bytes:
        """Return the bytes of a part.

        Raises:
            UnreadableFile: as for `xml`.
        """
        try:
            with self._packed.open(name) as part:
                content = read_bounded(part, self._room)
        except BROKEN_ZIP as error:
            raise self.damage_error() from error
        if content is None:
            raise too_large_error(self._program)
        self._room -= len(content)
        return content

    def parse(self, content: bytes) -> Element:
        """Return the root of XML.

        Raises:
            UnreadableFile: it is not well-formed.
        """
        root = parse_xml(content)
        if root is None:
            raise self.damage_error()
        return root


def too_large_error(program: str) -> UnreadableFile:
    """Return the error to raise for a document with too much text."""
    return UnreadableFile(
        f"Dit {program}-bestand is te groot om te lezen.", "Splits het in kleinere bestanden en lees die in."
    )


def read_bounded(part: IO[bytes], most: int) -> bytes | None:
    """Return the contents of a packed file, counted while unpacking; None if there are more than so many bytes."""
    pieces: list[bytes] = []
    while piece := part.read(_CHUNK):
        most -= len(piece)
        if most < 0:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def parse_xml(content: bytes) -> Element | None:
    """Return the root of XML without entities of its own; None if malformed or if it declares a document type."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return None if root.getroottree().docinfo.doctype else root
