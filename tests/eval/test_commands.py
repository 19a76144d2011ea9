"""The commands: exit codes, and what they write."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from eval import bench_stages
from eval import run as running
from eval.__main__ import main
from eval.bench import markdown
from eval.bench_stages import found, grow, ours_ingest, ours_query, peer_ingest, peer_query
from vectorstore.embedding import Embedder


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
    rows = capsys.readouterr().out.splitlines()
    assert any(row.startswith("| all new | 4 |") for row in rows)
    assert any(row.startswith("| nothing changed | 4 |") for row in rows)


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
        (tmp_path / name).mkdir()
        grow(str(letters), str(tmp_path / name), "5")
        texts.append([path.read_text(encoding="utf-8") for path in sorted((tmp_path / name).iterdir())])
    assert texts[0] == texts[1]
    assert len(set(texts[0])) == 5


def test_the_bench_gives_ratios() -> None:
    ingest = {"documents_per_second": 20.0, "passages_per_second": 90.0, "peak_mb": 500.0, "passages": 900}
    query = {"search_ms_p50": 20.0, "search_ms_p95": 40.0, "peak_mb": 500.0}
    table = markdown(
        {
            "letters": 100,
            "ours": {"ingest": ingest, "query": query | {"ask_ms_p50": 30.0, "ask_ms_p95": 60.0}},
            "peer": {"ingest": ingest | {"documents_per_second": 40.0}, "query": query},
            "found": {"questions": 70, "ours": 0.9, "peer": 0.5},
        }
    )
    assert "| ingest: documents/s | 20.0 | 40.0 | 0.50 |" in table
    assert "| answer: p50, ms | 30.0 | - | - |" in table
    assert "| evidence among the first five | 0.900 | 0.500 | 1.80 |" in table


def test_both_pipelines_are_benched_on_the_same_letters(letters: Path, questions: Path, tmp_path: Path) -> None:
    ours, peer, sample = (str(tmp_path / name) for name in ("ours", "peer", "sample"))
    ingested = [ours_ingest(str(letters), ours), peer_ingest(str(letters), peer)]
    asked = [ours_query(ours, str(questions)), peer_query(peer, str(questions))]
    assert [figures["documents"] for figures in ingested] == [2, 2]
    assert all(figures["passages"] >= 2 and figures["peak_mb"] > 0 for figures in ingested)
    assert all(0 < figures["search_ms_p50"] <= figures["search_ms_p95"] for figures in asked)
    assert found(str(letters), str(questions), sample) == {"questions": 3, "ours": 1.0, "peer": 1.0}
