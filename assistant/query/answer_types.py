"""What sort of thing a question asks for (an amount, a date, a reason), and whether a sentence has one."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from assistant.query.language import Wording
from ingest.language.dates.months import DUTCH_MONTH
from ingest.language.dates.patterns import WEEKDAY, YEAR
from ingest.language.numbers import TWO_TO_TWELVE
from vectorstore.analysis.dutch import fold

_NUMBER = (
    rf"(?:\d|\b(?:een op|{TWO_TO_TWELVE}|\w{{3,}}tien|\w+tig|\w*honderd\w*|"
    r"\w*duizend\w*|miljoen|helft|kwart|derde|dubbele|geen enkele|niemand|nooit|eenmaal|tweemaal|allebei)\b)"
)
_LENGTH = r"\b(?:jaar|jaren|\w*maand|\w*maanden|\w*week|\w*weken|dag|dagen|werkdagen|uur|uren|kwartier|minuten|halfjaar|termijn)\b"


class Wanted(StrEnum):
    """A sort of thing that a question asks for."""

    MONEY = "money"
    SHARE = "share"
    TIME = "time"
    MOMENT = "moment"
    COUNT = "count"
    REASON = "reason"


_ASKING: tuple[tuple[Wanted, re.Pattern[str]], ...] = (
    (
        Wanted.MONEY,
        re.compile(
            r"\b(?:hoeveel (?:geld|euro|subsidie|budget|kost\w*|krijg\w*|betaal\w*|bespaar\w*|levert|bijdrage)|\w*bedrag\w*|kost(?:en|te|ten)?|"
            r"hoe duur|\w*prijs|budget|tarief|how much|(?:what|which) amounts?|costs?|price)\b"
        ),
    ),
    (
        Wanted.SHARE,
        re.compile(
            r"\b(?:percentage|hoeveel procent|welk (?:deel|aandeel)|(?:what|which) (?:share|percentage|proportion))\b"
        ),
    ),
    (
        Wanted.TIME,
        re.compile(
            r"\b(?:hoe ?lang\w*|hoeveel (?:tijd|jaar|jaren|maand|maanden|week|weken|dag|dagen|uur|uren|minuten)|"
            r"welke (?:\w*termijn|periode|\w*tijd)|hoe (?:snel|vroeg|laat)|how (?:long|soon|quickly|many (?:years|months|weeks|days|hours|minutes)))\b"
        ),
    ),
    (
        Wanted.MOMENT,
        re.compile(
            r"\b(?:wanneer|(?:welke|wat voor) (?:datum|dag|dagen)|(?:welk|in welk) jaar|vanaf welk\w*|hoe laat|when|(?:what|which) (?:date|day|year|month))\b"
        ),
    ),
    (
        Wanted.COUNT,
        re.compile(
            r"\b(?:hoeveel\w*|hoe vaak|hoe ?veel|welk(?:e)? (?:\w*aantal\w*|\w*leeftijd|\w*grens|\w*norm|cijfers?|getal\w*)|"
            r"hoe (?:hoog|groot|ver|oud|klein)|how (?:many|often|far|old|large|high))\b"
        ),
    ),
    (
        Wanted.REASON,
        re.compile(r"\b(?:waarom|(?:om )?welke reden\w*|hoe komt|hoezo|waardoor|why|what reasons?|how come)\b"),
    ),
)

_SHOWING: dict[Wanted, re.Pattern[str]] = {
    Wanted.MONEY: re.compile(r"€|\b(?:euro|gulden|cent|miljoen|kosteloos|gratis)\b"),
    Wanted.SHARE: re.compile(r"%|\b(?:procent|percentage|helft|kwart|derde|deel|een op (?:de )?\w+|\w+ van de \w+)\b"),
    Wanted.TIME: re.compile(rf"{_LENGTH}|\b\d{{1,2}} (?:{DUTCH_MONTH})\b"),
    Wanted.MOMENT: re.compile(
        rf"\b(?:{DUTCH_MONTH})\b|\b{YEAR}\b|\b\d{{1,2}}[.:]\d\d\b|\b(?:{WEEKDAY}|"
        r"voorjaar|najaar|zomer|herfst|winter|kwartaal|volgend jaar)\b"
    ),
    Wanted.COUNT: re.compile(_NUMBER),
    Wanted.REASON: re.compile(
        r"\b(?:omdat|doordat|daardoor|daarom|want|immers|reden\w*|namelijk|aangezien|vanwege|wegens|gevolg\w*|oorzaak|"
        r"zodat|dus|gezien|hierdoor|zonder|te weinig|onvoldoende)\b"
    ),
}


def find_wanted(question: Wording) -> frozenset[Wanted]:
    """Return the sorts of things that a question asks for; empty for one that asks what somebody thinks, say."""
    return frozenset(sort for sort, pattern in _ASKING if pattern.search(question.folded))


@lru_cache(maxsize=10_000)
def shows(sort: Wanted, text: str) -> bool:
    """Check whether a text has a thing of this sort."""
    return _SHOWING[sort].search(fold(text)) is not None
