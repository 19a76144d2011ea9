"""What was fitted is found from the questions that may be tuned on, and told how good it is on others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from assistant import composition
from assistant.evidence.fitted import Fitted
from assistant.evidence.sentence_scoring import FEATURES as OF_SENTENCE
from assistant.refusal.sufficiency import FEATURES as OF_QUESTION
from assistant.settings import Settings
from eval.__main__ import main
from eval.tuning import fit as fitting
from eval.tuning.fit import FOLDS, SCALED, Fit, Sets, fit, fit_any, fitted_file, fold_rows, open_asked
from tests.fakes import FakeReader
from vectorstore.errors import WrongUse
from vectorstore.models.embedder import Embedder
from vectorstore.search import Fusion

ANSWERED = (
    ("Wat vond de raad van de armoedeval?", "advies-2020.txt", "nooit kan leiden tot een armoedeval"),
    ("Wat vindt de raad van meedoen aan het programma?", "advies-2020.txt", "meedoen aan het programma"),
    ("Hoeveel mensen worden extra begeleid?", "reactie-2020.txt", "300 mensen extra begeleiden"),
    ("Houdt het college vast aan het programma?", "reactie-2020.txt", "houdt vast aan het programma"),
    ("Voor hoeveel mensen is het een vraag op papier?", "advies-2020.txt", "Voor 500 mensen"),
    ("Wat wordt er doorgerekend?", "reactie-2020.txt", "gevolgen voor hun inkomen"),
)
UNANSWERED = ("afvalheffing", "riolering", "bomenkap", "kermis", "haven", "zwembad")
ROUNDS = 2


def write_questions(path: Path, rounds: int = ROUNDS, test_evidence: str = "armoedeval") -> Path:
    """Each question a few times in the development part, and one in the test part."""
    questions: list[dict[str, Any]] = [
        {"id": f"a{turn}-{place}", "question": question, "evidence": [{"source": source, "text": text}]}
        for turn in range(rounds)
        for place, (question, source, text) in enumerate(ANSWERED)
    ]
    questions += [
        {"id": f"u{turn}-{subject}", "question": f"Wat vond de raad van de {subject}?", "answerable": False}
        for turn in range(rounds)
        for subject in UNANSWERED
    ]
    for question in questions:
        question |= {"language": "nl", "kind": "position", "part": "dev"}
    kept = {"id": "t", "question": "Wat vond de raad van het werkprogramma?", "language": "nl", "kind": "position"}
    evidence = [{"source": "advies-2020.txt", "text": test_evidence}]
    questions.append({**kept, "part": "test", "evidence": evidence})
    path.write_text(yaml.safe_dump({"questions": questions}, allow_unicode=True), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def spread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the few questions here into folds by themselves, so that each fold has some of both sorts."""
    turns: dict[str, int] = {}
    monkeypatch.setattr(fitting, "_group", lambda asked: turns.setdefault(asked.question, len(turns)))
    monkeypatch.setattr(fitting, "GRID", {"dense": (0.5, 1.0), "nearest": (2.0,), "dense_english": (1.0,)})


@pytest.fixture
def sets(letters: Path, tmp_path: Path, embedder: Embedder) -> Iterator[Sets]:
    with open_asked([(letters, write_questions(tmp_path / "q.yaml"))], Settings(), embedder) as asked:
        yield Sets(asked, embedder)


@pytest.fixture
def found(sets: Sets) -> Fit:
    return fit(sets)


def test_weights_are_found_for_the_features_of_both_models(found: Fit, embedder: Embedder) -> None:
    fitted = found.fitted
    assert fitted.model == embedder.fingerprint
    assert set(fitted.relevance.weights) == set(OF_SENTENCE)
    assert set(fitted.sufficiency.weights) == set(OF_QUESTION)
    assert fitted.relevance.weights["own"] > 0
    assert fitted.sufficiency.weights["own"] > 0


def test_each_question_is_measured_once_by_what_was_fitted_to_others(found: Fit) -> None:
    assert len(found.folds) == FOLDS
    assert sum(fold.questions for fold in found.folds) == ROUNDS * (len(ANSWERED) + len(UNANSWERED))
    assert np.mean([fold.area for fold in found.folds]) > 0.5
    rows = fold_rows(found.folds)
    assert len(rows) == FOLDS + 2
    assert {len(row) for row in rows} == {len(rows[0])}


def test_the_fusion_that_finds_the_evidence_first_is_chosen() -> None:
    groups = np.array([0, 1, 2])
    worse, better, english = Fusion(dense=0.5), Fusion(dense=1.0), Fusion(dense=0.5, dense_english=3.0)
    ranks = {
        worse: (np.array([0.5, 0.5, 0.5]), groups),
        better: (np.array([1.0, 0.5, 0.6]), groups),
        english: (np.array([0.5, 0.5, 1.0]), groups),
    }
    assert fitting._best(ranks) == Fusion(dense=1.0, dense_english=3.0)
    assert fitting._best({worse: ranks[worse], better: (np.array([1.0, 0.5, 0.5]), groups)}, without=0) == worse


def test_the_test_part_is_not_learned_from(found: Fit, letters: Path, tmp_path: Path, embedder: Embedder) -> None:
    other = write_questions(tmp_path / "other.yaml", test_evidence="werkprogramma")
    with open_asked([(letters, other)], Settings(), embedder) as asked:
        assert fit(Sets(asked, embedder)) == found


def test_beside_a_reader_what_it_says_weighs_too(letters: Path, tmp_path: Path, embedder: Embedder) -> None:
    reader = FakeReader({text: 4.0 for _, _, text in ANSWERED})
    with open_asked([(letters, write_questions(tmp_path / "q.yaml"))], Settings(), embedder) as asked:
        fitted = fit(Sets(asked, embedder, reader)).fitted
    assert fitted.reader == reader.fingerprint
    assert fitted.relevance.weights["reads"] > 0
    assert len(reader.read_pairs) == len(set(reader.read_pairs))


def test_weights_for_any_model_leave_out_what_depends_on_the_model(sets: Sets) -> None:
    fitted = fit_any([sets, sets])
    assert fitted.model == ""
    assert set(fitted.sufficiency.weights) == {*OF_QUESTION} - {*SCALED}


def test_the_file_is_read_back_as_the_same_weights(found: Fit) -> None:
    assert Fitted.read(yaml.safe_load(fitted_file("proef", found.fitted))) == found.fitted


def test_too_few_questions_are_a_clear_error(letters: Path, tmp_path: Path, embedder: Embedder) -> None:
    questions = write_questions(tmp_path / "few.yaml", rounds=1)
    with (
        open_asked([(letters, questions)], Settings(), embedder) as asked,
        pytest.raises(WrongUse, match="too few questions"),
    ):
        fit(Sets(asked, embedder))


def test_the_command_writes_a_file_for_each_model_and_one_for_any_other(
    letters: Path,
    tmp_path: Path,
    embedder: Embedder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(composition, "open_embedder", lambda _settings: embedder)
    monkeypatch.setattr(composition, "open_reader", lambda _settings: FakeReader({}))
    out, figures = tmp_path / "weights", tmp_path / "folds.json"
    out.mkdir()
    questions = write_questions(tmp_path / "q.yaml")
    given = ["--questions", str(letters), str(questions), "--models", "proef", "--figures", str(figures)]
    assert main(["fit", *given, "--out", str(out)]) == 0
    assert {path.name for path in out.iterdir()} == {
        f"{name}{ending}.yaml" for name in ("proef", "any") for ending in ("", "-reader")
    }
    assert "fold" in capsys.readouterr().out
    assert figures.exists()
