from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vectorstore.archives import (
    EMBEDDER,
    FINGERPRINT,
    as_nobody,
    at_the_next_read,
    filing,
    in_chroma,
    make_letter,
    make_passages,
    open_store,
    protect,
    protected_folder,
    published,
    put,
    refused,
    unreadable,
)
from vectorstore.errors import ArchiveMismatch, ArchiveUnavailable, DamagedArchive
from vectorstore.letters import (
    Card,
    DateBasis,
    Kind,
    Letter,
    Precision,
    Reference,
    Request,
    Signatory,
    Utterance,
    Voice,
)
from vectorstore.store.engine import LETTERS, Location
from vectorstore.store.engine_process import _hold
from vectorstore.store.records import letter_from, letter_metadata
from vectorstore.store.store import FileState, Filing, Fingerprint, Revision, Store, voices_in


def found(store: Store) -> set[str]:
    """Ids of the passages a reader gets, whichever it asks for."""
    return set(store.passages(in_chroma(store)))


def everything(store: Store) -> tuple[object, ...]:
    """All that a reader can see."""
    return (
        store.files(),
        store.versions(),
        store.letters(),
        store.passages_of(sorted(store.versions())),
        sorted(found(store)),
        store.passage_count(),
    )


def test_an_empty_archive(store: Store) -> None:
    assert everything(store) == ([], {}, [], [], [], 0)


def test_a_letter_comes_back_as_it_was_put(store: Store) -> None:
    letter = make_letter(
        1,
        sender="Cliëntenraad ’t Sticht",
        addressee=None,
        copies=("Raadscommissie",),
        signatories=(Signatory("J. Jansen", "voorzitter"), Signatory("P. Pietersen")),
        date_precision=Precision.MONTH,
        pages=(0, 20),
        confidence=(None, 0.71),
        utterances=(Utterance(3, 9, Voice.EXECUTIVE, "uw brief van 1 mei"),),
        references=(Reference(3, 9, "CWI 2016-01", dt.date(2016, 3, 1), Precision.MONTH, Voice.COUNCIL),),
        requests=(Request(2, 8),),
        manifest=("date",),
        also=("kopie.pdf",),
    )
    passages = put(store, letter)
    assert store.letter(letter.id) == letter
    assert store.passages_of([letter.id]) == passages
    assert store.passages([passages[1].id, "onbekend"]) == {passages[1].id: passages[1]}
    reopened = open_store(store.location.data)
    assert everything(reopened) == everything(store)
    reopened.close()


@given(
    st.builds(
        Letter,
        id=st.text(min_size=1),
        text=st.text(min_size=1).map(lambda text: f"x{text}"),
        source=st.text(),
        sha256=st.text(),
        kind=st.sampled_from(Kind),
        reference=st.none() | st.text(),
        date=st.dates(),
        date_basis=st.sampled_from([DateBasis.STATED, DateBasis.INFERRED]),
        author=st.sampled_from(Voice),
        pages=st.lists(st.integers(0, 100)).map(lambda pages: tuple(sorted(pages))),
        also=st.lists(st.text()).map(tuple),
        date_precision=st.sampled_from(Precision),
        filed=st.none() | st.dates(),
        copies=st.lists(st.text()).map(tuple),
        signatories=st.lists(st.builds(Signatory, st.text(), st.none() | st.text())).map(tuple),
        manifest=st.lists(st.sampled_from(["date", "subject"])).map(tuple),
        references=st.just(())
        | st.builds(
            Reference,
            st.just(0),
            st.just(1),
            st.none() | st.text(),
            st.none() | st.dates(),
            st.sampled_from(Precision),
            st.sampled_from(Voice),
        ).map(lambda reference: (reference,)),
        requests=st.sampled_from([(), (Request(0, 1),)]),
    )
)
def test_fields_of_any_letter_are_read_back(letter: Letter) -> None:
    assert letter_from(letter_metadata(letter), letter.text) == letter


def test_replacing_leaves_nothing_of_the_old_letter(store: Store) -> None:
    put(store, make_letter(1), "1")
    replaced = make_letter(1, "Een ander woord.", subject="iets anders")
    passages = put(store, replaced, "2")
    assert store.letters() == [replaced]
    assert found(store) == {passages[0].id}
    assert store.passage_count() == 1 == store._chroma.passages.count()


