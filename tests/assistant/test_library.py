"""The archive that is read: the newest generation, opened again when there is a newer one, mended when it is damaged."""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant import library as module
from assistant.composition import open_ingest, open_library
from assistant.library import Follower, Library
from assistant.settings import Settings
from ingest.job.publication import LEXICAL, load_dense, prepare_publication
from tests.damages import DAMAGES, put_back
from tests.fakes import FakeEmbedder
from tests.letters import CYCLING, write_letters
from tests.vectorstore.archives import (
    EMBEDDER,
    as_nobody,
    make_letter,
    open_store,
    protect,
    protected_folder,
    put,
)
from vectorstore.analysis.dutch import Analyser
from vectorstore.analysis.expansion import Expander
from vectorstore.errors import ArchiveMismatch, ArchiveUnavailable, NoArchive
from vectorstore.indexes.lexical import LexicalIndex
from vectorstore.published.generation import DamagedGeneration, Generation, latest
from vectorstore.published.letters import PublishedLetters
from vectorstore.search import Archive, Hit, Query
from vectorstore.store.engine import Location
from vectorstore.store.store import Store


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


class Publisher:
    """An archive that is published as it is, and counts how often.

    Args:
        store: the archive.
        analyser: gives the terms of the index of words.
    """

    def __init__(self, store: Store, analyser: Analyser) -> None:
        self.location = store.location
        self._store = store
        self._analyser = analyser
        self.published = 0
        self.opened: list[int] = []

    def publish(self) -> None:
        self.published += 1
        with prepare_publication(self._store, self._analyser) as publication:
            publication.publish()

    def open(self, generation: Generation) -> Archive:
        self.opened.append(generation.manifest.number)
        index = LexicalIndex(generation.folder / LEXICAL, self._analyser)
        letters, dense = PublishedLetters(generation), load_dense(generation)
        return Archive(letters, index, dense, EMBEDDER, Expander(self._analyser, None))

    def library(self, **options: Callable[..., object]) -> Library:
        return Library(self.location, self.open, self.publish, **options)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "data")
    put(opened, make_letter(1))
    yield opened
    opened.close()


@pytest.fixture
def publisher(store: Store, analyser: Analyser) -> Publisher:
    return Publisher(store, analyser)


def test_an_archive_is_opened_once_for_each_generation(store: Store, publisher: Publisher) -> None:
    publisher.publish()
    library = publisher.library()
    first = library.current()
    assert library.current() is first
    put(store, make_letter(2))
    assert library.current() is first
    publisher.publish()
    second = library.current()
    assert second is not first
    assert set(second.store.versions()) == {"letter-1", "letter-2"}
    assert set(first.store.versions()) == {"letter-1"}
    assert first.search(Query("taaleis"))[0].passage.letter.id == "letter-1"
    assert publisher.opened == [1, 2]


def test_what_was_never_published_is_published_first(store: Store, publisher: Publisher) -> None:
    assert publisher.library().current().store.versions() == store.versions()
    assert publisher.published == 1


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_what_is_damaged_is_published_again_and_said(
    publisher: Publisher, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    publisher.publish()
    whole = publisher.library().current().search(Query("de taaleis"))
    generation = latest(publisher.location.data)
    for number, name in enumerate(["generation.json", *generation.manifest.files], 1):
        generation = latest(publisher.location.data)
        if name not in ("generation.json", *generation.manifest.files):
            continue
        content = (generation.folder / name).read_bytes()
        damage(generation.folder / name)
        if not (generation.folder / name).exists() or (generation.folder / name).read_bytes() != content:
            caplog.clear()
            before = publisher.published
            assert publisher.library().current().search(Query("de taaleis")) == whole, number
            assert publisher.published == before + 1
            assert "beschadigd" in caplog.text


def test_what_cannot_be_mended_is_told(publisher: Publisher) -> None:
    publisher.publish()
    (latest(publisher.location.data).folder / "records.json").unlink()
    library = Library(publisher.location, publisher.open, lambda: None)
    for _ in range(2):
        with pytest.raises(ArchiveUnavailable, match=r"records\.json") as raised:
            library.current()
        assert "raadsgeheugen verify" in raised.value.remedy
    publisher.publish()
    assert library.current().store.versions() == {"letter-1": "1"}


def test_who_has_an_archive_open_goes_on_when_its_files_are_damaged(publisher: Publisher) -> None:
    publisher.publish()
    library = publisher.library()
    archive = library.current()
    whole = archive.search(Query("de taaleis"))
    generation = latest(publisher.location.data)
    for name in generation.manifest.files:
        put_back(generation.folder / name, b"rommel")
    assert library.current() is archive
    assert archive.search(Query("de taaleis")) == whole


def test_a_folder_without_an_archive_stays_as_it_is(tmp_path: Path, publisher: Publisher) -> None:
    for folder in (tmp_path / "niets", tmp_path / "brieven"):
        if folder.name == "brieven":
            folder.mkdir()
            (folder / "brief.txt").write_text("Geacht college,", encoding="utf-8")
        before = sorted(tmp_path.rglob("*"))
        with pytest.raises(NoArchive, match="raadsgeheugen ingest"):
            Library(Location(folder), publisher.open, publisher.publish).current()
        assert sorted(tmp_path.rglob("*")) == before
    assert publisher.published == 0


def test_an_archive_that_was_moved_away_and_came_back_is_read_again(store: Store, publisher: Publisher) -> None:
    publisher.publish()
    library, data = publisher.library(), store.location.data
    assert library.current()
    data.rename(data.with_name("weg"))
    for _ in range(2):
        with pytest.raises(NoArchive):
            library.current()
    data.with_name("weg").rename(data)
    assert library.current().search(Query("taaleis"))
    assert publisher.published == 1


def test_another_archive_in_its_place_is_opened(
    store: Store, publisher: Publisher, analyser: Analyser, tmp_path: Path
) -> None:
    publisher.publish()
    library = publisher.library()
    assert set(library.current().store.versions()) == {"letter-1"}
    with contextlib.closing(open_store(tmp_path / "ander")) as other:
        put(other, make_letter(5))
        Publisher(other, analyser).publish()
    folder = store.location.data / "published"
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "ander" / "published", folder)
    assert set(library.current().store.versions()) == {"letter-5"}


