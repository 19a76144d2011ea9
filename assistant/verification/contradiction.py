"""Whether a sentence and its passages have the same speaker, and deny the same things."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from rapidfuzz import fuzz

from assistant.query.stopwords import FRAME
from assistant.verification.candidates import Clause, Line, Reading, Said
from assistant.verification.support import Content
from ingest.language.negation import DENYING, NO_DENIAL, clauses_in, denials, half_denied, turned
from ingest.language.quantities import Figures, figures_in
from vectorstore.analysis.dutch import STOPWORDS, fold, tokens
from vectorstore.analysis.expansion import Concept

_NEARLY = 0.9
"""A sentence that carries this share of what the best one carries may be the one that is meant."""

_LEAST = 0.2
"""Share of a clause that a sentence must carry to be compared with it."""

_REST = 0.45
"""Share of a clause that the best sentence leaves over from which another one is compared with that rest."""

_WHOLE = 0.35
"""What a sentence that carries all of a statement gains, so that it is the one that its clauses are compared with."""

_REFERS = re.compile(r"(?:(?:en|maar) )?(?:dat|dit|die|deze|wat|daar\w*|waar\w*)\b", re.I)
"""Begins a clause that speaks of what the one before it names."""

_DENIED = 0.2
"""Share of what a sentence carries of a clause that denies which it must deny as well."""

_FIGURE = 0.5
"""What a number or a date that is in both adds to what a sentence carries."""


def denied(text: str, readings: Sequence[Reading], content: Content, *, english: bool) -> bool:
    """Check whether a sentence denies what the passages say, or says what they deny.

    Args:
        text: a sentence, without what it quotes.
        readings: of the passages it cites.
        content: takes out what is said.
        english: the text is in English.
    """
    lines = [line for reading in readings for line in reading.lines if not line.orders and not line.heading]
    clauses = [(text[start:end], content.said(text[start:end], english=english)) for start, end in clauses_in(text)]
    if not lines:
        return False
    everything = content.said(text, english=english)
    meant = {line: everything.share(everything.strengths(line.stems)) for line in lines}
    return any(said.concepts and _contradicted(clause, said, meant) for clause, said in clauses)


def _contradicted(clause: str, said: Said, meant: Mapping[Line, float]) -> bool:
    """Check whether the sentences that carry a clause, each by what no better one has, have it otherwise.

    One of those that carry it about as well as the best must have it as the clause does.

    Args:
        clause: of a statement.
        said: by the clause.
        meant: each sentence, and what it carries of all of the statement.
    """
    left = list(said.worth)
    flat = denials(clause) % 2 == 0
    if flat and half_denied(clause):
        return False
    figures = figures_in(clause if flat else "")
    found = False
    while sum(left) >= (_REST if found else _LEAST):
        shares = [(_share(left, said, line.own if flat else line.stems), line) for line in meant]
        ranks = [
            (share + _WHOLE * meant[line] + _bonus(figures, line) if share else 0.0, share, line)
            for share, line in shares
        ]
        best = max(rank for rank, _, _ in ranks)
        near = [line for rank, share, line in ranks if rank >= _NEARLY * best and share >= _LEAST]
        if not near:
            break
        agrees = any(_agrees(clause, left, said, line, opposites=not found) for line in near)
        if agrees is not flat:
            return flat
        found = True
        met = said.strengths(near[0].own if flat else near[0].stems)
        left = [0.0 if strength else worth for worth, strength in zip(left, met, strict=True)]
    return found and not flat


def _share(left: Sequence[float], said: Said, stems: frozenset[str]) -> float:
    """Return what a sentence with these stems carries of what is left of a clause."""
    return sum(worth * strength for worth, strength in zip(left, said.strengths(stems), strict=True))


def _bonus(figures: Figures, line: Line) -> float:
    """Return the bonus of a sentence that has a number or a date of the clause, so that it is preferred."""
    values = {each.value for each in line.figures.quantities}
    numbers = any(each.value in values for each in figures.quantities)
    dates = any(held.holds(each) for each in figures.moments for held in line.figures.moments)
    return _FIGURE * (numbers + dates)


def _agrees(clause: str, left: Sequence[float], said: Said, line: Line, *, opposites: bool) -> bool:
    """Check that clause and sentence agree on negation for most of what the clause says.

    Args:
        clause: of the statement.
        left: the worth of what no better sentence carries.
        said: by the clause.
        line: the sentence.
        opposites: words that say the opposite count as denials; they do where a sentence carries most of the clause.
    """
    times = denials(clause) + (turned(clause, line.text) if opposites else 0)
    agree = differ = 0.0
    for worth, concept in zip(left, said.concepts, strict=True):
        held = _clauses_holding(concept, said, line, flat=denials(clause) % 2 == 0)
        if not held and times % 2 and concept.strength(line.leant):
            held = list(line.clauses)
        if any((times - part.denials) % 2 == 0 or (times % 2 and half_denied(part.text)) for part in held):
            agree += worth
        elif held:
            differ += worth
    return agree >= (_DENIED if denials(clause) % 2 else 0.5) * (agree + differ)


def _clauses_holding(concept: Concept, said: Said, line: Line, *, flat: bool) -> list[Clause]:
    """Return the clauses of a letter's sentence that speak of something, and a clause that goes on about it.

    Args:
        concept: that is spoken of.
        said: by a clause of a statement; one that goes on with more of it counts alone when that clause does not deny.
        line: the sentence.
        flat: the clause does not deny.
    """
    held = [part for part in line.clauses if concept.strength(part.stems)]
    after = {
        part: later for part, later in pairwise(line.clauses) if part in held and _REFERS.match(later.text) is not None
    }
    if not flat:
        return [*held, *after.values()]
    more = {part: later for part, later in after.items() if any(each.strength(later.stems) for each in said.concepts)}
    return [more.get(part, part) for part in held]


_OTHERS: Final = (FRAME | STOPWORDS | set("hoeven hoeft hoefde hoefden betreft".split())) - DENYING
_STOP: Final = "."
"""Stands for the end of a clause among the words of a text."""
_CLAUSE_END = re.compile(r"[,;:.!?()]|\b(?:maar|want|omdat|but|because)\b")
_ALIKE: Final = 88.0
"""Similarity in percent (Indel, over words) from which a clause is taken over from a letter."""
_FEWEST: Final = 3
"""Words that say something from which that can be told."""


def flips(clause: str, held: str, stem: Callable[[str], str]) -> bool:
    """Check whether a clause has the words of a sentence, one after another, and denies what that says, or the reverse.

    Args:
        clause: of a statement.
        held: a sentence of a letter.
        stem: of a folded word.
    """
    words, others = _words(clause), _words(held)
    said, letter = _telling(words), _telling(others)
    if len(said) < _FEWEST or len(letter) < _FEWEST:
        return False
    signs: dict[str, str] = {}
    spelled, spelled_letter = (
        "".join(signs.setdefault(stem(each[place]), chr(0xE000 + len(signs))) for place in places)
        for each, places in ((words, said), (others, letter))
    )
    if len(spelled) > len(spelled_letter):
        return False
    found = fuzz.partial_ratio_alignment(spelled, spelled_letter, score_cutoff=_ALIKE)
    if found is None:
        return False
    first, last = letter[found.dest_start], letter[max(found.dest_start, found.dest_end - 1)]
    return (_denials(words) - _denials(_widened(others, first, last))) % 2 == 1


def _widened(words: Sequence[str], first: int, last: int) -> Sequence[str]:
    """Return the words from the first to the last, with the small words around them, as far as their clause goes."""
    while first and words[first - 1] in _OTHERS | DENYING:
        first -= 1
    while last + 1 < len(words) and words[last + 1] in _OTHERS | DENYING:
        last += 1
    return words[first : last + 1]


def _denials(words: Sequence[str]) -> int:
    return sum(word in DENYING for word in words)


def _telling(words: Sequence[str]) -> list[int]:
    """Return the positions of the words that carry meaning."""
    return [place for place, word in enumerate(words) if word not in _OTHERS | DENYING and word != _STOP]


@lru_cache(maxsize=4000)
def _words(text: str) -> tuple[str, ...]:
    """Return the folded words of a text, with a sign where a clause ends."""
    parts = _CLAUSE_END.split(NO_DENIAL.sub(" ", fold(text)))
    return tuple(word for part in parts for word in (*tokens(part), _STOP))
