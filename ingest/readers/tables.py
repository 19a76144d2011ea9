"""Tables as lines of text: facts beside their labels, one line a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ingest.document import Block, BlockKind
from ingest.lines import BARE_LABEL, LABEL
from ingest.readers.drafts import Draft

Cell = Sequence[Draft]
"""What stands in one cell."""


def table_drafts(rows: Iterable[Sequence[Cell]]) -> Iterator[Draft]:
    """One line a row, its cells apart; a table that only places text on the page gives the blocks it holds."""
    above: list[str] = []
    for cells in rows:
        filled = [cell for cell in cells if cell]
        texts = [" ".join(draft.block.text for draft in cell) for cell in cells]
        if len(filled) == 1 or any(len(cell) > 3 for cell in cells):
            yield from (draft for cell in filled for draft in cell)
        elif above and len(above) == len(texts):
            for label, text in zip(above, texts, strict=True):
                if text:
                    yield Draft(Block(f"{label} {text}", tight=True))
        elif len(filled) == 2 and _is_label(texts[0]):
            yield Draft(Block(" ".join(text for text in texts if text), tight=True))
        elif filled and not all(map(_is_label, texts)):
            yield Draft(Block(" | ".join(text for text in texts if text), BlockKind.ITEM, tight=True))
        above = texts if filled and all(map(_is_label, texts)) else []


def _is_label(text: str) -> bool:
    return bool(LABEL.match(text) or BARE_LABEL.match(text)) and len(text.split()) <= 3
