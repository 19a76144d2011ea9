"""The plots of a report as plain numbers; the templates draw them as SVG.

Lengths along the horizontal axis are percentages of the width, so that a plot narrows without its letters shrinking.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

Json = Mapping[str, Any]

_BINS: Final = 12
_ROUND: Final = (1.0, 1.2, 1.5, 2.0, 2.4, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """A mean with its interval, from 0 to 1, over so many questions."""

    label: str
    count: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bin:
    """How many answers took so many seconds; `left`, `width` and `height` are percentages of the plot."""

    start: float
    end: float
    count: int
    left: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Change:
    """A metric before and after, from 0 to 1, with what the baseline says of it."""

    metric: str
    before: float
    after: float
    verdict: str


def bars(metrics: Json, metric: str) -> tuple[Bar, ...]:
    """Return one metric over each kind of question that has it."""
    return tuple(
        Bar(kind, own["questions"], own[metric], *own.get("intervals", {}).get(metric, (own[metric], own[metric])))
        for kind, own in metrics["kinds"].items()
        if own.get(metric) is not None
    )


def latencies(seconds: Sequence[float]) -> tuple[Bin, ...]:
    """Return a histogram from 0 to a round number at or above the slowest answer; empty without answers."""
    if not seconds:
        return ()
    counts, edges = np.histogram(seconds, bins=_BINS, range=(0.0, _round_up(max(seconds))))
    width, most = 100 / _BINS, int(counts.max())
    return tuple(
        Bin(float(start), float(end), int(count), round(i * width, 3), round(width, 3), round(100 * count / most, 2))
        for i, (start, end, count) in enumerate(zip(edges[:-1], edges[1:], counts, strict=True))
    )


def _round_up(value: float) -> float:
    power = 10.0 ** np.floor(np.log10(max(value, 1e-3)))
    return float(next(power * step for step in _ROUND if power * step >= value))


def plot_changes(differences: Mapping[str, Json]) -> Iterator[Change]:
    """Yield the metrics that can be drawn between 0 and 1."""
    for metric, one in differences.items():
        if all(0 <= one[side] <= 1 for side in ("before", "after")):
            yield Change(metric, one["before"], one["after"], one["verdict"])
