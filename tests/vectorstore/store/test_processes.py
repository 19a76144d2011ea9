"""The archive with other processes at it: a writer, and a Chroma server that goes away and comes back."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.vectorstore.archives import (
    archive_of,
    make_letter,
    open_store,
    published,
    put,
    unreadable,
    versioned_text,
)
from vectorstore.analysis.dutch import Analyser
from vectorstore.errors import ArchiveMismatch, ArchiveUnavailable
from vectorstore.letters import Filters, Letter, Voice
from vectorstore.published.generation import DamagedGeneration, latest
from vectorstore.published.letters import PublishedLetters
from vectorstore.search import Query
from vectorstore.store import chroma
from vectorstore.store.store import Filing, Fingerprint, Store

ROOT = Path(__file__).parents[3]
CHROMA = Path(sys.executable).parent / "chroma"


def writer(data: Path, letters: int, version: str, server: str = "") -> subprocess.Popen[str]:
    """Another process that puts letters."""
    command = [sys.executable, "-m", "tests.vectorstore.archives", str(data), str(letters), version, server]
    return subprocess.Popen(command[: 6 + bool(server)], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> bool:
    with process:
        process.communicate(timeout=120)
    return process.returncode == 0


def test_what_another_process_wrote_is_found_by_who_opens_next(store: Store, analyser: Analyser) -> None:
    put(store, make_letter(7, "De huurtoeslag."))
    known = published(store).live_records()
    store.close()
    assert ended(writer(store.location.data, 3, "nieuw"))
    again = open_store(store.location.data, known=known)
    archive = archive_of(again, analyser)
    (best, *_) = archive.search(Query("versie nieuw van brief 2 over de armoedeval"))
    assert best.passage.letter.id == "letter-2"
    found = {hit.passage.id for hit in archive.search(Query("armoedeval", count=50)) if hit.why.dense}
    assert {identifier.rsplit("-", 1)[0] for identifier in found} >= {f"letter-{n}-nieuw" for n in range(3)}
    assert best.why.dense > 0
    assert best.why.lexical > 0
    again.close()


def test_reading_while_another_process_publishes_never_shows_half_a_letter(store: Store) -> None:
    for number in range(15):
        put(store, make_letter(number, versioned_text(number, "een")), "een")
    first = published(store)
    store.close()
    wrong: list[object] = []
    seen: set[str] = set()
    done = threading.Event()

    def read(thread: int) -> None:
        letters = first
        while not done.is_set():
            try:
                if thread % 2 and not letters.generation.is_current:
                    letters = _newest(store.location.data)
                seen.add(letters.revision)
                wrong.extend(letter for letter in letters.letters() if _is_mixed(letters, letter))
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for version in ("twee", "drie"):
        assert ended(writer(store.location.data, 30, version))
    done.set()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    assert len(seen) > 2
    assert set(_newest(store.location.data).versions().values()) == {"drie"}
    assert set(first.versions().values()) == {"een"}


def _newest(data: Path) -> PublishedLetters:
    """What was published last, when nothing was published while it was opened."""
    while True:
        generation = latest(data)
        try:
            return PublishedLetters(generation)
        except DamagedGeneration:
            assert not generation.is_current


def _is_mixed(letters: PublishedLetters, letter: Letter) -> bool:
    """Whether a letter is not of one version, or its passages are not its paragraphs."""
    version, number = re.findall(r"Versie (\w+) van brief (\d+)", letter.text)[0]
    texts = [passage.text for passage in letters.passages_of([letter.id])]
    return letter.text != versioned_text(int(number), version) or texts != letter.text.split("\n\n")


def test_a_killed_writer_leaves_whole_letters_only(store: Store) -> None:
    store.close()
    process = writer(store.location.data, 500, "een")
    assert process.stdout is not None
    for _ in range(3):
        process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    again = open_store(store.location.data)
    again.sweep()
    assert len(again.versions()) >= 3
    for letter in again.letters():
        assert [passage.text for passage in again.passages_of([letter.id])] == letter.text.split("\n\n")
    assert again._chroma.passages.count() == again.passage_count()
    again.close()


# A Chroma server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server_at(folder: Path, port: int) -> Iterator[str]:
    """A Chroma server that listens."""
    environment = {**os.environ, "ANONYMIZED_TELEMETRY": "False", "CHROMA_TELEMETRY": "False", "DO_NOT_TRACK": "1"}
    command = [str(CHROMA), "run", "--path", str(folder), "--port", str(port), "--host", "127.0.0.1"]
    process = subprocess.Popen(
        command, env=environment, cwd=folder.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    with server_at(tmp_path / "served", free_port()) as address:
        yield address


def test_an_archive_on_a_server_does_what_one_in_a_folder_does(server: str, tmp_path: Path, analyser: Analyser) -> None:
    store = open_store(tmp_path / "data", server)
    for number in range(3):
        put(store, make_letter(number))
    put(store, make_letter(0, "De leges."), "2")
    store.remove(["letter-1"])
    store.put([Filing(unreadable(5))])
    archive = archive_of(store, analyser)
    assert [hit.passage.text for hit in archive.search(Query("leges", count=1))] == ["De leges."]
    assert archive.search(Query("leges", filters=Filters(author=Voice.EXECUTIVE))) == []
    assert (store.passage_count(), store._chroma.passages.count(), store.sweep()) == (3, 3, 0)
    again = open_store(tmp_path / "elders", server)
    assert (again.files(), again.letters()) == (store.files(), store.letters())
    with pytest.raises(ArchiveMismatch, match="raadsgeheugen reembed"):
        open_store(tmp_path / "data", server, fingerprint=Fingerprint("ander", "test", "test"))
    for address in (server.removeprefix("http://"), server.replace("127.0.0.1", "localhost")):
        open_store(tmp_path / "data", address).close()
    again.close()
    store.close()


def test_an_ingest_through_the_server_is_seen(server: str, tmp_path: Path, analyser: Analyser) -> None:
    store = open_store(tmp_path / "data", server)
    archive = archive_of(store, analyser)
    assert archive.search(Query("armoedeval")) == []
    assert ended(writer(tmp_path / "schrijver", 3, "nieuw", server))
    assert store.refresh()
    assert len(archive_of(store, analyser).search(Query("armoedeval"))) == 6
    store.close()


def test_a_server_that_goes_away_is_a_clear_error_and_may_come_back(tmp_path: Path, analyser: Analyser) -> None:
    port = free_port()
    with server_at(tmp_path / "served", port) as address:
        store = open_store(tmp_path / "data", address)
        put(store, make_letter(1))
        archive = archive_of(store, analyser)
        assert archive.search(Query("taaleis"))
    for use in (store.refresh, lambda: put(store, make_letter(2))):
        with pytest.raises(ArchiveUnavailable, match="Chroma-server") as raised:
            use()
        assert address in raised.value.problem
    with pytest.raises(ArchiveUnavailable, match="Chroma-server"):
        open_store(tmp_path / "data", address)
    with server_at(tmp_path / "served", port):
        assert not store.refresh()
        assert archive_of(store, analyser).search(Query("taaleis"))
        put(store, make_letter(2))
        assert set(store.versions()) == {"letter-1", "letter-2"}
        store.close()


def test_a_server_that_accepts_and_never_answers_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chroma, "_ANSWER_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(ArchiveUnavailable, match="Chroma-server"):
        open_store(tmp_path / "data", f"http://127.0.0.1:{listener.getsockname()[1]}")


def test_something_else_that_listens_there_is_a_clear_error(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_answer_nonsense, args=(listener,), daemon=True).start()
        with pytest.raises(ArchiveUnavailable, match="Chroma-server"):
            open_store(tmp_path / "data", f"http://127.0.0.1:{listener.getsockname()[1]}")


def _answer_nonsense(listener: socket.socket) -> None:
    try:
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhallo")
    except OSError:
        return
