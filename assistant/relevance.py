"""How likely each sentence of the passages found is to answer the question.

A logistic model over a few features of the sentence, its surroundings and its letter; `python -m eval fit` finds the
weights from questions of which the answering words are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import yaml

from assistant.evidence import TextReader, Weighed, coverages, identity_of
from assistant.questions import Question
from assistant.wanted import Wanted, shows
from ingest.sentences import sentence_spans
from vectorstore.fusion import standardised
from vectorstore.letters import Letter, Passage, Voice
from vectorstore.search import Hit

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
    "letter",
    "table",
    "named",
    "unnamed",
    "short",
    "question",
    "edge",
    "first",
    "item",
)
"""Names of the features, in order; `Relevance` says what each is."""

_WEIGHTS = Path(__file__).with_name("weights.yaml")

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
_SALUTATION = re.compile(r"(?:^|\n)(?:geachte?|beste)\b[^\n]{0,120}$", re.I)
_FAREWELL = re.compile(
    r"^(?:met (?:vriendelijke|hartelijke) groet|hoogachtend|hartelijke groet|vriendelijke groet)", re.I
)
_EDGE_LINE = re.compile(
    r"^\s*(?:met (?:\w+ )?groet|hoogachtend|geachte?\b|beste\b|(?:\w+ )?groet(?:en|jes)?\b|namens\b|aan\b|postbus\b|p/a\b|kenmerk\b|datum\b|onderwerp\b|betreft\b|"
    r"(?:uw|ons|onze) (?:kenmerk|brief|referentie)\b|c\.?c\.?\b|i\.a\.a\b|afschrift\b|bijlagen?\b|\(?fictie\w*|aanwezig\b|afwezig\b|telefoon\b)",
    re.I,
)
_ITEM = re.compile(r"\s*(?:[-•*–]|\(?\d{1,2}[.):e]|\(?[a-z][.)])\s")
_BEFORE = 250
"""Characters before a sentence that say what it is about."""

_LEAST_REST = 0.1
"""Worth of what a letter's subject leaves of the question, below which nothing specific is asked."""

_SUBJECT = 0.9
"""Coverage of a question by the subject of a letter from which the letter is about the very thing."""

_ON_SUBJECT = 3.0
"""Log-odds that a stance or request gains in a letter that the asked speaker wrote about the very thing: what is asked most, and
what labelled questions, which ask for details, teach too little of."""

_UNLIKELY = -10.0
"""Log-odds of a passage of which no sentence may answer."""

