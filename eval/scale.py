"""How search, adding one letter and opening grow with the archive: the stages of `python -m eval bench --scale`.

    python -m eval.scale STAGE ARGUMENT…

prints one JSON object.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant.composition import open_archive, open_dense, open_embedder, open_store
from eval.bench import stage
from eval.bench_stages import DIGIT, SEED, WORD, grow, readable, settings_for
from eval.questions import load
from ingest.desk import embedded_text
from ingest.job import Ingest
from ingest.making import passages_of
from ingest.passages import Stretch
from ingest.sameness import digest_of
from vectorstore.letters import DateBasis, Filters, Kind, Letter, Passage, Precision, Voice
from vectorstore.search import Archive, Query
from vectorstore.store import FileRecord, Filing, Store

_CHANGED = 0.15
"""Share of the longer words of a copy that come from elsewhere in the archive."""

_JOINED = 5
"""Sample letters that make one letter of about twenty passages."""

_BATCH = 4000
"""Passages embedded and put at once."""

_ADDED = 3
"""Letters added one by one."""

_FIRST_YEAR, _YEARS = 2005, 20


def scale(archive: Path, questions: Path, sizes: Sequence[int]) -> dict[str, Any]:
    """Measure archives of so many passages.

    Args:
        archive: letters that varied copies are made of, and that the questions are about.
        questions: question file over it.
        sizes: passages in each archive.

    Raises:
        WrongUse: a stage failed; says what it said.
    """
    figures: dict[str, Any] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="raadsgeheugen-scale-") as name:
            data, extra = Path(name) / "data", Path(name) / "extra"
            extra.mkdir()
            stage("fill", archive, data, size, module=__spec__.name)
            grow(str(archive), str(extra), str(_ADDED))
            figures[str(size)] = stage("measure", data, questions, extra, module=__spec__.name)
    return {"sizes": figures}


def fill(archive: str, data: str, passages: str) -> dict[str, Any]:
    """Make an archive of about this many passages."""
    embedder = open_embedder(settings_for(data))
    store = open_store(settings_for(data), embedder)
    began = time.perf_counter()
    for batch in _batches(copies(Path(archive)), int(passages)):
        vectors = embedder.embed_passages([embedded_text(passage) for _, own in batch for passage in own])
        first = np.cumsum([0, *(len(own) for _, own in batch)])
        store.put([_filing(own, vectors[first[i] : first[i + 1]]) for i, (_, own) in enumerate(batch)])
    open_archive(store, embedder)
    return {"seconds": time.perf_counter() - began, "passages": store.passage_count()}


def _filing(passages: Sequence[Passage], vectors: Any) -> Filing:
    letter = passages[0].letter
    digest = digest_of(letter.text)
    record = FileRecord(
        letter.id, letter.source, f"/{letter.source}", letter.sha256, digest, text_digest=digest, passages=len(passages)
    )
    return Filing(record, letter, passages, vectors)


def _batches(
    letters: Iterator[tuple[Letter, list[Passage]]], most: int
) -> Iterator[list[tuple[Letter, list[Passage]]]]:
    """Letters in batches, until there are this many passages."""
    total = waiting = 0
    batch: list[tuple[Letter, list[Passage]]] = []
    while total < most:
        batch.append(next(letters))
        total, waiting = total + len(batch[-1][1]), waiting + len(batch[-1][1])
        if waiting >= _BATCH or total >= most:
            yield batch
            batch, waiting = [], 0


def copies(archive: Path, joined: int = _JOINED, changed: float = _CHANGED) -> Iterator[tuple[Letter, list[Passage]]]:
    """Endlessly many varied letters; words are exchanged for others of the same length, so all offsets hold.

    Args:
        archive: letters that they are made of.
        joined: how many of those make one.
        changed: share of the longer words that come from elsewhere in the archive.
    """
    originals = list(readable(archive))
    vocabulary: dict[int, list[str]] = {}
    for word in sorted({word for letter in originals for word in WORD.findall(letter.text)}):
        vocabulary.setdefault(len(word), []).append(word)
    number = 0
    while True:
        chance = random.Random(f"{SEED} {number}")
        chosen = chance.sample(originals, min(joined, len(originals)))
        letter = _varied(_joined(chosen, number, chance), vocabulary, chance, changed)
        yield letter, passages_of(letter, _paragraphs(letter.text), letter.id)
        number += 1


def _joined(letters: Sequence[Letter], number: int, chance: random.Random) -> Letter:
    """One letter with the texts of several, dated and numbered anew."""
    date = dt.date(_FIRST_YEAR + number % _YEARS, 1 + chance.randrange(12), 1 + chance.randrange(28))
    return replace(
        letters[0],
        id=f"{number:016x}",
        source=f"brief-{number:06d}.txt",
        text="\n\n".join(letter.text for letter in letters),
        reference=f"CRV {date.year}-{number}",
        date=date,
        date_basis=DateBasis.STATED,
        date_precision=Precision.DAY,
        pages=(),
        confidence=(),
    )


def _varied(letter: Letter, vocabulary: Mapping[int, Sequence[str]], chance: random.Random, changed: float) -> Letter:
    numbers = DIGIT.sub(lambda _digit: str(chance.randint(1, 9)), letter.text)

    def other(word: str) -> str:
        return chance.choice(vocabulary[len(word)]) if chance.random() < changed else word

    return replace(letter, text=WORD.sub(lambda match: other(match[0]), numbers))


def _paragraphs(text: str) -> list[Stretch]:
    stretches, start = [], 0
    for paragraph in text.split("\n\n"):
        if paragraph.strip():
            stretches.append(Stretch(start, start + len(paragraph)))
        start += len(paragraph) + 2
    return stretches


def measure(data: str, questions: str, extra: str) -> dict[str, Any]:
    """Open an archive, search it with each filter, and add letters to it from another process."""
    embedder = open_embedder(settings_for(data))
    began = time.perf_counter()
    store = open_store(settings_for(data), embedder)
    archive = open_archive(store, embedder)
    first = load(Path(questions)).questions[0].question
    archive.search(Query(first))
    opening = (time.perf_counter() - began) * 1000
    texts = [question.question for question in load(Path(questions)).questions]
    search = {name: _search(archive, texts, filters) for name, filters in _filters(store).items()}
    return {
        "letters": len(store.cards),
        "passages": store.passage_count(),
        "open_ms": opening,
        "search_ms": search,
        **_added(archive, data, Path(extra)),
    }


def _filters(store: Store) -> dict[str, Filters]:
    middle = dt.date(_FIRST_YEAR + _YEARS // 2, 1, 1)
    reference = next(iter(store.cards.values())).reference
    return {
        "none": Filters(),
        "author": Filters(author=Voice.COUNCIL),
        "voice": Filters(voice=Voice.EXECUTIVE),
        "kind": Filters(kind=Kind.ADVICE),
        "from": Filters(since=middle),
        "to": Filters(until=middle),
        "letter": Filters(letter=reference),
    }


def _search(archive: Archive, texts: Sequence[str], filters: Filters) -> dict[str, float]:
    """Milliseconds a search, the passages fetched."""
    milliseconds = []
    for text in texts:
        began = time.perf_counter()
        archive.search(Query(text, filters=filters))
        milliseconds.append((time.perf_counter() - began) * 1000)
    return {f"p{p}": float(np.percentile(milliseconds, p)) for p in (50, 95)}


def _added(archive: Archive, data: str, extra: Path) -> dict[str, float]:
    """Milliseconds to ingest one letter in another process and to see it in this one."""
    ingest, refresh = [], []
    for path in sorted(extra.iterdir()):
        ingest.append(stage("add", data, path, module=__spec__.name)["ingest_ms"])
        began = time.perf_counter()
        archive.refresh()
        refresh.append((time.perf_counter() - began) * 1000)
    return {"ingest_ms": float(np.median(ingest)), "refresh_ms": float(np.median(refresh))}


def add(data: str, path: str) -> dict[str, float]:
    """Ingest one file."""
    embedder = open_embedder(settings_for(data))
    store = open_store(settings_for(data), embedder)
    work = Ingest(store, embedder, dense=open_dense(store))
    began = time.perf_counter()
    work.run([Path(path)])
    return {"ingest_ms": (time.perf_counter() - began) * 1000}


def markdown(figures: Mapping[str, Any]) -> str:
    """The figures as a Markdown table, a column for each size and one for the ratio of the last to the first."""
    sizes = list(figures["sizes"].values())
    lines = [
        "| | " + " | ".join(f"{own['passages']:,} passages" for own in sizes) + " | ratio |",
        "|---|" + "--:|" * (len(sizes) + 1),
    ]
    for name in sizes[0]["search_ms"]:
        filtered = f", filter {name}" if name != "none" else ""
        for part in ("p50", "p95"):
            lines.append(_row(f"search{filtered}: {part}, ms", [own["search_ms"][name][part] for own in sizes]))
    for title, name in (
        ("open and first search, ms", "open_ms"),
        ("ingest one letter, ms", "ingest_ms"),
        ("see it in a running chat, ms", "refresh_ms"),
    ):
        lines.append(_row(title, [own[name] for own in sizes]))
    return "\n".join(lines)


def _row(title: str, values: Sequence[float]) -> str:
    return f"| {title} | " + " | ".join(f"{value:.1f}" for value in values) + f" | {values[-1] / values[0]:.2f} |"


STAGES: dict[str, Callable[..., dict[str, Any]]] = {one.__name__: one for one in (fill, measure, add)}

if __name__ == "__main__":
    print(json.dumps(STAGES[sys.argv[1]](*sys.argv[2:])))
