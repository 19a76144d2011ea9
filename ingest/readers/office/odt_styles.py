"""The styles and lists of an OpenDocument text, applied to its paragraphs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ingest.readers.layout.styled import HEADING_STYLE, QUOTE_STYLE
from ingest.readers.office.numbering import Level, make_pattern, parse_number
from ingest.readers.office.package import Element

_NAMESPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
}


def q(name: str) -> str:
    """Return a name as lxml has it: "text:p" with the full namespace in front."""
    prefix, local = name.split(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


@dataclass(frozen=True, slots=True)
class Style:
    """The properties of a style.

    Attributes:
        italic: words are in italics; None if it does not say.
        quote: it is for quotations.
        heading: it is for a title or heading.
        hidden: words are hidden.
        list_style: the list style of its paragraphs; "" for none.
    """

    italic: bool | None = None
    quote: bool = False
    heading: bool = False
    hidden: bool = False
    list_style: str = ""


class Styles:
    """The styles of a document.

    Args:
        roots: of the parts that hold styles.
    """

    def __init__(self, roots: Iterable[Element]) -> None:
        roots = list(roots)
        self._elements = {
            (style.get(q("style:family"), ""), style.get(q("style:name"), "")): style
            for root in roots
            for style in root.iter(q("style:style"))
        }
        self._lists = {
            style.get(q("style:name"), ""): _levels(style)
            for root in roots
            for style in root.iter(q("text:list-style"))
        }
        outlines = [style for root in roots for style in root.iter(q("text:outline-style"))]
        self.outline = _levels(outlines[-1]) if outlines else {}
        self._resolved: dict[tuple[str, str], Style] = {}

    def paragraph(self, element: Element) -> Style:
        """Return the style of a paragraph."""
        return self._named("paragraph", element.get(q("text:style-name"), ""))

    def words(self, span: Element) -> Style:
        """Return the style of words in a paragraph."""
        return self._named("text", span.get(q("text:style-name"), ""))

    def levels(self, list_style: str) -> dict[int, Level]:
        """Return the numbering of a list style, by level from 0."""
        return self._lists.get(list_style, {})

    def _named(self, family: str, name: str) -> Style:
        key = (family, name)
        if key not in self._resolved:
            self._resolved[key] = Style()
            element = self._elements.get(key)
            if element is not None:
                self._resolved[key] = self._inherit(family, element)
        return self._resolved[key]

    def _inherit(self, family: str, element: Element) -> Style:
        base = self._named(family, element.get(q("style:parent-style-name"), ""))
        properties = element.find(q("style:text-properties"))
        slant = None if properties is None else properties.get(q("fo:font-style"))
        names = (element.get(q("style:display-name"), ""), element.get(q("style:name"), "").replace("_20_", " "))
        return Style(
            base.italic if slant is None else slant in ("italic", "oblique"),
            base.quote or any(map(QUOTE_STYLE.match, names)),
            base.heading or any(map(HEADING_STYLE.match, names)),
            base.hidden or (properties is not None and properties.get(q("text:display")) == "none"),
            element.get(q("style:list-style-name"), base.list_style),
        )


def _levels(style: Element) -> dict[int, Level]:
    levels: dict[int, Level] = {}
    for level in style:
        depth = parse_number(level.get(q("text:level")), 1)
        form = level.get(q("style:num-format"), "")
        if level.tag in (q("text:list-level-style-number"), q("text:outline-level-style")):
            shown = range(max(1, depth + 1 - parse_number(level.get(q("text:display-levels")), 1)), depth + 1)
            pattern = make_pattern(
                level.get(q("style:num-prefix"), ""), shown if form else (), level.get(q("style:num-suffix"), "")
            )
            levels[depth - 1] = Level(pattern if form else "", form, parse_number(level.get(q("text:start-value")), 1))
        else:
            levels[depth - 1] = Level("•", "")
    return levels
