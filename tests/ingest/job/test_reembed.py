"""An archive that is brought over to another model is what it would be, had it been made with that model."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import filelock
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.job.publication import load_dense
from ingest.job.reembed import Reembedding
from tests.fakes import FakeEmbedder, OtherFakeEmbedder
from tests.ingest.archives import (
    FINGERPRINT,
    analyser,
    collections,
    contents,
    copied,
    ingest,
    killed_after,
    opened,
    publish_reembedded,
    published,
    reembed,
    started,
    whole,
)
from tests.ingest.documents import advice
from tests.models import save_static
from tests.vectorstore.archives import at_the_next_read, filing, make_letter, nothing, put, refused
from tests.vectorstore.store.test_processes import free_port, server_at
from tests.waiting import until
from vectorstore.errors import ArchiveMismatch, ArchiveUnavailable
from vectorstore.letters import Filters, Passage, embedded_text
from vectorstore.models.embedder import Embedder, Vectors
from vectorstore.models.load import load_embedder
from vectorstore.published.generation import latest
from vectorstore.store.engine import PASSAGES, Collection
from vectorstore.store.store import Location, Store

KILLS = 8
HALFWAY = (3, 21)
"""Passages embedded when a run is killed for certain, whatever the speed of the machine."""

NUMBERS = range(6)
OTHER = replace(FINGERPRINT, embedding="other")


def _body(number: int, version: str) -> str:
    return "\n\n".join(
        f"Deel {part}\n\nWij vinden dat de wijkbalie in jaar {number} {version} om aandacht vraagt, ook in nota {part}, en "
        "dat het college daar in de begroting geld voor zoekt."
        for part in range(1, 6)
    )


def _lay_out(folder: Path, versions: dict[int, str]) -> None:
    for old in folder.iterdir():
        old.unlink()
    for number, version in versions.items():
        text = advice(_body(number, version), reference=f"CRV 2020-{number}", subject=f"de wijkbalie van {number}")
        (folder / f"brief {number}.txt").write_text(text, encoding="utf-8")


BEFORE = dict.fromkeys(NUMBERS, "eerst")
AFTER = {number: "opnieuw" if number < 2 else "eerst" for number in NUMBERS if number != 3} | {7: "eerst"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The letters as they are at first."""
    made = tmp_path / "brieven"
    made.mkdir()
    _lay_out(made, BEFORE)
    return made


@pytest.fixture
def data(folder: Path, tmp_path: Path) -> Path:
    """An archive of them."""
    ingest(tmp_path / "data", folder)
    return tmp_path / "data"


def total(data: Path, embedding: str = "fake") -> int:
    with opened(data, embedding) as store:
        return store.passage_count()


def begun(data: Path, texts: int, name: str = "other") -> None:
    """Bring an archive over to another model with one that stops after some texts."""
    with pytest.raises(InterruptedError):
        reembed(data, OtherFakeEmbedder(name, texts))


def test_the_archive_is_what_it_would_be_made_anew(data: Path, folder: Path, tmp_path: Path) -> None:
    passages = total(data)
    renewal = reembed(data, other := OtherFakeEmbedder())
    assert (renewal.model, renewal.former, renewal.changed) == ("other", "fake", True)
    assert renewal.passages == renewal.embedded == len(other.embedded) == passages
    ingest(tmp_path / "nieuw", folder, embedder=OtherFakeEmbedder())
    assert contents(data) == contents(tmp_path / "nieuw")
    assert whole(data, "other") == whole(tmp_path / "nieuw", "other")
    with pytest.raises(ArchiveMismatch):
        whole(data)


def test_a_model_that_is_the_archives_own_embeds_nothing(data: Path) -> None:
    before = contents(data)
    same = OtherFakeEmbedder("fake")
    renewal = reembed(data, same)
    assert (renewal.changed, renewal.embedded, same.embedded) == (False, 0, [])
    assert contents(data) == before


def test_what_was_embedded_is_not_embedded_again(data: Path) -> None:
    passages = total(data)
    begun(data, 10)
    assert whole(data) == {f"brief {number}.txt" for number in NUMBERS}
    again = OtherFakeEmbedder()
    assert reembed(data, again).embedded == len(again.embedded) == passages - 9


