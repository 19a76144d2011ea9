"""The way around torch gives what sentence-transformers gives."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.models import PROMPTS, save_static, save_transformer
from vectorstore.errors import ModelUnavailable
from vectorstore.models.bundled import BUNDLED, STATIC
from vectorstore.models.embedder import SentenceTransformerEmbedder
from vectorstore.models.load import load_embedder
from vectorstore.models.static import StaticEmbedder, is_static


@pytest.fixture(scope="module")
def pair() -> tuple[StaticEmbedder, SentenceTransformerEmbedder]:
    return StaticEmbedder(BUNDLED[STATIC]), SentenceTransformerEmbedder(BUNDLED[STATIC])


WORDS = st.sampled_from(
    "de raad taaleis € 1.250 armoedeval  \n Wat? ÉÉN bijstandsgerechtigden the council 日本 \u0000".split(" ")
)


@settings(max_examples=60)
@given(st.lists(st.text(max_size=80) | st.lists(WORDS, max_size=60).map(" ".join), max_size=6))
@example([""])
@example(["", "☃ \U0001f6b2", "  \t"])
@example(["de taaleis " * 20_000])
@example(["x" * 50_000])
def test_both_ways_give_the_same_vectors(
    pair: tuple[StaticEmbedder, SentenceTransformerEmbedder], texts: list[str]
) -> None:
    light, heavy = pair
    vectors = light.embed_passages(texts)
    assert vectors.shape == (len(texts), 256)
    assert vectors.dtype == np.float32
    if texts:
        assert np.abs(vectors - heavy.embed_passages(texts)).max() <= 1e-6
        assert np.abs(light.embed_query(texts[0]) - heavy.embed_query(texts[0])).max() <= 1e-6


def test_both_ways_have_the_same_fingerprint(pair: tuple[StaticEmbedder, SentenceTransformerEmbedder]) -> None:
    light, heavy = pair
    assert light.fingerprint == heavy.fingerprint


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("prompts", [None, PROMPTS])
def test_any_static_model_is_read_without_torch(tmp_path: Path, prompts: dict[str, str] | None, half: bool) -> None:
    from sentence_transformers import SentenceTransformer

    folder = save_static(tmp_path / "heel" / "model", prompts=prompts)
    if half:
        SentenceTransformer(str(folder), device="cpu").half().save(str(tmp_path / "half" / "model"))
        folder = tmp_path / "half" / "model"
    light, heavy = load_embedder(str(folder)), SentenceTransformerEmbedder(folder)
    assert isinstance(light, StaticEmbedder)
    assert light.fingerprint == heavy.fingerprint
    texts = ["de raad vond de taaleis", "werken moet lonen", "zzz", ""]
    np.testing.assert_allclose(light.embed_passages(texts), heavy.embed_passages(texts), atol=1e-6)
    np.testing.assert_allclose(light.embed_query("schuld"), heavy.embed_query("schuld"), atol=1e-6)


def rewritten(folder: Path, name: str, **changes: object) -> None:
    path = folder / name
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")


def test_what_numpy_cannot_read_alike_is_left_to_sentence_transformers(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    assert is_static(BUNDLED[STATIC])
    assert not is_static(save_transformer(tmp_path / "transformer"))
    assert not is_static(tmp_path / "bestaat-niet")
    narrowed = save_static(tmp_path / "narrowed")
    rewritten(narrowed, "config_sentence_transformers.json", truncate_dim=4)
    brain = save_static(tmp_path / "brain")
    weights = next(brain.rglob("model.safetensors"))
    save_file({name: tensor.to(torch.bfloat16) for name, tensor in load_file(weights).items()}, weights)
    for folder, dimension in ((narrowed, 4), (brain, 16)):
        embedder = load_embedder(str(folder))
        assert isinstance(embedder, SentenceTransformerEmbedder)
        assert embedder.embed_query("taaleis").shape == (dimension,)


def test_a_static_model_without_its_tokenizer_says_what_to_do(tmp_path: Path) -> None:
    folder = save_static(tmp_path / "model")
    next(folder.rglob("tokenizer.json")).unlink()
    with pytest.raises(ModelUnavailable) as raised:
        load_embedder(str(folder))
    assert "RAADSGEHEUGEN_MODEL" in raised.value.remedy
