"""The suite: what stands in its file, which processes it starts, and what comes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.__main__ import GATE_FAILED, WRONG_USE, main
from eval.runs import suite
from eval.runs.suite import SuiteEntry, SuiteResult, load_suite, run_suite
from vectorstore.errors import WrongUse

GOOD = "name: a, archive: brieven, outputs: [a.json], questions: vragen.yaml"


def written(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "suite.yaml"
    path.write_text("suite:\n" + "\n".join(f"- {{{row}}}" for row in rows), encoding="utf-8")
    return path


def test_every_entry_of_the_project_is_about_files_that_are_there() -> None:
    entries = load_suite()
    for entry in entries:
        words = entry.arguments(Path(), Path("build"))
        given = dict(zip(words[1::2], words[2::2], strict=True))
        read = [given[name] for name in given if name in ("--archive", "--questions", "--labels", "--baseline")]
        assert entry.shared or all(Path(path).exists() for path in read)
    outputs = [name for entry in entries for name in entry.outputs]
    assert len(set(outputs)) == len(outputs)
    assert {"questions.baseline.json"} == {Path(entry.baseline).name for entry in entries if entry.baseline}


def test_an_entry_is_run_by_the_command_of_its_file() -> None:
    entry = SuiteEntry("a", "archive", ("a.json", "a.html", "a.md", "a.xml"), questions="q.yaml", baseline="b.json")
    assert entry.arguments(Path("s"), Path("out")) == [
        *("run", "--archive", "s/archive", "--questions", "s/q.yaml", "--baseline", "b.json"),
        *("--out", "out/a.json", "--html", "out/a.html", "--markdown", "out/a.md", "--junit", "out/a.xml"),
    ]
    assert SuiteEntry("a", "a", ("a.json",), labels="l").arguments(Path(), Path())[0] == "reading"
    assert SuiteEntry("a", "a", ("a.json",), statements="s").arguments(Path(), Path())[0] == "statements"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (GOOD + ", labels: l.yaml", "entry a: an entry is about one file"),
        (GOOD.replace("questions: vragen.yaml", "shared: true"), "give one of questions, labels, statements"),
        (GOOD.replace("a.json", "a.html"), "outputs must be a file ending in .json"),
        (GOOD.replace("questions", "labels").replace("[a.json]", "[a.json, a.html]"), "outputs must be"),
        (GOOD.replace("questions", "labels") + ", baseline: b.json", "only questions are compared"),
        (GOOD.replace("archive", "archve"), "has no field 'archve': did you mean 'archive'?"),
    ],
)
def test_a_wrong_entry_is_named_with_what_to_do(tmp_path: Path, row: str, says: str) -> None:
    with pytest.raises(WrongUse) as error:
        load_suite(written(tmp_path, row))
    assert says in str(error.value)


def test_a_name_stands_in_it_once(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="entry a: its name was used before"):
        load_suite(written(tmp_path, GOOD, GOOD))


def test_processes_run_each_with_its_report_in_one_piece_and_what_is_not_there_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    path = tmp_path / "wrong.yaml"
    path.write_text("questions: []", encoding="utf-8")
    entries = [
        SuiteEntry("wrong", "letters", ("a.json",), questions="wrong.yaml", shared=True),
        SuiteEntry("gone", "gone", ("b.json",), labels="l.yaml", shared=True),
    ]
    results = {each.name: each for each in run_suite(entries, tmp_path, tmp_path / "out", 2)}
    assert {name: each.verdict for name, each in results.items()} == {
        "wrong": "could not run",
        "gone": "skipped, not there",
    }
    assert "wrong.yaml: no questions" in results["wrong"].report
    alone = list(run_suite(entries, None, tmp_path / "out", 2))
    assert [each.code for each in alone] == [None, None]


@pytest.mark.parametrize(
    ("codes", "code"),
    [((0, 0), 0), ((0, 1), GATE_FAILED), ((None, 0), 0), ((1, 2), WRONG_USE), ((1, -9), WRONG_USE)],
)
def test_the_command_fails_when_any_gate_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], codes: tuple[int | None, ...], code: int
) -> None:
    results = [SuiteResult(f"n{number}", each, f"verslag {number}", 1.0) for number, each in enumerate(codes)]
    monkeypatch.setattr(suite, "run_suite", lambda *_: iter(results))
    assert main(["run", "--all", "--jobs", "2"]) == code
    told = capsys.readouterr().out
    assert "verslag 0" in told
    assert told.rstrip().splitlines()[-1].startswith("n1")


@pytest.mark.parametrize("more", [["--archive", "x"], ["--jobs", "0"], ["--baseline", "b.json"]])
def test_what_means_nothing_with_all_is_refused(more: list[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["run", "--all", *more])
    assert exit_.value.code == 2
