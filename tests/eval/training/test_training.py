"""A reader is trained, from labelled passages to what is loaded, on a network small enough to make here."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch

from eval.training.__main__ import train_or_measure
from eval.training.examples import examples_of, mined_negatives, read_labelled
from eval.training.network import ReaderNetwork
from eval.training.train import Schedule, train_reader
from tests.fakes import FakeEmbedder
from tests.vectorstore.training.e5.packages import PIECES, save_packages, tokenizer, weights
from vectorstore.errors import WrongUse
from vectorstore.models.reader import NETWORK, OnnxReader
from vectorstore.training.e5 import weights_of

CONTEXT = {"body": "Raad", "author": "council", "date": "2019-05-02", "kind": "advice", "subject": "zwembad"}


def passage(document: str, number: int, text: str, *asked: tuple[str, list[str]]) -> dict[str, object]:
    questions = [
        {"question": question, "language": "nl", "style": "near", "answer": answer} for question, answer in asked
    ]
    name = f"{document}-{number}"
    return {
        "document": document,
        "passage": name,
        "context": CONTEXT,
        "speaker": "council",
        "text": text,
        "questions": questions,
    }


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "zwembad.jsonl"
    passages = [
        part
        for document in map(str, range(40))
        for part in (
            passage(document, 1, "de raad. zwembad?", (f"the {document}", ["zwembad?"]), ("council", [])),
            passage(document, 2, "armoedeval. de raad.", ("council", ["armoedeval."]), (f"the {document}", [])),
        )
    ]
    path.write_text("".join(json.dumps(each) + "\n" for each in passages), encoding="utf-8")
    return path


def test_a_sentence_answers_when_most_of_it_was_marked(tmp_path: Path) -> None:
    path = tmp_path / "brief.jsonl"
    text = "Geacht college,\nWij vragen geld. Dat is nodig,\nzegt de raad."
    asked = ("Wat vraagt de raad?", ["Wij vragen geld.", "Dat is nodig,\nzegt de raad."])
    path.write_text(json.dumps(passage("d", 1, text, asked)) + "\n", encoding="utf-8")
    (example,) = examples_of(read_labelled([path]))
    assert example.task.sentences == ("Geacht college,", "Wij vragen geld.", "Dat is nodig,", "zegt de raad.")
    assert example.answers == (False, True, True, True)
    assert example.task.context == "de raad, 2 mei 2019: zwembad"


def test_a_mined_passage_does_not_answer(labelled: Path) -> None:
    passages = read_labelled([labelled])
    mined = mined_negatives(passages, FakeEmbedder(), random.Random(1))
    answering = {(question, each.task) for each in passages for question, answers in each.asked if any(answers)}
    assert len(mined) == 41
    assert not any(any(each.answers) or (each.question, each.task) in answering for each in mined)


def test_training_teaches_which_passage_and_which_sentence_answer(labelled: Path) -> None:
    from tokenizers import Tokenizer

    examples = examples_of(read_labelled([labelled]))
    torch.manual_seed(1)
    network = ReaderNetwork(weights_of(weights()[0], PIECES), layers=2, frozen=0)
    schedule = Schedule(layers=2, frozen=0, epochs=16, rate=3e-3, tokens=512)
    pieces = Tokenizer.from_str(json.dumps(tokenizer()))
    quality = train_reader(network, pieces, examples[:120], examples[120:], schedule)
    assert quality.area > 0.9
    assert quality.best > 0.9
    assert quality.sentences > 0.9


def test_the_command_writes_a_reader_that_is_loaded(
    labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trunk, out = tmp_path / "trunk", tmp_path / "reader"
    trunk.mkdir()
    out.mkdir()
    (out / "README.md").write_text(f"| `{NETWORK}` | 0 | `{'0' * 64}` |\n", encoding="utf-8")
    pinned = save_packages(tmp_path / "wheels")
    words = ["e5", "--packages", pinned, "--wheels", tmp_path / "wheels", "--data", tmp_path / "data", "--out", trunk]
    from tests.vectorstore.training.e5.packages import save_sources
    from vectorstore.training.__main__ import main as make_model

    save_sources(tmp_path / "data")
    assert make_model([*map(str, words), "--field", str(trunk)]) == 0
    given = {"out": out, "wheels": tmp_path / "wheels", "packages": pinned, "trunk": trunk, "layers": 1, "epochs": 1}
    options = [word for name, value in given.items() for word in (f"--{name}", str(value))]
    assert train_or_measure(["train", str(labelled), *options]) == 0
    assert train_or_measure(["measure", str(labelled), "--reader", str(out)]) == 0
    assert "examples=160" in capsys.readouterr().out
    passages = read_labelled([labelled])
    readings = OnnxReader(out).read("council", [passage.task for passage in passages[:2]])
    assert np.isfinite([reading.passage for reading in readings]).all()


def test_a_file_without_labelled_passages_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "leeg.jsonl"
    path.write_text('{"document": "d"}\n', encoding="utf-8")
    with pytest.raises(WrongUse, match=path.name):
        read_labelled([path])
