"""From the blocks of a file to a letter and its passages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from types import MappingProxyType

from ingest.anatomy import read_anatomy
from ingest.document import Block, BlockKind
from ingest.manifest import amended
from ingest.parts import parts_of
from ingest.passages import Sizes, Stretch, cut
from ingest.voices import utterances_in
from vectorstore.letters import Letter, Passage


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
        pages=_pages(blocks, stretches),
    )
    letter = amended(letter, stated)
    utterances = utterances_in(text, letter.voice, _body(text, stretches))
    return replace(letter, utterances=utterances), stretches


def passages_of(letter: Letter, stretches: Sequence[Stretch], version: str, sizes: Sizes = Sizes()) -> list[Passage]:
    """The passages of a letter."""
    return cut(letter, stretches, version, sizes)


def text_digest(text: str) -> str:
    """Digest of a text that is the same for the same words, whatever their case, layout and quotation marks."""
    return hashlib.sha256("".join(re.findall(r"\w+", text.casefold())).encode()).hexdigest()


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
