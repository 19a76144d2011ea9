"""Word documents: headings, paragraphs, lists, tables and footnotes, in document order.

The XML is read directly: python-docx skips content controls, text boxes and tracked insertions, in which the templates
of municipalities keep the kenmerk, the date and often the whole letter, and it opens no .docm and no .dotx.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from ingest.readers.document import Block
from ingest.readers.layout.styled import Layout, StyledBlock, letterhead, mark_quotations, notes, styled_blocks
from ingest.readers.layout.tables import table_blocks
from ingest.readers.office.docx_styles import Styles, W, is_hidden, w
from ingest.readers.office.numbering import BULLET
from ingest.readers.office.package import Element, PackageParts

_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
"""The namespace of the strict variant of the format, which for this reader is otherwise the same."""

_BREAKS = {w("br"): "\n", w("cr"): "\n", w("tab"): "\t", w("noBreakHyphen"): "-"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TEXT_BOX, _PARAGRAPH, _TABLE = w("txbxContent"), w("p"), w("tbl")
_PASSED_OVER = {w("del"), w("moveFrom"), w("pPr"), w("rPr"), w("instrText"), _FALLBACK}
_RELATED = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def read_docx(data: bytes) -> list[Block]:
    """Return the blocks of a Word document.

    Raises:
        UnreadableFile: it is broken or unpacks to more than a letter can be.
    """
    parts = PackageParts(data, "Word")
    main = main_part(parts.names)
    if main is None:
        raise parts.damage_error()
    root = _xml(parts, main)
    related = _related(parts, main)
    styles = Styles(_first(parts, related, "/styles"), _first(parts, related, "/numbering"))
    body = root.find(w("body"))
    if body is None:
        raise parts.damage_error()
    headers = _headers(parts, root, related)
    footnotes = [_first(parts, related, kind) for kind in ("/footnotes", "/endnotes")]
    return mark_quotations(
        [
            *letterhead(draft for header in headers for draft in _drafts_in(header, styles)),
            *_drafts_in(body, styles),
            *notes(draft for part in footnotes if part is not None for draft in _drafts_in(part, styles)),
        ]
    )


def main_part(names: frozenset[str]) -> str | None:
    """Return the name of the text part in a zip file; None if it is not a Word document."""
    candidates = sorted(name for name in names if name.startswith("word/document") and name.endswith(".xml"))
    return candidates[0] if candidates else None


def _xml(parts: PackageParts, name: str) -> Element:
    return parts.parse(parts.read(name).replace(_STRICT, W.encode()))


def _related(parts: PackageParts, main: str) -> dict[str, tuple[str, str]]:
    """Return kind and name of the parts that the text refers to, by the identifier it uses for them."""
    folder, name = posixpath.split(main)
    links = parts.xml(f"{folder}/_rels/{name}.rels")
    if links is None:
        return {}
    return {
        link.get("Id", ""): (
            link.get("Type", ""),
            posixpath.normpath(posixpath.join("/", folder, link.get("Target", ""))).lstrip("/"),
        )
        for link in links.iter(_RELATED)
        if link.get("TargetMode") != "External"
    }


def _first(parts: PackageParts, related: dict[str, tuple[str, str]], kind: str) -> Element | None:
    """Return the first part of a kind, or None."""
    names = [name for of, name in related.values() if of.endswith(kind) and name in parts.names]
    return _xml(parts, names[0]) if names else None


def _headers(parts: PackageParts, root: Element, related: dict[str, tuple[str, str]]) -> Iterator[Element]:
    """Yield the page headers, that of the first page before the others of its section."""
    for section in root.iter(w("sectPr")):
        used = section.findall(w("headerReference"))
        for reference in sorted(used, key=lambda reference: reference.get(w("type")) != "first"):
            identifier = next((value for name, value in reference.attrib.items() if name.endswith("}id")), "")
            _, name = related.get(identifier, ("", ""))
            if name in parts.names:
                yield _xml(parts, name)


def _drafts_in(element: Element, styles: Styles) -> Iterator[StyledBlock]:
    """Yield the blocks under an element, those of a text box after the paragraph it is anchored to."""
    for child in element:
        if child.tag in _PASSED_OVER:
            continue
        if child.tag == _TABLE:
            yield from table_blocks([list(_drafts_in(cell, styles)) for cell in row] for row in _rows(child))
        elif child.tag == _PARAGRAPH:
            yield from styled_blocks(_text_of(child), _layout(child, styles))
            for box in child.iter(_TEXT_BOX):
                if _belongs(box, child):
                    yield from _drafts_in(box, styles)
        else:
            yield from _drafts_in(child, styles)


def _belongs(box: Element, paragraph: Element) -> bool:
    """Check whether a text box is anchored to this paragraph, not to one inside another box or in a fallback."""
    for ancestor in box.iterancestors():
        if ancestor is paragraph:
            return True
        if ancestor.tag in (_FALLBACK, _TEXT_BOX):
            return False
    return False


def _text_of(element: Element) -> str:
    """Return the words of a paragraph with all tracked changes applied, without those of text boxes."""
    pieces: list[str] = []
    for child in element:
        if child.tag == w("t"):
            pieces.append(child.text or "")
        elif child.tag in _BREAKS:
            pieces.append(_BREAKS[child.tag])
        elif child.tag not in _PASSED_OVER and child.tag != _TEXT_BOX and not is_hidden(child):
            pieces.append(_text_of(child))
    return "".join(pieces)


def _layout(paragraph: Element, styles: Styles) -> Layout:
    if not _text_of(paragraph).strip():
        return Layout()
    style = styles.of(paragraph)
    mark = styles.mark(paragraph)
    if style.heading and mark == BULLET:
        mark = None
    listed = mark is None and style.listed and not style.heading
    return Layout(
        style.heading, BULLET if listed else mark, italic=_is_italic(paragraph, styles), set_apart=style.quote
    )


def _is_italic(paragraph: Element, styles: Styles) -> bool:
    """Check whether all words of a paragraph are in italics."""
    runs = [
        run
        for run in paragraph.iter(w("r"))
        if _belongs_to(run, paragraph) and any(character.isalpha() for character in _text_of(run))
    ]
    return bool(runs) and all(styles.is_italic(run, paragraph) for run in runs)


def _belongs_to(run: Element, paragraph: Element) -> bool:
    """Check whether a run is of this paragraph itself and remains after all tracked changes."""
    for ancestor in run.iterancestors():
        if ancestor is paragraph:
            return True
        if ancestor.tag in _PASSED_OVER or ancestor.tag == _TEXT_BOX:
            return False
    return False


def _rows(table: Element) -> Iterator[list[Element]]:
    """Yield the rows of a table, each with its cells, without those of nested tables."""
    for row in table.iter(w("tr")):
        if next(row.iterancestors(_TABLE)) is table:
            yield [cell for cell in row.iter(w("tc")) if next(cell.iterancestors(w("tr"))) is row and _begins(cell)]


def _begins(cell: Element) -> bool:
    """Check whether a cell is not the lower part of one that spans rows."""
    merged = cell.find(f"{w('tcPr')}/{w('vMerge')}")
    return merged is None or merged.get(w("val")) == "restart"
