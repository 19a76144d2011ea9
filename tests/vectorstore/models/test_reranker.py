from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import FakeReranker
from tests.models import save_cross_encoder
from tests.vectorstore.archives import archive_of, make_letter, open_store, put
from vectorstore.analysis.dutch import Analyser
from vectorstore.errors import ModelUnavailable
from vectorstore.letters import Voice, context_of
from vectorstore.models.reranker import CrossEncoderReranker, Reranker
from vectorstore.search import Archive, Query
from vectorstore.store.store import Store


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_cross_encoder(tmp_path_factory.mktemp("herordener") / "model")


def test_scores_do_not_depend_on_the_company_of_a_text(cross_encoder: Path) -> None:
    reranker = CrossEncoderReranker(cross_encoder, batch_size=2)
    texts = ["de raad", "de taaleis " * 30, "", "schuld", "werken moet lonen"]
    scores = reranker.scores("Wat vond de raad?", texts)
    assert scores.shape == (5,)
    assert scores.dtype == np.float64
    assert len(set(scores.tolist())) == 5
    for text, score in zip(texts, scores, strict=True):
        assert reranker.scores("Wat vond de raad?", [text])[0] == pytest.approx(score, abs=1e-5)
    assert reranker.scores("Wat?", []).shape == (0,)
    assert reranker.name == "model"


def test_scores_are_those_of_the_cross_encoder_before_they_are_squashed(cross_encoder: Path) -> None:
    from sentence_transformers import CrossEncoder

    pairs = [("Wat vond de raad?", text) for text in ("de taaleis", "schuld")]
    squashed = CrossEncoder(str(cross_encoder), device="cpu").predict(pairs)
    scores = CrossEncoderReranker(cross_encoder).scores(pairs[0][0], [text for _, text in pairs])
    np.testing.assert_allclose(1 / (1 + np.exp(-scores)), squashed, atol=1e-6)


def test_a_classifier_is_no_reranker(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable) as raised:
        CrossEncoderReranker(save_cross_encoder(tmp_path / "model", labels=3))
    assert "RAADSGEHEUGEN_RERANKER" in raised.value.remedy


def reranked(store: Store, analyser: Analyser, reranker: Reranker | None, count: int = 30) -> Archive:
    return archive_of(store, analyser, reranker=reranker, rerank_count=count)


@pytest.fixture(scope="module")
def filled(analyser: Analyser) -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as name:
        store = open_store(Path(name))
        for number in range(12):
            put(store, make_letter(number))
        yield store
        store.close()


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 40))
def test_a_reranker_orders_what_it_reads_and_touches_nothing_else(
    filled: Store, analyser: Analyser, seed: int, count: int, read: int
) -> None:
    query = Query("Hoe lang is de wachttijd van de schuldhulp?", count=count)
    plain = reranked(filled, analyser, None).search(replace(query, count=max(count, read)))
    archive = reranked(filled, analyser, FakeReranker(seed), read)
    hits = archive.search(query)
    assert archive.candidates(replace(query, count=max(count, read))) == plain
    found = {hit.passage.id: hit for hit in plain}
    assert len(hits) == min(count, len(plain))
    assert {hit.passage.id for hit in hits} <= found.keys()
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True) == [hit.score for hit in plain[:count]]
    for place, hit in enumerate(hits):
        assert replace(hit.why, rerank=None) == found[hit.passage.id].why
        assert (hit.why.rerank is not None) == (place < read)
    liked = [hit.why.rerank for hit in hits if hit.why.rerank is not None]
    assert liked == sorted(liked, reverse=True)


def test_the_reranker_reads_a_passage_with_what_its_letter_says_of_itself(filled: Store, analyser: Analyser) -> None:
    reranker = FakeReranker(1)
    hits = reranked(filled, analyser, reranker, 3).search(Query("taaleis", count=1))
    ((question, texts),) = reranker.read
    assert question == "taaleis"
    assert len(texts) == 3
    assert f"{context_of(hits[0].passage)}\n{hits[0].passage.text}" in texts


class Indifferent(FakeReranker):
    """Finds every passage nearly as good."""

    def scores(self, question: str, texts: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """All alike."""
        return np.zeros(len(texts))


def test_the_speaker_that_is_asked_for_is_still_preferred(store: Store, analyser: Analyser) -> None:
    text = "De taaleis is een goede zaak."
    put(store, make_letter(0, text))
    put(store, make_letter(1, text, author=Voice.EXECUTIVE, voice=Voice.EXECUTIVE))
    archive = reranked(store, analyser, Indifferent(0))
    for voice, letter in ((Voice.EXECUTIVE, "letter-1"), (Voice.COUNCIL, "letter-0")):
        assert archive.search(Query("taaleis", voice=voice))[0].passage.letter.id == letter


def test_an_empty_archive_is_not_read(store: Store, analyser: Analyser) -> None:
    reranker = FakeReranker(1)
    assert reranked(store, analyser, reranker).search(Query("armoedeval")) == []
    assert reranker.read == []


def test_threads_that_score_at_once_get_the_scores_of_one(cross_encoder: Path) -> None:
    reranker = CrossEncoderReranker(cross_encoder)
    texts = ["de raad vond de taaleis", "werken moet lonen " * 40]
    questions = ["schuld", "taaleis"] * 20
    alone = {question: reranker.scores(question, texts) for question in questions}
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda question: reranker.scores(question, texts), questions))
    np.testing.assert_allclose(together, [alone[question] for question in questions], atol=1e-5)
