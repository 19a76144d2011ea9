"""Whether the numbers and dates of a sentence are those of the passages it cites, and of the same things."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Final

from assistant.answers.written_answer import Fault
from assistant.verification.candidates import Line, Reading, Said
from assistant.verification.speakers import SentencePart, may_carry, turns_in
from assistant.verification.support import Content
from ingest.language.dates.reader import WrittenDate
from ingest.language.negation import clauses_in
from ingest.language.quantities import (
    Figures,
    Quantity,
    Unit,
    completed,
    figures_in,
    moments_of,
    names_period,
    period_of,
)
from vectorstore.analysis.dutch import tokens
from vectorstore.letters import Voice

_RIVAL = 0.35
"""Share of the words of a clause by which another number fits it better, from which the number is taken for a mistake."""

_BESIDE = 0.5
"""What words are worth that stand in the sentence before or after the one with the number."""

_LINK_WORDS = 2
"""Words between two numbers up to which they are two values of one thing."""

_OTHER_EVENT = 0.5
"""Share of the words beside a date by which another date fits them better, from which the date is taken for a mistake."""

_WRITES: Final = re.compile(
    r"\b(?:brief|advie\w*|reactie|antwoord\w*|verslag|schr\w+|vroeg\w*|vraagt|meld\w+|weten|stuur\w+|reageer\w+|pleit\w*|verzo\w+|letter|advi[cs]e\w*|"
    r"repl\w+|report\w*|wrote|writes|asked|asks|respon\w+|sent)\b",
    re.I,
)
"""Words of a statement with which a date may be that of a letter."""

_LINKS: Final = frozenset("naar plaats dan maar tot to instead than but from against tegen nu now was were".split())
"""Words between two numbers that make it matter which comes first."""

_MEASURES: Final = {
    Unit.YEAR: (Unit.MONTH, Fraction(12)),
    Unit.MONTH: (Unit.MONTH, Fraction(1)),
    Unit.HOUR: (Unit.MINUTE, Fraction(60)),
    Unit.MINUTE: (Unit.MINUTE, Fraction(1)),
    Unit.SHARE: (Unit.SHARE, Fraction(1)),
    Unit.PERCENT: (Unit.SHARE, Fraction(1, 100)),
}
"""Units that go into each other, and how often: half a year is six months, four out of five are 80 percent."""

_YEARS_AWAY: Final = {
    -1: re.compile(r"\b(?:vorig|afgelopen|verleden) (?:jaar|voorjaar|najaar|zomer|winter)\b", re.I),
    0: re.compile(r"\b(?:dit|van het|deze|lopende) (?:jaar|voorjaar|najaar|zomer|winter)\b", re.I),
    1: re.compile(r"\b(?:volgend|komend|aankomend)e? (?:jaar|voorjaar|najaar|zomer|winter)\b", re.I),
}
"""How a letter names a year by how far it lies from its own."""


@dataclass(frozen=True, slots=True)
class _Lines:
    """The sentences of the passages that a sentence cites, and whose words each part of it gives; anybody's without parts."""

    readings: tuple[Reading, ...]
    turns: tuple[SentencePart, ...]

    def of(self, offset: int) -> list[Line]:
        """Return the sentences of the letters that may carry the part of the sentence in which an offset lies."""
        lines = [line for reading in self.readings for line in reading.lines]
        turn = next((turn for turn in self.turns if turn.start <= offset < turn.end), None)
        return [
            line
            for line in lines
            if turn is None
            or may_carry(line.voice, line.given, line.mentioned, turn)
            or (line.voice is Voice.UNKNOWN and line.given is None)
        ]

    def around(self, line: Line) -> frozenset[str]:
        """Return the stems of the sentences before and after one."""
        for reading in self.readings:
            if line in reading.lines:
                place = reading.lines.index(line)
                return frozenset().union(*(near.own for near in reading.lines[max(0, place - 1) : place + 2]))
        return frozenset()


def fault_in_figures(text: str, readings: Sequence[Reading], content: Content, *, english: bool) -> Fault | None:
    """Return the fault in the numbers and dates of a text: NUMBER, DATE, SPEAKER (a number that another gives) or None.

    Args:
        text: a sentence, without what it quotes.
        readings: of the passages it cites.
        content: takes out the words that a number stands with.
        english: the text is in English.
    """
    figures = figures_in(text)
    lines = _Lines(tuple(readings), turns_in(text))
    for moment in figures.moments:
        if not _dated(moment, text, readings, content, english=english):
            return Fault.DATE
    for quantity in figures.quantities:
        if not _stands(quantity, text, figures, lines, content, english=english):
            anybody = _stands(quantity, text, figures, replace(lines, turns=()), content, english=english)
            return Fault.SPEAKER if anybody else Fault.NUMBER
    if any(_reversed(text, figures, reading) for reading in readings):
        return Fault.NUMBER
    return None


