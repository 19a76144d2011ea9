"""The date that a letter states as its own, among the many others in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.language.dates.patterns import WEEKDAY
from ingest.language.dates.reader import WrittenDate, read_dates
from ingest.metadata.fields import Facts, Label
from vectorstore.letters import Kind

_BEFORE = re.compile(
    rf"^[\s(–-]*(?P<place>(?!(?i:{WEEKDAY}))(?:[’'A-ZÀ-Ý][\w’' .-]{{0,40}},|[A-ZÀ-Ý][\w’'-]{{1,40}}(?=\s)))?\s*"
    rf"(?i:(?:te|d\.?\s?d\.?|dd\.?|de|den)\s*){{0,3}}(?i:{WEEKDAY},?\s*)?(?i:den?\s*)?$"
)
_SMALL = {"aan", "de", "den", "der", "bij", "op", "het", "van", "en", "te", "ter", "in", "’t", "'t", "’s", "'s"}
_NO_PLACE = {
    "uw", "ons", "onze", "versie", "concept", "vergadering", "overleg", "verslag", "notulen", "advies", "brief", "reactie", "ontvangen",
    "ingekomen", "per", "vanaf", "sinds", "tot", "op", "in", "van", "stand", "peildatum", "bijlage", "besluit", "agenda", "nota", "raad",
}  # fmt: skip
_LINES = 20
"""Lines from the top in which a date on its own is that of the letter."""

_TOP = 6
"""Lines from the top in which minutes and summaries give their date."""


def stated_date(
    front: Sequence[str], foot: Sequence[str], facts: Facts, beside: Facts, kind: Kind
) -> WrittenDate | None:
    """Return the date after its label, after a place, or alone on a line; for minutes and summaries that in the first
    lines.

    Args:
        front: lines of the head.
        foot: lines from the farewell on.
        facts: what the labels in the head announce.
        beside: the same for the lines below the salutation, where a column beside the letter may have ended up.
        kind: what sort of document it is.
    """
    if kind is Kind.MINUTES:
        return _after(facts, Label.MEETING) or _after(facts, Label.DATED) or _in_title(front)
    return (
        _after(facts, Label.DATED)
        or _after(facts, Label.SENT)
        or _date_alone([line for i, line in enumerate(front) if i not in facts.used][:_LINES])
        or _date_alone(foot[:_LINES])
        or _after(beside, Label.DATED)
        or (_at_end(front) if kind is Kind.SUMMARY else None)
    )


def _after(facts: Facts, label: Label) -> WrittenDate | None:
    """Return the first date after a label."""
    found = (date for value in facts.all(label) for date in read_dates(value, labelled=True))
    return next(found, None)


def _date_alone(lines: Sequence[str]) -> WrittenDate | None:
    """Return the first date alone on a line but for a place and a day of the week, preferring one with a place."""
    alone: list[WrittenDate] = []
    for line in lines:
        dates = read_dates(line, labelled=True)
        before = _BEFORE.match(line[: dates[0].start]) if len(dates) == 1 else None
        if before is None or line[dates[0].end :].strip(" .,)"):
            continue
        if before["place"] is None:
            alone.append(dates[0])
        elif _is_place(before["place"]):
            return dates[0]
    return alone[0] if alone else None


def _is_place(text: str) -> bool:
    words = text.rstrip(",").split()
    named = all(word[0].isupper() or word.casefold() in _SMALL or word[0] in "’'" for word in words)
    return named and words[0].casefold() not in _NO_PLACE


def _in_title(front: Sequence[str]) -> WrittenDate | None:
    """Return the date of a meeting, in the title of its minutes or below it; not that of minutes approved in it."""
    lines = [line for line in front[:_TOP] if not re.search(r"vastgesteld|goedgekeurd|vorige", line, re.I)]
    return next((date for line in lines for date in read_dates(line)), None)


def _at_end(front: Sequence[str]) -> WrittenDate | None:
    """Return the date at the end of a line about a summary: "(Samenvatting door …, maart 2019)"."""
    for line in front[:_TOP]:
        for date in read_dates(line):
            if re.search(r"[,(]\s*$", line[: date.start]) and not line[date.end :].strip(" .,)"):
                return date
    return None
