"""Paragraphs as a format has them, with their layout, before it is decided which are quotations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ingest.readers.document import Block, BlockKind
from ingest.readers.layout.cleaning import repair
from ingest.readers.layout.paragraphs import ITEM

QUOTE_STYLE = re.compile(r"(?:intense |intens(?:ief)? )?(?:block ?)?(?:quot(?:e|ation)s?|cita(?:at|ten))\b", re.I)
"""The name of a quotation style, in English and in Dutch programs."""

HEADING_STYLE = re.compile(r"(?:Heading|Kop|Title|Titel|Subtitle|Ondertitel)\b", re.I)
"""The name of a heading style."""

_LEAST_QUOTED = 5
"""Smallest number of words in a quotation; "Per e-mail verzonden" is not one."""

_PAGE_NUMBER = re.compile(
    r"(?:pagina|blad(?:zijde|nummer)?|pag\.|page)\s*:?\s*\d{0,4}(?:\s*(?:van|of|/|-)\s*\d{0,4})?$", re.I
)


@dataclass(frozen=True, slots=True)
class Layout:
    """The layout of a paragraph.

    Attributes:
        heading: as a heading.
        mark: number or bullet in front of it, "" for none; None if it is not a list item.
        tight: without a blank line above it.
        italic: all in italics.
        set_apart: as a quotation, by its style or element.
    """

    heading: bool = False
    mark: str | None = None
    tight: bool = False
    italic: bool = False
    set_apart: bool = False


@dataclass(frozen=True, slots=True)
class StyledBlock:
    """A block, with the layout that may make it a quotation.

    Attributes:
        block: the block.
        italic: all of it is in italics.
        set_apart: its style or element says that it is a quotation.
    """

    block: Block
    italic: bool = False
    set_apart: bool = False


def styled_blocks(text: str, layout: Layout = Layout()) -> Iterator[StyledBlock]:
    """Yield the lines of one paragraph, each as a block; nothing for a paragraph without text."""
    lines = [clean(line) for line in repair(text).split("\n")]
    for i, line in enumerate(filter(None, lines)):
        block = Block(line, BlockKind.PARAGRAPH, tight=layout.tight or i > 0)
        if layout.heading:
            marked = f"{layout.mark or ''} {line}".strip() if i == 0 else line
            block = replace(block, text=marked, kind=BlockKind.HEADING)
        elif layout.mark is not None:
            marked = line if i or ITEM.match(line) else f"{layout.mark} {line}".strip()
            block = Block(marked, BlockKind.ITEM, tight=True)
        elif ITEM.match(line):
            block = replace(block, kind=BlockKind.ITEM)
        yield StyledBlock(block, layout.italic, layout.set_apart)


def mark_quotations(drafts: Iterable[StyledBlock]) -> list[Block]:
    """Return the blocks, with quotations marked as such.

    A paragraph entirely in italics is a quotation, unless most of the document is in italics.
    """
    drafts = list(drafts)
    words = [len(draft.block.text.split()) for draft in drafts]
    slanted = sum(count for draft, count in zip(drafts, words, strict=True) if draft.italic)
    telling = slanted <= 0.5 * sum(words)
    return [
        replace(draft.block, kind=BlockKind.QUOTE)
        if count >= _LEAST_QUOTED and _is_quoted(draft, telling)
        else draft.block
        for draft, count in zip(drafts, words, strict=True)
    ]


def _is_quoted(draft: StyledBlock, telling: bool) -> bool:
    if draft.set_apart:
        return draft.block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM)
    return draft.italic and telling and draft.block.kind is BlockKind.PARAGRAPH


def letterhead(headers: Iterable[StyledBlock]) -> list[StyledBlock]:
    """Return the page headers, where many councils put their name: each line once, without page numbers."""
    seen: dict[str, StyledBlock] = {}
    for draft in headers:
        text = draft.block.text
        if any(character.isalpha() for character in text) and not _PAGE_NUMBER.match(text):
            seen.setdefault(text, StyledBlock(Block(text, tight=bool(seen))))
    return list(seen.values())


def notes(drafts: Iterable[StyledBlock]) -> list[StyledBlock]:
    """Return footnotes and endnotes as notes, whatever their layout."""
    return [StyledBlock(Block(draft.block.text, BlockKind.NOTE)) for draft in drafts]


def clean(text: str) -> str:
    """Return a line without white space at its ends and without double spaces."""
    return re.sub(r"\s+", " ", text).strip()
