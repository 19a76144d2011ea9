"""Gates: bounds that the metrics of a question file must keep, from gates.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parent / "gates.yaml"
_DEFAULT = "default"


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

    def passes(self, value: float | None) -> bool:
        """Whether a value keeps the bounds; a metric that no question has is not judged."""
        if value is None:
            return True
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def judge(self, value: float | None) -> dict[str, Any]:
        """The verdict on a value as plain values."""
        return {"value": value, "least": self.least, "most": self.most, "passed": self.passes(value)}


def gates_for(name: str, path: Path = FILE) -> tuple[Gate, ...]:
    """The gates of a question file, by its name; those of `default` when it has none of its own."""
    files = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(Gate(metric, **bounds) for metric, bounds in files.get(name, files[_DEFAULT]).items())


def judged(gates: tuple[Gate, ...], metrics: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The verdict on each gate, by metric."""
    return {gate.metric: gate.judge(_value(gate.metric, metrics)) for gate in gates}


def _value(name: str, metrics: Mapping[str, Any]) -> float | None:
    """The metric of that name over everything, or over the part whose name stands in front of it."""
    part, _, metric = name.partition(" ")
    value: float | None = metrics.get(name, metrics.get("parts", {}).get(part, {}).get(metric))
    return value
