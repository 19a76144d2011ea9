"""Which answers are the worst: the order in which a reader should see them.

An answer that puts words in somebody's mouth does more harm than one that keeps silent, and silence more than a
passage too few. So each score that falls short counts by a weight, times how far it falls short; the gravest of them
decides, and between equals all of them together. What was not found is not cited either: that is one failure, not two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from eval.metrics import CITED, FACTS, FALSE_REFUSALS, FOUND, LANGUAGE, QUOTE_VALIDITY, REFUSED, VOICE

_WEIGHTS: Final = {QUOTE_VALIDITY: 8, VOICE: 6, REFUSED: 5, CITED: 3, FACTS: 3, FOUND: 2, LANGUAGE: 1}
_WEIGHT_OF_FALSE_REFUSAL: Final = 4


def severity(scores: Mapping[str, float]) -> tuple[float, float]:
    """How bad the gravest fault of an answer is, and all its faults together; both 0 when no score falls short."""
    short = [weight * (1 - scores.get(name, 1.0)) for name, weight in _WEIGHTS.items()]
    short.append(_WEIGHT_OF_FALSE_REFUSAL * scores.get(FALSE_REFUSALS, 0.0))
    return max(short), sum(short)


def worst_first(answers: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Answers of an evaluation, those with faults first, the most severe at the top; equals stay in order."""
    return sorted(answers, key=lambda answer: (bool(answer["faults"]), severity(answer["scores"])), reverse=True)
