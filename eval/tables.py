"""Rows of text as a table: aligned for a terminal, or in Markdown."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Final

_MARKS: Final = re.compile(r"[\\`*\[\]~#|]|(?<!\w)_|_(?!\w)")
"""What Markdown reads as a mark; not the underscore inside a name."""

Rows = Sequence[Sequence[str]]
"""The first holds the names of the columns; all are equally long."""


def text_table(rows: Rows) -> str:
    """Rows as aligned columns, the first to the left and the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def markdown_table(rows: Rows, left: int = 1) -> str:
    """Rows as a Markdown table; a cell stays what it says.

    Args:
        rows: the table.
        left: columns that are set to the left, the others to the right.
    """
    header, *rest = [[escaped(text) for text in row] for row in rows]
    lines = [header, [*["---"] * left, *["--:"] * (len(header) - left)], *rest]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def escaped(text: str) -> str:
    """A text on one line for Markdown, in which nothing is a mark, an element or the edge of a cell."""
    return _MARKS.sub(r"\\\g<0>", " ".join(html.escape(text, quote=False).split()))


def short(text: str, most: int = 160) -> str:
    """A text on one line of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
