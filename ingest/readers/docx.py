"""Word documents: headings, paragraphs, lists, tables and footnotes, in the order they stand in.

The XML is read directly: python-docx passes over content controls, text boxes and tracked insertions, in which the
templates of municipalities keep the kenmerk, the date and often the whole letter.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

import docx
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from ingest.cleaning import repair
from ingest.document import Block, BlockKind
from ingest.lines import BARE_LABEL, ITEM, LABEL
from vectorstore.errors import UnreadableFile

_LARGEST_UNPACKED = 400_000_000
"""Bytes a Word document may unpack to; a larger one is a trap or a mistake."""

_LARGEST_TEXT = 60_000_000
"""Bytes of XML it may unpack to, some thousands of pages; more would fill the memory."""

_BREAKS = {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-"}
_PASSED_OVER = {qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"), qn("w:instrText")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TEXT_BOX, _PARAGRAPH, _TABLE = qn("w:txbxContent"), qn("w:p"), qn("w:tbl")


def read_docx(data: bytes) -> list[Block]:
    """The blocks of a Word document.

    Raises:
        UnreadableFile: it is broken or unpacks to more than a letter can be.
    """
    try:
        _check_size(data)
        document = docx.Document(io.BytesIO(data))
        styles = {style.style_id: style.name or "" for style in document.styles}
        blocks = [*_letterhead(document, styles), *_blocks_in(document.element.body, styles)]
        return blocks + _footnotes(document, styles)
    except (OpcError, zipfile.BadZipFile, KeyError, ValueError, SyntaxError, OSError, EOFError) as error:
        raise UnreadableFile(
            "Dit Word-bestand is beschadigd.", "Open het in Word en bewaar het opnieuw, of bewaar het als PDF."
        ) from error


def _check_size(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        entries = packed.infolist()
    text = sum(entry.file_size for entry in entries if entry.filename.endswith((".xml", ".rels")))
    if text > _LARGEST_TEXT or sum(entry.file_size for entry in entries) > _LARGEST_UNPACKED:
        raise UnreadableFile("Dit Word-bestand is te groot om te lezen.", "Verwijder de afbeeldingen eruit.")


def _letterhead(document: Document, styles: dict[str, str]) -> Iterator[Block]:
    """What stands in the header of the page, where many councils keep their name."""
    seen: set[str] = set()
    for section in document.sections:
        for header in (section.first_page_header, section.header):
            for block in _blocks_in(header._element, styles):
                if block.text not in seen and any(character.isalpha() for character in block.text):
                    seen.add(block.text)
                    yield Block(block.text, tight=len(seen) > 1)


def _footnotes(document: Document, styles: dict[str, str]) -> list[Block]:
    notes = [part for part in document.part.rels.values() if part.reltype.endswith("/footnotes")]
    if not notes:
        return []
    return [Block(block.text) for block in _blocks_in(parse_xml(notes[0].target_part.blob), styles)]


def _blocks_in(element: BaseOxmlElement, styles: dict[str, str]) -> Iterator[Block]:
    """The blocks under an element, those of a text box after the paragraph it hangs on."""
    for child in element:
        if child.tag in _PASSED_OVER or child.tag == _FALLBACK:
            continue
        if child.tag == _TABLE:
            yield from _table_blocks(child, styles)
        elif child.tag == _PARAGRAPH:
            yield from _paragraph_blocks(child, styles)
            for box in child.iter(_TEXT_BOX):
                if _belongs(box, child):
                    yield from _blocks_in(box, styles)
        else:
            yield from _blocks_in(child, styles)


def _belongs(box: BaseOxmlElement, paragraph: BaseOxmlElement) -> bool:
    """Whether a text box hangs on this paragraph itself, and not on one inside another box or in a fallback."""
    between = [ancestor.tag for ancestor in box.iterancestors() if paragraph in ancestor.iterancestors()]
    return _FALLBACK not in between and _TEXT_BOX not in between


def _text_of(element: BaseOxmlElement) -> str:
    """The words of a paragraph as they stand after all changes, without those of text boxes."""
    pieces: list[str] = []
    for child in element:
        if child.tag == qn("w:t"):
            pieces.append(child.text or "")
        elif child.tag in _BREAKS:
            pieces.append(_BREAKS[child.tag])
        elif child.tag not in _PASSED_OVER and child.tag not in (_FALLBACK, _TEXT_BOX):
            pieces.append(_text_of(child))
    return "".join(pieces)


def _paragraph_blocks(paragraph: BaseOxmlElement, styles: dict[str, str]) -> Iterator[Block]:
    named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    style = styles.get(named.get(qn("w:val"), ""), "") if named is not None else ""
    listed = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None or re.match(
        r"(?:List|Lijst|Opsomming)", style, re.I
    )
    for i, line in enumerate(filter(None, (_clean(line) for line in repair(_text_of(paragraph)).split("\n")))):
        if re.match(r"(?:Heading|Kop|Title|Titel)\b", style, re.I):
            yield Block(line, BlockKind.HEADING, tight=i > 0)
        elif listed:
            yield Block(line if i or ITEM.match(line) else f"- {line}", BlockKind.ITEM, tight=True)
        else:
            yield Block(line, BlockKind.ITEM if ITEM.match(line) else BlockKind.PARAGRAPH, tight=i > 0)


def _table_blocks(table: BaseOxmlElement, styles: dict[str, str]) -> Iterator[Block]:
    """One line a row, its cells apart; a table that only places text on the page gives the blocks it holds."""
    above: list[str] = []
    for row in table.iter(qn("w:tr")):
        if next(row.iterancestors(_TABLE)) is not table:
            continue
        cells = [list(_blocks_in(cell, styles)) for cell in _cells(row)]
        filled = [cell for cell in cells if cell]
        texts = [" ".join(block.text for block in cell) for cell in cells]
        if len(filled) == 1 or any(len(cell) > 3 for cell in cells):
            yield from (block for cell in filled for block in cell)
        elif above and len(above) == len(texts):
            yield from (Block(f"{label} {text}", tight=True) for label, text in zip(above, texts, strict=True) if text)
        elif len(filled) == 2 and _is_label(texts[0]):
            yield Block(" ".join(text for text in texts if text), tight=True)
        elif filled and not all(map(_is_label, texts)):
            yield Block(" | ".join(text for text in texts if text), BlockKind.ITEM, tight=True)
        above = texts if filled and all(map(_is_label, texts)) else []


def _cells(row: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    """The cells of a row, those inside content controls too, without the lower parts of cells that span rows."""
    for cell in row.iter(qn("w:tc")):
        merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
        if next(cell.iterancestors(qn("w:tr"))) is row and (merged is None or merged.get(qn("w:val")) == "restart"):
            yield cell


def _is_label(text: str) -> bool:
    return bool(LABEL.match(text) or BARE_LABEL.match(text)) and len(text.split()) <= 3


def _clean(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
