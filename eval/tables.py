"""Rows of text as a table: aligned for a terminal, or in Markdown."""

from __future__ import annotations

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
    """Rows as a Markdown table, the first column to the left and the others to the right; pipes and new lines are kept out."""
    header, *rest = [[" ".join(cell.replace("|", "\\|").split()) for cell in row] for row in rows]
    lines = [header, ["---", *["--:"] * (len(header) - 1)], *rest]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
