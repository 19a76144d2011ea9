"""What passages bear: their sentences, read once, and how much of what somebody says each of them carries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from assistant.evidence.coverage import TextReader
from assistant.refusal.injection import commands_program
from assistant.verification.names import surroundings_of
from assistant.verification.speakers import given_to, mentioned_in
from ingest.language.negation import clauses_in, denials
from ingest.language.quantities import Figures, figures_in
from ingest.language.sentences import points_back, sentence_spans
from vectorstore.analysis.dutch import tokens
from vectorstore.analysis.expansion import Concept
from vectorstore.letters import Letter, Passage, Voice

_LINE_END = re.compile(
    r"(?<=;) (?=(?:\d{1,2}(?:\.\d{1,2})?[.)]?|\(?[a-z][.)]|[-–•*])\s)|"
    r"(?<=[.:;!?”\"])[ \t]*\n\s*|(?<![^\n]{60})\n\s*(?=[A-ZÀ-Þ“\"(])|\n\s*\n\s*|\n\s*(?=(?:[-–•*]|\(?(?:\d{1,2}|[a-z])[.)])\s)"
)
"""Where a line of a letter ends that the next does not go on with."""

_HEADING = re.compile(r"(?:\S+\s+){0,8}[^\s.!?:;]*[^\s.!?:;,]")
_PARTICLES = frozenset("aan af bij in mee op over terug toe uit vast voor weg".split())
_FIRST_PERSON = re.compile(r"\b(?:wij|we|ons|onze)\b", re.I)

MOST_LINES = 3
"""Sentences of a passage that a statement rests on, at most."""

_BESIDE = 0.5
"""What a word is worth that stands in another sentence of the passage than those that carry most."""

_WORTH_ADDING = 0.06
"""Share of what is said that one more sentence must carry to be cited as well."""


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """A clause of a sentence: its stems, and how often it denies what it speaks of."""

    text: str
    stems: frozenset[str]
    denials: int


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A sentence of a passage.

    Attributes:
        start, end: offsets into the letter's text.
        text: its words.
        own: stems of its words, compound parts included, and of the heading right above it.
        leant: stems of the sentence before it, when it speaks of what that names.
        clauses: in order.
        figures: the numbers and dates in it.
        voice: who speaks in it.
        given: to whom it gives what it reports.
        mentioned: whom it says to do something.
        heading: it says nothing by itself.
        orders: it, or one before it in its paragraph, tells a program what to do.
    """

    start: int
    end: int
    text: str
    own: frozenset[str]
    leant: frozenset[str]
    clauses: tuple[Clause, ...]
    figures: Figures
    voice: Voice
    given: Voice | None
    mentioned: frozenset[Voice]
    heading: bool
    orders: bool

    @property
    def stems(self) -> frozenset[str]:
        """Return its own stems and those of the sentence it leans on."""
        return self.own | self.leant if self.leant else self.own


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A passage as it was read.

    Attributes:
        passage: that was read.
        lines: its sentences, in order.
        context: stems of what is known of its letter, and of its heading.
        headings: stems of its heading.
        stems: of all its sentences.
    """

    passage: Passage
    lines: tuple[Line, ...]
    context: frozenset[str]
    headings: frozenset[str]
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Said:
    """The content words of what somebody says, with what each is worth; the worths add up to 1."""

    concepts: tuple[Concept, ...]
    worth: tuple[float, ...]

    def strengths(self, stems: frozenset[str]) -> tuple[float, ...]:
        """Return how well each concept is met by a text with these stems, from 0 to 1."""
        return tuple(_strength(concept, stems) for concept in self.concepts)

    def share(self, strengths: Sequence[float]) -> float:
        """Return the share of the whole that these strengths come to."""
        return sum(worth * strength for worth, strength in zip(self.worth, strengths, strict=True))


@dataclass(frozen=True, slots=True)
class Carried:
    """How much of what is said some passages carry.

    Attributes:
        share: of all of it, by all sentences chosen and what is known of their letters.
        lines: the sentences chosen of each passage.
        own: share that each passage carries by those sentences alone.
    """

    share: float
    lines: tuple[tuple[Line, ...], ...] = ()
    own: tuple[float, ...] = ()


class PassageReader:
    """Reads passages, and remembers those read last.

    Args:
        reader: gives the words of texts.
    """

    def __init__(self, reader: TextReader) -> None:
        self._reader = reader
        self.read = lru_cache(maxsize=500)(self._read)

    def _read(self, passage: Passage) -> Reading:
        """Read the sentences of a passage."""
        context = self._reader.of_text(surroundings_of(passage))
        lines: list[Line] = []
        for start, end in _spans(passage.text):
            before = lines[-1] if lines else None
            goes_on = before is not None and "\n\n" not in passage.letter.text[before.end : passage.start + start]
            tainted = before is not None and before.orders and goes_on
            lines.append(self._line(passage, passage.start + start, passage.start + end, tainted=tainted))
        headings = self._reader.of_text(passage.heading or "")
        stems = frozenset().union(*(line.own for line in lines if not line.orders))
        return Reading(passage, tuple(_with_what_they_lean_on(lines)), context, headings, stems)

    def _line(self, passage: Passage, start: int, end: int, *, tainted: bool) -> Line:
        letter = passage.letter
        text = letter.text[start:end]
        clauses = tuple(self.clause(text[a:b]) for a, b in clauses_in(text))
        return Line(
            start,
            end,
            text,
            self._stems(text),
            frozenset(),
            clauses,
            figures_in(text),
            _voice(letter, start, end),
            given_to(text, letter),
            mentioned_in(text, letter),
            _HEADING.fullmatch(text) is not None,
            tainted or commands_program(text),
        )

    def clause(self, text: str) -> Clause:
        """Read a clause with its stems and denials."""
        return Clause(text, self._stems(text), denials(text))

    def _stems(self, text: str) -> frozenset[str]:
        """Return the stems of a text, those of its verbs with a particle ("tel … mee", "mee te tellen") as one word among them."""
        stems = self._reader.of_text(text)
        words = tokens(text)
        particles = _PARTICLES.intersection(words)
        if not particles:
            return stems
        joined = " ".join(f"{particle}{word}" for particle in particles for word in words if len(word) > 2)
        return stems | {stem for word in joined.split() for stem in self._reader.of_text(word)}


def _with_what_they_lean_on(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the sentences; those that say "daar" or "dat" of the one before them, or stand under a heading, with its stems as well."""
    before: Line | None = None
    for line in lines:
        if before is not None and before.heading and not line.heading:
            first = replace(line.clauses[0], stems=line.clauses[0].stems | before.own)
            yield replace(line, own=line.own | before.own, clauses=(first, *line.clauses[1:]))
        elif before is not None and points_back(line.text):
            yield replace(line, leant=before.own)
        else:
            yield line
        before = line


