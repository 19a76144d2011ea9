"""What changed between two runs: each metric over the questions that both asked, and the questions that broke.

Every question is compared with itself, so what is hard in both runs does not blur the difference.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np

from eval.metrics.answers import LOWER_IS_BETTER, QUOTE_VALIDITY, REFUSAL_PRECISION
from eval.metrics.faults import FAULTS
from eval.metrics.intervals import paired_interval

Scores = Mapping[str, float]
"""Of one question, by metric."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation as far as runs are compared by it.

    Attributes:
        source: the letter, by its file within the archive.
        start, end: offsets into the letter's text.
        voice: who speaks.
        quote: the words between the offsets; empty when they are not at hand.
    """

    source: str
    start: int
    end: int
    voice: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question in one run.

    Attributes:
        asked: digest of the question and of what is expected of its answer.
        answered: False when it was refused.
        language: of the answer.
        scores: by metric.
        citations: in the order of the answer.
    """

    asked: str
    answered: bool
    language: str
    scores: dict[str, float]
    citations: tuple[Cited, ...]

    def json(self) -> dict[str, Any]:
        """Return the outcome as plain values, for a reader."""
        return {name: value for name, value in asdict(self).items() if name != "asked"}


Outcomes = Mapping[str, Outcome]
"""By id of the question."""


def outcomes_of(answers: Iterable[Mapping[str, Any]]) -> dict[str, Outcome]:
    """Return the outcomes in the answers of an evaluation's JSON."""
    return {
        str(row["id"]): Outcome(
            _digest(row),
            row["answer"]["answered"],
            row["answer"]["language"],
            dict(row["scores"]),
            tuple(Cited(c["source"], c["start"], c["end"], c["voice"], c["quote"]) for c in row["answer"]["citations"]),
        )
        for row in answers
    }


def _digest(row: Mapping[str, Any]) -> str:
    asked = [row[name] for name in ("language", "question", "history", "answerable", "expected")]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]


def asked_in_both(before: Outcomes, after: Outcomes) -> list[str]:
    """Return ids of the questions that both runs asked, with the same words and expecting the same."""
    return [name for name, outcome in after.items() if name in before and before[name].asked == outcome.asked]


class Verdict(StrEnum):
    """What a difference is: beyond chance to the good or the bad side, within chance, or none at all."""

    BETTER = "better"
    WORSE = "worse"
    NOISE = "noise"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Difference:
    """How a metric moved over the questions that have it in both runs.

    Attributes:
        before, after: means.
        low, high: ends of the 95% interval of the difference.
        verdict: what the difference is.
    """

    before: float
    after: float
    low: float
    high: float
    verdict: Verdict

    def json(self) -> dict[str, Any]:
        """Return the difference as plain values."""
        ends, difference = [self.low, self.high], round(self.after - self.before, 4)
        moved = {"before": self.before, "after": self.after, "difference": difference, "interval": ends}
        return moved | {"verdict": self.verdict.value}


def differences(before: Outcomes, after: Outcomes) -> dict[str, Difference]:
    """Compare each metric over the shared questions that have it in both runs, by metric.

    The precision of refusals is left out: over what both runs refused it is always the same.
    """
    pairs = [(before[name].scores, after[name].scores) for name in asked_in_both(before, after)]
    metrics = sorted({metric for old, new in pairs for metric in (old.keys() | new.keys())} - {REFUSAL_PRECISION})
    found = {metric: [both for pair in pairs if (both := _both(metric, *pair))] for metric in metrics}
    return {metric: _difference(metric, both) for metric, both in found.items() if both}


def _both(metric: str, before: Scores, after: Scores) -> tuple[float, float] | None:
    """Return a metric before and after; where nothing is quoted no quote is wrong."""
    if metric in before and metric in after:
        return before[metric], after[metric]
    if metric == QUOTE_VALIDITY and (metric in before or metric in after):
        return before.get(metric, 1.0), after.get(metric, 1.0)
    return None


def _difference(metric: str, pairs: list[tuple[float, float]]) -> Difference:
    before, after = ([pair[side] for pair in pairs] for side in (0, 1))
    low, high = (round(end, 4) for end in paired_interval(before, after))
    old, new = (round(float(np.mean(values)), 4) for values in (before, after))
    return Difference(old, new, low, high, _verdict(metric, pairs, low, high))


def _verdict(metric: str, pairs: list[tuple[float, float]], low: float, high: float) -> Verdict:
    """Return the verdict on a metric; a single quote that is no longer the letter's own words is no chance."""
    if all(old == new for old, new in pairs):
        return Verdict.SAME
    if metric == QUOTE_VALIDITY and any(new < old for old, new in pairs):
        return Verdict.WORSE
    if low > 0:
        return Verdict.WORSE if metric in LOWER_IS_BETTER else Verdict.BETTER
    if high < 0:
        return Verdict.BETTER if metric in LOWER_IS_BETTER else Verdict.WORSE
    return Verdict.NOISE


@dataclass(frozen=True, slots=True)
class Changed:
    """A question that was answered rightly in one of two runs.

    Attributes:
        id: of the question.
        metrics: by which it broke, or was mended.
        before, after: what came of it.
    """

    id: str
    metrics: tuple[str, ...]
    before: Outcome
    after: Outcome

    def json(self) -> dict[str, Any]:
        """Return the question as plain values."""
        outcomes = {"before": self.before.json(), "after": self.after.json()}
        return {"id": self.id, "metrics": list(self.metrics)} | outcomes


BREAKS: Final = tuple(FAULTS)
"""Metrics by which a question breaks or is mended."""


def find_changes(before: Outcomes, after: Outcomes) -> tuple[tuple[Changed, ...], tuple[Changed, ...]]:
    """Return the shared questions that broke, and those that were mended and broke in nothing."""
    broke, mended = [], []
    for name in asked_in_both(before, after):
        gains = {metric: _gain(metric, before[name].scores, after[name].scores) for metric in BREAKS}
        worse = tuple(metric for metric, gain in gains.items() if gain < 0)
        better = tuple(metric for metric, gain in gains.items() if gain > 0)
        if worse:
            broke.append(Changed(name, worse, before[name], after[name]))
        elif better:
            mended.append(Changed(name, better, before[name], after[name]))
    return tuple(broke), tuple(mended)


def _gain(metric: str, before: Scores, after: Scores) -> float:
    old, new = _both(metric, before, after) or (0.0, 0.0)
    return old - new if metric in LOWER_IS_BETTER else new - old