def test_putting_the_same_twice_changes_nothing(store: Store) -> None:
    put(store, make_letter(1))
    before = everything(store)
    put(store, make_letter(1))
    assert everything(store) == before


def test_removing(store: Store) -> None:
    for number in range(3):
        put(store, make_letter(number))
    store.remove(["letter-1", "nooit gezien"])
    assert set(store.versions()) == {"letter-0", "letter-2"}
    assert all("letter-1" not in identifier for identifier in found(store))
    assert store.passage_count() == 4 == store._chroma.passages.count()
    with pytest.raises(KeyError):
        store.letter("letter-1")


def test_letters_are_in_order_of_date_and_those_without_last(store: Store) -> None:
    put(store, make_letter(1, date=None, date_basis=DateBasis.UNKNOWN, reference=None))
    put(store, make_letter(2, date=dt.date(2021, 1, 1)))
    put(store, make_letter(3, date=dt.date(2019, 1, 1)))
    assert [letter.id for letter in store.letters()] == ["letter-3", "letter-2", "letter-1"]


def test_what_is_put_must_fit_together() -> None:
    letter = make_letter(1)
    passages = make_passages(letter, "1")
    record = replace(unreadable(1), state=FileState.LETTER, passages=len(passages) + 1)
    with pytest.raises(ValueError, match="passages"):
        Filing(record, letter, passages, EMBEDDER.embed_passages(["a", "b"]))
    with pytest.raises(ValueError, match="vectors"):
        Filing(replace(record, passages=2), letter, passages, EMBEDDER.embed_passages(["a"]))
    with pytest.raises(ValueError, match="is none"):
        Filing(replace(record, passages=0), letter)
    with pytest.raises(ValueError, match="which letter"):
        Filing(replace(record, id="letter-2", passages=2), letter, passages, EMBEDDER.embed_passages(["a", "b"]))


def killed(*_: object) -> None:
    """What a killed process does next."""
    raise KeyboardInterrupt


def test_passages_without_the_record_of_their_letter_do_not_exist(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, make_letter(0))
    before = everything(store)

    monkeypatch.setattr(store, "_put_records", killed)
    with pytest.raises(KeyboardInterrupt):
        put(store, make_letter(1))
    monkeypatch.undo()
    stray = make_passages(make_letter(1), "1")
    assert everything(store) == before
    assert store.passages([passage.id for passage in stray]) == {}
    assert store.sweep() == 2
    assert store.sweep() == 0
    assert everything(store) == before


def test_an_interrupted_replacement_shows_the_old_letter_whole(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store, make_letter(0), "1")
    before = everything(store)

    monkeypatch.setattr(store, "_put_records", killed)
    with pytest.raises(KeyboardInterrupt):
        put(store, make_letter(0, "Nieuwe tekst."), "2")
    monkeypatch.undo()
    assert everything(store) == before
    assert store.sweep() == 1
    assert everything(store) == before


def test_unreadable_files_are_remembered_and_why(store: Store) -> None:
    store.put([Filing(unreadable(1))])
    put(store, make_letter(2))
    assert [(record.id, record.state, record.reason) for record in store.files()] == [
        ("letter-2", FileState.LETTER, ""),
        ("letter-1", FileState.UNREADABLE, "Dit bestand is leeg."),
    ]
    assert set(store.versions()) == {"letter-2"}


def test_a_letter_that_becomes_unreadable_is_no_letter_any_more(store: Store) -> None:
    put(store, make_letter(1))
    store.put([Filing(unreadable(1))])
    assert (store.letters(), found(store), store.passage_count()) == ([], set(), 0)
    again = open_store(store.location.data)
    assert everything(again) == everything(store)
    again.close()
    (held,) = store._chroma.letters.get(ids=["letter-1"], include=["metadatas"])["metadatas"]
    assert held.keys() == {"file", "state", "stamp"}
    put(store, make_letter(1))
    assert len(found(store)) == 2


def test_stored_vectors_are_those_that_were_put(store: Store) -> None:
    passages = put(store, make_letter(1))
    vectors = store.vectors([passages[0].id, "onbekend"])
    assert list(vectors) == [passages[0].id]
    np.testing.assert_allclose(vectors[passages[0].id], EMBEDDER.embed_query(passages[0].text), atol=1e-6)
    assert store.vectors([]) == {} == store.passages([])


