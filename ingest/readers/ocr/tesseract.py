"""Text recognition in Dutch, by tesseract: pictures of pages become lines, with a confidence per page.

Misreadings are not corrected: even a good guess is a word that the letter's writer may not have used. Only what is
certainly not text (stains, logos, the edge of the paper) is left out.
"""

from __future__ import annotations

import itertools
import os
import statistics
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pytesseract
from pytesseract import pytesseract as tesseract

from ingest.readers.document import Block
from ingest.readers.layout.cleaning import blocks_of
from ingest.readers.ocr.images import RESOLUTION, Picture, has_ink, pages_in, prepare
from vectorstore.errors import UnreadableFile

LANGUAGE = "nld"
CORES = min(os.cpu_count() or 1, 8)
"""Number of pages recognised at the same time; each takes some 200 MB."""

SECONDS = 120
"""Timeout for one page; a normal one takes two seconds."""

_SETTINGS = f"--psm 3 --oem 1 --dpi {RESOLUTION}"
_WELL = 0.7
"""Confidence below which a page may be on its side or upside down."""

_SURE_TURN = 1.0
"""Tesseract's confidence in the orientation of a page below which it is a guess."""

_NOISE = 35
"""Percentage: a line without any word of this confidence is noise."""

_WORD = 60
"""Percentage: a line of one or two characters is only kept at this confidence."""

_APART = 2.0
"""Smallest space between two columns of a table, in line heights."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """The text recognised on a page.

    Attributes:
        text: its lines, with a blank line between paragraphs; empty if nothing was recognised.
        confidence: mean over its words, weighted by length, 0..1.
    """

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as tesseract saw it: its paragraph and line, pixels from the left, and confidence in per cent."""

    paragraph: tuple[int, int]
    line: int
    left: int
    width: int
    height: int
    sure: float
    text: str


def read_image(data: bytes, cores: int = CORES) -> list[Block]:
    """Return the blocks of an image file: each page of a TIFF, the picture of another format.

    Args:
        data: PNG, JPEG, TIFF, GIF, BMP or WebP.
        cores: pages that are recognised at the same time.

    Raises:
        UnreadableFile: it is broken or too large, there is no text on it, or tesseract is missing.
    """
    pages = list(recognise(pages_in(data), cores))
    if not any(page.text for page in pages):
        raise no_text_error()
    blocks = blocks_of([page.text for page in pages], numbered=True)
    return add_confidence(blocks, {number: page.confidence for number, page in enumerate(pages, 1) if page.text})


def no_text_error() -> UnreadableFile:
    """Return the error for a file of pictures without a word on them."""
    return UnreadableFile(
        "Op deze scan is geen tekst herkend.", "Controleer of er tekst op staat en scan hem rechtop met 300 dpi."
    )


def add_confidence(blocks: Iterable[Block], pages: Mapping[int, float]) -> list[Block]:
    """Return blocks with the lowest confidence among the recognised pages they are on."""
    return [
        replace(block, confidence=min((pages[page] for page in _pages_of(block) if page in pages), default=None))
        for block in blocks
    ]


def _pages_of(block: Block) -> list[int]:
    return [page for page in (block.page, *(page for _, page in block.breaks)) if page is not None]


def recognise(pictures: Iterable[Picture], cores: int = CORES) -> Iterator[Recognised]:
    """Yield the text on grey pictures of pages, in order, with at most one picture per core in memory.

    Raises:
        UnreadableFile: tesseract is missing or lacks Dutch, or a page takes too long.
    """
    waiting = iter(pictures)
    with ThreadPoolExecutor(cores) as threads:
        while batch := list(itertools.islice(waiting, cores)):
            yield from threads.map(_recognise_page, batch)


def _recognise_page(picture: Picture) -> Recognised:
    page = prepare(picture)
    if not has_ink(page):
        return Recognised("", 0.0)
    first = _read(page)
    if first.confidence >= _WELL and first.text:
        return first
    turn = _turn(page)
    if not turn:
        return first
    return max(first, _read(prepare(picture.rotate(-turn, expand=True))), key=lambda found: found.confidence)