def test_letters_that_come_and_go_between_two_runs(data: Path, folder: Path, tmp_path: Path) -> None:
    begun(data, 17)
    _lay_out(folder, AFTER)
    ingest(data, folder, prune=True)
    reembed(data, OtherFakeEmbedder())
    ingest(tmp_path / "nieuw", folder, embedder=OtherFakeEmbedder())
    assert contents(data) == contents(tmp_path / "nieuw")


def test_another_model_again_throws_away_what_was_begun(data: Path, folder: Path, tmp_path: Path) -> None:
    begun(data, 12, "third")
    reembed(data, OtherFakeEmbedder())
    ingest(tmp_path / "nieuw", folder, embedder=OtherFakeEmbedder())
    assert contents(data) == contents(tmp_path / "nieuw")


def test_the_archives_own_model_throws_away_what_was_begun(data: Path) -> None:
    before = contents(data)
    begun(data, 12)
    assert len(collections(data)) == 3
    reembed(data, FakeEmbedder())
    assert contents(data) == before


def test_there_and_back_again(data: Path) -> None:
    before = contents(data)
    reembed(data, OtherFakeEmbedder())
    reembed(data, FakeEmbedder())
    assert contents(data) == before


@pytest.mark.parametrize("next_one", ["ingest", "reembed"])
def test_vectors_that_a_killed_run_did_not_delete_are_swept(data: Path, folder: Path, next_one: str) -> None:
    reembed(data, OtherFakeEmbedder())
    expected = contents(data)
    with opened(data, "other") as store:
        store._chroma._engine.call("open_or_create", PASSAGES, None)
        Collection(store._chroma._engine, PASSAGES).upsert(ids=["oud"], embeddings=[[1.0]])
    assert len(collections(data)) == 3
    if next_one == "ingest":
        ingest(data, folder, embedder=OtherFakeEmbedder())
    else:
        reembed(data, OtherFakeEmbedder())
    assert contents(data) == expected


def test_an_archive_that_is_made_anew_with_something_begun_in_it(data: Path, folder: Path, tmp_path: Path) -> None:
    begun(data, 12)
    with opened(data, "other", rebuild=True):
        pass
    ingest(data, folder, embedder=OtherFakeEmbedder())
    ingest(tmp_path / "nieuw", folder, embedder=OtherFakeEmbedder())
    assert contents(data) == contents(tmp_path / "nieuw")


def test_one_writer_at_a_time(data: Path) -> None:
    with filelock.FileLock(data / "ingest.lock"), pytest.raises(ArchiveUnavailable, match="Wacht tot die klaar is"):
        reembed(data, OtherFakeEmbedder())


def test_what_is_published_has_the_new_vectors(data: Path, folder: Path) -> None:
    ingest(data, folder, publish=True)
    other = OtherFakeEmbedder()
    with opened(data) as store:
        Reembedding(store, other, analyser=analyser()).run()
        vectors = store.vectors([passage.id for passage in store.passages_of(store.versions())])
    assert published(data) == {f"brief {number}.txt" for number in NUMBERS}
    generation = latest(data)
    assert generation.manifest.fingerprint == OTHER
    question = other.embed_query("de wijkbalie")
    found = load_dense(generation).search(question, 1000, Filters())
    assert found.keys() == vectors.keys()
    for name, similarity in found.items():
        assert similarity.passage == pytest.approx(float(vectors[name] @ question), abs=1e-5)


class Slow:
    """A model that takes some milliseconds more for a text, so that it can be killed at its work.

    Args:
        model: what it embeds with.
        lives: texts after which it kills the process it works in, if ever.
    """

    def __init__(self, model: Embedder, lives: int | None = None) -> None:
        self._model = model
        self._lives = lives
        self._embedded = 0

    @property
    def fingerprint(self) -> str:
        return self._model.fingerprint

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        time.sleep(0.008 * len(texts))
        self._embedded += len(texts)
        if self._lives is not None and self._embedded > self._lives:
            os.kill(os.getpid(), signal.SIGKILL)
        return self._model.embed_passages(texts)

    def embed_query(self, text: str) -> Vectors:
        return self._model.embed_query(text)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    """A real model, loaded as the program does."""
    return load_embedder(str(save_static(tmp_path_factory.mktemp("modellen") / "klein")))


