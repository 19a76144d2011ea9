"""PDF, through pdfium: the text layer of each page, or what is recognised on it when it is a scan; page numbers kept."""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterable, Sequence
from itertools import pairwise

import pypdfium2

from ingest.cleaning import blocks_of
from ingest.document import Block
from ingest.readers.ocr import CORES, nothing_recognised, with_confidence
from ingest.readers.pdf_scans import LEAST_LETTERS, letters_in, recognised_pages
from vectorstore.errors import UnreadableFile

_Placed = tuple[str, float | None]
"""A line and the height of its baseline."""


def read_pdf(data: bytes, cores: int = CORES) -> list[Block]:
    """The blocks of a PDF, each with the page it begins on; those of scanned pages with the confidence of recognition.

    Args:
        data: bytes of the file.
        cores: scanned pages that are recognised at the same time.

    Raises:
        UnreadableFile: it is broken, locked with a password, has no text anywhere, or has scanned pages that cannot be
            recognised.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableFile(
                "Deze PDF is beveiligd met een wachtwoord.", "Bewaar een kopie zonder wachtwoord en lees die in."
            ) from error
        raise UnreadableFile(
            "Deze PDF is beschadigd.", "Open het bestand zelf en bewaar het opnieuw, of vraag een nieuwe kopie."
        ) from error
    try:
        placed = [_placed_lines(document, number) for number in range(len(document))]
        recognised = recognised_pages(document, ["\n".join(line for line, _ in lines) for lines in placed], cores)
    finally:
        document.close()
    usual = _usual_step(itertools.chain.from_iterable(map(_steps, placed)))
    pages = [
        recognised[number].text if number in recognised else _laid_out(lines, usual)
        for number, lines in enumerate(placed)
    ]
    if sum(map(letters_in, pages)) < LEAST_LETTERS:
        raise nothing_recognised()
    sure = {number + 1: page.confidence for number, page in recognised.items()}
    return with_confidence(blocks_of(pages, numbered=True), sure)


def _placed_lines(document: pypdfium2.PdfDocument, number: int) -> list[_Placed]:
    """The lines of one page with their places, none for a page that is broken."""
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return []
    try:
        text = page.get_textpage()
        try:
            return [
                (match[0], _baseline(text, match.start() + len(match[0]) - len(match[0].lstrip())))
                for match in re.finditer(r"[^\r\n]*[^\s][^\r\n]*", str(text.get_text_range()))
            ]
        finally:
            text.close()
    finally:
        page.close()


def _steps(lines: Sequence[_Placed]) -> list[float]:
    """Distances between the lines of a page, from top to bottom."""
    steps = [above - below for (_, above), (_, below) in pairwise(lines) if above is not None and below is not None]
    return [step for step in steps if step > 0]


def _usual_step(steps: Iterable[float]) -> float:
    return statistics.median([*steps] or [0.0])


def _laid_out(lines: Sequence[_Placed], usual: float) -> str:
    """The lines of a page, with a blank line wherever the distance to the line above is larger than usual.

    A PDF holds no paragraphs, only places; the distance between lines is what is left of them. What is usual on a page
    with few lines is told by the other pages.
    """
    most = 1.3 * min(_usual_step(_steps(lines)) or usual, usual)
    laid_out = ""
    for i, (line, place) in enumerate(lines):
        above = lines[i - 1][1] if i else None
        apart = above is not None and place is not None and not 0 <= above - place <= most
        laid_out += ("\n" if apart else "") + line + "\n"
    return laid_out.replace("\ufffe", "-\n")


def _baseline(text: pypdfium2.PdfTextPage, index: int) -> float | None:
    """Height of a character on its page in points, None when pdfium has no place for it."""
    try:
        return float(text.get_charbox(index, loose=True)[1])
    except pypdfium2.PdfiumError:
        return None
