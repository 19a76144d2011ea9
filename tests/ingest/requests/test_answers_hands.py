"""Letters in many hands, all fictional: what they ask, which they answer, and what became of what was asked.

Who wrote a letter is in the manifest beside it, so that only what is read of it is measured here.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.settings import Settings
from eval.runs.reading import measure_reading

HANDS = Path(__file__).parents[1] / "hands"
BOUNDS = {
    "replies precision": 1.0,
    "replies recall": 0.9,
    "quotes precision": 1.0,
    "quotes recall": 0.9,
    "names precision": 0.9,
    "names recall": 0.9,
    "unresolved precision": 0.9,
    "unresolved recall": 0.9,
    "requests precision": 0.9,
    "requests recall": 0.85,
    "answers precision": 0.9,
    "answers recall": 0.65,
}


@pytest.mark.parametrize("folder", ["first", "second"])
def test_letters_in_many_hands_are_read(folder: str) -> None:
    reading = measure_reading(HANDS / folder, HANDS / folder / "labels.yaml", Settings())
    low = {measured: reading.metrics[measured] for measured in BOUNDS if reading.metrics[measured] < BOUNDS[measured]}
    assert low == {}, reading.wrong
