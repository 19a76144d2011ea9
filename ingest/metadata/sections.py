"""The sections of a letter: its head, salutation, body and foot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.language.courtesies import FAREWELL, SALUTATION, closes
from ingest.language.parties import party_of
from ingest.metadata.signatories import COPY, signed_lines
from ingest.readers.document import Block, BlockKind

_REMARK = re.compile(r"^(?:deze brief|dit bericht|fictie(?:f|ve)|verzonden vanaf|bijlagen?\b|\(?w\.g\.)", re.I)
_SIGNATURE = 12
"""Number of blocks at the end in which somebody may sign without a farewell."""

_LONGEST = 1000
"""Number of characters of a block to look at; anything longer is a paragraph, whose beginning says enough."""


@dataclass(frozen=True, slots=True)
class Sections:
    """The blocks of a letter by section; a document without a salutation is all body.

    Attributes:
        head: everything before the salutation; without one, what carried the letter.
        salutation: the salutation, or None.
        body: what follows.
        foot: from the farewell on.
    """

    head: Sequence[Block]
    salutation: Block | None
    body: Sequence[Block]
    foot: Sequence[Block]


def split_sections(blocks: Sequence[Block]) -> Sections:
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
    return Sections(
        blocks[: start if opening is None else opening],
        None if opening is None else blocks[opening],
        blocks[start:closing],
        blocks[closing:],
    )


def _top(block: Block) -> str:
    """Return the first line of a block."""
    return block.text.split("\n", 1)[0]


def _closing_without_farewell(blocks: Sequence[Block], start: int) -> int:
    """Return where the names at the end begin when there is no farewell above them."""
    end = len(blocks)
    while end > max(start, len(blocks) - _SIGNATURE) and _is_loose(blocks[end - 1]):
        end -= 1
    signed = any(party_of(line) for line in signed_lines(lines_of(blocks[end:])))
    return end if signed else len(blocks)


def _is_loose(block: Block) -> bool:
    """Check whether a block may come below a letter: a short line that is no sentence, a note, a remark."""
    if block.kind is BlockKind.NOTE or _REMARK.match(block.text):
        return True
    ends = re.search(r"(?:\b[a-z]\.)+[a-z]\.$", block.text) or block.text[-1] not in ".?!:" or COPY.match(block.text)
    return len(block.text) < 70 and bool(ends)


def lines_of(blocks: Sequence[Block]) -> list[str]:
    """Return the lines of a letter, each table cell one of its own; without those that carried it and without notes."""
    return [line for block in _own(blocks) for line in _lines(block)]


def starts_of(blocks: Sequence[Block]) -> frozenset[int]:
    """Return the numbers of lines set apart from those before; empty if all or none are, which tells nothing."""
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
