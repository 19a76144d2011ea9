"""Damaged files of an archive. All of them, in every way: `python -m tests.trials damage`."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.trials.damage import EXPONENT, Whole, cases, files_of, kind_of, prepare, try_damage
from tests.trials.program import Commands, Program

SEED = 14
LETTERS = 24
"""More than Chroma keeps before it writes the graph of the letters."""
ROWS = 8

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def whole(program: Program, commands: Commands, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    return prepare(program, commands, tmp_path_factory.mktemp("damage"), LETTERS)


def test_damage_is_told_and_mended_by_one_command_at_most(
    whole: Whole, program: Program, commands: Commands, tmp_path: Path
) -> None:
    """A few files of different kinds, each damaged in some way."""
    chosen = random.Random(SEED)
    by_kind: dict[str, tuple[str, str]] = {}
    for case in chosen.sample(every := cases(whole.data, chosen, most=1, thorough=False), len(every)):
        by_kind.setdefault(kind_of(case[0]), case)
    rows = [try_damage(program, commands, whole, case, chosen, tmp_path) for case in list(by_kind.values())[:ROWS]]
    assert [row for row in rows if row.faults] == []


@pytest.mark.parametrize(
    ("pattern", "way"),
    [
        ("chroma/*/header.bin", "missing"),
        ("chroma/*/header.bin", "rubbish"),
        ("chroma/*/index_metadata.pickle", "cut"),
        ("chroma/chroma.sqlite3", "cut"),
        ("chroma/chroma.sqlite3", "rubbish"),
    ],
)
def test_what_is_of_chroma_can_be_damaged_and_mended(
    pattern: str, way: str, whole: Whole, program: Program, commands: Commands, tmp_path: Path
) -> None:
    """The graphs of a collection, and the file that holds the letters."""
    files = sorted(whole.data.glob(pattern))
    if not files:
        pytest.skip(f"no archive of this size has {pattern}")
    for path in files:
        case = (path.relative_to(whole.data).as_posix(), way)
        row = try_damage(program, commands, whole, case, random.Random(SEED), tmp_path)
        assert row.faults == [], row


def test_a_byte_flipped_in_the_vectors_changes_no_answer_without_a_word(
    whole: Whole, program: Program, commands: Commands, tmp_path: Path
) -> None:
    """A byte that makes a number of a vector very large, so that its passage comes first or last."""
    derived = [file for file in files_of(whole.data) if not file.startswith("chroma/")]
    vectors = [file for file in derived if file.endswith((".f32", ".npy")) or "vector" in file]
    assert vectors
    for file in vectors:
        for seed in range(2):
            row = try_damage(program, commands, whole, (file, EXPONENT), random.Random(seed), tmp_path)
            assert row.faults == []
