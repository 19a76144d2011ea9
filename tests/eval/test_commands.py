"""The commands: exit codes, and what they write."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from eval.__main__ import main
from eval.benchmarks import stages as bench_stages
from eval.benchmarks.bench import OURS, PEER, rows
from eval.benchmarks.stages import STAGES, fill, grow, search
from eval.runs import answers as running
from vectorstore.models.embedder import Embedder


@pytest.fixture(autouse=True)
def no_model(monkeypatch: pytest.MonkeyPatch, embedder: Embedder) -> None:
    """The commands use the embedder that needs no model."""
    for module in (running, bench_stages):
        monkeypatch.setattr(module, "open_embedder", lambda _settings: embedder)


def arguments(letters: Path, questions: Path, out: Path, *more: str) -> list[str]:
    return ["run", "--archive", str(letters), "--questions", str(questions), "--out", str(out), *more]


def test_run_answers_every_question_and_exits_by_its_gates(
    letters: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.json"
    code = main(arguments(letters, questions, out))
    content = json.loads(out.read_text(encoding="utf-8"))
    assert len(content["answers"]) == 4
    assert content["metrics"]["quote_validity"] == 1.0
    assert code == (0 if content["passed"] else 1)
    assert "voorbeeld.yaml" in capsys.readouterr().out


def test_run_takes_one_part_and_leaves_parts_of_the_search_off(letters: Path, questions: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    main(arguments(letters, questions, out, "--part", "dev", "--no-dense", "--no-expansion"))
    content = json.loads(out.read_text(encoding="utf-8"))
    assert [answer["id"] for answer in content["answers"]] == ["p1", "x1"]


def test_run_writes_a_baseline_and_fails_when_it_becomes_worse(
    letters: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "gates_for", lambda _name: ())
    out, baseline = tmp_path / "out.json", tmp_path / "baselines" / "baseline.json"
    assert main(arguments(letters, questions, out, "--baseline", str(baseline), "--update-baseline")) == 0
    assert os.listdir(baseline.parent) == ["baseline.json"]
    assert json.loads(out.read_text(encoding="utf-8"))["baseline"] is None
    assert str(baseline) in capsys.readouterr().out

    assert main(arguments(letters, questions, out, "--baseline", str(baseline))) == 0
    verdicts = json.loads(out.read_text(encoding="utf-8"))["baseline"]["differences"].values()
    assert {difference["verdict"] for difference in verdicts} == {"same"}

    kept = json.loads(baseline.read_text(encoding="utf-8"))
    for outcome in kept["answers"].values():
        outcome["scores"]["language"] = 2.0
    baseline.write_text(json.dumps(kept), encoding="utf-8")
    assert main(arguments(letters, questions, out, "--baseline", str(baseline))) == 1
    assert "worse" in capsys.readouterr().out
    assert main(arguments(letters, questions, out, "--baseline", str(baseline), "--update-baseline")) == 0
    assert json.loads(out.read_text(encoding="utf-8"))["baseline"]["accepted"] is True
    assert json.loads(baseline.read_text(encoding="utf-8"))["answers"]["p1"]["scores"]["language"] == 1.0


@pytest.mark.parametrize("option", ["--html", "--baseline", "--config"])
def test_nothing_is_written_over_what_is_given(
    letters: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    before = questions.read_bytes()
    assert main(arguments(letters, questions, tmp_path / "out.json", option, str(questions))) == 2
    assert main(arguments(letters, questions, questions)) == 2
    assert main(arguments(letters, questions, tmp_path)) == 2
    assert "is a folder" in capsys.readouterr().err
    assert questions.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "says"),
    [(["--baseline", "weg.json"], "There is no baseline weg.json"), (["--update-baseline"], "--baseline FILE")],
)
def test_a_baseline_that_is_not_there_exits_2_before_anything_is_asked(
    letters: Path, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], says: str
) -> None:
    out = tmp_path / "out.json"
    assert main(arguments(letters, questions, out, *options)) == 2
    assert not out.exists()
    assert says in capsys.readouterr().err


def test_run_mixes_other_documents_into_the_archive(letters: Path, questions: Path, tmp_path: Path) -> None:
    (tmp_path / "other" / "qrels").mkdir(parents=True)
    rows = [{"_id": f"a/{number}", "title": "", "text": f"Besluit {number} over riolen."} for number in range(3)]
    (tmp_path / "other" / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (tmp_path / "other" / "queries.jsonl").write_text(json.dumps({"_id": "1", "text": "riolen"}), encoding="utf-8")
    (tmp_path / "other" / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\n1\ta/1\t1", encoding="utf-8")
    out = tmp_path / "out.json"
    main(arguments(letters, questions, out, "--among", str(tmp_path / "other")))
    answers = json.loads(out.read_text(encoding="utf-8"))["answers"]
    assert [answer["answer"]["searched"]["letters"] for answer in answers] == [5] * 4


def test_the_bench_reads_letters_in(letters: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--archive", str(letters), "--intake", "4", "--pages", "0"]) == 0
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in capsys.readouterr().out.splitlines()]
    assert table[0] == ["", "all new", "nothing changed"]
    assert ["files", "4", "4"] in table


def test_a_wrong_question_file_exits_2_and_writes_nothing(
    letters: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.json"
    assert main(arguments(letters, tmp_path / "geen.yaml", out)) == 2
    assert not out.exists()
    assert "geen.yaml" in capsys.readouterr().err


def test_evidence_that_the_letters_do_not_hold_exits_2_unless_allowed(
    letters: Path, questions: Path, tmp_path: Path
) -> None:
    questions.write_text(
        questions.read_text(encoding="utf-8").replace("300 mensen extra", "300 katten"), encoding="utf-8"
    )
    out = tmp_path / "out.json"
    assert main(arguments(letters, questions, out)) == 2
    assert main(arguments(letters, questions, out, "--allow-missing")) in (0, 1)


def test_a_missing_option_exits_2() -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["run"])
    assert exit_.value.code == 2


def test_the_bench_grows_the_same_letters_each_time(letters: Path, tmp_path: Path) -> None:
    texts = []
    for name in ("first", "second"):
        grow(str(letters), str(tmp_path / name), "5")
        texts.append([path.read_text(encoding="utf-8") for path in sorted((tmp_path / name).iterdir())])
    assert texts[0] == texts[1]
    assert len(set(texts[0])) == 5


def test_the_bench_gives_ratios_of_ours_to_the_other() -> None:
    table = rows({PEER: {"documents/s": 40.0, "peak, MB": 500.0}, OURS: {"documents/s": 20.0, "answer, ms": 30.04}})
    assert table == [
        ["", PEER, OURS, "ratio"],
        ["documents/s", "40.0", "20.0", "0.50"],
        ["peak, MB", "500.0", "-", "-"],
        ["answer, ms", "-", "30.0", "-"],
    ]


@pytest.mark.parametrize("side", ["ours", "peer"])
def test_both_pipelines_are_benched_on_the_same_letters(
    letters: Path, questions: Path, tmp_path: Path, side: str
) -> None:
    ingested = STAGES[f"{side}_ingest"](str(letters), str(tmp_path / "data"))
    asked = STAGES[f"{side}_query"](str(tmp_path / "data"), str(questions))
    assert ingested["ingest: documents"] == 2
    assert ingested["ingest: passages"] >= 2
    assert ingested["ingest: peak memory, MB"] > 0
    assert 0 < asked["search: p50, ms"] <= asked["search: p95, ms"]
    found = STAGES[f"{side}_found"](str(letters), str(questions), str(tmp_path / "found"))
    assert found == {"evidence among the first five, 3 questions": 1.0}


def test_larger_archives_are_filled_searched_and_added_to(
    letters: Path, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_stages, "stage", lambda name, *words: STAGES[name](*map(str, words)))
    data, extra = str(tmp_path / "data"), str(tmp_path / "extra")
    fill(str(letters), data, "60")
    grow(str(letters), extra, "1")
    figures = search(data, str(questions), extra)
    assert {"open and first search, ms", "search, author: p95, ms", "see it in a running chat, ms"} <= set(figures)
    assert all(value > 0 for value in figures.values())
