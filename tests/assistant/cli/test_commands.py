from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.cli import commands as cli
from assistant.settings import Settings
from tests.assistant.written_answers import passages, statement
from tests.chat_server import Reply, Request, chat_server, says
from vectorstore.errors import WrongUse

ANSWER_FIELDS = {
    "question", "language", "standalone_question", "engine", "answered", "text", "statements", "citations", "filters",
    "searched", "nearest", "seconds",
}  # fmt: skip
CITATION_FIELDS = {
    "n", "letter", "source", "reference", "kind", "subject", "date", "date_basis", "author", "voice", "quoted_from",
    "page", "start", "end", "quote", "passage",
}  # fmt: skip


def output(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    parsed: dict[str, object] = json.loads(capsys.readouterr().out)
    return parsed


def test_ask_prints_one_json_object_with_every_field_of_the_contract(
    data_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = cli.run(["ask", "Wat adviseerde de raad over fietsen?", "--json", "--data", str(data_folder)])
    answer = output(capsys)
    assert status == 0
    assert set(answer) >= ANSWER_FIELDS
    assert answer["answered"] is True
    citations = answer["citations"]
    assert isinstance(citations, list)
    assert set(citations[0]) >= CITATION_FIELDS


@pytest.mark.parametrize("command", ["ask", "search"])
def test_words_in_the_encoding_of_another_terminal_are_answered(
    command: str, data_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = b"Wat adviseerde de cli\xebntenraad over fietsen?".decode(errors="surrogateescape")
    assert cli.run([command, typed, "--json", "--data", str(data_folder)]) == 0
    capsys.readouterr().out.encode()


@pytest.mark.parametrize(
    ("text", "told"), [("Wij adviseren u om 200 fietsen", "geen heel antwoord"), ("x", "geen antwoord")]
)
def test_ask_says_how_much_of_an_answer_there_is_of_a_model_that_breaks_off(
    text: str,
    told: str,
    data_folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def script(request: Request) -> Reply:
        held = statement(f"De raad schrijft: “{text}”.", *passages(request))
        return says(json.dumps({"statements": [held]})[:-2] + ', {"text": "De', finish="length")

    with chat_server(script) as server:
        monkeypatch.setenv("RAADSGEHEUGEN_CHAT_MODEL", "scripted")
        monkeypatch.setenv("RAADSGEHEUGEN_CHAT_URL", server.url)
        assert cli.run(["ask", "Wat adviseerde de raad over fietsen?", "--data", str(data_folder)]) == 0
    assert f"raadsgeheugen: {told} van het taalmodel." in capsys.readouterr().err


def test_search_honours_its_filters(data_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["search", "fietsen", "--k", "2", "--author", "executive", "--json", "--data", str(data_folder)]
    assert cli.run(arguments) == 0
    hits = output(capsys)["hits"]
    assert isinstance(hits, list)
    assert 0 < len(hits) <= 2
    assert {hit["author"] for hit in hits} == {"executive"}


def test_status_tells_what_the_archive_holds(data_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["status", "--json", "--data", str(data_folder)]) == 0
    status = output(capsys)
    assert status["letters"] == 3
    assert status["unreadable"] == []
    assert status["index"] == {"letters": 3, "complete": True}
    assert cli.run(["status", "--data", str(data_folder)]) == 0
    assert "2018 tot en met 2021" in capsys.readouterr().out


def test_ingest_reports_each_file_and_its_exit_status_says_whether_all_were_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, data = tmp_path / "brieven", tmp_path / "archief"
    folder.mkdir()
    (folder / "goed.txt").write_text("Geacht college,\n\nWij vragen om een fiets.\n", encoding="utf-8")
    assert cli.run(["ingest", str(folder), "--data", str(data)]) == 0
    (folder / "leeg.txt").touch()
    capsys.readouterr()
    assert cli.run(["ingest", str(folder), "--json", "--data", str(data)]) == cli.INCOMPLETE
    report = output(capsys)
    assert (report["unchanged"], report["unreadable"]) == (1, 1)


@pytest.mark.parametrize(
    "arguments",
    [
        ["ingest", "/bestaat/niet"],
        ["ask", "Wat zei de raad?", "--from", "gisteren"],
        ["ask", "Wat zei de raad?", "--from", "2020", "--to", "2019"],
        ["ask", "   "],
    ],
)
def test_wrong_use_is_status_2_with_one_line_and_nothing_on_standard_output(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run([*arguments, "--data", str(tmp_path)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.strip().splitlines()) == 1


def test_a_data_folder_that_cannot_be_used_is_a_clear_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "archief").write_text("geen map")
    assert cli.run(["ask", "Wat zei de raad?", "--data", str(tmp_path / "archief")]) == 1
    assert "archief" in capsys.readouterr().err


def test_settings_come_from_the_environment() -> None:
    settings = Settings.from_environment({"RAADSGEHEUGEN_DATA": "/x", "RAADSGEHEUGEN_BATCH_SIZE": "8"})
    assert (settings.data, settings.batch_size) == (Path("/x"), 8)
    with pytest.raises(WrongUse):
        Settings.from_environment({"RAADSGEHEUGEN_BATCH_SIZE": "veel"})


@pytest.mark.parametrize("command", cli._COMMANDS)
def test_every_command_is_documented(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"raadsgeheugen {command}" in Path("README.md").read_text(encoding="utf-8")
    with pytest.raises(SystemExit):
        cli.run(["--help"])
    assert command in capsys.readouterr().out
