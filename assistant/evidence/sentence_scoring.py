"""How likely each sentence of the passages found is to answer the question.

A logistic model over a few features of the sentence, its surroundings and its letter; `python -m eval fit` finds the
weights from questions of which the answering words are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from assistant.evidence.coverage import Found, Matcher, TextReader, Weighed, identity_of
from assistant.evidence.fitted import Weights
from assistant.evidence.passage_reading import PassageMatch, ReadPassage, ReadSentence, SentenceReader
from assistant.evidence.reading import reading_task
from assistant.query.answer_types import Wanted, shows
from assistant.query.understanding import Question
from ingest.language.courtesies import ADDRESSING, USUAL_CLOSE
from vectorstore.letters import Letter, Passage, Voice, context_of
from vectorstore.models.reader import READ, Reader, Reading
from vectorstore.search import Hit, standardise

FEATURES: Final = (
    "own",
    "around",
    "before",
    "after",
    "passage",
    "specific",
    "specific_around",
    "asked_voice",
    "other_voice",
    "unknown_voice",
    "stance",
    "request",
    "shows",
    "lacks",
    "reason",
    "score",
    "place",
    "near",
    "letter",
    "table",
    "named",
    "unnamed",
    "short",
    "question",
    "edge",
    "first",
    "item",
    "reads",
    "passage_reads",
)
"""Names of the features, in order; `Relevance` says what each is."""

Column = float | Sequence[float]
"""A feature of all sentences of a passage: one number for each, or one for all of them."""

_STANCES: dict[Voice, re.Pattern[str]] = {
    Voice.COUNCIL: re.compile(
        r"\b(?:advise(?:ren|ert|erde\w*)|vinden|vindt|verzoek\w*|vragen (?:wij )?u|vraagt u|pleit\w*|stel(?:len|t) (?:wij |u )?voor|voorstel|stem(?:men|t) (?:wij )?in|"
        r"van mening|van oordeel|betreur\w*|onbegrijpelijk|onnodig|graag|onvoldoende|terecht|ten onrechte|zorgen|bezwa\w+|begrijpen|zien (?:wij|we)|"
        r"onderschrijven|vre[ez]\w+|in overweging|dring\w+|wil(?:len)? (?:wij|we)|(?:wij|we) willen|liever|beter|nodig|moet\w*|mag|mogen|bepleit\w*)\b",
        re.I,
    ),
    Voice.EXECUTIVE: re.compile(
        r"\b(?:(?:nemen|neemt) (?:wij|we|het college)|overgenomen|overnemen|over te nemen|zeg(?:gen|t)\b.*\btoe|toezegg\w+|besloten|besluit(?:en)?|houden (?:wij |we )?\w* ?vast|"
        r"stem(?:men|t)\b.*\bin|delen (?:wij|we|uw)|zullen|gaan (?:wij|we)|zien (?:wij|we)|achten|akkoord|niet mogelijk|kunnen (?:wij|we)|willen (?:wij|we)|onderzoeken|niet over)\b",
        re.I,
    ),
}
_SALUTATION = re.compile(rf"(?:^|\n){ADDRESSING}[^\n]{{0,120}}$", re.I)
_FAREWELL = re.compile(rf"^{USUAL_CLOSE}", re.I)
_LEAST_REST = 0.1
"""Worth of what a letter's subject leaves of the question, below which nothing specific is asked."""

_SUBJECT = 0.9
"""Coverage of a question by the subject of a letter from which the letter is about the very thing."""

_ON_SUBJECT = 3.0
"""Log-odds that a stance or request gains in a letter that the asked speaker wrote about the very thing: what is asked most, and
what labelled questions, which ask for details, teach too little of."""

_NEAREST = 4.0
"""Standard deviations of similarity beyond which a passage is no nearer."""

_UNLIKELY = -10.0
"""Log-odds of a passage of which no sentence may answer."""

_UNREAD = -6.0
"""Log-odds of what the reader did not read."""

_SEARCHED: Final = 0.25
"""How much the place in the search counts beside what sentences say; they know it already."""

_REASONS = frozenset({Wanted.REASON})

_STANCE, _REQUEST = FEATURES.index("stance"), FEATURES.index("request")


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """A sentence of a passage that was found; only itself is equal to it.

    Attributes:
        hit: the passage.
        start, end: offsets into the letter's text.
        features: by the order of `FEATURES`.
        score: log-odds that it answers the question.
    """

    hit: Hit
    start: int
    end: int
    features: npt.NDArray[np.float64]
    score: float

    @property
    def letter(self) -> Letter:
        """Return the letter it stands in."""
        return self.hit.passage.letter

    @property
    def text(self) -> str:
        """Return its words."""
        return self.letter.text[self.start : self.end]

    @property
    def voice(self) -> Voice:
        """Return who speaks in it."""
        return self.letter.voice_at(self.start, self.end)


