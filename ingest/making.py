"""From the blocks of a file to a letter and its passages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from types import MappingProxyType

from ingest.anatomy import read_anatomy
from ingest.document import Block, BlockKind
from ingest.manifest import amended
from ingest.parts import parts_of
from ingest.passages import Sizes, Stretch, cut
from ingest.references import references_in
from ingest.requests import requests_in
from ingest.sides import sides_of
from ingest.voices import QUOTATION_MARKS, utterances_in
from vectorstore.letters import DateBasis, Kind, Letter, Passage, Voice


def letter_of(
    blocks: Sequence[Block],
    *,
    identifier: str,
    source: str,
    sha256: str,
    stated: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Letter, list[Stretch]]:
    """The letter in a file, and where its blocks stand in its text.

    Args:
        blocks: at least one, as a reader gave them.
        identifier: id of the letter.
        source: path within the folder that was ingested.
        sha256: hex digest of the file.
        stated: what the manifest says of the file, as `Manifest.row` gives it; it outranks what is read.
    """
    text, stretches = _laid_out(blocks)
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
    return _heard(amended(letter, stated), blocks, stretches), stretches


def _heard(letter: Letter, blocks: Sequence[Block], stretches: Sequence[Stretch]) -> Letter:
    """A letter with who speaks in it, which letters it names and what it asks: all that depends on who wrote it."""
    text, body = letter.text, body_of(letter.text, stretches)
    spans = [(stretch.start, stretch.end) for stretch in stretches]
    apart = [span for block, span in zip(blocks, spans, strict=True) if block.kind is BlockKind.QUOTE]
    utterances = utterances_in(text, sides_of(letter, body[0]), body, apart, letter.date)
    begins = {start for start, _ in apart}
    quoted = [u for u in utterances if text[u.start] in QUOTATION_MARKS or u.start in begins]
    references = references_in(text, author=letter.author, date=letter.date, own=letter.reference, quotations=quoted)
    headings = [span for stretch, span in zip(stretches, spans, strict=True) if stretch.heading]
    own_words = letter.voice is letter.author and letter.kind not in (Kind.MINUTES, Kind.SUMMARY)
    asking = letter.voice if own_words else Voice.UNKNOWN
    requests = requests_in(text, asking, body, utterances, headings)
    return replace(letter, utterances=utterances, references=references, requests=requests)


def passages_of(letter: Letter, stretches: Sequence[Stretch], version: str, sizes: Sizes = Sizes()) -> list[Passage]:
    """The passages of a letter."""
    return cut(letter, stretches, version, sizes)


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


def body_of(text: str, stretches: Sequence[Stretch]) -> tuple[int, int]:
    """Where a letter's own words begin and end, between salutation and farewell."""
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


def _confidence(blocks: Sequence[Block]) -> tuple[float | None, ...]:
    """How sure the text recognition was of each page, by the length of its blocks; empty when nothing was recognised."""
    if all(block.confidence is None for block in blocks):
        return ()
    last = max((page for block in blocks for page in (block.page or 1, *(page for _, page in block.breaks))), default=1)
    return tuple(
        _confidence_of([block for block in blocks if (block.page or 1) == page]) for page in range(1, last + 1)
    )


def _confidence_of(blocks: Sequence[Block]) -> float | None:
    """The confidence of one page; a page on which no block begins tells none."""
    known = [(block.confidence, len(block.text)) for block in blocks if block.confidence is not None]
    return sum(sure * length for sure, length in known) / sum(length for _, length in known) if known else None
