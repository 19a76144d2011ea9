"""Labelled passages become an archive with questions that its letters answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.settings import Settings
from eval.datasets.corpus import Corpus, open_ingested
from eval.datasets.labelled import write_archive
from eval.datasets.questions import load_questions
from vectorstore.errors import WrongUse
from vectorstore.letters import Voice
from vectorstore.models.embedder import Embedder

LABELLED = Path(__file__).parents[3] / "eval" / "labelled"


def passage(document: str, text: str, *questions: dict[str, Any]) -> str:
    context = {
        "body": "Raad", "author": "executive", "date": "2020-03-04",
        "kind": "reply", "subject": "De bus", "reference": "Z1",
    }  # fmt: skip
    return json.dumps({"document": document, "text": text, "context": context, "questions": questions})


def asked(question: str, *answer: str, style: str = "spoken") -> dict[str, Any]:
    return {"question": question, "language": "nl", "style": style, "answer": answer}


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "bus.jsonl"
    lines = [
        passage("a", "De bus rijdt weer. Dat kost 3 euro.", asked("rijdt de bus", "De bus rijdt weer."), asked("wie")),
        passage("a", "De halte blijft.", asked("waar stopt hij", "De halte blijft.")),
        passage("b", "De bus rijdt niet.", asked("rijdt de bus", "De bus rijdt niet.")),
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_passages_become_letters_that_say_who_writes(labelled: Path, tmp_path: Path, embedder: Embedder) -> None:
    folder, _ = write_archive(labelled, made(tmp_path))
    with open_ingested([folder], Settings(), embedder) as store:
        letters = {letter.source: letter for letter in store.letters()}
    assert set(letters) == {"a.txt", "b.txt"}
    assert letters["a.txt"].author is Voice.EXECUTIVE
    assert letters["a.txt"].subject == "De bus"
    assert "De halte blijft." in letters["a.txt"].text


def test_a_question_is_asked_once_with_all_that_answers_it_and_not_where_nothing_does(
    labelled: Path, tmp_path: Path
) -> None:
    _, file = write_archive(labelled, made(tmp_path))
    questions = {each.question: each for each in load_questions(file).questions}
    assert set(questions) == {"rijdt de bus", "waar stopt hij"}
    sources = [evidence.source for evidence in questions["rijdt de bus"].evidence]
    assert sources == ["a.txt", "b.txt"]


def test_the_same_questions_are_drawn_each_time(tmp_path: Path) -> None:
    file = LABELLED / "care.jsonl"
    drawn = [write_archive(file, made(tmp_path, str(turn)), most=20)[1].read_text("utf-8") for turn in range(2)]
    assert drawn[0] == drawn[1]
    assert drawn[0].count("question:") == 20


@pytest.mark.parametrize("file", sorted(LABELLED.glob("*.jsonl")), ids=lambda path: path.stem)
def test_what_comes_with_the_project_says_what_it_is_labelled_with(
    file: Path, tmp_path: Path, embedder: Embedder
) -> None:
    folder, questions = write_archive(file, made(tmp_path))
    with open_ingested([folder], Settings(), embedder) as store:
        corpus = Corpus.of(store)
    assert len(corpus.letters) == len(letters_of(file))
    missing = [e for each in load_questions(questions).questions for e in each.evidence if not corpus.stands(e)]
    assert missing == []


@pytest.mark.parametrize("text", ["geen json", "[]", '{"document": "a"}'])
def test_another_file_is_a_clear_error(text: str, tmp_path: Path) -> None:
    path = tmp_path / "fout.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WrongUse, match="no labelled passages"):
        write_archive(path, made(tmp_path))


def letters_of(file: Path) -> set[str]:
    return {json.loads(line)["document"] for line in file.read_text(encoding="utf-8").splitlines()}


def made(tmp_path: Path, name: str = "uit") -> Path:
    folder = tmp_path / name
    folder.mkdir()
    return folder
