"""What an evaluation says to a member of the council: counts of questions, and how far to trust them.

Counts are given as natural frequencies ("68 van de 73"), which people read rightly more often than percentages
(Gigerenzer & Hoffrage 1995, "How to improve Bayesian reasoning without instruction: frequency formats"). The margin
is the Wilson interval (1927) of the count: unlike resampling it does not say "100 tot 100 van de 100" when nothing
went wrong among a few questions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from scipy.stats import binomtest

from eval.datasets.questions import Part
from eval.metrics.answers import CITED, FACTS, FALSE_REFUSALS, FOUND, QUOTE_VALIDITY, REFUSED, VOICE
from eval.reports.terms import day

Json = Mapping[str, Any]

_SHOWN: Final = (FOUND, CITED, FACTS, QUOTE_VALIDITY, VOICE, REFUSED, FALSE_REFUSALS)
_CERTAIN, _FAIR = 12, 25
"""Widest margins, in questions out of a hundred, that are called fairly certain and a fair estimate."""
_WEAK_KINDS: Final = 3


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many questions.

    Attributes:
        count: with the property.
        among: asked; never 0.
    """

    count: int
    among: int

    @property
    def margin(self) -> tuple[int, int]:
        """Return between how many of a hundred other questions like these it would lie, with 95% confidence."""
        interval = binomtest(self.count, self.among).proportion_ci(0.95, method="wilson")
        return round(100 * float(interval.low)), round(100 * float(interval.high))

    @property
    def certainty(self) -> str:
        """Return how sure the margin is: certain, fair or unsure."""
        low, high = self.margin
        return "certain" if high - low <= _CERTAIN else "fair" if high - low <= _FAIR else "unsure"


@dataclass(frozen=True, slots=True)
class WeakKind:
    """A kind of question at which more goes wrong than at others.

    Attributes:
        kind: its name.
        right: questions answered without a fault.
        fault: the fault that is made most.
    """

    kind: str
    right: Share
    fault: str


@dataclass(frozen=True, slots=True)
class Plain:
    """The figures for a member of the council.

    Attributes:
        measured: the day of the measurement in Dutch.
        letters: in the archive.
        first, last: years of the oldest and newest letter; "" when unknown.
        right: questions without a fault.
        shares: questions with full marks, by metric; only metrics that a question has.
        weak: the weakest kinds, the weakest first.
    """

    measured: str
    letters: int
    first: str
    last: str
    right: Share
    shares: Mapping[str, Share]
    weak: tuple[WeakKind, ...]


def plain(evaluation: Json) -> Plain:
    """Return the figures of an evaluation, as its JSON, for a member of the council; it has at least one answer."""
    answers = _unseen(evaluation["answers"])
    searched = max((answer["answer"]["searched"] for answer in answers), key=lambda one: int(one["letters"]))
    return Plain(
        day(evaluation["run"]["at"]),
        searched["letters"],
        (searched["from"] or "")[:4],
        (searched["to"] or "")[:4],
        _right(answers),
        {name: share for name in _SHOWN if (share := _full_marks(answers, name))},
        tuple(_weakest(answers)),
    )


def _unseen(answers: Sequence[Json]) -> Sequence[Json]:
    """Return the questions on which nothing was tuned, where the file tells them apart: only these say what to expect of others."""
    return [answer for answer in answers if answer["part"] == Part.TEST] or answers


def _right(answers: Sequence[Json]) -> Share:
    return Share(sum(not answer["faults"] for answer in answers), len(answers))


def _full_marks(answers: Sequence[Json], metric: str) -> Share | None:
    values = [answer["scores"][metric] for answer in answers if metric in answer["scores"]]
    return Share(sum(value == 1.0 for value in values), len(values)) if values else None


def _weakest(answers: Sequence[Json]) -> Iterable[WeakKind]:
    kinds = {answer["kind"]: [other for other in answers if other["kind"] == answer["kind"]] for answer in answers}
    weak = [
        WeakKind(kind, _right(own), faults.most_common(1)[0][0])
        for kind, own in kinds.items()
        if (faults := Counter(fault for answer in own for fault in answer["faults"]))
    ]
    return sorted(weak, key=lambda one: (one.right.count / one.right.among, -one.right.among))[:_WEAK_KINDS]
