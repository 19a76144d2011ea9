"""Each question of an evaluation as the page shows it: the answer, what it rests on and what was expected of it.

Pure functions; all text that comes in is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from markupsafe import Markup

from assistant.answers.highlight import find_quotations, tag
from eval.datasets.corpus import fold
from eval.metrics.answers import FACTS
from eval.metrics.faults import worst_first

Json = Mapping[str, Any]

_MARK: Final = Markup("<mark>{}</mark>")
_QUOTATION: Final = Markup('<q lang="nl">{}</q>')
_MARKER: Final = re.compile(r"\[\d+\]")


class ShownEvidence(NamedTuple):
    """Words of a letter that a good answer cites.

    They stand in the passage found at a place, counted from 1, or in none; and in the citations with these numbers.
    """

    source: str
    text: str | None
    place: int | None
    cited: tuple[int, ...]


class ShownFact(NamedTuple):
    """A regular expression that a good answer matches, and whether this one does."""

    pattern: str
    stated: bool


class ShownCitation(NamedTuple):
    """A citation as `ask --json` gives it, its passage with the quote marked, and whether the quote stands there."""

    json: Json
    passage: Markup
    stands: bool


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question with its answer.

    Attributes:
        number: its place in the evaluation, from 1, by which the page links to it.
        json: as the evaluation has it.
        statements: each with its quotations marked up, and the numbers of its citations.
        citations, evidence, facts: what the answer rests on, and should have.
    """

    number: int
    json: Json
    statements: tuple[tuple[Markup, Sequence[int]], ...]
    citations: tuple[ShownCitation, ...]
    evidence: tuple[ShownEvidence, ...]
    facts: tuple[ShownFact, ...]


def questions(answers: Sequence[Json]) -> Iterator[ShownQuestion]:
    """Yield every question, the worst answered first."""
    numbers = {answer["id"]: number for number, answer in enumerate(answers, 1)}
    for answer in worst_first(answers):
        given, expected = answer["answer"], answer["expected"]
        yield ShownQuestion(
            numbers[answer["id"]],
            answer,
            tuple((_quoting(one["text"], given["citations"]), one["citations"]) for one in given["statements"]),
            tuple(map(_cited, given["citations"])),
            tuple(_evidence(one, answer) for one in expected["evidence"]),
            tuple(ShownFact(fact, _stated(fact, answer)) for fact in expected["facts"]),
        )


def _quoting(text: str, citations: Sequence[Json]) -> Markup:
    return tag(text, find_quotations(text, (citation["quote"] for citation in citations)), _QUOTATION)


def _cited(citation: Json) -> ShownCitation:
    quote, passage = citation["quote"], citation["passage"]
    start = passage.find(quote) if quote else -1
    spans = [(start, start + len(quote))] if start >= 0 else []
    return ShownCitation(citation, tag(passage, spans, _MARK), start >= 0)


def _evidence(expected: Json, answer: Json) -> ShownEvidence:
    found = (place for place, one in enumerate(answer["retrieved"], 1) if _holds(one, "text", expected))
    cited = (one["n"] for one in answer["answer"]["citations"] if _holds(one, "passage", expected))
    return ShownEvidence(expected["source"], expected["text"], next(found, None), tuple(cited))


def _holds(passage: Json, text: str, expected: Json) -> bool:
    if passage["source"] != expected["source"]:
        return False
    return expected["text"] is None or fold(expected["text"]) in fold(passage[text])


def _stated(fact: str, answer: Json) -> bool:
    """Check that the answer matches a fact; the score knows when all are there or the only one is not."""
    score, given = answer["scores"].get(FACTS), answer["answer"]
    if score == 1.0 or not given["answered"]:
        return bool(score == 1.0)
    return re.search(fact, _MARKER.sub("", given["text"])) is not None
