"""The exact index of vectors: equal to brute force, in step with the store, and never worse than made anew."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vectorstore.archives import EMBEDDER, filing, make_letter, open_store, put, unreadable
from tests.vectorstore.indexes.test_lexical import random_letter
from tests.vectorstore.test_search import FILTERS
from vectorstore.filtering import admits, voices_in
from vectorstore.indexes.dense import DenseIndex, Similarity
from vectorstore.letters import Filters, Passage, Voice
from vectorstore.store.store import Filing, Fingerprint, Store

ANY = Filters()


def admits_passage(filters: Filters, passage: Passage) -> bool:
    """Whether the filters let a passage through."""
    spoken = filters.voice is None or filters.voice in voices_in(passage)
    return spoken and admits(replace(filters, voice=None), passage.letter)


def caught_up(store: Store, folder: Path | None = None) -> DenseIndex:
    """An index of what a store holds, saved in a folder and loaded from there if there is one."""
    index = DenseIndex()
    index.catch_up(store)
    return saved(index, folder) if folder else index


def saved(index: DenseIndex, folder: Path) -> DenseIndex:
    """An index as it comes back from a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    index.save(folder)
    return DenseIndex.load(folder)


def found(
    index: DenseIndex, text: str = "armoedeval", count: int = 1000, filters: Filters = ANY
) -> dict[str, Similarity]:
    return index.search(EMBEDDER.embed_query(text), count, filters)


def by_hand(passages: list[Passage], text: str) -> dict[str, Similarity]:
    """Cosine of each passage and mean cosine of those of its letter, nearest first."""
    vector = EMBEDDER.embed_query(text)
    cosines = {passage: float(EMBEDDER.embed_query(passage.text) @ vector) for passage in passages}
    letters: dict[str, list[float]] = {}
    for passage, cosine in cosines.items():
        letters.setdefault(passage.letter.id, []).append(cosine)
    similarities = {p.id: Similarity(cosine, float(np.mean(letters[p.letter.id]))) for p, cosine in cosines.items()}
    return dict(sorted(similarities.items(), key=lambda pair: (-pair[1].whole, pair[0])))


def numbers(similarities: dict[str, Similarity]) -> dict[str, tuple[float, float]]:
    return {name: (similarity.passage, similarity.letter) for name, similarity in similarities.items()}


def close(one: dict[str, Similarity], other: dict[str, Similarity]) -> bool:
    """Whether the same passages have the same similarity, but for rounding."""
    mine, yours = numbers(one), numbers(other)
    return mine.keys() == yours.keys() and all(np.allclose(mine[name], yours[name], atol=1e-5) for name in mine)


def equals(index: DenseIndex, store: Store, text: str = "de taaleis") -> bool:
    """Whether the index finds what the store holds, each with its cosine."""
    expected = by_hand(store.passages_of(store.versions()), text)
    return index.versions == store.versions() and close(found(index, text), expected)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "dense"


@pytest.fixture(scope="module")
def mixed() -> Iterator[tuple[DenseIndex, list[Passage]]]:
    """Sixty letters of any kind, author, voice and date."""
    generator = random.Random(7)
    with tempfile.TemporaryDirectory() as name:
        store = open_store(Path(name))
        passages = [passage for number in range(60) for passage in put(store, random_letter(number, generator))]
        yield caught_up(store, Path(name) / "dense"), passages
        store.close()


@settings(max_examples=80)
@given(st.text(max_size=30), st.integers(1, 200), FILTERS)
def test_it_finds_what_brute_force_finds(
    mixed: tuple[DenseIndex, list[Passage]], text: str, count: int, filters: Filters
) -> None:
    index, passages = mixed
    expected = by_hand([passage for passage in passages if admits_passage(filters, passage)], text)
    nearest = found(index, text, count, filters)
    assert nearest.keys() <= expected.keys()
    assert len(nearest) == min(count, len(expected))
    assert close(nearest, {name: expected[name] for name in nearest})
    wholes = [similarity.whole for similarity in nearest.values()]
    np.testing.assert_allclose(wholes, [similarity.whole for similarity in expected.values()][:count], atol=1e-5)
    assert wholes == sorted(wholes, reverse=True)


@given(st.text(max_size=30), FILTERS)
def test_passages_asked_for_come_beside_the_nearest(
    mixed: tuple[DenseIndex, list[Passage]], text: str, filters: Filters
) -> None:
    index, passages = mixed
    also = [passages[3].id, "nooit-gezien-1", passages[9].id]
    nearest = found(index, text, 2, filters)
    both = index.search(EMBEDDER.embed_query(text), 2, filters, also)
    passing = {passage.id for passage in passages if admits_passage(filters, passage)}
    assert both.keys() == nearest.keys() | (passing & set(also))
    assert close(both, {name: found(index, text, 1000, filters)[name] for name in both})


def test_an_empty_archive_has_nothing(store: Store, folder: Path) -> None:
    index = caught_up(store, folder)
    assert found(index) == {} == index.search(EMBEDDER.embed_query("x"), 5, ANY, ["letter-1-1-0"])
    assert index.versions == {}


