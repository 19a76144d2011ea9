"""Whether a sentence and its passages have the same speaker, and deny the same things."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from assistant.attribution import may_carry, party_in, turns_in
from assistant.bearing import Clause, Line, Reading, Said, carried
from assistant.content import Content
from assistant.polarity import clauses_in, denials, half_denied, turned
from assistant.quantities import Figures, figures_in
from assistant.quotations import Stretch
from vectorstore.expansion import Concept
from vectorstore.letters import Citation

_OWN_SHARE = 0.5
"""Of what the passages carry of a speaker's words, the share that this speaker's own sentences must carry."""

_DEED_SHARE = 0.7
"""The same of what a party does."""

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


def misattributed(text: str, readings: Sequence[Reading], content: Content, *, english: bool) -> bool:
    """Whether a sentence gives to one speaker what the passages have from another, or from nobody known.

    Args:
        text: a sentence, without what it quotes.
        readings: of the passages it cites.
        content: takes out what is said.
        english: the text is in English.
    """
    for turn in turns_in(text):
        if turn.voice is None:
            continue
        said = content.said(text[turn.start : turn.end], english=english)
        lines = [line for reading in readings for line in reading.lines]
        own = [line for line in lines if may_carry(line.voice, line.given, line.mentioned, turn)]
        everything = carried(said, readings, among=lines).share
        least = _OWN_SHARE if turn.speaks else _DEED_SHARE
        if said.concepts and carried(said, readings, among=own).share < least * everything:
            return True
        if not said.concepts and not own:
            return True
    return False


def misquoted(text: str, stretch: Stretch, citation: Citation) -> bool:
    """Whether a quotation is put into the mouth of a party that did not say it.

    Args:
        text: a sentence.
        stretch: where the quotation stands in it.
        citation: where the words stand in the letter.
    """
    if len(stretch.words.split()) <= 3:
        return False
    turn = next((turn for turn in turns_in(text) if turn.start <= stretch.start < turn.end), None)
    outside = text[turn.start : stretch.start] if turn else ""
    named = re.findall(r"\b(?:van|volgens|dat|aldus|of|that|according to)\s+((?:(?:de|het|the)\s+)?[\w-]+)", outside)
    voices = {voice for each in named if (voice := party_in(each))}
    if turn and turn.voice:
        voices.add(turn.voice)
    return bool(voices) and citation.voice not in voices


def denied(text: str, readings: Sequence[Reading], content: Content, *, english: bool) -> bool:
    """Whether a sentence denies what the passages say, or says what they deny.

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
    """Whether the sentences that carry a clause, each by what no better one has, have it otherwise.

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
    """What a sentence with these stems carries of what is left of a clause."""
    return sum(worth * strength for worth, strength in zip(left, said.strengths(stems), strict=True))


def _bonus(figures: Figures, line: Line) -> float:
    """What a sentence gains that has a number or a date of the clause, so that it is the one that is meant."""
    values = {each.value for each in line.figures.quantities}
    numbers = any(each.value in values for each in figures.quantities)
    dates = any(held.holds(each) for each in figures.moments for held in line.figures.moments)
    return _FIGURE * (numbers + dates)


def _agrees(clause: str, left: Sequence[float], said: Said, line: Line, *, opposites: bool) -> bool:
    """Whether most of what a clause says is denied as often in a sentence, be it never, or both not.

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
    """The clauses of a sentence of a letter that speak of something; of two, the one that goes on about it counts too.

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
