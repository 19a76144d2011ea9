"""The production retrieval stack over BEIR folders.

A folder holds `corpus.jsonl` (_id, title, text), `queries.jsonl` (_id, text) and `qrels/test.tsv` (query-id, corpus-id,
score). Documents become letters and passages as in an ingest; a document scores as its best passage.
"""

from __future__ import annotations

import csv
import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answers import Language
from assistant.composition import open_archive
from assistant.questions import language_of
from assistant.settings import Settings
from eval.corpus import temporary_store
from eval.ranking import ranking_scores
from ingest.desk import Desk
from ingest.document import Block
from ingest.making import letter_of, passages_of
from ingest.passages import Sizes
from ingest.readers.text import read_text
from ingest.sameness import digest_of
from vectorstore.embedding import Embedder
from vectorstore.errors import UnreadableFile, WrongUse
from vectorstore.letters import Letter, Passage
from vectorstore.search import Archive, Query
from vectorstore.store import FileRecord, Store

_PASSAGES_ASKED = (100, 400)
"""Passages asked for; the next number when the one before gave too few documents."""

_DOCUMENTS = 10
"""Documents that the measures look at."""


@dataclass(frozen=True, slots=True)
class BeirFolder:
    """One test collection.

    Attributes:
        name: of the folder.
        documents: title and text, by id.
        queries: by id; only those that have something relevant.
        relevant: grade of each relevant document, by query id.
    """

    name: str
    documents: Mapping[str, tuple[str, str]]
    queries: Mapping[str, str]
    relevant: Mapping[str, Mapping[str, int]]


def load(folder: Path, limit: int | None = None) -> BeirFolder:
    """The collection in a folder.

    Args:
        folder: holds the three files.
        limit: most queries to take, the first ones; all when None.

    Raises:
        WrongUse: a file is missing or broken.
    """
    try:
        relevant = _relevant(folder / "qrels" / "test.tsv")
        texts = {str(row["_id"]): str(row["text"]) for row in _rows(folder / "queries.jsonl")}
        asked = [identifier for identifier in texts if identifier in relevant][:limit]
        documents = {str(row["_id"]): (row.get("title") or "", row["text"]) for row in _rows(folder / "corpus.jsonl")}
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise WrongUse(
            f"{folder} is not a BEIR folder ({type(error).__name__}: {error}).",
            "It must hold corpus.jsonl, queries.jsonl and qrels/test.tsv.",
        ) from error
    if not asked or not documents:
        raise WrongUse(f"{folder} has no documents, or no queries with judgements.")
    return BeirFolder(folder.resolve().name, documents, {i: texts[i] for i in asked}, {i: relevant[i] for i in asked})


def _rows(path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def _relevant(path: Path) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for query, document, grade in list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]:
            if int(grade) > 0:
                grades.setdefault(query, {})[document] = int(grade)
    return grades


def letter_and_passages(identifier: str, title: str, text: str, sizes: Sizes = Sizes()) -> tuple[Letter, list[Passage]]:
    """A document as an ingest makes it: its title as the letter's subject."""
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
    with Desk(store, embedder) as desk:
        for identifier, (title, text) in folder.documents.items():
            letter, passages = letter_and_passages(identifier, title, text, sizes)
            digest, words = letter.sha256, digest_of(letter.text)
            record = FileRecord(
                letter.id, identifier, identifier, digest, digest, text_digest=words, passages=len(passages)
            )
            desk.take(record, letter, passages)


def documents_found(archive: Archive, text: str) -> list[str]:
    """Ids of the documents found for a query, best first: each where its best passage stands."""
    english = language_of(text) is Language.ENGLISH
    found: list[str] = []
    for count in _PASSAGES_ASKED:
        hits = archive.search(Query(text, count, english))
        found = list(dict.fromkeys(hit.passage.letter.source for hit in hits))
        if len(found) >= _DOCUMENTS or len(hits) < count:
            break
    return found


def measure(
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
