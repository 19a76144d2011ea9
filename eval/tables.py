"""Rows of text as a table: aligned for a terminal, or in Markdown."""

from __future__ import annotations

import html
from collections.abc import Sequence

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


def markdown_table(rows: Rows) -> str:
    """Rows as a Markdown table, the first column to the left and the others to the right; a cell stays what it says."""
    header, *rest = [[_cell(text) for text in row] for row in rows]
    lines = [header, ["---", *["--:"] * (len(header) - 1)], *rest]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    """A text on one line without pipes or elements."""
    return " ".join(html.escape(text, quote=False).replace("|", "\\|").split())


def short(text: str, most: int = 160) -> str:
    """A text on one line of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
