"""The numbers of numbered lists, which Word, LibreOffice and HTML count instead of writing them out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST_LETTERS, _MOST_ROMAN = 26 * 4, 3999
BULLET = "-"
"""The mark of an item without a number."""


def format_ordinal(number: int, form: str) -> str:
    """Format a number as a list shows it.

    Args:
        number: from 1.
        form: "1" for figures, "a" or "A" for letters, "i" or "I" for Roman ones.
    """
    if form in ("a", "A") and 0 < number <= _MOST_LETTERS:
        letter = chr(ord(form) + (number - 1) % 26)
        return letter * ((number - 1) // 26 + 1)
    if form in ("i", "I") and 0 < number <= _MOST_ROMAN:
        roman = "".join(_roman(number))
        return roman.upper() if form == "I" else roman
    return str(number)


def _roman(number: int) -> Iterator[str]:
    for value, sign in _ROMAN:
        yield sign * (number // value)
        number %= value


@dataclass(frozen=True, slots=True)
class Level:
    """The numbering of one level of a list.

    Attributes:
        pattern: the mark of an item, "%1" for the number at the first level, "%2" at the second, …; "" for none.
        form: as for `format_ordinal`; "" for a bullet.
        start: number of the first item.
    """

    pattern: str
    form: str
    start: int = 1


class Counter:
    """The numbers reached by the lists of one kind."""

    def __init__(self) -> None:
        self._reached: dict[int, int] = {}

    def restart(self, level: int, number: int) -> None:
        """Set the number of the next item at a level."""
        self._reached[level] = number - 1

    def mark(self, levels: Mapping[int, Level], level: int) -> str:
        """Return the mark of the next item at a level, counted from 0."""
        own = levels.get(level)
        if own is None:
            return BULLET
        self._reached = {at: number for at, number in self._reached.items() if at <= level}
        self._reached[level] = self._reached.get(level, own.start - 1) + 1
        if not own.form:
            return BULLET if own.pattern else ""
        return add_dot(re.sub(r"%(\d)", lambda place: self._number(levels, int(place[1]) - 1), own.pattern))

    def _number(self, levels: Mapping[int, Level], level: int) -> str:
        known = levels.get(level, Level("", "1"))
        return format_ordinal(self._reached.setdefault(level, known.start), known.form or "1")


def add_dot(mark: str) -> str:
    """Return a mark with the full stop that makes it recognisable as a number; "Artikel 3" and "2.1" need none."""
    bare = mark.strip()
    return f"{bare}." if re.fullmatch(r"\w{1,4}", bare) else bare


def parse_number(text: str | None, otherwise: int) -> int:
    """Parse a number from a file, or return `otherwise` if it is missing or unreasonable."""
    return int(text) if text and re.fullmatch(r"\d{1,6}", text) else otherwise


def make_pattern(prefix: str, shown: Sequence[int], suffix: str) -> str:
    """Return the pattern of a level that shows the numbers of these levels, counted from 1, with full stops between."""
    return prefix + ".".join(f"%{level}" for level in shown) + suffix
