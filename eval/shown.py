"""Each question of an evaluation as the page shows it: the answer, what it rests on and what was expected of it.

Pure functions; all text that comes in is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from assistant.web.marked import quotations, tagged
from eval.corpus import folded
from eval.metrics import FACTS
from eval.worst import worst_first

Json = Mapping[str, Any]

_MARK: Final = Markup("<mark>{}</mark>")
_QUOTATION: Final = Markup('<q lang="nl">{}</q>')
_MARKER: Final = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that a good answer cites, and what came of it.

    Attributes:
        source: file of the letter.
        text: words it holds; None when any passage will do.
        place: of the first passage found that holds it, counted from 1; None when none does.
        cited: numbers of the citations that hold it.
    """

    source: str
    text: str | None
    place: int | None
    cited: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A pattern that a good answer matches.

    Attributes:
        pattern: regular expression.
        stated: the answer matches it.
    """

    pattern: str
    stated: bool


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation with its passage.

    Attributes:
        json: as `ask --json` gives it.
        passage: with the quote marked.
        stands: the quote is in the passage.
    """

    json: Json
    passage: Markup
    stands: bool


@dataclass(frozen=True, slots=True)
class Question:
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
    citations: tuple[Cited, ...]
    evidence: tuple[Evidence, ...]
    facts: tuple[Fact, ...]


def questions(answers: Sequence[Json]) -> Iterator[Question]:
    """Every question, the worst answered first."""
    numbers = {answer["id"]: number for number, answer in enumerate(answers, 1)}
    for answer in worst_first(answers):
        given, expected = answer["answer"], answer["expected"]
        yield Question(
            numbers[answer["id"]],
            answer,
            tuple((_quoting(one["text"], given["citations"]), one["citations"]) for one in given["statements"]),
            tuple(map(_cited, given["citations"])),
            tuple(_evidence(one, answer) for one in expected["evidence"]),
            tuple(Fact(fact, _stated(fact, answer)) for fact in expected["facts"]),
        )


def _quoting(text: str, citations: Sequence[Json]) -> Markup:
    return tagged(text, quotations(text, (citation["quote"] for citation in citations)), _QUOTATION)


def _cited(citation: Json) -> Cited:
    quote, passage = citation["quote"], citation["passage"]
    start = passage.find(quote) if quote else -1
    spans = [(start, start + len(quote))] if start >= 0 else []
    return Cited(citation, tagged(passage, spans, _MARK), start >= 0)


def _evidence(expected: Json, answer: Json) -> Evidence:
    found = (place for place, one in enumerate(answer["retrieved"], 1) if _holds(one, "text", expected))
    cited = (one["n"] for one in answer["answer"]["citations"] if _holds(one, "passage", expected))
    return Evidence(expected["source"], expected["text"], next(found, None), tuple(cited))


def _holds(passage: Json, text: str, expected: Json) -> bool:
    if passage["source"] != expected["source"]:
        return False
    return expected["text"] is None or folded(expected["text"]) in folded(passage[text])


def _stated(fact: str, answer: Json) -> bool:
    """Whether the answer matches a fact; the score knows when all are there or the only one is not."""
    score, given = answer["scores"].get(FACTS), answer["answer"]
    if score == 1.0 or not given["answered"]:
        return bool(score == 1.0)
    return re.search(fact, _MARKER.sub("", given["text"])) is not None
