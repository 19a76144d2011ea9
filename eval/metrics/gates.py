"""Gates: bounds that the metrics of a question file must keep, from gates.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from eval.datasets.schema import check_entries, read_yaml
from vectorstore.errors import WrongUse

FILE: Final = Path(__file__).parents[1] / "gates.yaml"
_DEFAULT: Final = "default"


@dataclass(frozen=True, slots=True)
class Gate:
    """Bounds on one metric.

    Attributes:
        metric: as the metrics name it; with the name of a part and a space in front when it is over that part alone.
        least, most: bounds, both allowed values; None for none.
    """

    metric: str
    least: float | None = None
    most: float | None = None

    def __post_init__(self) -> None:
        bounds = [bound for bound in (self.least, self.most) if bound is not None]
        if not bounds:
            raise ValueError("it has no bound: give least or most")
        if min(bounds) < 0:
            raise ValueError(f"a bound must be a number 0 or more, not {min(bounds):g}")

    def passes(self, value: float | None) -> bool:
        """Check that a value keeps the bounds; a metric that no question has is not judged."""
        if value is None:
            return True
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def judge(self, value: float | None) -> dict[str, Any]:
        """Return the verdict on a value as plain values."""
        return {"value": value, "least": self.least, "most": self.most, "passed": self.passes(value)}


def gates_for(name: str, path: Path = FILE) -> tuple[Gate, ...]:
    """Return the gates of a question file, by its name; those of `default` when it has none of its own.

    Raises:
        WrongUse: the file of gates cannot be read, or a gate in it is wrong; says which.
    """
    files = read_yaml(path, str(FILE))
    own = files.get(name, files.get(_DEFAULT)) if isinstance(files, dict) else None
    if not isinstance(own, dict) or not own:
        raise WrongUse(f"{path}: no gates for {name}.", f"Write them under {name!r} or {_DEFAULT!r}.")
    rows = [
        (bounds if isinstance(bounds, dict) else {"bounds": bounds}) | {"metric": str(m)} for m, bounds in own.items()
    ]
    return check_entries(path, rows, Gate, f"{name}, gate", key="metric")


def check_names(gates: Iterable[Gate], metrics: frozenset[str], parts: Iterable[str]) -> None:
    """Verify that gates are on metrics that there are: on any other, a gate would hold nothing.

    Args:
        gates: whose names.
        metrics: every metric that a run can have.
        parts: what may stand in front of one.

    Raises:
        WrongUse: there is no such metric.
    """
    known = metrics | {f"{part} {metric}" for part in parts for metric in metrics}
    if strange := [gate.metric for gate in gates if gate.metric not in known]:
        raise WrongUse(
            f"A gate is on {strange[0]!r}, and there is no such metric.", f"Use {', '.join(sorted(metrics))}."
        )


def judge_gates(gates: tuple[Gate, ...], metrics: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the verdict on each gate, by metric."""
    return {gate.metric: gate.judge(_value(gate.metric, metrics)) for gate in gates}


def _value(name: str, metrics: Mapping[str, Any]) -> float | None:
    """Return the metric of that name over everything, or over the part whose name stands in front of it."""
    part, _, metric = name.partition(" ")
    value: float | None = metrics.get(name, metrics.get("parts", {}).get(part, {}).get(metric))
    return value
