"""The cells of a manifest: what a secretary writes in them, and the values of a letter they stand for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Final

from ingest.language.dates.months import date_in_words
from ingest.language.dates.patterns import YEAR
from ingest.language.dates.reader import read_dates
from vectorstore.letters import DateBasis, Kind, Letter, Precision, Signatory, Voice

COLUMNS: Final[Mapping[str, str]] = {
    "bestand": "source",
    "kenmerk": "reference",
    "uw kenmerk": "your_reference",
    "datum": "date",
    "onderwerp": "subject",
    "soort": "kind",
    "auteur": "author",
    "afzender": "sender",
    "geadresseerde": "addressee",
    "cc": "copies",
    "ondertekenaars": "signatories",
    "stem": "voice",
}
"""Dutch column names and the attributes of `Letter` that they give."""

BY_COLUMN: Final[Mapping[str, str]] = {
    **COLUMNS,
    "file": "source",
    "bestandsnaam": "source",
    **{attribute.replace("_", " "): attribute for attribute in COLUMNS.values()},
}
"""All column names, folded, with spaces for underscores."""

NOTHING: Final = "-"
"""A cell that declares an absence: no kenmerk, no date."""

_KINDS: Final = {
    "advies": Kind.ADVICE,
    "tussentijds advies": Kind.INTERIM_ADVICE,
    "brief": Kind.LETTER,
    "antwoord": Kind.REPLY,
    "reactie": Kind.REPLY,
    "samenvatting": Kind.SUMMARY,
    "verslag": Kind.MINUTES,
    "notulen": Kind.MINUTES,
    "overig": Kind.OTHER,
    "anders": Kind.OTHER,
    **{kind.value.replace("_", " "): kind for kind in Kind},
}
_VOICES: Final = {
    "raad": Voice.COUNCIL,
    "cliëntenraad": Voice.COUNCIL,
    "clientenraad": Voice.COUNCIL,
    "adviesraad": Voice.COUNCIL,
    "college": Voice.EXECUTIVE,
    "gemeente": Voice.EXECUTIVE,
    "b&w": Voice.EXECUTIVE,
    "ander": Voice.OTHER,
    "anders": Voice.OTHER,
    "onbekend": Voice.UNKNOWN,
    NOTHING: Voice.UNKNOWN,
    **{voice.value: voice for voice in Voice},
}
_FORMULA = re.compile(r"'*[=+@\t\r-]")
"""Text that a spreadsheet takes for a formula; a leading apostrophe makes it text."""

_GUARDED = re.compile(rf"'(?={_FORMULA.pattern})")


class UnusableValue(ValueError):
    """A value that its column cannot have; the message says so in Dutch, and what is allowed."""


def parse_cell(attribute: str, cell: str) -> object:
    """Parse a cell into the value of an attribute of `Letter`, a date with its precision.

    Args:
        attribute: one of the attributes in `COLUMNS`.
        cell: not empty, without white space at its ends; "-" for nothing.

    Raises:
        UnusableValue: the cell makes no sense there.
    """
    return _READERS.get(attribute, _text)(cell)


def format_cell(letter: Letter, attribute: str) -> str:
    """Return the cell for an attribute of a letter; empty if it was not read or would not survive a round trip."""
    value = getattr(letter, attribute)
    given = attribute in letter.manifest
    if attribute == "voice" and not given:
        return ""
    if value is None or value == ():
        return NOTHING if given else ""
    if attribute == "date":
        return _format_date(letter)
    if value is Voice.UNKNOWN:
        return "onbekend" if given else ""
    cell = _WRITERS.get(attribute, guard)(value)
    return cell if cell == cell.strip() and _means(attribute, cell, value) else ""


def _means(attribute: str, cell: str, value: object) -> bool:
    try:
        return bool(cell) and parse_cell(attribute, cell) == value
    except UnusableValue:
        return False


def _format_date(letter: Letter) -> str:
    date = letter.date
    if date is None or letter.date_basis not in (DateBasis.STATED, DateBasis.MANIFEST):
        return ""
    if letter.date_precision is Precision.DAY:
        return date.isoformat()
    return date_in_words(date, letter.date_precision)


def _text(cell: str) -> str | None:
    return None if cell == NOTHING else unguard(cell)


def guard(value: object) -> str:
    """Write a text as a cell that a spreadsheet does not compute."""
    text = str(value)
    return f"'{text}" if _FORMULA.match(text) else text


def unguard(cell: str) -> str:
    """Read a text from a cell, whether or not it is guarded."""
    return cell[1:] if _GUARDED.match(cell) else cell


def _date(cell: str) -> tuple[dt.date, Precision] | None:
    if cell.casefold() in (NOTHING, "onbekend", "unknown", "geen"):
        return None
    if re.fullmatch(YEAR, cell):
        return dt.date(int(cell), 1, 1), Precision.YEAR
    found = read_dates(cell, labelled=True)
    rest = "".join(cell[: found[0].start] + cell[found[0].end :]) if len(found) == 1 else cell
    if len(found) != 1 or re.search(r"\d", rest):
        raise UnusableValue(f"“{cell}” is geen datum. Schrijf bijvoorbeeld 2020-01-30, januari 2020, 2020 of onbekend.")
    return found[0].date, found[0].precision


def _kind(cell: str) -> Kind:
    kind = _KINDS.get(re.sub(r"[\s_-]+", " ", cell.casefold()))
    if kind is None:
        raise UnusableValue(f"“{cell}” is geen soort. Kies uit: {', '.join([*_KINDS][:8])}, overig.")
    return kind


def _voice(cell: str) -> Voice:
    voice = _VOICES.get(cell.casefold())
    if voice is None:
        raise UnusableValue(f"“{cell}” zegt niet wie het is. Kies uit: raad, college, ander, onbekend.")
    return voice


def _list(cell: str) -> tuple[str, ...]:
    parts = () if cell == NOTHING else tuple(part.strip() for part in str(_text(cell)).split(";"))
    return tuple(part for part in parts if part)


def _signatories(cell: str) -> tuple[Signatory, ...]:
    return tuple(_signatory(part) for part in _list(cell))


def _signatory(text: str) -> Signatory:
    """Parse "Anna de Vries (voorzitter)" into the person and the function."""
    held = re.fullmatch(r"(?P<name>[^()]+?)\s*\((?P<function>.+)\)", text, re.S)
    return Signatory(held["name"], held["function"].strip() or None) if held else Signatory(text)


def _format_signatories(people: tuple[Signatory, ...]) -> str:
    return guard("; ".join(f"{who.name} ({who.function})" if who.function else who.name for who in people))


_READERS: Final[Mapping[str, Callable[[str], object]]] = {
    "date": _date,
    "kind": _kind,
    "author": _voice,
    "voice": _voice,
    "copies": _list,
    "signatories": _signatories,
}
_WRITERS: Final[Mapping[str, Callable[..., str]]] = {
    "kind": lambda kind: next(word for word, meant in _KINDS.items() if meant is kind),
    "author": lambda voice: next(word for word, meant in _VOICES.items() if meant is voice),
    "voice": lambda voice: next(word for word, meant in _VOICES.items() if meant is voice),
    "copies": lambda names: guard("; ".join(names)),
    "signatories": _format_signatories,
}
