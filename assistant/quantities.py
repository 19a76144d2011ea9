"""Numbers with their units, and dates, as statements and letters write them."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from assistant.numerals import is_rank, scale_of, value_of
from assistant.questions import MONTHS
from vectorstore.dutch import STOPWORDS, fold
from vectorstore.letters import Letter, Precision


class Unit(StrEnum):
    """What a number counts, as far as two units cannot be taken for each other."""

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
class Moment:
    """A date in a text, as much of it as is said.

    Attributes:
        start, end: offsets into the text.
        year, month, day: None for what is not said.
    """

    start: int
    end: int
    year: int | None
    month: int | None = None
    day: int | None = None

    def holds(self, other: Moment) -> bool:
        """Whether it says all that another one says, and nothing else."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(said is None or said == own for own, said in pairs)


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers and the dates of a text, each in order."""

    quantities: tuple[Quantity, ...]
    moments: tuple[Moment, ...]


_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_MONTH_NAMES = re.compile(rf"\b(?:{_MONTH})\b")
_DATES = (
    re.compile(
        rf"(?<![\w.,/-])(?P<day>\d{{1,2}})(?:e|ste|de|th|st|nd|rd)?\.?\s+(?:of\s+)?(?P<month>{_MONTH})\b\.?(?:,?\s+(?P<year>(?:19|20)\d\d)\b)?"
    ),
    re.compile(
        rf"\b(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:th|st|nd|rd)?(?!\d|[.,]\d| (?:{_MONTH}))\b(?:,?\s+(?P<year>(?:19|20)\d\d)\b)?"
    ),
    re.compile(r"(?<![\w/.-])(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>(?:19|20)\d\d)(?![\w/-])"),
    re.compile(r"(?<![\w/.-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\w/-])"),
    re.compile(rf"\b(?P<month>{_MONTH})\b\.?,?\s+(?P<year>(?:19|20)\d\d)\b"),
    re.compile(
        r"(?<![\w.,/€$-])(?<!€ )(?P<year>(?:19|20)\d\d)(?![\d%]|[.,]\d|[/-]?\w)"
        r"(?!\s+(?:euro|procent|percent|mensen|people|huishoudens|households|gezinnen|inwoners|keer|plaatsen|kilometer|uur|dagen|weken|maanden)\b)"
    ),
)
"""From the most of a date to the least; a month by itself comes last."""

_AMBIGUOUS_MONTHS = frozenset({"may", "march", "jun", "jul", "sep", "feb", "jan", "mei"} - {"mei"})
_TOKEN = re.compile(
    r"(?P<money>€\s?|\beur\s|\$\s?)?(?P<number>(?<![\w.,-])\d+(?:[.,]\d+)*|(?<!\w)[a-z]+(?:-[a-z]+)?)(?P<rest>\s?%|(?:e|ste|de|th|nd|rd)\b|,-)?"
)
_REFERENCE = re.compile(
    r"\b[A-Z]{2,6}[ /-]?\d{2,4}[-/.]\d{1,6}\b|\b[A-Z]{1,3}[./-]?\d{2}[-/.]\d{2,7}\b|\b[A-Z]{1,2}/\d{2}/\d{3,6}\b|(?<![\w/-])\d{2,7}[-/]\d{2,6}(?![\w/-])|"
    r"(?m:^[ \t]*\d{1,2}[.)](?=[ \t]+[^\d\s]))|(?<![\w.,])0\d{3,}\b|(?<!\w)(?=\d*[A-Z])(?=[A-Z]*\d)[A-Z0-9]{2,}\b"
)
"""Names with digits in them, such as a *kenmerk*, and the numbers of a list: no numbers, and dates neither."""

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
    """The numbers and dates of a text; names with digits in them are neither."""
    masked, moments = _moments(_same_length_fold(_REFERENCE.sub(_blank, text)))
    masked, halves = _halves(masked)
    masked, shares = _shares(masked)
    quantities = sorted([*halves, *shares, *_quantities(masked)], key=lambda each: each.start)
    return Figures(tuple(_units_shared(masked, quantities)), tuple(sorted(moments, key=lambda each: each.start)))


def moments_of(letter: Letter) -> tuple[Moment, ...]:
    """The date of a letter as a moment, as much of it as is known."""
    date, precision = letter.date, letter.date_precision
    if date is None:
        return ()
    month = None if precision is Precision.YEAR else date.month
    return (Moment(0, 0, date.year, month, date.day if precision is Precision.DAY else None),)


def completed(moment: Moment, letter: Letter) -> Moment:
    """A moment of a letter with the year that it leaves out: the one that brings it nearest to the letter's own date."""
    if moment.year is not None or moment.month is None or letter.date is None:
        return moment
    years = (letter.date.year - 1, letter.date.year, letter.date.year + 1)
    month, day = moment.month, moment.day or 15
    nearest = min(years, key=lambda year: abs((_day(year, month, day) - letter.date).days) if letter.date else 0)
    return Moment(moment.start, moment.end, nearest, moment.month, moment.day)


