"""The XML of office documents, read within bounds: no traps that unpack without end, no entities, no network."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import IO, Any

from lxml import etree

from vectorstore.errors import UnreadableFile

Element = Any
"""An element as lxml has it; lxml tells no types."""

_LARGEST_TEXT = 60_000_000
"""Bytes of XML a document may unpack to, some thousands of pages; more would fill the memory."""

_CHUNK = 1 << 20

BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, EOFError, KeyError, OSError, NotImplementedError, RuntimeError, ValueError,
)  # fmt: skip
"""What the zip library raises on files that are damaged, locked or packed in a way it does not know."""


class Parts:
    """The parts of a zipped document.

    Args:
        data: the bytes of the document.
        program: the program it was made with, as a volunteer knows it: "Word".

    Raises:
        UnreadableFile: it is no zip file.
    """

    def __init__(self, data: bytes, program: str) -> None:
        self._program = program
        self._room = _LARGEST_TEXT
        try:
            self._packed = zipfile.ZipFile(io.BytesIO(data))
        except BROKEN_ZIP as error:
            raise self.damaged() from error
        self.names = frozenset(self._packed.namelist())

    def damaged(self) -> UnreadableFile:
        """The error to raise for a document that is not as it should be."""
        return UnreadableFile(
            f"Dit {self._program}-bestand is beschadigd.",
            f"Open het in {self._program} en bewaar het opnieuw, of bewaar het als PDF.",
        )

    def xml(self, name: str) -> Element | None:
        """The root of a part, None when there is no such part.

        Raises:
            UnreadableFile: the part is damaged, or the document is larger than a letter can be.
        """
        return self.parsed(self.read(name)) if name in self.names else None

    def read(self, name: str) -> bytes:
        """The bytes of a part.

        Raises:
            UnreadableFile: as for `xml`.
        """
        try:
            with self._packed.open(name) as part:
                content = bounded(part, self._room)
        except BROKEN_ZIP as error:
            raise self.damaged() from error
        if content is None:
            raise too_large(self._program)
        self._room -= len(content)
        return content

    def parsed(self, content: bytes) -> Element:
        """The root of XML.

        Raises:
            UnreadableFile: it is not well-formed.
        """
        root = parsed_xml(content)
        if root is None:
            raise self.damaged()
        return root


def too_large(program: str) -> UnreadableFile:
    """The error to raise for a document with more text than can be read."""
    return UnreadableFile(
        f"Dit {program}-bestand is te groot om te lezen.", "Splits het in kleinere bestanden en lees die in."
    )


def bounded(part: IO[bytes], most: int) -> bytes | None:
    """What is in a packed file, counted while it unpacks; None when that is more than so many bytes."""
    pieces: list[bytes] = []
    while piece := part.read(_CHUNK):
        most -= len(piece)
        if most < 0:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def parsed_xml(content: bytes) -> Element | None:
    """The root of XML without entities of its own; None when it is not well-formed, or declares a document type."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return None if root.getroottree().docinfo.doctype else root
