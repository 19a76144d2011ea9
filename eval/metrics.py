"""What an answer is worth: scores of each question, and their means over all questions, each kind and each part.

A score is a number from 0 to 1; a question has none for what does not apply to it (the voice of an answer that cites no
evidence, say). All is measured on the JSON that `ask --json` prints and on the letters as stored.

Citations are measured by recall and precision as in ALCE (Gao, Yen, Yu and Chen 2023, "Enabling Large Language Models to
Generate Text with Citations"), in another form. There a model of entailment judges whether the cited passages carry each
statement, and whether they would without each of them. Here no model judges: a person has labelled which words of which
letters answer the question, so `citation_recall` is the share of the needed evidence that is cited, and
`citation_precision` the share of the cited passages that hold evidence. A passage that carries its statement and is not
what was labelled counts as wrong, and whether a statement follows from its passage is not measured: a quotation does.
Refusals have a recall (`refused`: of the questions that should be refused, how many are) and a precision
(`refusal_precision`: of those that are refused, how many should be).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from eval.bootstrap import interval
from eval.corpus import Corpus
from eval.questions import Evidence, ExpectedAnswer
from eval.ranking import ranking_scores

Json = Mapping[str, Any]

FOUND: Final = "found@5"
CITED: Final = "cited"
CITATION_RECALL: Final = "citation_recall"
CITATION_PRECISION: Final = "citation_precision"
FACTS: Final = "facts"
VOICE: Final = "voice"
REFUSED: Final = "refused"
REFUSAL_PRECISION: Final = "refusal_precision"
FALSE_REFUSALS: Final = "false_refusals"
QUOTE_VALIDITY: Final = "quote_validity"
LANGUAGE: Final = "language"
NDCG: Final = "nDCG@10"
MEANING: Final = "meaning"
"""Whether the vectors took part in the search: on a small archive words alone find nearly as much, so that nothing else
would show that they did not."""

LEFT_OUT: Final = "left_out"
"""How many questions were not counted, for files that could not be read."""

FIGURES: Final = frozenset(
    {FOUND, CITED, CITATION_RECALL, CITATION_PRECISION, FACTS, VOICE, REFUSED, REFUSAL_PRECISION, FALSE_REFUSALS}
    | {QUOTE_VALIDITY, LANGUAGE, NDCG, MEANING, LEFT_OUT, "recall@1", "recall@5", "recall@10", "MRR"}
    | {"questions", "latency_p50", "latency_p95"}
)
"""Every figure that a run can have."""

LOWER_IS_BETTER: Final = frozenset({FALSE_REFUSALS})

_MARKER = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Record:
    """A question and what came of it.

    Attributes:
        expected: the question.
        retrieved: the passages found, best first, each with at least `letter` and `text`.
        answer: as `ask --json` prints it.
        seconds: how long it took.
        by_meaning: whether a passage was found with a vector's help; None when that cannot be known, or nothing was found.
    """

    expected: ExpectedAnswer
    retrieved: tuple[Json, ...]
    answer: Json
    seconds: float
    by_meaning: bool | None = None


def scores_of(records: Sequence[Record], corpus: Corpus) -> dict[str, dict[str, float]]:
    """Every score of every question, by question id and metric."""
    scores: dict[str, dict[str, float]] = {}
    for record in records:
        own = scores[record.expected.id] = dict(_honesty(record, corpus))
        own |= dict(_answer_scores(record, corpus)) if record.expected.answerable else {}
    for identifier, ranked in retrieval_scores(records, corpus).items():
        scores[identifier] |= ranked
    return scores


def retrieval_scores(records: Sequence[Record], corpus: Corpus) -> dict[str, dict[str, float]]:
    """What was found for each question that the archive answers, whatever was made of it, by question id and metric."""
    ranked = ranking_scores(*_rankings(records, corpus))
    return {identifier: own | {FOUND: float(own["recall@5"] == 1.0)} for identifier, own in ranked.items()}


def _honesty(record: Record, corpus: Corpus) -> Iterator[tuple[str, float]]:
    """Scores that any answer has, whatever was expected."""
    answer = record.answer
    yield LANGUAGE, float(answer["language"] == record.expected.language)
    yield FALSE_REFUSALS if record.expected.answerable else REFUSED, float(not answer["answered"])
    if not answer["answered"]:
        yield REFUSAL_PRECISION, float(not record.expected.answerable)
    if record.by_meaning is not None:
        yield MEANING, float(record.by_meaning)
    if answer["citations"]:
        yield QUOTE_VALIDITY, float(np.mean([quote_is_valid(citation, corpus) for citation in answer["citations"]]))


def quote_is_valid(citation: Json, corpus: Corpus) -> bool:
    """Whether the quote is what the stored letter has at its offsets, in whole words, and stands in the passage shown."""
    letter = corpus.letters.get(citation["letter"])
    if letter is None:
        return False
    start, end, quote = citation["start"], citation["end"], citation["quote"]
    exact = bool(quote) and letter.text[start:end] == quote
    whole = not (_cuts_word(letter.text, start) or _cuts_word(letter.text, end))
    return exact and whole and quote in citation["passage"] and citation["passage"] in letter.text


def _cuts_word(text: str, place: int) -> bool:
    """Whether a word stands on both sides of a place in a text: a quotation that begins or ends there is a slip."""
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()


def _answer_scores(record: Record, corpus: Corpus) -> Iterator[tuple[str, float]]:
    """Scores of an answer to a question that the archive answers."""
    expected, answer = record.expected, record.answer
    units = _units(expected)
    supporting = [
        [_supports(unit, citation["letter"], citation["passage"], corpus) for unit in units]
        for citation in answer["citations"]
    ]
    covered = [any(row[number] for row in supporting) for number in range(len(units))]
    yield CITED, float(all(covered))
    yield CITATION_RECALL, float(np.mean(covered))
    if supporting:
        yield CITATION_PRECISION, float(np.mean([any(row) for row in supporting]))
    if expected.facts:
        text = _MARKER.sub("", answer["text"])
        yield FACTS, float(answer["answered"] and all(re.search(fact, text) for fact in expected.facts))
    cited = [citation for citation, row in zip(answer["citations"], supporting, strict=True) if any(row)]
    voices = [citation["voice"] for citation in _quoting(expected, cited, corpus)]
    if expected.voice and voices:
        yield VOICE, float(np.mean([voice == expected.voice for voice in voices]))


def _quoting(expected: ExpectedAnswer, cited: Sequence[Json], corpus: Corpus) -> Sequence[Json]:
    """Of the citations whose passage holds evidence, those that quote its words; all of them where none does.

    Who else speaks in the same passage is not who said it.
    """
    quoting = [
        each
        for each in cited
        if any(corpus.says(evidence, each["letter"], each["start"], each["end"]) for evidence in expected.evidence)
    ]
    return quoting or cited


def _units(expected: ExpectedAnswer) -> list[tuple[Evidence, ...]]:
    """Groups of evidence of which one item each is needed."""
    return [(item,) for item in expected.evidence] if expected.all_evidence else [expected.evidence]


def _supports(unit: tuple[Evidence, ...], letter: str, text: str, corpus: Corpus) -> bool:
    return any(corpus.supports(evidence, letter, text) for evidence in unit)


def _rankings(records: Sequence[Record], corpus: Corpus) -> tuple[dict[str, list[str]], dict[str, dict[str, int]]]:
    """Places found, and those that matter: of the first passage with each group of evidence, or a missing one."""
    rankings: dict[str, list[str]] = {}
    relevant: dict[str, dict[str, int]] = {}
    for record in records:
        if not record.expected.answerable:
            continue
        identifier, units = record.expected.id, _units(record.expected)
        rankings[identifier] = [str(place) for place in range(len(record.retrieved))]
        relevant[identifier] = {}
        for number, unit in enumerate(units):
            places = (
                str(place)
                for place, passage in enumerate(record.retrieved)
                if _supports(unit, passage["letter"], passage["text"], corpus)
            )
            relevant[identifier][next(places, f"missing {number}")] = 1
    return rankings, relevant


def summary(records: Sequence[Record], scores: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """Means with their 95% intervals over all questions, over each kind under `kinds`, over each part under `parts`.

    Seconds are given as `latency_p50` and `latency_p95`. There is no `parts` when no question is of one.
    """
    kinds = sorted({str(record.expected.kind) for record in records})
    parts = sorted({str(record.expected.part) for record in records if record.expected.part})
    by_kind = {kind: _means([r for r in records if r.expected.kind == kind], scores) for kind in kinds}
    by_part = {part: _means([r for r in records if r.expected.part == part], scores) for part in parts}
    return _means(records, scores) | {"kinds": by_kind} | ({"parts": by_part} if parts else {})


def _means(records: Sequence[Record], scores: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    own = [scores[record.expected.id] for record in records]
    names = sorted({name for values in own for name in values})
    values = {name: [scored[name] for scored in own if name in scored] for name in names}
    means = {name: round(float(np.mean(found)), 4) for name, found in values.items()}
    seconds = [record.seconds for record in records]
    latencies = {f"latency_p{p}": round(float(np.percentile(seconds, p)), 4) for p in (50, 95)} if seconds else {}
    intervals = {name: [round(end, 4) for end in interval(found)] for name, found in values.items()}
    return {"questions": len(records)} | means | latencies | {"intervals": intervals}
