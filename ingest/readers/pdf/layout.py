"""The reading order of the lines of a PDF page: columns one after the other, tables row by row.

A PDF tells where words are, not in what order they are read. Mostly they were written in reading order, which is then
kept. Where lines are side by side, their positions decide.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.language.courtesies import FAREWELL
from ingest.readers.layout.paragraphs import BARE_LABEL, LABEL
from ingest.readers.pdf.lines import Piece

_SAME_ROW = 0.35
"""Largest difference, in line heights, between the bottoms of two pieces in one row."""

_GUTTER = 0.6
"""Smallest distance, in line heights, between two columns."""

_NEXT_LINE = 1.9
"""Largest distance, in line heights, from one line of a column to the next."""

_PROSE = 18
"""Smallest line length, in characters, of a column of text; shorter ones are table cells, or an address."""

_COLUMN = 3
"""Smallest number of lines of a column of text."""

_HEAD = 8
"""Number of rows at the top of a page among which an address may be beside the name of the sender."""


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line of a page in reading order, its pieces two spaces apart; positions in points, as in Piece."""

    text: str
    bottom: float
    height: float
    italic: bool


_Row = list[Piece]


@dataclass(frozen=True, slots=True)
class _Region:
    """Rows from `first` up to `last`, all pieces of which are left or right of the gutter."""

    first: int
    last: int
    gutter: float


def order_lines(lines: Sequence[Sequence[Piece]]) -> list[PlacedLine]:
    """Return the lines of a page in reading order.

    Args:
        lines: in the order in which they were written.
    """
    rows = _rows([piece for line in lines for piece in line])
    regions = list(_regions(rows)) if _are_level(lines) and not _by_column(lines) else []
    if not regions:
        return [_join(line) for line in lines]
    return list(_read(rows, regions))


def _join(pieces: Sequence[Piece]) -> PlacedLine:
    text = "  ".join(piece.text for piece in pieces)
    return PlacedLine(text, pieces[0].bottom, pieces[0].height, all(piece.italic for piece in pieces))


def _are_level(lines: Sequence[Sequence[Piece]]) -> bool:
    """Check whether the lines of a page run from left to right and are not rotated."""
    long = [piece for line in lines for piece in line if len(piece.text) > 3]
    return sum(piece.right - piece.left < piece.height for piece in long) <= len(long) / 4


def _by_column(lines: Sequence[Sequence[Piece]]) -> bool:
    """Check whether the lines were written column by column: a column of text follows to the right of another."""
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
    """Group pieces at the same height into rows, from top to bottom, each row from left to right."""
    rows: list[_Row] = []
    for piece in sorted(pieces, key=lambda piece: -piece.bottom):
        if rows and rows[-1][0].bottom - piece.bottom <= _SAME_ROW * max(rows[-1][0].height, piece.height):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def _regions(rows: Sequence[_Row]) -> Iterator[_Region]:
    """Yield the parts of a page where pieces are side by side in at least two rows, from top to bottom."""
    at = 0
    while at < len(rows):
        found = [_grow(rows, at, left, right) for left, right in pairwise(rows[at])]
        best = max(found, key=lambda region: region.last, default=None)
        if best and sum(len(_sides(row, best.gutter)) == 2 for row in rows[best.first : best.last]) >= 2:
            yield best
            at = best.last
        else:
            at += 1


def _grow(rows: Sequence[_Row], at: int, left: Piece, right: Piece) -> _Region:
    """Return the region below a row that its gap between two pieces divides."""
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
    return _trim(rows, _Region(at, at + len(gutters), (low + high) / 2))


def _trim(rows: Sequence[_Row], region: _Region) -> _Region:
    """Return a region without the rows at its end that continue far below the text on their side."""
    bottoms: dict[bool, float] = {}
    for i in range(region.first, region.last):
        for piece in rows[i]:
            side = piece.left > region.gutter
            far = side in bottoms and bottoms[side] - piece.bottom > _NEXT_LINE * piece.height
            if far and len(_sides(rows[i], region.gutter)) == 1 and not _has_pair(rows[i + 1 : region.last], region):
                return _Region(region.first, i, region.gutter)
            bottoms[side] = piece.bottom
    return region


def _has_pair(rows: Sequence[_Row], region: _Region) -> bool:
    return any(len(_sides(row, region.gutter)) == 2 for row in rows)


def _sides(row: _Row, gutter: float) -> set[bool]:
    return {piece.left > gutter for piece in row}


def _read(rows: Sequence[_Row], regions: Sequence[_Region]) -> Iterator[PlacedLine]:
    at = 0
    for region in regions:
        yield from map(_join, rows[at : region.first])
        inside = rows[region.first : region.last]
        signed = any(FAREWELL.match(row[0].text) for row in rows[: region.first])
        if _are_columns(inside, region.gutter, among_names=signed or region.first < _HEAD):
            for side in (False, True):
                column = [[piece for piece in row if (piece.left > region.gutter) is side] for row in inside]
                yield from order_lines([row for row in column if row])
        else:
            yield from map(_join, inside)
        at = region.last
    yield from map(_join, rows[at:])


def _are_columns(rows: Sequence[_Row], gutter: float, *, among_names: bool) -> bool:
    """Check whether text side by side is read column by column, not row by row as a table is.

    Args:
        rows: of a region.
        gutter: of the region.
        among_names: they are where addresses and signatories are, so that two short columns are not a table.
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
