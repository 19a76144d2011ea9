"""The evaluation itself: right answers pass, and every planted fault turns a gate red."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answers.answer import Language
from eval.datasets.questions import Part, load_questions
from eval.files import write_json
from eval.metrics.gates import Gate, check_names, gates_for, judge_gates
from eval.metrics.intervals import interval, paired_interval
from eval.metrics.scores import FIGURES
from eval.reports.evaluation import evaluation_markdown, evaluation_text
from eval.runs.answers import Evaluation, evaluate
from ingest.job.job import Ingest
from tests.eval.scripted import BOTH, FACT, NOTHING, POSITION, Script, Scripted
from vectorstore.errors import WrongUse
from vectorstore.letters import Voice
from vectorstore.models.embedder import Embedder
from vectorstore.store.store import Store

GATES = (*gates_for("letters.yaml"), Gate("facts", least=1.0), Gate("voice", least=1.0))


def evaluated(script: Script, questions: Path) -> Evaluation:
    return evaluate(Scripted(script.results), load_questions(questions), script.store, gates=GATES)


def test_right_answers_score_full_marks_and_pass(script: Script, questions: Path) -> None:
    found = evaluated(script, questions)
    assert found.passed
    for metric in ("recall@5", "nDCG@10", "MRR", "found@5", "cited", "facts", "voice", "refused"):
        assert found.metrics[metric] == 1.0, metric
    assert found.metrics["citation_precision"] == found.metrics["citation_recall"] == 1.0
    assert found.metrics["quote_validity"] == found.metrics["language"] == found.metrics["refusal_precision"] == 1.0
    assert found.metrics["false_refusals"] == 0.0
    assert found.metrics["questions"] == 4
    assert found.metrics["kinds"]["fact"]["questions"] == 1
    assert found.metrics["intervals"]["cited"] == [1.0, 1.0]
    assert "Questions that fell short" not in evaluation_text(found.json())


def quote_altered(script: Script) -> None:
    text = script.letter("advies-2020.txt").text.replace("nooit", "soms ")
    script.answer(
        POSITION, script.citation("advies-2020.txt", "meedoen aan het programma", text=text, voice=Voice.COUNCIL)
    )


def wrong_letter_cited(script: Script) -> None:
    found = [script.passage("reactie-2020.txt", "300 mensen")]
    cited = script.citation("advies-2020.txt", "500 mensen", voice=Voice.EXECUTIVE)
    script.answer(FACT, cited, retrieved=found, said="Het zijn er 300.")


def half_of_the_evidence_cited(script: Script) -> None:
    cited = script.citation("advies-2020.txt", "meedoen aan het programma")
    other = script.passage("reactie-2020.txt", "houdt vast")
    script.answer(BOTH, cited, retrieved=[cited.passage, other], language=Language.ENGLISH)


def answered_without_evidence(script: Script) -> None:
    script.answer(NOTHING, script.citation("advies-2020.txt", "500 mensen"))


def refused_despite_evidence(script: Script) -> None:
    script.refuse(FACT, [script.passage("reactie-2020.txt", "300 mensen")])


def voices_swapped(script: Script) -> None:
    script.answer(
        POSITION,
        script.citation("advies-2020.txt", "nooit kan leiden tot een armoedeval", voice=Voice.EXECUTIVE, utterances=()),
    )


def test_who_else_speaks_in_the_passage_is_not_who_said_it(script: Script, questions: Path) -> None:
    """The council's own sentence beside the evidence does not make the executive's evidence the council's."""
    evidence = script.citation("reactie-2020.txt", "300 mensen extra begeleiden", voice=Voice.EXECUTIVE)
    beside = script.citation("reactie-2020.txt", "Het college houdt vast", voice=Voice.COUNCIL, utterances=())
    script.answer(FACT, evidence, beside)
    assert evaluated(script, questions).scores["f1"]["voice"] == 1.0
    script.answer(FACT, beside, said="Dat zijn er 300.")
    assert evaluated(script, questions).scores["f1"]["voice"] == 0.0


def another_language(script: Script) -> None:
    cited = script.citation("reactie-2020.txt", "300 mensen extra begeleiden", voice=Voice.EXECUTIVE)
    script.answer(FACT, cited, language=Language.ENGLISH)


def evidence_found_sixth(script: Script) -> None:
    cited = script.citation("reactie-2020.txt", "300 mensen extra begeleiden", voice=Voice.EXECUTIVE)
    others = [replace(script.passage("advies-2020.txt", "500"), id=str(number)) for number in range(5)]
    script.answer(FACT, cited, retrieved=[*others, cited.passage])


def fact_only_in_a_marker(script: Script) -> None:
    cited = script.citation("reactie-2020.txt", "houdt vast aan het programma", voice=Voice.EXECUTIVE)
    script.answer(FACT, cited, said="Dat zijn er veel [300].")