def _stands(quantity: Quantity, text: str, figures: Figures, lines: _Lines, content: Content, *, english: bool) -> bool:
    """Check whether a number stands in a passage with words of its own clause, and not rather with those of another number."""
    if any(_like(quantity, held) for known in map(_known, lines.readings) for held in known.quantities):
        return True
    said = _words_of(text, quantity, figures, lines, content, english=english)
    written = {each.value for each in figures.quantities}
    year = _year_beside(text, quantity, figures)
    beside = content.said(_window(text, quantity, figures), english=english)
    own = rival = -1.0
    apart = 1.0
    counted = False
    for line in lines.of(quantity.start):
        share = said.share(said.strengths(line.stems))
        for held in line.figures.quantities:
            if (
                _like(quantity, held)
                and not _of_another_year(year, held, line)
                and _as_often(text, quantity, held, line)
            ):
                around = said.share(said.strengths(lines.around(line))) if share == 0 else share
                own = max(own, share, _BESIDE * around)
                counted |= held.unit is quantity.unit is not Unit.NONE
                apart = min(apart, _better(beside, held, line, written, content))
            elif held.unit is quantity.unit and held.value not in written and not english:
                rival = max(rival, share)
    under = any(said.share(said.strengths(reading.headings)) > 0 for reading in lines.readings)
    return own >= 0 and (not said.concepts or ((own > 0 or under or counted) and max(rival - own, apart) < _RIVAL))


def _better(said: Said, held: Quantity, line: Line, written: set[Fraction], content: Content) -> float:
    """Return how well the words beside a number fit another number of the same sentence, if they do not fit this one at all."""

    def fit(text: str) -> float:
        return said.share(said.strengths(content.stems(text)))

    others = [
        each
        for each in line.figures.quantities
        if each.unit is held.unit and each.value in written - {held.value} and not _linked(line.text, each, held)
    ]
    rival = max((fit(_window(line.text, each, line.figures)) for each in others), default=0.0)
    return rival - fit(_between(line, held)) if others else 0.0


def _linked(text: str, one: Quantity, other: Quantity) -> bool:
    """Check whether next to nothing stands between two numbers: "van 100 naar 160"."""
    first, second = sorted((one, other), key=lambda each: each.start)
    return len(tokens(text[first.end : second.start])) <= _LINK_WORDS


def _between(line: Line, quantity: Quantity) -> str:
    """Return the words of a sentence from the number before one to the number after it."""
    before = max((each.end for each in line.figures.quantities if each.end <= quantity.start), default=0)
    after = min((each.start for each in line.figures.quantities if each.start >= quantity.end), default=len(line.text))
    return line.text[before:after]


def _year_beside(text: str, quantity: Quantity, figures: Figures) -> int | None:
    """Return the year that the words of a number name, when they name one."""
    window = figures_in(_window(text, quantity, figures)).moments
    years = {moment.year for moment in window if moment.year}
    return years.pop() if len(years) == 1 else None


def _as_often(text: str, quantity: Quantity, held: Quantity, line: Line) -> bool:
    """Check whether a number counts for the same period as one of a letter, if the statement names a period."""
    period = period_of(text, quantity)
    own = period_of(line.text, held)
    return period is None or period is own or (own is None and names_period(line.text, period))


def _of_another_year(year: int | None, held: Quantity, line: Line) -> bool:
    """Check whether a sentence of a letter gives a number for another year than this one."""
    other = _year_beside(line.text, held, line.figures)
    return year is not None and other is not None and year != other


def _like(quantity: Quantity, held: Quantity) -> bool:
    """Check whether two numbers are the same, of units that do not contradict each other.

    A number that counts nothing may have any unit ("210.000 euro en vorig jaar 465.000"), and one of years may be an age.
    """
    if held.denied and not quantity.denied:
        return False
    if quantity.value != held.value:
        one, other = _MEASURES.get(quantity.unit), _MEASURES.get(held.unit)
        return bool(one and other and one[0] is other[0] and one[1] * quantity.value == other[1] * held.value)
    if quantity.unit is held.unit or quantity.bare or held.bare:
        return True
    units = {quantity.unit, held.unit} - {Unit.NONE}
    return len(units) == 1 and units <= {Unit.YEAR, Unit.HOUR}


