from __future__ import annotations

import datetime as dt
import random
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import DIMENSIONS, FakeEmbedder
from tests.vectorstore.archives import EMBEDDER, archive_of, make_letter, open_store, put
from tests.vectorstore.indexes.test_lexical import VOICES, passes, random_letter
from vectorstore.analysis.dutch import Analyser
from vectorstore.letters import Filters, Kind, Utterance, Voice
from vectorstore.models.embedder import Vectors
from vectorstore.search import Archive, Fusion, Query, Why
from vectorstore.store.store import Store


@pytest.fixture
def archive(store: Store, analyser: Analyser) -> Archive:
    for number in range(6):
        put(store, make_letter(number))
    return archive_of(store, analyser)


def test_the_best_passage_comes_first(archive: Archive) -> None:
    hits = archive.search(Query("Hoe lang is de wachttijd van de schuldhulp?", count=3))
    assert "wachttijd" in hits[0].passage.text
    assert len(hits) == 3


def test_an_empty_archive_has_nothing(store: Store, analyser: Analyser) -> None:
    for embedder in (None, EMBEDDER):
        archive = archive_of(store, analyser, embedder)
        assert archive.search(Query("armoedeval")) == []
        assert archive.rarity(archive.concepts(Query("armoedeval"))[0]) == archive.most_rarity


def test_words_that_no_letter_has_find_nothing_by_words_alone(
    archive: Archive, store: Store, analyser: Analyser
) -> None:
    assert archive_of(store, analyser, None).search(Query("qqqq")) == []
    assert archive.search(Query("qqqq"))


def test_without_dense_only_words_count(store: Store, analyser: Analyser) -> None:
    for number in range(6):
        put(store, make_letter(number))
    hits = archive_of(store, analyser, None).search(Query("schuldhulp"))
    assert all(hit.why.dense == 0 == hit.why.dense_z for hit in hits)
    assert [hit.score for hit in hits] == pytest.approx([hit.why.lexical_z for hit in hits])
    assert [hit.why.lexical for hit in hits] == sorted((hit.why.lexical for hit in hits), reverse=True)


@pytest.mark.parametrize("weight", [0.0, 0.35, 2.0])
@pytest.mark.parametrize("english", [False, True])
def test_scores_are_weighted_sums_of_z_scores(store: Store, analyser: Analyser, weight: float, english: bool) -> None:
    for number in range(6):
        put(store, make_letter(number))
    fusion = Fusion(dense_english=weight, dense=0.1) if english else Fusion(dense=weight, nearest=1.5)
    hits = archive_of(store, analyser, fusion=fusion).search(Query("Werken moet lonen", 100, english))
    assert len(hits) == 12
    for hit in hits:
        dense = hit.why.dense_z if english else min(hit.why.dense_z, 1.5)
        assert hit.score == pytest.approx(hit.why.lexical_z + weight * dense)
    for name in ("lexical_z", "dense_z"):
        scores = np.array([getattr(hit.why, name) for hit in hits])
        assert scores.mean() == pytest.approx(0, abs=1e-6)
        assert scores.std() == pytest.approx(1, abs=1e-6)


def test_one_letter_does_not_take_all_places_when_several_are_asked_for(store: Store, analyser: Analyser) -> None:
    wide = "De taaleis is te streng.\n\nDe taaleis moet weg.\n\nOver de taaleis schreven wij."
    put(store, make_letter(1, wide))
    put(store, make_letter(2, "Eerst iets anders, maar later in deze brief noemen wij ook nog een keer de taaleis."))
    archive = archive_of(store, analyser, None, fusion=Fusion(spread=100.0))
    one, several = (archive.search(Query("taaleis", 2, several=several)) for several in (False, True))
    assert [hit.passage.letter.id for hit in one] == ["letter-1", "letter-1"]
    assert [hit.passage.letter.id for hit in several] == ["letter-1", "letter-2"]
    assert several[0] == one[0]