@pytest.mark.parametrize(
    ("fault", "gate", "said"),
    [
        (quote_altered, "quote_validity", "quote differs from the letter"),
        (wrong_letter_cited, "cited", "evidence not cited"),
        (half_of_the_evidence_cited, "cited", "evidence not cited"),
        (answered_without_evidence, "refused", "answered, though the archive does not say"),
        (refused_despite_evidence, "false_refusals", "refused, though the archive says"),
        (voices_swapped, "voice", "another voice"),
        (another_language, "language", "another language"),
        (evidence_found_sixth, "found@5", "evidence not among the first five"),
        (fact_only_in_a_marker, "facts", "fact missing"),
    ],
)
def test_a_planted_fault_turns_its_gate_red(
    script: Script, questions: Path, fault: Callable[[Script], None], gate: str, said: str
) -> None:
    fault(script)
    found = evaluated(script, questions)
    assert not found.passed
    assert not found.gates[gate]["passed"]
    assert said in evaluation_markdown(found.json())
    assert "FAILED" in evaluation_text(found.json())


def test_a_passage_that_holds_all_evidence_is_enough(script: Script, questions: Path) -> None:
    """Two items of evidence in one passage at the first place give full recall there."""
    text = questions.read_text(encoding="utf-8").replace(
        "source: reactie-2020.txt, text: houdt", "source: advies-2020.txt, text: 500"
    )
    questions.write_text(text.replace("text: 500 vast", "text: 500 mensen"), encoding="utf-8")
    assert evaluated(script, questions).scores["x1"]["recall@1"] == 1.0


def test_half_of_the_needed_evidence_is_half_the_recall(script: Script, questions: Path) -> None:
    half_of_the_evidence_cited(script)
    scores = evaluated(script, questions).scores["x1"]
    assert (scores["citation_recall"], scores["citation_precision"], scores["cited"]) == (0.5, 1.0, 0.0)


def test_without_citations_no_evidence_is_cited(script: Script, questions: Path) -> None:
    refused_despite_evidence(script)
    found = evaluated(script, questions)
    assert found.scores["f1"]["citation_recall"] == 0.0
    assert "citation_precision" not in found.scores["f1"]


def test_a_wrong_refusal_is_seen_in_the_precision_of_refusals(script: Script, questions: Path) -> None:
    refused_despite_evidence(script)
    metrics = evaluated(script, questions).metrics
    assert (metrics["refusal_precision"], metrics["refused"]) == (0.5, 1.0)


def test_figures_are_given_for_each_kind_and_part(script: Script, questions: Path) -> None:
    refused_despite_evidence(script)
    metrics = evaluated(script, questions).metrics
    assert set(metrics["kinds"]) == {"position", "fact", "crossdoc", "unanswerable"}
    assert set(metrics["parts"]) == {"dev", "test"}
    assert (metrics["parts"]["dev"]["cited"], metrics["parts"]["test"]["cited"]) == (1.0, 0.0)
    for figures in (metrics, *metrics["kinds"].values(), *metrics["parts"].values()):
        low, high = figures["intervals"]["language"]
        assert low <= figures["language"] <= high
        assert figures["latency_p50"] <= figures["latency_p95"]


def test_there_are_no_parts_where_the_questions_have_none(script: Script, questions: Path) -> None:
    text = questions.read_text(encoding="utf-8").replace("part: dev, ", "").replace("part: test, ", "")
    questions.write_text(text, encoding="utf-8")
    assert "parts" not in evaluated(script, questions).metrics


def test_a_kind_that_only_its_file_knows_is_counted_and_warned_of(script: Script, questions: Path) -> None:
    questions.write_text(questions.read_text(encoding="utf-8").replace("kind: fact", "kind: geld"), encoding="utf-8")
    found = evaluated(script, questions)
    assert found.metrics["kinds"]["geld"]["questions"] == 1
    assert "kind 'geld' is not one of" in found.warnings[0]


def test_json_has_the_shape_that_others_rely_on(script: Script, questions: Path, tmp_path: Path) -> None:
    path = tmp_path / "new" / "out.json"
    write_json(path, evaluated(script, questions).json())
    content = json.loads(path.read_text(encoding="utf-8"))
    assert {"metrics", "gates", "answers"} <= set(content)
    assert [answer["id"] for answer in content["answers"]] == ["p1", "f1", "x1", "n1"]
    first = content["answers"][0]
    assert {"part": "dev", "language": "nl", "answerable": True, "history": []}.items() <= first.items()
    assert first["expected"]["evidence"] == [
        {"source": "advies-2020.txt", "text": "NOOIT kan leiden tot een   armoedeval"}
    ]
    assert first["faults"] == []
    assert first["retrieved"][0]["source"] == "advies-2020.txt"
    assert "armoedeval" in first["retrieved"][0]["text"]
    assert first["answer"]["answered"] is True
    assert first["answer"]["citations"][0]["quote"] == "nooit kan leiden tot een armoedeval"
    assert content["answers"][3]["answer"]["citations"] == []
    assert content["gates"]["cited"] == {"value": 1.0, "least": 0.92, "most": None, "passed": True}


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    write_json(path, {"old": True})
    with pytest.raises(TypeError):
        write_json(path, {"new": object()})
    assert json.loads(path.read_text(encoding="utf-8")) == {"old": True}
    assert os.listdir(tmp_path) == ["out.json"]


