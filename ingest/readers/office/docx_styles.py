"""The styles and lists of a Word document, applied to its paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.readers.layout.styled import HEADING_STYLE, QUOTE_STYLE
from ingest.readers.office.numbering import Counter, Level, parse_number
from ingest.readers.office.package import Element

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

_FORMS = {
    "decimal": "1", "decimalZero": "1", "lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I",
    "bullet": "", "none": "",
}  # fmt: skip
_LIST_STYLE = re.compile(r"(?:List|Lijst|Opsomming)", re.I)


def w(name: str) -> str:
    """Return a name in the namespace of Word's own elements and attributes."""
    return f"{{{W}}}{name}"


@dataclass(frozen=True, slots=True)
class Style:
    """The properties that a style gives a paragraph or words in it.

    Attributes:
        name: as Word shows it.
        italic: in italics; None if it does not say.
        number: identifier of the list it belongs to, and the level; None if it is not a list.
    """

    name: str = ""
    italic: bool | None = None
    number: tuple[str, int] | None = None

    @property
    def heading(self) -> bool:
        """Check whether it is for headings."""
        return bool(HEADING_STYLE.match(self.name))

    @property
    def quote(self) -> bool:
        """Check whether it is for quotations."""
        return bool(QUOTE_STYLE.match(self.name))

    @property
    def listed(self) -> bool:
        """Check whether it is for list items."""
        return bool(_LIST_STYLE.match(self.name))


class Styles:
    """The styles of a document, and the counters of its lists.

    Args:
        styles: root of the part with styles; None if the document has none.
        numbering: root of the part with lists; None if the document has none.
    """

    def __init__(self, styles: Element | None, numbering: Element | None) -> None:
        found = [] if styles is None else styles.findall(w("style"))
        self._elements = {style.get(w("styleId"), ""): style for style in found}
        self._resolved: dict[str, Style] = {}
        self._default = next((s.get(w("styleId"), "") for s in found if _is_default(s)), "")
        self._slanted = (
            False if styles is None else _italic(styles.find(f"{w('docDefaults')}/{w('rPrDefault')}")) or False
        )
        self._lists = _Lists(numbering)

    def of(self, paragraph: Element) -> Style:
        """Return the style of a paragraph."""
        return self._named(_value(paragraph.find(f"{w('pPr')}/{w('pStyle')}"), self._default))

    def is_italic(self, run: Element, paragraph: Element) -> bool:
        """Check whether a run of a paragraph is in italics, by itself or by its styles."""
        character = _value(run.find(f"{w('rPr')}/{w('rStyle')}"))
        said = (_italic(run), self._named(character).italic, self.of(paragraph).italic)
        return next((italic for italic in said if italic is not None), self._slanted)

    def mark(self, paragraph: Element) -> str | None:
        """Return the number or bullet of a paragraph, advancing the count; None if it is not a list item."""
        own = _number(paragraph)
        style = self.of(paragraph)
        if own is None and style.number is None:
            return None
        number, level = own or style.number or ("0", 0)
        if not number and style.number:
            number = style.number[0]
        return None if number in ("", "0") else self._lists.mark(number, level)

    def _named(self, identifier: str) -> Style:
        if identifier not in self._resolved:
            self._resolved[identifier] = Style()
            element = self._elements.get(identifier)
            if element is not None:
                self._resolved[identifier] = self._inherit(element)
        return self._resolved[identifier]

    def _inherit(self, element: Element) -> Style:
        base = self._named(_value(element.find(w("basedOn"))))
        italic, number = _italic(element), _number(element)
        return Style(
            _value(element.find(w("name"))),
            base.italic if italic is None else italic,
            number or base.number,
        )


class _Lists:
    """The lists of a document."""

    def __init__(self, numbering: Element | None) -> None:
        found = [] if numbering is None else numbering.findall(w("abstractNum"))
        self._kinds = {kind.get(w("abstractNumId")): _levels(kind) for kind in found}
        used = [] if numbering is None else numbering.findall(w("num"))
        self._uses = {use.get(w("numId")): use for use in used}
        self._counters: dict[str, Counter] = {}
        self._begun: set[str] = set()

    def mark(self, number: str, level: int) -> str:
        """Return the mark of the next item of a list."""
        use = self._uses.get(number)
        kind = "" if use is None else _value(use.find(w("abstractNumId")))
        counter = self._counters.setdefault(kind, Counter())
        levels = self._kinds.get(kind, {})
        if use is not None:
            changed = use.findall(w("lvlOverride"))
            levels = levels | {at: made for change in changed for at, made in _levels(change).items()}
            if number not in self._begun:
                self._begun.add(number)
                _restart(counter, changed)
        return counter.mark(levels, level)


def _restart(counter: Counter, changes: list[Element]) -> None:
    for change in changes:
        start = _value(change.find(w("startOverride")))
        if start:
            counter.restart(parse_number(change.get(w("ilvl")), 0), parse_number(start, 1))


def _levels(kind: Element) -> dict[int, Level]:
    return {
        parse_number(level.get(w("ilvl")), 0): Level(
            "" if _value(level.find(w("numFmt"))) == "none" else _value(level.find(w("lvlText"))),
            _FORMS.get(_value(level.find(w("numFmt")), "decimal"), "1"),
            parse_number(_value(level.find(w("start"))), 1),
        )
        for level in kind.findall(w("lvl"))
    }


def _number(element: Element) -> tuple[str, int] | None:
    """Return the list and level in the properties of a paragraph or style."""
    found = element.find(f"{w('pPr')}/{w('numPr')}")
    if found is None:
        return None
    return _value(found.find(w("numId"))), parse_number(_value(found.find(w("ilvl"))), 0)


def _italic(element: Element | None) -> bool | None:
    found = None if element is None else element.find(f"{w('rPr')}/{w('i')}")
    return None if found is None else found.get(w("val"), "1") not in ("0", "false", "off")


def is_hidden(run: Element) -> bool:
    """Check whether words are hidden by their own properties."""
    found = run.find(f"{w('rPr')}/{w('vanish')}")
    return found is not None and found.get(w("val"), "1") not in ("0", "false", "off")


def _is_default(style: Element) -> bool:
    return style.get(w("type")) == "paragraph" and style.get(w("default")) in ("1", "true")


def _value(element: Element | None, otherwise: str = "") -> str:
    return otherwise if element is None else element.get(w("val"), otherwise)
