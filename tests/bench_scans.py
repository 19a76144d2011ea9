"""How well scans are read: letters become scans of several qualities, and what is read is compared with the letter.

    python -m tests.bench_scans ARCHIVE [SCANS]

prints the figures, or writes a scan of each letter in the folder SCANS, for its questions to be asked of

Each letter is typeset by LibreOffice, drawn by poppler, and spoiled as a scanner would. The measure is the character
error rate: insertions, deletions and substitutions between the letter and what is read, white space made the same, for each
character of the letter.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import numpy as np
from docx.shared import Pt
from PIL import Image
from rapidfuzz.distance import Levenshtein

from ingest.readers.ocr.tesseract import read_image
from ingest.readers.pdf.reader import read_pdf
from ingest.readers.text import decode_text
from vectorstore.errors import WrongUse

SCAN = "200 dpi"
"""The quality that is gated."""

_FONTS = ("Liberation Serif", "Liberation Sans", "Carlito")
_SIZE = 11
_BARE = re.compile(r"\s+")
_SECONDS = 180

Picture = Image.Image


@dataclass(frozen=True, slots=True)
class Quality:
    """How a page is scanned.

    Attributes:
        resolution: dots per inch.
        spoil: what the scanner does to the page.
        keep: format of the file, with how it is written.
    """

    resolution: int = 200
    spoil: Callable[[Picture], Picture] = lambda picture: picture
    keep: tuple[str, dict[str, Any]] = ("PDF", {})


def _turned(degrees: float) -> Callable[[Picture], Picture]:
    return lambda picture: picture.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=255)


def _noisy(picture: Picture) -> Picture:
    noise = np.random.default_rng(1).normal(10, 18, (picture.height, picture.width))
    return Image.fromarray((np.asarray(picture) * 0.9 + noise).clip(0, 255).astype(np.uint8))


def _shaded(picture: Picture) -> Picture:
    return Image.fromarray((np.asarray(picture) * np.linspace(1, 0.45, picture.width)).astype(np.uint8))


def _coarsely_packed(picture: Picture) -> Picture:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=40)
    return Image.open(buffer).convert("L")


QUALITIES = {
    SCAN: Quality(),
    "200 dpi, image file": Quality(keep=("TIFF", {"compression": "tiff_lzw"})),
    "150 dpi": Quality(150),
    "300 dpi": Quality(300),
    "turned 0.5°": Quality(spoil=_turned(0.5)),
    "turned 1.5°": Quality(spoil=_turned(-1.5)),
    "upside down": Quality(spoil=lambda picture: picture.rotate(180)),
    "noise": Quality(spoil=_noisy),
    "shadow": Quality(spoil=_shaded),
    "JPEG quality 40": Quality(spoil=_coarsely_packed),
}
"""The scans that are made of each letter."""


def run(archive: Path, letters: int | None = None, qualities: Sequence[str] = tuple(QUALITIES)) -> dict[str, Any]:
    """The character error rates and the seconds a page over the plain-text letters of a folder.

    Args:
        archive: folder of letters.
        letters: only so many of them, by name.
        qualities: names in QUALITIES.

    Raises:
        WrongUse: there are no letters, or LibreOffice or poppler is missing.
    """
    files = _letters(archive)[:letters]
    with tempfile.TemporaryDirectory(prefix="raadsgeheugen-recognition-") as name:
        texts = {
            _typeset(file, Path(name), number): decode_text(file.read_bytes()) for number, file in enumerate(files)
        }
        figures = {quality: _measured(texts, QUALITIES[quality]) for quality in qualities}
    return {"letters": len(files), "qualities": figures}


def write_scans(archive: Path, out: Path) -> None:
    """Write a scan at 200 dpi of each plain-text letter of a folder under the name of the letter itself.

    What a file is called does not matter to the readers, and so the questions over the letters can be asked of the scans.

    Raises:
        WrongUse: there are no letters, or LibreOffice or poppler is missing.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="raadsgeheugen-scans-") as name:
        for number, file in enumerate(_letters(archive)):
            (out / file.name).write_bytes(_scan(_typeset(file, Path(name), number), QUALITIES[SCAN])[0])


def _letters(archive: Path) -> list[Path]:
    found = sorted(archive.glob("*.txt"))
    if not found:
        raise WrongUse(f"There are no letters in plain text in {archive}.", "Name another folder.")
    return found


def _typeset(file: Path, folder: Path, number: int) -> Path:
    """A letter as PDF, one line of its text a paragraph."""
    document = docx.Document()
    normal = document.styles["Normal"].font
    normal.name, normal.size = _FONTS[number % len(_FONTS)], Pt(_SIZE)
    for line in decode_text(file.read_bytes()).replace("\f", "\n").split("\n"):
        if line.strip():
            document.add_paragraph(line.strip())
    source = folder / f"{number}.docx"
    document.save(str(source))
    profile = f"-env:UserInstallation=file://{folder}/profile"
    _program("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source))
    return source.with_suffix(".pdf")


def _program(name: str, *arguments: str) -> None:
    program = shutil.which(name)
    if program is None:
        raise WrongUse(f"The program {name} is not installed.", "Install LibreOffice and poppler-utils.")
    subprocess.run([program, *arguments], check=True, capture_output=True, timeout=_SECONDS)


def _measured(texts: dict[Path, str], quality: Quality) -> dict[str, Any]:
    errors: dict[str, float] = {}
    wrong = characters = pages = 0
    seconds = 0.0
    for source, text in texts.items():
        data, count = _scan(source, quality)
        began = time.perf_counter()
        blocks = read_pdf(data) if quality.keep[0] == "PDF" else read_image(data)
        seconds += time.perf_counter() - began
        expected, found = _plain(text), _plain(" ".join(block.text for block in blocks))
        distance = Levenshtein.distance(expected, found)
        errors[source.stem] = round(distance / len(expected), 5)
        wrong, characters, pages = wrong + distance, characters + len(expected), pages + count
    return {
        "character_error_rate": round(wrong / characters, 5),
        "worst_letter": max(errors.values()),
        "pages": pages,
        "seconds_per_page": round(seconds / pages, 2),
    }


def _scan(source: Path, quality: Quality) -> tuple[bytes, int]:
    """A scan of a PDF, and how many pages it has."""
    stem = source.with_name(f"{source.stem}-{quality.resolution}")
    if not list(source.parent.glob(f"{stem.name}-*.png")):
        _program("pdftoppm", "-r", str(quality.resolution), "-gray", "-png", str(source), str(stem))
    pages = [quality.spoil(Image.open(page).convert("L")) for page in sorted(source.parent.glob(f"{stem.name}-*.png"))]
    buffer = io.BytesIO()
    kind, options = quality.keep
    pages[0].save(buffer, kind, save_all=True, append_images=pages[1:], resolution=quality.resolution, **options)
    return buffer.getvalue(), len(pages)


def _plain(text: str) -> str:
    """A text with all its white space made the same."""
    return _BARE.sub(" ", text).strip()


def main(archive: str, scans: str | None = None) -> None:
    """Print the figures, or write the scans."""
    if scans:
        write_scans(Path(archive), Path(scans))
        return
    for name, own in run(Path(archive))["qualities"].items():
        rate, worst = own["character_error_rate"], own["worst_letter"]
        print(f"{name:<22} {rate:7.2%} wrong   worst letter {worst:7.2%}   {own['seconds_per_page']:.2f} s a page")


if __name__ == "__main__":
    main(*sys.argv[1:])
