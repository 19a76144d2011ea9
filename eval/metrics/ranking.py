"""Retrieval metrics, computed by ir-measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ir_measures
from ir_measures import RR, R, nDCG

MEASURES = {"recall@1": R @ 1, "recall@5": R @ 5, "recall@10": R @ 10, "nDCG@10": nDCG @ 10, "MRR": RR}


def ranking_scores(
    rankings: Mapping[str, Sequence[str]], relevant: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, float]]:
    """Return every measure of every query that has something relevant, by query and measure; 0.0 where nothing was found.

    Args:
        rankings: what was found for each query, best first, without doubles.
        relevant: the grade of what should be found, by query.
    """
    names = {measure: name for name, measure in MEASURES.items()}
    judged = [
        ir_measures.Qrel(query, found, grade) for query, grades in relevant.items() for found, grade in grades.items()
    ]
    ranked = [
        ir_measures.ScoredDoc(query, found, float(len(ranking) - place))
        for query, ranking in rankings.items()
        for place, found in enumerate(ranking)
    ]
    scores = {query: dict.fromkeys(MEASURES, 0.0) for query in relevant}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), judged, ranked) if ranked else ():
        scores[metric.query_id][names[metric.measure]] = float(metric.value)
    return scores
