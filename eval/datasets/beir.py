"""The production retrieval stack over BEIR folders.

A folder holds `corpus.jsonl` (_id, title, text), `queries.jsonl` (_id, text) and `qrels/test.tsv` (query-id, corpus-id,
score). Documents become letters and passages as in an ingest; a document scores as its best passage.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vectorstore.errors import WrongUse


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


def load_beir(folder: Path, limit: int | None = None) -> BeirFolder:
    """Read the collection in a folder.

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
