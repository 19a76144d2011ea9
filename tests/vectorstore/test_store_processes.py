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

from vectorstore.dense import DenseIndex
from vectorstore.dutch import Analyser
from vectorstore.errors import ArchiveMismatch, ArchiveUnavailable
from vectorstore.expansion import Expander
from vectorstore.letters import Filters, Voice
from vectorstore.lexical import LexicalIndex
from vectorstore.search import Archive, Query
from vectorstore.store import Filing, Fingerprint, Store

from .archives import EMBEDDER, make_letter, open_store, put, unreadable, versioned_text

ROOT = Path(__file__).parents[2]
CHROMA = Path(sys.executable).parent / "chroma"


def writer(data: Path, letters: int, version: str, server: str = "") -> subprocess.Popen[str]:
    """Another process that puts letters."""
    command = [sys.executable, "-m", "tests.vectorstore.archives", str(data), str(letters), version, server]
    return subprocess.Popen(command[: 6 + bool(server)], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> bool:
    with process:
        process.communicate(timeout=120)
    return process.returncode == 0


def archive_of(store: Store, analyser: Analyser) -> Archive:
    lexical, dense = LexicalIndex(store.location.data / "lexical", analyser), DenseIndex(store.location.data / "dense")
    return Archive(store, lexical, EMBEDDER, Expander(analyser, None), dense=dense)


def test_an_ingest_by_another_process_is_seen_within_seconds(store: Store, analyser: Analyser) -> None:
    put(store, make_letter(7, "De huurtoeslag."))
    archive = archive_of(store, analyser)
    assert ended(writer(store.location.data, 3, "nieuw"))
    began = time.monotonic()
    assert archive.refresh()
    (best, *_) = archive.search(Query("versie nieuw van brief 2 over de armoedeval"))
    assert time.monotonic() - began < 5
    assert best.passage.letter.id == "letter-2"
    found = {hit.passage.id for hit in archive.search(Query("armoedeval", count=50)) if hit.why.dense}
    assert {identifier.rsplit("-", 1)[0] for identifier in found} >= {f"letter-{n}-nieuw" for n in range(3)}
    assert best.why.dense > 0
    assert best.why.lexical > 0
    assert not archive.refresh()


def test_searching_while_another_process_ingests_never_shows_half_a_letter(store: Store, analyser: Analyser) -> None:
    for number in range(15):
        put(store, make_letter(number, versioned_text(number, "een")), "een")
    archive = archive_of(store, analyser)
    wrong: list[object] = []
    done = threading.Event()

    def search(thread: int) -> None:
        while not done.is_set():
            try:
                if thread % 2:
                    archive.refresh()
                hits = archive.search(Query(f"brief {thread} over de armoedeval", count=10))
                for hit in hits:
                    version, number = re.findall(r"Versie (\w+) van brief (\d+)", hit.passage.text)[0]
                    if hit.passage.letter.text != versioned_text(int(number), version):
                        wrong.append(hit)
                    if not hit.passage.text.endswith("."):
                        wrong.append(hit)
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=search, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for version in ("twee", "drie"):
        assert ended(writer(store.location.data, 30, version))
    archive.refresh()
    done.set()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    hits = archive.search(Query("armoedeval", count=200))
    assert {hit.passage.id for hit in hits} == {f"letter-{n}-drie-{part}" for n in range(30) for part in (0, 1)}


def test_a_killed_writer_leaves_whole_letters_only(store: Store) -> None:
    process = writer(store.location.data, 500, "een")
    assert process.stdout is not None
    for _ in range(3):
        process.stdout.readline()
    time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    store.refresh()
    store.sweep()
    assert len(store.versions()) >= 3
    for letter in store.letters():
        assert [passage.text for passage in store.passages_of([letter.id])] == letter.text.split("\n\n")
    assert store._chroma.passages.count() == store.passage_count()


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
    assert ended(writer(tmp_path / "schrijver", 3, "nieuw", server))
    assert archive.refresh()
    assert len(archive.search(Query("armoedeval"))) == 6
    store.close()


def test_a_server_that_goes_away_is_a_clear_error_and_may_come_back(tmp_path: Path, analyser: Analyser) -> None:
    port = free_port()
    with server_at(tmp_path / "served", port) as address:
        store = open_store(tmp_path / "data", address)
        put(store, make_letter(1))
        archive = archive_of(store, analyser)
        assert archive.search(Query("taaleis"))
    for use in (archive.refresh, lambda: put(store, make_letter(2))):
        with pytest.raises(ArchiveUnavailable, match="Chroma-server") as raised:
            use()
        assert address in raised.value.problem
    with pytest.raises(ArchiveUnavailable, match="Chroma-server"):
        open_store(tmp_path / "data", address)
    with server_at(tmp_path / "served", port):
        archive.refresh()
        assert archive.search(Query("taaleis"))
        put(store, make_letter(2))
        assert set(store.versions()) == {"letter-1", "letter-2"}
        store.close()


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
