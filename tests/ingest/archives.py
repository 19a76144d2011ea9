"""Archives made for a test, and writers that run as processes of their own so that they can be killed."""

from __future__ import annotations

import contextlib
import multiprocessing
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import chromadb
from chromadb.config import Settings
from chromadb.errors import InternalError, NotFoundError

from ingest.job import Ingest, Report
from ingest.passages import Sizes
from ingest.reembedding import Reembedding, Renewal
from tests.fakes import FakeEmbedder
from vectorstore.chroma import LETTERS, PASSAGES
from vectorstore.embedding import Embedder, Vectors
from vectorstore.letters import Letter
from vectorstore.store import Fingerprint, Location, Store, embedding_of

SIZES = Sizes(least=10, enough=20, most=60)
FINGERPRINT = Fingerprint("fake", "test", "test")


class SlowEmbedder(FakeEmbedder):
    """A fake that takes some milliseconds a text, so that a process can be killed while it embeds."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        time.sleep(0.001 * len(texts))
        return super().embed_passages(texts)


@contextlib.contextmanager
def opened(data: Path, embedding: str = FINGERPRINT.embedding, **options: Any) -> Iterator[Store]:
    """The archive in a folder."""
    store = Store(Location(data), replace(FINGERPRINT, embedding=embedding), **options)
    try:
        yield store
    finally:
        store.close()


def ingest(data: Path, *paths: Path, prune: bool = False, embedder: Embedder | None = None) -> Report:
    """Read files into the archive in a folder."""
    embedder = embedder or FakeEmbedder()
    with opened(data, embedder.fingerprint) as store:
        return Ingest(store, embedder, SIZES).run(paths, prune=prune)


def letters(data: Path) -> dict[str, Letter]:
    """The letters of the archive in a folder, by source."""
    with opened(data) as store:
        return {letter.source: letter for letter in store.letters()}


def reembed(data: Path, embedder: Embedder) -> Renewal:
    """Bring the archive in a folder over to a model, a few passages at a time."""
    with opened(data, embedding_of(Location(data)) or "") as store:
        return Reembedding(store, embedder, batch_size=3, wait=0).run()


def outcomes(report: Report) -> dict[str, str]:
    """What became of each file."""
    return {entry.source: entry.outcome.value for entry in report.entries}


def contents(data: Path) -> dict[str, Any]:
    """Everything Chroma holds in a folder, by id: documents, metadata and vectors of letters and passages.

    Left out is only the stamp, which counts the changes that were made. There must be no other collection.
    """
    with _client(data) as client:
        held = {collection.name: _rows(collection) for collection in client.list_collections()}
    letters = held.pop(LETTERS)
    ((_, passages),) = held.items()
    return {LETTERS: letters, PASSAGES: passages}


def collections(data: Path) -> dict[str, int]:
    """How many rows each collection in a folder has, by name; without one that is deleted while it is looked at."""
    counts: dict[str, int] = {}
    with _client(data) as client:
        for collection in client.list_collections():
            with contextlib.suppress(NotFoundError, InternalError):
                counts[collection.name] = collection.count()
    return counts


@contextlib.contextmanager
def _client(data: Path) -> Iterator[Any]:
    client = chromadb.PersistentClient(str(data / "chroma"), settings=Settings(anonymized_telemetry=False))
    try:
        yield client
    finally:
        client.close()  # type: ignore[attr-defined]


def _rows(collection: chromadb.Collection) -> dict[str, Any]:
    found = collection.get(include=["documents", "metadatas", "embeddings"])
    vectors = found["embeddings"]
    assert vectors is not None
    columns = zip(found["ids"], found["documents"] or (), found["metadatas"] or (), vectors, strict=True)
    return {
        i: (text, {**metadata, "stamp": 0}, [round(float(x), 5) for x in vector])
        for i, text, metadata, vector in columns
    }


def whole(data: Path, embedding: str = FINGERPRINT.embedding) -> set[str]:
    """Sources of the letters that a reader sees; each must be whole: its passages hold all its words."""
    with opened(data, embedding) as store:
        letters = store.letters()
        for letter in letters:
            begin = 0
            for passage in store.passages_of([letter.id]):
                assert not letter.text[begin : passage.start].strip()
                begin = passage.end
            assert not letter.text[begin:].strip()
        known = {letter.id for letter in letters}
        stored = store._chroma.passages.get(include=[])["ids"]
        assert {passage.letter.id for passage in store.passages(stored).values()} == known
        assert len(store.vectors([passage.id for passage in store.passages_of(known)])) == store.passage_count()
        return {letter.source for letter in letters}


def _ingest(data: Path, paths: Sequence[Path], rebuild: bool) -> None:
    with opened(data, rebuild=rebuild) as store:
        Ingest(store, SlowEmbedder(), SIZES).run(paths, prune=True)


def _run(ready: Connection, work: Callable[..., object], arguments: Sequence[Any]) -> None:
    ready.send("started")
    work(*arguments)
    ready.send("done")


_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.ingest.archives"])


def ingest_killed_after(seconds: float | None, data: Path, *paths: Path, rebuild: bool = False) -> float | None:
    """`killed_after` of an ingest."""
    return killed_after(seconds, _ingest, data, paths, rebuild)


def killed_after(seconds: float | None, work: Callable[..., object], *arguments: Any) -> float | None:
    """Work in another process and kill it (SIGKILL) after some seconds; None lets it finish.

    Returns:
        seconds it took; None when it was killed.
    """
    with started(work, *arguments) as (process, here):
        begin = time.monotonic()
        finished = here.poll(120 if seconds is None else seconds)
        took = time.monotonic() - begin
        if not finished:
            process.kill()
        process.join()
        if finished:
            assert here.recv() == "done"
    return took if finished else None


@contextlib.contextmanager
def started(work: Callable[..., object], *arguments: Any) -> Iterator[tuple[Any, Connection]]:
    """Work that goes on in another process, and a connection that says "done" when it is."""
    here, there = _PROCESSES.Pipe()
    process = _PROCESSES.Process(target=_run, args=(there, work, arguments))
    process.start()
    there.close()
    assert here.recv() == "started"
    try:
        yield process, here
    finally:
        process.kill()
        process.join()
        here.close()


def copied(source: Path, target: Path) -> Path:
    """A copy of a folder, in place of what was there."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    return target
