"""Dates as letters, members and models write them: in words, in numbers, damaged by text recognition, or half said."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from ingest.language.dates.months import MONTHS
from ingest.language.dates.patterns import (
    ALL_FORMS,
    DEVICE,
    FULL_FORMS,
    IN_NUMBERS,
    NAME_DAY_FIRST,
    NAME_YEAR_FIRST,
    OF_THIS_MONTH,
    WORDS_TOO,
)
from ingest.language.numbers import cardinal, ordinal
from vectorstore.letters import Precision

_LATEST_YEAR = 2050
"""Last year that two digits stand for in a text of which nobody knows when it was written."""

_YEARS_AHEAD = 20
"""Years after its own that a text may mean with two digits; beyond these it means the century before."""

_LEAP_YEAR = 2000


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date in a text, as much of it as is said.

    Attributes:
        start, end: offsets into the text.
        year, month, day: None for what is not said.
        yearless: its year is not said, but follows from the date of the text.
    """

    start: int
    end: int
    year: int | None
    month: int | None = None
    day: int | None = None
    yearless: bool = False

    @property
    def precision(self) -> Precision:
        """Return how much of it is said."""
        return Precision.DAY if self.day else Precision.MONTH if self.month else Precision.YEAR

    @property
    def date(self) -> dt.date:
        """Return its day, the first when only a month or a year is said.

        Raises:
            ValueError: its year is not known.
        """
        if self.year is None:
            raise ValueError("A date without a year is no day.")
        return dt.date(self.year, self.month or 1, self.day or 1)

    def holds(self, other: WrittenDate) -> bool:
        """Tell whether it says all that another one says, and nothing else."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(said is None or said == own for own, said in pairs)

    def in_year(self, year: int) -> WrittenDate | None:
        """Return the same day in a year; None when that year has no such day."""
        days = calendar.monthrange(year, self.month or 1)[1]
        return replace(self, year=year, yearless=False) if (self.day or 1) <= days else None

    def before(self, written: dt.date) -> WrittenDate | None:
        """Return a date without a year as the last one before a day; None when the five years up to it have none."""
        years = range(written.year, written.year - 5, -1)
        found = (dated for year in years if (dated := self.in_year(year)) and dated.date < written)
        last = next(found, None)
        return replace(last, yearless=True) if last else None

    def nearest(self, written: dt.date) -> WrittenDate:
        """Return a date without a year as the one nearest to a day; a month counts as its middle."""
        middle = replace(self, day=self.day or 15)
        years = (written.year - 1, written.year, written.year + 1)
        dated = [found for year in years if (found := middle.in_year(year))]
        if not dated:
            return self
        return replace(self, year=min(dated, key=lambda found: abs(found.date - written)).year, yearless=True)


def full_year(written_year: str, written: dt.date | None = None) -> int:
    """Return the year that four or two digits stand for; an apostrophe before them does not count.

    Two digits stand for the last such year that is at most twenty years after the text was written; for one between 1951
    and 2050 when nobody knows when that was.

    Args:
        written_year: "2019", "19" or "'19".
        written: when the text was written.
    """
    digits = int(re.sub(r"\D", "", written_year))
    if digits > 99:
        return digits
    latest = _LATEST_YEAR if written is None else written.year + _YEARS_AHEAD
    return latest - (latest - digits) % 100


def read_dates(
    text: str, *, written: dt.date | None = None, labelled: bool = False, partial: bool = False
) -> list[WrittenDate]:
    """Return the dates in a text that exist, in order: "30 januari 2020", "30 jan. '20", "30-1-2020", "januari 2020", ….

    Args:
        text: any text.
        written: when it was written; by it the century of two digits is known, and a year that is left out.
        labelled: it stands where a date is expected, after a word like "Datum", so that "30-1-20" is one.
        partial: dates that are half said are wanted too ("30 januari", "2020", "oktober"), and those in English.
    """
    found: list[WrittenDate] = []
    for form in ALL_FORMS if partial else FULL_FORMS:
        for match in form.finditer(text):
            if _says_nothing(match, written) or (not labelled and _is_doubtful(match)):
                continue
            found += _dates_of(match, written)
            text = f"{text[: match.start()]}{'#' * (match.end() - match.start())}{text[match.end() :]}"
    return sorted(found, key=lambda date: date.start)


def read_date(text: str, written: dt.date | None) -> WrittenDate | None:
    """Return the date that a stretch of text matching `MOMENT` gives; None for one that does not exist or has no year.

    Args:
        text: the stretch.
        written: the date of the letter it stands in; a day without a year is the last one before it.
    """
    found = next(iter(read_dates(text, written=written, labelled=True, partial=True)), None)
    return found if found and found.year and not re.search(r"\d", text[: found.start]) else None


def read_day(text: str) -> dt.date | None:
    """Return the first date in a text that is given to the day; None when there is none that exists."""
    return next((found.date for found in read_dates(text) if found.precision is Precision.DAY), None)


def date_in_name(source: str) -> dt.date | None:
    """Return the full date in the name of a file ("2016-11-29 reactie.pdf"); None for none, for two, or for a camera's.

    Args:
        source: path of the file, with forward slashes.
    """
    name = PurePosixPath(source).name
    if DEVICE.match(name):
        return None
    matches = (match for pattern in (NAME_YEAR_FIRST, NAME_DAY_FIRST) for match in pattern.finditer(name))
    found = [date for match in matches for date in _dates_of(match, None)]
    found += [date for date in read_dates(name.replace("_", " ")) if date.precision is Precision.DAY]
    dates = {date.date for date in found}
    return dates.pop() if len(dates) == 1 else None


def _says_nothing(match: re.Match[str], written: dt.date | None) -> bool:
    """Tell whether no date can follow: words after a month are no year, or "3 dezer" stands in a text without a date."""
    if match.re is OF_THIS_MONTH:
        return written is None
    said = match.groupdict()
    return bool(said.get("spelled_year")) and _year_of(said, written) is None


def _is_doubtful(match: re.Match[str]) -> bool:
    """Tell whether it is a date only where one is expected: by two digits for a year, or a month that is a name too."""
    if match.re is IN_NUMBERS:
        return re.fullmatch(r"\d\d", match["year"]) is not None
    said = match.groupdict()
    by_itself = not any(said.get(part) for part in ("day", "spelled_day"))
    if not by_itself or not said.get("month"):
        return False
    alone = not any(said.get(part) for part in ("year", "spelled_year"))
    return match["month"].casefold() in WORDS_TOO if alone else re.match(r"Jan\s", match[0]) is not None


def _dates_of(match: re.Match[str], written: dt.date | None) -> Iterator[WrittenDate]:
    """Yield the date that a form of it gives, unless there is no such day."""
    said = match.groupdict()
    if this := said.get("this"):
        yield from _earlier_this_month(match, int(this), written)
        return
    month, day = _month_of(said.get("month")), _day_of(said)
    start = match.start() if day or not said.get("spelled_day") else match.start("month")
    date = _existing(WrittenDate(start, match.end(), _year_of(said, written), month, day))
    if date and date.year is None and written:
        date = date.before(written)
    if date:
        yield date


def _earlier_this_month(match: re.Match[str], day: int, written: dt.date | None) -> Iterator[WrittenDate]:
    """Yield "3 dezer" as the day before that of the text, in the same month."""
    if written and 0 < day < written.day:
        yield WrittenDate(*match.span(), written.year, written.month, day)


def _existing(date: WrittenDate) -> WrittenDate | None:
    """Return a date, None when there is no such day; without a year it is enough that some year has it."""
    try:
        dt.date(date.year or _LEAP_YEAR, 1 if date.month is None else date.month, 1 if date.day is None else date.day)
    except ValueError:
        return None
    return date


def _month_of(written_month: str | None) -> int | None:
    if written_month is None:
        return None
    return int(written_month) if written_month.isdigit() else MONTHS[written_month.casefold()]


def _day_of(said: dict[str, str | None]) -> int | None:
    if day := said.get("day"):
        return int(day)
    word = (said.get("spelled_day") or "").casefold().replace("ë", "e")
    return ordinal(word) or cardinal(word)


def _year_of(said: dict[str, str | None], written: dt.date | None) -> int | None:
    if year := said.get("year"):
        return full_year(year, written)
    return cardinal(re.sub(r"\s", "", (said.get("spelled_year") or "").casefold().replace("ë", "e")))
