"""The exact index of vectors: equal to brute force, in step with the store, and never worse than made anew."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vectorstore.dense import DenseIndex, Similarity
from vectorstore.filtering import admits, voices_in
from vectorstore.letters import Filters, Passage, Voice
from vectorstore.store import Filing, Fingerprint, Store

from .archives import EMBEDDER, filing, make_letter, open_store, put, somebody_elses_folder, unreadable
from .test_lexical import random_letter
from .test_search import FILTERS
from .test_store_processes import ROOT

ANY = Filters()


def admits_passage(filters: Filters, passage: Passage) -> bool:
    """Whether the filters let a passage through."""
    spoken = filters.voice is None or filters.voice in voices_in(passage)
    return spoken and admits(replace(filters, voice=None), passage.letter)


def caught_up(store: Store, folder: Path | None = None) -> DenseIndex:
    index = DenseIndex(folder)
    index.catch_up(store)
    return index


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
def test_catching_up_adds_replaces_and_removes_exactly(store: Store, folder: Path, kept: bool) -> None:
    index = DenseIndex(folder if kept else None)
    for number in range(4):
        put(store, make_letter(number))
    assert index.catch_up(store) == 4
    assert equals(index, store)
    put(store, make_letter(1, "Heel iets anders.\n\nDe taaleis.\n\nNog wat."), "2")
    store.remove(["letter-2"])
    put(store, make_letter(9))
    store.put([Filing(unreadable(3))])
    assert index.catch_up(store) == 4
    assert equals(index, store)
    assert index.catch_up(store) == 0
    assert index.in_memory is not kept
    if kept:
        assert equals(caught_up(store, folder), store)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("prc"), st.integers(0, 4), st.integers(1, 3)), max_size=12))
def test_after_any_changes_the_index_equals_the_store(changes: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        store = open_store(Path(name))
        one, other = DenseIndex(Path(name) / "dense"), DenseIndex(Path(name) / "dense")
        for change, number, version in changes:
            if change == "p":
                put(store, make_letter(number, f"Tekst {version}.\n\n" * version + "Slot."), str(version))
            elif change == "r":
                store.remove([f"letter-{number}"])
            else:
                (one, other)[number % 2].catch_up(store)
        for index in (one, other, caught_up(store, Path(name) / "dense")):
            index.catch_up(store)
            assert equals(index, store)
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


def test_only_new_letters_are_read_and_only_once(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        put(store, make_letter(number))
    index, other = caught_up(store, folder), caught_up(store, folder)
    read = reading(monkeypatch)
    passages = put(store, make_letter(7))
    for one in (index, other, DenseIndex(folder)):
        one.catch_up(store)
        assert equals(one, store)
    assert read == [passage.id for passage in passages]


def emptied(folder: Path) -> None:
    for path in folder.iterdir():
        path.write_bytes(b"")


def junked(folder: Path) -> None:
    for path in folder.iterdir():
        path.write_bytes(b"geen index" * 900)


def shortened(folder: Path) -> None:
    for path in folder.glob("*.f32"):
        path.write_bytes(path.read_bytes()[:-100])


def without_vectors(folder: Path) -> None:
    for path in folder.glob("*.f32"):
        path.unlink()


def without_rows(folder: Path) -> None:
    for path in folder.glob("*.sqlite"):
        path.unlink()


@pytest.mark.parametrize("damage", [emptied, junked, shortened, without_vectors, without_rows])
def test_a_damaged_index_is_made_again(store: Store, folder: Path, damage: Callable[[Path], None]) -> None:
    for number in range(5):
        put(store, make_letter(number))
    caught_up(store, folder).close()
    damage(folder)
    index = caught_up(store, folder)
    assert equals(index, store)
    assert not index.in_memory
    index.close()
    assert equals(caught_up(store, folder), store)
    assert len(list(folder.glob("*.f32"))) == 1


def test_a_folder_that_is_deleted_while_the_index_is_open(store: Store, folder: Path) -> None:
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
    caught_up(store, folder)
    rebuilt = open_store(store.location.data, fingerprint=Fingerprint("ander", "test", "test"), rebuild=True)
    filed = replace(filing(make_letter(1)), vectors=np.eye(2, 7, dtype=np.float32))
    rebuilt.put([filed])
    index = caught_up(rebuilt, folder)
    nearest = index.search(np.eye(1, 7, dtype=np.float32)[0], 5, ANY)
    assert nearest == {filed.passages[0].id: Similarity(1.0, 0.5), filed.passages[1].id: Similarity(0.0, 0.5)}
    rebuilt.close()


def test_an_index_that_is_mostly_of_letters_that_went_is_made_anew(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vectorstore.dense._MOST_DEAD", 4)
    index, other = DenseIndex(folder), DenseIndex(folder)
    for version in range(12):
        put(store, make_letter(1, f"Versie {version}.\n\nDe rest."), str(version))
        for one in (index, other):
            one.catch_up(store)
            assert equals(one, store)
    assert sum(path.stat().st_size for path in folder.glob("*.f32")) <= 10 * 32 * 4


@pytest.mark.parametrize("existing", [True, False])
def test_a_folder_that_cannot_be_written_is_replaced_by_memory(existing: bool) -> None:
    with somebody_elses_folder() as top:
        store = open_store(top / "data")
        put(store, make_letter(1))
        protected = top / "protected"
        protected.mkdir()
        if existing:
            caught_up(store, protected / "dense").close()
        for path in (protected, *protected.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        put(store, make_letter(2))
        index = caught_up(store, protected / "dense")
        assert index.in_memory
        assert equals(index, store)
        store.close()


def test_an_index_that_another_process_holds_is_replaced_by_memory(store: Store, folder: Path) -> None:
    put(store, make_letter(1))
    holder = caught_up(store, folder)
    put(store, make_letter(2))
    index = DenseIndex(folder, patience=0.05)
    with holder._file.writing():
        index.catch_up(store)
        assert index.in_memory
        assert equals(index, store)
    holder.catch_up(store)
    assert equals(holder, store)


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


_OTHER = """
import sys
from pathlib import Path
from tests.vectorstore.archives import open_store
from vectorstore.dense import DenseIndex
store = open_store(Path(sys.argv[1]))
DenseIndex(Path(sys.argv[2])).catch_up(store)
"""


def test_two_processes_that_begin_at_once_make_one_index(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put([Filing(unreadable(99))])
    for number in range(60):
        put(store, make_letter(number))
    arguments = [sys.executable, "-c", _OTHER, str(store.location.data), str(folder)]
    processes = [subprocess.Popen(arguments, cwd=ROOT) for _ in range(2)]
    assert [process.wait(120) for process in processes] == [0, 0]
    read = reading(monkeypatch)
    assert equals(caught_up(store, folder), store)
    assert read == []
    assert len(list(folder.glob("*.f32"))) == 1


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
