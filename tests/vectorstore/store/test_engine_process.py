"""Chroma in a process of its own: it may crash, be killed or be somebody else's, and what was deleted is gone."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import filelock
import numpy as np
import pytest

from tests.damages import DAMAGES
from tests.vectorstore.archives import EMBEDDER, filing, make_letter, open_store, published, put, unreadable
from tests.vectorstore.store.test_processes import ROOT
from vectorstore.errors import ArchiveError, ArchiveUnavailable, DamagedArchive
from vectorstore.store import engine_process
from vectorstore.store.engine import LETTERS, OWNER_LOCK, PASSAGES, Collection, CrashedEngine, Location
from vectorstore.store.engine_process import EngineProcess, open_process
from vectorstore.store.seal import SEAL
from vectorstore.store.store import Filing, Store


def engine_of(store: Store) -> EngineProcess:
    engine = store._chroma._engine
    assert isinstance(engine, EngineProcess)
    return engine


def contents(data: Path) -> dict[str, Any]:
    """All rows of all collections, what is nearest to something, and the state of the archive but for its notes."""
    engine = open_process(Location(data))
    held: dict[str, Any] = {}
    for name in (LETTERS, PASSAGES):
        rows = Collection(engine, name).get(include=["documents", "metadatas", "embeddings"])
        columns = zip(rows["ids"], rows["documents"], rows["metadatas"], rows["embeddings"], strict=True)
        held[name] = {i: (text, metadata, vector.tolist()) for i, text, metadata, vector in columns}
        held[f"{name} counted"] = Collection(engine, name).count()
    question = {"query_embeddings": [EMBEDDER.embed_query(_text_of(7).split("\n\n")[0]).tolist()], "n_results": 5}
    nearest = engine.call("on_collection", PASSAGES, "query", **question)
    held["nearest"] = np.round(nearest["distances"], 5).tolist()
    held["state"] = {name: value for name, value in engine.call("metadata", LETTERS).items() if name != "deleted"}
    engine.close()
    return held


def _text_of(number: int) -> str:
    """Two paragraphs that are in no other letter: among equal vectors, Chroma's graphs find any."""
    words = random.Random(number)
    return "\n\n".join(" ".join(f"woord{words.randrange(900)}" for _ in range(12)) for _ in range(2))


@pytest.fixture
def filled(store: Store) -> Store:
    """An archive of so many letters that Chroma has written both its graphs."""
    store.put([filing(make_letter(number, _text_of(number))) for number in range(130)])
    store.put([Filing(unreadable(200))])
    return store


# Crashes


def test_a_chroma_that_is_killed_is_told_and_the_next_open_starts_another(store: Store) -> None:
    put(store, make_letter(1))
    engine_of(store)._process.kill()
    for use in (store.letters, lambda: put(store, make_letter(2)), store.refresh):
        with pytest.raises(ArchiveUnavailable, match="werd afgebroken") as raised:
            use()
        assert "probeer het opnieuw" in raised.value.remedy
    for _ in range(2):
        again = open_store(store.location.data)
        assert set(again.versions()) == {"letter-1"}
        put(again, make_letter(1))
        again.close()
    store.close()
    again = open_store(store.location.data)
    assert again.letters() == [make_letter(1)]
    again.close()


def test_a_chroma_that_is_killed_leaves_other_folders_alone(store: Store, tmp_path: Path) -> None:
    other = open_store(tmp_path / "ander")
    engine_of(store)._process.kill()
    with pytest.raises(ArchiveUnavailable):
        store.refresh()
    put(other, make_letter(1))
    assert other.letters() == [make_letter(1)]
    other.close()


GRAPHS = ("data_level0.bin", "header.bin", "length.bin", "link_lists.bin", "index_metadata.pickle", "chroma.sqlite3")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an archive that was closed."""
    data = tmp_path_factory.mktemp("heel")
    store = open_store(data)
    for number in range(25):
        store.put([filing(make_letter(25 * part + number)) for part in range(5)])
    store.close()
    return data


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("sealed", [True, False])
def test_damage_to_chromas_files_is_told_and_crashes_nothing_here(
    whole: Path, tmp_path: Path, damage: Callable[[Path], None], sealed: bool
) -> None:
    """With a seal all damage is found; without one, as a killed writer leaves it, what Chroma cannot read."""
    files = [path for path in whole.rglob("*") if path.name in GRAPHS and path.stat().st_size]
    assert {path.name for path in files} >= {"data_level0.bin", "chroma.sqlite3"}
    for number, file in enumerate(files):
        data = tmp_path / str(number)
        subprocess.run(["cp", "-r", whole, data], check=True)
        damage(data / file.relative_to(whole))
        if not sealed:
            (data / SEAL).unlink()
        try:
            store = open_store(data)
            store.letters()
            store.vectors([passage.id for passage in store.passages_of(store.versions())])
            put(store, make_letter(999))
            store.close()
        except ArchiveError as error:
            assert isinstance(error, ArchiveUnavailable) or "ingest --rebuild" in error.remedy
            assert isinstance(error, DamagedArchive) or not sealed
        else:
            assert not sealed
    assert not set(engine_process._open) & {data.resolve() for data in tmp_path.iterdir()} or not sealed


# Interrupted calls


@pytest.fixture
def alarm() -> Iterator[None]:
    """Raise KeyboardInterrupt half a second from now."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    former = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs signals")
