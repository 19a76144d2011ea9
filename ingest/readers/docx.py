"""Word documents: headings, paragraphs, lists and the rows of tables, in the order they stand in."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import ParseError

import docx
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml.etree import LxmlError

from ingest.cleaning import repair
from ingest.document import Block, BlockKind
from vectorstore.errors import UnreadableFile

_LARGEST_UNPACKED = 400_000_000
"""Bytes a Word document may unpack to; a larger one is a trap or a mistake."""


def read_docx(data: bytes) -> list[Block]:
    """The blocks of a Word document.

    Raises:
        UnreadableFile: it is broken or unpacks to more than a letter can be.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > _LARGEST_UNPACKED:
                raise UnreadableFile("Dit Word-bestand is te groot om te lezen.", "Verwijder de afbeeldingen eruit.")
        document = docx.Document(io.BytesIO(data))
        return [*_header_blocks(document), *_body_blocks(document)]
    except (OpcError, zipfile.BadZipFile, KeyError, ValueError, LxmlError, ParseError, OSError, EOFError) as error:
        raise UnreadableFile(
            "Dit Word-bestand is beschadigd.", "Open het in Word en bewaar het opnieuw, of bewaar het als PDF."
        ) from error


def _header_blocks(document: Document) -> Iterator[Block]:
    """The letterhead, which many councils keep in the header of the page."""
    seen: set[str] = set()
    for section in document.sections:
        for paragraph in (*section.first_page_header.paragraphs, *section.header.paragraphs):
            text = _clean(paragraph.text)
            if text and text not in seen:
                seen.add(text)
                yield Block(text, tight=len(seen) > 1)


def _body_blocks(document: Document) -> Iterator[Block]:
    for element in document.iter_inner_content():
        if isinstance(element, Table):
            yield from _table_blocks(element)
        else:
            yield from _paragraph_blocks(element)


def _paragraph_blocks(paragraph: Paragraph) -> Iterator[Block]:
    style = (paragraph.style.name or "") if paragraph.style else ""
    for i, line in enumerate(filter(None, (_clean(line) for line in paragraph.text.split("\n")))):
        if re.match(r"(?:Heading|Kop|Title|Titel)\b", style, re.I):
            yield Block(line, BlockKind.HEADING)
        elif _is_item(paragraph, style):
            marked = line if i or re.match(r"^(?:[-•]|\d+[.)])\s", line) else f"- {line}"
            yield Block(marked, BlockKind.ITEM, tight=True)
        else:
            yield Block(line, BlockKind.PARAGRAPH, tight=i > 0)


def _is_item(paragraph: Paragraph, style: str) -> bool:
    properties = paragraph._p.pPr
    return bool(re.match(r"(?:List|Lijst|Opsomming)", style, re.I)) or (
        properties is not None and properties.numPr is not None
    )


def _table_blocks(table: Table) -> Iterator[Block]:
    """One line a row, its cells apart; a cell that spans several columns stands once."""
    for row in table.rows:
        cells = list({id(cell._tc): _clean(cell.text.replace("\n", " ")) for cell in row.cells}.values())
        if any(cells):
            yield Block(" | ".join(cell for cell in cells if cell), BlockKind.ITEM, tight=True)


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", repair(text)).strip()
