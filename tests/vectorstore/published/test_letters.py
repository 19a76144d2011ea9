"""The letters that are published: those of the store, whatever happened between two publications."""

from __future__ import annotations

import datetime as dt
import tempfile
import weakref
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vectorstore.archives import in_chroma, make_letter, open_store, published, put, unreadable
from vectorstore.letters import DateBasis
from vectorstore.published.generation import DamagedGeneration, latest
from vectorstore.published.letters import PublishedLetters
from vectorstore.store.store import Filing, Store


def check_equal(letters: PublishedLetters, store: Store) -> None:
    """Check that published letters answer every question as the store does."""
    names = sorted(store.versions())
    assert (letters.fingerprint, letters.revision) == (store.fingerprint, store.revision)
    assert (letters.records, letters.cards, letters.versions()) == (store.records, store.cards, store.versions())
    assert letters.passage_count() == store.passage_count()
    assert letters.letters() == store.letters()
    assert letters.letters(reversed(names)) == store.letters(reversed(names))
    assert [letters.letter(name) for name in names] == [store.letter(name) for name in names]
    for wanted in (names, [*reversed(names), "letter-99"]):
        assert letters.passages_of(wanted) == store.passages_of(wanted)
    passages = [*sorted(in_chroma(store)), "letter-1-0-9", "letter-99-1-0"]
    assert letters.passages(passages) == store.passages(passages)
    assert list(letters.passages(passages)) == list(store.passages(passages))
    for ask in (lambda source: source.letter("letter-99"), lambda source: source.letters([*names, "letter-99"])):
        for source in (letters, store):
            with pytest.raises(KeyError):
                ask(source)
    assert letters.live_records() == replace(store._live, held={})


WORDS = st.text('aé “\n\u2028{"\\\x00', min_size=1, max_size=20).map(lambda text: f"x{text}")
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.integers(0, 4), WORDS),
        st.tuples(st.just("remove"), st.integers(0, 4), st.just("")),
        st.tuples(st.just("unreadable"), st.integers(0, 4), st.just("")),
        st.tuples(st.just("publish"), st.booleans(), st.just("")),
    ),
    max_size=12,
)


@settings(max_examples=15)
@given(CHANGES)
def test_published_letters_are_those_of_the_store(changes: Sequence[tuple[str, int, str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        store, former = open_store(Path(name)), None
        for step, (change, number, words) in enumerate(changes):
            if change == "put":
                dated = {} if number else {"date": None, "date_basis": DateBasis.UNKNOWN}
                put(store, make_letter(number, f"{words}\n\n{words}.", **dated), str(step))
            elif change == "remove":
                store.remove([f"letter-{number}"])
            elif change == "unreadable":
                store.put([Filing(unreadable(number))])
            else:
                former = published(store, former if number else None)
                check_equal(former, store)
        taken_over, anew = published(store, former), published(store)
        check_equal(taken_over, store)
        check_equal(anew, store)
        store.close()


def test_nothing_of_what_went_is_in_what_is_published_next(store: Store) -> None:
    put(store, make_letter(1, "Over de zeepaardjes.", subject="zeepaardjes"))
    put(store, make_letter(2, "Over de nijlpaarden.", subject="nijlpaarden"))
    put(store, make_letter(3, "Over de stekelvarkens.", subject="stekelvarkens"))
    put(store, make_letter(4, "Over iets anders."))
    former = published(store)
    store.remove(["letter-1"])
    put(store, make_letter(2, "Over de ezels."), "2")
    store.put([Filing(unreadable(3))])
    letters = published(store, former)
    check_equal(letters, store)
    files = [path.read_bytes() for path in letters.generation.folder.rglob("*") if path.is_file()]
    for word in (b"zeepaardjes", b"nijlpaarden", b"stekelvarkens"):
        assert not any(word in file for file in files)
    assert any(b"ezels" in file for file in files)


def test_letters_that_did_not_change_are_not_read_from_chroma_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        put(store, make_letter(number))
    former = published(store)
    read: list[str] = []
    whole = Store.stored_letters
    monkeypatch.setattr(Store, "stored_letters", lambda self, names: read.extend(names) or whole(self, names))
    put(store, make_letter(3, "Gewijzigd."), "2")
    letters = published(store, former)
    assert read == ["letter-3"]
    monkeypatch.undo()
    check_equal(letters, store)


def test_who_opened_letters_before_goes_on_when_newer_ones_took_their_place(store: Store) -> None:
    for number in range(4):
        put(store, make_letter(number))
    expected = store.letters()
    before = published(store)
    store.remove(["letter-1", "letter-2"])
    put(store, make_letter(3, "Gewijzigd."), "2")
    published(store, before)
    assert not before.generation.folder.exists()
    assert not before.generation.is_current
    assert before.letters() == expected
    assert before.letter("letter-3") == make_letter(3)
    assert len(before.passages_of(["letter-1", "letter-2"])) == 4


def test_letters_that_nobody_holds_any_more_let_go_of_their_file_at_once(store: Store) -> None:
    """Some systems do not remove a file that is open."""
    put(store, make_letter(1))
    letters = weakref.ref(published(store))
    assert letters() is None


def test_letters_that_are_removed_while_they_are_opened_say_so(store: Store) -> None:
    put(store, make_letter(1))
    generation = published(store).generation
    published(store)
    with pytest.raises(DamagedGeneration):
        PublishedLetters(generation)
    assert PublishedLetters(latest(store.location.data)).letters() == [make_letter(1)]


def test_a_reader_keeps_few_letters_in_memory(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vectorstore.published.letters._KEPT", 2)
    for number in range(5):
        put(store, make_letter(number, date=dt.date(2020, 1, 1 + number)))
    letters = published(store)
    for _ in range(2):
        assert [letters.letter(f"letter-{number}") for number in range(5)] == store.letters()
    assert letters._stored.cache_info().currsize == 2
