"""The parts of a letter: its head, salutation, body and foot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.courtesies import FAREWELL, SALUTATION, closes
from ingest.document import Block, BlockKind
from ingest.parties import party_of
from ingest.people import COPY, signed_lines

_REMARK = re.compile(r"^(?:deze brief|dit bericht|fictie(?:f|ve)|verzonden vanaf|bijlagen?\b|\(?w\.g\.)", re.I)
_SIGNATURE = 12
"""Blocks at the end in which somebody signs without a farewell."""

_LONGEST = 1000
"""Characters of a block that are looked at; what is longer is a paragraph, and its beginning says what it is for."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The blocks of a letter by their place in it; a document without salutation is all body.

    Attributes:
        head: everything before the salutation; without one, what carried the letter.
        salutation: the salutation, None when there is none.
        body: what follows.
        foot: from the farewell on.
    """

    head: Sequence[Block]
    salutation: Block | None
    body: Sequence[Block]
    foot: Sequence[Block]


def parts_of(blocks: Sequence[Block]) -> Parts:
    """Cut a document at its salutation and its farewell."""
    carried = next((i for i, block in enumerate(blocks) if block.kind is not BlockKind.CARRIER), len(blocks))
    opening = next(
        (i for i, block in enumerate(blocks[: carried + 40]) if i >= carried and SALUTATION.match(block.text)), None
    )
    start = carried if opening is None else opening + 1
    closing = next((i for i in range(len(blocks) - 1, start, -1) if FAREWELL.match(_top(blocks[i]))), None)
    if closing is None:
        last = range(len(blocks) - 1, max(start, len(blocks) - _SIGNATURE), -1)
        closing = next((i for i in last if closes(_top(blocks[i]))), None)
    if closing is None:
        closing = _closing_without_farewell(blocks, start)
    return Parts(
        blocks[: start if opening is None else opening],
        None if opening is None else blocks[opening],
        blocks[start:closing],
        blocks[closing:],
    )


def _top(block: Block) -> str:
    """The first line of a block."""
    return block.text.split("\n", 1)[0]


def _closing_without_farewell(blocks: Sequence[Block], start: int) -> int:
    """Where the names at the end begin, when no farewell stands above them."""
    end = len(blocks)
    while end > max(start, len(blocks) - _SIGNATURE) and _is_loose(blocks[end - 1]):
        end -= 1
    signed = any(party_of(line) for line in signed_lines(lines_of(blocks[end:])))
    return end if signed else len(blocks)


def _is_loose(block: Block) -> bool:
    """Whether a block may stand under a letter: a short line that is no sentence, a note, a remark."""
    if block.kind is BlockKind.NOTE or _REMARK.match(block.text):
        return True
    ends = re.search(r"(?:\b[a-z]\.)+[a-z]\.$", block.text) or block.text[-1] not in ".?!:" or COPY.match(block.text)
    return len(block.text) < 70 and bool(ends)


def lines_of(blocks: Sequence[Block]) -> list[str]:
    """The lines of a letter, each cell of a table one of its own; not of what carried it, nor its notes."""
    return [line for block in _own(blocks) for line in _lines(block)]


def begins_of(blocks: Sequence[Block]) -> frozenset[int]:
    """Numbers of the lines that stand apart from those before them; empty where all or none do, so that it says nothing."""
    own = list(_own(blocks))
    if not any(block.tight or "\n" in block.text for block in own):
        return frozenset()
    begins: set[int] = set()
    count = 0
    for block in own:
        if not block.tight:
            begins.add(count)
        count += len(_lines(block))
    return frozenset(begins)


def _own(blocks: Sequence[Block]) -> Iterator[Block]:
    return (block for block in blocks if block.kind not in (BlockKind.CARRIER, BlockKind.NOTE))


def _lines(block: Block) -> list[str]:
    return [part.strip() for part in re.split(r"\n|\s\|\s", block.text[:_LONGEST]) if part.strip()]
