"""From the blocks of a file to a letter and its passages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.anatomy import parts_of, read_anatomy
from ingest.document import Block, BlockKind
from ingest.passages import Sizes, Stretch, cut
from ingest.references import references_in
from ingest.requests import requests_in
from ingest.voices import QUOTATION_MARKS, utterances_in
from vectorstore.letters import DateBasis, Kind, Letter, Passage, Voice


def letter_of(blocks: Sequence[Block], *, identifier: str, source: str, sha256: str) -> tuple[Letter, list[Stretch]]:
    """The letter in a file, and where its blocks stand in its text.

    Args:
        blocks: at least one, as a reader gave them.
        identifier: id of the letter.
        source: path within the folder that was ingested.
        sha256: hex digest of the file.
    """
    text, stretches = _laid_out(blocks)
    anatomy = read_anatomy(blocks)
    letter = Letter(
        id=identifier,
        text=text,
        source=source,
        sha256=sha256,
        kind=anatomy.kind,
        reference=anatomy.reference,
        date=anatomy.date,
        date_basis=DateBasis.STATED if anatomy.date else DateBasis.UNKNOWN,
        subject=anatomy.subject,
        author=anatomy.author,
        sender=anatomy.sender,
        addressee=anatomy.addressee,
        voice=anatomy.voice,
        pages=_pages(blocks, stretches),
    )
    return _heard(letter, blocks, stretches), stretches


def passages_of(letter: Letter, stretches: Sequence[Stretch], version: str, sizes: Sizes = Sizes()) -> list[Passage]:
    """The passages of a letter."""
    return cut(letter, stretches, version, sizes)


def text_digest(text: str) -> str:
    """Digest of a text that is the same for the same words, whatever their case, layout and quotation marks."""
    return hashlib.sha256("".join(re.findall(r"\w+", text.casefold())).encode()).hexdigest()


def _heard(letter: Letter, blocks: Sequence[Block], stretches: Sequence[Stretch]) -> Letter:
    """A letter with who speaks where in it, which others it names, and what it asks."""
    text, body = letter.text, _body(letter.text, stretches)
    spans = [(stretch.start, stretch.end) for stretch in stretches]
    apart = [span for block, span in zip(blocks, spans, strict=True) if block.kind is BlockKind.QUOTE]
    utterances = utterances_in(text, letter.voice, body, apart, letter.date)
    begins = {start for start, _ in apart}
    quoted = [u for u in utterances if text[u.start] in QUOTATION_MARKS or u.start in begins]
    references = references_in(text, author=letter.author, date=letter.date, own=letter.reference, quotations=quoted)
    headings = [span for stretch, span in zip(stretches, spans, strict=True) if stretch.heading]
    own_words = letter.voice is letter.author and letter.kind not in (Kind.MINUTES, Kind.SUMMARY)
    requests = requests_in(text, letter.voice if own_words else Voice.UNKNOWN, body, utterances, headings)
    return replace(letter, utterances=utterances, references=references, requests=requests)


def _laid_out(blocks: Sequence[Block]) -> tuple[str, list[Stretch]]:
    parts = parts_of(blocks)
    first = len(parts.head) + (1 if parts.salutation else 0)
    last = len(blocks) - len(parts.foot)
    text = ""
    stretches: list[Stretch] = []
    for i, block in enumerate(blocks):
        if text:
            text += "\n" if block.tight else "\n\n"
        edge = i < first or i >= last
        heading = block.kind is BlockKind.HEADING and not edge
        stretches.append(Stretch(len(text), len(text) + len(block.text), heading, edge))
        text += block.text
    return text, stretches


def _body(text: str, stretches: Sequence[Stretch]) -> tuple[int, int]:
    inner = [stretch for stretch in stretches if not stretch.edge]
    return (inner[0].start, inner[-1].end) if inner else (0, len(text))


def _pages(blocks: Sequence[Block], stretches: Sequence[Stretch]) -> tuple[int, ...]:
    """Offset at which each page begins; a page on which nothing begins begins where the next one does."""
    marks: list[tuple[int, int]] = []
    for block, stretch in zip(blocks, stretches, strict=True):
        if block.page is not None:
            marks.append((block.page, stretch.start))
        marks.extend((page, stretch.start + offset) for offset, page in block.breaks)
    last = max((page for page, _ in marks), default=0)
    begins = [min(offset for on, offset in marks if on >= page) for page in range(1, last + 1)]
    return (0, *begins[1:]) if begins else ()
