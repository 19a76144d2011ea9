"""HTML, as browsers, mail programs, Word and LibreOffice write it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bs4 import BeautifulSoup
from bs4.dammit import EncodingDetector
from bs4.element import NavigableString, PreformattedString, Tag

from ingest.cleaning import blocks_of
from ingest.document import Block
from ingest.readers.drafts import Draft, Layout, drafts_of, notes, settled
from ingest.readers.numbering import BULLET, dotted, ordinal, whole
from ingest.readers.tables import table_drafts
from ingest.readers.text import decoded

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
    """The blocks of an HTML file.

    Raises:
        UnreadableFile: it is no text.
    """
    return html_blocks(html_text(data))


def html_text(data: bytes) -> str:
    """HTML as text, in the encoding it says it has unless it is UTF-8 after all.

    Raises:
        UnreadableFile: it is no text.
    """
    declared = EncodingDetector.find_declared_encoding(data, is_html=True, search_entire_document=False)
    if declared:
        for encoding in ("utf-8-sig", "cp1252" if declared in ("iso-8859-1", "latin1", "us-ascii") else declared):
            try:
                return data.decode(encoding)
            except (LookupError, ValueError):
                continue
    return decoded(data)


def html_blocks(text: str) -> list[Block]:
    """The blocks of HTML that is text already."""
    page_text = _DECLARATION.sub("", text)
    soup = BeautifulSoup(page_text if "<" in page_text else f"<p>{page_text}</p>", "lxml")
    page = _Page()
    try:
        page.read(soup.body or soup)
    except RecursionError:
        return _flat(soup)
    page.end()
    return settled([*page.drafts, *notes(page.notes)])


def _flat(soup: BeautifulSoup) -> list[Block]:
    """The words of a page whose elements stand in one another without end, as when none is closed."""
    for element in soup(list(_LEFT_OUT)):
        element.extract()
    return blocks_of([soup.get_text("\n")], numbered=False)


class _Page:
    """The page as far as it has been read: what is done, and the paragraph that is being made.

    Attributes:
        drafts: the paragraphs that are done.
        notes: the footnotes among them.
    """

    def __init__(self, quoted: bool = False) -> None:
        self.drafts: list[Draft] = []
        self.notes: list[Draft] = []
        self._words: list[str] = []
        self._slants: list[bool] = []
        self._layout = Layout(set_apart=quoted)
        self._apart = True

    def read(self, element: Tag, italic: bool = False) -> None:
        """Read what is in an element."""
        for child in element.children:
            if isinstance(child, Tag):
                if not _is_hidden(child):
                    self._element(child, italic)
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                self._say(str(child), italic, kept=element.name == "pre")

    def end(self) -> None:
        """End the paragraph that is being made."""
        text = "".join(self._words)
        if text.replace("\xa0", " ").strip():
            layout = self._layout
            made = Layout(
                layout.heading, layout.mark, not self._apart, bool(self._slants) and all(self._slants), layout.set_apart
            )
            self.drafts += drafts_of(text, made)
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
            self.drafts += table_drafts(
                [_inside(cell, italic, self._layout.set_apart) for cell in row] for row in _rows(element)
            )
            self._apart = True
        elif element.name == "hr":
            self.end()
            self._apart = True
        else:
            self._paragraph(element, italic)

    def _paragraph(self, element: Tag, italic: bool) -> None:
        """An element that stands on lines of its own."""
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
        number = whole(str(element.get("start", "")), 1)
        for item in element.children:
            if not isinstance(item, Tag) or _is_hidden(item):
                continue
            if item.name == "li":
                number = whole(str(item.get("value", "")), number)
                mark = dotted(ordinal(number, str(element.get("type", "1")))) if element.name == "ol" else BULLET
                self._layout = Layout(mark=mark, set_apart=before.set_apart)
                number += 1
            self.read(item, _slant(item, italic)) if item.name == "li" else self._element(item, italic)
            self.end()
        self._layout = before
        self._apart = True


def _inside(cell: Tag, italic: bool, quoted: bool) -> Sequence[Draft]:
    """What stands in a cell of a table."""
    page = _Page(quoted)
    page.read(cell, _slant(cell, italic))
    page.end()
    return page.drafts


def _rows(table: Tag) -> Iterator[list[Tag]]:
    """The rows of a table, each with its cells; none of tables inside it."""
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
    """Whether words in an element are in italics."""
    told = _SLANT.search(str(element.get("style", "")))
    if told:
        return told[1].lower() in ("italic", "oblique")
    return italic or element.name in _ITALIC


def _is_close(paragraph: Tag) -> bool:
    """Whether no white space follows a paragraph."""
    classes = str(paragraph.get("class", ""))
    return "MsoNormal" in classes or _NO_MARGIN.search(str(paragraph.get("style", ""))) is not None
