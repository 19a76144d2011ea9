"""Question files: what is read, and what is said of a file that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.datasets.corpus import Corpus, check_evidence
from eval.datasets.questions import Part, QuestionKind, load_questions
from vectorstore.errors import WrongUse
from vectorstore.letters import Voice
from vectorstore.store.store import Store

GOOD = "id: p1, language: nl, kind: fact, question: Hoeveel, evidence: [{source: a.txt}]"


def written(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "vragen.yaml"
    path.write_text("questions:\n" + "\n".join(f"- {{{row}}}" for row in rows), encoding="utf-8")
    return path


def test_all_fields_are_read(questions: Path) -> None:
    asked = load_questions(questions)
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
    assert [question.id for question in load_questions(questions, Part.TEST).questions] == ["f1", "n1"]


def test_earlier_turns_are_questions_or_turns_of_any_common_shape(tmp_path: Path) -> None:
    turns = (
        "['Wat vond de raad?', {question: 'En het college?', answer: 'Dat vond niets.'}, "
        "{role: user, content: 'Waarom?'}, {role: Assistant, content: 'Daarom.'}, {role: human, content: 'Hoe?'}]"
    )
    path = written(tmp_path, GOOD + f", history: {turns}")
    assert load_questions(path).questions[0].history == ("Wat vond de raad?", "En het college?", "Waarom?", "Hoe?")


def test_every_kind_is_known(tmp_path: Path) -> None:
    rows = [GOOD.replace("fact", kind).replace("p1", kind) for kind in QuestionKind]
    asked = load_questions(written(tmp_path, *rows))
    assert ([question.kind for question in asked.questions], asked.warnings) == (list(QuestionKind), ())


@pytest.mark.parametrize("kind", ["feit", "position_nl", "budget"])
def test_a_kind_of_its_own_is_counted_by_itself_with_a_warning(tmp_path: Path, kind: str) -> None:
    rows = [GOOD.replace("fact", kind).replace("p1", f"p{number}") for number in range(8)]
    asked = load_questions(written(tmp_path, *rows))
    assert {question.kind for question in asked.questions} == {kind}
    (warning,) = asked.warnings
    assert warning.startswith("vragen.yaml, questions p0, p1, p2, p3, p4 and 3 more: ")
    assert f"kind {kind!r} is not one of position, fact, " in warning
    assert warning.endswith("; it is counted by itself")


def test_fields_that_others_added_are_ignored_with_a_warning(tmp_path: Path) -> None:
    row = GOOD.replace("source: a.txt", "source: a.txt, bladzijde: 3") + ", difficulty: 3"
    asked = load_questions(written(tmp_path, row))
    assert [warning.split(": ", 1)[1] for warning in asked.warnings] == [
        "a question has no field 'difficulty'; it is ignored",
        "an item of evidence has no field 'bladzijde'; it is ignored",
    ]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (GOOD.replace("fact", "facts"), "kind cannot be 'facts': did you mean 'fact'?"),
        (GOOD.replace("fact", "Near-miss"), "did you mean 'near_miss'?"),
        (GOOD.replace("fact", "answerable"), "did you mean 'unanswerable'?"),
        (GOOD.replace("language: nl, ", ""), "needs the field 'language'"),
        (GOOD.replace("nl", "fr"), "language cannot be 'fr'"),
        (GOOD + ", evidense: []", "no field 'evidense': did you mean 'evidence'?"),
        (GOOD + ", Part: dev", "did you mean 'part'?"),
        (GOOD.replace("source", "sorce"), "no field 'sorce': did you mean 'source'?"),
        (GOOD + ", facts: ['(2020']", "no regular expression"),
        (GOOD + ", facts: '2020'", "facts must be a list"),
        (GOOD + ", all_evidence: maybe", "must be true or false"),
        (GOOD + ", part: train", "part cannot be 'train'"),
        (GOOD.replace("source", "bron"), "needs the field 'source'"),
        (GOOD + ", history: [{vraag: Wat}]", "an item of history must be a question"),
        (GOOD + ", history: [{role: user, content: 3}]", "must be words, not 3"),
        (GOOD + ", history: [{role: vrager, content: Wat}]", "use user or assistant"),
        (GOOD + ", facts: ['']", "fits any answer"),
        (GOOD + ", facts: ['x*']", "fits any answer"),
        (GOOD + ", facts: [null]", "must be a regular expression"),
        (GOOD + ", part: dev, part: test", "'part' stands here twice"),
        (GOOD + ", part: 2020-13-45", "month must be in 1..12"),
        (GOOD.replace(", evidence: [{source: a.txt}]", ""), "no evidence"),
        (GOOD + ", answerable: false", "not answerable"),
        (GOOD.replace("id: p1", "id: 1"), "id must be words"),
    ],
)
def test_a_wrong_question_is_named_with_what_to_do(tmp_path: Path, row: str, says: str) -> None:
    with pytest.raises(WrongUse) as error:
        load_questions(written(tmp_path, row))
    assert "vragen.yaml" in str(error.value)
    assert says in str(error.value)


def test_an_id_is_used_once(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="question p1: its id was used before"):
        load_questions(written(tmp_path, GOOD, GOOD))


@pytest.mark.parametrize("content", ["", "[", "vragen: []", "questions: {}", "questions: []"])
def test_a_file_without_questions_is_wrong_use(tmp_path: Path, content: str) -> None:
    path = tmp_path / "vragen.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(WrongUse, match=r"vragen\.yaml"):
        load_questions(path)


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=r"geen\.yaml"):
        load_questions(tmp_path / "geen.yaml")


def test_evidence_stands_in_the_letters_whatever_its_case_and_white_space(store: Store, questions: Path) -> None:
    asked = load_questions(questions)
    assert check_evidence(asked.name, asked.questions, Corpus.of(store), only_warn=False) == []


@pytest.mark.parametrize(
    ("source", "says"),
    [("advies-2020.txt, text: nooit kan lijden", "does not say 'nooit kan lijden'"), ("weg.txt", "no file weg.txt")],
)
def test_evidence_that_does_not_stand_is_an_error_or_a_warning(
    store: Store, tmp_path: Path, source: str, says: str
) -> None:
    asked = load_questions(written(tmp_path, GOOD.replace("a.txt", source)))
    with pytest.raises(WrongUse, match=says):
        check_evidence(asked.name, asked.questions, Corpus.of(store), only_warn=False)
    (warning,) = check_evidence(asked.name, asked.questions, Corpus.of(store), only_warn=True)
    assert "question p1" in warning
    assert says in warning
