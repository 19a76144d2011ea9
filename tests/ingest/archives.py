"""Archives made for a test, and an ingest that runs as a process of its own so that it can be killed."""

from __future__ import annotations

import contextlib
import multiprocessing
import shutil
import time
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import chromadb
from chromadb.config import Settings

from ingest.job import Ingest, Report
from ingest.passages import Sizes
from tests.fakes import FakeEmbedder
from vectorstore.chroma import LETTERS, PASSAGES
from vectorstore.embedding import Vectors
from vectorstore.store import Fingerprint, Location, Store

SIZES = Sizes(least=10, enough=20, most=60)
FINGERPRINT = Fingerprint("fake", "test", "test")


class SlowEmbedder(FakeEmbedder):
    """A fake that takes some milliseconds a text, so that a process can be killed while it embeds."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        time.sleep(0.001 * len(texts))
        return super().embed_passages(texts)


@contextlib.contextmanager
def opened(data: Path, **options: Any) -> Iterator[Store]:
    """The archive in a folder."""
    store = Store(Location(data), FINGERPRINT, **options)
    try:
        yield store
    finally:
        store.close()


def ingest(data: Path, *paths: Path, prune: bool = False) -> Report:
    """Read files into the archive in a folder."""
    with opened(data) as store:
        return Ingest(store, FakeEmbedder(), SIZES).run(paths, prune=prune)


def outcomes(report: Report) -> dict[str, str]:
    """What became of each file."""
    return {entry.source: entry.outcome.value for entry in report.entries}


def contents(data: Path) -> dict[str, Any]:
    """Everything Chroma holds in a folder, by id: documents, metadata and vectors of both collections.

    Left out is only the stamp, which counts the changes that were made.
    """
    client = chromadb.PersistentClient(str(data / "chroma"), settings=Settings(anonymized_telemetry=False))
    try:
        return {name: _rows(client.get_collection(name, embedding_function=None)) for name in (LETTERS, PASSAGES)}
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


def whole(data: Path) -> set[str]:
    """Sources of the letters that a reader sees; each must be whole: its passages hold all its words."""
    with opened(data) as store:
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


def _run(data: Path, paths: Sequence[Path], rebuild: bool, ready: Connection) -> None:
    ready.send("started")
    with opened(data, rebuild=rebuild) as store:
        Ingest(store, SlowEmbedder(), SIZES).run(paths, prune=True)
    ready.send("done")


_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.ingest.archives"])


def ingest_killed_after(seconds: float | None, data: Path, *paths: Path, rebuild: bool = False) -> float | None:
    """Ingest in another process and kill it (SIGKILL) after some seconds; None lets it finish.

    Returns:
        seconds it took; None when it was killed.
    """
    here, there = _PROCESSES.Pipe()
    process = _PROCESSES.Process(target=_run, args=(data, paths, rebuild, there))
    process.start()
    there.close()
    assert here.recv() == "started"
    begin = time.monotonic()
    finished = here.poll(120 if seconds is None else seconds)
    took = time.monotonic() - begin
    if not finished:
        process.kill()
    process.join()
    if finished:
        assert here.recv() == "done"
    here.close()
    return took if finished else None


def copied(source: Path, target: Path) -> Path:
    """A copy of a folder, in place of what was there."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    return target
