"""Archives made for a test, and writers that run as processes of their own so that they can be killed."""

from __future__ import annotations

import contextlib
import functools
import multiprocessing
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ingest.job.job import Ingest, Outcome, Report
from ingest.job.publication import LEXICAL, load_dense
from ingest.job.reembed import Reembedding, Renewal
from ingest.links.graph import Links
from ingest.passages import Sizes
from tests.fakes import FakeEmbedder
from vectorstore.analysis.dutch import Analyser
from vectorstore.indexes.lexical import LexicalIndex
from vectorstore.letters import Letter
from vectorstore.models.embedder import Embedder, Vectors
from vectorstore.published.generation import latest
from vectorstore.published.letters import PublishedLetters
from vectorstore.store.engine import LETTERS, PASSAGES, Collection, Engine, MissingCollection
from vectorstore.store.engine_process import open_process
from vectorstore.store.store import Fingerprint, Location, Store, embedding_of

SIZES = Sizes(least=10, enough=20, most=60)
FINGERPRINT = Fingerprint("fake", "test", "test")


class SlowEmbedder(FakeEmbedder):
    """A fake that takes some milliseconds a text, so that a process can be killed while it embeds."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        time.sleep(0.001 * len(texts))
        return super().embed_passages(texts)


@functools.cache
def analyser() -> Analyser:
    """One is enough for a process."""
    return Analyser()


@contextlib.contextmanager
def opened(data: Path, embedding: str = FINGERPRINT.embedding, **options: Any) -> Iterator[Store]:
    """The archive in a folder."""
    store = Store(Location(data), replace(FINGERPRINT, embedding=embedding), **options)
    try:
        yield store
    finally:
        store.close()


def ingest(
    data: Path, *paths: Path, prune: bool = False, embedder: Embedder | None = None, publish: bool = False
) -> Report:
    """Read files into the archive in a folder."""
    embedder = embedder or FakeEmbedder()
    with opened(data, embedder.fingerprint) as store:
        return Ingest(store, embedder, SIZES, analyser() if publish else None).run(paths, prune=prune)


def letters(data: Path) -> dict[str, Letter]:
    """The letters of the archive in a folder, by source."""
    with opened(data) as store:
        return {letter.source: letter for letter in store.letters()}


def reembed(data: Path, embedder: Embedder) -> Renewal:
    """Bring the archive in a folder over to a model, a few passages at a time."""
    with opened(data, embedding_of(Location(data)) or "") as store:
        return Reembedding(store, embedder, batch_size=3, wait=0).run()


def publish_reembedded(data: Path, embedder: Embedder) -> None:
    """Bring the archive in a folder over to a model, and publish it."""
    with opened(data, embedding_of(Location(data)) or "") as store:
        Reembedding(store, embedder, analyser=analyser(), batch_size=3, wait=0).run()


def outcomes(report: Report) -> dict[str, str]:
    """What became of each file that was not skipped."""
    return {e.source: e.outcome.value for e in report.entries if e.outcome is not Outcome.SKIPPED}


def contents(data: Path) -> dict[str, Any]:
    """Everything Chroma holds in a folder, by id: documents, metadata and vectors of letters and passages.

    Left out is only the stamp, which counts the changes that were made. There must be no other collection.
    """
    with _engine_of(data) as engine:
        held = {name: _rows(Collection(engine, name)) for name in engine.call("names")}
    letters = held.pop(LETTERS)
    ((_, passages),) = held.items()
    return {LETTERS: letters, PASSAGES: passages}


def collections(data: Path) -> dict[str, int]:
    """How many rows each collection in a folder has, by name; without one that is deleted while it is looked at."""
    counts: dict[str, int] = {}
    with _engine_of(data) as engine:
        for name in engine.call("names"):
            with contextlib.suppress(MissingCollection):
                counts[name] = Collection(engine, name).count()
    return counts


@contextlib.contextmanager
def _engine_of(data: Path) -> Iterator[Engine]:
    engine = open_process(Location(data))
    try:
        yield engine
    finally:
        engine.close()


def _rows(collection: Collection) -> dict[str, Any]:
    found = collection.get(include=["documents", "metadatas", "embeddings"])
    columns = zip(found["ids"], found["documents"], found["metadatas"], found["embeddings"], strict=True)
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


def published(data: Path) -> set[str]:
    """Sources of the letters that were published; all that was published must be whole, and fit together."""
    letters = PublishedLetters(generation := latest(data))
    versions = letters.versions()
    assert load_dense(generation).versions == versions
    assert LexicalIndex(generation.folder / LEXICAL, analyser()).versions == versions
    with contextlib.closing(Links.of_letters(letters)) as links:
        assert all(link.receiver in versions for letter in versions for link in links.of(letter))
    return {card.source for card in letters.cards.values()}


def _ingest(data: Path, paths: Sequence[Path], rebuild: bool) -> None:
    with opened(data, rebuild=rebuild) as store:
        Ingest(store, SlowEmbedder(), SIZES, analyser()).run(paths, prune=True)


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
    """A copy of a folder, where none was: the Chroma of a killed process may be about to open what was."""
    shutil.copytree(source, target)
    return target
