"""RTF, as written by Word, WordPad and LibreOffice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.readers.document import Block
from ingest.readers.layout.styled import Layout, StyledBlock, letterhead, mark_quotations, notes, styled_blocks
from ingest.readers.layout.tables import table_blocks
from ingest.readers.office.numbering import BULLET, add_dot
from ingest.readers.office.rtf_streams import streams_of
from ingest.readers.office.rtf_words import Sign

_END = re.compile(f"([{Sign.PARAGRAPH}{Sign.CELL}{Sign.ROW}])")
_MARK = re.compile(f"{Sign.MARK}([^{Sign.MARKED}]*){Sign.MARKED}")
_SIGNS = re.compile("[" + "".join(Sign) + "]")
_SLANTS = re.compile(f"([{Sign.SLANTED}{Sign.UPRIGHT}])")


def read_rtf(data: bytes) -> list[Block]:
    """Return the blocks of an RTF file.

    Raises:
        UnreadableFile: it is too large to be a letter.
    """
    streams = streams_of(data)
    text = _Text(streams.boxes)
    return mark_quotations(
        [
            *letterhead(text.drafts(streams.header)),
            *text.drafts(streams.body),
            *notes(draft for note in streams.notes for draft in text.drafts(note)),
        ]
    )


class _Text:
    """Text with signs in it, and the text boxes anchored to it."""

    def __init__(self, boxes: tuple[str, ...]) -> None:
        self._boxes = iter(boxes)

    def drafts(self, stream: str) -> Iterator[StyledBlock]:
        """Return the blocks of a text."""
        rows: list[list[list[StyledBlock]]] = []
        row: list[list[StyledBlock]] = []
        cell: list[StyledBlock] = []
        italic = False
        pieces = [*_END.split(stream), Sign.PARAGRAPH]
        for words, end in zip(pieces[::2], pieces[1::2], strict=True):
            made, italic = self._paragraph(words, italic)
            if end == Sign.PARAGRAPH and Sign.IN_TABLE not in words:
                yield from table_blocks([*rows, [*row, cell]])
                rows, row, cell = [], [], []
                yield from made
            else:
                cell += made
                if end != Sign.PARAGRAPH:
                    row, cell = [*row, *([cell] if end == Sign.CELL or cell else [])], []
                if end == Sign.ROW:
                    rows, row = [*rows, row], []

    def _paragraph(self, words: str, italic: bool) -> tuple[list[StyledBlock], bool]:
        """Return the blocks of one paragraph, and whether the next one begins in italics."""
        marked = _MARK.search(words)
        plain = _MARK.sub("", words)
        slants: list[bool] = []
        for piece in _SLANTS.split(plain):
            if piece in (Sign.SLANTED, Sign.UPRIGHT):
                italic = piece == Sign.SLANTED
            elif any(character.isalpha() for character in piece):
                slants.append(italic)
        layout = Layout(
            Sign.HEADING in words,
            _mark(marked[1], Sign.HEADING in words) if marked else None,
            italic=bool(slants) and all(slants),
            set_apart=Sign.QUOTED in words,
        )
        made = list(styled_blocks(_SIGNS.sub("", plain), layout))
        for _ in range(words.count(Sign.BOX)):
            made += self.drafts(next(self._boxes, ""))
        return made, italic


def _mark(written: str, heading: bool) -> str | None:
    """Return the number or bullet of an item as the file has it."""
    mark = _SIGNS.sub("", written).strip()
    if any(character.isalnum() for character in mark) and mark != "o":
        return add_dot(mark)
    return None if heading else BULLET if mark else ""
