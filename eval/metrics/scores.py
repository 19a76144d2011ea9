"""The scores of questions, and their means over all questions, each kind and each part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from eval.datasets.corpus import Corpus
from eval.datasets.questions import ExpectedAnswer
from eval.metrics.answers import FOUND, METRICS, Json, Record, holds_any, units
from eval.metrics.intervals import interval
from eval.metrics.ranking import MEASURES, ranking_scores

LEFT_OUT: Final = "left_out"
"""How many questions were not counted, for files that could not be read."""

FIGURES: Final = frozenset({*METRICS, *MEASURES, FOUND, LEFT_OUT, "questions", "latency_p50", "latency_p95"})
"""Every figure that a run can have."""


def scores_of(records: Sequence[Record], corpus: Corpus) -> dict[str, dict[str, float]]:
    """Return every score of every question, by question id and metric."""
    scores = {
        record.expected.id: {
            name: score for name, metric in METRICS.items() if (score := metric(record, corpus)) is not None
        }
        for record in records
    }
    for identifier, ranked in retrieval_scores(records, corpus).items():
        scores[identifier] |= ranked
    return scores


def retrieval_scores(records: Sequence[Record], corpus: Corpus) -> dict[str, dict[str, float]]:
    """Score what was found for each question that the archive answers, whatever was made of it, by question id and metric."""
    ranked = ranking_scores(*_rankings(records, corpus))
    return {identifier: own | {FOUND: float(own["recall@5"] == 1.0)} for identifier, own in ranked.items()}


def score_search(
    questions: Sequence[ExpectedAnswer], corpus: Corpus, search: Callable[[str], Iterable[Json]]
) -> dict[str, dict[str, float]]:
    """Score a search alone, over the questions that the archive answers, by question id and metric."""
    asked = [question for question in questions if question.answerable and not corpus.lost(question)]
    return retrieval_scores([Record(one, tuple(search(one.question)), {}, 0.0) for one in asked], corpus)


def _rankings(records: Sequence[Record], corpus: Corpus) -> tuple[dict[str, list[str]], dict[str, dict[str, int]]]:
    """Return places found, and those that matter: of the first passage with each group of evidence, or a missing one."""
    rankings: dict[str, list[str]] = {}
    relevant: dict[str, dict[str, int]] = {}
    for record in records:
        if not record.expected.answerable:
            continue
        identifier = record.expected.id
        rankings[identifier] = [str(place) for place in range(len(record.retrieved))]
        relevant[identifier] = {}
        for number, unit in enumerate(units(record.expected)):
            places = (
                str(place) for place, passage in enumerate(record.retrieved) if holds_any(unit, passage, "text", corpus)
            )
            relevant[identifier][next(places, f"missing {number}")] = 1
    return rankings, relevant


def summarise_scores(records: Sequence[Record], scores: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """Return means with their 95% intervals over all questions, over each kind under `kinds`, over each part under `parts`.

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