def test_the_file_of_a_duplicate_counts_as_the_letter(
    script: Script, store: Store, embedder: Embedder, letters: Path, questions: Path
) -> None:
    (letters / "zelfde.txt").write_bytes((letters / "reactie-2020.txt").read_bytes())
    Ingest(store, embedder).run([letters])
    text = questions.read_text(encoding="utf-8").replace(
        "{source: reactie-2020.txt, text: 300", "{source: zelfde.txt, text: 300"
    )
    questions.write_text(text, encoding="utf-8")
    assert evaluated(script, questions).passed


def test_questions_on_files_that_cannot_be_read_are_left_out_and_counted(
    script: Script, store: Store, embedder: Embedder, letters: Path, questions: Path
) -> None:
    (letters / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    Ingest(store, embedder).run([letters])
    text = questions.read_text(encoding="utf-8").replace(
        "{source: reactie-2020.txt, text: 300", "{source: scan.png, text: 300"
    )
    questions.write_text(text, encoding="utf-8")
    found = evaluated(script, questions)
    assert found.left_out == ("f1",)
    assert not found.gates["left_out"]["passed"]
    assert "scan.png could not be read" in found.warnings[0]


def test_an_archive_of_which_nothing_can_be_read_passes_nothing(
    script: Script, store: Store, embedder: Embedder, letters: Path, questions: Path
) -> None:
    (letters / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    Ingest(store, embedder).run([letters])
    text = questions.read_text(encoding="utf-8").replace("advies-2020.txt", "scan.png")
    questions.write_text(text.replace("reactie-2020.txt", "scan.png"), encoding="utf-8")
    with pytest.raises(WrongUse, match=r"could be read\.\nscan\.png: "):
        evaluated(script, questions)


def test_gates_that_hold_nothing_are_said(script: Script, questions: Path) -> None:
    text = questions.read_text(encoding="utf-8")
    questions.write_text(text[: text.index("- {id: n1")], encoding="utf-8")
    assert evaluated(script, questions).warnings[-1].endswith("no question has the metric: refused, meaning")


@pytest.mark.parametrize("name", ["citd", "tst cited", "test citd"])
def test_a_gate_on_no_metric_is_wrong_use(script: Script, questions: Path, name: str) -> None:
    with pytest.raises(WrongUse, match="no such metric"):
        evaluate(Scripted(script.results), load_questions(questions), script.store, gates=(Gate(name, least=1.0),))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "no gates"),
        ("default:", "no gates"),
        ("default: {cited: {leest: 1.0}}", "no field 'leest'"),
        ("default: {cited: {least: '0.9'}}", "must be a number"),
        ("default: {cited: {least: .nan}}", "must be a number"),
        ("default: {cited: {}}", "no bound"),
        ("default: {cited: {least: 0.9}, cited: {least: 0.1}}", "twice"),
    ],
)
def test_wrong_gates_are_said(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "gates.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(WrongUse) as error:
        gates_for("vragen.yaml", path)
    assert says in str(error.value)


@pytest.mark.parametrize(
    "name", [path.name for path in Path("eval/sample").glob("*.yaml") if not path.match("*labels*")]
)
def test_the_bundled_gates_are_on_metrics_that_there_are(name: str) -> None:
    check_names(gates_for(name), FIGURES, Part)


def test_an_interval_holds_the_mean_and_is_always_the_same() -> None:
    values = [1.0] * 8 + [0.0] * 2
    low, high = interval(values)
    assert low < 0.8 < high
    assert interval(values) == (low, high)


def test_a_paired_interval_is_narrow_where_each_question_moves_alike() -> None:
    before = [0.0, 0.5] * 10
    low, high = paired_interval(before, [value + 0.25 for value in before])
    assert (low, high) == (0.25, 0.25)


def test_a_gate_may_stand_on_one_part(script: Script, questions: Path) -> None:
    refused_despite_evidence(script)
    gates = (Gate("dev cited", least=1.0), Gate("test cited", least=1.0), Gate("dev refused", least=1.0))
    found = evaluate(Scripted(script.results), load_questions(questions), script.store, gates=gates)
    assert [verdict["value"] for verdict in found.gates.values()] == [1.0, 0.0, None]
    assert [verdict["passed"] for verdict in found.gates.values()] == [True, False, True]
    assert "test cited" in evaluation_text(found.json())


def test_a_name_of_two_words_is_a_metric_where_the_metrics_have_it() -> None:
    gates = (Gate("council recall", least=0.9),)
    assert judge_gates(gates, {"council recall": 0.8})["council recall"]["value"] == 0.8


def test_a_file_without_gates_of_its_own_has_those_of_default() -> None:
    assert gates_for("unheard-of.yaml") == gates_for("default")
    assert gates_for("letters.yaml") != gates_for("default")


def test_a_metric_that_no_question_has_is_not_judged() -> None:
    assert judge_gates((Gate("refused", least=1.0),), {})["refused"]["passed"]
