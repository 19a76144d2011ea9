from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.models import PROMPTS, add_onnx, save_static, save_transformer
from vectorstore.errors import ModelUnavailable
from vectorstore.models.embedder import SentenceTransformerEmbedder
from vectorstore.models.load import Backend, load_embedder
from vectorstore.models.onnx import OnnxEmbedder
from vectorstore.models.static import StaticEmbedder

TEXTS = ["de raad vond de taaleis", "schuld", "", "werken moet lonen " * 40, "☃ zwembad", "de armoedeval"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return add_onnx(save_transformer(tmp_path_factory.mktemp("onnx") / "model", prompts=PROMPTS))


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(folder, tmp_path / "model")


def changed(path: Path, **changes: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")


@pytest.mark.parametrize("pooling", ["mean", "cls", "lasttoken"])
def test_onnx_gives_the_vectors_of_torch(copy: Path, pooling: str) -> None:
    changed(copy / "1_Pooling" / "config.json", pooling_mode=pooling)
    light, heavy = load_embedder(str(copy), backend=Backend.ONNX, batch_size=2), SentenceTransformerEmbedder(copy)
    assert isinstance(light, OnnxEmbedder)
    vectors = light.embed_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), 16)
    np.testing.assert_allclose(vectors, heavy.embed_passages(TEXTS), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for text in TEXTS:
        np.testing.assert_allclose(light.embed_query(text), heavy.embed_query(text), atol=1e-5)
    assert light.embed_passages([]).shape == (0, 16)


def test_older_models_name_their_pooling_otherwise(copy: Path) -> None:
    now = OnnxEmbedder(copy)
    (copy / "1_Pooling" / "config.json").write_text('{"pooling_mode_mean_tokens": true}', encoding="utf-8")
    assert OnnxEmbedder(copy).fingerprint == now.fingerprint


def test_the_fingerprint_tells_weights_prompts_pooling_and_length_apart(folder: Path, copy: Path) -> None:
    prints = [OnnxEmbedder(folder).fingerprint, OnnxEmbedder(folder, query_prompt="").fingerprint]
    changed(copy / "1_Pooling" / "config.json", pooling_mode="cls")
    prints.append(OnnxEmbedder(copy).fingerprint)
    changed(copy / "sentence_bert_config.json", max_seq_length=8)
    changed(copy / "tokenizer_config.json", model_max_length=8)
    prints.append(OnnxEmbedder(copy).fingerprint)
    shutil.rmtree(copy / "onnx")
    other = add_onnx(save_transformer(copy.parent / "other", seed=2))
    shutil.move(other / "onnx", copy / "onnx")
    prints.append(OnnxEmbedder(copy).fingerprint)
    assert len(set(prints)) == len(prints)
    assert OnnxEmbedder(folder).fingerprint == prints[0]


def test_a_static_model_needs_no_onnx(tmp_path: Path) -> None:
    embedder = load_embedder(str(save_static(tmp_path / "model")), backend=Backend.ONNX)
    assert isinstance(embedder, StaticEmbedder)


def test_a_model_without_an_onnx_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable) as raised:
        OnnxEmbedder(save_transformer(tmp_path / "model"))
    assert "RAADSGEHEUGEN_BACKEND" in raised.value.remedy


def test_a_way_of_pooling_that_is_not_known_is_not_guessed(copy: Path) -> None:
    changed(copy / "1_Pooling" / "config.json", pooling_mode="weightedmean")
    with pytest.raises(ModelUnavailable) as raised:
        OnnxEmbedder(copy)
    assert "RAADSGEHEUGEN_BACKEND" in raised.value.remedy


def test_a_damaged_onnx_file_and_a_missing_device_say_what_to_do(copy: Path) -> None:
    with pytest.raises(ModelUnavailable) as raised:
        OnnxEmbedder(copy, device="abacus")
    assert "RAADSGEHEUGEN_DEVICE" in raised.value.remedy
    (copy / "onnx" / "model.onnx").write_bytes(b"kapot")
    with pytest.raises(ModelUnavailable):
        OnnxEmbedder(copy)
