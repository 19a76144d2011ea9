"""What the tests of the job share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest.documents import advice, reply


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two letters."""
    made = tmp_path / "brieven"
    made.mkdir()
    (made / "a.txt").write_text(advice(), encoding="utf-8")
    (made / "b.txt").write_text(reply("Wij nemen uw advies over."), encoding="utf-8")
    return made


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Where the archive is."""
    return tmp_path / "data"
