"""Tables as lines of text: values beside their labels, one line per row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ingest.readers.document import Block, BlockKind
from ingest.readers.layout.paragraphs import BARE_LABEL, LABEL
from ingest.readers.layout.styled import StyledBlock

Cell = Sequence[StyledBlock]
"""The contents of one cell."""


def table_blocks(rows: Iterable[Sequence[Cell]]) -> Iterator[StyledBlock]:
    """Yield one line per row, its cells separated; a table used for layout yields the blocks it holds."""
    above: list[str] = []
    for cells in rows:
        filled = [cell for cell in cells if cell]
        texts = [" ".join(draft.block.text for draft in cell) for cell in cells]
        if len(filled) == 1 or any(len(cell) > 3 for cell in cells):
            yield from (draft for cell in filled for draft in cell)
        elif above and len(above) == len(texts):
            for label, text in zip(above, texts, strict=True):
                if text:
                    yield StyledBlock(Block(f"{label} {text}", tight=True))
        elif len(filled) == 2 and _is_label(texts[0]):
            yield StyledBlock(Block(" ".join(text for text in texts if text), tight=True))
        elif filled and not all(map(_is_label, texts)):
            yield StyledBlock(Block(" | ".join(text for text in texts if text), BlockKind.ITEM, tight=True))
        above = texts if filled and all(map(_is_label, texts)) else []


def _is_label(text: str) -> bool:
    return bool(LABEL.match(text) or BARE_LABEL.match(text)) and len(text.split()) <= 3
