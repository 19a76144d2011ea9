"""Numbers with their units, and dates, as statements and letters write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from ingest.language.dates.patterns import YEAR
from ingest.language.dates.reader import WrittenDate, read_dates
from ingest.language.numbers import is_rank, scale_of, value_of
from ingest.language.reference_numbers import NAME_WITH_DIGITS
from vectorstore.analysis.dutch import STOPWORDS, fold
from vectorstore.letters import Letter, Precision


class Unit(StrEnum):
    """The things that numbers count, as far as two of them cannot be taken for each other."""

    NONE = "none"
    PERCENT = "percent"
    MONEY = "money"
    YEAR = "year"
    MONTH = "month"
    WEEK = "week"
    DAY = "day"
    HOUR = "hour"
    MINUTE = "minute"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text.

    Attributes:
        start, end: offsets into the text.
        value: of the number.
        unit: what it counts.
        bare: nothing that it counts stands behind it.
        denied: it is said not to be that number.
    """

    start: int
    end: int
    value: Fraction
    unit: Unit
    bare: bool = False
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers and the dates of a text, each in order."""

    quantities: tuple[Quantity, ...]
    moments: tuple[WrittenDate, ...]


_TOKEN = re.compile(
    r"(?P<money>€\s?|\beur\s|\$\s?)?(?P<number>(?<![\w.,-])\d+(?:[.,]\d+)*|(?<!\w)[a-z]+(?:-[a-z]+)?)(?P<rest>\s?%|(?:e|ste|de|th|nd|rd)\b|,-)?"
)
_SHARE_OF = re.compile(
    r"\b(?P<part>een|one|1|[a-z]+|\d+) (?:(?:op|van|in|out of) |of (?=the |every ))(?:de |het |every |elke |iedere |the )?(?P<whole>[a-z]+|\d+)\b"
)
_FRACTION = re.compile(
    r"\b(?P<part>een|a|one|the|[a-z]+)[ -](?P<whole>derden?|vierden?|vijfden?|tienden?|third|thirds|fourth|fifth|fifths|tenth)\b"
)
_UNITS: tuple[tuple[Unit, re.Pattern[str]], ...] = (
    (Unit.PERCENT, re.compile(r"\s?(?:%|procent\w*|per ?cent)")),
    (Unit.MONEY, re.compile(r"\s?(?:,-\s?)?(?:euro\w*|eur\b|cent\b|cents\b)")),
    (Unit.YEAR, re.compile(r"[\s-]?(?:jaar|jaren|jarige|jarig|jaars|years?|yr|year-old)\b")),
    (Unit.MONTH, re.compile(r"[\s-]?(?:maand\w*|months?)\b")),
    (Unit.WEEK, re.compile(r"[\s-]?(?:weken|week|wekelijkse?|weeks?)\b")),
    (Unit.DAY, re.compile(r"[\s-]?(?:(?:werk)?dag(?:en)?|(?:working )?days?)\b")),
    (Unit.HOUR, re.compile(r"[\s-]?(?:uur|uren|urige|hours?)\b")),
    (Unit.MINUTE, re.compile(r"[\s-]?(?:minuut|minuten|minutes?)\b")),
)
_LIST = re.compile(
    r"\s*(?:,|/|–|-|of|en|tot|naar|à|or|and|to|in plaats van|instead of|rather than)(?: en met| ten minste| maar)?\s+"
)
_NOT_THIS = re.compile(
    r"\b(?:niet|not|geen|in plaats van|instead of|rather than|(?:lager|minder|hoger|meer|kleiner|groter|langer|korter|less|more|fewer|lower|higher)(?: \w+)? (?:dan|than))\s+(?:op |in |om |aan |at |the |de )?$"
)
_LARGEST_WHOLE = 10
"""A part of more than this is two numbers: "negentien van de 26"."""

_NO_NUMBER = re.compile(
    r"acht (?:het|de|een|dit|dat|deze|die|zich|niet|ook|wel|geen)\b|ten (?:minste|hoogste|slotte|eerste|tweede|derde|opzichte|aanzien|onrechte|behoeve|gunste|laste|koste|goede|dele|gevolge|tijde|einde|overstaan|volle)\b"
)
"""Dutch words that look like the number eight, and like the English ten."""

_HALF_YEAR = re.compile(r"\b(?:half ?jaar|halfjaar\w*|half[- ]year\w*|half a year)\b")
_HALF_HOUR = re.compile(r"\b(?:half ?uur|halfuur|half[- ]hour|half an hour)\b")


@lru_cache(maxsize=4000)
def figures_in(text: str) -> Figures:
    """Read the numbers and dates of a text; names with digits in them are neither."""
    plain = _same_length_fold(NAME_WITH_DIGITS.sub(_blank, text))
    moments = read_dates(plain, partial=True)
    masked, halves = _halves(_without_dates(plain, moments))
    masked, shares = _shares(masked)
    quantities = sorted([*halves, *shares, *_quantities(masked)], key=lambda each: each.start)
    return Figures(tuple(_units_shared(masked, quantities)), tuple(moments))


def moments_of(letter: Letter) -> tuple[WrittenDate, ...]:
    """Return the date of a letter, as much of it as is known; nothing when none is."""
    date, precision = letter.date, letter.date_precision
    if date is None:
        return ()
    month = None if precision is Precision.YEAR else date.month
    return (WrittenDate(0, 0, date.year, month, date.day if precision is Precision.DAY else None),)


def completed(moment: WrittenDate, letter: Letter) -> WrittenDate:
    """Return a date in a letter with the year that it leaves out: the one that brings it nearest to the letter's own date."""
    if moment.year is not None or moment.month is None or letter.date is None:
        return moment
    return moment.nearest(letter.date)


