"""Kills in the midst of a job that writes. All of it: `python -m tests.trials kills`, and that with `--at-writes`."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.trials.kills import Job, Scene, Victim, scenes, try_kill, try_kill_at, writes_of
from tests.trials.program import Commands, Program

SEED = 14
LETTERS = 24
KILLS = (
    (Job.ADD, Victim.JOB),
    (Job.ADD, Victim.CHAT),
    (Job.ADD, Victim.CHILD),
    (Job.PRUNE, Victim.JOB),
    (Job.PRUNE, Victim.CHILD),
)

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def played(program: Program, commands: Commands, tmp_path_factory: pytest.TempPathFactory) -> dict[Job, Scene]:
    return scenes(program, commands, tmp_path_factory.mktemp("kills"), LETTERS, (Job.ADD, Job.PRUNE))


@pytest.mark.parametrize(("job", "victim"), KILLS, ids=[f"{victim} in {job}" for job, victim in KILLS])
def test_a_kill_leaves_nothing_that_a_plain_run_does_not_mend(
    job: Job, victim: Victim, played: dict[Job, Scene], program: Program, commands: Commands, tmp_path: Path
) -> None:
    kill = try_kill(program, commands, played[job], victim, random.Random(f"{SEED} {job} {victim}"), tmp_path)
    assert kill.faults == []


def test_a_kill_after_what_a_prune_deletes_leaves_no_phantoms(
    played: dict[Job, Scene], program: Program, commands: Commands, tmp_path: Path
) -> None:
    writes = writes_of(program, played[Job.PRUNE], tmp_path)
    deletes = [number for number, write in enumerate(writes, 1) if write == "_delete"]
    kills = [try_kill_at(program, commands, played[Job.PRUNE], f"after {number} all", tmp_path) for number in deletes]
    assert deletes
    assert [fault for kill in kills for fault in kill.faults] == []
    assert all(kill.hit for kill in kills)
