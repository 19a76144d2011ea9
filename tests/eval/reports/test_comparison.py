"""`compare`: two runs question by question, more side by side, and files that are no runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.__main__ import main
from eval.datasets.questions import load_questions
from eval.files import write_json
from eval.runs.answers import evaluate
from tests.eval.scripted import BOTH, FACT, POSITION, Script, Scripted

Written = Callable[..., Path]


@pytest.fixture
def written(script: Script, questions: Path, tmp_path: Path) -> Written:
    """Writes a run of what the script answers now."""

    def write(name: str, **config: Any) -> Path:
        path = tmp_path / f"{name}.json"
        config = {"name": name, **config}
        write_json(
            path, evaluate(Scripted(script.results), load_questions(questions), script.store, config=config).json()
        )
        return path

    return write


def compared(capsys: pytest.CaptureFixture[str], *paths: Path, markdown: bool = False) -> str:
    assert main(["compare", *map(str, paths), *(["--markdown"] if markdown else [])]) == 0
    return capsys.readouterr().out


def row(told: str, name: str) -> list[str]:
    (found,) = [line.split() for line in told.splitlines() if line.startswith(f"{name} ")]
    return found


def refuse_all(script: Script) -> None:
    for question in (POSITION, FACT, BOTH):
        script.refuse(question, script.results[question].retrieved)


def test_two_runs_are_compared_question_by_question(
    script: Script, written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    before = written("with", dense=True)
    refuse_all(script)
    told = compared(capsys, before, written("without", dense=False))
    assert row(told, "cited")[1:4] == ["1.000", "0.000", "-1.000"]
    assert row(told, "cited")[-1] == "worse"
    assert row(told, "found@5")[-1] == "same"
    assert row(told, "fact") == ["fact", "1", *["1.000", "→", "1.000"], *["1.000", "→", "0.000"] * 2, "-"]
    assert row(told, "unanswerable")[-3:] == ["1.000", "→", "1.000"]
    assert "dense was True and is False" in told
    assert "Questions that broke: 3" in told
    assert "Questions that were mended: 0" in told
    assert {"right", "(nl):", "evidence"} <= set(row(told, "p1"))
    assert max(len(line) for line in told.splitlines() if str(before.parent) not in line) <= 120


def test_what_was_mended_is_shown_too(script: Script, written: Written, capsys: pytest.CaptureFixture[str]) -> None:
    after = written("right")
    refuse_all(script)
    told = compared(capsys, written("refusing"), after)
    assert "Questions that were mended: 3" in told
    assert row(told, "f1").index("right") > row(told, "f1").index("evidence")


def test_markdown_has_tables_of_equally_many_columns_whatever_is_quoted(
    script: Script, written: Written, capsys: pytest.CaptureFixture[str], questions: Path
) -> None:
    text = questions.read_text(encoding="utf-8")
    questions.write_text(text.replace("Wat vond de raad van de armoedeval?", "Wat | <b>vond</b>\\n?"), encoding="utf-8")
    script.results["Wat | <b>vond</b>\\n?"] = script.results[POSITION]
    before = written("before")
    script.results["Wat | <b>vond</b>\\n?"] = script.results["Wat vond de raad van de afvalheffing?"]
    told = compared(capsys, before, written("after"), markdown=True)
    assert "<b>" not in told
    tables = [block.splitlines() for block in told.split("\n\n") if block.startswith("|")]
    assert len(tables) == 3
    for lines in tables:
        assert {line.replace("\\|", "").count("|") for line in lines} == {lines[1].count("|")}
        assert set(lines[1]) <= set("|-:")


def test_more_than_two_runs_are_columns_of_one_table(
    script: Script, written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    first = written("default")
    refuse_all(script)
    told = compared(capsys, first, written("langchain"), written("bm25"))
    assert told.splitlines()[0].split() == ["default", "langchain", "bm25"]
    assert row(told, "questions") == ["questions", "4", "4", "4"]
    assert row(told, "cited") == ["cited", "1.000", "(1.00-1.00)", *["0.000", "(0.00-0.00)"] * 2]
    assert "latency_p95 (s)" in told
    assert "Not asked" not in told


def test_runs_over_other_questions_are_said_to_be(
    script: Script, written: Written, questions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = written("a")
    text = questions.read_text(encoding="utf-8")
    questions.write_text(text.replace("id: f1", "id: f2"), encoding="utf-8")
    second = written("b")
    assert "questions that one of them did not ask: 2" in compared(capsys, first, second)
    assert "Not asked all the questions of a in the same words: b, c." in compared(capsys, first, second, written("c"))
    questions.write_text(text.replace("id: ", "id: z"), encoding="utf-8")
    assert "no question in common" in compared(capsys, first, written("d"))


def test_one_run_or_a_missing_one_exits_2(written: Written, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(written("a"))]) == 2
    assert "Name two files or more" in capsys.readouterr().err
    assert main(["compare", str(written("a")), str(tmp_path / "weg.json")]) == 2
    assert "weg.json" in capsys.readouterr().err


def test_runs_of_one_configuration_are_named_after_their_files(
    written: Written, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = written("default")
    second = tmp_path / "tuesday.json"
    content = json.loads(first.read_text(encoding="utf-8"))
    second.write_text(json.dumps(content), encoding="utf-8")
    told = compared(capsys, first, second)
    named = [
        line.split(": ")[1].split(",")[0] for line in told.splitlines() if line.startswith(("- before", "- after"))
    ]
    assert named == ["default", "tuesday"]
