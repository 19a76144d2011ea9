"""Small archives made for a test, and a writer that is another process:

python -m tests.vectorstore.archives DATA LETTERS VERSION [SERVER]
"""

from __future__ import annotations

import contextlib
import datetime as dt
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.fakes import FakeEmbedder
from tests.letters import new_letter
from vectorstore.analysis.dutch import Analyser
from vectorstore.analysis.expansion import Expander, Thesaurus
from vectorstore.indexes.dense import DenseIndex
from vectorstore.indexes.lexical import LexicalIndex
from vectorstore.letters import Kind, Letter, Passage, Voice
from vectorstore.models.embedder import Embedder
from vectorstore.published.generation import latest, publish, workspace
from vectorstore.published.letters import PublishedLetters, write_letters
from vectorstore.search import Archive
from vectorstore.store.engine import Collection, EngineError
from vectorstore.store.store import FileRecord, FileState, Filing, Fingerprint, Location, Store

Result = TypeVar("Result")

EMBEDDER = FakeEmbedder()
FINGERPRINT = Fingerprint(EMBEDDER.fingerprint, "test", "test")

TEXTS = (
    "Wij adviseren het college om de armoedeval tegen te gaan.\n\nWerken moet lonen voor iedereen in de bijstand.",
    "Het college houdt vast aan de taaleis.\n\nWie de taal niet leert, wordt gekort op de uitkering.",
    "De wachttijd van de schuldhulpverlening is te lang.\n\nWij vragen elke maand om de wachttijden.",
)
"""Three letters of two passages."""


def make_letter(number: int, text: str = "", **fields: Any) -> Letter:
    """A letter that differs from the others by its number."""
    values: dict[str, Any] = {
        "kind": Kind.ADVICE,
        "reference": f"CR 2020-{number}",
        "date": dt.date(2020, 1, 1 + number % 28),
        "subject": f"advies {number}",
        "author": Voice.COUNCIL,
        "source": f"map/brief {number}.txt",
    } | fields
    return new_letter(text or TEXTS[number % len(TEXTS)], f"letter-{number}", **values)


def make_passages(letter: Letter, version: str) -> list[Passage]:
    """A passage for each paragraph."""
    passages, start = [], 0
    for number, paragraph in enumerate(letter.text.split("\n\n")):
        passages.append(Passage(f"{letter.id}-{version}-{number}", letter, start, start + len(paragraph)))
        start += len(paragraph) + 2
    return passages


def filing(letter: Letter, version: str = "1") -> Filing:
    """A letter with its passages, ready to be put."""
    passages = make_passages(letter, version)
    record = FileRecord(
        letter.id,
        letter.source,
        f"/{letter.source}",
        letter.sha256,
        version,
        text_digest=version,
        passages=len(passages),
    )
    return Filing(record, letter, passages, EMBEDDER.embed_passages([passage.text for passage in passages]))


def put(store: Store, letter: Letter, version: str = "1") -> list[Passage]:
    """Add or replace a letter."""
    filed = filing(letter, version)
    store.put([filed])
    return list(filed.passages)


def published(store: Store, former: PublishedLetters | None = None) -> PublishedLetters:
    """The letters of a store, published in its folder, taken over from former ones where they did not change."""
    with workspace(store.location.data) as work:
        write_letters(work, store, former)
        publish(
            work,
            revision=store.revision,
            fingerprint=store.fingerprint,
            letters=len(store.versions()),
            passages=store.passage_count(),
        )
    return PublishedLetters(latest(store.location.data))


def archive_of(
    store: Store, analyser: Analyser, embedder: Embedder | None = EMBEDDER, *, synonyms: bool = True, **options: Any
) -> Archive:
    """The letters of a store as they are now, to search."""
    index, dense = LexicalIndex(None, analyser), DenseIndex()
    index.catch_up(store)
    dense.catch_up(store)
    return Archive(store, index, dense, embedder, Expander(analyser, Thesaurus() if synonyms else None), **options)


def in_chroma(store: Store) -> set[str]:
    """Ids of the passages that Chroma holds, those of no letter included."""
    return set(store._chroma.passages.get(include=[])["ids"])


def unreadable(number: int, reason: str = "Dit bestand is leeg.") -> FileRecord:
    """The record of a file that is no letter."""
    name = f"map/kapot {number}.pdf"
    return FileRecord(f"letter-{number}", name, f"/{name}", "1" * 64, "1", FileState.UNREADABLE, reason=reason)


def open_store(data: Path, server: str | None = None, **options: Any) -> Store:
    """The archive in a folder or on a server."""
    return Store(Location(data, server), options.pop("fingerprint", FINGERPRINT), **options)


def refused() -> dict[str, Any]:
    """What Chroma says to who reads a collection while it is dropped, at times."""
    raise EngineError("Missing field: [Missing metadata segment]")


def nothing() -> dict[str, Any]:
    """What Chroma gives who reads a collection while it is dropped, at other times."""
    return {"ids": [], "embeddings": [], "metadatas": [], "documents": []}


def at_the_next_read(
    patch: pytest.MonkeyPatch, happens: Callable[[], object], read: Callable[[], dict[str, Any]]
) -> None:
    """Let something happen at the very moment that rows are read from Chroma, and let that find what `read` gives."""
    whole = Collection.get

    def get(*_: object, **__: object) -> dict[str, Any]:
        patch.setattr(Collection, "get", whole)
        happens()
        return read()

    patch.setattr(Collection, "get", get)


@contextlib.contextmanager
def protected_folder() -> Iterator[Path]:
    """A folder for files that others may read but not write, once `protect` was called."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        try:
            yield folder
        finally:
            for path in (folder, *folder.rglob("*")):
                path.chmod(0o755)


def protect(folder: Path) -> None:
    """Let nobody write in a folder."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)


def as_nobody(work: Callable[..., Result], *arguments: Any) -> Result:
    """Do something in another process, as a user for whom permissions count, which they do not for root."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("forkserver")) as pool:
        return pool.submit(_become_nobody, work, arguments).result()


def _become_nobody(work: Callable[..., Result], arguments: Sequence[Any]) -> Result:
    if os.geteuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    return work(*arguments)


def main(arguments: Sequence[str]) -> None:
    """Put letters from another process and publish each; every text says its version throughout, so that a mixture shows."""
    data, count, version, *server = arguments
    store, former = open_store(Path(data), *server), None
    for number in range(int(count)):
        put(store, make_letter(number, versioned_text(number, version)), version)
        former = published(store, former)
        print(number, flush=True)
    store.close()


def versioned_text(number: int, version: str) -> str:
    """Two paragraphs on the armoedeval, each naming letter and version, of a length that differs by version."""
    filler = "ook " * (len(version) + sum(map(ord, version)) % 7)
    return "\n\n".join(
        f"Versie {version} van brief {number} over de armoedeval, {filler}deel {part}." for part in (1, 2)
    )


if __name__ == "__main__":
    main(sys.argv[1:])