@pytest.mark.parametrize("part", ["chunker", "analyser", "schema"])
def test_an_archive_made_with_other_parts_says_how_to_make_it_again(store: Store, part: str) -> None:
    put(store, make_letter(1))
    with pytest.raises(ArchiveMismatch, match="raadsgeheugen ingest --rebuild") as raised:
        open_store(store.location.data, fingerprint=replace(FINGERPRINT, **{part: "ander"}))
    assert part in raised.value.problem
    assert "ander" in raised.value.problem


def test_an_archive_of_another_model_alone_names_both_and_the_command_that_needs_no_files(store: Store) -> None:
    with pytest.raises(ArchiveMismatch, match="raadsgeheugen reembed") as raised:
        open_store(store.location.data, fingerprint=replace(FINGERPRINT, embedding="ander"))
    assert "'fake'" in raised.value.problem
    assert "'ander'" in raised.value.problem
    with pytest.raises(ArchiveMismatch, match="raadsgeheugen ingest --rebuild"):
        open_store(store.location.data, fingerprint=replace(FINGERPRINT, embedding="ander", chunker="ander"))


def test_rebuilding_throws_away_what_other_parts_made(store: Store) -> None:
    put(store, make_letter(1))
    other = Fingerprint("ander", "test", "test")
    rebuilt = open_store(store.location.data, fingerprint=other, rebuild=True)
    assert everything(rebuilt) == ([], {}, [], [], [], 0)
    put(rebuilt, make_letter(2))
    assert len(found(rebuilt)) == 2
    with pytest.raises(ArchiveMismatch):
        store.refresh()
    rebuilt.close()


def test_rebuilding_takes_vectors_of_another_dimension(store: Store) -> None:
    put(store, make_letter(1))
    rebuilt = open_store(store.location.data, fingerprint=Fingerprint("ander", "test", "test"), rebuild=True)
    letter = make_letter(1)
    passages = make_passages(letter, "1")
    record = replace(unreadable(1), state=FileState.LETTER, passages=len(passages))
    rebuilt.put([Filing(record, letter, passages, np.eye(len(passages), 7, dtype=np.float32))])
    assert {len(row) for row in rebuilt.vectors([passage.id for passage in passages]).values()} == {7}
    rebuilt.close()


def test_rebuilding_with_the_same_parts_keeps_what_is_there(store: Store) -> None:
    put(store, make_letter(1))
    again = open_store(store.location.data, rebuild=True)
    assert everything(again) == everything(store)
    again.close()


def test_a_reader_does_not_make_what_another_process_is_making_anew(store: Store) -> None:
    writer = open_store(store.location.data)
    writer._chroma._engine.call("delete_collection", LETTERS)
    with pytest.raises(ArchiveUnavailable):
        store.refresh()
    writer.close()


def made_anew(data: Path, fingerprint: Fingerprint) -> Store:
    return open_store(data, fingerprint=fingerprint, rebuild=True)


OTHER = Fingerprint("fake", "ander", "test")


@pytest.mark.parametrize("use", [lambda store: store.letters(), lambda store: open_store(store.location.data)])
def test_who_reads_at_the_moment_that_others_make_the_archive_anew_is_told_so(
    store: Store, monkeypatch: pytest.MonkeyPatch, use: Callable[[Store], object]
) -> None:
    put(store, make_letter(1))
    reader = open_store(store.location.data)
    at_the_next_read(monkeypatch, lambda: made_anew(store.location.data, OTHER).close(), refused)
    with pytest.raises(ArchiveMismatch, match="raadsgeheugen ingest --rebuild"):
        use(reader)
    reader.close()


def test_a_reader_goes_on_when_the_archive_was_made_anew_with_the_same_parts(store: Store) -> None:
    passages = [passage.id for passage in put(store, make_letter(1))]
    reader = open_store(store.location.data)
    vectors = reader.vectors(passages)
    made_anew(store.location.data, OTHER).close()
    again = made_anew(store.location.data, FINGERPRINT)
    put(again, make_letter(1))
    assert reader.letters() == [make_letter(1)]
    found = reader.vectors(passages)
    assert found.keys() == vectors.keys()
    assert all((found[name] == vectors[name]).all() for name in found)
    again.close()
    reader.close()


