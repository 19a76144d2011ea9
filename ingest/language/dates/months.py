"""Names of the months, the one list of them: dates are read by it and written by it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Final

from vectorstore.letters import Precision

_SPELLINGS: Final[Mapping[str, str]] = {
    "nl": "januari/jan februari/febr/feb maart/mrt april/apr mei juni/jun juli/jul augustus/aug september/sept/sep "
    "oktober/okt november/nov december/dec",
    "en": "January February March April May June July August September October November December",
}
"""Per language the months from first to last, each with its abbreviations."""

MONTH_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    language: tuple(month.split("/")[0] for month in months.split()) for language, months in _SPELLINGS.items()
}
"""Per language ("nl", "en") the full names, as written within a sentence."""


def _numbered(language: str) -> dict[str, int]:
    months = enumerate(_SPELLINGS[language].casefold().split(), 1)
    return {spelling: number for number, month in months for spelling in month.split("/")}


def _alternatives(names: Iterable[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


DUTCH_MONTHS: Final = _numbered("nl")
"""Dutch names of months and their abbreviations, folded, to 1..12."""

MONTHS: Final = DUTCH_MONTHS | _numbered("en")
"""Dutch and English names of months, folded, to 1..12."""

DUTCH_MONTH: Final = _alternatives(DUTCH_MONTHS)
"""Alternatives of a pattern for `DUTCH_MONTHS`, the longest first."""

ANY_MONTH: Final = _alternatives(MONTHS)
"""The same for `MONTHS`."""


def date_in_words(date: dt.date, precision: Precision = Precision.DAY, language: str = "nl") -> str:
    """Return a date in words, "30 januari 2020", as much of it as is known.

    Args:
        date: the day; the first of the month or year when only that is known.
        precision: how much of it is known.
        language: "nl" or "en".
    """
    day = f"{date.day} " if precision is Precision.DAY else ""
    month = f"{MONTH_NAMES[language][date.month - 1]} " if precision is not Precision.YEAR else ""
    return f"{day}{month}{date.year}"