def _same_length_fold(text: str) -> str:
    """Fold a text letter by letter, so that offsets stay what they are."""
    folded = (fold(letter) or " " for letter in text)
    return "".join(letter if len(letter) == 1 else letter[0] for letter in folded)


def _blank(match: re.Match[str]) -> str:
    """Blank a reference; a plain date or a year stays."""
    if re.fullmatch(rf"{YEAR}|\d{{1,2}}[-/]\d{{1,2}}", match[0]):
        return match[0]
    return "#" * len(match[0])


def _without_dates(text: str, dates: Sequence[WrittenDate]) -> str:
    """Blank the dates that have digits in them, so that these are not counted; a month by itself has none."""
    for date in dates:
        if date.day or date.year:
            text = f"{text[: date.start]}{'#' * (date.end - date.start)}{text[date.end :]}"
    return text


def _halves(text: str) -> tuple[str, list[Quantity]]:
    """Read half a year and half an hour, which are six months and thirty minutes as well."""
    found: list[Quantity] = []
    for pattern, unit in ((_HALF_YEAR, Unit.YEAR), (_HALF_HOUR, Unit.HOUR)):
        for match in pattern.finditer(text):
            found.append(Quantity(*match.span(), Fraction(1, 2), unit))
            text = f"{text[: match.start()]}{'#' * (match.end() - match.start())}{text[match.end() :]}"
    return text, found


def _shares(text: str) -> tuple[str, list[Quantity]]:
    """Read shares of a whole: "een derde", "één op de drie", "acht van de tien"."""
    found: list[Quantity] = []
    for pattern in (_SHARE_OF, _FRACTION):
        for match in pattern.finditer(text):
            share = _share(match["part"], match["whole"])
            if share:
                found.append(Quantity(*match.span(), share, Unit.SHARE))
                text = f"{text[: match.start()]}{'#' * (match.end() - match.start())}{text[match.end() :]}"
    return text, found


def _share(part: str, whole: str) -> Fraction | None:
    over = Fraction(1) if part in ("een", "one", "a", "the") else value_of(part)
    under = value_of(whole.rstrip("s").removesuffix("n") if whole.endswith(("rden", "nden", "fden", "ds")) else whole)
    if (
        over is None
        or under is None
        or (over > 1 and under > _LARGEST_WHOLE)
        or not 1 <= over < under
        or over.denominator != 1
        or under.denominator != 1
    ):
        return None
    return over / under