def test_an_error_that_stays_is_shown(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store, make_letter(1))
    reader = open_store(store.location.data)
    monkeypatch.setattr(type(store._chroma.letters), "get", lambda *_, **__: refused())
    with pytest.raises(ArchiveUnavailable, match="Missing metadata segment"):
        reader.letters()
    reader.close()


def holding(folder: Path) -> str:
    """What is said to who wants to be the one owner of a folder."""
    try:
        _hold(Location(folder)).release()
    except OSError as error:
        return type(error).__name__
    return ""


def test_a_folder_that_cannot_be_written() -> None:
    with pytest.raises(ArchiveUnavailable, match="mag schrijven"):
        open_store(Path("/proc/geen archief"))
    with protected_folder() as folder:
        protect(folder)
        for data in (folder, folder / "data"):
            assert as_nobody(holding, data) == "PermissionError"


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("geen map", encoding="utf-8")
    with pytest.raises(ArchiveUnavailable, match="data"):
        open_store(tmp_path / "data")


def test_files_that_are_no_archive(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "chroma"
    folder.mkdir(parents=True)
    (folder / "chroma.sqlite3").write_bytes(b"dit is geen databank" * 500)
    with pytest.raises(DamagedArchive, match="is beschadigd") as raised:
        open_store(tmp_path / "data")
    assert "raadsgeheugen ingest --rebuild" in raised.value.remedy


def test_what_another_store_of_this_process_wrote_is_seen(store: Store) -> None:
    writer = open_store(store.location.data)
    assert not store.refresh()
    put(writer, make_letter(1))
    put(writer, make_letter(2))
    assert store.refresh()
    assert everything(store) == everything(writer)
    writer.remove(["letter-1"])
    put(writer, make_letter(3))
    writer.put([Filing(unreadable(4))])
    assert store.refresh()
    assert everything(store) == everything(writer)
    assert not store.refresh()
    writer.close()


def read_from_chroma(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the records that are read from now on."""
    read: list[str] = []
    whole = type(store._chroma.letters).get

    def get(self: object, **arguments: object) -> object:
        page = whole(self, **arguments)  # type: ignore[arg-type]
        read.extend(page["ids"])
        return page

    monkeypatch.setattr(type(store._chroma.letters), "get", get)
    return read


def test_refreshing_reads_only_what_has_changed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = open_store(store.location.data)
    for number in range(12):
        put(writer, make_letter(number))
    store.refresh()
    put(writer, make_letter(5, "Gewijzigd."), "2")
    read = read_from_chroma(store, monkeypatch)
    store.refresh()
    assert set(read) <= {"letter-5", "letter-11"}
    assert store.versions()["letter-5"] == "2"
    writer.close()


def test_opening_reads_only_what_was_written_since_the_records_were_known(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        put(store, make_letter(number))
    store.put([Filing(unreadable(20))])
    known = published(store).live_records()
    read = read_from_chroma(store, monkeypatch)
    again = open_store(store.location.data, known=known)
    assert read == []
    put(store, make_letter(5, "Gewijzigd."), "2")
    read.clear()
    later = open_store(store.location.data, known=known)
    assert set(read) <= {"letter-5", "letter-20"}
    monkeypatch.undo()
    assert again.refresh()
    for one in (again, later):
        assert everything(one) == everything(store)
        one.close()


@pytest.mark.parametrize("whose", ["own, of an earlier day", "of another archive", "nothing"])
def test_what_is_known_may_be_old_or_of_another_archive(store: Store, tmp_path: Path, whose: str) -> None:
    other = open_store(tmp_path / "ander")
    for number in range(3):
        put(store, make_letter(number))
        put(other, make_letter(number, "Heel iets anders."), "9")
    known = {
        "own, of an earlier day": published(store).live_records(),
        "of another archive": published(other).live_records(),
        "nothing": None,
    }[whose]
    other.close()
    put(store, make_letter(1, "Gewijzigd."), "2")
    store.remove(["letter-2"])
    expected = everything(store)
    store.close()
    for _ in range(2):
        again = open_store(store.location.data, known=known)
        assert everything(again) == expected
        again.close()


def test_what_a_killed_writer_did_not_tell_is_seen_by_who_opens_next(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, make_letter(1), "1")
    put(store, make_letter(2))
    monkeypatch.setattr(store, "_announce", killed)
    with pytest.raises(KeyboardInterrupt):
        put(store, make_letter(1, "Nieuwe tekst."), "2")
    with pytest.raises(KeyboardInterrupt):
        store.remove(["letter-2"])
    monkeypatch.undo()
    reader = open_store(store.location.data)
    assert [letter.text for letter in reader.letters()] == ["Nieuwe tekst."]
    writer = open_store(store.location.data)
    writer.sweep()
    assert reader.refresh()
    assert everything(reader) == everything(writer)
    assert writer.passage_count() == 1 == writer._chroma.passages.count()
    reader.close()
    writer.close()


def test_many_are_put_as_one_by_one(store: Store, tmp_path: Path) -> None:
    other = open_store(tmp_path / "ander")
    put(store, make_letter(3))
    put(other, make_letter(3))
    filings = [filing(make_letter(number, subject="nieuw"), "2") for number in range(6)]
    store.put([*filings, Filing(unreadable(9))])
    for one in (*filings, Filing(unreadable(9))):
        other.put([one])
    assert everything(store) == everything(other)
    assert in_chroma(store) == in_chroma(other) == found(store)
    store.put([])
    other.close()


def test_a_card_says_what_its_letter_says(store: Store) -> None:
    letter = make_letter(1, utterances=(Utterance(3, 9, Voice.EXECUTIVE),), date=None, date_basis=DateBasis.UNKNOWN)
    put(store, letter)
    reopened = open_store(store.location.data)
    for card in (store.cards[letter.id], reopened.cards[letter.id]):
        assert card == Card.of(letter)
        assert (card.period, card.voices) == (letter.period, {Voice.COUNCIL, Voice.EXECUTIVE})
    store.put([Filing(unreadable(1))])
    assert store.cards == {}
    reopened.close()


def test_two_writers_that_cross_do_not_hide_each_others_letters(store: Store) -> None:
    one, other = open_store(store.location.data), open_store(store.location.data)
    for number in range(6):
        put((one, other)[number % 2], make_letter(number))
        store.refresh()
        assert len(store.versions()) == number + 1
    for writer in (one, other):
        writer.refresh()
        assert everything(writer) == everything(store)
        writer.close()


def test_a_letter_that_another_process_replaced_meanwhile_is_not_mixed_with_the_new_one(store: Store) -> None:
    passages = put(store, make_letter(1), "1")
    reader = open_store(store.location.data)
    put(store, make_letter(1, "Kort."), "2")
    assert reader.passages([passage.id for passage in passages]) == {}
    assert reader.letters() == []
    reader.refresh()
    assert [letter.text for letter in reader.letters()] == ["Kort."]
    reader.close()


def test_a_letter_that_another_process_removed_meanwhile_is_not_an_error(store: Store) -> None:
    put(store, make_letter(1))
    put(store, make_letter(2))
    reader = open_store(store.location.data)
    store.remove(["letter-1"])
    assert {passage.letter.id for passage in reader.passages_of(["letter-1", "letter-2"])} == {"letter-2"}
    assert len(found(reader)) == 2
    reader.close()


@pytest.mark.parametrize("text", ["", "new", "0123abcd", "epoch.12.token"])
def test_any_revision_can_be_read(text: str) -> None:
    revision = Revision.read(text)
    assert Revision.read(str(revision)) == revision
    assert revision.next(crossed=False).epoch == revision.epoch
    assert revision.next(crossed=True).epoch != revision.epoch
    assert revision.next(crossed=False).stamp == revision.stamp + 1


def test_every_voice_in_a_passage_counts() -> None:
    letter = make_letter(
        1, "x" * 200, utterances=(Utterance(0, 100, Voice.EXECUTIVE), Utterance(100, 130, Voice.OTHER))
    )
    first, whole = make_passages(letter, "1")[0], make_passages(letter, "1")[0]
    assert voices_in(whole) == {Voice.EXECUTIVE, Voice.OTHER, Voice.COUNCIL}
    assert voices_in(replace(first, end=100)) == {Voice.EXECUTIVE}
    assert voices_in(replace(first, start=90, end=140)) == {Voice.OTHER, Voice.EXECUTIVE}