def test_the_reply_to_a_call_that_was_interrupted_is_not_taken_for_that_to_the_next(
    store: Store, request: pytest.FixtureRequest
) -> None:
    put(store, make_letter(1))
    engine = engine_of(store)
    os.kill(engine._process.pid, signal.SIGSTOP)
    request.getfixturevalue("alarm")
    with pytest.raises(KeyboardInterrupt):
        engine.call("names")
    with pytest.raises(CrashedEngine):
        engine.call("most_at_once")
    store.close()
    again = open_store(store.location.data)
    assert again.letters() == [make_letter(1)]
    again.close()


def test_a_reply_that_is_no_reply_is_a_crash(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_process.pickle, "load", lambda _: engine_process.pickle.loads(b"geen antwoord"))
    with pytest.raises(ArchiveUnavailable):
        store.refresh()
    monkeypatch.undo()
    with pytest.raises(ArchiveUnavailable):
        store.refresh()


def test_an_error_of_chroma_is_one_answer_and_the_next_call_gets_its_own(store: Store) -> None:
    engine = engine_of(store)
    for wrong in (("nergens",), ("on_collection", LETTERS, "nergens"), ("metadata", "nergens")):
        with pytest.raises(Exception, match="nergens"):
            engine.call(*wrong)
        assert sorted(engine.call("names")) == [LETTERS, PASSAGES]


def test_many_threads_each_get_their_own_answer(store: Store) -> None:
    for number in range(8):
        put(store, make_letter(number))
    wrong: list[object] = []

    def read(number: int) -> None:
        for _ in range(20):
            rows = store._chroma.letters.get(ids=[f"letter-{number}"], include=[])
            if rows["ids"] != [f"letter-{number}"]:
                wrong.append(rows["ids"])

    threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


# Other processes

_OPEN = """
import sys
from pathlib import Path
from tests.vectorstore.archives import open_store
from vectorstore.errors import ArchiveError
try:
    store = open_store(Path(sys.argv[1]))
except ArchiveError as error:
    print(type(error).__name__, error, flush=True)
else:
    print("open", flush=True)
    sys.stdin.readline()
"""