def test_an_archive_of_other_parts_is_told_each_time_and_not_mended(publisher: Publisher) -> None:
    publisher.publish()

    def refuse(_: Generation) -> Archive:
        raise ArchiveMismatch("Het archief is van een ander model.", "Zet het over.")

    library = Library(publisher.location, refuse, publisher.publish)
    for _ in range(2):
        with pytest.raises(ArchiveMismatch):
            library.current()
    assert publisher.published == 1


def test_a_generation_that_is_replaced_while_it_is_opened_is_left_for_the_newer_one(publisher: Publisher) -> None:
    publisher.publish()

    def opening(generation: Generation) -> Archive:
        if generation.manifest.number == 1:
            publisher.publish()
        return publisher.open(generation)

    archive = Library(publisher.location, opening, publisher.publish).current()
    assert publisher.opened == [1, 2]
    assert publisher.published == 2
    assert archive.search(Query("taaleis"))


def test_a_generation_that_cannot_be_opened_though_its_hashes_are_right_is_published_again(
    publisher: Publisher,
) -> None:
    publisher.publish()

    def opening(generation: Generation) -> Archive:
        if generation.manifest.number == 1:
            raise DamagedGeneration("strange")
        return publisher.open(generation)

    assert Library(publisher.location, opening, publisher.publish).current().search(Query("taaleis"))
    assert publisher.published == 2


def test_while_a_newer_generation_is_opened_others_read_the_one_before(publisher: Publisher) -> None:
    publisher.publish()
    opening, go_on = threading.Event(), threading.Event()

    def slowly(generation: Generation) -> Archive:
        if generation.manifest.number > 1:
            opening.set()
            assert go_on.wait(60)
        return publisher.open(generation)

    library = Library(publisher.location, slowly, publisher.publish)
    before = library.current()
    publisher.publish()
    after: list[Archive] = []
    thread = threading.Thread(target=lambda: after.append(library.current()))
    thread.start()
    assert opening.wait(60)
    assert library.current() is before
    go_on.set()
    thread.join(60)
    assert library.current() is after[0] is not before


def test_many_who_open_at_once_open_it_once(publisher: Publisher) -> None:
    publisher.publish()
    library, found = publisher.library(), list[Archive]()
    threads = [threading.Thread(target=lambda: found.append(library.current())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == 8
    assert len({id(archive) for archive in found}) == 1
    assert publisher.opened == [1]


def test_what_is_published_of_an_archive_elsewhere_follows_it(
    store: Store, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "revision_of", lambda _: store.revision)
    follower = Follower(store.location, publisher.publish)
    library = publisher.library(follow=follower)
    assert set(library.current().store.versions()) == {"letter-1"}
    put(store, make_letter(2))
    assert set(library.current().store.versions()) == {"letter-1"}
    monkeypatch.setattr(module, "_SECONDS_BETWEEN_LOOKS", 0.0)
    assert set(library.current().store.versions()) == {"letter-1", "letter-2"}
    published = publisher.published
    library.current()
    assert publisher.published == published


# As the program opens it


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An archive of three letters."""
    folder = write_letters(tmp_path_factory.mktemp("brieven"), CYCLING)
    settings = Settings(data=tmp_path_factory.mktemp("archief") / "data")
    with open_ingest(settings, embedder=FakeEmbedder()) as job:
        job.run([folder])
    return settings


def ask(data: Path) -> list[Hit]:
    return open_library(Settings(data=data), FakeEmbedder()).current().search(Query("hoeveel fietsen", count=5))


def test_an_archive_in_a_folder_that_cannot_be_written_is_read(settings: Settings) -> None:
    whole = ask(settings.data)
    assert whole
    with protected_folder() as folder:
        shutil.copytree(settings.data, folder / "data")
        protect(folder)
        assert as_nobody(ask, folder / "data") == whole


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_an_archive_whose_search_files_are_damaged_is_mended_from_chroma(
    settings: Settings, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    whole = ask(settings.data)
    data = tmp_path / "data"
    shutil.copytree(settings.data, data)
    generation = latest(data)
    for name in generation.manifest.files:
        damage(generation.folder / name)
    assert ask(data) == whole
    latest(data).check()


def test_an_archive_without_its_search_files_is_mended_from_chroma(settings: Settings, tmp_path: Path) -> None:
    shutil.copytree(settings.data, tmp_path / "data", ignore=shutil.ignore_patterns("published"))
    assert ask(tmp_path / "data") == ask(settings.data)
