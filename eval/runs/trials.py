"""A labelled statement beside what a verifier made of it, and the figures over many of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from assistant.answers.written_answer import Dropped, Fault
from eval.datasets.corpus import fold
from eval.datasets.questions import Part
from eval.datasets.statements import Flaw, LabelledStatement
from eval.metrics.intervals import Interval, interval

KEPT, CAUGHT, REST_KEPT, NAMED = "kept", "caught", "rest_kept", "named"
"""Shares: honest statements shown whole, dishonest ones of which the wrong sentence is not shown, those of them of which
the sentences that hold are shown all the same, and those of which it is said rightly what is wrong."""

LEFT_OUT, MS_P50, MS_P95 = "left_out", "ms_p50", "ms_p95"

FIGURES: Final = frozenset(
    {KEPT, CAUGHT, REST_KEPT, NAMED, LEFT_OUT, MS_P50, MS_P95, *(f"{CAUGHT} {flaw}" for flaw in Flaw)}
)
"""Every metric that a measurement can have."""

_ALL_OF_IT: Final = 0.9
"""Share of an honest text's words from which it counts as shown whole: a quotation may be put right on the way."""

_ELSEWHERE: Final = frozenset({Fault.UNSUPPORTED, Fault.NUMBER, Fault.DATE, Fault.NAME, Fault.SPEAKER, Fault.NEGATION})
_RIGHT_FAULTS: Final[Mapping[Flaw, frozenset[Fault]]] = {
    Flaw.ORDER_OBEYED: frozenset({Fault.ORDER}),
    Flaw.SPEAKER: frozenset({Fault.SPEAKER}),
    Flaw.NEGATION_ADDED: frozenset({Fault.NEGATION}),
    Flaw.NEGATION_REMOVED: frozenset({Fault.NEGATION}),
    Flaw.QUOTATION_NEGATION: frozenset({Fault.QUOTATION, Fault.NEGATION}),
    Flaw.QUOTATION_NUMBER: frozenset({Fault.QUOTATION, Fault.NUMBER}),
    Flaw.QUOTATION_WORD: frozenset({Fault.QUOTATION}),
    Flaw.SWAPPED: frozenset({Fault.UNSUPPORTED, Fault.NUMBER, Fault.SPEAKER}),
    Flaw.GENERALISATION: frozenset({Fault.UNSUPPORTED, Fault.NUMBER, Fault.NEGATION}),
    Flaw.SUBJECT: frozenset({Fault.UNSUPPORTED, Fault.NAME}),
    Flaw.NUMBER: frozenset({Fault.NUMBER}),
    Flaw.UNIT: frozenset({Fault.NUMBER}),
    Flaw.DATE: frozenset({Fault.DATE}),
    Flaw.YEAR: frozenset({Fault.DATE, Fault.NUMBER}),
    Flaw.NAME: frozenset({Fault.NAME}),
    Flaw.HALF_TRUE: _ELSEWHERE,
    Flaw.GENERAL_KNOWLEDGE: _ELSEWHERE,
    Flaw.OTHER_PASSAGE: _ELSEWHERE,
    Flaw.INVENTED_PASSAGE: frozenset({Fault.UNKNOWN_PASSAGE}),
    Flaw.LANGUAGE: frozenset({Fault.LANGUAGE}),
}
"""What a verifier may rightly say of a statement with each flaw."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A labelled statement and what a verifier made of it.

    Attributes:
        label: what it is.
        shown: the sentences that it would show.
        dropped: those that it would not.
        milliseconds: what that took.
    """

    label: LabelledStatement
    shown: tuple[str, ...]
    dropped: tuple[Dropped, ...]
    milliseconds: float

    @property
    def right(self) -> bool:
        """Return True if an honest statement is shown whole, or the wrong sentence of a dishonest one is not."""
        if self.label.fault is None:
            count, whole = (len(text.split()) for text in (" ".join(self.shown), self.label.text))
            return not self.dropped and count >= _ALL_OF_IT * whole
        wrong = fold(self.label.wrong or "")
        return not any(wrong in fold(text) for text in self.shown)

    @property
    def fault(self) -> Fault | None:
        """Return what the verifier said is wrong with the sentence that is; None if it did not drop it."""
        wrong = fold(self.label.wrong or "")
        return next((drop.fault for drop in self.dropped if wrong in fold(drop.text)), None)

    @property
    def named(self) -> bool:
        """Return True if the verifier rightly said what is wrong."""
        return self.label.fault is not None and self.fault in _RIGHT_FAULTS[self.label.fault]

    def json(self) -> dict[str, Any]:
        """Return the trial as plain values."""
        return {
            "id": self.label.id,
            "part": str(self.label.part),
            "label": self.label.verdict,
            "text": self.label.text,
            "shown": list(self.shown),
            "dropped": [{"text": drop.text, "fault": str(drop.fault)} for drop in self.dropped],
        }


def shares(trials: Sequence[Trial]) -> dict[str, list[float]]:
    """Return of each share which of its statements count (1) or do not (0); shares of nothing are left out."""
    honest = [trial for trial in trials if trial.label.fault is None]
    dishonest = [trial for trial in trials if trial.label.fault is not None]
    halves = [trial for trial in dishonest if trial.label.wrong]
    counted: dict[str, list[bool]] = {
        KEPT: [trial.right for trial in honest],
        CAUGHT: [trial.right for trial in dishonest],
        REST_KEPT: [bool(trial.shown) for trial in halves],
        NAMED: [trial.named for trial in dishonest],
    }
    for flaw in Flaw:
        counted[f"{CAUGHT} {flaw}"] = [trial.right for trial in dishonest if trial.label.fault is flaw]
    return {name: [float(value) for value in values] for name, values in counted.items() if values}


def summarise_trials(trials: Sequence[Trial]) -> dict[str, Any]:
    """Return all shares, the milliseconds that a statement took, and under `parts` the shares of each part."""
    metrics: dict[str, Any] = _means(trials) | {
        name: round(float(np.percentile([trial.milliseconds for trial in trials], percent)), 3)
        for name, percent in ((MS_P50, 50), (MS_P95, 95))
    }
    parts = {part: [trial for trial in trials if trial.label.part is part] for part in Part}
    return metrics | {"parts": {str(part): _means(of_part) for part, of_part in parts.items() if of_part}}


def intervals(trials: Sequence[Trial]) -> dict[str, Interval]:
    """Return ends of the 95% interval of each share."""
    return {name: interval(values) for name, values in shares(trials).items()}


def _means(trials: Sequence[Trial]) -> dict[str, float]:
    return {name: sum(values) / len(values) for name, values in shares(trials).items()}
