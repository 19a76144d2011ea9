"""How a sentence reports what the one who is written to says: "U schrijft dat …", "Volgens u …", "In uw brief staat dat …"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from ingest.language.verbs import ASKING, HOLDING, SAYING, WISHING
from ingest.speakers.clauses import Clause

_SAYS: Final = SAYING | ASKING | HOLDING | WISHING
_PLEADS: Final = SAYING | ASKING
_YOU: Final = frozenset({"u", "jullie", "jij"})
_TO_YOU: Final = _YOU | {"uw", "je", "jouw", "uwerzijds"}
_PREPOSITIONS: Final = frozenset("met aan voor van bij door".split())
_TOLD: Final = frozenset("zei schreef beloofde vertelde meldde".split())
_HEARD: Final = frozenset("hoorden hebben heb hoorde".split())
_TELLING: Final = frozenset("zeggen beloven toezeggen vertellen".split())
_VIEW: Final = re.compile(r"(?:naar|in) (?:uw|jullie) (?:mening|oordeel|opvatting|ogen|visie|idee)\b", re.I)
_READ: Final = re.compile(
    r"(?:in|op) (?:uw|jullie) (?:[\w-]+ ){1,3}?(?:staat|stond|is te lezen|lezen (?:wij|we))\b(?! (?:niet|niets|geen|nergens)).*"
    r"\b(?:dat|hoe)\b",
    re.I,
)
_ADVICE_IS: Final = re.compile(
    r"(?:uw|jullie) (?:\w+ )?(?:advies|verzoek|vraag|voorstel|standpunt|zorg) (?:is|luidt|was) (?:om|dat|of|ook|vooral)\b",
    re.I,
)
_BY_YOU: Final = re.compile(r"(?:uwerzijds|van uw (?:kant|zijde)|door u) (?:wordt|werd|is)\b", re.I)
_NEAR_START: Final = 3
_EARLY: Final = 6


def says_so_itself(clause: Clause) -> bool:
    """Return whether a sentence reports what "u" says, and names no party before it does."""
    if not clause.within(_TO_YOU):
        return False
    end = next((end for form in _FORMS for end in form(clause)), None)
    named = (who for who in clause.subjects() if not who.yours and not who.hesitant)
    return end is not None and not any(who.noun <= end for who in named)


def _you_say(clause: Clause) -> Iterator[int]:
    """Yield the index behind "u schrijft" and "daarom schrijft u"."""
    for at in (at for at, word in enumerate(clause.tokens.words) if word in _YOU):
        if _is_subject(clause, at) and clause.is_verb(at + 1, _SAYS, at + 2):
            yield at + 2
        if 0 <= at - 1 <= clause.opening and clause.is_verb(at - 1, _SAYS, at + 1):
            yield at + 1
        if (
            0 <= at - 1 <= clause.opening
            and clause.tokens.at(at - 1) == "volgens"
            and _words_before(clause, at - 1) <= _EARLY
        ):
            yield at + 1


def _is_subject(clause: Clause, at: int) -> bool:
    """Return whether "u" stands near the start of a sentence, and nothing makes another part of it."""
    near = at <= clause.opening and _words_before(clause, at) <= _NEAR_START
    return near and clause.tokens.at(at - 1) not in _PREPOSITIONS


def _words_before(clause: Clause, at: int) -> int:
    return sum(clause.tokens.is_word(before) for before in range(at))


def _je_says(clause: Clause) -> Iterator[int]:
    """Yield the index behind "je schreef dat" and "toen beloofde je"."""
    for at in (at for at, word in enumerate(clause.tokens.words) if word == "je" and at <= clause.opening):
        if at <= _NEAR_START and clause.is_near(at + 1, SAYING) and clause.within(frozenset({"dat"}), at + 2):
            yield at + 2
        if at > 0 and _words_before(clause, at - 1) <= _EARLY and clause.tokens.at(at - 1) in _TOLD:
            yield at + 1


def _we_heard(clause: Clause) -> Iterator[int]:
    """Yield the index behind "wij hoorden u … zeggen"."""
    words = clause.tokens.words
    if (
        words[:1] in (("wij",), ("we",), ("ik",))
        and words[1:2]
        and words[1] in _HEARD
        and words[2:3]
        and words[2] in _YOU
    ):
        yield from [3] if clause.within(_TELLING, 3) else []


def _your_words(clause: Clause) -> Iterator[int]:
    """Yield the index behind "naar uw mening", "in uw brief staat … dat", "uw advies is om" and "door u is gevraagd"."""
    text = clause.tokens.text
    if _VIEW.match(text) or _READ.match(text) or _ADVICE_IS.match(text):
        yield 0
    elif by := _BY_YOU.match(text):
        begin = next(at for at, span in enumerate(clause.tokens.spans) if span[1] >= by.end())
        told = range(begin + 1, min(begin + 2 + _EARLY, len(clause.tokens)))
        yield from [0] if any(clause.verbs.is_participle(clause.tokens, at, _PLEADS) for at in told) else []


_FORMS: Final[tuple[Callable[[Clause], Iterator[int]], ...]] = (_you_say, _je_says, _we_heard, _your_words)
