"""What the commands print: names that would steer a terminal, and streams that cannot take what is printed."""

from __future__ import annotations

import ast
import csv
import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from assistant.cli import commands as cli
from tests.ingest.documents import advice

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows allows no such names")

STEERING = {
    "\x1b]0;gekaapt\x07.txt": r"\x1b]0;gekaapt\x07.txt",
    "\x9b31m rood.txt": r"\x9b31m rood.txt",
    "goed.txt\ntoegevoegd    vals.txt": r"goed.txt\ntoegevoegd    vals.txt",
    "lijst.txt\x85[1] vals.txt": r"lijst.txt\x85[1] vals.txt",
    "brief\u202etxt.exe": r"brief\u202etxt.exe",
}
"""Names of files, and how each is shown."""

COMPUTED = ("=cmd|' C'!A0.txt", "@som.txt", "+31.txt", "-20.txt", "\t=1.txt", "\r=1.txt", "'=1.txt", "''-1.txt")
"""Names that a spreadsheet would run."""

STEERS = frozenset(map(chr, [*range(10), *range(11, 32), *range(127, 160), 0x2028, 0x2029, *range(0x202A, 0x202F)]))

QUESTION = ("ask", "Wat verzoekt de raad over het fietspad?")
COMMANDS = [("--help",), QUESTION, ("status", "--letters"), ("status", "--manifest")]

Archive = tuple[Path, str]


def letter(name: str) -> str:
    return advice(f"Wij verzoeken u het fietspad langs de {name.encode().hex()} te verlichten.")


def fill(folder: Path, names: Sequence[str]) -> Path:
    folder.mkdir()
    for name in names:
        (folder / name).write_text(letter(name), encoding="utf-8")
    return folder


def run(
    arguments: Sequence[str],
    streams: str = "",
    environment: Mapping[str, str] | None = None,
    stdout: int = subprocess.PIPE,
) -> subprocess.CompletedProcess[bytes]:
    """Run the command, with its streams as a shell redirects them."""
    command = ["/bin/sh", "-c", f'exec "$@" {streams}', "sh", sys.executable, "-m", "assistant", *arguments]
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    return subprocess.run(
        command, stdout=stdout, stderr=subprocess.PIPE, env=surroundings | (environment or {}), check=False
    )


def at(data: Path, arguments: Sequence[str]) -> list[str]:
    return [*arguments, *(() if "--help" in arguments else ("--data", str(data)))]


