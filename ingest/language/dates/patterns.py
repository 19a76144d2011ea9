"""The forms that a date has in letters, in questions and in the names of files, as patterns."""

from __future__ import annotations

import re
from typing import Final

from ingest.language.dates.months import ANY_MONTH, DUTCH_MONTH
from ingest.language.numbers import DUTCH_CARDINALS

YEAR: Final = r"(?:19|20)\d\d"
"""A year in full, as part of a pattern."""

WEEKDAY: Final = r"(?:maan|dins|woens|donder|vrij|zater|zon)dag"
"""A Dutch day of the week, as part of a pattern."""

_APOSTROPHE = "['’‘´`]"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?!\d)"
"""A number that can be a day of a month; a larger one before a month counts something else."""

_SUFFIX = r"(?:e|ste|sten|den?|th|st|nd|rd)?"
_MARK = r"\s*[-–,]?\s*"
"""What may stand between the parts of a date in words; text recognition loses the space."""

_UP_TO_A_MONTH = sorted((word for word, number in DUTCH_CARDINALS.items() if number <= 31), key=len, reverse=True)
_COUNTED_DAY = re.sub(r"en(?=twintig|dertig)", "[eë]n", "|".join(_UP_TO_A_MONTH))
_DAY_WORD = rf"(?:eerste|derde|(?:{_COUNTED_DAY})(?:ste|de)?)"
_YEAR_WORDS = r"(?:tweeduizend|negentienhonderd)(?:\s?(?:en\s)?[a-zë]{3,20})?"

_LAST = r"(?:jl|j\.l|ll|l\.l|jongstleden|laatstleden)\b\.?"
_PART = r"(?:(?:begin|medio|half|eind|voorjaar|najaar)\s+)?"
_ENDED_YEAR = rf"(?:{YEAR}|['’]\d\d)(?!\d|[-/.]\d)"
MOMENT: Final = (
    rf"(?:(?:{WEEKDAY}\s+)?\d{{1,2}}(?:e|ste|de)?\s+(?:(?:{DUTCH_MONTH})\b\.?(?:\s+{_ENDED_YEAR})?(?:,?\s+{_LAST})?|dezer\b)|"
    rf"(?<![\d-])\d{{1,2}}(?:-\d{{1,2}}-|/\d{{1,2}}/|\.\d{{1,2}}\.)(?:{YEAR}|['’]?\d\d)(?![\d/-])|(?<![\d-]){YEAR}-\d\d-\d\d(?!\d)|"
    rf"{_PART}(?:{DUTCH_MONTH})\b\.?\s+(?:{_ENDED_YEAR}|{_LAST})|(?<![\d-]){YEAR}(?![\d/-]))"
)
"""A date where a letter names another letter, as part of a pattern; `read_date` says which it is."""


def _in_words(month: str, of: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?:(?<!\d[.,/-])(?P<day>{_DAY})[ ]?{_SUFFIX}\.?{_MARK}{of}|(?P<spelled_day>{_DAY_WORD})\s+|)"
        rf"(?P<month>{month})\.?"
        rf"(?:{_MARK}(?P<year>{YEAR}|{_APOSTROPHE}\d\d)(?!\d)|\s+(?P<spelled_year>{_YEAR_WORDS})(?!\w))",
        re.I,
    )


def _day_and_month(month: str, of: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.,/-])(?P<day>{_DAY}){_SUFFIX}\.?\s+{of}(?P<month>{month})\b\.?", re.I)


IN_NUMBERS = re.compile(
    rf"(?<![\w/-])(?<!\d\.)(?P<day>\d{{1,2}})(?P<mark>\s?[-/.]\s?)(?P<month>\d{{1,2}})(?P=mark)"
    rf"(?P<year>{YEAR}|{_APOSTROPHE}?\d\d)(?!\d|[-/.]\d|[A-Za-z])"
)
_YEAR_FIRST = re.compile(
    rf"(?<![\w/.-])(?P<year>{YEAR})(?P<mark>[-/.])(?P<month>\d\d)(?P=mark)(?P<day>\d\d)(?!\d|[-/.]\d)"
)
_MONTH_FIRST = re.compile(
    rf"\b(?P<month>{ANY_MONTH})\s+(?P<day>{_DAY})(?:th|st|nd|rd)?(?!\d|[.,]\d| (?:{ANY_MONTH}))\b"
    rf"(?:,?\s+(?P<year>{YEAR})\b)?",
    re.I,
)
OF_THIS_MONTH = re.compile(r"(?<![\w.,/-])(?P<this>\d{1,2})(?:e|ste|de)?\s+dezer\b", re.I)
_YEAR_ALONE = re.compile(
    rf"(?<![\w.,/€$-])(?<!€ )(?P<year>{YEAR})(?![\d%]|[.,]\d|[/-]?\w)"
    r"(?!\s+(?:euro|procent|percent|mensen|people|huishoudens|households|gezinnen|inwoners|keer|plaatsen|kilometer|uur|dagen|weken|maanden)\b)",
    re.I,
)
FULL_FORMS = (IN_NUMBERS, _YEAR_FIRST, _in_words(DUTCH_MONTH, ""))
ALL_FORMS = (
    *(IN_NUMBERS, _YEAR_FIRST, _in_words(ANY_MONTH, r"(?:of\s+)?")),
    *(_day_and_month(ANY_MONTH, r"(?:of\s+)?"), _MONTH_FIRST, OF_THIS_MONTH, _YEAR_ALONE),
    re.compile(rf"\b(?P<month>{ANY_MONTH})\b", re.I),
)
"""Dates that are given with their year in Dutch, and all, in English too; from the surest to the least that may be said."""

WORDS_TOO = frozenset({"may", "march", "jun", "jul", "sep", "feb", "jan"})
"""Names of months that by themselves may be other words or the names of people."""

NAME_YEAR_FIRST = re.compile(rf"(?<!\d)(?P<year>{YEAR})(?P<mark>[-_. ]?)(?P<month>\d\d)(?P=mark)(?P<day>\d\d)(?!\d)")
NAME_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?P<mark>[-_. ])(?P<month>\d{{1,2}})(?P=mark)(?P<year>{YEAR})(?!\d)"
)
DEVICE = re.compile(r"^(?:scan|img|image|afbeelding|foto|photo|whatsapp|screenshot|schermafbeelding|dsc)", re.I)
"""Names that cameras and scanners give, with the day of the picture and not that of the letter."""
