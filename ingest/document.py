"""What a reader makes of a file: blocks of text in reading order, and the files it holds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class BlockKind(StrEnum):
    """What a block of text is in its document.

    QUOTE is set apart as another's words by its layout: a block quotation, a paragraph that is all in italics. NOTE is a
    footnote or endnote, after the blocks of its document. CARRIER is no part of the letter but of what carried it: the
    lines of an e-mail's header.
    """

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    QUOTE = "quote"
    NOTE = "note"
    CARRIER = "carrier"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph or an item of a list.

    Attributes:
        text: without white space at its ends.
        kind: what it is.
        page: page it begins on, from 1; None for formats without pages.
        tight: it follows the block before it without a blank line.
        breaks: where in the text a later page begins, and which: (offset, page), in order.
        confidence: how sure the text recognition was of its words, 0..1; None when the text was in the file.
    """

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    page: int | None = None
    tight: bool = False
    breaks: tuple[tuple[int, int], ...] = ()
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside another: an attachment of an e-mail, a file in a ZIP.

    Attributes:
        name: path inside the other, with forward slashes.
        data: its bytes.
        error: why it cannot be had, for a volunteer to read; empty when it can.
    """

    name: str
    data: bytes
    error: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a file.

    Attributes:
        blocks: of the letter in it; none when it only wraps other files.
        members: the files in it that may be letters of their own.
    """

    blocks: tuple[Block, ...] = ()
    members: tuple[Member, ...] = ()


class Reader(Protocol):
    """Reads one family of formats."""

    def __call__(self, data: bytes, /) -> list[Block]:
        """The blocks of a file with these bytes.

        Raises:
            UnreadableFile: no text can be had from it.
        """
