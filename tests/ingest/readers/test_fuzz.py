"""However broken a file is, reading it ends in text or in a reason, in little time and little memory.

FUZZ=100000 breaks that many files instead of some thousands.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator

import pebble
import pytest

from ingest.readers.registry import read_file
from tests.ingest.fuzzing import Outcome, bound_memory, read_broken
from tests.ingest.seeds import seeds

INPUTS = int(os.environ.get("FUZZ", "3000"))
BATCH = 50
SECONDS = 20
"""One file may take, on a machine that is busy with other things too."""

MEMORY = 700_000_000
"""Bytes a process holds at most while it reads broken files of some kilobytes; a third of that is its libraries."""

SEEDS = seeds()


@pytest.fixture(scope="module")
def pool() -> Iterator[pebble.ProcessPool]:
    context = multiprocessing.get_context("spawn")
    with pebble.ProcessPool(max_workers=2, max_tasks=200, context=context, initializer=bound_memory) as workers:
        yield workers


@pytest.mark.parametrize("name", SEEDS)
def test_a_broken_file_is_read_or_refused(pool: pebble.ProcessPool, name: str) -> None:
    share = -(-INPUTS // len(SEEDS))
    batches = [range(begin, min(begin + BATCH, share)) for begin in range(0, share, BATCH)]
    # A batch that takes longer than this hangs; pebble ends its process, and asking for its outcome raises.
    waiting = [pool.schedule(read_broken, args=[name, SEEDS[name], batch], timeout=SECONDS * 6) for batch in batches]
    outcomes: list[Outcome] = [future.result() for future in waiting]
    assert [failure for outcome in outcomes for failure in outcome.failures] == []
    assert sum(outcome.read + outcome.refused for outcome in outcomes) == share
    assert max(outcome.slowest for outcome in outcomes)[0] < SECONDS
    assert max(outcome.memory for outcome in outcomes) < MEMORY


@pytest.mark.parametrize("name", SEEDS)
def test_the_files_that_are_broken_are_sound_at_first(name: str) -> None:
    contents = read_file(name, SEEDS[name])
    assert contents.blocks or contents.members
