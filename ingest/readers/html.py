"""HTML, as browsers, mail programs, Word and LibreOffice write it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bs4 import BeautifulSoup
from bs4.dammit import EncodingDetector
from bs4.element import NavigableString, PreformattedString, Tag

from ingest.readers.document import Block
from ingest.readers.layout.cleaning import blocks_of
from ingest.readers.layout.styled import Layout, StyledBlock, mark_quotations, notes, styled_blocks
from ingest.readers.layout.tables import table_blocks
from ingest.readers.office.numbering import BULLET, add_dot, format_ordinal, parse_number
from ingest.readers.text import decode_text

_LEFT_OUT = {
    "script", "style", "head", "title", "nav", "noscript", "template", "iframe", "object", "svg", "math", "button",
    "select", "input", "textarea", "del", "s", "strike",
}  # fmt: skip
_INLINE = {
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "ins", "kbd", "label", "mark", "o:p", "q",
    "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "img",
}  # fmt: skip
_ITALIC = {"i", "em", "cite"}
_CELLS, _LISTS = ("td", "th"), ("ol", "ul", "menu")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.I)
_SLANT = re.compile(r"font-style\s*:\s*(\w+)", re.I)
_NO_MARGIN = re.compile(r"margin(?:-bottom)?\s*:\s*0\w*(?:\s*;|\s*$|\s+\d)", re.I)
_NOTE = re.compile(r"_?(?:sdfootnote|sdendnote|ftn|edn)\d+", re.I)
_NOTE_MARK = re.compile(r"#_?(?:sdfootnote|sdendnote|ftn|edn|fn)[\w:-]*", re.I)


def read_html(data: bytes) -> list[Block]:
    """Return the blocks of an HTML file.

    Raises:
        UnreadableFile: it is not text.
    """
    return html_blocks(html_text(data))


def html_text(data: bytes) -> str:
    """Decode HTML in its declared encoding, unless it turns out to be UTF-8.

    Raises:
        UnreadableFile: it is not text.
    """
    declared = EncodingDetector.find_declared_encoding(data, is_html=True, search_entire_document=False)
    if declared:
        for encoding in ("utf-8-sig", "cp1252" if declared in ("iso-8859-1", "latin1", "us-ascii") else declared):
            try:
                return data.decode(encoding)
            except (LookupError, ValueError):
                continue
    return decode_text(data)


def html_blocks(text: str) -> list[Block]:
    """Return the blocks of decoded HTML."""
    page_text = _DECLARATION.sub("", text)
    soup = BeautifulSoup(page_text if "<" in page_text else f"<p>{page_text}</p>", "lxml")
    page = _Page()
    try:
        page.read(soup.body or soup)
    except RecursionError:
        return _flat(soup)
    page.end()
    return mark_quotations([*page.drafts, *notes(page.notes)])


def _flat(soup: BeautifulSoup) -> list[Block]:
    """Return the words of a page whose elements are nested without end, as when none is closed."""
    for element in soup(list(_LEFT_OUT)):
        element.extract()
    return blocks_of([soup.get_text("\n")], numbered=False)


class _Page:
    """A page as far as it has been read: the finished paragraphs and the current one.

    Attributes:
        drafts: the finished paragraphs.
        notes: the footnotes among them.
    """

    def __init__(self, quoted: bool = False) -> None:
        self.drafts: list[StyledBlock] = []
        self.notes: list[StyledBlock] = []
        self._words: list[str] = []
        self._slants: list[bool] = []
        self._layout = Layout(set_apart=quoted)
        self._apart = True

    def read(self, element: Tag, italic: bool = False) -> None:
        """Read the contents of an element."""
        for child in element.children:
            if isinstance(child, Tag):
                if not _is_hidden(child):
                    self._element(child, italic)
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                self._say(str(child), italic, kept=element.name == "pre")

    def end(self) -> None:
        """End the current paragraph."""
        text = "".join(self._words)
        if text.replace("\xa0", " ").strip():
            layout = self._layout
            made = Layout(
                layout.heading, layout.mark, not self._apart, bool(self._slants) and all(self._slants), layout.set_apart
            )
            self.drafts += styled_blocks(text, made)
            self._apart = False
            if layout.mark is not None:
                self._layout = Layout(mark="", set_apart=layout.set_apart)
        elif "\n" in text or "\xa0" in text:
            self._apart = True
        self._words, self._slants = [], []

    def _say(self, words: str, italic: bool, *, kept: bool) -> None:
        self._words.append(words if kept else re.sub(r"[ \t\r\n\f]+", " ", words))
        if any(character.isalpha() for character in words):
            self._slants.append(italic)

    def _element(self, element: Tag, italic: bool) -> None:
        italic = _slant(element, italic)
        if element.name == "br":
            self._words.append("\n")
        elif element.name in _INLINE:
            self.read(element, italic)
        elif element.name in _LISTS:
            self._list(element, italic)
        elif element.name == "table":
            self.end()
            self.drafts += table_blocks(
                [_cell_blocks(cell, italic, self._layout.set_apart) for cell in row] for row in _rows(element)
            )
            self._apart = True
        elif element.name == "hr":
            self.end()
            self._apart = True
        else:
            self._paragraph(element, italic)

    def _paragraph(self, element: Tag, italic: bool) -> None:
        """Read an element that has lines of its own."""
        self.end()
        before, kept = self._layout, len(self.drafts)
        heading = re.fullmatch(r"h[1-6]", element.name) is not None or "MsoTitle" in str(element.get("class", ""))
        if heading or element.name == "blockquote":
            self._layout = Layout(heading, set_apart=before.set_apart or element.name == "blockquote")
        spaced = heading or element.name == "blockquote" or (element.name == "p" and not _is_close(element))
        self._apart = self._apart or spaced
        self.read(element, italic)
        self.end()
        if heading or element.name == "blockquote":
            self._layout = before
        elif before.mark is not None and len(self.drafts) > kept:
            self._layout = Layout(mark="", set_apart=before.set_apart)
        self._apart = self._apart or spaced
        if _NOTE.fullmatch(str(element.get("id", ""))):
            self.notes += self.drafts[kept:]
            del self.drafts[kept:]

    def _list(self, element: Tag, italic: bool) -> None:
        self.end()
        before = self._layout
        number = parse_number(str(element.get("start", "")), 1)
        for item in element.children:
            if not isinstance(item, Tag) or _is_hidden(item):
                continue
            if item.name == "li":
                number = parse_number(str(item.get("value", "")), number)
                mark = (
                    add_dot(format_ordinal(number, str(element.get("type", "1")))) if element.name == "ol" else BULLET
                )
                self._layout = Layout(mark=mark, set_apart=before.set_apart)
                number += 1
            self.read(item, _slant(item, italic)) if item.name == "li" else self._element(item, italic)
            self.end()
        self._layout = before
        self._apart = True


def _cell_blocks(cell: Tag, italic: bool, quoted: bool) -> Sequence[StyledBlock]:
    """Return the contents of a table cell."""
    page = _Page(quoted)
    page.read(cell, _slant(cell, italic))
    page.end()
    return page.drafts


def _rows(table: Tag) -> Iterator[list[Tag]]:
    """Yield the rows of a table, each with its cells, without those of nested tables."""
    for row in table.find_all("tr"):
        if row.find_parent("table") is table and not _is_hidden(row):
            yield [cell for cell in row.find_all(_CELLS, recursive=False) if not _is_hidden(cell)]


def _is_hidden(element: Tag) -> bool:
    style = str(element.get("style", ""))
    return (
        element.name in _LEFT_OUT
        or element.has_attr("hidden")
        or element.get("aria-hidden") == "true"
        or (element.name == "div" and element.get("title") == "footer")
        or (element.name == "a" and _NOTE_MARK.fullmatch(str(element.get("href", ""))) is not None)
        or (bool(style) and _HIDDEN.search(style) is not None)
    )


def _slant(element: Tag, italic: bool) -> bool:
    """Check whether words in an element are in italics."""
    told = _SLANT.search(str(element.get("style", "")))
    if told:
        return told[1].lower() in ("italic", "oblique")
    return italic or element.name in _ITALIC


def _is_close(paragraph: Tag) -> bool:
    """Check whether a paragraph has no white space after it."""
    classes = str(paragraph.get("class", ""))
    return "MsoNormal" in classes or _NO_MARGIN.search(str(paragraph.get("style", ""))) is not None