def _day(year: int, month: int, day: int) -> dt.date:
    return dt.date(year, month, min(max(day, 1), calendar.monthrange(year, month)[1]))


def _same_length_fold(text: str) -> str:
    """A text folded letter by letter, so that offsets stay what they are."""
    folded = (fold(letter) or " " for letter in text)
    return "".join(letter if len(letter) == 1 else letter[0] for letter in folded)


def _blank(match: re.Match[str]) -> str:
    """What a reference leaves; a plain date or a year stays."""
    if re.fullmatch(r"(?:19|20)\d\d|\d{1,2}[-/]\d{1,2}", match[0]):
        return match[0]
    return "#" * len(match[0])


def _moments(text: str) -> tuple[str, list[Moment]]:
    found: list[Moment] = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            moment = _moment(match)
            if moment:
                found.append(moment)
                text = f"{text[: match.start()]}{'#' * (match.end() - match.start())}{text[match.end() :]}"
    for match in _MONTH_NAMES.finditer(text):
        if match[0] not in _AMBIGUOUS_MONTHS:
            found.append(Moment(*match.span(), None, MONTHS[match[0]]))
    return text, found


def _moment(match: re.Match[str]) -> Moment | None:
    parts = match.groupdict()
    written = parts.get("month")
    month = None if written is None else int(written) if written.isdigit() else MONTHS[written]
    day = int(parts["day"]) if parts.get("day") else None
    year = int(parts["year"]) if parts.get("year") else None
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return None
    return Moment(*match.span(), year, month, day)


def _halves(text: str) -> tuple[str, list[Quantity]]:
    """Half a year and half an hour, which are six months and thirty minutes as well."""
    found: list[Quantity] = []
    for pattern, unit in ((_HALF_YEAR, Unit.YEAR), (_HALF_HOUR, Unit.HOUR)):
        for match in pattern.finditer(text):
            found.append(Quantity(*match.span(), Fraction(1, 2), unit))
            text = f"{text[: match.start()]}{'#' * (match.end() - match.start())}{text[match.end() :]}"
    return text, found


def _shares(text: str) -> tuple[str, list[Quantity]]:
    """Shares of a whole: "een derde", "één op de drie", "acht van de tien"."""
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
    """Whether what follows a number is the end of a clause or a function word, and nothing that it counts."""
    word = re.match(r"\s([a-z]+)", text[end:])
    return word is None or word[1] in STOPWORDS


def _is_moment_word(text: str, end: int) -> bool:
    """Whether a rank only orders what is said, "in de tweede plaats", and counts nothing."""
    return re.match(r"\s(?:plaats|instantie|place|instance)\b", text[end:]) is not None


def _unit(text: str, end: int) -> Unit:
    for unit, pattern in _UNITS:
        if pattern.match(text, end):
            return unit
    return Unit.NONE


def _units_shared(text: str, quantities: list[Quantity]) -> list[Quantity]:
    """The numbers of a list have the unit of the last: "18, 19 of 20 jaar", "van 30 naar 45 euro"."""
    shared: list[Quantity] = []
    for each in reversed(quantities):
        after = shared[-1] if shared else None
        if after and each.unit is Unit.NONE and _LIST.fullmatch(text[each.end : after.start]):
            each = replace(each, unit=after.unit)
        shared.append(each)
    return shared[::-1]