@dataclass(frozen=True, slots=True)
class _Subject:
    """What the subject of a letter covers of a question.

    Attributes:
        features: of the letter.
        rest: worth of what it leaves of each concept.
        total: worth of all that.
    """

    features: dict[str, float]
    rest: npt.NDArray[np.float64]
    total: float

    def rest_met(self, matcher: Matcher, found: Found) -> float:
        """Return the share of what is left of the question that is met; all of it when hardly anything is left."""
        return float(self.rest @ matcher.strengths(found)) / self.total if self.total >= _LEAST_REST else 1.0


class Relevance:
    """Scores sentences. Every feature but the last two is a number from 0 to 1:

    own, before, after: coverage of the question by the sentence, the one before it and the one after it; around: by it
    with its heading and the words just before it; passage: by its whole passage. specific and specific_around: the same
    of what the letter's own subject does not cover. asked_voice, other_voice, unknown_voice: who speaks, when somebody's
    words are asked for; stance: the sentence takes one, as the asked speaker does;
    request: the letter asks for something in it. shows and lacks: it has, or has not,
    the sort of thing asked for; reason: it gives one, and one is asked for. score and place: of its passage in the search; near: by
    how many standard deviations, of at most four, its passage is nearer in meaning than what else was found.
    letter: coverage by the letter's subject; table: a row of one. named and unnamed: the letter is of the ones the question names, or not. short: fewer
    than five words. question: ends in a question mark. edge: letterhead, salutation, farewell, heading. first: of its
    passage. item: of a list. reads and passage_reads: log-odds that the sentence answers, and that its passage does, by the
    reader; 0 when there is none.

    Args:
        reader: gives the words of texts.
        weights: of the features.
        network: reads the best passages; None when there is no such reader.
    """

    def __init__(self, reader: TextReader, weights: Weights, network: Reader | None = None) -> None:
        self._network = network
        self._reader = reader
        self._read = SentenceReader(reader).read
        self._weights = weights
        self._factors = np.array([self._weights.weights.get(name, 0.0) for name in FEATURES])

    def sentences(self, question: Question, weighed: Weighed, hits: Sequence[Hit]) -> list[Sentence]:
        """Return every sentence of the passages, in their order.

        Args:
            question: what is asked.
            weighed: its content words.
            hits: passages found, best first.
        """
        found: list[Sentence] = []
        matcher = Matcher(weighed)
        top, low = (max((hit.score for hit in hits), default=0.0), min((hit.score for hit in hits), default=0.0))
        letters: dict[str, _Subject] = {}
        readings = self._readings(question, hits)
        for place, hit in enumerate(hits):
            letter = hit.passage.letter
            subject = letters.get(letter.id) or letters.setdefault(letter.id, self._subject(weighed, matcher, letter))
            rank = (hit.score - low) / (top - low) if top > low else 1.0
            near = min(max(hit.why.dense_z, 0.0), _NEAREST) / _NEAREST
            shared = {"score": rank, "place": place / max(1, len(hits)), "near": near} | subject.features
            found += self._of_hit(question, matcher, hit, subject, shared, readings.get(hit.passage.id))
        return found

    def _readings(self, question: Question, hits: Sequence[Hit]) -> dict[str, Reading]:
        """Return what the reader says of the best passages, by their ids."""
        if self._network is None:
            return {}
        passages = [hit.passage for hit in hits[:READ]]
        tasks = [reading_task(passage, self._read(passage.text, passage.heading)) for passage in passages]
        read = self._network.read(question.standalone.text, tasks)
        return {passage.id: reading for passage, reading in zip(passages, read, strict=True)}

    def _subject(self, weighed: Weighed, matcher: Matcher, letter: Letter) -> _Subject:
        """Return what the subject of a letter covers of the question."""
        found = matcher.found_in(self._reader.of_line(f"{letter.subject or ''}\n{letter.reference or ''}"))
        about = matcher.share(found)
        rest = matcher.worth * (1 - matcher.strengths(found))
        return _Subject({"letter": about} | _named(weighed, letter), rest, float(rest.sum()))

    def _of_hit(
        self,
        question: Question,
        matcher: Matcher,
        hit: Hit,
        subject: _Subject,
        shared: Mapping[str, float],
        reading: Reading | None,
    ) -> Iterator[Sentence]:
        passage = hit.passage
        read = self._read(passage.text, passage.heading)
        match = PassageMatch(matcher, read)
        context = matcher.found_in(self._reader.of_line(context_of(passage)))
        columns: dict[str, Column] = (
            {**shared, "passage": matcher.coverage(match.whole | context)}
            | _covered(matcher, match, read, subject)
            | _told(question, passage, read.sentences)
            | self._read_by_network(reading)
        )
        table = np.empty((len(read.sentences), len(FEATURES)))
        for column, name in enumerate(FEATURES):
            table[:, column] = columns[name]
        written = question.voice is not None and passage.letter.author is question.voice
        very_thing = written and shared["letter"] >= _SUBJECT
        for each, values in zip(read.sentences, table, strict=True):
            gain = _ON_SUBJECT if very_thing and (values[_STANCE] or values[_REQUEST]) else 0.0
            score = self._weights.intercept + float(values @ self._factors) + gain
            yield Sentence(hit, passage.start + each.start, passage.start + each.end, values, score)

    def _read_by_network(self, reading: Reading | None) -> dict[str, Column]:
        """Return the features that say what the reader made of a passage."""
        if self._network is None:
            return {"reads": 0.0, "passage_reads": 0.0}
        if reading is None:
            return {"reads": _UNREAD, "passage_reads": _UNREAD}
        said = [_UNREAD if each is None else each for each in reading.sentences]
        return {"reads": said, "passage_reads": reading.passage}


