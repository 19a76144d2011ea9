"""How well a reader does on labelled passages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from sklearn.metrics import roc_auc_score

from vectorstore.models.reader import Reading

_UNREAD: Final = -20.0
"""Log-odds of a sentence that was not read."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a reader does on examples that it has not seen.

    Attributes:
        examples: how many there are.
        area: under the ROC curve of passages that answer among all.
        best: share of the passages that answer of which the likeliest sentence is right.
        sentences: area under the ROC curve of sentences that answer among all of these passages.
    """

    examples: int
    area: float
    best: float
    sentences: float


def quality_of(read: Iterable[tuple[Reading, Sequence[bool]]]) -> Quality:
    """Return how well a reader does, of what it said of passages and which of their sentences answer."""
    passages, answering, best = list[float](), list[bool](), list[bool]()
    scores, labels = list[float](), list[bool]()
    for reading, answers in read:
        passages.append(reading.passage)
        answering.append(any(answers))
        if any(answers):
            said = [_UNREAD if score is None else score for score in reading.sentences]
            best.append(answers[int(np.argmax(said))])
            scores += said
            labels += answers
    return Quality(
        len(passages),
        float(roc_auc_score(answering, passages)),
        float(np.mean(best)),
        float(roc_auc_score(labels, scores)),
    )
