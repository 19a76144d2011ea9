"""What is read from scans of letters, against the letters."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.bench_scans import SCAN, run
from vectorstore.errors import WrongUse

SAMPLE = Path("eval/sample/archive")
REAL_LETTERS = Path("../shared/archive")


def needs_programs() -> None:
    missing = [name for name in ("soffice", "pdftoppm", "tesseract") if shutil.which(name) is None]
    if missing and not os.environ.get("CI"):
        pytest.skip(f"not installed: {', '.join(missing)}")


def test_letters_scanned_at_200_dpi_are_read_with_fewer_than_two_errors_in_a_hundred_characters() -> None:
    needs_programs()
    archive = REAL_LETTERS if REAL_LETTERS.is_dir() else SAMPLE
    figures = run(archive, letters=1, qualities=[SCAN])
    assert figures["qualities"][SCAN]["worst_letter"] < 0.02


def test_a_folder_without_letters_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUse):
        run(tmp_path)
