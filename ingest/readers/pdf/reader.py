"""PDF, through pdfium: the text layer of each page, or the recognised text if it is a scan; page numbers kept."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import pypdfium2

from ingest.readers.document import Block, BlockKind
from ingest.readers.layout.cleaning import blocks_of
from ingest.readers.layout.running_headers import SENTENCE_END
from ingest.readers.ocr.tesseract import CORES, add_confidence, no_text_error
from ingest.readers.pdf.footnotes import mark_quotes, separate_notes, usual_height
from ingest.readers.pdf.layout import PlacedLine, order_lines
from ingest.readers.pdf.lines import lines_on, text_of
from ingest.readers.pdf.scans import LEAST_LETTERS, letters_in, recognise_pages
from vectorstore.errors import UnreadableFile


def read_pdf(data: bytes, cores: int = CORES) -> list[Block]:
    """Return the blocks of a PDF, with their pages, and those of scanned pages with the recognition confidence.

    Args:
        data: bytes of the file.
        cores: number of scanned pages to recognise at the same time.

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
        written = [lines_on(document, number) for number in range(len(document))]
        recognised = recognise_pages(document, list(map(text_of, written)), cores)
    finally:
        document.close()
    placed = [[] if i in recognised else order_lines(lines) for i, lines in enumerate(written)]
    blocks = _blocks(placed, {i: page.text for i, page in recognised.items()})
    if sum(letters_in(block.text) for block in blocks) < LEAST_LETTERS:
        raise no_text_error()
    return add_confidence(blocks, {i + 1: page.confidence for i, page in recognised.items()})


def _blocks(placed: Sequence[Sequence[PlacedLine]], recognised: Mapping[int, str]) -> list[Block]:
    """Return the blocks of pages, the footnotes after all others."""
    height = usual_height(placed)
    parted = [separate_notes(lines, height) for lines in placed]
    bodies = [body for body, _ in parted]
    usual = _usual_step(itertools.chain.from_iterable(map(_steps, bodies)))
    pages = [recognised[i] if i in recognised else _lay_out(body, usual) for i, body in enumerate(bodies)]
    notes = [Block(note, BlockKind.NOTE, page) for page, (_, own) in enumerate(parted, 1) for note in own]
    return mark_quotes(blocks_of(pages, numbered=True), bodies) + notes


def _steps(lines: Sequence[PlacedLine]) -> list[float]:
    """Return the distances between the lines of a page, from top to bottom."""
    return [above.bottom - below.bottom for above, below in pairwise(lines) if above.bottom > below.bottom]


def _usual_step(steps: Iterable[float]) -> float:
    return statistics.median([*steps] or [0.0])


def _lay_out(lines: Sequence[PlacedLine], usual: float) -> str:
    """Return the lines of a page, with a blank line wherever the distance to the line above is larger than usual.

    A PDF holds no paragraphs, only positions; the distance between lines is the only trace of them. For a page with few
    lines, the usual distance is that of the other pages.
    """
    most = 1.3 * min(_usual_step(_steps(lines)) or usual, usual)
    laid_out = ""
    for i, line in enumerate(lines):
        apart = i > 0 and _are_apart(lines[i - 1], line, most)
        laid_out += ("\n" if apart else "") + line.text + "\n"
    return laid_out.replace("\ufffe", "-\n")


def _are_apart(above: PlacedLine, line: PlacedLine, most: float) -> bool:
    """Check whether a line begins a paragraph: by its distance, or because italics begin or end with a sentence."""
    if not 0 <= above.bottom - line.bottom <= most:
        return True
    return above.italic is not line.italic and bool(SENTENCE_END.search(above.text))