def _voice(letter: Letter, start: int, end: int) -> Voice:
    """Return who speaks in a sentence; whoever tells of another's plan, and says "wij" in no quotation, speaks for himself."""
    own = letter.voice is not letter.author and letter.utterance_at(start, end) is None
    return letter.author if own and _FIRST_PERSON.search(letter.text[start:end]) else letter.voice_at(start, end)


def carried(said: Said, readings: Sequence[Reading], *, among: Iterable[Line] | None = None) -> Carried:
    """Return how much of what is said the passages carry, each by the fewest of its sentences.

    Args:
        said: the content of a statement.
        readings: of the passages it cites.
        among: only these sentences count, and nothing around them; None when all do.
    """
    allowed = None if among is None else set(map(id, among))
    chosen: list[tuple[Line, ...]] = []
    own: list[float] = []
    met = [0.0] * len(said.concepts)
    for reading in readings:
        lines = [line for line in reading.lines if allowed is None or id(line) in allowed]
        picked, strengths = _fewest(said, lines, alone=allowed is not None)
        chosen.append(picked)
        own.append(said.share(strengths))
        context = said.strengths(reading.context) if allowed is None else strengths
        beside = [_BESIDE * each for each in said.strengths(reading.stems)] if allowed is None else strengths
        met = [max(values) for values in zip(met, strengths, context, beside, strict=True)]
    return Carried(said.share(met), tuple(chosen), tuple(own))


def _fewest(said: Said, lines: Sequence[Line], *, alone: bool) -> tuple[tuple[Line, ...], list[float]]:
    """Pick the sentences that add most, one after another, and what they carry of each concept together."""
    strengths = [(line, said.strengths(line.own if alone else line.stems)) for line in lines]
    met = [0.0] * len(said.concepts)
    picked: list[Line] = []
    while strengths and len(picked) < MOST_LINES:
        best, values = max(strengths, key=lambda each: said.share([max(p) for p in zip(met, each[1], strict=True)]))
        grown = [max(pair) for pair in zip(met, values, strict=True)]
        if said.share(grown) - said.share(met) < (_WORTH_ADDING if picked else 1e-9):
            break
        met = grown
        picked.append(best)
        strengths = [each for each in strengths if each[0] is not best]
    return tuple(sorted(picked, key=lambda line: line.start)), met


def _strength(concept: Concept, stems: frozenset[str]) -> float:
    """Return what a concept is worth in a text; another word for it is worth nearly as much as the word itself."""
    strength = concept.strength(stems)
    if (
        not strength
        and len(concept.surface) > _LONG
        and not stems.isdisjoint((concept.surface[:-1], concept.surface[:-2]))
    ):
        return 1.0
    return min(1.0, strength + _LENIENCE) if strength else 0.0


_LENIENCE = 0.3
_LONG = 6
"""Letters from which a word in no list may be the plural of one in a passage."""


def _spans(text: str) -> list[tuple[int, int]]:
    """Cut a passage into sentences, headings and the items of a list each by themselves."""
    edges = [0, *(match.end() for match in _LINE_END.finditer(text)), len(text)]
    return [
        (begin + start, begin + end)
        for begin, stop in pairwise(edges)
        if text[begin:stop].strip()
        for start, end in sentence_spans(text[begin:stop])
    ]