@pytest.fixture(scope="module")
def steering(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """An archive of files with such names, one of them unreadable, and what was printed when they were read."""
    place = tmp_path_factory.mktemp("namen")
    folder = fill(place / "brieven", [*STEERING, "gewoon.txt"])
    (folder / "leeg\x1b[2J.txt").touch()
    rows = "bestand;kenmerk;onderwerp\ngewoon.txt;CRV\x1b[2J 7;Het\x9b5m fietspad\n"
    (folder / "manifest.csv").write_text(rows, encoding="utf-8")
    done = run(["ingest", str(folder), "--data", str(place / "data")], environment={"PYTHONUTF8": "1"})
    assert done.returncode == cli.INCOMPLETE
    return place / "data", done.stdout.decode()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a few letters, one with a name that is not in ASCII."""
    place = tmp_path_factory.mktemp("archief")
    fill(place / "brieven", ["cliëntenraad.txt", "b.txt"])
    assert cli.run(["ingest", str(place / "brieven"), "--data", str(place / "data")]) == 0
    return place / "data"


def assert_harmless(printed: str) -> None:
    assert not STEERS & set(printed), sorted(STEERS & set(printed))
    assert not [line for line in printed.splitlines() if line.startswith(("toegevoegd    vals", "[1] vals"))]


class TestNames:
    def test_the_report_of_an_ingest_shows_what_would_steer_the_terminal(self, steering: Archive) -> None:
        printed = steering[1]
        assert_harmless(printed)
        for shown in [*STEERING.values(), r"leeg\x1b[2J.txt"]:
            assert shown in printed
        assert len(printed.splitlines()) == len(STEERING) + 3

    @pytest.mark.parametrize("command", [("status",), ("status", "--letters"), ("search", "fietspad"), QUESTION])
    def test_no_command_prints_what_would_steer_the_terminal(
        self, command: Sequence[str], steering: Archive, capsys: pytest.CaptureFixture[str]
    ) -> None:
        capsys.readouterr()
        assert cli.run(at(steering[0], command)) == 0
        printed = capsys.readouterr().out
        assert_harmless(printed)
        assert "\\x" in printed

    def test_the_table_of_letters_takes_no_name_for_mark_up(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        folder = fill(tmp_path / "brieven", [":book:[red]a.txt"])
        assert cli.run(["ingest", str(folder), "--data", str(tmp_path / "data")]) == 0
        assert cli.run(["status", "--letters", "--data", str(tmp_path / "data")]) == 0
        assert capsys.readouterr().out.count(":book:[red]a.txt") == 2

    @pytest.mark.parametrize(
        "arguments", [["ingest", "/weg\x1b[2J\nKlaar: 3 toegevoegd."], ["status", "--\x1b[2J\nKlaar: 3 toegevoegd."]]
    )
    def test_no_error_does_either(self, arguments: list[str], tmp_path: Path) -> None:
        done = run([*arguments, "--data", str(tmp_path)])
        assert done.returncode == 2
        assert b"\x1b" not in done.stderr
        assert rb"\x1b[2J\nKlaar" in done.stderr

    def test_no_line_of_the_log_does_either(self) -> None:
        from assistant.cli.terminal import LogLines

        text = "brief\x1b[2J\nKlaar"
        try:
            raise ValueError(text)
        except ValueError:
            record = logging.LogRecord("log", logging.ERROR, "", 0, "%s", (text,), sys.exc_info())
        first, *traceback = LogLines("%(message)s").format(record).split("\n")
        assert first == r"brief\x1b[2J\nKlaar"
        assert len(traceback) > 2
        assert "\x1b" not in "".join(traceback)

    def test_json_is_exact_and_steers_no_terminal(self, steering: Archive, capsys: pytest.CaptureFixture[str]) -> None:
        capsys.readouterr()
        assert cli.run(["status", "--letters", "--json", "--data", str(steering[0])]) == 0
        printed = capsys.readouterr().out
        assert {entry["source"] for entry in json.loads(printed)["catalogue"]} == {*STEERING, "gewoon.txt"}
        assert not STEERS & set(printed)

    def test_lines_stay_lines(self, capsys: pytest.CaptureFixture[str]) -> None:
        from assistant.cli.terminal import print_line, print_text

        print_text("één\n\ttwee\x07")
        print_line("één\n\ttwee\x07")
        assert capsys.readouterr().out == "één\n\ttwee\\x07\n" + "één\\n\\ttwee\\x07\n"

    def test_there_is_one_way_out(self) -> None:
        for path in Path("assistant/cli").glob("*.py"):
            names = {node.id for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Name)}
            assert "print" not in names, path


class TestManifest:
    def test_a_spreadsheet_runs_no_name_and_reading_it_back_changes_nothing(self, tmp_path: Path) -> None:
        folder, data = fill(tmp_path / "brieven", COMPUTED), tmp_path / "data"
        assert run(["ingest", str(folder), "--data", str(data)]).returncode == 0
        manifest = run(["status", "--manifest", "--data", str(data)]).stdout
        rows = list(csv.reader(io.StringIO(manifest.decode("utf-8-sig"), newline=""), delimiter=";"))
        assert len(rows) == len(COMPUTED) + 1
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
        (folder / "manifest.csv").write_bytes(manifest)
        done = run(["ingest", str(folder), "--json", "--data", str(data)])
        assert (done.returncode, json.loads(done.stdout)["remarks"]) == (0, [])
        assert run(["status", "--manifest", "--data", str(data)]).stdout == manifest

    def test_on_a_terminal_it_steers_nothing(self, steering: Archive) -> None:
        mine, terminal = os.openpty()
        done = run(["status", "--manifest", "--data", str(steering[0])], stdout=terminal)
        os.close(terminal)
        shown = b""
        while chunk := _read(mine):
            shown += chunk
        os.close(mine)
        assert done.returncode == 0
        assert b"bestand;kenmerk" in shown
        assert_harmless(shown.decode().replace("\r\n", "\n"))


def _read(terminal: int) -> bytes:
    """What a terminal shows next; empty when nothing writes to it any more."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


class TestOutput:
    @pytest.mark.parametrize("command", COMMANDS)
    def test_a_reader_that_leaves_is_no_error(self, command: Sequence[str], data: Path) -> None:
        reading, writing = os.pipe()
        os.close(reading)
        done = run(at(data, command), stdout=writing)
        os.close(writing)
        assert (done.returncode, done.stderr) == (141, b"")

    @pytest.mark.parametrize("command", COMMANDS)
    def test_a_full_disk_is_told(self, command: Sequence[str], data: Path) -> None:
        if not Path("/dev/full").exists():
            pytest.skip("needs /dev/full")
        self.assert_told(run(at(data, command), ">/dev/full"))

    @pytest.mark.parametrize("command", [("--help",), (*QUESTION, "--json")])
    def test_a_closed_output_is_told(self, command: Sequence[str], data: Path) -> None:
        self.assert_told(run(at(data, command), ">&-"))

    @staticmethod
    def assert_told(done: subprocess.CompletedProcess[bytes]) -> None:
        assert done.returncode == 1
        (line,) = done.stderr.decode().splitlines()
        assert line.startswith("raadsgeheugen: De uitvoer kan niet worden geschreven")

    def test_an_archive_made_while_all_streams_are_closed_is_whole(self, tmp_path: Path) -> None:
        folder = fill(tmp_path / "brieven", list("abcde"))
        arguments = ["ingest", str(folder), "--data", str(tmp_path / "data")]
        assert run(arguments, "<&- >&- 2>&-").returncode == 1
        done = run([*arguments, "--json"])
        assert (done.returncode, json.loads(done.stdout)["unchanged"]) == (0, 5)


ASCII = [
    {"PYTHONIOENCODING": "ascii"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
]
PLAIN = {"PYTHONIOENCODING": "utf-8"}


class TestEncodings:
    @pytest.mark.parametrize(("environment", "command"), [(ASCII[0], ("status", "--letters")), (ASCII[1], QUESTION)])
    def test_a_character_that_the_terminal_has_not_is_replaced(
        self, environment: Mapping[str, str], command: Sequence[str], data: Path
    ) -> None:
        done = run(at(data, command), environment=environment)
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"li?ntenraad" in done.stdout

    def test_latin_1_has_those_of_dutch(self, data: Path) -> None:
        done = run(at(data, ("status", "--letters")), environment={"PYTHONIOENCODING": "latin-1"})
        assert done.returncode == 0
        assert "cliëntenraad.txt".encode("latin-1") in done.stdout

    def test_json_says_the_same(self, data: Path) -> None:
        printed = [run(at(data, (*QUESTION, "--json")), environment=each).stdout for each in (PLAIN, *ASCII)]
        plain, *others = ({**json.loads(each), "seconds": 0} for each in printed)
        assert others == [plain, plain]
        assert "“" in plain["text"]
        assert all(each.isascii() for each in printed[1:])


class TestErrors:
    @pytest.mark.parametrize(
        ("streams", "environment"),
        [("2>/dev/full", PLAIN), ("2>&-", PLAIN), *(("", environment) for environment in ASCII)],
    )
    def test_progress_and_messages_stop_no_ingest(
        self, streams: str, environment: Mapping[str, str], tmp_path: Path
    ) -> None:
        folder = fill(tmp_path / "brieven", list("abcdé"))
        done = run(["ingest", str(folder), "--json", "--data", str(tmp_path / "data")], streams, environment)
        assert (done.returncode, json.loads(done.stdout)["added"]) == (0, 5)
        assert b"Traceback" not in done.stderr
        assert bool(done.stderr) == (not streams)

    @pytest.mark.parametrize("streams", ["2>/dev/full", "2>&-"])
    @pytest.mark.parametrize("arguments", [["ingest", "/bestaat/niet"], ["status", "--bestaat-niet"]])
    def test_an_error_that_cannot_be_told_has_its_status_and_is_not_printed_as_a_result(
        self, streams: str, arguments: list[str], tmp_path: Path
    ) -> None:
        done = run([*arguments, "--data", str(tmp_path)], streams)
        assert (done.returncode, done.stdout) == (2, b"")
