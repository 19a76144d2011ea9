"""How far a mean is to be trusted: bootstrap intervals (Efron and Tibshirani 1993, "An Introduction to the Bootstrap", ch. 13).

Questions are drawn with replacement from those that were asked; the middle 95% of the means that come of it is the
interval. It says how the figure may differ over other questions of the same sort, not over another run: a run over the
same letters gives the same answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.stats import bootstrap

Interval = tuple[float, float]

_RESAMPLES: Final = 2000
_SEED: Final = 20200130


def interval(values: Sequence[float]) -> Interval:
    """Return the ends of the 95% interval of the mean, by percentiles; the same values give the same interval.

    Args:
        values: at least one.
    """
    if len(set(values)) == 1:
        return float(values[0]), float(values[0])
    found = bootstrap((values,), np.mean, n_resamples=_RESAMPLES, method="percentile", rng=np.random.default_rng(_SEED))
    return float(found.confidence_interval.low), float(found.confidence_interval.high)


def paired_interval(before: Sequence[float], after: Sequence[float]) -> Interval:
    """Return the ends of the 95% interval of the mean difference; questions are drawn with both their values.

    Args:
        before, after: values of the same questions, in the same order; at least one.
    """
    return interval([new - old for old, new in zip(before, after, strict=True)])