def _turn(page: Picture) -> int:
    """Return the degrees clockwise by which to rotate a page upright; 0 if tesseract cannot tell."""
    try:
        seen = pytesseract.image_to_osd(page, timeout=SECONDS, output_type=pytesseract.Output.DICT)
    except RuntimeError:
        return 0
    return int(seen["rotate"]) if seen["orientation_conf"] >= _SURE_TURN else 0


def _read(page: Picture) -> Recognised:
    lines = [line for line in _lines(_words(page)) if _is_text(line)]
    letters = sum(len(word.text) for line in lines for word in line)
    if not letters:
        return Recognised("", 0.0)
    sure = sum(word.sure * len(word.text) for line in lines for word in line)
    return Recognised(_lay_out(lines), round(sure / letters / 100, 3))


def _words(page: Picture) -> list[_Word]:
    """Return the words on a page.

    Raises:
        UnreadableFile: tesseract is missing or lacks Dutch, or takes too long.
    """
    _use_one_thread()
    page.format = "PPM"  # an uncompressed format for the hand-over
    try:
        seen = pytesseract.image_to_data(
            page, lang=LANGUAGE, config=_SETTINGS, timeout=SECONDS, output_type=pytesseract.Output.DICT
        )
    except pytesseract.TesseractNotFoundError as error:
        raise _not_installed() from error
    except pytesseract.TesseractError as error:
        raise _not_installed() if LANGUAGE in error.message else _failed() from error
    except RuntimeError as error:
        raise UnreadableFile(
            f"Op een bladzijde is na {SECONDS} seconden nog geen tekst herkend.",
            "Scan de brief opnieuw in grijstinten met 300 dpi.",
        ) from error
    columns = ("block_num", "par_num", "line_num", "left", "width", "height", "conf", "text")
    return [
        _Word((block, paragraph), line, left, width, height, float(sure), text.strip())
        for block, paragraph, line, left, width, height, sure, text in zip(
            *(seen[name] for name in columns), strict=True
        )
        if sure >= 0 and text.strip()
    ]


def _use_one_thread() -> None:
    """Limit tesseract to one thread per page: pages in parallel are faster than threads within one."""
    if "OMP_THREAD_LIMIT" not in tesseract.environ:
        tesseract.environ = ChainMap({"OMP_THREAD_LIMIT": "1"}, tesseract.environ)


def _not_installed() -> UnreadableFile:
    return UnreadableFile(
        "De tekstherkenning voor Nederlands (tesseract) staat niet op deze computer.",
        "Installeer tesseract-ocr en tesseract-ocr-nld, of lees een PDF of Word-bestand met tekst in.",
    )


def _failed() -> UnreadableFile:
    return UnreadableFile("De tekstherkenning loopt hierop vast.", "Scan de brief opnieuw in grijstinten met 300 dpi.")


def _lines(words: Iterable[_Word]) -> list[list[_Word]]:
    return [list(line) for _, line in itertools.groupby(words, key=lambda word: (word.paragraph, word.line))]


def _is_text(line: Sequence[_Word]) -> bool:
    """Check whether a line holds words, not what tesseract makes of a stain, a logo or the edge of the paper."""
    words = [word for word in line if any(sign.isalnum() for sign in word.text)]
    signs = sum(len(word.text) for word in words)
    return bool(words) and max(word.sure for word in words) >= (_NOISE if signs > 2 else _WORD)


def _lay_out(lines: Sequence[Sequence[_Word]]) -> str:
    """Return lines of text, a blank line between paragraphs, two spaces between the columns of a table."""
    text = ""
    for i, line in enumerate(lines):
        if i:
            text += "\n\n" if line[0].paragraph != lines[i - 1][0].paragraph else "\n"
        text += _line(line)
    return text


def _line(words: Sequence[_Word]) -> str:
    height = statistics.median(word.height for word in words)
    text, end = "", 0
    for word in words:
        if text:
            text += "  " if word.left - end > _APART * height else " "
        text, end = text + word.text, word.left + word.width
    return text
