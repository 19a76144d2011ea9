"""Footnotes and italics: what the type of a line in a PDF implies."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.language.courtesies import FAREWELL
from ingest.readers.document import Block, BlockKind
from ingest.readers.layout.cleaning import join_words, repair
from ingest.readers.layout.paragraphs import LABEL
from ingest.readers.pdf.layout import PlacedLine

_SMALLER = 0.93
"""Largest size of a footnote's type relative to that of the letter."""

_APART = 2.2
"""Largest distance, in line heights, between two lines of the same note."""

_MARK = re.compile(r"[^\s\d⁰¹²³⁴-⁹] ([⁰¹²³⁴-⁹]+)")
_NUMBERED = re.compile(r"(\d{1,3})(?:[.)]?\s|(?=[^\W\d_]))")
_GLUED = re.compile(r"\d{1,2}(?=[^\W\d_])")
_LONGEST = 12
"""Largest number of lines of all footnotes of a page where their type is that of the letter."""

_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_LEAST_WORDS = 5
"""Smallest number of words of a quotation recognised by its italics; fewer are a title or a name."""


def usual_height(pages: Iterable[Sequence[PlacedLine]]) -> float:
    """Return the height of a document's type, in points; 0 if it has none."""
    heights = [line.height for page in pages for line in page for _ in range(1 + len(line.text) // 10)]
    return statistics.median(heights) if heights else 0.0


def separate_notes(page: Sequence[PlacedLine], usual: float) -> tuple[list[PlacedLine], list[str]]:
    """Separate the lines of a page from its footnotes.

    A footnote is small, or set apart at the bottom of the page, and begins with a number that the page refers to with a
    superscript.

    Args:
        page: in reading order.
        usual: height of the type of the document.
    """
    small = len(page)
    while small and page[small - 1].height < _SMALLER * usual:
        small -= 1
    marks = {mark.translate(_PLAIN) for line in page[:small] for mark in _MARK.findall(line.text)}
    below = min(small, _apart(page))
    first = next((i for i in range(below, len(page)) if _number_of(page[i]) in marks), len(page))
    last = first + 1
    while last < len(page) and _is_below(page[last - 1], page[last]):
        last += 1
    return [*page[:first], *page[last:]], _notes(page[first:last], marks)


def _apart(page: Sequence[PlacedLine]) -> int:
    """Return the index of the first line set apart at the bottom of a page, which starts with a glued number."""
    for i in range(len(page) - 1, max(0, len(page) - _LONGEST), -1):
        if page[i - 1].bottom - page[i].bottom > _APART * page[i].height:
            return i if _GLUED.match(page[i].text.strip()) else len(page)
    return len(page)


def _number_of(line: PlacedLine) -> str:
    match = _NUMBERED.match(line.text.strip())
    return match[1] if match else ""


def _is_below(above: PlacedLine, line: PlacedLine) -> bool:
    return 0 < above.bottom - line.bottom < _APART * above.height and line.height < above.height / _SMALLER


def _notes(lines: Sequence[PlacedLine], marks: set[str]) -> list[str]:
    notes: list[str] = []
    for line in lines:
        text = re.sub(r"\s+", " ", repair(line.text)).strip()
        number = _number_of(line)
        if not notes or number in marks:
            notes.append(f"{number} {text.removeprefix(number).lstrip()}" if number in marks else text)
        elif text:
            notes[-1] = join_words(notes[-1], text, Counter())
    return [note for note in notes if note]


def mark_quotes(blocks: Sequence[Block], pages: Sequence[Sequence[PlacedLine]]) -> list[Block]:
    """Mark blocks wholly in italics above the signature as quotations, unless most of the document is in italics."""
    lines = [line for page in pages for line in page]
    slanted = sum(len(line.text) for line in lines if line.italic)
    if not slanted or slanted > sum(len(line.text) for line in lines) / 2:
        return list(blocks)
    runs = "".join(_letters(line.text) if line.italic else "\n" for line in lines)
    signed = next((i for i, block in enumerate(blocks) if FAREWELL.match(block.text)), len(blocks))
    quotes = {i for i, block in enumerate(blocks[:signed]) if _is_quote(block, runs)}
    return [replace(block, kind=BlockKind.QUOTE) if i in quotes else block for i, block in enumerate(blocks)]


def _is_quote(block: Block, runs: str) -> bool:
    prose = block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM) and not LABEL.match(block.text)
    return prose and len(block.text.split()) >= _LEAST_WORDS and _letters(block.text) in runs


def _letters(text: str) -> str:
    return "".join(sign for sign in repair(text) if sign.isalnum())
