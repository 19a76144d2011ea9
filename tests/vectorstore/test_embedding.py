"""Real sentence-transformers models, made here, through the code that loads any of them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from vectorstore.embedding import SentenceTransformerEmbedder
from vectorstore.errors import ModelUnavailable

WORDS = """
    [PAD] [UNK] [CLS] [SEP] [MASK] de raad vond taaleis armoedeval schuld vraag : brief over het college lonen moet werken
""".split()
PROMPTS = {"query": "vraag : ", "document": "brief : "}


def save_static(folder: Path, seed: int = 1, prompts: dict[str, str] | None = None) -> Path:
    """A model that averages a vector for each word."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    torch.manual_seed(seed)
    module = StaticEmbedding(tokenizer, embedding_dim=16)
    SentenceTransformer(modules=[module], prompts=prompts, device="cpu").save(str(folder))
    return folder


def save_transformer(folder: Path, seed: int = 1, prompts: dict[str, str] | None = None) -> Path:
    """A BERT of one layer with mean pooling."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    inner = folder.parent / f"{folder.name}-bert"
    inner.mkdir(parents=True)
    (inner / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    BertTokenizerFast(str(inner / "vocab.txt"), do_lower_case=True).save_pretrained(inner)
    torch.manual_seed(seed)
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    BertModel(BertConfig(vocab_size=len(WORDS), max_position_embeddings=64, **sizes)).save_pretrained(inner)
    transformer = Transformer(str(inner), max_seq_length=32)
    modules = [transformer, Pooling(transformer.get_embedding_dimension())]
    SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save(str(folder))
    return folder


Maker = Callable[..., Path]
EVERY_KIND = pytest.mark.parametrize("make", [save_static, save_transformer])


@EVERY_KIND
def test_vectors_have_length_one_and_the_same_words_the_same_vector(make: Maker, tmp_path: Path) -> None:
    embedder = SentenceTransformerEmbedder(make(tmp_path / "model"), batch_size=2)
    texts = ["de raad vond de taaleis", "werken moet lonen", "schuld", "het college"]
    vectors = embedder.embed_passages(texts)
    assert vectors.shape == (4, 16)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(vectors[1], embedder.embed_query(texts[1]), atol=1e-5)
    assert embedder.embed_query("schuld").shape == (16,)
    assert embedder.embed_passages([]).shape[0] == 0


@EVERY_KIND
def test_prompts_of_the_model_are_put_in_front(make: Maker, tmp_path: Path) -> None:
    prompted = SentenceTransformerEmbedder(make(tmp_path / "prompted", prompts=PROMPTS))
    plain = SentenceTransformerEmbedder(make(tmp_path / "plain"))
    np.testing.assert_allclose(prompted.embed_query("taaleis"), plain.embed_query("vraag : taaleis"), atol=1e-5)
    np.testing.assert_allclose(
        prompted.embed_passages(["taaleis"]), plain.embed_passages(["brief : taaleis"]), atol=1e-5
    )
    assert not np.allclose(prompted.embed_query("taaleis"), prompted.embed_passages(["taaleis"])[0], atol=1e-3)


@EVERY_KIND
def test_the_fingerprint_is_that_of_the_weights(make: Maker, tmp_path: Path) -> None:
    one, same, other = (
        SentenceTransformerEmbedder(make(tmp_path / name / "model", seed=seed)).fingerprint
        for name, seed in (("one", 1), ("same", 1), ("other", 2))
    )
    assert one == same != other
    assert one.startswith("model:")


def test_a_model_with_other_prompts_is_another_model(tmp_path: Path) -> None:
    plain, prompted = save_static(tmp_path / "a" / "model"), save_static(tmp_path / "b" / "model", prompts=PROMPTS)
    assert SentenceTransformerEmbedder(plain).fingerprint != SentenceTransformerEmbedder(prompted).fingerprint


def test_a_model_saved_in_half_precision_gives_whole_vectors(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    folder = save_static(tmp_path / "whole")
    SentenceTransformer(str(folder), device="cpu").half().save(str(tmp_path / "half"))
    whole, half = (SentenceTransformerEmbedder(tmp_path / name) for name in ("whole", "half"))
    assert half.embed_query("taaleis").dtype == np.float32
    np.testing.assert_allclose(whole.embed_query("taaleis"), half.embed_query("taaleis"), atol=2e-3)


@pytest.mark.parametrize("name", ["bestaat-niet", "leeg"])
def test_a_model_that_is_not_there_says_what_to_do(tmp_path: Path, name: str) -> None:
    (tmp_path / "leeg").mkdir()
    with pytest.raises(ModelUnavailable) as raised:
        SentenceTransformerEmbedder(tmp_path / name)
    assert "RAADSGEHEUGEN_MODEL" in raised.value.remedy
    assert name in raised.value.problem


def test_a_model_with_broken_weights_says_what_to_do(tmp_path: Path) -> None:
    folder = save_static(tmp_path / "model")
    (folder / "model.safetensors").write_bytes(b"kapot")
    with pytest.raises(ModelUnavailable) as raised:
        SentenceTransformerEmbedder(folder)
    assert raised.value.remedy


def test_a_folder_is_loaded_without_network_and_nothing_is_imported_before(tmp_path: Path) -> None:
    folder = save_static(tmp_path / "model")
    script = f"""
import socket, sys
def refused(*_):
    raise AssertionError("the network was tried")
socket.socket.connect = socket.getaddrinfo = refused
from vectorstore.embedding import SentenceTransformerEmbedder
assert not sys.modules.keys() & {{"torch", "sentence_transformers", "transformers"}}, "imported too early"
print(SentenceTransformerEmbedder({str(folder)!r}).embed_query("taaleis").shape)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "(16,)", done.stderr
