"""The points of a reply: its paragraphs, signs that they address a request, and the numbers that both sides use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.language.dates.months import MONTH_NAMES
from vectorstore.letters import Letter, Passage, Request

_LABEL = re.compile(
    r"\W*(?:(?:ad|punt|advies|aanbeveling|vraag|voorstel|onderdeel|verzoek)\.? ?(?P<said>\d{1,2}|[a-z])\b|"
    r"\(?(?P<bare>\d{1,2}|[a-z])[.)](?=\s))",
    re.I,
)
_ABOVE = re.compile(r"^(?:advies|aanbeveling|punt|vraag|voorstel|verzoek) (\d{1,2})\b[^\n]{0,80}$", re.I | re.M)
_FAR = 600
"""Number of characters below a numbered title in which a request belongs to it."""

_ECHO = re.compile(
    r"^(?:\W*(?:ten \w+,? )?)(?:u (?:vraagt|adviseert|stelt|pleit|verzoekt|wilt|wenst|bepleit|dringt|oppert|beveelt|raadt)\b|"
    r"(?:over|wat betreft|voor wat betreft|ten aanzien van|met betrekking tot|de gedachte|het idee|de suggestie|het voorstel|de wens)\b)|"
    r"\b(?:uw|jullie) (?:[\w-]+ )?(?:voorstel|suggestie|wens|vraag|advies|verzoek|aanbeveling|idee|oproep|opmerking|pleidooi|punt)\b",
    re.I,
)
_TITLE = re.compile(r"^(?!(?:ad|punt)\b)[A-Z][\w’'-]*(?: [\w’'-]+){0,3}[.:] \S")
_DECISION = re.compile(
    r"\b(?:nemen|namen) (?:wij|we) (?:[\w-]+ ){0,4}?(?:over|mee)\b|\bwijzen (?:wij|we) (?:[\w-]+ ){0,4}?af\b|\bzeggen (?:wij|we) (?:u )?.*\btoe\b|"
    r"\b(?:met (?:u|jullie) eens|goed idee|akkoord|onhaalbaar|onmogelijk)\b|\bniet (?:haalbaar|mogelijk|wenselijk|nodig|toe|in)\b|"
    r"\b(?:kunnen|zullen|willen|gaan) (?:wij|we) (?:[\w-]+ ){0,5}?niet\b|\b(?:wij|we) (?:kunnen|zullen|willen) (?:[\w-]+ ){0,5}?niet\b|"
    r"\bkan (?:[\w-]+ ){0,4}?niet\b|\b(?:houden|kiezen|besloten|besluiten)\b|\bvolgen (?:wij|we)\b|\b(?:wij|we) (?:volgen|houden|zeggen|nemen|komen u|geven)\b|"
    r"\b(?:voortaan|inmiddels|met ingang van|per \d)\b|\b(?:wordt|worden|is|zijn) (?:[\w-]+ ){0,4}?(?:aangepast|gewijzigd|opgenomen|"
    r"ingevoerd|verlengd|uitgebreid|geschrapt|vermeld|toegevoegd|teruggebracht|verhoogd|verlaagd|afgeschaft|gestart|geregeld)\b|"
    r"\bspreekt (?:mij|ons) aan\b|\btegemoet\b|\bvanaf (?:\d|dit|volgend|"
    rf"{'|'.join(MONTH_NAMES['nl'])})",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Point:
    """A paragraph of a reply.

    Attributes:
        text: its words.
        passage: the passage that holds it.
        number: the number it begins with, from 1, or None.
        said: the number is marked as that of a point ("Ad 2"), not just a number.
    """

    text: str
    passage: Passage
    number: int | None = None
    said: bool = False

    @property
    def responds(self) -> bool:
        """Check whether its words say that it addresses a request."""
        return self.said or any(pattern.search(self.text) for pattern in (_ECHO, _TITLE, _DECISION))


def points_of(passages: Sequence[Passage]) -> Iterator[Point]:
    """Yield the paragraphs of a reply's passages; one that is only a number is joined to the next."""
    waiting: tuple[int | None, bool] = (None, False)
    for passage in passages:
        for line in filter(str.strip, passage.text.split("\n")):
            number, said = _parse_label(line)
            if number is not None and len(line.split()) <= 2:
                waiting = number, said
                continue
            yield Point(line, passage, *((number, said) if number is not None else waiting))
            waiting = (None, False)


def match_by_number(points: Sequence[Point], asked: Mapping[Request, int]) -> dict[Request, Point]:
    """Return for each request the point of a reply with its number, if the numbers of both sides fit."""
    said = [point for point in points if point.said]
    labelled = said or [point for point in points if point.number is not None]
    by_number = {point.number: point for point in labelled}
    wanted = set(asked.values())
    once = len(by_number) == len(labelled) >= 2
    fits = set(by_number) <= wanted if said else set(by_number) == wanted and len(wanted) == len(asked)
    return {request: by_number[n] for request, n in asked.items() if n in by_number} if once and fits else {}


def match_in_order(points: Sequence[Point], requests: Sequence[Request]) -> dict[Request, Point]:
    """Match points and requests one to one, if the reply numbers as many points as there are unnumbered requests."""
    labelled = [point for point in points if point.number is not None]
    counted = [point.number for point in labelled] == list(range(1, len(requests) + 1))
    return dict(zip(requests, labelled, strict=True)) if counted and len(requests) > 1 else {}


def numbers_of(letter: Letter) -> dict[Request, int]:
    """Return the number of each numbered request, from its list item or from the numbered title above it."""
    found: dict[Request, int] = {}
    for request in letter.requests:
        number, _ = _parse_label(letter.text[letter.text.rfind("\n", 0, request.start) + 1 : request.start + 1])
        above = list(_ABOVE.finditer(letter.text, max(0, request.start - _FAR), request.start))
        if number is not None:
            found[request] = number
        elif above:
            found[request] = int(above[-1][1])
    return found


def _parse_label(line: str) -> tuple[int | None, bool]:
    """Return the number that a line begins with, and whether it is marked as that of a point."""
    match = _LABEL.match(line)
    if match is None:
        return None, False
    number = match["said"] or match["bare"]
    return (int(number) if number.isdecimal() else ord(number.casefold()) - ord("a") + 1), bool(match["said"])
