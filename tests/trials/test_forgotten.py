"""What is removed is gone: no word of it is in any file of the archive (fault 7)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ingest.documents import advice
from tests.trials.letters import write
from tests.trials.program import Commands, Program

NAME = "vertrouwelijk.txt"
SENTENCE = "De Kwibuszanderij bewaarde zeventien Trommelhagedissen in de vlonderkamer van mevrouw Zwierlapost."
RARE = ("Kwibuszanderij", "Trommelhagedissen", "vlonderkamer", "Zwierlapost")
STEM = 10
"""Letters of a word that are left in an index of stems."""

pytestmark = pytest.mark.timeout(600)


def left_in(data: Path) -> dict[str, list[str]]:
    """Return the rare words that are somewhere in a file of the archive, by file."""
    wanted = {
        f"{word} ({encoding})": form.encode(encoding)
        for word in RARE
        for form in {word[:STEM], word[:STEM].lower(), word[:STEM].upper()}
        for encoding in ("utf-8", "utf-16-le", "utf-16-be")
    }
    found = {}
    for path in sorted(path for path in data.rglob("*") if path.is_file()):
        held = path.read_bytes()
        if words := sorted({word for word, form in wanted.items() if form in held}):
            found[path.relative_to(data).as_posix()] = words
    return found


@pytest.fixture
def filled(tmp_path: Path, program: Program, commands: Commands) -> tuple[Path, Path]:
    """A folder of letters, one of them with the rare words, and its archive, which has been asked about them."""
    letters, data = write(tmp_path / "brieven", range(8)), tmp_path / "archief"
    (letters / NAME).write_text(advice(f"{SENTENCE} Wij vragen u om een onderzoek.", reference="CRV 2020-99"), "utf-8")
    assert program.run("ingest", letters, "--data", data).code == 0
    look(commands, data)
    assert left_in(data)
    return letters, data


def look(commands: Commands, data: Path) -> None:
    """Ask for what is rare, so that whatever is remembered of a question is remembered."""
    assert commands.run("ask", f"Wat staat er over {RARE[0]}?", "--data", data).code == 0
    assert commands.run("search", " ".join(RARE), "--json", "--data", data).code == 0
    assert commands.run("status", "--letters", "--data", data).code == 0


def prune(letters: Path, data: Path, program: Program) -> None:
    (letters / NAME).unlink()
    assert program.run("ingest", letters, "--prune", "--data", data).code == 0


def replace(letters: Path, data: Path, program: Program) -> None:
    (letters / NAME).write_text(advice("Wij trekken deze brief in.", reference="CRV 2020-99"), "utf-8")
    assert program.run("ingest", letters, "--data", data).code == 0


def forget(letters: Path, data: Path, program: Program) -> None:
    ran = program.run("forget", NAME, "--data", data)
    assert ran.code == 0, str(ran)


@pytest.mark.parametrize("remove", [prune, replace, forget])
def test_no_word_of_a_letter_that_was_removed_is_left_in_any_file(
    remove: Callable[[Path, Path, Program], None], filled: tuple[Path, Path], program: Program
) -> None:
    letters, data = filled
    remove(letters, data, program)
    assert left_in(data) == {}


@pytest.mark.parametrize("remove", [prune, replace, forget])
def test_a_letter_that_was_removed_is_not_found(
    remove: Callable[[Path, Path, Program], None], filled: tuple[Path, Path], program: Program, commands: Commands
) -> None:
    letters, data = filled
    remove(letters, data, program)
    found = commands.run("search", " ".join(RARE), "--json", "--data", data)
    assert found.code == 0, str(found)
    assert not any(word in hit["text"] for hit in found.json()["hits"] for word in RARE)
    entries = commands.run("status", "--letters", "--json", "--data", data).json()["catalogue"]
    assert len(entries) == (9 if remove is replace else 8)
