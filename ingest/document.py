"""What a reader makes of a file: blocks of text in reading order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class BlockKind(StrEnum):
    """What a block of text is in its document."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph or an item of a list, on one line or several.

    Attributes:
        text: without white space at its ends.
        kind: what it is.
        page: page it begins on, from 1; None for formats without pages.
        tight: it follows the block before it without a blank line.
        breaks: where in the text a later page begins, and which: (offset, page), in order.
    """

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    page: int | None = None
    tight: bool = False
    breaks: tuple[tuple[int, int], ...] = ()


class Reader(Protocol):
    """Reads one family of formats."""

    def __call__(self, data: bytes) -> list[Block]:
        """The blocks of a file with these bytes.

        Raises:
            UnreadableFile: no text can be had from it.
        """
