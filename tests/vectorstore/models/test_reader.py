"""The reader, on a network small enough to make here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer

from tests.vectorstore.training.e5.packages import PIECES, WIDTH, tokenizer, weights
from vectorstore.errors import ModelUnavailable
from vectorstore.models.card import CARD, ModelFile
from vectorstore.models.reader import NETWORK, OnnxReader, Reading
from vectorstore.models.reading import LONGEST, LONGEST_QUESTION, ReadingTask, rows_of
from vectorstore.training.e5 import weights_of
from vectorstore.training.e5.network import build_network
from vectorstore.training.e5.weights import Floats

TASKS = [
    ReadingTask("de raad: armoedeval", ("zwembad en raad.", "armoedeval?")),
    ReadingTask("", ("de raad de raad de raad: ja.",)),
    ReadingTask("mei", ("", "armoedeval")),
]


@pytest.fixture(scope="module")
def pieces() -> Any:
    return Tokenizer.from_str(json.dumps(tokenizer()))


def head() -> tuple[Floats, Floats]:
    random = np.random.default_rng(3)
    return 0.1 * random.standard_normal((2, WIDTH)).astype(np.float32), np.array([0.5, -0.5], np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reader")
    (folder / NETWORK).write_bytes(build_network(weights_of(weights()[0], PIECES), head()))
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer()), encoding="utf-8")
    rows = [ModelFile.of(folder, name).row() for name in (NETWORK, "tokenizer.json")]
    (folder / CARD).write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def test_each_sentence_is_found_again_in_the_row(pieces: Any) -> None:
    row = rows_of("de raad?", TASKS, pieces)[0]
    said = [pieces.decode(list(row.ids[start:end])) for start, end in row.spans]
    assert said == ["zwembad en raad.", "armoedeval?"]
    assert (row.ids[0], row.ids[-1]) == (pieces.token_to_id("<s>"), pieces.token_to_id("</s>"))
    assert "query: de raad?" in pieces.decode(list(row.ids[: row.spans[0][0]]), skip_special_tokens=True)


def test_of_a_long_passage_the_sentences_beyond_are_not_read(pieces: Any) -> None:
    row = rows_of("de " * 500, [ReadingTask("raad", tuple(["de raad " * 30] * 10))], pieces)[0]
    assert len(row.ids) == LONGEST
    read = [end > 0 for _, end in row.spans]
    assert read == sorted(read, reverse=True)
    assert read[0]
    assert not read[-1]
    assert row.spans[0][0] > LONGEST_QUESTION


def test_a_passage_is_read_the_same_whatever_is_beside_it(folder: Path) -> None:
    reader = OnnxReader(folder)
    together = reader.read("de raad?", TASKS)
    assert together == [reader.read("de raad?", [task])[0] for task in TASKS]
    assert [len(each.sentences) for each in together] == [2, 1, 2]
    assert together[2].sentences[0] is None
    assert reader.read("armoedeval", TASKS)[0] != together[0]
    assert reader.read("de raad?", []) == []


def test_its_scores_are_means_over_the_tokens_of_the_network_in_torch(folder: Path, pieces: Any) -> None:
    import torch

    from eval.training.network import ReaderNetwork

    network = ReaderNetwork(weights_of(weights()[0], PIECES), layers=2, frozen=0).eval()
    values = dict(zip(("weight", "bias"), map(torch.from_numpy, head()), strict=True))
    network.head.load_state_dict(values)
    for row, reading in zip(
        rows_of("de raad?", TASKS, pieces), OnnxReader(folder).read("de raad?", TASKS), strict=True
    ):
        with torch.no_grad():
            scores = network(torch.tensor([row.ids]), torch.ones(1, len(row.ids)))[0].numpy()
        means = [float(scores[start:end, 1].mean()) if end else None for start, end in row.spans]
        expected = Reading(float(scores[:, 0].mean()), tuple(means))
        assert reading.passage == pytest.approx(expected.passage, abs=0.1)
        for ours, theirs in zip(reading.sentences, expected.sentences, strict=True):
            assert ours == (theirs if theirs is None else pytest.approx(theirs, abs=0.1))


def test_it_is_known_by_its_network(folder: Path, tmp_path: Path) -> None:
    name = OnnxReader(folder).fingerprint
    other = tmp_path / folder.name
    other.mkdir()
    (other / "tokenizer.json").write_bytes((folder / "tokenizer.json").read_bytes())
    (other / NETWORK).write_bytes(build_network(weights_of(weights(2)[0], PIECES), head()))
    (other / CARD).write_text("", encoding="utf-8")
    assert OnnxReader(other).fingerprint != name


@pytest.mark.parametrize("name", [NETWORK, "tokenizer.json", CARD])
def test_files_that_are_not_those_of_its_card_are_named(folder: Path, tmp_path: Path, name: str) -> None:
    for file in folder.iterdir():
        if file.name != name:
            (tmp_path / file.name).write_bytes(file.read_bytes())
    with pytest.raises(ModelUnavailable, match=name):
        OnnxReader(tmp_path)