@pytest.mark.parametrize("kept", [True, False])
def test_catching_up_adds_replaces_and_removes_exactly(store: Store, tmp_path: Path, kept: bool) -> None:
    index = DenseIndex()
    for number in range(4):
        put(store, make_letter(number))
    assert index.catch_up(store) == 4
    assert equals(index, store)
    index = saved(index, tmp_path / "eerst") if kept else index
    put(store, make_letter(1, "Heel iets anders.\n\nDe taaleis.\n\nNog wat."), "2")
    store.remove(["letter-2"])
    put(store, make_letter(9))
    store.put([Filing(unreadable(3))])
    assert index.catch_up(store) == 4
    assert equals(index, store)
    assert index.catch_up(store) == 0
    again = saved(index, tmp_path / "daarna")
    assert equals(again, store)
    assert again.catch_up(store) == 0


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("prc"), st.integers(0, 4), st.integers(1, 3)), max_size=12))
def test_after_any_changes_the_index_equals_the_store(changes: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        store = open_store(Path(name))
        one, other = DenseIndex(), DenseIndex()
        for step, (change, number, version) in enumerate(changes):
            if change == "p":
                put(store, make_letter(number, f"Tekst {version}.\n\n" * version + "Slot."), str(version))
            elif change == "r":
                store.remove([f"letter-{number}"])
            elif number % 2:
                one.catch_up(store)
            else:
                other.catch_up(store)
                other = saved(other, Path(name) / f"dense {step}")
        for index in (one, other):
            index.catch_up(store)
            assert equals(index, store)
            assert equals(saved(index, Path(name) / "dense"), store)
        store.close()


def reading(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the passages whose vectors are asked of the store from now on."""
    read: list[str] = []
    whole = Store.vectors

    def vectors(self: Store, identifiers: list[str]) -> object:
        read.extend(identifiers)
        return whole(self, identifiers)

    monkeypatch.setattr(Store, "vectors", vectors)
    return read


def test_only_new_letters_are_read(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        put(store, make_letter(number))
    index = caught_up(store, folder)
    read = reading(monkeypatch)
    passages = put(store, make_letter(7))
    index.catch_up(store)
    assert read == [passage.id for passage in passages]
    assert equals(index, store)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def junked(path: Path) -> None:
    path.write_bytes(b"geen index" * 900)


def shortened(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


@pytest.mark.parametrize("name", ["vectors.f32", "shelves.json"])
@pytest.mark.parametrize("damage", [emptied, junked, shortened, Path.unlink])
def test_damage_that_can_be_seen_is_an_error(
    store: Store, folder: Path, name: str, damage: Callable[[Path], None]
) -> None:
    if (name, damage) == ("vectors.f32", junked):
        pytest.skip("numbers are not told from others; the hash of the file is")
    for number in range(5):
        put(store, make_letter(number))
    caught_up(store, folder)
    damage(folder / name)
    with pytest.raises((OSError, ValueError, KeyError, TypeError)):
        DenseIndex.load(folder)


def test_an_index_that_is_open_outlives_its_files(store: Store, folder: Path) -> None:
    put(store, make_letter(1))
    index = caught_up(store, folder)
    for path in folder.iterdir():
        path.unlink()
    assert equals(index, store)
    put(store, make_letter(2))
    index.catch_up(store)
    assert equals(index, store)


def test_vectors_of_another_model_are_thrown_away(store: Store, folder: Path) -> None:
    put(store, make_letter(1))
    index = caught_up(store, folder)
    rebuilt = open_store(store.location.data, fingerprint=Fingerprint("ander", "test", "test"), rebuild=True)
    filed = replace(filing(make_letter(1)), vectors=np.eye(2, 7, dtype=np.float32))
    rebuilt.put([filed])
    index.catch_up(rebuilt)
    nearest = index.search(np.eye(1, 7, dtype=np.float32)[0], 5, ANY)
    assert nearest == {filed.passages[0].id: Similarity(1.0, 0.5), filed.passages[1].id: Similarity(0.0, 0.5)}
    rebuilt.close()


def test_what_went_is_not_saved(store: Store, folder: Path) -> None:
    index = DenseIndex()
    for version in range(12):
        put(store, make_letter(1, f"Versie {version}.\n\nDe rest."), str(version))
        index.catch_up(store)
        index = saved(index, folder / str(version))
        assert equals(index, store)
        assert (folder / str(version) / "vectors.f32").stat().st_size == 2 * 32 * 4


def test_an_error_of_the_archive_leaves_nothing_half_done(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, make_letter(1))
    index = caught_up(store, folder)
    put(store, make_letter(2))

    def failing(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Store, "vectors", failing)
    with pytest.raises(RuntimeError):
        index.catch_up(store)
    monkeypatch.undo()
    index.catch_up(store)
    assert equals(index, store)


@pytest.mark.parametrize("voice", list(Voice))
def test_a_passage_is_more_of_who_wrote_the_letter_than_of_who_is_quoted_in_it(
    mixed: tuple[DenseIndex, list[Passage]], voice: Voice
) -> None:
    index, passages = mixed
    spoken = index.speaks([*(passage.id for passage in passages), "nooit-gezien-1"], voice).tolist()
    for passage, share in zip(passages, spoken, strict=False):
        assert (share > 0) is (voice in voices_in(passage))
        assert (share == 1) is (share > 0 and passage.letter.author is voice)
    assert spoken[-1] == 0