@pytest.mark.parametrize("kind", ["fake", "loaded"])
def test_killed_at_many_moments(
    data: Path, folder: Path, tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    model: Embedder = OtherFakeEmbedder() if kind == "fake" else request.getfixturevalue("loaded")
    new, changed = tmp_path / "nieuw", tmp_path / "nieuw en veranderd"
    ingest(new, folder, embedder=model)
    _lay_out(folder, AFTER)
    ingest(changed, folder, embedder=model)
    passages, sources = total(data), whole(data)
    seconds = killed_after(None, reembed, copied(data, tmp_path / "heel"), Slow(model))
    assert seconds is not None
    chosen = random.Random(12)
    killed = 0
    for number in range(KILLS + len(HALFWAY)):
        copy = copied(data, tmp_path / f"gedood {number}")
        if number < KILLS:
            killed += killed_after((number + chosen.random()) / KILLS * seconds, reembed, copy, Slow(model)) is None
        else:
            with started(reembed, copy, Slow(model, lives := HALFWAY[number - KILLS])) as (process, _):
                process.join()
            assert process.exitcode == -signal.SIGKILL
        done = sum(count for name, count in collections(copy).items() if name > PASSAGES)
        assert number < KILLS or done == lives
        is_old = _is_old(copy, sources, model.fingerprint)
        if is_old and number % 2:
            ingest(copy, folder, prune=True)
        renewal = reembed(copy, model)
        assert contents(copy) == contents(changed if is_old and number % 2 else new)
        assert number % 2 or renewal.embedded == (passages - done if is_old else 0)
    assert killed >= KILLS // 4


def _is_old(data: Path, sources: set[str], other: str) -> bool:
    """Whether an archive is still of the old model; it must be whole in either case."""
    try:
        assert whole(data) == sources
    except ArchiveMismatch:
        assert whole(data, other) == sources
        return False
    return True


def halfway(go: Path) -> Path:
    """The file that says so."""
    return go.with_name("halverwege")


class Held(OtherFakeEmbedder):
    """A model that says that it is halfway, and waits there until a file is there."""

    def __init__(self, go: Path) -> None:
        super().__init__()
        self._go = go

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        while len(self.embedded) > 20 and not self._go.exists():
            halfway(self._go).touch()
            time.sleep(0.01)
        return super().embed_passages(texts)


def test_a_reader_answers_from_the_old_vectors_until_the_new_ones_are_in_place(
    data: Path, folder: Path, tmp_path: Path
) -> None:
    ingest(data, folder, publish=True)
    question, go = FakeEmbedder().embed_query("de wijkbalie in nota 3"), tmp_path / "verder"
    before = latest(data)
    expected = load_dense(before).search(question, 10, Filters())
    with started(publish_reembedded, data, Held(go)) as (_, connection):
        assert until(halfway(go).exists)
        assert latest(data) == before
        assert load_dense(latest(data)).search(question, 10, Filters()) == expected
        with pytest.raises(ArchiveUnavailable, match="Een andere opdracht schrijft nu"):
            total(data)
        go.touch()
        assert connection.recv() == "done"
    assert not before.is_current
    assert latest(data).manifest.fingerprint == OTHER
    assert published(data) == {f"brief {number}.txt" for number in NUMBERS}


@pytest.mark.parametrize("read", [refused, nothing])
def test_who_reads_at_the_moment_of_the_switch_is_told_of_the_other_model(
    data: Path, monkeypatch: pytest.MonkeyPatch, read: Callable[[], dict[str, Any]]
) -> None:
    with opened(data) as store:
        passages = [passage.id for passage in store.passages_of(store.versions())]
        at_the_next_read(monkeypatch, lambda: reembed(data, OtherFakeEmbedder()), read)
        with pytest.raises(ArchiveMismatch, match="raadsgeheugen reembed"):
            store.vectors(passages)


@pytest.mark.parametrize("refreshes", [True, False])
def test_a_reader_goes_on_when_the_archive_went_to_another_model_and_back(data: Path, refreshes: bool) -> None:
    with opened(data) as store:
        passages = [passage.id for passage in store.passages_of(store.versions())]
        expected = {name: vector.tolist() for name, vector in store.vectors(passages).items()}
        for embedder in (OtherFakeEmbedder(), FakeEmbedder()):
            reembed(data, embedder)
        assert not refreshes or store.refresh()
        assert {name: vector.tolist() for name, vector in store.vectors(passages).items()} == expected


def test_a_writer_with_the_old_model_cannot_write_any_more(data: Path) -> None:
    with opened(data) as store:
        reembed(data, OtherFakeEmbedder())
        expected = contents(data)
        with pytest.raises(ArchiveMismatch):
            put(store, make_letter(1))
        with pytest.raises(ArchiveMismatch):
            store.remove(list(store.versions())[:1])
        with pytest.raises(ArchiveMismatch):
            store.vectors(["een passage"])
        assert contents(data) == expected


STEP = st.one_of(
    st.tuples(st.just("put"), st.integers(0, 4), st.sampled_from("abc")),
    st.tuples(st.just("remove"), st.integers(0, 4), st.just("")),
    st.tuples(st.just("begin"), st.integers(0, 9), st.sampled_from(["other", "third"])),
)


@settings(max_examples=15)
@given(st.lists(STEP, max_size=12))
def test_whatever_happens_between_runs_every_passage_has_the_vector_of_the_model(
    tmp_path_factory: pytest.TempPathFactory, steps: Sequence[tuple[str, int, str]]
) -> None:
    with opened(tmp_path_factory.mktemp("archief")) as store:
        for what, number, name in steps:
            if what == "put":
                put(store, make_letter(number, f"Versie {name}.\n\nMeer {number}.\n\nEn {name}."), name)
            elif what == "remove":
                store.remove([f"letter-{number}"])
            elif _begin(store, OtherFakeEmbedder(name, number)):
                _check_vectors(store, OtherFakeEmbedder(name))
                assert _begin(store, FakeEmbedder())
                _check_vectors(store, FakeEmbedder())
        other = OtherFakeEmbedder()
        assert _begin(store, other)
        _check_vectors(store, other)


def _begin(store: Store, embedder: Embedder) -> bool:
    """Bring an archive over to a model that may stop; whether it did not."""
    try:
        Reembedding(store, embedder, batch_size=2, wait=0).run()
    except InterruptedError:
        return False
    return True


def _check_vectors(store: Store, embedder: Embedder) -> None:
    """Chroma holds the passages of all letters and no others, each with the vector that the model gives."""
    passages: list[Passage] = store.passages_of(store.versions())
    vectors = store.vectors([passage.id for passage in passages])
    assert vectors.keys() == {passage.id for passage in passages}
    assert store._chroma.passages.count() == len(passages)
    for passage in passages:
        expected = embedder.embed_passages([embedded_text(passage)])[0]
        np.testing.assert_allclose(vectors[passage.id], expected, atol=1e-6)


class Busy(OtherFakeEmbedder):
    """A model during whose first work somebody elsewhere replaces, adds and removes letters."""

    def __init__(self, elsewhere: Store) -> None:
        super().__init__()
        self._elsewhere = elsewhere

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        if not self.embedded:
            self._elsewhere.put([filing(make_letter(0, "Iets anders.\n\nEn meer."), "2"), filing(make_letter(9), "1")])
            self._elsewhere.remove(["letter-2"])
        return super().embed_passages(texts)


def test_on_a_server_also_while_another_machine_writes(tmp_path: Path) -> None:
    with server_at(tmp_path / "served", free_port()) as address:
        store = Store(Location(tmp_path / "hier", address), FINGERPRINT)
        elsewhere = Store(Location(tmp_path / "elders", address), FINGERPRINT)
        for number in range(4):
            put(store, make_letter(number))
        elsewhere.refresh()
        assert not _begin(store, OtherFakeEmbedder(most=5))
        Reembedding(store, busy := Busy(elsewhere), batch_size=2, wait=0).run()
        assert {card.id for card in store.cards.values()} == {"letter-0", "letter-1", "letter-3", "letter-9"}
        _check_vectors(store, busy)
        with pytest.raises(ArchiveMismatch):
            elsewhere.refresh()
        again = Store(Location(tmp_path / "elders", address), OTHER)
        _check_vectors(again, busy)
        for one in (store, elsewhere, again):
            one.close()
