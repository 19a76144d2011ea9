"""Grouping lines into paragraphs: wrapped lines are joined, address lines and list items stay separate."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.language.courtesies import GREETING, SALUTATION, closes
from ingest.readers.layout.running_headers import SENTENCE_END

LABEL = re.compile(
    r"^(?:aan|van|t\.?a\.?v\.?|datum|dagtekening|ons kenmerk|onze referentie|uw kenmerk|uw brief|uw referentie|kenmerk|"
    r"betreft|betreffende|onderwerp|inzake|c\.?c\.?|i\.?a\.?a\.?|bijlagen?|contactpersoon|behandeld door|telefoon|e-?mail|"
    r"afschrift|zaaknummer|referentie|voorzitter|secretaris|aanwezig|afwezig|notulist|verslag)\b\.?\s*(?::|$|\s{2,})",
    re.I,
)
"""The label of a fact about the letter: "Datum:", "Ons kenmerk"."""

BARE_LABEL = re.compile(
    r"^(?:(?:Ons kenmerk|Uw kenmerk|Kenmerk|Zaaknummer|Datum|Onderwerp|Betreft|Uw brief van)\b|"
    r"[Tt]\.?a\.?v\.? (?:de |het |heer|mevrouw|mw|dhr|[Ww]ethouder|[A-Z]))"
)
"""A label without a colon."""

ITEM = re.compile(r"^(?:(?P<mark>[-•*·‣▪–—►➢✓o])\s+|\(?\d{1,2}[.)]\s+|\(?[a-z][.)]\s+)")
"""The mark of a list item."""

RULE = re.compile(r"^[-_=*~]{3,}$")
"""A line drawn with characters."""

_BULLETS = "•·‣▪►➢✓"
_PLACE_AND_DATE = re.compile(
    r"^['’]?[A-Za-z][\w'’ -]{1,40},\s*(?:[a-z]+\s+)?\d{1,2}\s+[a-z]{3,9}\.?\s+(?:19|20)\d\d\.?$"
)
_UNWRAPPED = 160
"""Length above which a line was not wrapped to fit a page; in such a text every line is a paragraph."""

_HEAD = 40
"""Number of lines from the top in which a salutation ends the head of a letter."""

_ANNOUNCED = re.compile(r"[A-Za-z][\w.’' /-]{1,24}:\s+\S")
"""A line in the head of a letter that starts with a word or two and a colon."""

_ROOM = 50
"""Largest length of a line in a head that was not wrapped: a line of an address or a fact."""

_NARROWEST = 40.0
"""Smallest line width of a page; a text of shorter lines is a list or an address."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of a file, its page, and whether a blank line precedes it."""

    text: str
    page: int
    after_blank: bool


def paragraphs(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Group lines up to a blank line, a heading, a list item, a label or a line that ends early."""
    wrapped = [len(line.text) for line in lines if len(line.text) <= _UNWRAPPED]
    width = max(statistics.quantiles(wrapped, n=10, method="inclusive")[-1] if len(wrapped) > 1 else 80.0, _NARROWEST)
    groups: list[list[TextLine]] = []
    signing = False
    opening = next((i for i, line in enumerate(lines[:_HEAD]) if SALUTATION.match(line.text)), 0)
    for i, line in enumerate(lines):
        following = lines[i + 1].text if i + 1 < len(lines) and not lines[i + 1].after_blank else None
        anew = not groups or _breaks(groups[-1], line, following, width)
        if (
            anew
            or (signing and len(groups[-1][-1].text) < 0.6 * width)
            or (i < opening and _stands_alone(groups[-1], line))
        ):
            groups.append([line])
        else:
            groups[-1].append(line)
        signing = signing or (i > opening and closes(line.text))
    return groups


def _stands_alone(group: Sequence[TextLine], line: TextLine) -> bool:
    """Check whether a line in the head of a letter is one of its own: the one before it had room for more."""
    before = group[-1].text
    if _ANNOUNCED.match(line.text):
        return True
    return len(before) < _ROOM and not line.text[0].islower() and not before.endswith(("-", "&", " en"))


def _breaks(group: Sequence[TextLine], line: TextLine, following: str | None, width: float) -> bool:
    """Check whether a line does not continue the paragraph before it, `group`."""
    before = group[-1]
    if line.page != before.page:
        title = len(group) == 1 and before.after_blank and line.text[0].isupper()
        if title and _would_have_fitted(line.text, before.text, width):
            return True
        return not _goes_on_overleaf(before.text, line.text, width)
    return line.after_blank or _starts_anew(line.text, group, following, width)


def _goes_on_overleaf(before: str, text: str, width: float) -> bool:
    """Check whether a sentence continues over a page break."""
    if SENTENCE_END.search(before) or _is_marked(text) or (_is_marked(before) and len(before) < 0.7 * width):
        return False
    return (text[0].islower() and len(before) > 0.4 * width) or len(before) > 0.7 * width


def _is_marked(text: str) -> bool:
    return any(pattern.match(text) for pattern in (ITEM, LABEL, BARE_LABEL, GREETING, RULE))


def _starts_anew(text: str, group: Sequence[TextLine], following: str | None, width: float) -> bool:
    """Check whether a line directly below a group begins a new paragraph."""
    before, alone = group[-1].text, len(group) == 1
    ended = bool(SENTENCE_END.search(before))
    full = len(before) > 0.8 * width
    if _is_marked(text):
        fact = any(pattern.match(line) for pattern in (LABEL, BARE_LABEL) for line in (text, group[0].text))
        listed = text[0] in _BULLETS or _same_mark(group[0].text, text)
        return ended or not full or listed or (fact and not ITEM.match(text))
    short = len(before) < 0.6 * width
    if (
        RULE.match(before)
        or (GREETING.match(before) and (short or before.endswith(",")))
        or (LABEL.match(before) and short)
    ):
        return True
    if _PLACE_AND_DATE.match(text) or (_PLACE_AND_DATE.match(before) and short):
        return not full or ended
    opens = text[0].isupper() or text[0].isdigit() or text[0] in "“\"‘'(*"
    if len(before) > _UNWRAPPED or (before[0] == "(" and before[-1] == ")"):
        return opens
    if opens and ended and ((text.endswith(":") and len(text.split()) <= 5) or _stands_above(text, following, width)):
        return True
    if alone and max(len(before), len(text)) < 0.45 * width and not ended:
        return not before.endswith(("-", ","))
    return opens and _would_have_fitted(text, before, width) and (alone or len(before) < 0.45 * width or ended)


def _same_mark(first: str, text: str) -> bool:
    """Check whether two lines are items of one list."""
    one, other = ITEM.match(first), ITEM.match(text)
    return one is not None and other is not None and one["mark"] == other["mark"]


def _would_have_fitted(text: str, before: str, width: float) -> bool:
    """Check whether the first word of a line would have fitted on the line before it."""
    return len(before) + 1 + len(text.split()[0]) < 0.8 * width


def _stands_above(text: str, following: str | None, width: float) -> bool:
    """Check whether a line is a title above a paragraph: short, without a full stop, ending early."""
    if following is None or text[-1] in ".,;" or len(text.split()) > 10 or _is_marked(following):
        return False
    return following[0].isupper() and len(following) > 1.3 * len(text) and _would_have_fitted(following, text, width)
