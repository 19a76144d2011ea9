"""For how long a number counts: per month, weekly, a year."""

from __future__ import annotations

import re

from assistant.quantities import Quantity, Unit

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
    """The time for each of which a number of a text counts, as in "20 euro per maand"; None when it says none."""
    each = _EACH.match(text, quantity.end)
    return _PERIODS[(each[1] or each[2]).casefold()] if each else None


def names_period(text: str, period: Unit) -> bool:
    """Whether a text has any word for a length of time."""
    return _NAMES_PERIOD[period].search(text) is not None