def _covered(matcher: Matcher, match: PassageMatch, read: ReadPassage, subject: _Subject) -> dict[str, Column]:
    """Return the features that say how much of the question stands in each sentence of a passage, and around it."""
    heading = matcher.found_in(read.heading)
    found = [match.of(each.own) for each in read.sentences]
    wide = [own | heading | match.of(each.before) for each, own in zip(read.sentences, found, strict=True)]
    shares = [matcher.share(own) for own in found]
    return {
        "own": shares,
        "around": [matcher.share(around) for around in wide],
        "before": [0.0, *shares[:-1]],
        "after": [*shares[1:], 0.0],
        "specific": [subject.rest_met(matcher, own) for own in found],
        "specific_around": [subject.rest_met(matcher, around) for around in wide],
    }


def _told(question: Question, passage: Passage, sentences: Sequence[ReadSentence]) -> dict[str, Column]:
    """Return the features that say what each sentence of a passage is, who speaks in it and whether it is what is wanted."""
    letter, asked, things = passage.letter, question.voice, question.wanted - _REASONS
    spans = [(passage.start + each.start, passage.start + each.end) for each in sentences]
    texts = [letter.text[start:end] for start, end in spans]
    voices = [letter.voice_at(start, end) for start, end in spans] if asked else []
    seen = [any(shows(sort, text) for sort in things) for text in texts]
    edge = is_edge(passage)
    return {
        "asked_voice": [voice is asked for voice in voices] if asked else 0.0,
        "other_voice": [voice not in (asked, Voice.UNKNOWN) for voice in voices] if asked else 0.0,
        "unknown_voice": [voice is Voice.UNKNOWN for voice in voices] if asked else 0.0,
        "stance": [_takes_stance(asked, text) for text in texts] if asked in _STANCES and not things else 0.0,
        "shows": seen,
        "lacks": [bool(things) and not each for each in seen],
        "reason": [shows(Wanted.REASON, text) for text in texts] if question.wanted >= _REASONS else 0.0,
        "request": [asked is not Voice.EXECUTIVE and _is_request(letter, *span) for span in spans],
        "short": [each.short for each in sentences],
        "question": [each.question for each in sentences],
        "edge": [edge or each.edge for each in sentences],
        "first": [not place for place, _ in enumerate(sentences)],
        "item": [each.item for each in sentences],
        "table": [each.table for each in sentences],
    }


def reordered(hits: Sequence[Hit], sentences: Sequence[Sentence]) -> list[Hit]:
    """Order passages by what their three likeliest sentences say of them, and a quarter as much by what the search does.

    Args:
        hits: passages found.
        sentences: theirs, scored; a passage of which none may answer comes last.
    """
    if len(hits) < 2:
        return list(hits)
    likely: dict[str, list[float]] = {hit.passage.id: [] for hit in hits}
    for sentence in sentences:
        likely[sentence.hit.passage.id].append(sentence.score)
    found = standardise(np.array([hit.score for hit in hits]))
    read = standardise(np.array([_together(likely[hit.passage.id]) for hit in hits]))
    return [hits[place] for place in np.argsort(-(_SEARCHED * found + read), kind="stable")]


def _together(scores: Sequence[float]) -> float:
    """Log-odds that one of the three likeliest sentences answers, about."""
    best = sorted(scores, reverse=True)[:3] or [_UNLIKELY]
    return float(np.logaddexp.reduce(best))


def _named(weighed: Weighed, letter: Letter) -> dict[str, float]:
    """Check whether a letter is of those that the question names, or of others than those."""
    named = bool(weighed.names & set(identity_of(letter)))
    return {"named": float(named), "unnamed": float(bool(weighed.names) and not named)}


@lru_cache(maxsize=10_000)
def _takes_stance(voice: Voice, text: str) -> bool:
    return _STANCES[voice].search(text) is not None


def _is_request(letter: Letter, start: int, end: int) -> bool:
    """Check whether a letter asks for something in this stretch."""
    return any(request.start < end and request.end > start for request in letter.requests)


def is_edge(passage: Passage) -> bool:
    """Check whether a passage is what stands above the salutation or below the farewell of its letter."""
    text = passage.text
    return (passage.start == 0 and _SALUTATION.search(text) is not None) or _FAREWELL.match(text) is not None
