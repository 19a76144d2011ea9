"""Weights are found from the questions that may be tuned on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant import composition
from assistant.relevance import FEATURES as OF_SENTENCE
from assistant.relevance import Weights
from assistant.settings import Settings
from assistant.sufficiency import FEATURES as OF_QUESTION
from eval.__main__ import main
from eval.fit import Fitted, fit, weights_file
from vectorstore.embedding import Embedder
from vectorstore.errors import WrongUse

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


def write_questions(path: Path, answered: int = ROUNDS, test_evidence: str = "armoedeval") -> Path:
    """Each question a few times in the development part, and one in the test part."""
    questions: list[dict[str, Any]] = [
        {"id": f"a{turn}-{place}", "question": question, "evidence": [{"source": source, "text": text}]}
        for turn in range(answered)
        for place, (question, source, text) in enumerate(ANSWERED)
    ]
    questions += [
        {"id": f"u{turn}-{subject}", "question": f"Wat vond de raad van de {subject}?", "answerable": False}
        for turn in range(ROUNDS)
        for subject in UNANSWERED
    ]
    for question in questions:
        question |= {"language": "nl", "kind": "position", "part": "dev"}
    kept = {"id": "t", "question": "Wat vond de raad van het werkprogramma?", "language": "nl", "kind": "position"}
    evidence = [{"source": "advies-2020.txt", "text": test_evidence}]
    questions.append({**kept, "part": "test", "evidence": evidence})
    path.write_text(yaml.safe_dump({"questions": questions}, allow_unicode=True), encoding="utf-8")
    return path


@pytest.fixture
def fitted(letters: Path, tmp_path: Path, embedder: Embedder) -> Fitted:
    return fit([(letters, write_questions(tmp_path / "q.yaml"))], Settings(), embedder)


def test_weights_are_found_for_the_features_of_both_models(fitted: Fitted) -> None:
    assert set(fitted.relevance.weights) == set(OF_SENTENCE)
    assert set(fitted.sufficiency.weights) == set(OF_QUESTION)
    assert fitted.relevance.weights["own"] > 0
    assert fitted.sufficiency.weights["own"] > 0
    assert fitted.question_auc > 0.6
    assert 0.0 <= fitted.sentence_auc <= 1.0


def test_the_test_part_is_not_learned_from(fitted: Fitted, letters: Path, tmp_path: Path, embedder: Embedder) -> None:
    assert fitted.questions == ROUNDS * (len(ANSWERED) + len(UNANSWERED))
    other = write_questions(tmp_path / "other.yaml", test_evidence="werkprogramma")
    assert fit([(letters, other)], Settings(), embedder) == fitted


def test_the_file_is_read_back_as_the_same_weights(fitted: Fitted) -> None:
    content = yaml.safe_load(weights_file(fitted))
    assert set(content) == {"relevance", "sufficiency"}
    for name, weights in (("relevance", fitted.relevance), ("sufficiency", fitted.sufficiency)):
        assert Weights(content[name]["intercept"], content[name]["weights"]) == weights


def test_too_few_questions_are_a_clear_error(letters: Path, tmp_path: Path, embedder: Embedder) -> None:
    questions = write_questions(tmp_path / "few.yaml", answered=1)
    with pytest.raises(WrongUse, match="too few questions"):
        fit([(letters, questions)], Settings(), embedder)


def test_the_command_writes_the_weights_and_tells_how_well_they_do(
    letters: Path,
    tmp_path: Path,
    embedder: Embedder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(composition, "open_embedder", lambda _settings: embedder)
    out = tmp_path / "weights.yaml"
    questions = write_questions(tmp_path / "q.yaml")
    assert main(["fit", "--questions", str(letters), str(questions), "--out", str(out)]) == 0
    assert set(yaml.safe_load(out.read_text(encoding="utf-8"))) == {"relevance", "sufficiency"}
    assert re.search(r"24 questions.*sentences [01]\.\d{3}, questions [01]\.\d{3}\n", capsys.readouterr().out)