class Pointing:
    """An embedding model for which one passage is all that counts."""

    fingerprint = "fake"

    def __init__(self, words: str) -> None:
        self._words = words

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (texts, 32)."""
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> Vectors:
        """Vector of shape (32,)."""
        vector: Vectors = np.eye(DIMENSIONS, dtype=np.float32)[0]
        return FakeEmbedder().embed_query(self._words) if self._words else vector


def test_fusion_is_by_score_and_not_by_rank(store: Store, analyser: Analyser) -> None:
    """A passage far ahead in words stays ahead of one that is first in meaning; equal ranks would tie them."""
    put(store, make_letter(0, "De taaleis, de taaleis en nog eens de taaleis.\n\nIets over de taaleis."))
    put(store, make_letter(1, "Heel wat anders.\n\nNog iets anders."))
    hits = archive_of(store, analyser, Pointing("heel wat anders")).search(Query("taaleis"))
    by_words = max(hits, key=lambda hit: hit.why.lexical)
    by_meaning = max(hits, key=lambda hit: hit.why.dense)
    assert by_words.passage.letter.id == "letter-0" == hits[0].passage.letter.id
    assert by_meaning.passage.letter.id == "letter-1"
    assert by_words.score > by_meaning.score


def test_dense_finds_what_words_do_not(store: Store, analyser: Analyser) -> None:
    put(store, make_letter(0, "De armoedeval."))
    put(store, make_letter(1, "Een zwembad."))
    (best, *_) = archive_of(store, analyser, Pointing("een zwembad")).search(Query("baantjes trekken"))
    assert best.passage.letter.id == "letter-1"
    assert best.why == Why(0.0, pytest.approx(1.0, abs=1e-3), 0.0, best.why.dense_z)


def test_why_says_the_cosine_of_every_hit(archive: Archive) -> None:
    vector = EMBEDDER.embed_query("de taaleis")
    for hit in archive.search(Query("de taaleis", count=12)):
        assert hit.why.dense == pytest.approx(float(EMBEDDER.embed_query(hit.passage.text) @ vector), abs=1e-4)


def test_a_voice_is_preferred_and_others_are_still_found(store: Store, analyser: Analyser) -> None:
    text = "De taaleis is een goede zaak."
    put(store, make_letter(0, text))
    put(store, make_letter(1, text, author=Voice.EXECUTIVE, voice=Voice.EXECUTIVE))
    put(store, make_letter(2, text, utterances=(Utterance(0, 10, Voice.EXECUTIVE),)))
    archive = archive_of(store, analyser)
    for voice, preferred in ((Voice.EXECUTIVE, {"letter-1", "letter-2"}), (Voice.COUNCIL, {"letter-0"})):
        hits = archive.search(Query("taaleis", voice=voice))
        assert len(hits) == 3
        assert {hit.passage.letter.id for hit in hits[: len(preferred)]} >= preferred or voice is Voice.COUNCIL
        assert preferred <= {hit.passage.letter.id for hit in hits[:2]}


def test_a_preferred_voice_far_behind_does_not_come_first(archive: Archive, analyser: Analyser) -> None:
    put(archive.store, make_letter(20, "Iets over gras.", author=Voice.EXECUTIVE, voice=Voice.EXECUTIVE))
    (best, *_) = archive_of(archive.store, analyser).search(Query("schuldhulpverlening", voice=Voice.EXECUTIVE))
    assert "schuldhulpverlening" in best.passage.text


def test_a_query_asks_for_something() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Query("armoedeval", count=0)


def test_rarity_falls_with_frequency(archive: Archive) -> None:
    rare, common, nowhere = (
        archive.rarity(archive.concepts(Query(word))[0]) for word in ("armoedeval", "wachttijden", "zwembad")
    )
    assert 0 <= common < rare < nowhere == archive.most_rarity


def test_a_word_of_subject_lines_only_is_not_nowhere(archive: Archive) -> None:
    assert archive.rarity(archive.concepts(Query("advies"))[0]) < archive.most_rarity


def test_health(archive: Archive, store: Store) -> None:
    assert archive.health() == {"letters": 6, "complete": True}
    put(store, make_letter(9))
    assert archive.health() == {"letters": 6, "complete": False}


@pytest.fixture(scope="module")
def mixed(analyser: Analyser) -> Iterator[Archive]:
    """Sixty letters of any kind, author, voice and date."""
    generator = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        store = open_store(Path(name))
        for number in range(60):
            put(store, random_letter(number, generator))
        yield archive_of(store, analyser)
        store.close()


FILTERS = st.builds(
    Filters,
    author=st.none() | st.sampled_from(VOICES),
    voice=st.none() | st.sampled_from(VOICES),
    kind=st.none() | st.sampled_from(list(Kind)),
    since=st.none() | st.dates(dt.date(2015, 1, 1), dt.date(2018, 1, 1)),
    until=st.none() | st.dates(dt.date(2018, 1, 1), dt.date(2023, 1, 1)),
    letter=st.none() | st.sampled_from(["CR-7", "map/brief 3.txt", "CR 2018-1"]),
)


@settings(max_examples=60)
@given(
    st.sampled_from(["taaleis", "deel 3 van de taaleis", "zwembad", "What about the language requirement?", "ook"]),
    st.integers(1, 300),
    FILTERS,
    st.none() | st.sampled_from(VOICES),
    st.booleans(),
)
def test_every_hit_passes_the_filters_once_and_in_order(
    mixed: Archive, text: str, count: int, filters: Filters, voice: Voice | None, english: bool
) -> None:
    hits = mixed.search(Query(text, count, english, filters, voice))
    assert all(passes(filters, hit.passage) for hit in hits)
    assert len({hit.passage.id for hit in hits}) == len(hits) <= count
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits == mixed.search(Query(text, count, english, filters, voice))


def test_as_many_hits_as_are_asked_for_when_there_are(mixed: Archive) -> None:
    for count in (1, 10, 150, 240):
        assert len(mixed.search(Query("taaleis", count))) == count
