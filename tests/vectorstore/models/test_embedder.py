"""Real sentence-transformers models, made here, through the code that loads any of them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.models import PROMPTS, save_static, save_transformer
from vectorstore.errors import ModelUnavailable
from vectorstore.models.embedder import Prompts, SentenceTransformerEmbedder

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


def test_prompts_that_are_set_go_before_those_of_the_model(tmp_path: Path) -> None:
    folder = save_transformer(tmp_path / "model", prompts=PROMPTS)
    shipped = SentenceTransformerEmbedder(folder)
    other = SentenceTransformerEmbedder(folder, query_prompt="het college ", document_prompt="")
    plain = SentenceTransformerEmbedder(folder, query_prompt="", document_prompt="")
    np.testing.assert_allclose(other.embed_query("taaleis"), plain.embed_query("het college taaleis"), atol=1e-5)
    np.testing.assert_allclose(other.embed_passages(["taaleis"]), plain.embed_passages(["taaleis"]), atol=1e-6)
    assert len({embedder.fingerprint for embedder in (shipped, other, plain)}) == 3


def test_an_e5_model_that_ships_no_prompts_gets_those_it_was_trained_with(tmp_path: Path) -> None:
    known = SentenceTransformerEmbedder(save_transformer(tmp_path / "multilingual-e5-klein"))
    plain = SentenceTransformerEmbedder(save_transformer(tmp_path / "bert-klein"))
    np.testing.assert_allclose(known.embed_query("taaleis"), plain.embed_query("query: taaleis"), atol=1e-5)
    np.testing.assert_allclose(known.embed_passages(["taaleis"]), plain.embed_passages(["passage: taaleis"]), atol=1e-5)


E5 = Prompts("query: ", "passage: ")


@pytest.mark.parametrize(
    ("name", "own", "prompts"),
    [
        ("intfloat/multilingual-e5-small", {}, E5),
        ("clips/e5-base-trm-nl", {"query": "", "document": ""}, E5),
        ("/modellen/E5_klein", {"query": None, "document": None}, E5),
        ("intfloat/multilingual-e5-small", {"query": "vraag ", "passage": "stuk "}, Prompts("vraag ", "stuk ")),
        (
            "Qwen/Qwen3-Embedding-0.6B",
            {"query": "Instruct: zoek\nQuery:", "document": ""},
            Prompts("Instruct: zoek\nQuery:"),
        ),
        ("BAAI/bge-m3", {}, Prompts()),
        ("modellen/e5/bge-m3", {}, Prompts()),
        ("some/type5-model", {}, Prompts()),
    ],
)
def test_prompts_are_those_of_the_model_or_its_family(name: str, own: dict[str, str | None], prompts: Prompts) -> None:
    assert Prompts.of(name, own, None, None) == prompts
    assert Prompts.of(name, own, "", "x") == Prompts("", "x")


def test_instructed_e5_models_get_their_task_before_questions_only() -> None:
    prompts = Prompts.of("intfloat/multilingual-e5-large-instruct", {}, None, None)
    assert prompts.query.startswith("Instruct: ")
    assert prompts.query.endswith("\nQuery: ")
    assert prompts.document == ""


def test_a_model_that_reads_less_or_gives_less_is_another_model(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    whole = save_transformer(tmp_path / "whole" / "model")
    shorter = save_transformer(tmp_path / "shorter" / "model", longest=8)
    SentenceTransformer(str(whole), device="cpu", truncate_dim=4).save(str(tmp_path / "narrow" / "model"))
    embedders = [SentenceTransformerEmbedder(tmp_path / name / "model") for name in ("whole", "shorter", "narrow")]
    assert len({embedder.fingerprint for embedder in embedders}) == 3
    assert shorter.is_dir()
    assert embedders[2].embed_query("taaleis").shape == (4,)


def test_a_folder_is_loaded_without_network_and_nothing_is_imported_before(tmp_path: Path) -> None:
    folder = save_static(tmp_path / "model")
    script = f"""
import socket, sys
def refused(*_):
    raise AssertionError("the network was tried")
socket.socket.connect = socket.getaddrinfo = refused
from vectorstore.models.embedder import SentenceTransformerEmbedder
assert not sys.modules.keys() & {{"torch", "sentence_transformers", "transformers"}}, "imported too early"
print(SentenceTransformerEmbedder({str(folder)!r}).embed_query("taaleis").shape)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "(16,)", done.stderr


def test_threads_that_embed_at_once_get_the_vectors_of_one(tmp_path: Path) -> None:
    embedder = SentenceTransformerEmbedder(save_transformer(tmp_path / "model"))
    texts = ["de raad vond de taaleis " * times for times in range(1, 9)]
    alone = [embedder.embed_query(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(embedder.embed_query, texts * 10))
    np.testing.assert_allclose(together, alone * 10, atol=1e-5)
