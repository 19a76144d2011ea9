"""The production retrieval stack measured over BEIR folders."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace

import numpy as np

from assistant.composition import open_archive
from assistant.query.language import Wording
from assistant.settings import Settings
from eval.datasets.beir import BeirFolder
from eval.datasets.corpus import temporary_store
from eval.metrics.ranking import ranking_scores
from ingest.duplicates import digest_of_words
from ingest.job.batching import BatchWriter
from ingest.letter_builder import letter_of, passages_of
from ingest.passages import Sizes
from ingest.readers.document import Block
from ingest.readers.text import read_text
from vectorstore.errors import UnreadableFile
from vectorstore.letters import Letter, Passage
from vectorstore.models.embedder import Embedder
from vectorstore.search import Archive, Query
from vectorstore.store.store import FileRecord, Store

_PASSAGES_ASKED = (100, 400)
"""Passages asked for; the next number when the one before gave too few documents."""
_DOCUMENTS = 10
"""Documents that the measures look at."""


def letter_and_passages(identifier: str, title: str, text: str, sizes: Sizes = Sizes()) -> tuple[Letter, list[Passage]]:
    """Return a document as an ingest makes it: its title as the letter's subject."""
    data = (text if text.strip() else title or identifier).replace("\0", " ").encode()
    digest = hashlib.sha256(f"{identifier}\n".encode() + data).hexdigest()
    try:
        blocks = read_text(data) or [Block(title or identifier)]
    except UnreadableFile:
        blocks = [Block(data.decode().strip())]
    letter, stretches = letter_of(blocks, identifier=digest[:24], source=identifier, sha256=digest)
    if title.strip():
        letter = replace(letter, subject=title.strip())
    return letter, passages_of(letter, stretches, digest, sizes)


def index(folder: BeirFolder, store: Store, embedder: Embedder, sizes: Sizes = Sizes()) -> None:
    """Store the documents of a collection as an ingest does, embedded and written many at once."""
    with BatchWriter(store, embedder) as writer:
        for identifier, (title, text) in folder.documents.items():
            letter, passages = letter_and_passages(identifier, title, text, sizes)
            digest, words = letter.sha256, digest_of_words(letter.text)
            record = FileRecord(
                letter.id, identifier, identifier, digest, digest, text_digest=words, passages=len(passages)
            )
            writer.take(record, letter, passages)


def documents_found(archive: Archive, text: str) -> list[str]:
    """Return ids of the documents found for a query, best first: each where its best passage stands."""
    english = Wording(text).english
    found: list[str] = []
    for count in _PASSAGES_ASKED:
        hits = archive.search(Query(text, count, english))
        found = list(dict.fromkeys(hit.passage.letter.source for hit in hits))
        if len(found) >= _DOCUMENTS or len(hits) < count:
            break
    return found


def measure_retrieval(
    folder: BeirFolder, settings: Settings, embedder: Embedder, *, dense: bool = True, expansion: bool = True
) -> dict[str, float]:
    """Index a collection, ask its queries, and give its figures.

    Args:
        folder: the collection.
        settings: of the temporary archive.
        embedder: makes the vectors.
        dense: search by meaning as well as by words.
        expansion: search for synonyms and translations as well.
    """
    with temporary_store(settings, embedder) as store:
        began = time.perf_counter()
        index(folder, store, embedder)
        archive = open_archive(store, embedder if dense else None, expansion=expansion)
        indexing = time.perf_counter() - began
        rankings, seconds = {}, []
        for identifier, text in folder.queries.items():
            began = time.perf_counter()
            rankings[identifier] = documents_found(archive, text)
            seconds.append(time.perf_counter() - began)
        scores = ranking_scores(rankings, folder.relevant)
        means = {name: round(float(np.mean([own[name] for own in scores.values()])), 4) for name in _MEASURES}
        return {
            "documents": len(folder.documents),
            "passages": store.passage_count(),
            "queries": len(folder.queries),
            **means,
            "indexing_seconds": round(indexing, 2),
            "query_seconds": round(float(np.mean(seconds)), 4),
            "query_seconds_p95": round(float(np.percentile(seconds, 95)), 4),
        }


_MEASURES = ("nDCG@10", "recall@5", "recall@10", "MRR")
