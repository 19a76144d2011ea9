"""The order in which the lines of a PDF page are read: columns one after the other, tables row by row.

A PDF tells where words stand, not in what order they are read. Mostly they were written in reading order, and then it is
kept. Where lines stand side by side, their places decide.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.lines import BARE_LABEL, FAREWELL, LABEL
from ingest.readers.pdf_lines import Piece

_SAME_ROW = 0.35
"""Heights by which the bottoms of two pieces in one row differ at most."""

_GUTTER = 0.6
"""Heights between two columns at least."""

_NEXT_LINE = 1.9
"""Heights from one line of a column to the next at most."""

_PROSE = 18
"""Characters on the lines of a column of text at least; shorter ones are the cells of a table, or an address."""

_COLUMN = 3
"""Lines that a column of text has at least."""

_HEAD = 8
"""Rows at the top of a page among which an address may stand beside the name of the sender."""


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line of a page in reading order, its pieces two spaces apart; places in points, as in Piece."""

    text: str
    bottom: float
    height: float
    italic: bool


_Row = list[Piece]


@dataclass(frozen=True, slots=True)
class _Region:
    """Rows from `first` up to `last`, all pieces of which stand left or right of the gutter."""

    first: int
    last: int
    gutter: float


def in_reading_order(lines: Sequence[Sequence[Piece]]) -> list[PlacedLine]:
    """The lines of a page in the order in which they are read.

    Args:
        lines: in the order in which they were written.
    """
    rows = _rows([piece for line in lines for piece in line])
    regions = list(_regions(rows)) if _are_level(lines) and not _by_column(lines) else []
    if not regions:
        return [_joined(line) for line in lines]
    return list(_read(rows, regions))


def _joined(pieces: Sequence[Piece]) -> PlacedLine:
    text = "  ".join(piece.text for piece in pieces)
    return PlacedLine(text, pieces[0].bottom, pieces[0].height, all(piece.italic for piece in pieces))


def _are_level(lines: Sequence[Sequence[Piece]]) -> bool:
    """Whether the lines of a page run from left to right, and are not turned."""
    long = [piece for line in lines for piece in line if len(piece.text) > 3]
    return sum(piece.right - piece.left < piece.height for piece in long) <= len(long) / 4


def _by_column(lines: Sequence[Sequence[Piece]]) -> bool:
    """Whether the lines were written column by column: a column of text follows on the right of the one before it."""
    for i, (before, line) in enumerate(pairwise(lines), 1):
        back_up = line[0].bottom - before[0].bottom > _COLUMN * line[0].height
        if back_up and line[0].left > before[-1].right:
            columns = lines[max(0, i - _COLUMN) : i], lines[i : i + _COLUMN]
            beside = all(right[0].left > left[-1].right for left in columns[0] for right in columns[1])
            if beside and all(_is_prose(column) for column in columns):
                return True
    return False


def _is_prose(column: Sequence[Sequence[Piece]]) -> bool:
    lengths = [sum(len(piece.text) for piece in line) for line in column]
    return len(column) == _COLUMN and statistics.median(lengths) >= _PROSE


def _rows(pieces: Sequence[Piece]) -> list[_Row]:
    """Pieces at the same height, from top to bottom, each row from left to right."""
    rows: list[_Row] = []
    for piece in sorted(pieces, key=lambda piece: -piece.bottom):
        if rows and rows[-1][0].bottom - piece.bottom <= _SAME_ROW * max(rows[-1][0].height, piece.height):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def _regions(rows: Sequence[_Row]) -> Iterator[_Region]:
    """The parts of a page where pieces stand side by side in at least two rows, from top to bottom."""
    at = 0
    while at < len(rows):
        found = [_grown(rows, at, left, right) for left, right in pairwise(rows[at])]
        best = max(found, key=lambda region: region.last, default=None)
        if best and sum(len(_sides(row, best.gutter)) == 2 for row in rows[best.first : best.last]) >= 2:
            yield best
            at = best.last
        else:
            at += 1


def _grown(rows: Sequence[_Row], at: int, left: Piece, right: Piece) -> _Region:
    """The region under a row that its gap between two pieces parts."""
    low, high = left.right, right.left
    gutters = [(low, high)]
    labelled = _is_label(rows[at][0].text)
    for row in rows[at + 1 :]:
        if len(row) > 1 and _is_label(row[0].text) is not labelled:
            break
        for piece in row:
            if piece.right < high:
                low = max(low, piece.right)
            else:
                high = min(high, piece.left)
        if high - low < _GUTTER * row[0].height:
            break
        gutters.append((low, high))
    low, high = gutters[-1]
    return _trimmed(rows, _Region(at, at + len(gutters), (low + high) / 2))


def _trimmed(rows: Sequence[_Row], region: _Region) -> _Region:
    """A region without the rows at its end that only go on far below what stands on their side."""
    bottoms: dict[bool, float] = {}
    for i in range(region.first, region.last):
        for piece in rows[i]:
            side = piece.left > region.gutter
            far = side in bottoms and bottoms[side] - piece.bottom > _NEXT_LINE * piece.height
            if far and len(_sides(rows[i], region.gutter)) == 1 and not _paired(rows[i + 1 : region.last], region):
                return _Region(region.first, i, region.gutter)
            bottoms[side] = piece.bottom
    return region


def _paired(rows: Sequence[_Row], region: _Region) -> bool:
    return any(len(_sides(row, region.gutter)) == 2 for row in rows)


def _sides(row: _Row, gutter: float) -> set[bool]:
    return {piece.left > gutter for piece in row}


def _read(rows: Sequence[_Row], regions: Sequence[_Region]) -> Iterator[PlacedLine]:
    at = 0
    for region in regions:
        yield from map(_joined, rows[at : region.first])
        inside = rows[region.first : region.last]
        signed = any(FAREWELL.match(row[0].text) for row in rows[: region.first])
        if _are_columns(inside, region.gutter, among_names=signed or region.first < _HEAD):
            for side in (False, True):
                column = [[piece for piece in row if (piece.left > region.gutter) is side] for row in inside]
                yield from in_reading_order([row for row in column if row])
        else:
            yield from map(_joined, inside)
        at = region.last
    yield from map(_joined, rows[at:])


def _are_columns(rows: Sequence[_Row], gutter: float, *, among_names: bool) -> bool:
    """Whether what stands side by side is read column by column, and not row by row as a table is.

    Args:
        rows: of a region.
        gutter: of the region.
        among_names: they stand where addresses and those who sign are, so that two short columns are no table.
    """
    both = [row for row in rows if len(_sides(row, gutter)) == 2]
    firsts = [row[0].text for row in both]
    seconds = [" ".join(piece.text for piece in row if piece.left > gutter) for row in both]
    if sum(map(_is_label, firsts)) >= len(both) / 2 or sum(map(_is_label, seconds)) > len(both) / 2:
        return False
    if min(statistics.median(map(len, texts)) for texts in (firsts, seconds)) >= _PROSE:
        return len(both) >= 3
    figures = sum(sum(sign.isdigit() for sign in text) > len(text) / 3 for text in seconds)
    return among_names and figures < len(both) / 2 and all(len(row) == 2 for row in both)


def _is_label(text: str) -> bool:
    return text.endswith(":") or bool(LABEL.match(text) or BARE_LABEL.match(text))
