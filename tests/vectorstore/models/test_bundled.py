"""The transformer that comes with the project: what it must know, and what it must not need."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from vectorstore.models.bundled import E5, STATIC
from vectorstore.models.embedder import Embedder
from vectorstore.models.load import Backend, load_embedder
from vectorstore.models.onnx import OnnxEmbedder
from vectorstore.models.static import StaticEmbedder


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder()


NEAR = (
    (
        "Hoeveel krijgen mensen die rond moeten komen van een minimum?",
        "De bijstand voor een alleenstaande is 1.100 euro.",
    ),
    ("Can people without papers see a doctor?", "Wie geen verblijfsvergunning heeft, kan naar de huisarts."),
    ("Wie mag met korting zwemmen?", "Houders van de stadspas betalen in het zwembad de helft."),
    ("What did the council say about debts?", "De raad adviseert schulden eerder te signaleren."),
    ("Is er een regeling voor een nieuwe koelkast?", "Voor kapotte apparaten bestaat bijzondere bijstand."),
)
FAR = (
    "De vergadering van 12 maart is verplaatst naar zaal drie.",
    "Het bestemmingsplan voor de windmolens is vastgesteld.",
    "De heer Jansen is benoemd tot secretaris.",
    "The weather in the mountains was cold and wet.",
)


@pytest.mark.parametrize(("question", "answer"), NEAR)
def test_an_answer_in_other_words_or_another_language_is_nearer_than_other_subjects(
    embedder: Embedder, question: str, answer: str
) -> None:
    others = [passage for _, passage in NEAR if passage != answer]
    similarities = embedder.embed_passages([answer, *FAR, *others]) @ embedder.embed_query(question)
    assert similarities.argmax() == 0


@pytest.mark.parametrize(
    ("dutch", "english"),
    [
        ("De raad vindt de taaleis onredelijk.", "The council finds the language requirement unreasonable."),
        ("Wij maken ons zorgen over de wachtlijsten.", "We are worried about the waiting lists."),
        ("Het college neemt het advies niet over.", "The executive does not follow the advice."),
    ],
)
def test_a_sentence_and_its_translation_are_near(embedder: Embedder, dutch: str, english: str) -> None:
    own, translated, *others = embedder.embed_passages([dutch, english, *FAR])
    assert own @ translated > max(own @ other for other in others)


def test_questions_and_passages_get_the_prompts_it_was_trained_with(embedder: Embedder) -> None:
    bare = load_embedder(query_prompt="", document_prompt="")
    np.testing.assert_array_equal(embedder.embed_query("taaleis"), bare.embed_query("query: taaleis"))
    np.testing.assert_array_equal(embedder.embed_passages(["taaleis"]), bare.embed_passages(["passage: taaleis"]))
    assert embedder.fingerprint != bare.fingerprint


def test_a_vector_is_the_same_whatever_is_computed_beside_it(embedder: Embedder) -> None:
    texts = ["", "schuld", *FAR, "de raad vond de taaleis " * 30, "☃ 水 городской", "zwembad " * 700]
    alone = np.array([embedder.embed_passages([text])[0] for text in texts])
    np.testing.assert_array_equal(embedder.embed_passages(texts), alone)
    np.testing.assert_array_equal(embedder.embed_passages(texts[::-1])[::-1], alone)
    np.testing.assert_array_equal(load_embedder(batch_size=2).embed_passages(texts * 2), [*alone, *alone])
    assert alone.shape == (len(texts), 384)
    np.testing.assert_allclose(np.linalg.norm(alone, axis=1), 1, atol=1e-5)


def test_threads_that_embed_at_once_get_the_vectors_of_one(embedder: Embedder) -> None:
    texts = ["de raad vond de taaleis " * times for times in range(1, 9)]
    alone = [embedder.embed_query(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        np.testing.assert_array_equal(list(pool.map(embedder.embed_query, texts * 3)), alone * 3)


def test_of_a_long_text_512_tokens_are_read(embedder: Embedder) -> None:
    long = "de raad vond de taaleis onredelijk " * 200
    np.testing.assert_array_equal(embedder.embed_query(long), embedder.embed_query(long + "zwembad " * 500))


@pytest.mark.parametrize("name", [E5, STATIC])
def test_it_needs_neither_torch_nor_a_gpu_nor_the_network(name: str) -> None:
    script = f"""
import socket, sys
def refused(*_):
    raise AssertionError("the network was tried")
socket.socket.connect = socket.getaddrinfo = refused
from vectorstore.models.load import load_embedder
load_embedder({name!r}, device="cuda").embed_query("taaleis")
assert not sys.modules.keys() & {{"torch", "sentence_transformers", "transformers", "onnx"}}, "imported"
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_bundled_models_are_known_by_name() -> None:
    assert isinstance(load_embedder(), OnnxEmbedder)
    assert load_embedder().fingerprint == load_embedder(E5, backend=Backend.ONNX).fingerprint
    assert load_embedder().fingerprint.startswith("e5:")
    static = load_embedder(STATIC, backend=Backend.ONNX)
    assert isinstance(static, StaticEmbedder)
    assert static.fingerprint.startswith("static:")
