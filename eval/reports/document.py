"""Reports as headings, paragraphs, lists and tables, for a terminal or in Markdown; rich draws the tables of both."""

from __future__ import annotations

import html
import io
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDTH: Final = 118
"""Characters of the widest line of a terminal, of words and of tables whose cells are wrapped."""

MOST_BYTES: Final = 60_000
"""Length of a text in Markdown, in UTF-8, that what comes last is left out for."""

_ENDLESS: Final = 100_000
_LEFT_OUT: Final = "*More than fits here; the JSON has it all.*\n"
_MARKS: Final = re.compile(r"[\\`*\[\]~#|]|(?<!\w)_|_(?!\w)")
"""What Markdown reads as a mark; not the underscore inside a name."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above other blocks.

    Attributes:
        text: its words.
        level: 2 for a whole report, 3 for what is in it.
    """

    text: str
    level: int = 3


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words."""

    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Things that are told one by one."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table.

    Attributes:
        rows: the first holds the names of the columns; all are equally long.
        left: columns that are set to the left, the others to the right.
        most: rows that Markdown shows.
        wrapped: on a terminal, its cells are wrapped to the width of that.
    """

    rows: Sequence[Sequence[str]]
    left: int = 1
    most: int = 60
    wrapped: bool = False


Block = Heading | Paragraph | Listing | Grid


def as_text(blocks: Iterable[Block]) -> str:
    """Draw blocks for a terminal or a log."""
    return "\n\n".join(filter(None, map(_text, blocks)))


def _text(block: Block) -> str:
    match block:
        case Grid(rows):
            return _drawn(block, rows, None)
        case Listing(items):
            return "\n".join(_filled(f"- {item}") for item in items)
    return _filled(block.text)


def _filled(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), WIDTH, subsequent_indent="    ", break_on_hyphens=False)


def as_markdown(blocks: Iterable[Block], most: int = MOST_BYTES) -> str:
    """Write blocks as Markdown, in which nothing of what they say is a mark.

    Args:
        blocks: the report.
        most: bytes of UTF-8, at most; what comes last is left out for it, and said to be.
    """
    text = ""
    for block in blocks:
        longer = f"{text}{_markdown(block)}\n\n"
        if len(longer.encode()) + len(_LEFT_OUT) > most:
            return text + _LEFT_OUT
        text = longer
    return text


def _markdown(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"{'#' * level} {escaped(text)}"
        case Listing(items):
            return "\n".join(f"- {escaped(item)}" for item in items)
        case Paragraph(text):
            return escaped(text)
    header, *rows = [[escaped(cell) for cell in row] for row in block.rows]
    more = f"\n\nAnd {len(rows) - block.most} more." if len(rows) > block.most else ""
    top, line, *rest = _drawn(block, [header, *rows[: block.most]], box.MARKDOWN).splitlines()
    columns = line.strip("|").split("|")
    columns[block.left :] = [f"{column[:-1]}:" for column in columns[block.left :]]
    return "\n".join([top, f"|{'|'.join(columns)}|", *rest]) + more


def _drawn(grid: Grid, rows: Sequence[Sequence[str]], edges: box.Box | None) -> str:
    wrapped = grid.wrapped and edges is None
    table = Table(box=edges, padding=(0, 1) if edges else (0, 2, 0, 0), pad_edge=edges is not None, leading=wrapped)
    for number, name in enumerate(rows[0]):
        table.add_column(Text(name), justify="left" if number < grid.left else "right", no_wrap=not wrapped)
    for row in rows[1:]:
        table.add_row(*map(Text, row))
    file = io.StringIO()
    console = Console(file=file, width=WIDTH if wrapped else _ENDLESS, color_system=None, legacy_windows=False)
    console.print(table)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines()).strip("\n")


def escaped(text: str) -> str:
    """Return a text on one line for Markdown, in which nothing is a mark, an element or the edge of a cell."""
    return _MARKS.sub(r"\\\g<0>", " ".join(html.escape(text, quote=False).split()))


def short(text: object, most: int = 160) -> str:
    """Return a text on one line of at most so many characters."""
    line = " ".join(str(text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def figure(value: float | None) -> str:
    """Return a number as tables have it; a dash for none."""
    return "-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def spanned(value: float | None, ends: Sequence[float] | None) -> str:
    """Return a number with the ends of its interval."""
    return f"{figure(value)} ({ends[0]:.2f}-{ends[1]:.2f})" if ends and value is not None else figure(value)
