"""Text recognition in Dutch, by tesseract: pictures of pages become lines, and how sure each page is of them.

What it reads wrongly stays wrong: a word that was guessed right is still a word that the letter's writer may not have
used. Only what is certainly no text (stains, logos, the edge of the paper) is left out.
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

from ingest.cleaning import blocks_of
from ingest.document import Block
from ingest.readers.scans import RESOLUTION, Picture, has_ink, pages_in, prepared
from vectorstore.errors import UnreadableFile

LANGUAGE = "nld"
CORES = min(os.cpu_count() or 1, 8)
"""Pages that are recognised at the same time; each takes some 200 MB."""

SECONDS = 120
"""For one page; a normal one takes two."""

_SETTINGS = f"--psm 3 --oem 1 --dpi {RESOLUTION}"
_WELL = 0.7
"""A page that is recognised less surely than this may lie on its side or upside down."""

_SURE_TURN = 1.0
"""What tesseract calls its confidence in how a page lies; below it, it guesses."""

_NOISE = 35
"""Per cent: a line without any word surer than this is none."""

_WORD = 60
"""Per cent: a line of one or two signs is only kept when it is as sure as this."""

_APART = 2.0
"""Space between two words, in heights of the line, that sets columns of a table apart."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was recognised on a page.

    Attributes:
        text: its lines, with a blank line between paragraphs; empty when nothing was recognised.
        confidence: mean over its words, the longer ones counting for more, 0..1.
    """

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class _Word:
    """A word where tesseract saw it: in which paragraph and line, in pixels from the left, how sure in per cent."""

    paragraph: tuple[int, int]
    line: int
    left: int
    width: int
    height: int
    sure: float
    text: str


def read_image(data: bytes, cores: int = CORES) -> list[Block]:
    """The blocks of an image file: each page of a TIFF, the picture of another format.

    Args:
        data: PNG, JPEG, TIFF, GIF, BMP or WebP.
        cores: pages that are recognised at the same time.

    Raises:
        UnreadableFile: it is broken or too large, there is no text on it, or tesseract is not there.
    """
    pages = list(recognise(pages_in(data), cores))
    if not any(page.text for page in pages):
        raise nothing_recognised()
    blocks = blocks_of([page.text for page in pages], numbered=True)
    return with_confidence(blocks, {number: page.confidence for number, page in enumerate(pages, 1) if page.text})


def nothing_recognised() -> UnreadableFile:
    """For a file of pictures without a word on them."""
    return UnreadableFile(
        "Op deze scan is geen tekst herkend.", "Controleer of er tekst op staat en scan hem rechtop met 300 dpi."
    )


def with_confidence(blocks: Iterable[Block], pages: Mapping[int, float]) -> list[Block]:
    """Blocks with the lowest confidence among the recognised pages they stand on."""
    return [
        replace(block, confidence=min((pages[page] for page in _pages_of(block) if page in pages), default=None))
        for block in blocks
    ]


def _pages_of(block: Block) -> list[int]:
    return [page for page in (block.page, *(page for _, page in block.breaks)) if page is not None]


def recognise(pictures: Iterable[Picture], cores: int = CORES) -> Iterator[Recognised]:
    """What stands on grey pictures of pages, in their order; only so many are in memory as there are cores.

    Raises:
        UnreadableFile: tesseract is not there or cannot read Dutch, or a page takes too long.
    """
    waiting = iter(pictures)
    with ThreadPoolExecutor(cores) as threads:
        while batch := list(itertools.islice(waiting, cores)):
            yield from threads.map(_recognised, batch)


def _recognised(picture: Picture) -> Recognised:
    page = prepared(picture)
    if not has_ink(page):
        return Recognised("", 0.0)
    first = _read(page)
    if first.confidence >= _WELL and first.text:
        return first
    turn = _turn(page)
    if not turn:
        return first
    return max(first, _read(prepared(picture.rotate(-turn, expand=True))), key=lambda found: found.confidence)


def _turn(page: Picture) -> int:
    """Degrees clockwise by which a page must be turned to lie upright; 0 when tesseract cannot tell."""
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
    return Recognised(_laid_out(lines), round(sure / letters / 100, 3))


def _words(page: Picture) -> list[_Word]:
    """The words on a page.

    Raises:
        UnreadableFile: tesseract is not there or cannot read Dutch, or takes too long.
    """
    _use_one_thread()
    page.format = "PPM"  # what is handed over needs no packing
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
    """Have tesseract use one thread a page: pages side by side are faster than threads within one."""
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
    """Whether a line holds words, and not what tesseract makes of a stain, a logo or the edge of the paper."""
    words = [word for word in line if any(sign.isalnum() for sign in word.text)]
    signs = sum(len(word.text) for word in words)
    return bool(words) and max(word.sure for word in words) >= (_NOISE if signs > 2 else _WORD)


def _laid_out(lines: Sequence[Sequence[_Word]]) -> str:
    """Lines of text, a blank line between paragraphs, two spaces between the columns of a table."""
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
