"""Dates that one letter gives to another: "ons advies van 30 januari 2020", with words quoted from it or its kenmerk.

A letter without a date gets one only when another letter of the archive names it by kenmerk with a date, or quotes at
least twelve words of it and says from which date they are; when two letters disagree, it gets none.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping

from ingest.anatomy import MONTHS, WRITTEN_DATE, written_date
from vectorstore.letters import DateBasis, Letter

_LEAST_QUOTED = 12
"""Words that a quotation must have before it can tell which letter it is from."""


def inferred_dates(letters: Iterable[Letter]) -> Mapping[str, dt.date]:
    """Dates of letters that do not state one, by letter id, as other letters give them."""
    known = list(letters)
    undated = [letter for letter in known if letter.date is None or letter.date_basis is DateBasis.INFERRED]
    found: dict[str, dt.date] = {}
    for letter in undated:
        dates = {date for other in known if other.id != letter.id for date in _given_by(other, letter)}
        if len(dates) == 1:
            found[letter.id] = dates.pop()
    return found


def _given_by(other: Letter, letter: Letter) -> Iterable[dt.date]:
    """Every date that another letter gives to this one."""
    if letter.reference:
        yield from _dates_beside(other.text, letter.reference)
    words = None
    for utterance in other.utterances:
        date = written_date(utterance.quoted_from or "")
        if date is None:
            continue
        quoted = _words(other.text[utterance.start : utterance.end])
        if quoted.count(" ") + 1 >= _LEAST_QUOTED:
            words = words or _words(letter.text)
            if quoted in words:
                yield date


def _dates_beside(text: str, reference: str) -> Iterable[dt.date]:
    """Dates that stand with a kenmerk: "van 12 maart 2016 (kenmerk CWI 2016-01)", "CWI 2016-01 van 12 maart 2016"."""
    month = "|".join(MONTHS)
    date = rf"\d{{1,2}}\s+(?:{month})\.?\s+(?:19|20)\d\d"
    name = rf"(?<!\w){re.escape(reference)}(?![\w-])"
    for pattern in (
        rf"van\s+({date})\s*[,(]?\s*(?:met\s+)?(?:kenmerk|ons kenmerk)?:?\s*{name}",
        rf"{name}\)?\s+van\s+({date})",
    ):
        for match in re.finditer(pattern, text, re.I):
            given = WRITTEN_DATE.search(match[1])
            written = written_date(match[1]) if given else None
            if written:
                yield written


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
