"""What is wrong with an answer, in words, for every report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from eval.metrics.answers import CITED, FACTS, FALSE_REFUSALS, FOUND, LANGUAGE, QUOTE_VALIDITY, REFUSED, VOICE

FAULTS: Final[Mapping[str, str]] = {
    FOUND: "evidence not among the first five",
    CITED: "evidence not cited",
    FACTS: "fact missing",
    VOICE: "another voice",
    REFUSED: "answered, though the archive does not say",
    QUOTE_VALIDITY: "quote differs from the letter",
    LANGUAGE: "another language",
    FALSE_REFUSALS: "refused, though the archive says",
}
"""What it means that a metric is not as it should be, by metric; `FALSE_REFUSALS` should be 0, all others 1."""


def faults(scores: Mapping[str, float]) -> list[str]:
    """Name the faults of the answer that has these scores; none when nothing is wrong."""
    return [FAULTS[metric] for metric in faulty(scores)]


def faulty(scores: Mapping[str, float]) -> list[str]:
    """Return the metrics by which something is wrong with it."""
    right = {metric: 0.0 if metric == FALSE_REFUSALS else 1.0 for metric in FAULTS}
    return [metric for metric, best in right.items() if scores.get(metric, best) != best]


_WEIGHTS: Final = {QUOTE_VALIDITY: 8, VOICE: 6, REFUSED: 5, CITED: 3, FACTS: 3, FOUND: 2, LANGUAGE: 1}
_WEIGHT_OF_FALSE_REFUSAL: Final = 4


def severity(scores: Mapping[str, float]) -> tuple[float, float]:
    """Weigh the gravest fault of an answer, and all its faults together; both are 0 when no score falls short."""
    short = [weight * (1 - scores.get(name, 1.0)) for name, weight in _WEIGHTS.items()]
    short.append(_WEIGHT_OF_FALSE_REFUSAL * scores.get(FALSE_REFUSALS, 0.0))
    return max(short), sum(short)


def worst_first(answers: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return answers of an evaluation, those with faults first, the most severe at the top; equals stay in order."""
    return sorted(answers, key=lambda answer: (bool(answer["faults"]), severity(answer["scores"])), reverse=True)