_REASONS = frozenset({Wanted.REASON})


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage that was found.

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
        """The letter it stands in."""
        return self.hit.passage.letter

    @property
    def text(self) -> str:
        """Its words."""
        return self.letter.text[self.start : self.end]

    @property
    def voice(self) -> Voice:
        """Who speaks in it."""
        return self.letter.voice_at(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model: what each feature adds to the log-odds.

    Attributes:
        intercept: log-odds when all features are 0.
        weights: by feature; what is left out adds nothing.
    """

    intercept: float
    weights: dict[str, float]

    @classmethod
    @cache
    def bundled(cls, model: str) -> Weights:
        """Those of a model that comes with the project, "relevance" or "sufficiency"."""
        content = yaml.safe_load(_WEIGHTS.read_text(encoding="utf-8"))[model]
        return cls(content["intercept"], content["weights"])

    def score(self, values: npt.NDArray[np.float64], names: Sequence[str]) -> float:
        """Log-odds for features with these values, in the order of their names."""
        return self.intercept + float(values @ np.array([self.weights.get(name, 0.0) for name in names]))


class Relevance:
    """Scores sentences. Every feature is a number from 0 to 1:

    own, before, after: coverage of the question by the sentence, the one before it and the one after it; around: by it
    with its heading and the words just before it; passage: by its whole passage. specific and specific_around: the same
    of what the letter's own subject does not cover. asked_voice, other_voice, unknown_voice: who speaks, when somebody's
    words are asked for; stance: the sentence takes one, as the asked speaker does;
    request: the letter asks for something in it. shows and lacks: it has, or has not,
    the sort of thing asked for; reason: it gives one, and one is asked for. score and place: of its passage in the search.
    letter: coverage by the letter's subject; table: a row of one. named and unnamed: the letter is of the ones the question names, or not. short: fewer
    than five words. question: ends in a question mark. edge: letterhead, salutation, farewell, heading. first: of its
    passage. item: of a list.

    Args:
        reader: gives the words of texts.
        weights: of the features; the bundled ones when None.
    """

    def __init__(self, reader: TextReader, weights: Weights | None = None) -> None:
        self._reader = reader
        self._weights = weights or Weights.bundled("relevance")

    def sentences(self, question: Question, weighed: Weighed, hits: Sequence[Hit]) -> list[Sentence]:
        """Every sentence of the passages, in their order.

        Args:
            question: what is asked.
            weighed: its content words.
            hits: passages found, best first.
        """
        found: list[Sentence] = []
        top, low = (max((hit.score for hit in hits), default=0.0), min((hit.score for hit in hits), default=0.0))
        shares = coverages(weighed, self._reader, hits)
        for place, (hit, share) in enumerate(zip(hits, shares, strict=True)):
            rank = (hit.score - low) / (top - low) if top > low else 1.0
            found += self._of_hit(question, weighed, hit, share, rank, place / max(1, len(hits)))
        return found

    def _of_hit(
        self, question: Question, weighed: Weighed, hit: Hit, share: float, rank: float, place: float
    ) -> Iterator[Sentence]:
        passage = hit.passage
        letter = passage.letter
        spans = list(spans_in(passage))
        own = [weighed.strengths(*self._reader.of_text(letter.text[start:end])) for start, end in spans]
        worth = np.array(weighed.worth)
        subject = np.array(
            weighed.strengths(*self._reader.of_text(f"{letter.subject or ''}\n{letter.reference or ''}"))
        )
        rest = worth * (1 - subject) if len(worth) else worth
        about = float(worth @ subject) if len(worth) else 0.0
        written = question.voice is not None and letter.author is question.voice
        shared = {"passage": share, "score": rank, "place": place, "letter": about} | _named(weighed, letter)
        edge = is_edge(passage)
        covered = [float(worth @ np.array(each)) if each else 0.0 for each in own]
        for i, (start, end) in enumerate(spans):
            before = letter.text[max(passage.start, start - _BEFORE) : start]
            text = letter.text[start:end]
            around = np.array(weighed.strengths(*self._reader.of_text(f"{passage.heading or ''}\n{before}\n{text}")))
            features = (
                shared
                | self._of_text(question, text, letter.voice_at(start, end))
                | {
                    "own": covered[i],
                    "around": float(worth @ around) if len(worth) else 0.0,
                    "before": covered[i - 1] if i else 0.0,
                    "after": covered[i + 1] if i + 1 < len(spans) else 0.0,
                    "specific": _share(rest, own[i]),
                    "specific_around": _share(rest, around),
                    "edge": float(edge or bool(_EDGE_LINE.match(text)) or _is_heading_line(passage, text)),
                    "first": float(i == 0),
                    "request": float(question.voice is not Voice.EXECUTIVE and _is_request(letter, start, end)),
                }
            )
            values = np.array([features[name] for name in FEATURES], dtype=np.float64)
            gain = _ON_SUBJECT if written and about >= _SUBJECT and (features["stance"] or features["request"]) else 0.0
            yield Sentence(hit, start, end, values, self._weights.score(values, FEATURES) + gain)

    def _of_text(self, question: Question, text: str, voice: Voice) -> dict[str, float]:
        """The features that rest on the sentence and the question alone."""
        sorts = question.wanted
        things = sorts - _REASONS
        seen = any(shows(sort, text) for sort in things)
        asked = question.voice
        return {
            "asked_voice": float(asked is not None and voice is asked),
            "other_voice": float(asked is not None and voice not in (asked, Voice.UNKNOWN)),
            "unknown_voice": float(asked is not None and voice is Voice.UNKNOWN),
            "stance": float(asked in _STANCES and not things and bool(_STANCES[asked].search(text))),
            "shows": float(seen),
            "lacks": float(bool(things) and not seen),
            "reason": float(sorts >= _REASONS and shows(Wanted.REASON, text)),
            "short": float(len(text.split()) < 5),
            "question": float(text.rstrip().endswith("?")),
            "item": float(bool(_ITEM.match(text))),
            "table": float(" | " in text),
        }


def reordered(hits: Sequence[Hit], sentences: Sequence[Sentence]) -> list[Hit]:
    """Passages in the order of what the search and their three likeliest sentences say of them, in equal parts.

    Args:
        hits: passages found.
        sentences: theirs, scored; a passage of which none may answer comes last.
    """
    if len(hits) < 2:
        return list(hits)
    likely: dict[str, list[float]] = {hit.passage.id: [] for hit in hits}
    for sentence in sentences:
        likely[sentence.hit.passage.id].append(sentence.score)
    found = standardised(np.array([hit.score for hit in hits]))
    read = standardised(np.array([_together(likely[hit.passage.id]) for hit in hits]))
    return [hits[place] for place in np.argsort(-(found + read), kind="stable")]


def _together(scores: Sequence[float]) -> float:
    """Log-odds that one of the three likeliest sentences answers, about."""
    best = sorted(scores, reverse=True)[:3] or [_UNLIKELY]
    return float(np.logaddexp.reduce(best))


def _named(weighed: Weighed, letter: Letter) -> dict[str, float]:
    """Whether a letter is of those that the question names, or of others than those."""
    named = bool(weighed.names & set(identity_of(letter)))
    return {"named": float(named), "unnamed": float(bool(weighed.names) and not named)}


def spans_in(passage: Passage) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence of a passage, in the letter's text; none runs over the end of a line."""
    for line in re.finditer(r"[^\n]+", passage.text):
        for start, end in sentence_spans(line[0]):
            yield passage.start + line.start() + start, passage.start + line.start() + end


def _is_request(letter: Letter, start: int, end: int) -> bool:
    """Whether a letter asks for something in this stretch."""
    return any(request.start < end and request.end > start for request in letter.requests)


def is_edge(passage: Passage) -> bool:
    """Whether a passage is what stands above the salutation or below the farewell of its letter."""
    return bool(_SALUTATION.search(passage.text) and passage.start == 0) or bool(_FAREWELL.match(passage.text))


def _is_heading_line(passage: Passage, text: str) -> bool:
    first = text.strip().rstrip(":")
    return bool(passage.heading) and " ".join(first.split()) in (passage.heading or "")


def _share(worth: npt.NDArray[np.float64], strengths: npt.NDArray[np.float64] | tuple[float, ...]) -> float:
    """Share of what is left of the question that is met; all of it when hardly anything is left."""
    total = float(worth.sum()) if len(worth) else 0.0
    return float(worth @ np.asarray(strengths)) / total if total >= _LEAST_REST else 1.0
