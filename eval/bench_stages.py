"""The stages of `python -m eval bench`, each run in a process of its own so that its memory is its own.

    python -m eval.bench_stages STAGE ARGUMENT…

prints one JSON object.
"""

from __future__ import annotations

import json
import os
import random
import re
import resource
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant.assistant import Assistant
from assistant.composition import open_archive, open_embedder, open_store
from assistant.settings import Settings
from eval.corpus import Corpus, temporary_store
from eval.metrics import FOUND, Record, retrieval_scores
from eval.peer import PlainPipeline
from eval.questions import load
from eval.run import passage_json
from ingest.files import files_in
from ingest.job import Ingest
from ingest.reading import Errand, read
from vectorstore.letters import Letter

SEED = 2020
_CHANGED = 0.15
"""Share of the longer words that a varied letter has from elsewhere in the archive."""

WORD = re.compile(r"[^\W\d_]{5,}")
DIGIT = re.compile(r"\d")


def grow(archive: str, out: str, letters: str) -> dict[str, Any]:
    """Write varied copies of the letters of an archive as text files; the same call writes the same."""
    texts = [letter.text for letter in readable(Path(archive))]
    vocabulary = sorted({word for text in texts for word in WORD.findall(text)})
    for number in range(int(letters)):
        chance = random.Random(f"{SEED} {number}")
        text = _varied(texts[number % len(texts)], vocabulary, chance)
        (Path(out) / f"brief-{number:05d}.txt").write_text(text, encoding="utf-8")
    return {"letters": int(letters)}


def readable(archive: Path) -> Iterable[Letter]:
    """The letters in a folder, those that can be read."""
    for file in files_in([archive]):
        yield from (draft.letter for draft in read(Errand(file)) if draft.letter)


def _varied(text: str, vocabulary: list[str], chance: random.Random) -> str:
    """A text with other numbers and some other words."""
    numbers = DIGIT.sub(lambda _digit: str(chance.randint(1, 9)), text)
    return WORD.sub(lambda word: chance.choice(vocabulary) if chance.random() < _CHANGED else word[0], numbers)


def ours_ingest(letters: str, data: str) -> dict[str, Any]:
    """Ingest a folder as `raadsgeheugen ingest` does, and build the BM25 index."""
    settings = settings_for(data)
    embedder = open_embedder(settings)
    store = open_store(settings, embedder)
    began = time.perf_counter()
    report = Ingest(store, embedder).run([Path(letters)])
    open_archive(store, embedder)
    seconds = time.perf_counter() - began
    return _ingested(len(report.entries), store.passage_count(), seconds)


def peer_ingest(letters: str, data: str) -> dict[str, Any]:
    """Ingest the same folder as a plain pipeline does."""
    pipeline = PlainPipeline(Path(data), open_embedder(settings_for(data)))
    began = time.perf_counter()
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(Path(letters).iterdir())}
    chunks = pipeline.add(texts)
    return _ingested(len(texts), chunks, time.perf_counter() - began)


def _ingested(documents: int, passages: int, seconds: float) -> dict[str, Any]:
    return {
        "documents": documents,
        "passages": passages,
        "seconds": seconds,
        "documents_per_second": documents / seconds,
        "passages_per_second": passages / seconds,
        "peak_mb": _peak_mb(),
    }


def ours_query(data: str, questions: str) -> dict[str, Any]:
    """Time search and whole answers over an archive that `ours_ingest` made."""
    settings = settings_for(data)
    embedder = open_embedder(settings)
    assistant = Assistant(open_archive(open_store(settings, embedder), embedder))
    search = _latency(assistant.search, questions, "search")
    return search | _latency(assistant.ask, questions, "ask") | {"peak_mb": _peak_mb()}


def peer_query(data: str, questions: str) -> dict[str, Any]:
    """Time search over an archive that `peer_ingest` made."""
    pipeline = PlainPipeline(Path(data), open_embedder(settings_for(data)))
    return _latency(pipeline.search, questions, "search") | {"peak_mb": _peak_mb()}


def _latency(asked: Callable[[str], object], questions: str, name: str) -> dict[str, float]:
    """Milliseconds a question, the first one asked beforehand so that all is loaded."""
    texts = [question.question for question in load(Path(questions)).questions]
    asked(texts[0])
    milliseconds = []
    for text in texts:
        began = time.perf_counter()
        asked(text)
        milliseconds.append((time.perf_counter() - began) * 1000)
    return {f"{name}_ms_p{p}": float(np.percentile(milliseconds, p)) for p in (50, 95)}


def found(archive: str, questions: str, data: str) -> dict[str, Any]:
    """Share of the questions whose evidence is among the first five passages, in both pipelines."""
    settings = settings_for(data)
    embedder = open_embedder(settings)
    with temporary_store(settings, embedder) as store:
        Ingest(store, embedder).run([Path(archive)])
        corpus = Corpus.of(store)
        assistant = Assistant(open_archive(store, embedder))
        pipeline = PlainPipeline(Path(data), embedder)
        pipeline.add({identifier: letter.text for identifier, letter in corpus.letters.items()})
        asked = [q for q in load(Path(questions)).questions if q.answerable and not corpus.lost(q)]
        ours = [Record(q, tuple(passage_json(h.passage) for h in assistant.search(q.question)), {}, 0.0) for q in asked]
        peers = [
            Record(q, tuple({"letter": c.letter, "text": c.text} for c in pipeline.search(q.question)), {}, 0.0)
            for q in asked
        ]
        return {"questions": len(asked), "ours": _found(ours, corpus), "peer": _found(peers, corpus)}


def _found(records: list[Record], corpus: Corpus) -> float:
    return float(np.mean([own[FOUND] for own in retrieval_scores(records, corpus).values()]))


def settings_for(data: str) -> Settings:
    """Those of the environment, for an archive in this folder and no server."""
    return replace(Settings.from_environment(os.environ), data=Path(data), chroma=None)


def _peak_mb() -> float:
    """Most memory this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


STAGES: dict[str, Callable[..., dict[str, Any]]] = {
    stage.__name__: stage for stage in (grow, ours_ingest, peer_ingest, ours_query, peer_query, found)
}

if __name__ == "__main__":
    print(json.dumps(STAGES[sys.argv[1]](*sys.argv[2:])))
