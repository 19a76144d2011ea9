"""Dates as a letter gives those of other letters: "30 januari 2020", "13 oktober jl.", "januari 2020", "3-3-'19"."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

from ingest.anatomy import MONTHS
from vectorstore.letters import Precision

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"(?:(?:19|20)\d\d|['’]\d\d)(?!\d|[-/.]\d)"
_LAST = r"(?:jl|j\.l|ll|l\.l|jongstleden|laatstleden)\b\.?"
_WEEKDAY = r"(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag\s+)?"
_PART = r"(?:(?:begin|medio|half|eind|voorjaar|najaar)\s+)?"
MOMENT = (
    rf"(?:{_WEEKDAY}\d{{1,2}}(?:e|ste|de)?\s+(?:(?:{_MONTH})\b\.?(?:\s+{_YEAR})?(?:,?\s+{_LAST})?|dezer\b)|"
    rf"(?<![\d-])\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:(?:19|20)\d\d|['’]?\d\d)(?![\d/-])|(?<![\d-])(?:19|20)\d\d-\d\d-\d\d(?!\d)|"
    rf"{_PART}(?:{_MONTH})\b\.?\s+(?:{_YEAR}|{_LAST})|(?<![\d-])(?:19|20)\d\d(?![\d/-]))"
)
"""A date in a text; `moment_in` says which."""

_IN_WORDS = re.compile(
    rf"(?:(?P<day>\d{{1,2}})(?:e|ste|de)?\s+)?(?P<month>{_MONTH})\b\.?(?:\s+(?P<year>{_YEAR}))?", re.I
)
_IN_NUMBERS = re.compile(r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.]['’]?(?P<year>\d{2,4})$")
_OF_THIS_MONTH = re.compile(r"(\d{1,2})(?:e|ste|de)?\s+dezer", re.I)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date that a letter gives.

    Attributes:
        date: its first day.
        precision: how much of it is given.
        yearless: its year follows from the date of the letter it stands in.
    """

    date: dt.date
    precision: Precision = Precision.DAY
    yearless: bool = False

    def in_year_of(self, other: Moment) -> Moment:
        """The same day in the year of another date, as in "13 oktober en 5 november 2020"."""
        try:
            return replace(self, date=self.date.replace(year=other.date.year), yearless=False)
        except ValueError:
            return self


def moment_in(text: str, written: dt.date | None) -> Moment | None:
    """The date that a stretch of text matching `MOMENT` gives.

    Args:
        text: the stretch.
        written: the date of the letter it stands in; without it a day without a year has no date.
    """
    try:
        return _moment(text, written)
    except ValueError:
        return None


def _moment(text: str, written: dt.date | None) -> Moment | None:
    if re.fullmatch(r"\d{4}", text):
        return Moment(dt.date(int(text), 1, 1), Precision.YEAR)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return Moment(dt.date.fromisoformat(text))
    numbers = _IN_NUMBERS.search(text)
    if numbers:
        return Moment(dt.date(_full_year(numbers["year"]), int(numbers["month"]), int(numbers["day"])))
    this_month = _OF_THIS_MONTH.search(text)
    if this_month:
        found = written.replace(day=int(this_month[1])) if written else None
        return Moment(found) if found and written and found < written else None
    words = _IN_WORDS.search(text)
    if words is None:
        return None
    month, day = MONTHS[words["month"].casefold()], int(words["day"] or 1)
    precision = Precision.DAY if words["day"] else Precision.MONTH
    if words["year"]:
        return Moment(dt.date(_full_year(words["year"]), month, day), precision)
    return Moment(_last(month, day, written), precision, yearless=True) if written else None


def _full_year(year: str) -> int:
    """Two digits are of this century, up to 2059."""
    digits = int(year.lstrip("'’"))
    return digits if digits > 99 else digits + (2000 if digits < 60 else 1900)


def _last(month: int, day: int, written: dt.date) -> dt.date:
    """The last such day before a letter was written."""
    for year in range(written.year, written.year - 5, -1):
        try:
            found = dt.date(year, month, day)
        except ValueError:
            continue
        if found < written:
            return found
    raise ValueError(f"{day}-{month} does not exist")
