"""Baselines: what is kept of a run, and what a later run is told of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answers.answer import Language
from eval.comparison.baseline import Baseline, baseline_json, load_baseline
from eval.datasets.questions import load_questions
from eval.files import write_json
from eval.metrics.gates import Gate
from eval.reports.evaluation import evaluation_text
from eval.runs.answers import Evaluation, evaluate
from ingest.job.job import Ingest
from tests.eval.scripted import BOTH, FACT, LETTERS, NOTHING, POSITION, Script, Scripted
from vectorstore.errors import WrongUse
from vectorstore.letters import Voice
from vectorstore.models.embedder import Embedder
from vectorstore.store.store import Store


def evaluated(script: Script, questions: Path, baseline: Baseline | None = None, **more: object) -> Evaluation:
    return evaluate(
        Scripted(script.results),
        load_questions(questions),
        script.store,
        gates=(),
        config={"name": "default", "dense": True, **more},
        baseline=baseline,
    )


@pytest.fixture
def baseline(script: Script, questions: Path, tmp_path: Path) -> Baseline:
    """What the right answers reach."""
    path = tmp_path / "baseline.json"
    write_json(path, baseline_json(evaluated(script, questions).json()))
    return load_baseline(path)


def nothing_changed(_script: Script) -> None:
    pass


def all_refused(script: Script) -> None:
    for question in (POSITION, FACT, BOTH):
        script.refuse(question, script.results[question].retrieved)


def one_of_three_cites_another_passage(script: Script) -> None:
    cited = script.citation("advies-2020.txt", "500 mensen", voice=Voice.EXECUTIVE)
    script.answer(FACT, cited, said="Het zijn er 300.", retrieved=script.results[FACT].retrieved)


def one_quote_altered(script: Script) -> None:
    text = script.letter("advies-2020.txt").text.replace("nooit", "soms ")
    words = "kan leiden tot een armoedeval"
    cited = script.citation("advies-2020.txt", words, text=text, voice=Voice.COUNCIL)
    script.answer(POSITION, cited, said="nooit kan leiden")


@pytest.mark.parametrize(
    ("change", "metric", "verdict", "passed"),
    [
        (nothing_changed, "cited", "same", True),
        (all_refused, "cited", "worse", False),
        (all_refused, "false_refusals", "worse", False),
        (all_refused, "found@5", "same", False),
        (one_of_three_cites_another_passage, "cited", "noise", True),
        (one_quote_altered, "quote_validity", "worse", False),
    ],
)
def test_a_run_is_as_good_as_its_baseline_but_for_chance(
    script: Script,
    questions: Path,
    baseline: Baseline,
    change: Callable[[Script], None],
    metric: str,
    verdict: str,
    passed: bool,
) -> None:
    change(script)
    found = evaluated(script, questions, baseline)
    content = found.json()["baseline"]
    assert content["comparable"]
    assert content["differences"][metric]["verdict"] == verdict
    assert (found.passed, content["passed"]) == (passed, passed)


def test_what_gets_better_is_said_and_passes(script: Script, questions: Path, tmp_path: Path) -> None:
    right = dict(script.results)
    all_refused(script)
    write_json(tmp_path / "worse.json", baseline_json(evaluated(script, questions).json()))
    script.results.update(right)
    found = evaluated(script, questions, load_baseline(tmp_path / "worse.json"))
    content = found.json()["baseline"]
    assert found.passed
    assert content["differences"]["cited"] == {
        "before": 0.0,
        "after": 1.0,
        "difference": 1.0,
        "interval": [1.0, 1.0],
        "verdict": "better",
    }
    assert content["differences"]["false_refusals"]["verdict"] == "better"
    assert [changed["id"] for changed in content["mended"]] == ["p1", "f1", "x1"]
    assert content["broke"] == []


def test_a_question_that_broke_is_shown_before_and_after(script: Script, questions: Path, baseline: Baseline) -> None:
    one_of_three_cites_another_passage(script)
    (broke,) = evaluated(script, questions, baseline).json()["baseline"]["broke"]
    assert (broke["id"], broke["metrics"]) == ("f1", ["cited"])
    before, after = broke["before"], broke["after"]
    assert [cited["quote"] for cited in before["citations"]] == ["300 mensen extra begeleiden"]
    assert [cited["quote"] for cited in after["citations"]] == ["500 mensen"]
    assert before["citations"][0]["source"] == "reactie-2020.txt"
    assert before["citations"][0]["voice"] == "executive"
    assert (before["answered"], before["scores"]["cited"], after["scores"]["cited"]) == (True, 1.0, 0.0)


def test_a_question_that_should_be_refused_and_no_longer_is_broke(
    script: Script, questions: Path, baseline: Baseline
) -> None:
    script.answer(NOTHING, script.citation("advies-2020.txt", "500 mensen"))
    (broke,) = evaluated(script, questions, baseline).json()["baseline"]["broke"]
    assert (broke["id"], broke["metrics"]) == ("n1", ["refused"])


def test_another_language_broke_a_question(script: Script, questions: Path, baseline: Baseline) -> None:
    cited = script.citation("reactie-2020.txt", "300 mensen extra begeleiden", voice=Voice.EXECUTIVE)
    script.answer(FACT, cited, language=Language.ENGLISH)
    (broke,) = evaluated(script, questions, baseline).json()["baseline"]["broke"]
    assert broke["metrics"] == ["language"]


def test_a_baseline_holds_no_words_of_letters_questions_or_answers(
    script: Script, questions: Path, tmp_path: Path
) -> None:
    path = tmp_path / "baseline.json"
    write_json(path, baseline_json(evaluated(script, questions).json()))
    kept = " ".join(path.read_text(encoding="utf-8").split()).casefold()
    told = [*LETTERS.values(), *script.results, *(result.text for result in script.results.values())]
    sentences = [" ".join(part.split()).casefold() for text in told for part in re.split(r"[.?!\n]", text)]
    runs = {" ".join(words[i : i + 3]) for words in map(str.split, sentences) for i in range(len(words) - 2)}
    assert len(runs) > 50
    assert [words for words in runs if words in kept] == []


def test_new_and_gone_questions_are_named_and_the_rest_compared(
    script: Script, questions: Path, baseline: Baseline
) -> None:
    text = questions.read_text(encoding="utf-8").replace("id: f1", "id: f2")
    questions.write_text(text, encoding="utf-8")
    content = evaluated(script, questions, baseline).json()["baseline"]
    assert (content["new"], content["gone"]) == (["f2"], ["f1"])
    assert content["comparable"]
    assert content["passed"]


def test_a_question_put_otherwise_is_another_question(script: Script, questions: Path, baseline: Baseline) -> None:
    text = questions.read_text(encoding="utf-8").replace("300\\b", "400\\b")
    questions.write_text(text, encoding="utf-8")
    content = evaluated(script, questions, baseline).json()["baseline"]
    assert content["changed"] == ["f1"]
    assert content["differences"]["facts"]["verdict"] == "same"


def test_runs_without_a_question_in_common_cannot_be_compared_and_pass(
    script: Script, questions: Path, baseline: Baseline
) -> None:
    text = re.sub(r"id: (\w)1", r"id: \g<1>9", questions.read_text(encoding="utf-8"))
    questions.write_text(text, encoding="utf-8")
    all_refused(script)
    content = evaluated(script, questions, baseline).json()["baseline"]
    assert not content["comparable"]
    assert content["why"]
    assert content["differences"] == {}
    assert content["passed"]


def test_over_other_letters_only_scores_are_compared(
    script: Script, questions: Path, baseline: Baseline, store: Store, letters: Path, embedder: Embedder
) -> None:
    (letters / "nieuw.txt").write_text("Verslag van de vergadering van de raad over de bibliotheek.", encoding="utf-8")
    Ingest(store, embedder).run([letters])
    one_of_three_cites_another_passage(script)
    content = evaluated(script, questions, baseline).json()["baseline"]
    assert any("the letters, or how they are read, differ" in note for note in content["notes"])
    assert [cited["quote"] for cited in content["broke"][0]["before"]["citations"]] == [""]
    assert content["comparable"]


def test_another_configuration_and_model_are_said(script: Script, questions: Path, baseline: Baseline) -> None:
    other = replace(baseline, run=baseline.run | {"model": "another"})
    content = evaluated(script, questions, other, dense=False).json()["baseline"]
    assert content["notes"] == [
        "the embedding models differ",
        "dense was True and is False",
    ]


def test_the_new_baseline_passes_by_its_gates_alone(script: Script, questions: Path, baseline: Baseline) -> None:
    all_refused(script)
    found = evaluated(script, questions, baseline)
    assert not found.passed
    assert found.accepted().passed
    assert found.accepted().json()["baseline"]["worse"] == found.json()["baseline"]["worse"] != []
    gated = evaluate(
        Scripted(script.results),
        load_questions(questions),
        script.store,
        gates=(Gate("cited", least=1.0),),
        baseline=baseline,
    )
    assert not gated.accepted().passed


def test_without_a_baseline_there_is_none_in_the_json(script: Script, questions: Path) -> None:
    content = evaluated(script, questions).json()
    assert content["baseline"] is None
    assert content["judge"] is None


def test_a_missing_baseline_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=r"There is no baseline .*weg\.json.*--update-baseline"):
        load_baseline(tmp_path / "weg.json")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"metrics": {}, "answers": []}', '{"questions": 3}'])
def test_a_file_that_is_no_baseline_is_said(tmp_path: Path, content: str) -> None:
    path = tmp_path / "iets.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(WrongUse, match=r"iets\.json is no baseline"):
        load_baseline(path)


def test_a_baseline_without_numbers_is_said(script: Script, questions: Path, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    content = baseline_json(evaluated(script, questions).json())
    content["answers"]["p1"]["scores"]["cited"] = float("nan")
    write_json(path, content)
    with pytest.raises(WrongUse, match="no number"):
        load_baseline(path)


def test_a_later_program_may_have_added_fields(script: Script, questions: Path, tmp_path: Path) -> None:
    content = baseline_json(evaluated(script, questions).json()) | {"later": 1}
    (tmp_path / "b.json").write_text(json.dumps(content), encoding="utf-8")
    assert set(load_baseline(tmp_path / "b.json").answers) == {"p1", "f1", "x1", "n1"}


def test_the_report_shows_what_moved_and_what_broke_side_by_side(
    script: Script, questions: Path, baseline: Baseline
) -> None:
    all_refused(script)
    told = evaluation_text(evaluated(script, questions, baseline).json())
    lines = told.splitlines()
    moved = lines[lines.index(next(line for line in lines if line.startswith("Worse beyond chance"))) :]
    cited = next(line.split() for line in moved if line.startswith("cited "))
    assert cited[1:4] == ["1.000", "0.000", "-1.000"]
    assert cited[-1] == "worse"
    assert "Questions that broke: 3" in lines
    (first,) = [line for line in lines if line.startswith("p1 ") and "right (nl):" in line]
    assert first.index("right (nl):") < first.index("evidence not cited")
    assert "advies-2020.txt (council)" in told
    assert "Worse beyond chance: cited, facts, false_refusals. FAILED" in told
    assert max(map(len, lines)) <= 120


def test_the_report_says_what_could_not_be_compared(script: Script, questions: Path, baseline: Baseline) -> None:
    text = questions.read_text(encoding="utf-8").replace("id: f1", "id: f2").replace("300\\b", "400\\b")
    questions.write_text(text, encoding="utf-8")
    told = evaluation_text(evaluated(script, questions, baseline, dense=False).json())
    assert "does not have: 1 (f2)" in told
    assert "were not asked: 1 (f1)" in told
    assert "dense was True and is False" in told
    assert "Nothing is worse beyond chance" in told
