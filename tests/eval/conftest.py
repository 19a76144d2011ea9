"""The small archive, ingested, and right answers about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.settings import Settings
from eval.datasets.corpus import temporary_store
from ingest.job.job import Ingest
from tests.eval.scripted import QUESTIONS, HashedWords, Script, right_answers, write_letters
from vectorstore.models.embedder import Embedder
from vectorstore.store.store import Store


@pytest.fixture
def embedder() -> Embedder:
    """An embedder that needs no model."""
    return HashedWords()


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A folder of two letters."""
    return write_letters(tmp_path / "letters")


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
    return right_answers(store)
