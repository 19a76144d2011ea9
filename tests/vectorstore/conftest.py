from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vectorstore.archives import open_store
from vectorstore.analysis.dutch import Analyser
from vectorstore.store.store import Store


@pytest.fixture(scope="session")
def analyser() -> Analyser:
    """One is enough for all tests."""
    return Analyser()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty archive."""
    opened = open_store(tmp_path / "data")
    yield opened
    opened.close()
