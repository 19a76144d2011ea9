"""Dates as Dutch letters write them: in words, in numbers, damaged by text recognition, or in the name of a file."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from vectorstore.letters import Precision

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "januari jan",
            "februari febr feb",
            "maart mrt",
            "april apr",
            "mei",
            "juni jun",
            "juli jul",
            "augustus aug",
            "september sept sep",
            "oktober okt",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
"""Dutch names of months and their abbreviations, folded, to 1..12."""


def _number_words() -> dict[str, int]:
    """Numbers from 1 to 99 written out, folded, without spaces; "tweeentwintig" for "tweeëntwintig"."""
    ones = "een twee drie vier vijf zes zeven acht negen".split()
    teens = "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien".split()
    tens = "twintig dertig veertig vijftig zestig zeventig tachtig negentig".split()
    words = {word: number for number, word in enumerate([*ones, *teens], 1)}
    for ten, word in enumerate(tens, 2):
        words[word] = ten * 10
        words |= {f"{one}en{word}": ten * 10 + number for number, one in enumerate(ones, 1)}
    return words


_NUMBERS: Final = _number_words()
_ORDINALS: Final = {"eerste": 1, "derde": 3}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY_WORD = (
    r"(?:eerste|derde|[a-zë]{0,12}(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|ig)(?:ste|de)?)"
)
_YEAR_WORDS = r"(?:tweeduizend|negentienhonderd)(?:\s?(?:en\s)?[a-zë]{3,20})?"
_MARK = r"\s*[-–,]?\s*"
"""What may stand between the parts of a date in words; text recognition loses the space."""

WRITTEN_DATE: Final = re.compile(rf"\b(\d{{1,2}})(?:e|ste|den?)?\s+({_MONTH})\.?\s+((?:19|20)\d\d)\b", re.I)
"""A day, a month in words and a year, without damage."""

_IN_WORDS = re.compile(
    rf"(?:(?<!\w)(?<!\d[.,/-])(?P<day>\d{{1,2}})[ ]?(?:e|ste|sten|den?)?\.?{_MARK}|(?<!\w)(?P<written>{_DAY_WORD})\s+|(?<!\w))"
    rf"(?P<month>{_MONTH})\.?"
    rf"(?:{_MARK}(?P<year>(?:19|20)\d\d|['’‘´`]\d\d)(?!\d)|\s+(?P<years>{_YEAR_WORDS})(?!\w))",
    re.I,
)
_IN_NUMBERS = re.compile(
    r"(?<![\w/-])(?<!\d\.)(?P<day>\d{1,2})(?P<mark>\s?[-/.]\s?)(?P<month>\d{1,2})(?P=mark)"
    r"(?P<year>(?:19|20)\d\d|(?P<short>['’‘´`]?\d\d))(?!\d|[-/.]\d|[A-Za-z])"
)
_YEAR_FIRST = re.compile(
    r"(?<![\w/.-])(?P<year>(?:19|20)\d\d)(?P<mark>[-/.])(?P<month>\d\d)(?P=mark)(?P<day>\d\d)(?!\d|[-/.]\d)"
)
_NAME_YEAR_FIRST = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<mark>[-_. ]?)(?P<month>\d\d)(?P=mark)(?P<day>\d\d)(?!\d)"
)
_NAME_DAY_FIRST = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})(?P<mark>[-_. ])(?P<month>\d{1,2})(?P=mark)(?P<year>(?:19|20)\d\d)(?!\d)"
)
_DEVICE = re.compile(r"^(?:scan|img|image|afbeelding|foto|photo|whatsapp|screenshot|schermafbeelding|dsc)", re.I)
"""Names that cameras and scanners give, with the day of the picture and not that of the letter."""


class WrittenDate(NamedTuple):
    """A date in a text.

    Attributes:
        start, end: offsets into the text.
        date: its day; the first of the month when only the month is given.
        precision: DAY or MONTH.
    """

    start: int
    end: int
    date: dt.date
    precision: Precision


def written_dates(text: str, *, labelled: bool = False) -> list[WrittenDate]:
    """The dates in a text that exist, in order: "30 januari 2020", "30 jan. '20", "30-1-2020", "januari 2020", ….

    Args:
        text: any text.
        labelled: the text stands after a word like "Datum", so that "30-1-20" is a date in it.
    """
    found = [
        *_in_words(text),
        *(_dated(match) for match in _IN_NUMBERS.finditer(text) if labelled or _is_plain(match)),
        *map(_dated, _YEAR_FIRST.finditer(text)),
    ]
    return sorted(date for date in found if date)


def written_date(text: str) -> dt.date | None:
    """The first date in a text that is given to the day; None when there is none that exists."""
    return next((found.date for found in written_dates(text) if found.precision is Precision.DAY), None)


def date_in_name(source: str) -> dt.date | None:
    """The full date in the name of a file ("2016-11-29 reactie.pdf"); None for none, for two, or for a camera's.

    Args:
        source: path of the file, with forward slashes.
    """
    name = PurePosixPath(source).name
    if _DEVICE.match(name):
        return None
    found = [_dated(match) for pattern in (_NAME_YEAR_FIRST, _NAME_DAY_FIRST) for match in pattern.finditer(name)]
    found += [date for date in written_dates(name.replace("_", " ")) if date.precision is Precision.DAY]
    dates = {date.date for date in found if date}
    return dates.pop() if len(dates) == 1 else None


def _is_plain(match: re.Match[str]) -> bool:
    """Whether it is a date without a label saying so: its year is written in full or with an apostrophe."""
    return match["short"] is None or not match["short"][0].isdigit()


def _in_words(text: str) -> Iterator[WrittenDate | None]:
    for match in _IN_WORDS.finditer(text):
        year = _full_year(match["year"]) if match["year"] else _spelled_year(match["years"])
        month = MONTHS[match["month"].casefold()]
        day = int(match["day"]) if match["day"] else _spelled_day(match["written"])
        if match["day"] or day:
            yield _existing(match.start(), match.end(), year, month, day)
        elif not re.match(r"jan\s", text[match.start("month") :], re.I):
            yield _existing(match.start("month"), match.end(), year, month, None)


def _dated(match: re.Match[str]) -> WrittenDate | None:
    year, month, day = _full_year(match["year"]), int(match["month"]), int(match["day"])
    return _existing(match.start(), match.end(), year, month, day)


def _existing(start: int, end: int, year: int | None, month: int, day: int | None) -> WrittenDate | None:
    """The date, None when there is no such day."""
    if year is None:
        return None
    try:
        date = dt.date(year, month, 1 if day is None else day)
    except ValueError:
        return None
    return WrittenDate(start, end, date, Precision.MONTH if day is None else Precision.DAY)


def _full_year(written: str) -> int:
    """Four digits as they are; of two the year between 1951 and 2050."""
    digits = int(re.sub(r"\D", "", written))
    return digits if digits > 99 else digits + (2000 if digits <= 50 else 1900)


def _spelled_day(word: str | None) -> int | None:
    plain = (word or "").casefold().replace("ë", "e")
    return _ORDINALS.get(plain) or _NUMBERS.get(plain) or _NUMBERS.get(re.sub(r"(?:ste|de)$", "", plain))


def _spelled_year(words: str) -> int | None:
    plain = re.sub(r"\s", "", words.casefold().replace("ë", "e"))
    century, rest = (2000, plain[11:]) if plain.startswith("tweeduizend") else (1900, plain[16:])
    if not rest:
        return century
    number = _NUMBERS.get(rest) or _NUMBERS.get(rest.removeprefix("en"))
    return century + number if number else None
