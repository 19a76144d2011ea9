"""Which reader reads a file: decided by its content, its name only where content cannot tell."""

from __future__ import annotations

import io
import zipfile

from ingest.document import Block, Reader
from ingest.readers.docx import read_docx
from ingest.readers.ocr import read_image
from ingest.readers.pdf import read_pdf
from ingest.readers.text import read_markdown, read_text
from vectorstore.errors import UnreadableFile

VERSION = "readers-1"
"""Changes whenever the same file would give other text."""

_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF8", b"BM")


def reader_for(name: str, data: bytes) -> Reader:
    """The reader for a file.

    Raises:
        UnreadableFile: nothing here reads it.
    """
    if not data.strip():
        raise UnreadableFile("Dit bestand is leeg.", "Verwijder het of zet de brief erin.")
    if b"%PDF-" in data[:1024]:
        return read_pdf
    if data.startswith(b"PK\x03\x04"):
        return _packed_reader(data)
    if data.startswith(_IMAGES):
        return read_image
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(
            "Dit is een oud Word-bestand (.doc) of een beveiligd Office-bestand.",
            "Open het in Word en bewaar het als .docx zonder wachtwoord, of als PDF.",
        )
    return read_markdown if name.lower().endswith((".md", ".markdown")) else read_text


def _packed_reader(data: bytes) -> Reader:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = set(packed.namelist())
    except zipfile.BadZipFile as error:
        raise UnreadableFile(
            "Dit Word-bestand is beschadigd.", "Open het in Word en bewaar het opnieuw, of bewaar het als PDF."
        ) from error
    if "word/document.xml" in names:
        return read_docx
    raise UnreadableFile(
        "Dit soort bestand kan niet worden gelezen.", "Bewaar de brief als PDF, Word (.docx) of tekst."
    )


def read_blocks(name: str, data: bytes) -> list[Block]:
    """The blocks of a file.

    Raises:
        UnreadableFile: no text can be had from it.
    """
    reader = reader_for(name, data)
    try:
        blocks = reader(data)
    except UnreadableFile:
        raise
    except (
        Exception
    ) as error:  # what a library makes of a broken file is without end, and one file may not stop the rest
        raise UnreadableFile(
            f"Dit bestand kan niet worden gelezen ({type(error).__name__}).", "Open het zelf en bewaar het opnieuw."
        ) from error
    if not any(character.isalpha() for block in blocks for character in block.text):
        raise UnreadableFile("In dit bestand staat geen tekst.", "Controleer of het het juiste bestand is.")
    return blocks
