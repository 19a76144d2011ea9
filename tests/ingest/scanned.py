"""Scans made for a test: pages of a letter drawn as a scanner would see them."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from tests.ingest.documents import pdf

LINES = [
    "Cliëntenraad Voorbeeld",
    "",
    "Aan het college van burgemeester en wethouders van Voorbeeld",
    "",
    "Datum: 30 januari 2020",
    "Ons kenmerk: CRV 2020-01",
    "",
    "Geacht college,",
    "",
    "Wij vinden dat werken moet lonen, en daarom vragen wij de gemeente om",
    "de premie op werk te behouden. Dat is ook wat het Rijk wil, en wat de",
    "gemeente zelf eerder heeft gezegd.",
    "",
    "Wij wachten uw antwoord met belangstelling af.",
]
"""A letter of a council; everything in it is fictional."""


def needs_tesseract() -> None:
    """Skip the test where there is no tesseract for Dutch, except in CI."""
    program = shutil.which("tesseract")
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=True) if program else None
    if (listed is None or "nld" not in listed.stdout.split()) and not os.environ.get("CI"):
        pytest.skip("tesseract with Dutch (nld) is not installed")


def drawn(lines: Sequence[str] = LINES, *, resolution: int = 200) -> Image.Image:
    """A page with these lines in grey."""
    document = pypdfium2.PdfDocument(pdf([lines]))
    picture = document[0].render(scale=resolution / 72, grayscale=True).to_pil()
    document.close()
    return picture.convert("L")


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """The bytes of a picture in a file of some kind; PDF too."""
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def rasterised(source: Path, *, resolution: int = 200) -> list[Image.Image]:
    """The pages of a PDF as poppler draws them; the test is skipped where there is no poppler, except in CI."""
    program = shutil.which("pdftoppm")
    if program is None and not os.environ.get("CI"):
        pytest.skip("poppler (pdftoppm) is not installed")
    assert program is not None
    stem = source.with_suffix("")
    subprocess.run([program, "-r", str(resolution), "-gray", "-png", str(source), str(stem)], check=True, timeout=120)
    return [Image.open(page).convert("L") for page in sorted(source.parent.glob(f"{stem.name}-*.png"))]
