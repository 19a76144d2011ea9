"""What one letter says of the date of another: "ons advies van 30 januari 2020", with words quoted from it or its kenmerk."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.anatomy import MONTHS, WRITTEN_DATE, written_date
from vectorstore.letters import Letter

LEAST_QUOTED = 12
"""Words that a quotation must have before it can tell which letter it is from."""

_BEFORE, _AFTER = 80, 120
"""Characters before and after a date in which a kenmerk may stand that belongs to it."""

_MOST_PARTS = 6
"""Words and numbers that a kenmerk is made of."""

_DATE = rf"\d{{1,2}}\s+(?:{'|'.join(MONTHS)})\.?\s+(?:19|20)\d\d"
_LINK = r"\s*[,(]?\s*(?:met\s+)?(?:kenmerk|ons kenmerk)?:?\s*"
"""What stands between a date and a kenmerk."""

_DATED = re.compile(rf"van\s+{_DATE}", re.I)
_LINKED = re.compile(_LINK, re.I)


@dataclass(frozen=True, slots=True)
class Mention:
    """A date with the words around it, in which the kenmerk of a letter may stand.

    Attributes:
        beside: the date and the words around it.
        names: every kenmerk it may be, as `name_of` gives them.
    """

    beside: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words quoted from a letter of which the date is given, as `words_of` gives them."""

    date: dt.date
    words: str


def words_of(text: str) -> str:
    """The words of a text with a space between, whatever their case and punctuation."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def name_of(reference: str) -> str:
    """What is the same in all ways to write one kenmerk."""
    return words_of(reference)


def mentions_in(text: str) -> Iterator[Mention]:
    """Every date in a text that may be that of a letter named beside it."""
    for match in _DATED.finditer(text):
        start, end = max(0, match.start() - _BEFORE), match.end() + _AFTER
        before, after = text[start : match.start()], text[match.end() : end]
        before = before.partition(" ")[2] if start else before
        after = after.rpartition(" ")[0] if end < len(text) else after
        names = frozenset(_names_around(before, after))
        if names:
            yield Mention(f"{before}{match[0]}{after}", names)


def _names_around(before: str, after: str) -> Iterator[str]:
    """What may be a kenmerk right before or right after a date; every kenmerk has a number in it."""
    link = _LINKED.match(after)
    following = words_of(after[link.end() :] if link else after).split()[:_MOST_PARTS]
    preceding = words_of(before).split()[-_MOST_PARTS:]
    ways = [following[:size] for size in range(1, len(following) + 1)]
    ways += [preceding[place:] for place in range(len(preceding))]
    return (" ".join(way) for way in ways if any(part[0].isdigit() or part[-1].isdigit() for part in way))


def quotes_in(letter: Letter) -> Iterator[Quote]:
    """What a letter quotes from letters whose date it gives, when that is long enough to be recognised."""
    for utterance in letter.utterances:
        date = written_date(utterance.quoted_from or "")
        words = words_of(letter.text[utterance.start : utterance.end]) if date else ""
        if date and words.count(" ") + 1 >= LEAST_QUOTED:
            yield Quote(date, words)


def dates_beside(text: str, reference: str) -> Iterator[dt.date]:
    """Dates that stand with a kenmerk: "van 12 maart 2016 (kenmerk CWI 2016-01)", "CWI 2016-01 van 12 maart 2016"."""
    name = rf"(?<!\w){re.escape(reference)}(?![\w-])"
    for pattern in (rf"van\s+({_DATE}){_LINK}{name}", rf"{name}\)?\s+van\s+({_DATE})"):
        for match in re.finditer(pattern, text, re.I):
            given = WRITTEN_DATE.search(match[1])
            written = written_date(match[1]) if given else None
            if written:
                yield written
