"""The lines of a PDF page as pdfium finds them, with the position and type of their pieces.

Asking pdfium about a character takes a microsecond or two, so only the ends of words are asked about.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import pypdfium2
from pypdfium2 import raw

_GAP = 1.0
"""Space between two words, in line heights, that no justified line has: what follows is another piece."""

_SMALL, _RAISED = 0.8, 0.25
"""A superscript's largest relative size, and the smallest share of the line height by which it is raised."""

_SPACE = 0.12
"""Smallest space between words, in line heights."""

_ITEM_MARK = re.compile(r"(?:[^\w\s]|o|\(?\w{1,2}[.)])")
"""The mark before the words of a list item, at any distance."""

_LINE = re.compile(r"[^\r\n]*[^\s][^\r\n]*")
_NUMBER = re.compile(r"(?<=[^\s\d])( ?)(\d{1,3})(?![\w.,]*\d|\w)(?: (?=[.,;:!?)]))?")
_RAISED_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SUPERSCRIPT = str.maketrans("0123456789", _RAISED_DIGITS)
_SLANTED = re.compile(rb"italic|oblique|kursiv", re.I)
_ITALIC_FLAG = 1 << 6
_LONGEST_NAME = 128


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line without wide gaps.

    Attributes:
        text: its words, with note numbers set apart as superscripts: "blijven ¹".
        left: in points from the left.
        right: in points from the left.
        bottom: of its first letter, in points from the bottom of the page.
        height: of its first letter, in points.
        italic: its letters are slanted.
    """

    text: str
    left: float
    right: float
    bottom: float
    height: float
    italic: bool = False


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        return self.top - self.bottom


def lines_on(document: pypdfium2.PdfDocument, number: int) -> list[list[Piece]]:
    """Return the lines of one page, each as its pieces, in the order they were written; none for a broken page."""
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return []
    try:
        text = page.get_textpage()
        try:
            return _mend(_Letters(text).lines())
        finally:
            text.close()
    except pypdfium2.PdfiumError:
        return []
    finally:
        page.close()


def _mend(lines: Iterable[list[Piece]]) -> list[list[Piece]]:
    """Rejoin lines that pdfium broke in two after a superscript."""
    whole: list[list[Piece]] = []
    for line in lines:
        before, after = whole[-1][-1] if whole else None, line[0]
        if before and _goes_on(before, after):
            space = " " if after.left - before.right > _SPACE * before.height else ""
            whole[-1][-1] = replace(before, text=f"{before.text}{space}{after.text}", right=after.right)
            whole[-1] += line[1:]
        else:
            whole.append(line)
    return whole


def _goes_on(before: Piece, after: Piece) -> bool:
    """Check whether a piece is on the same line as the one before it, and right after it."""
    level = abs(before.bottom - after.bottom) < _RAISED * before.height
    return level and before.text[-1] in _RAISED_DIGITS and -1 < after.left - before.right <= _GAP * before.height


class _Letters:
    """The letters of a page, by their index in its text."""

    def __init__(self, page: pypdfium2.PdfTextPage) -> None:
        self._page = page.raw
        self._text = str(page.get_text_range())
        self._count: int = page.count_chars()
        self._rectangle = raw.FS_RECTF()
        self._name = ctypes.create_string_buffer(_LONGEST_NAME)
        self._flags = ctypes.c_int()

    def lines(self) -> Iterator[list[Piece]]:
        """Yield the lines, each as its pieces."""
        for line in _LINE.finditer(self._text):
            yield list(self._pieces(line.start(), line.end()))

    def _pieces(self, start: int, end: int) -> Iterator[Piece]:
        first: _Box | None = None
        begin, last, right = start, start, 0.0
        for word in re.compile(r"\S+").finditer(self._text, start, end):
            box = self._box(word.start())
            apart = first and box.left - right > _GAP * max(first.height, box.height)
            if first and apart and not _ITEM_MARK.fullmatch(self._text, begin, last):
                yield self._piece(begin, last, first, right)
                first = None
            if first is None:
                first, begin = box, word.start()
            last, right = word.end(), self._box(word.end() - 1).right
        if first:
            yield self._piece(begin, last, first, right)

    def _piece(self, start: int, end: int, first: _Box, right: float) -> Piece:
        text = "".join(self._with_superscripts(start, end))
        return Piece(text, first.left, right, first.bottom, first.height, self._is_italic(start, end))

    def _with_superscripts(self, start: int, end: int) -> Iterator[str]:
        done = start
        for match in _NUMBER.finditer(self._text, start, end):
            before, digit = self._box(match.start() - 1), self._box(match.start(2))
            if digit.height < _SMALL * before.height and digit.bottom - before.bottom > _RAISED * before.height:
                yield f"{self._text[done : match.start()]} {match[2].translate(_SUPERSCRIPT)}"
                done = match.end()
        yield self._text[done:end]

    def _is_italic(self, start: int, end: int) -> bool:
        """Check whether a piece is in italics, judging by its first, middle and last letter."""
        letters = [i for i in (start, (start + end) // 2, end - 1) if self._text[i].isalpha()]
        return bool(letters) and all(self._is_slanted(self._index(i)) for i in letters)

    def _is_slanted(self, index: int) -> bool:
        raw.FPDFText_GetFontInfo(self._page, index, self._name, _LONGEST_NAME, self._flags)
        return bool(self._flags.value & _ITALIC_FLAG or _SLANTED.search(self._name.value))

    def _box(self, place: int) -> _Box:
        raw.FPDFText_GetLooseCharBox(self._page, self._index(place), self._rectangle)
        return _Box(self._rectangle.left, self._rectangle.bottom, self._rectangle.right, self._rectangle.top)

    def _index(self, place: int) -> int:
        """Return the index of a letter among all that pdfium knows of, some of which have no place in the text."""
        if self._count == len(self._text):
            return place
        index: int = raw.FPDFText_GetCharIndexFromTextIndex(self._page, place)
        return max(0, min(index, self._count - 1))


def text_of(lines: Sequence[Sequence[Piece]]) -> str:
    """Return the text of lines in the order they were written."""
    return "\n".join("  ".join(piece.text for piece in line) for line in lines)
