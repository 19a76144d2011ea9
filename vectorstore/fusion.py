"""How two kinds of search become one ranking: weighted sums of z-scores, after Montague and Aslam, "Relevance score
normalization for metasearch" (CIKM 2001), and passages of other letters first where a question asks for several.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]
Ranked = TypeVar("Ranked")


@dataclass(frozen=True, slots=True)
class Fusion:
    """What counts beside the lexical z-score (1.0), in standard deviations; tuned by `python -m eval tune`.

    Attributes:
        dense: the dense z-score, no more than `nearest` of it.
        nearest: most standard deviations that a passage is taken to be nearer than the others.
        dense_english: the whole dense z-score for a question in English, whose words BM25 only knows by translation.
        voice: what a passage gains when the asked speaker speaks in it.
        spread: what a passage loses for each better one of its letter, when a question asks for several letters.
    """

    dense: float = 0.45
    nearest: float = 2.0
    dense_english: float = 1.05
    voice: float = 1.5
    spread: float = 1.0

    def fused(self, lexical: Scores, dense: Scores, english: bool) -> Scores:
        """One score of each candidate from its two z-scores; all of shape (candidates,)."""
        if english:
            return lexical + self.dense_english * dense
        return lexical + self.dense * np.minimum(dense, self.nearest)


def standardised(scores: Scores) -> Scores:
    """Scores as standard deviations from their mean; all zero when they do not differ."""
    if not scores.size:
        return scores
    spread = scores.std()
    result: Scores = (scores - scores.mean()) / spread if spread > 0 else scores * 0
    return result


def spread_out(
    ranked: Sequence[Ranked], score: Callable[[Ranked], float], letter: Callable[[Ranked], str], loss: float
) -> list[Ranked]:
    """The same, best first, where each loses as much for every better one of its letter."""
    left, found, seen = list(ranked), list[Ranked](), Counter[str]()
    while left:
        best = max(range(len(left)), key=lambda place: score(left[place]) - loss * seen[letter(left[place])])
        seen[letter(left[best])] += 1
        found.append(left.pop(best))
    return found
