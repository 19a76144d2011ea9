"""What is wrong with an answer, in words, for every report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from eval.metrics import CITED, FACTS, FALSE_REFUSALS, FOUND, LANGUAGE, QUOTE_VALIDITY, REFUSED, VOICE

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
"""What it means that a metric is not as it should be, by metric; `eval.metrics.FALSE_REFUSALS` should be 0, all others 1."""


def faults(scores: Mapping[str, float]) -> list[str]:
    """What is wrong with the answer that has these scores; empty when nothing is."""
    return [FAULTS[metric] for metric in faulty(scores)]


def faulty(scores: Mapping[str, float]) -> list[str]:
    """The metrics by which something is wrong with it."""
    right = {metric: 0.0 if metric == FALSE_REFUSALS else 1.0 for metric in FAULTS}
    return [metric for metric, best in right.items() if scores.get(metric, best) != best]
