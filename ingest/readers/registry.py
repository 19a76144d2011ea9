"""The choice of reader for a file: by its content, and by its name only if content cannot tell."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

from ingest.readers.document import BlockKind, Contents, Reader
from ingest.readers.html import read_html
from ingest.readers.mail.eml import is_mail, read_eml
from ingest.readers.mail.outlook import read_ole
from ingest.readers.ocr.tesseract import read_image
from ingest.readers.office.docx import main_part, read_docx
from ingest.readers.office.odt import read_flat_odt, read_odt
from ingest.readers.office.package import BROKEN_ZIP
from ingest.readers.office.rtf import read_rtf
from ingest.readers.pdf.reader import read_pdf
from ingest.readers.text import decode_text, read_markdown, read_text
from ingest.readers.zip_archive import read_zip
from vectorstore.errors import UnreadableFile

VERSION = "readers-2"
"""Changes whenever the same file would give other text."""

_Opener = Callable[[bytes], Contents]
"""Reads a file of a format that may hold other files."""

_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF8")
_TOP = 4_000
"""Number of bytes in which a text-based format must be recognisable."""

_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?:(?!-->)[\s\S]){0,2000}-->\s*)?"
    r"<(?:!doctype\s+html|(?:html|head|body|meta|title|style|p|div|span|table|h[1-6]|ul|ol|font|center)\b[^<>]*>)",
    re.I,
)
_FLAT_ODT = re.compile(r"\s*(?:<\?xml[^>]{0,200}>\s*)?<office:document\b", re.I)
_OTHER_XML = re.compile(r"\s*<(?:\?xml\b|svg\b)", re.I)
_NO_LETTER = {
    "xl/workbook.": ("Dit is een rekenblad (Excel), geen brief.", "Bewaar de tekst eruit als Word-bestand of PDF."),
    "ppt/presentation.": ("Dit is een presentatie (PowerPoint), geen brief.", "Bewaar haar als PDF en lees die in."),
    "spreadsheet": ("Dit is een rekenblad, geen brief.", "Bewaar de tekst eruit als Word-bestand of PDF."),
    "presentation": ("Dit is een presentatie, geen brief.", "Bewaar haar als PDF en lees die in."),
    "graphics": ("Dit is een tekening, geen brief.", "Bewaar haar als PDF en lees die in."),
}
_ODT = ("text", "text-template", "text-master", "text-web")


def read_file(name: str, data: bytes) -> Contents:
    """Return the contents of a file.

    Args:
        name: of the file, only used to tell Markdown from plain text.
        data: its bytes.

    Raises:
        UnreadableFile: neither text nor files can be read from it.
    """
    opener = opener_for(name, data)
    try:
        contents = opener(data)
    except UnreadableFile:
        raise
    except Exception as error:  # libraries raise anything on a broken file, and one file must not stop the rest
        raise UnreadableFile(
            f"Dit bestand kan niet worden gelezen ({type(error).__name__}).", "Open het zelf en bewaar het opnieuw."
        ) from error
    words = (block.text for block in contents.blocks if block.kind is not BlockKind.CARRIER)
    if not contents.members and not any(character.isalpha() for text in words for character in text):
        raise UnreadableFile("In dit bestand staat geen tekst.", "Controleer of het het juiste bestand is.")
    return contents


def opener_for(name: str, data: bytes) -> _Opener:
    """Return the opener for a file.

    Raises:
        UnreadableFile: no reader supports it.
    """
    if not data.strip():
        raise UnreadableFile("Dit bestand is leeg.", "Verwijder het of zet de brief erin.")
    top = data[:_TOP].removeprefix(b"\xef\xbb\xbf").lstrip()
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed_opener(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return read_ole
    if top.startswith(b"{\\rtf"):
        return _alone(read_rtf)
    if is_mail(data):
        return read_eml
    if b"%PDF-" in data[:1024]:
        return _alone(read_pdf)
    if _is_image(data):
        return _alone(read_image)
    return _alone(_text_reader(name, data))


def _is_image(data: bytes) -> bool:
    """Check whether a file is a picture; "BM" and "RIFF" at its beginning alone do not make it one."""
    bitmap = data.startswith(b"BM") and data[6:10] == bytes(4)
    return data.startswith(_IMAGES) or bitmap or (data.startswith(b"RIFF") and data[8:12] == b"WEBP")


def _alone(reader: Reader) -> _Opener:
    """Return an opener for a reader of files that hold no others."""
    return lambda data: Contents(tuple(reader(data)))


def _text_reader(name: str, data: bytes) -> Reader:
    """Return the reader for a file that is text, or was taken for it."""
    text = _beginning(data)
    if _FLAT_ODT.match(text):
        return read_flat_odt
    if _HTML.match(text):
        return read_html
    if _OTHER_XML.match(text):
        raise UnreadableFile(
            "Dit is een XML-bestand, geen brief.", "Bewaar de brief als PDF, Word (.docx) of platte tekst."
        )
    return read_markdown if name.lower().endswith((".md", ".markdown")) else read_text


def _beginning(data: bytes) -> str:
    try:
        return decode_text(data[:_TOP] if len(data) > _TOP else data)
    except UnreadableFile:
        return ""


def _packed_opener(data: bytes) -> _Opener:
    """Return the opener for a zipped file: a document, or an archive of files."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = frozenset(packed.namelist())
            kind = packed.open("mimetype").read(200).decode("latin-1") if "mimetype" in names else ""
    except BROKEN_ZIP as error:
        raise UnreadableFile(
            "Dit ZIP- of Office-bestand is beschadigd.",
            "Open het zelf en bewaar het opnieuw, of vraag een nieuwe kopie.",
        ) from error
    if main_part(names):
        return _alone(read_docx)
    if "opendocument." in kind:
        sort = kind.strip().rpartition("opendocument.")[2]
        return _alone(read_odt) if sort in _ODT else _refusing_opener(*_refusal_of(sort))
    sort = next((sort for sort in _NO_LETTER if any(name.startswith(sort) for name in names)), "")
    if sort or "[Content_Types].xml" in names or kind:
        return _refusing_opener(*_refusal_of(sort))
    return _alone(read_odt) if {"content.xml", "styles.xml"} <= names else read_zip


def _refusal_of(sort: str) -> tuple[str, str]:
    """Return problem and remedy for a kind of OpenDocument that is not a text."""
    unknown = ("Dit soort bestand kan niet worden gelezen.", "Bewaar de brief als PDF, Word (.docx) of tekst.")
    return next((told for name, told in _NO_LETTER.items() if sort.startswith(name)), unknown)


def _refusing_opener(problem: str, remedy: str) -> _Opener:
    """Return an opener that refuses a file known not to be a letter."""

    def refuse(_: bytes) -> Contents:
        raise UnreadableFile(problem, remedy)

    return refuse
