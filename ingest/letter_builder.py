"""From the blocks of a file to a letter and its passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from types import MappingProxyType

from ingest.links.references import find_references
from ingest.manifest.table import amend
from ingest.metadata.extract import read_anatomy
from ingest.metadata.sections import split_sections
from ingest.passages import BlockSpan, Sizes, cut
from ingest.readers.document import Block, BlockKind
from ingest.requests.requests import requests_in
from ingest.speakers.attribution import QUOTATION_MARKS, utterances_in
from ingest.speakers.participants import sides_of
from vectorstore.letters import DateBasis, Kind, Letter, Passage, Voice


def letter_of(
    blocks: Sequence[Block],
    *,
    identifier: str,
    source: str,
    sha256: str,
    stated: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Letter, list[BlockSpan]]:
    """Build the letter in a file, and return where its blocks are in its text.

    Args:
        blocks: at least one, as a reader gave them.
        identifier: id of the letter.
        source: path within the folder that was ingested.
        sha256: hex digest of the file.
        stated: the manifest row of the file, as `Manifest.row` gives it; it overrides what is read.
    """
    text, stretches = _lay_out(blocks)
    anatomy = read_anatomy(blocks, source)
    letter = Letter(
        id=identifier,
        text=text,
        source=source,
        sha256=sha256,
        **{attribute.name: getattr(anatomy, attribute.name) for attribute in fields(anatomy)},
        filed=anatomy.date if anatomy.date_basis is DateBasis.FILE else None,
        pages=_pages(blocks, stretches),
        confidence=_confidence(blocks),
    )
    return _add_speech(amend(letter, stated), blocks, stretches), stretches


def _add_speech(letter: Letter, blocks: Sequence[Block], stretches: Sequence[BlockSpan]) -> Letter:
    """Add who speaks in a letter, which letters it refers to and what it asks: all that depends on its author."""
    text, body = letter.text, body_of(letter.text, stretches)
    spans = [(stretch.start, stretch.end) for stretch in stretches]
    apart = [span for block, span in zip(blocks, spans, strict=True) if block.kind is BlockKind.QUOTE]
    utterances = utterances_in(text, sides_of(letter, body[0]), body, apart, letter.date)
    begins = {start for start, _ in apart}
    quoted = [u for u in utterances if text[u.start] in QUOTATION_MARKS or u.start in begins]
    references = find_references(text, author=letter.author, date=letter.date, own=letter.reference, quotations=quoted)
    headings = [span for stretch, span in zip(stretches, spans, strict=True) if stretch.heading]
    own_words = letter.voice is letter.author and letter.kind not in (Kind.MINUTES, Kind.SUMMARY)
    asking = letter.voice if own_words else Voice.UNKNOWN
    requests = requests_in(text, asking, body, utterances, headings)
    return replace(letter, utterances=utterances, references=references, requests=requests)


def passages_of(letter: Letter, stretches: Sequence[BlockSpan], version: str, sizes: Sizes = Sizes()) -> list[Passage]:
    """Return the passages of a letter."""
    return cut(letter, stretches, version, sizes)


def _lay_out(blocks: Sequence[Block]) -> tuple[str, list[BlockSpan]]:
    parts = split_sections(blocks)
    first = len(parts.head) + (1 if parts.salutation else 0)
    last = len(blocks) - len(parts.foot)
    text = ""
    stretches: list[BlockSpan] = []
    for i, block in enumerate(blocks):
        if text:
            text += "\n" if block.tight else "\n\n"
        edge = i < first or i >= last
        heading = block.kind is BlockKind.HEADING and not edge
        stretches.append(BlockSpan(len(text), len(text) + len(block.text), heading, edge))
        text += block.text
    return text, stretches


def body_of(text: str, stretches: Sequence[BlockSpan]) -> tuple[int, int]:
    """Return where a letter's own words begin and end, between salutation and farewell."""
    inner = [stretch for stretch in stretches if not stretch.edge]
    return (inner[0].start, inner[-1].end) if inner else (0, len(text))


def _pages(blocks: Sequence[Block], stretches: Sequence[BlockSpan]) -> tuple[int, ...]:
    """Return the offset at which each page begins; a page without block starts begins where the next one does."""
    marks: list[tuple[int, int]] = []
    for block, stretch in zip(blocks, stretches, strict=True):
        if block.page is not None:
            marks.append((block.page, stretch.start))
        marks.extend((page, stretch.start + offset) for offset, page in block.breaks)
    last = max((page for page, _ in marks), default=0)
    begins = [min(offset for on, offset in marks if on >= page) for page in range(1, last + 1)]
    return (0, *begins[1:]) if begins else ()


def _confidence(blocks: Sequence[Block]) -> tuple[float | None, ...]:
    """Return the recognition confidence of each page, weighted by block length; empty if nothing was recognised."""
    if all(block.confidence is None for block in blocks):
        return ()
    last = max((page for block in blocks for page in (block.page or 1, *(page for _, page in block.breaks))), default=1)
    return tuple(
        _confidence_of([block for block in blocks if (block.page or 1) == page]) for page in range(1, last + 1)
    )


def _confidence_of(blocks: Sequence[Block]) -> float | None:
    """Return the confidence of one page, or None if no block begins on it."""
    known = [(block.confidence, len(block.text)) for block in blocks if block.confidence is not None]
    return sum(sure * length for sure, length in known) / sum(length for _, length in known) if known else None
