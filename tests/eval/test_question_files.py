"""Question files: what is read, and what is said of a file that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.corpus import Corpus, check_evidence
from eval.questions import Part, QuestionKind, load
from vectorstore.errors import WrongUse
from vectorstore.letters import Voice
from vectorstore.store import Store

GOOD = "id: p1, language: nl, kind: fact, question: Hoeveel, evidence: [{source: a.txt}]"


def written(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "vragen.yaml"
    path.write_text("questions:\n" + "\n".join(f"- {{{row}}}" for row in rows), encoding="utf-8")
    return path


def test_all_fields_are_read(questions: Path) -> None:
    asked = load(questions)
    assert asked.name == "voorbeeld.yaml"
    first = asked.questions[0]
    assert (first.id, first.kind, first.part, first.voice) == (
        "p1",
        QuestionKind.POSITION,
        Part.DEVELOPMENT,
        Voice.COUNCIL,
    )
    assert first.evidence[0].source == "advies-2020.txt"
    assert not asked.questions[3].answerable


def test_a_part_is_chosen(questions: Path) -> None:
    assert [question.id for question in load(questions, Part.TEST).questions] == ["f1", "n1"]


def test_earlier_questions_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD + ", history: ['Wat vond de raad?', 'En het college?']")
    assert load(path).questions[0].history == ("Wat vond de raad?", "En het college?")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (GOOD.replace("fact", "feit"), "kind cannot be 'feit': use position"),
        (GOOD.replace("language: nl, ", ""), "needs the field 'language'"),
        (GOOD.replace("nl", "fr"), "language cannot be 'fr'"),
        (GOOD + ", evidense: []", "no field 'evidense'"),
        (GOOD + ", facts: ['(2020']", "no regular expression"),
        (GOOD + ", facts: '2020'", "facts must be a list"),
        (GOOD + ", all_evidence: maybe", "must be true or false"),
        (GOOD + ", part: train", "part cannot be 'train'"),
        (GOOD.replace("source", "bron"), "no field 'bron'"),
        (GOOD.replace(", evidence: [{source: a.txt}]", ""), "no evidence"),
        (GOOD + ", answerable: false", "not answerable"),
        (GOOD.replace("id: p1", "id: 1"), "id must be words"),
    ],
)
def test_a_wrong_question_is_named_with_what_to_do(tmp_path: Path, row: str, says: str) -> None:
    with pytest.raises(WrongUse) as error:
        load(written(tmp_path, row))
    assert "vragen.yaml" in str(error.value)
    assert says in str(error.value)


def test_an_id_is_used_once(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="question p1: its id was used before"):
        load(written(tmp_path, GOOD, GOOD))


@pytest.mark.parametrize("content", ["", "[", "vragen: []", "questions: {}", "questions: []"])
def test_a_file_without_questions_is_wrong_use(tmp_path: Path, content: str) -> None:
    path = tmp_path / "vragen.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(WrongUse, match=r"vragen\.yaml"):
        load(path)


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=r"geen\.yaml"):
        load(tmp_path / "geen.yaml")


def test_evidence_stands_in_the_letters_whatever_its_case_and_white_space(store: Store, questions: Path) -> None:
    asked = load(questions)
    assert check_evidence(asked.name, asked.questions, Corpus.of(store), only_warn=False) == []


@pytest.mark.parametrize(
    ("source", "says"),
    [("advies-2020.txt, text: nooit kan lijden", "does not say 'nooit kan lijden'"), ("weg.txt", "no file weg.txt")],
)
def test_evidence_that_does_not_stand_is_an_error_or_a_warning(
    store: Store, tmp_path: Path, source: str, says: str
) -> None:
    asked = load(written(tmp_path, GOOD.replace("a.txt", source)))
    with pytest.raises(WrongUse, match=says):
        check_evidence(asked.name, asked.questions, Corpus.of(store), only_warn=False)
    (warning,) = check_evidence(asked.name, asked.questions, Corpus.of(store), only_warn=True)
    assert "question p1" in warning
    assert says in warning
