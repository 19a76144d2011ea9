"""Publication: whole or absent, no more than what changed, and nothing of what went."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import itertools
import os
import signal
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.job import publication
from ingest.job.job import Ingest
from ingest.job.publication import LEXICAL, is_published, load_dense, prepare_publication, published_letters
from ingest.links.graph import LINKS_FILE, Links
from tests.damages import DAMAGES, put_back
from tests.fakes import FakeEmbedder
from tests.ingest.archives import SIZES, analyser, ingest, letters, opened, published
from tests.ingest.documents import advice, reply
from tests.killing import finishes_before
from tests.vectorstore.archives import EMBEDDER, make_letter, put, unreadable
from vectorstore.analysis.dutch import tokens
from vectorstore.analysis.expansion import Expander
from vectorstore.errors import ArchiveUnavailable
from vectorstore.indexes.lexical import LexicalIndex
from vectorstore.letters import Filters
from vectorstore.published.generation import DamagedGeneration, Generation, latest
from vectorstore.published.letters import PublishedLetters
from vectorstore.store.store import Filing, Store


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    with opened(data) as made_here:
        yield made_here


def publish(store: Store) -> Generation:
    """Publish a store as it is."""
    with prepare_publication(store, analyser()) as prepared:
        return prepared.publish()


def found(generation: Generation, question: str) -> tuple[object, ...]:
    """What a generation finds: by words, by meaning, and by links."""
    words = tuple(tokens(question))
    index = LexicalIndex(generation.folder / LEXICAL, analyser())
    by_words = index.search(Expander(analyser(), None).concepts(words), words, 100, Filters())
    by_meaning = load_dense(generation).search(EMBEDDER.embed_query(question), 100, Filters())
    held = PublishedLetters(generation)
    with contextlib.closing(Links.of_letters(held)) as links:
        linked = {letter: links.of(letter) for letter in held.versions()}
    passages = {name: passage.text for name, passage in held.passages([*by_words, *by_meaning]).items()}
    nearest = {name: round(similarity.whole, 5) for name, similarity in by_meaning.items()}
    return {name: round(score, 3) for name, score in by_words.items()}, nearest, linked, passages


def files_of(generation: Generation) -> list[str]:
    return ["generation.json", *generation.manifest.files]


# Killed


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_job_that_is_killed_at_any_step_of_its_publication_leaves_what_was_or_what_is_to_be(store: Store) -> None:
    data = store.location.data
    for number in range(3):
        put(store, make_letter(number))
    publish(store)
    put(store, make_letter(1, "De leges."), "2")
    put(store, make_letter(5))
    everything = store.letters()
    store.vectors([passage.id for passage in store.passages_of(store.versions())])
    with _without_chroma(store):
        for step in itertools.count():
            before = latest(data)
            finished = finishes_before(step, lambda: publish(store), data)
            now = latest(data)
            held = PublishedLetters(now)
            assert now == before or held.letters() == everything
            assert load_dense(now).versions == held.versions()
            assert LexicalIndex(now.folder / LEXICAL, analyser()).versions == held.versions()
            if now != before and not finished:
                publish(store)
            if finished:
                break
    assert step > 20
    assert [path.name for path in (data / "published").iterdir()] == [now.folder.name]
    assert is_published(store)


@contextlib.contextmanager
def _without_chroma(store: Store) -> Iterator[None]:
    """Let a store give vectors from memory, as a copy of this process may not talk to its Chroma."""
    known = store.vectors([passage.id for passage in store.passages_of(store.versions())])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "vectors", lambda _, names: {name: known[name] for name in names})
        yield


def test_fault_4_after_a_prune_that_was_killed_a_plain_run_leaves_no_phantoms(
    folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        (folder / f"{number}.txt").write_text(advice(f"Brief {number} over de leges."), encoding="utf-8")
    ingest(data, folder, publish=True)
    for number in range(4):
        (folder / f"{number}.txt").unlink()
    left = {"a.txt", "b.txt", "4.txt"}
    with opened(data) as store:
        engine = store._chroma._engine
        monkeypatch.setattr(store, "_announce", lambda: os.kill(engine._process.pid, signal.SIGKILL))  # type: ignore[attr-defined]
        with pytest.raises(ArchiveUnavailable):
            Ingest(store, FakeEmbedder(), SIZES, analyser()).run([folder], prune=True)
    held = published_letters(data)
    assert held is not None
    assert len(held.cards) == 7
    with opened(data, known=held.live_records()) as store:
        assert {card.source for card in store.cards.values()} == left
        Ingest(store, FakeEmbedder(), SIZES, analyser()).run([folder])
        assert {record.source for record in store.files()} == left
    assert published(data) == set(letters(data)) == left


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), sqlite3.OperationalError("full")])
def test_a_full_disk_is_told_and_what_was_published_stays(
    store: Store, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    put(store, make_letter(1))
    before = publish(store)
    put(store, make_letter(2))

    def full(*_: object) -> None:
        raise error

    monkeypatch.setattr(publication, "write_letters", full)
    with pytest.raises(ArchiveUnavailable, match="Controleer of de schijf niet vol is"):
        publish(store)
    monkeypatch.undo()
    assert latest(store.location.data) == before
    publish(store)
    assert is_published(store)


# Damaged


def test_damage_of_any_kind_to_any_file_is_found(folder: Path, data: Path) -> None:
    ingest(data, folder, publish=True)
    generation = latest(data)
    for name in files_of(generation):
        path = generation.folder / name
        content = path.read_bytes()
        for how, damage in DAMAGES.items():
            if content or how == "missing":
                damage(path)
                with pytest.raises(DamagedGeneration):
                    latest(data)
                assert published_letters(data) is None
                put_back(path, content)
        latest(data).check()


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damage_to_everything_that_was_published_is_mended_by_the_next_run(
    folder: Path, data: Path, damage: Callable[[Path], None]
) -> None:
    ingest(data, folder, publish=True)
    whole = found(latest(data), "wij nemen uw advies over")
    generation = latest(data)
    for name in files_of(generation):
        damage(generation.folder / name)
    ingest(data, folder, publish=True)
    assert found(latest(data), "wij nemen uw advies over") == whole


# No more than what changed


def test_an_archive_that_did_not_change_is_not_published_again(folder: Path, data: Path) -> None:
    ingest(data, folder, publish=True)
    before = latest(data)
    stamps = {path: path.stat().st_mtime_ns for path in before.folder.rglob("*") if path.is_file()}
    ingest(data, folder, publish=True)
    (folder / "leeg.txt").touch()
    assert latest(data) == before
    assert {path: path.stat().st_mtime_ns for path in before.folder.rglob("*") if path.is_file()} == stamps
    ingest(data, folder, publish=True)
    assert latest(data).manifest.number == before.manifest.number + 1
    assert "leeg.txt" in {record.source for record in PublishedLetters(latest(data)).records.values()}


def test_what_is_taken_over_does_not_change_in_the_generation_before(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        put(store, make_letter(number))
    before = publish(store)
    index = LexicalIndex(before.folder / LEXICAL, analyser())
    put(store, make_letter(7, "De zeepaardjes."))
    shared: list[str] = []
    whole = publication.publish

    def look(work: Path, **described: object) -> Generation:
        before.check()
        shared.extend(name for name in before.manifest.files if (work / name).exists() and _is_same(before, work, name))
        return whole(work, **described)  # type: ignore[arg-type]

    monkeypatch.setattr(publication, "publish", look)
    after = publish(store)
    assert any(name.endswith(".store") for name in shared)
    assert not any(name.endswith(".json") or name == LINKS_FILE for name in shared)
    assert len(index.versions) == 4
    assert len(LexicalIndex(after.folder / LEXICAL, analyser()).versions) == 5
    after.check()


def _is_same(before: Generation, work: Path, name: str) -> bool:
    return os.path.samefile(before.folder / name, work / name)


def test_who_opened_a_generation_before_goes_on_after_a_newer_one_took_its_place(store: Store) -> None:
    for number in range(4):
        put(store, make_letter(number))
    before = publish(store)
    held = PublishedLetters(before)
    expected = found(before, "de taaleis")
    index, dense = LexicalIndex(before.folder / LEXICAL, analyser()), load_dense(before)
    links = Links.of_letters(held)
    store.remove(["letter-1"])
    put(store, make_letter(2, "De leges."), "2")
    publish(store)
    publish(store)
    assert not before.is_current
    words = tuple(tokens("de taaleis"))
    by_words = index.search(Expander(analyser(), None).concepts(words), words, 100, Filters())
    by_meaning = dense.search(EMBEDDER.embed_query("de taaleis"), 100, Filters())
    assert {name: round(score, 3) for name, score in by_words.items()} == expected[0]
    assert {name: round(similarity.whole, 5) for name, similarity in by_meaning.items()} == expected[1]
    assert {letter: links.of(letter) for letter in held.versions()} == expected[2]
    assert held.passages([*by_words, *by_meaning])["letter-1-1-0"].text.startswith("Het college")
    links.close()


CHANGES = st.lists(
    st.tuples(st.sampled_from(["put", "put", "remove", "unreadable", "publish"]), st.integers(0, 4), st.integers(1, 3)),
    max_size=10,
)


@settings(max_examples=8)
@given(CHANGES)
def test_what_grew_over_many_publications_is_what_is_made_at_once(
    tmp_path_factory: pytest.TempPathFactory, changes: Sequence[tuple[str, int, int]]
) -> None:
    texts = (advice("De leges gaan omhoog."), reply("Wij nemen uw advies over."), "De taaleis.\n\nDe leges.")
    with opened(tmp_path_factory.mktemp("archief")) as store:
        for what, number, version in changes:
            if what == "put":
                put(store, make_letter(number, texts[version - 1]), str(version))
            elif what == "remove":
                store.remove([f"letter-{number}"])
            elif what == "unreadable":
                store.put([Filing(unreadable(number))])
            else:
                publish(store)
        grown = found(publish(store), "de leges en de taaleis")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(publication, "published_letters", lambda _: None)
            assert found(publish(store), "de leges en de taaleis") == grown


# Gone

SENTINELS = ("zeepaardjes", "nijlpaarden", "stekelvarkens")


def left_in(data: Path) -> set[tuple[str, str]]:
    """The words of letters that went that files of the archive still hold, and these files."""
    contents = {path.name: path.read_bytes().lower() for path in data.rglob("*") if path.is_file()}
    return {(word, name) for word in SENTINELS for name, content in contents.items() if word.encode() in content}


def test_fault_7_letters_that_were_pruned_or_replaced_leave_no_word_in_any_file(folder: Path, data: Path) -> None:
    for number, word in enumerate(SENTINELS):
        text = advice(f"Wij vragen u om de {word}. Het college stelt: “De {word} zijn er niet.”", subject=word)
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    for number in range(30):
        (folder / f"anders {number}.txt").write_text(advice(f"Brief {number} over de leges."), encoding="utf-8")
    ingest(data, folder, publish=True)
    assert {word for word, _ in left_in(data)} == set(SENTINELS)
    (folder / "0.txt").unlink()
    (folder / "1.txt").write_text(advice("Nu over de ezels."), encoding="utf-8")
    (folder / "2.txt").write_bytes(b"")
    ingest(data, folder, prune=True, publish=True)
    assert left_in(data) == set()
    assert {"1.txt", "anders 3.txt"} <= published(data)
    assert published(data) == set(letters(data))


def test_a_letter_that_only_its_date_was_changed_of_is_published_with_it(folder: Path, data: Path) -> None:
    """What other letters supply is filled in before the archive is published."""
    undated = advice(reference="CRV 2016-04").replace("Datum: 30 januari 2020\n", "")
    (folder / "a.txt").write_text(undated, encoding="utf-8")
    ingest(data, folder, publish=True)
    (folder / "c.txt").write_text(reply("Uw advies van 22 september 2016 (CRV 2016-04) lazen wij."), encoding="utf-8")
    ingest(data, folder, publish=True)
    held = PublishedLetters(latest(data))
    assert {letter.source: letter for letter in held.letters()} == letters(data)
    assert letters(data)["a.txt"].date == dt.date(2016, 9, 22)
