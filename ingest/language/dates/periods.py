"""Periods as questions name them: "in 2019", "voor 2018", "tussen 2015 en 2019", "de brief van 12 mei 2020"."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Final

from ingest.language.dates.months import ANY_MONTH
from ingest.language.dates.patterns import YEAR
from ingest.language.dates.reader import WrittenDate, read_dates

Period = tuple[dt.date | None, dt.date | None]
"""First and last day, None for an open end."""

_NUMBERED = rf"({YEAR})"
_DATED = re.compile(
    rf"\b(?:brief|advies|reactie|antwoord|verslag|samenvatting|letter|advice|reply|minutes|in|uit)\s+(?:van|uit|of|from)?\s*"
    rf"(?P<date>(?:\d{{1,2}}\s+)?(?:{ANY_MONTH})\.?\s+{YEAR})\b"
)
_BETWEEN = (
    re.compile(rf"\b(?:tussen|between)\s+{_NUMBERED}\s+(?:en|and)\s+{_NUMBERED}\b"),
    re.compile(rf"\b(?:van|from)\s+{_NUMBERED}\s+(?:tot(?: en met)?|t/m|to|until)\s+{_NUMBERED}\b"),
)
_BEFORE = re.compile(rf"\b(?:voor|before|eerder dan)\s+{_NUMBERED}\b")
_UNTIL = re.compile(rf"\b(?:tot en met|t/m|up to|uiterlijk)\s+{_NUMBERED}\b")
_AFTER = re.compile(rf"\b(?:na|after|later dan)\s+{_NUMBERED}\b")
_SINCE = re.compile(rf"\b(?:sinds|vanaf|since)\s+{_NUMBERED}\b")
_IN = re.compile(
    rf"(?<!\bzoals )(?<!\bdan )(?<!\bals )(?<!\bas )(?<!\bthan )\b(?:in|uit|anno)\s+(?:het jaar\s+)?{_NUMBERED}\b(?!\s*[-–]\s*\d)"
)
_AFTER_LETTER = re.compile(
    rf"\b(?:na|sinds|op|naar aanleiding van|after|since|to)\s+(?:het|de|ons|onze|dat|the|our)?\s*(?:advies|brief|reactie|verslag|advice|letter|reply)\s+(?:van|uit|of|from)\s+"
    rf"(?:\d{{1,2}}\s+)?(?:\w+\s+)?{YEAR}\b"
)
"""A letter after which something is asked, so that its date is not that of the answer."""

_TIME: Final = re.compile(
    r"(?:\s*\b(?:in|uit|van|voor|vóór|na|sinds|vanaf|tot|begin|eind|from|since|before|after)\b)?"
    rf"(?:\s+(?:{ANY_MONTH})\.?)?\s*(?<![-–])(?<![-–] )\b{YEAR}\b(?!\s*[-–]\s*\d)",
    re.I,
)
FULL_YEAR: Final = re.compile(rf"\b{YEAR}\b")
"""A year in four digits, without which no period is named."""

_OF_YEAR: Final = re.compile(
    rf"\b(?:in|per|van|over|begin|eind|medio|voor het jaar|of|for|{ANY_MONTH})\s+{_NUMBERED}\b(?!\s*[-–/]\s*\d)"
)
_NOT_THEN: Final = re.compile(
    r"\b(?:sinds|vanaf|voor|na|tussen|tot|t/m|dan|als|zoals|nog|nota|programma|beleidsplan|plan|since|before|after|between|until|than|as)\b"
    rf"[^?.]{{0,12}}\b{YEAR}\b"
)


def read_period(folded: str) -> Period:
    """Return the period that a folded question names; a letter's date is one of a day or of a month."""
    folded = _AFTER_LETTER.sub(" ", folded)
    dated = _DATED.search(folded)
    if dated:
        return _around(read_dates(dated["date"], partial=True, labelled=True))
    for pattern in _BETWEEN:
        if match := pattern.search(folded):
            first, last = sorted((int(match[1]), int(match[2])))
            return dt.date(first, 1, 1), dt.date(last, 12, 31)
    if match := _BEFORE.search(folded):
        return None, dt.date(int(match[1]) - 1, 12, 31)
    if match := _UNTIL.search(folded):
        return None, dt.date(int(match[1]), 12, 31)
    if match := _AFTER.search(folded):
        return dt.date(int(match[1]) + 1, 1, 1), None
    if match := _SINCE.search(folded):
        return dt.date(int(match[1]), 1, 1), None
    if match := _IN.search(folded):
        return dt.date(int(match[1]), 1, 1), dt.date(int(match[1]), 12, 31)
    return None, None


def years_in(text: str) -> frozenset[int]:
    """Return the years that stand in a text in full."""
    return frozenset(map(int, FULL_YEAR.findall(text)))


def years_asked_of(folded: str) -> frozenset[int]:
    """Return the years of which a folded question asks, none when it asks of the time before, after or since one."""
    return frozenset() if _NOT_THEN.search(folded) else frozenset(map(int, _OF_YEAR.findall(folded)))


def names_time(text: str) -> bool:
    """Tell whether a question names a year, or a month of one."""
    return _TIME.search(text) is not None


def without_times(text: str) -> str:
    """Leave out the years that a question names, with their months and the words that lead up to them."""
    return _TIME.sub("", text)


def _around(dates: list[WrittenDate]) -> Period:
    """Return the first and last day of a date; open ends when there is no such day."""
    if not dates:
        return None, None
    first = dates[0].date
    days = calendar.monthrange(first.year, first.month)[1]
    return first, first if dates[0].day else first.replace(day=days)