def _quantities(text: str) -> list[Quantity]:
    found: list[Quantity] = []
    for match in _TOKEN.finditer(text):
        value, end = value_of(match["number"]), match.end()
        scale = re.match(r"\s?([a-z]+)\b", text[match.end("number") :]) if value is not None else None
        if scale and value is not None and (times := scale_of(scale[1])):
            value, end = value * times, match.end("number") + scale.end()
        if value is None or _NO_NUMBER.match(text, match.start()):
            continue
        unit = Unit.MONEY if match["money"] else _unit(text, match.end("number") if end == match.end() else end)
        if unit is Unit.NONE and is_rank(match["number"]) and _is_moment_word(text, end):
            continue
        if found and found[-1].end > match.start():
            continue
        bare = unit is Unit.NONE and _counts_nothing(text, end)
        denied = _NOT_THIS.search(text[: match.start()]) is not None
        found.append(Quantity(match.start(), end, value, unit, bare, denied))
    return found


def _counts_nothing(text: str, end: int) -> bool:
    """Tell whether what follows a number is the end of a clause or a function word, and nothing that it counts."""
    word = re.match(r"\s([a-z]+)", text[end:])
    return word is None or word[1] in STOPWORDS


def _is_moment_word(text: str, end: int) -> bool:
    """Tell whether a rank only orders what is said, "in de tweede plaats", and counts nothing."""
    return re.match(r"\s(?:plaats|instantie|place|instance)\b", text[end:]) is not None


def _unit(text: str, end: int) -> Unit:
    for unit, pattern in _UNITS:
        if pattern.match(text, end):
            return unit
    return Unit.NONE


def _units_shared(text: str, quantities: list[Quantity]) -> list[Quantity]:
    """Give the numbers of a list the unit of the last: "18, 19 of 20 jaar", "van 30 naar 45 euro"."""
    shared: list[Quantity] = []
    for each in reversed(quantities):
        after = shared[-1] if shared else None
        if after and each.unit is Unit.NONE and _LIST.fullmatch(text[each.end : after.start]):
            each = replace(each, unit=after.unit)
        shared.append(each)
    return shared[::-1]


_EACH = re.compile(
    r"[^\S\n]*(?:[a-z%€-]+\s+){0,2}?(?:per|a|each|every|elke|iedere|in de)\s+(maand|week|weken|jaar|dag|uur|month|year|day|hour)\b|"
    r"[^\S\n]*(?:[a-z%€-]+\s+){0,2}?(maandelijks|wekelijks|jaarlijks|dagelijks|monthly|weekly|yearly|annually|daily)",
    re.I,
)
_PERIODS = {
    word: unit
    for unit, words in {
        Unit.MONTH: "maand maandelijks month monthly",
        Unit.WEEK: "week weken wekelijks weekly",
        Unit.YEAR: "jaar jaarlijks year yearly annually",
        Unit.DAY: "dag dagelijks day daily",
        Unit.HOUR: "uur hour",
    }.items()
    for word in words.split()
}
_NAMES_PERIOD = {
    Unit.MONTH: re.compile(r"maand|month|mnd", re.I),
    Unit.WEEK: re.compile(r"week|wek", re.I),
    Unit.YEAR: re.compile(r"jaar|jaren|year|annu", re.I),
    Unit.DAY: re.compile(r"dag|daily|day|daags", re.I),
    Unit.HOUR: re.compile(r"\buur|\buren|hour", re.I),
}


def period_of(text: str, quantity: Quantity) -> Unit | None:
    """Return the time for each of which a number counts, as in "20 euro per maand"; None when the text says none."""
    each = _EACH.match(text, quantity.end)
    return _PERIODS[(each[1] or each[2]).casefold()] if each else None


def names_period(text: str, period: Unit) -> bool:
    """Tell whether a text has any word for a length of time."""
    return _NAMES_PERIOD[period].search(text) is not None
