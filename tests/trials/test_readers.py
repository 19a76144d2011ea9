"""Readers and an ingest, as separate processes on one archive. All of it: `python -m tests.trials readers`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.trials.program import Commands, Program
from tests.trials.readers import prepare, try_readers
from tests.trials.visitor import Reply

TRIALS = 8
LETTERS = 60
COMING = 6


@pytest.mark.timeout(900)
def test_five_readers_and_an_ingest_do_each_other_no_harm(program: Program, commands: Commands, tmp_path: Path) -> None:
    setting = prepare(program, commands, tmp_path, LETTERS, COMING, TRIALS)
    trials = try_readers(setting, commands, tmp_path / "proef")
    assert [fault for trial in trials for fault in trial.faults] == []
    replies = sum((trial.replies for trial in trials), Counter[Reply]())
    assert replies[Reply.BROKEN] == 0
    assert replies[Reply.ANSWERED] >= TRIALS * 5
