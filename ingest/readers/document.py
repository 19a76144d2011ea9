"""The output of a reader: blocks of text in reading order, and the files inside the file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class BlockKind(StrEnum):
    """The kind of a block of text in its document.

    QUOTE is set apart as another's words by its layout: a block quotation, a paragraph entirely in italics. NOTE is a
    footnote or endnote, after the blocks of its document. CARRIER is not part of the letter but of what carried it: the
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
    """A heading, a paragraph or a list item.

    Attributes:
        text: without white space at its ends.
        kind: what it is.
        page: page it begins on, from 1; None for formats without pages.
        tight: it follows the block before it without a blank line.
        breaks: where in the text a later page begins, and which: (offset, page), in order.
        confidence: confidence of the text recognition, 0..1; None if the text was in the file.
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
        error: why it cannot be read, in words for a volunteer; empty if it can.
    """

    name: str
    data: bytes
    error: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents of a file.

    Attributes:
        blocks: of the letter in it; empty if it only contains other files.
        members: the files in it that may be letters of their own.
    """

    blocks: tuple[Block, ...] = ()
    members: tuple[Member, ...] = ()


class Reader(Protocol):
    """The interface of a reader for one family of formats."""

    def __call__(self, data: bytes, /) -> list[Block]:
        """Return the blocks of a file with these bytes.

        Raises:
            UnreadableFile: no text can be read from it.
        """
