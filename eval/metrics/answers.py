"""The metrics of one answer, a function each: a number from 0 to 1, or None where a metric does not apply to it.

All is measured on the JSON that `ask --json` prints and on the letters as stored.

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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from eval.datasets.corpus import Corpus
from eval.datasets.questions import ExpectedAnswer, ExpectedEvidence

Json = Mapping[str, Any]

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

    @property
    def answered(self) -> bool:
        """Return True if it was not refused."""
        return bool(self.answer["answered"])

    @property
    def citations(self) -> Sequence[Json]:
        """Return what the answer cites."""
        cited: Sequence[Json] = self.answer["citations"]
        return cited


def language(record: Record, _corpus: Corpus) -> float:
    """Score 1 when the answer is in the language of the question."""
    return float(record.answer["language"] == record.expected.language)


def false_refusal(record: Record, _corpus: Corpus) -> float | None:
    """Score 1, which is bad, when a question that the archive answers was refused."""
    return float(not record.answered) if record.expected.answerable else None


def refused(record: Record, _corpus: Corpus) -> float | None:
    """Score 1 when a question that the archive does not answer was refused."""
    return None if record.expected.answerable else float(not record.answered)


def refusal_precision(record: Record, _corpus: Corpus) -> float | None:
    """Score 1 when a refused question should be."""
    return None if record.answered else float(not record.expected.answerable)


def meaning(record: Record, _corpus: Corpus) -> float | None:
    """Score 1 when the vectors took part in the search.

    On a small archive words alone find nearly as much, so that nothing else would show that they did not.
    """
    return None if record.by_meaning is None else float(record.by_meaning)


def quote_validity(record: Record, corpus: Corpus) -> float | None:
    """Return the share of the quotes that are the letter's own words."""
    return _mean([quote_is_valid(citation, corpus) for citation in record.citations])


def quote_is_valid(citation: Json, corpus: Corpus) -> bool:
    """Check that a quote is what the stored letter has at its offsets, in whole words, and stands in the passage shown."""
    letter = corpus.letters.get(citation["letter"])
    if letter is None:
        return False
    start, end, quote = citation["start"], citation["end"], citation["quote"]
    exact = bool(quote) and letter.text[start:end] == quote
    whole = not (_cuts_word(letter.text, start) or _cuts_word(letter.text, end))
    return exact and whole and quote in citation["passage"] and citation["passage"] in letter.text


def _cuts_word(text: str, place: int) -> bool:
    """Check for a word on both sides of a place in a text: a quotation that begins or ends there is a slip."""
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()


def cited(record: Record, corpus: Corpus) -> float | None:
    """Score 1 when all the evidence that is needed is cited."""
    return float(all(_covered(record, corpus))) if record.expected.answerable else None


def citation_recall(record: Record, corpus: Corpus) -> float | None:
    """Return the share of the evidence that is needed which is cited."""
    return _mean(_covered(record, corpus)) if record.expected.answerable else None


def citation_precision(record: Record, corpus: Corpus) -> float | None:
    """Return the share of the cited passages that hold evidence."""
    if not record.expected.answerable:
        return None
    return _mean([holds_any(record.expected.evidence, each, "passage", corpus) for each in record.citations])


def facts(record: Record, _corpus: Corpus) -> float | None:
    """Score 1 when the answer matches every fact that is expected."""
    if not record.expected.facts:
        return None
    text = _MARKER.sub("", record.answer["text"])
    return float(record.answered and all(re.search(fact, text) for fact in record.expected.facts))


def voice(record: Record, corpus: Corpus) -> float | None:
    """Return the share of the citations with evidence whose speaker is the expected one.

    Of these citations, those count that quote words of the evidence, or all where none does: who else speaks in the same
    passage is not who said it.
    """
    expected = record.expected
    with_evidence = [each for each in record.citations if holds_any(expected.evidence, each, "passage", corpus)]
    quoting = [
        each
        for each in with_evidence
        if any(corpus.says(evidence, each["letter"], each["start"], each["end"]) for evidence in expected.evidence)
    ]
    return _mean([each["voice"] == expected.voice for each in quoting or with_evidence]) if expected.voice else None


def units(expected: ExpectedAnswer) -> list[tuple[ExpectedEvidence, ...]]:
    """Return groups of evidence of which one item each is needed."""
    return [(item,) for item in expected.evidence] if expected.all_evidence else [expected.evidence]


def holds_any(unit: Sequence[ExpectedEvidence], passage: Json, field: str, corpus: Corpus) -> bool:
    """Check that a passage, whose words are in one of its fields, holds some of the evidence."""
    return any(corpus.supports(evidence, passage["letter"], passage[field]) for evidence in unit)


def _covered(record: Record, corpus: Corpus) -> list[bool]:
    return [
        any(holds_any(unit, citation, "passage", corpus) for citation in record.citations)
        for unit in units(record.expected)
    ]


def _mean(values: Sequence[bool]) -> float | None:
    return sum(values) / len(values) if values else None


FOUND: Final = "found@5"
NDCG: Final = "nDCG@10"
LANGUAGE: Final = "language"
FALSE_REFUSALS: Final = "false_refusals"
REFUSED: Final = "refused"
REFUSAL_PRECISION: Final = "refusal_precision"
MEANING: Final = "meaning"
QUOTE_VALIDITY: Final = "quote_validity"
CITED: Final = "cited"
CITATION_RECALL: Final = "citation_recall"
CITATION_PRECISION: Final = "citation_precision"
FACTS: Final = "facts"
VOICE: Final = "voice"

METRICS: Final[Mapping[str, Callable[[Record, Corpus], float | None]]] = {
    LANGUAGE: language,
    FALSE_REFUSALS: false_refusal,
    REFUSED: refused,
    REFUSAL_PRECISION: refusal_precision,
    MEANING: meaning,
    QUOTE_VALIDITY: quote_validity,
    CITED: cited,
    CITATION_RECALL: citation_recall,
    CITATION_PRECISION: citation_precision,
    FACTS: facts,
    VOICE: voice,
}
"""The metrics of an answer, by name; those of what was found for it are in `eval.metrics.ranking`."""

LOWER_IS_BETTER: Final = frozenset({FALSE_REFUSALS})
