"""The stages of the benches, each run in a process of its own: `python -m eval.benchmarks.stages STAGE ARGUMENT…`.

Each prints one JSON object, of figures by what they are.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from assistant.assistant import Assistant
from assistant.composition import open_archive, open_embedder, open_ingest, open_library, open_store
from assistant.settings import Settings
from eval.benchmarks.bench import Figures, stage
from eval.benchmarks.letters import FIRST_YEAR, YEARS, copies
from eval.datasets.corpus import Corpus, open_ingested
from eval.datasets.questions import load_questions
from eval.metrics.answers import FOUND
from eval.metrics.scores import score_search
from eval.runs.answers import passage_json
from eval.systems.peers import PlainPipeline
from ingest.duplicates import digest_of_words
from ingest.job.job import Ingest
from ingest.job.publication import prepare_publication
from vectorstore.analysis.dutch import Analyser
from vectorstore.letters import Filters, Kind, Letter, Passage, Voice, embedded_text
from vectorstore.models.embedder import Embedder
from vectorstore.search import Archive, Query
from vectorstore.store.source import LetterSource
from vectorstore.store.store import FileRecord, Filing, Store

_JOINED: Final = 5
_BATCH: Final = 4000
"""Passages embedded and put at once."""


def grow(archive: str, out: str, letters: str) -> Figures:
    """Write varied copies of the letters of an archive as text files."""
    Path(out).mkdir()
    for letter, _ in itertools.islice(copies(Path(archive)), int(letters)):
        (Path(out) / letter.source).write_text(letter.text, encoding="utf-8")
    return {"letters": int(letters)}


def ours_ingest(letters: str, data: str) -> Figures:
    """Ingest a folder as `raadsgeheugen ingest` does, with one process that reads."""
    with _opened(data) as (store, embedder):
        began = time.perf_counter()
        report = Ingest(store, embedder, analyser=Analyser()).run([Path(letters)])
        return _ingested(len(report.entries), store.passage_count(), time.perf_counter() - began)


def peer_ingest(letters: str, data: str) -> Figures:
    """Ingest the same folder as a plain pipeline does."""
    pipeline = PlainPipeline(Path(data), open_embedder(_settings(data)))
    began = time.perf_counter()
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(Path(letters).iterdir())}
    chunks = pipeline.add(texts)
    return _ingested(len(texts), chunks, time.perf_counter() - began)


def _ingested(documents: int, passages: int, seconds: float) -> Figures:
    figures: Figures = {"documents": documents, "passages": passages}
    figures |= {"documents/s": documents / seconds, "passages/s": passages / seconds, "peak memory, MB": _peak_mb()}
    return {f"ingest: {name}": value for name, value in figures.items()}


def ours_query(data: str, questions: str) -> Figures:
    """Time search and whole answers over an archive that `ours_ingest` made."""
    assistant, texts = Assistant(open_library(_settings(data), open_embedder(_settings(data)))), _texts(questions)
    figures = _timed("search", assistant.search, texts) | _timed("answer", assistant.ask, texts)
    return figures | {"questions: peak memory, MB": _peak_mb()}


def peer_query(data: str, questions: str) -> Figures:
    """Time search over an archive that `peer_ingest` made."""
    pipeline = PlainPipeline(Path(data), open_embedder(_settings(data)))
    return _timed("search", pipeline.search, _texts(questions)) | {"questions: peak memory, MB": _peak_mb()}


def _timed(name: str, asked: Callable[[str], object], texts: Sequence[str]) -> Figures:
    """Return milliseconds a question; the first one is asked beforehand, so that all is loaded."""
    asked(texts[0])
    milliseconds = []
    for text in texts:
        began = time.perf_counter()
        asked(text)
        milliseconds.append((time.perf_counter() - began) * 1000)
    return {f"{name}: p{p}, ms": float(np.percentile(milliseconds, p)) for p in (50, 95)}


def ours_found(archive: str, questions: str, data: str) -> Figures:
    """Give the share of the questions whose evidence is among the first five passages."""

    def searching(store: Store, embedder: Embedder) -> Callable[[str], list[Mapping[str, Any]]]:
        assistant = Assistant(open_archive(store, embedder))
        return lambda text: [passage_json(hit.passage) for hit in assistant.search(text)]

    return _found(archive, questions, data, searching)


def peer_found(archive: str, questions: str, data: str) -> Figures:
    """Give the same share for a plain pipeline over the same letters."""

    def searching(store: Store, embedder: Embedder) -> Callable[[str], list[Mapping[str, Any]]]:
        pipeline = PlainPipeline(Path(data), embedder)
        pipeline.add({letter.id: letter.text for letter in store.letters()})
        return lambda text: [{"letter": chunk.letter, "text": chunk.text} for chunk in pipeline.search(text)]

    return _found(archive, questions, data, searching)


def _found(archive: str, questions: str, data: str, opened: Callable[..., Callable[[str], Any]]) -> Figures:
    settings = _settings(data)
    embedder = open_embedder(settings)
    with open_ingested([Path(archive)], settings, embedder) as store:
        questions_asked = load_questions(Path(questions)).questions
        scores = score_search(questions_asked, Corpus.of(store), opened(store, embedder)).values()
        found = float(np.mean([own[FOUND] for own in scores]))
        return {f"evidence among the first five, {len(scores)} questions": found}


def fill(archive: str, data: str, passages: str) -> Figures:
    """Make and publish an archive of about this many passages."""
    began = time.perf_counter()
    with _opened(data) as (store, embedder):
        for batch in _batches(copies(Path(archive), _JOINED), int(passages)):
            vectors = embedder.embed_passages([embedded_text(passage) for own in batch for passage in own])
            ends = np.cumsum([len(own) for own in batch])[:-1]
            store.put([_filing(own, rows) for own, rows in zip(batch, np.split(vectors, ends), strict=True)])
        with prepare_publication(store, Analyser()) as publication:
            publication.publish()
    return {"seconds": time.perf_counter() - began}


def _batches(letters: Iterator[tuple[Letter, list[Passage]]], most: int) -> Iterator[list[list[Passage]]]:
    """Give the passages of letters in batches, until there are this many."""
    total = 0
    while total < most:
        batch: list[list[Passage]] = []
        while total < most and sum(map(len, batch)) < _BATCH:
            batch.append(next(letters)[1])
            total += len(batch[-1])
        yield batch


def _filing(passages: Sequence[Passage], vectors: Any) -> Filing:
    letter = passages[0].letter
    digest = digest_of_words(letter.text)
    record = FileRecord(
        letter.id, letter.source, f"/{letter.source}", letter.sha256, digest, text_digest=digest, passages=len(passages)
    )
    return Filing(record, letter, passages, vectors)


def search(data: str, questions: str, extra: str) -> Figures:
    """Open an archive, search it with each filter, and add letters to it from another process."""
    texts, began = _texts(questions), time.perf_counter()
    library = open_library(_settings(data), open_embedder(_settings(data)))
    archive = library.current()
    archive.search(Query(texts[0]))
    figures = {"open and first search, ms": (time.perf_counter() - began) * 1000}
    for name, filters in _filters(archive.store).items():
        figures |= _timed(f"search, {name}", partial(_search, archive, filters), texts)
    ingest, refresh = [], []
    for path in sorted(Path(extra).iterdir()):
        ingest.append(stage("add", data, path)["ms"])
        began = time.perf_counter()
        library.current()
        refresh.append((time.perf_counter() - began) * 1000)
    seen = {"ingest one letter, ms": np.median(ingest), "see it in a running chat, ms": np.median(refresh)}
    return figures | {name: float(value) for name, value in seen.items()}


def _search(archive: Archive, filters: Filters, text: str) -> object:
    return archive.search(Query(text, filters=filters))


def _filters(store: LetterSource) -> dict[str, Filters]:
    middle = dt.date(FIRST_YEAR + YEARS // 2, 1, 1)
    return {
        "no filter": Filters(),
        "author": Filters(author=Voice.COUNCIL),
        "voice": Filters(voice=Voice.EXECUTIVE),
        "kind": Filters(kind=Kind.ADVICE),
        "from": Filters(since=middle),
        "to": Filters(until=middle),
        "letter": Filters(letter=next(iter(store.cards.values())).reference),
    }


def add(data: str, path: str) -> Figures:
    """Ingest one file."""
    with open_ingest(_settings(data), embedder=open_embedder(_settings(data))) as work:
        began = time.perf_counter()
        work.run([Path(path)])
        return {"ms": (time.perf_counter() - began) * 1000}


def _settings(data: str) -> Settings:
    """Return those of the environment, for an archive in this folder and no server."""
    return replace(Settings.from_environment(os.environ), data=Path(data), chroma=None)


@contextlib.contextmanager
def _opened(data: str) -> Iterator[tuple[Store, Embedder]]:
    embedder = open_embedder(_settings(data))
    with contextlib.closing(open_store(_settings(data), embedder)) as store:
        yield store, embedder


def _texts(questions: str) -> list[str]:
    return [question.question for question in load_questions(Path(questions)).questions]


def _peak_mb() -> float:
    """Return the most memory that this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


STAGES: Final[Mapping[str, Callable[..., Figures]]] = {
    each.__name__: each
    for each in (grow, ours_ingest, peer_ingest, ours_query, peer_query, ours_found, peer_found, fill, search, add)
}

if __name__ == "__main__":
    print(json.dumps(STAGES[sys.argv[1]](*sys.argv[2:])))