def elsewhere(data: Path) -> subprocess.Popen[str]:
    """Another process that opens an archive, and keeps it open until it is told to end."""
    command = [sys.executable, "-c", _OPEN, str(data)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_second_process_is_told_that_another_one_writes(store: Store) -> None:
    put(store, make_letter(1))
    with elsewhere(store.location.data) as process:
        told = first_line(process)
        process.communicate("\n")
    assert told.startswith("ArchiveUnavailable Een andere opdracht schrijft nu in het archief")
    assert told.endswith("Wacht tot die klaar is en probeer het opnieuw.")
    put(store, make_letter(2))
    assert len(store.letters()) == 2


def test_the_chroma_of_a_process_that_was_killed_ends_and_lets_go(tmp_path: Path) -> None:
    with elsewhere(tmp_path) as process:
        assert first_line(process) == "open"
        with pytest.raises(filelock.Timeout):
            filelock.FileLock(tmp_path / OWNER_LOCK, timeout=0).acquire()
        process.kill()
    with filelock.FileLock(tmp_path / OWNER_LOCK, timeout=60):
        pass
    store = open_store(tmp_path)
    put(store, make_letter(1))
    store.close()


def test_a_process_that_ends_without_closing_lets_go_as_well(tmp_path: Path) -> None:
    with elsewhere(tmp_path) as process:
        assert first_line(process) == "open"
        process.communicate("\n")
    assert process.returncode == 0
    with filelock.FileLock(tmp_path / OWNER_LOCK, timeout=60):
        pass
    store = open_store(tmp_path)
    put(store, make_letter(1))
    store.close()
    assert (tmp_path / SEAL).exists()


def test_a_folder_is_opened_once_for_all_of_this_process_and_its_chroma_is_used_again(tmp_path: Path) -> None:
    stores = [open_store(tmp_path / "een") for _ in range(3)]
    assert len({engine_of(store)._process.pid for store in stores}) == 1
    pid = engine_of(stores[0])._process.pid
    for store in stores:
        put(store, make_letter(1))
        store.close()
    other = open_store(tmp_path / "twee")
    assert engine_of(other)._process.pid == pid
    assert other.letters() == []
    other.close()


# What was deleted

SENTINELS = ("zeepaardjes", "nijlpaarden", "stekelvarkens", "vogelbekdieren")


def leave(store: Store) -> None:
    """Put letters, and let each of them go in another way."""
    for number, word in enumerate(SENTINELS):
        put(store, make_letter(number, f"Over de {word}.\n\nNog meer {word}.", subject=word, sender=word.upper()))
    store.remove(["letter-0"])
    put(store, make_letter(1, "Over de ezels."), "2")
    store.put([Filing(unreadable(2))])
    put(store, make_letter(3, "Over de ezels.", source="elders.txt"), "2")


def left_in(data: Path) -> set[str]:
    """The words of those letters that some file still holds."""
    files = [path.read_bytes().lower() for path in data.rglob("*") if path.is_file()]
    return {word for word in SENTINELS if any(word.encode() in file for file in files)}


@pytest.mark.parametrize("published_too", [False, True])
def test_fault_7_no_word_of_a_letter_that_went_is_left(filled: Store, published_too: bool) -> None:
    data = filled.location.data
    leave(filled)
    former = published(filled) if published_too else None
    assert left_in(data) >= {SENTINELS[0]}
    before = contents(data)
    assert filled.scrub()
    assert not filled.scrub()
    if published_too:
        published(filled, former)
    assert left_in(data) == set()
    assert contents(data) == before
    put(filled, make_letter(500, "Nog een brief."))
    filled.remove(["letter-500"])
    filled.scrub()
    filled.close()
    assert left_in(data) == set()
    for _ in range(2):
        again = contents(data)
        state, expected = again.pop("state"), {name: value for name, value in before.items() if name != "state"}
        assert again == expected
        assert state.keys() == before["state"].keys()


def test_a_scrub_that_is_killed_loses_nothing_and_is_done_next_time(filled: Store) -> None:
    data = filled.location.data
    leave(filled)
    before = contents(data)
    filled.close()
    for wait in (0.0, 0.02, 0.05, 0.1, 0.2, 0.4):
        store = open_store(data)
        killer = threading.Timer(wait, engine_of(store)._process.kill)
        killer.start()
        try:
            store.scrub()
        except ArchiveUnavailable:
            pass
        killer.join()
        store.close()
        assert contents(data) == before
    again = open_store(data)
    again.scrub()
    again.close()
    assert left_in(data) == set()
    assert contents(data) == before


def test_a_removal_marks_the_archive_as_one_to_scrub_before_anything_is_gone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(store)
    store.scrub()
    put(store, make_letter(9, "Over de zeepaardjes."))
    monkeypatch.setattr(store, "_announce", lambda: os.kill(engine_of(store)._process.pid, signal.SIGKILL))
    with pytest.raises(ArchiveUnavailable):
        store.remove(["letter-9"])
    store.close()
    again = open_store(store.location.data)
    again.sweep()
    assert again.scrub()
    again.close()
    assert left_in(store.location.data) == set()


def test_fault_4_a_kill_between_the_removal_and_its_announcement_leaves_no_phantoms(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(13):
        put(store, make_letter(number))
    known = published(store).live_records()
    monkeypatch.setattr(store, "_announce", lambda: os.kill(engine_of(store)._process.pid, signal.SIGKILL))
    with pytest.raises(ArchiveUnavailable):
        store.remove([f"letter-{number}" for number in range(6)])
    store.close()
    left = {f"letter-{number}" for number in range(6, 13)}
    for swept in (False, True, True):
        again = open_store(store.location.data, known=known)
        if swept:
            again.sweep()
        assert again.records.keys() == again.cards.keys() == again.versions().keys() == left
        assert {letter.id for letter in again.letters()} == left
        assert again.passage_count() == 14
        assert not swept or again._chroma.passages.count() == 14
        assert not swept or published(again).records.keys() == left
        again.close()
