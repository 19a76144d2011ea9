"""A slip with --data makes nothing and loses nothing (fault 2)."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.trials.letters import write
from tests.trials.program import Commands, Program, ended, kill_all
from tests.trials.readers import free_port

READING = (
    ("status", "--json"),
    ("status", "--letters"),
    ("status", "--manifest"),
    ("ask", "Wat adviseerde de raad over de taaleis?"),
    ("search", "taaleis"),
)
COMMANDS = pytest.mark.parametrize("command", READING, ids=" ".join)


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A folder of letters with a folder in it."""
    write(tmp_path / "brieven" / "2019", range(3))
    return write(tmp_path / "brieven", range(3, 6))


def listed(folder: Path) -> list[str]:
    """All that is in a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@COMMANDS
def test_a_folder_of_letters_given_for_the_archive_stays_as_it_is(
    command: Sequence[str], letters: Path, commands: Commands
) -> None:
    before = listed(letters)
    ran = commands.run(*command, "--data", letters / "2019")
    assert listed(letters) == before
    assert ran.code == 1
    assert ran.refused
    assert "raadsgeheugen ingest" in ran.err
    assert ran.out == ""


@COMMANDS
def test_a_mistyped_folder_is_not_made(command: Sequence[str], tmp_path: Path, commands: Commands) -> None:
    ran = commands.run(*command, "--data", tmp_path / "archeif" / "2019")
    assert listed(tmp_path) == []
    assert ran.code == 1
    assert ran.refused
    assert "--data" in ran.err
    assert ran.out == ""


def test_a_chat_makes_no_archive_in_a_folder_of_letters(letters: Path, program: Program) -> None:
    before = listed(letters)
    chat = program.start("chat", "--port", str(free_port()), "--data", letters / "2019")
    assert chat.stderr is not None
    said = chat.stderr.readline()
    time.sleep(0.1)
    kill_all(chat)
    ended(chat)
    assert listed(letters) == before, said


@pytest.mark.timeout(600)
def test_after_a_slip_with_data_every_letter_is_read_and_none_is_pruned(
    letters: Path, tmp_path: Path, commands: Commands, program: Program
) -> None:
    data = tmp_path / "archief"
    assert program.run("ingest", letters, "--data", data).code == 0
    for command in READING:
        commands.run(*command, "--data", letters / "2019")
    pruned = program.run("ingest", letters, "--prune", "--json", "--data", data)
    assert pruned.code == 0, str(pruned)
    assert (pruned.json()["unchanged"], pruned.json()["removed"]) == (6, 0)
    fresh = program.run("ingest", letters, "--json", "--data", tmp_path / "nieuw")
    assert fresh.json()["added"] == 6
