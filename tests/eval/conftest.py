"""The small archive, ingested, and right answers about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answers import Language
from assistant.settings import Settings
from eval.corpus import temporary_store
from ingest.job import Ingest
from vectorstore.embedding import Embedder
from vectorstore.letters import Voice
from vectorstore.store import Store

from .scripted import BOTH, FACT, NOTHING, POSITION, QUESTIONS, HashedWords, Script, write_letters


@pytest.fixture
def embedder() -> Embedder:
    """An embedder that needs no model."""
    return HashedWords()


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A folder of two letters."""
    folder = tmp_path / "letters"
    folder.mkdir()
    write_letters(folder)
    return folder


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Four questions about them."""
    path = tmp_path / "voorbeeld.yaml"
    path.write_text(QUESTIONS, encoding="utf-8")
    return path


@pytest.fixture
def store(letters: Path, embedder: Embedder) -> Iterator[Store]:
    """The letters, ingested."""
    with temporary_store(Settings(), embedder) as opened:
        Ingest(opened, embedder).run([letters])
        yield opened


@pytest.fixture
def script(store: Store) -> Script:
    """Right answers to all four questions, for a test to spoil."""
    made = Script(store, {})
    made.answer(POSITION, made.citation("advies-2020.txt", "nooit kan leiden tot een armoedeval", voice=Voice.COUNCIL))
    made.answer(FACT, made.citation("reactie-2020.txt", "300 mensen extra begeleiden", voice=Voice.EXECUTIVE))
    made.answer(
        BOTH,
        made.citation("advies-2020.txt", "meedoen aan het programma"),
        made.citation("reactie-2020.txt", "houdt vast aan het programma"),
        language=Language.ENGLISH,
    )
    made.refuse(NOTHING)
    return made