def _window(text: str, quantity: Quantity, figures: Figures) -> str:
    """Return the words of a clause that belong to a number: those up to the next number, and before it when it is the first."""
    start, end = next(span for span in clauses_in(text) if span[0] <= quantity.start < span[1])
    beside = [each for each in figures.quantities if start <= each.start < end]
    if len(beside) < 2:
        return text[start:end]
    place = beside.index(quantity)
    after = beside[place + 1].start if place + 1 < len(beside) else end
    return text[quantity.start if place else start : after]


def _words_of(
    text: str, quantity: Quantity, figures: Figures, lines: _Lines, content: Content, *, english: bool
) -> Said:
    """Return the content words that a number stands with; those of its clause or of all the text when no passage has its own."""
    everything = frozenset().union(*(line.stems for reading in lines.readings for line in reading.lines))
    for words in (_window(text, quantity, figures), _clause_at(text, quantity.start)):
        said = content.said(words, english=english)
        if said.share(said.strengths(everything)) > 0:
            return said
    return content.said(text, english=english)


def _known(reading: Reading) -> Figures:
    """Return the numbers of what is known where a passage stands."""
    return figures_in(f"{reading.passage.heading or ''} ; {reading.passage.letter.subject or ''}")


def _clause_at(text: str, offset: int) -> str:
    return next((text[start:end] for start, end in clauses_in(text) if start <= offset < end), text)


def _reversed(text: str, figures: Figures, reading: Reading) -> bool:
    """Check whether two adjacent numbers have changed places: "van 19 naar 28" for "van 28 naar 19"."""
    whole = reading.passage.text
    for first, second in pairwise(figures.quantities):
        between = _LINKS.intersection(tokens(text[first.end : second.start]))
        for one, other in pairwise(figures_in(whole).quantities if between else ()):
            same = one.value == second.value and other.value == first.value and one.value != other.value
            if same and between & _LINKS.intersection(tokens(whole[one.end : other.start])):
                return True
    return False


def _dated(moment: WrittenDate, text: str, readings: Sequence[Reading], content: Content, *, english: bool) -> bool:
    """Check whether a date is that of a letter, or stands in a passage with words of its own clause, as much of it as is said."""
    if moment.month is not None and _of_another_event(moment, text, readings, content, english=english):
        return False
    letters = [reading.passage.letter for reading in readings]
    if any(own.holds(moment) for letter in letters for own in moments_of(letter)):
        return True
    if any(held.holds(moment) for reading in readings for held in _known(reading).moments):
        return True
    if moment.month is None and any(
        str(moment.year) in f"{letter.reference} {letter.your_reference}" for letter in letters
    ):
        return True
    stems = frozenset().union(*(line.stems | reading.context for reading in readings for line in reading.lines))
    said = content.said(_clause_at(text, moment.start), english=english)
    if said.share(said.strengths(stems)) == 0:
        said = content.said(text, english=english)
    for reading in readings:
        for place, line in enumerate(reading.lines):
            if any(_holds(held, moment, reading) for held in line.figures.moments):
                near = reading.lines[max(0, place - 1)].stems | line.stems | reading.context
                if not said.concepts or said.share(said.strengths(near)) > 0:
                    return True
    return any(_years_away(moment, reading) for reading in readings)


def _of_another_event(
    moment: WrittenDate, text: str, readings: Sequence[Reading], content: Content, *, english: bool
) -> bool:
    """Check whether the words beside a date stand with another date in the passages, and hardly with this one."""
    clause = _clause_at(text, moment.start)
    if _WRITES.search(clause) or len(figures_in(clause).moments) > 1:
        return False
    said = content.said(clause, english=english)
    own = rival = 0.0
    for reading in readings:
        for line in reading.lines:
            dates = [held for held in line.figures.moments if held.month is not None]
            share = said.share(said.strengths(line.stems)) if dates else 0.0
            if any(_holds(held, moment, reading) for held in dates):
                own = max(own, share)
            else:
                rival = max(rival, share)
    return rival - own >= _OTHER_EVENT


def _holds(held: WrittenDate, moment: WrittenDate, reading: Reading) -> bool:
    """Check whether a date of a passage says what a statement says, the year that it leaves out put in."""
    return held.holds(moment) or completed(held, reading.passage.letter).holds(moment)


def _years_away(moment: WrittenDate, reading: Reading) -> bool:
    """Check whether a year is the one that a letter calls the last, this or the next."""
    date = reading.passage.letter.date
    if date is None or moment.month is not None or moment.year is None:
        return False
    words = _YEARS_AWAY.get(moment.year - date.year)
    return words is not None and words.search(reading.passage.text) is not None
