"""OpenDocument texts (.odt, .ott and flat .fodt): headings, paragraphs, lists, tables and notes, in document order.

The XML is read directly: odfdo gives the text of single elements, but neither the numbers of lists nor protection
against documents that unpack without end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ingest.readers.document import Block
from ingest.readers.layout.styled import Layout, StyledBlock, letterhead, mark_quotations, notes, styled_blocks
from ingest.readers.layout.tables import table_blocks
from ingest.readers.office.numbering import BULLET, Counter, parse_number
from ingest.readers.office.odt_styles import Styles, q
from ingest.readers.office.package import Element, PackageParts, parse_xml
from vectorstore.errors import UnreadableFile

MANIFEST = "META-INF/manifest.xml"
_LOCKED = b"encryption-data"
_MOST_SPACES = 100
_PARAGRAPHS = {q("text:p"), q("text:h")}
_TABLE, _ROW, _LIST = q("table:table"), q("table:table-row"), q("text:list")
_CELLS = {q("table:table-cell"), q("table:covered-table-cell")}
_HEADERS = [q("style:header-first"), q("style:header"), q("style:header-left")]
_PASSED_OVER = {
    q("text:tracked-changes"), q("text:note"), q("office:annotation"), q("office:forms"), q("text:sequence-decls"),
    q("text:hidden-text"), q("text:hidden-paragraph"),
}  # fmt: skip
_DRAWN = q("draw:")
"""Prefix of the names of frames, text boxes and shapes, which are in a paragraph but not among its words."""


def read_odt(data: bytes) -> list[Block]:
    """Return the blocks of a zipped OpenDocument text.

    Raises:
        UnreadableFile: it is broken, locked, or unpacks to more than a letter can be.
    """
    parts = PackageParts(data, "LibreOffice")
    if MANIFEST in parts.names and _LOCKED in parts.read(MANIFEST):
        raise UnreadableFile(
            "Dit document is beveiligd met een wachtwoord.", "Bewaar een kopie zonder wachtwoord en lees die in."
        )
    content, styles = parts.xml("content.xml"), parts.xml("styles.xml")
    if content is None:
        raise parts.damage_error()
    return _blocks([content] if styles is None else [styles, content], parts.damage_error())


def read_flat_odt(data: bytes) -> list[Block]:
    """Return the blocks of an OpenDocument text that is one XML file.

    Raises:
        UnreadableFile: it is broken.
    """
    damaged = UnreadableFile(
        "Dit LibreOffice-bestand is beschadigd.",
        "Open het in LibreOffice en bewaar het opnieuw, of bewaar het als PDF.",
    )
    root = parse_xml(data)
    if root is None:
        raise damaged
    return _blocks([root], damaged)


def _blocks(roots: list[Element], damaged: UnreadableFile) -> list[Block]:
    body = roots[-1].find(f"{q('office:body')}/{q('office:text')}")
    if body is None:
        raise damaged
    text = _Text(Styles(roots))
    headers = [
        header
        for root in roots
        for page in sorted(root.iter(q("style:master-page")), key=_follows_itself)
        for kind in _HEADERS
        for header in page.findall(kind)
        if header.get(q("style:display")) != "false"
    ]
    return mark_quotations(
        [
            *letterhead(draft for header in headers for draft in text.drafts(header)),
            *text.drafts(body),
            *notes(draft for note in body.iter(q("text:note-body")) for draft in text.drafts(note)),
        ]
    )


def _follows_itself(page: Element) -> bool:
    """Check whether a page style is followed by itself; that of a first page is not, and comes first."""
    return page.get(q("style:next-style-name")) in (None, page.get(q("style:name")))


class _Text:
    """The text of one document, with list counters that continue from one list to the next."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._outline = Counter()
        self._counters: dict[str, Counter] = {}
        self._ends: dict[str, Counter] = {}

    def drafts(self, element: Iterable[Element]) -> Iterator[StyledBlock]:
        """Yield the blocks under an element, those of a text box after the paragraph it is anchored to."""
        for child in element:
            if child.tag in _PARAGRAPHS:
                yield from self._paragraph(child, None)
            elif child.tag == _LIST:
                yield from self._list(child, "", 0, None)
            elif child.tag == _TABLE:
                yield from table_blocks([list(self.drafts(cell)) for cell in row] for row in _rows(child))
            elif child.tag not in _PASSED_OVER:
                yield from self.drafts(child)

    def _list(self, element: Element, above: str, level: int, counter: Counter | None) -> Iterator[StyledBlock]:
        """Yield the blocks of a list, at a level counted from 0."""
        style = element.get(q("text:style-name"), above)
        counter = counter or self._counter(element, style)
        levels = self._styles.levels(style)
        for item in element:
            start = item.get(q("text:start-value"))
            if start is not None:
                counter.restart(level, parse_number(start, 1))
            mark: str | None = None
            for child in item:
                if child.tag == _LIST:
                    yield from self._list(child, style, level + 1, counter)
                elif child.tag in _PARAGRAPHS:
                    first = mark is None and item.tag == q("text:list-item")
                    mark = counter.mark(levels, level) if first else ""
                    yield from self._paragraph(child, mark)
                else:
                    yield from self.drafts([child])

    def _counter(self, element: Element, style: str) -> Counter:
        """Return the counter of a list: that of the list it continues, or a new one."""
        continued = element.get(q("text:continue-list"))
        if continued in self._ends:
            counter = self._ends[continued]
        elif element.get(q("text:continue-numbering")) == "true" and style in self._counters:
            counter = self._counters[style]
        else:
            counter = Counter()
        self._counters[style] = counter
        name = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
        if name:
            self._ends[name] = counter
        return counter

    def _paragraph(self, paragraph: Element, mark: str | None) -> Iterator[StyledBlock]:
        style = self._styles.paragraph(paragraph)
        heading = paragraph.tag == q("text:h") or style.heading
        text = "" if style.hidden else self._words(paragraph)
        if heading and text.strip() and paragraph.tag == q("text:h"):
            mark = self._heading_mark(paragraph) if mark is None else mark
            mark = None if mark == BULLET else mark
        yield from styled_blocks(text, Layout(heading, mark, italic=self._is_italic(paragraph), set_apart=style.quote))
        yield from self.drafts(_drawn_in(paragraph))

    def _heading_mark(self, heading: Element) -> str | None:
        if heading.get(q("text:is-list-header")) == "true":
            return None
        return self._outline.mark(self._styles.outline, parse_number(heading.get(q("text:outline-level")), 1) - 1)

    def _words(self, element: Element) -> str:
        """Return the words of a paragraph with all tracked changes applied, without notes and text boxes."""
        pieces = [element.text or ""]
        for child in element:
            if child.tag == q("text:s"):
                pieces.append(" " * min(parse_number(child.get(q("text:c")), 1), _MOST_SPACES))
            elif child.tag == q("text:tab"):
                pieces.append("\t")
            elif child.tag == q("text:line-break"):
                pieces.append("\n")
            elif self._is_said(child):
                pieces.append(self._words(child))
            pieces.append(child.tail or "")
        return "".join(pieces)

    def _is_said(self, element: Element) -> bool:
        """Check whether the words in an element belong to the paragraph it is in."""
        if element.tag in _PASSED_OVER or element.tag.startswith(_DRAWN):
            return False
        return element.tag != q("text:span") or not self._styles.words(element).hidden

    def _is_italic(self, paragraph: Element) -> bool:
        """Check whether all words of a paragraph are in italics."""
        slants = list(self._slants(paragraph, bool(self._styles.paragraph(paragraph).italic)))
        return bool(slants) and all(slants)

    def _slants(self, element: Element, italic: bool) -> Iterator[bool]:
        """Yield for each run of words in a paragraph whether it is in italics."""
        if any(character.isalpha() for character in element.text or ""):
            yield italic
        for child in element:
            if self._is_said(child):
                own = self._styles.words(child).italic if child.tag == q("text:span") else None
                yield from self._slants(child, italic if own is None else own)
            if any(character.isalpha() for character in child.tail or ""):
                yield italic


def _drawn_in(element: Element) -> Iterator[Element]:
    """Yield the frames and shapes anchored to a paragraph, except those inside others."""
    for child in element:
        if child.tag.startswith(_DRAWN):
            yield child
        elif child.tag not in _PASSED_OVER:
            yield from _drawn_in(child)


def _rows(table: Element) -> Iterator[list[Element]]:
    """Yield the rows of a table, each with its cells, without those of nested tables."""
    for row in table.iter(_ROW):
        if next(row.iterancestors(_TABLE)) is table:
            yield [cell for cell in row if cell.tag in _CELLS]
