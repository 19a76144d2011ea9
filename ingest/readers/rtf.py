"""RTF, as Word, WordPad and LibreOffice write it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.document import Block
from ingest.readers.drafts import Draft, Layout, drafts_of, letterhead, notes, settled
from ingest.readers.numbering import BULLET, dotted
from ingest.readers.rtf_streams import streams_of
from ingest.readers.rtf_words import Sign
from ingest.readers.tables import table_drafts

_END = re.compile(f"([{Sign.PARAGRAPH}{Sign.CELL}{Sign.ROW}])")
_MARK = re.compile(f"{Sign.MARK}([^{Sign.MARKED}]*){Sign.MARKED}")
_SIGNS = re.compile("[" + "".join(Sign) + "]")
_SLANTS = re.compile(f"([{Sign.SLANTED}{Sign.UPRIGHT}])")


def read_rtf(data: bytes) -> list[Block]:
    """The blocks of an RTF file.

    Raises:
        UnreadableFile: it holds more than a letter can.
    """
    streams = streams_of(data)
    text = _Text(streams.boxes)
    return settled(
        [
            *letterhead(text.drafts(streams.header)),
            *text.drafts(streams.body),
            *notes(draft for note in streams.notes for draft in text.drafts(note)),
        ]
    )


class _Text:
    """Text with signs in it, and the text boxes that hang on it."""

    def __init__(self, boxes: tuple[str, ...]) -> None:
        self._boxes = iter(boxes)

    def drafts(self, stream: str) -> Iterator[Draft]:
        """The blocks of a text."""
        rows: list[list[list[Draft]]] = []
        row: list[list[Draft]] = []
        cell: list[Draft] = []
        italic = False
        pieces = [*_END.split(stream), Sign.PARAGRAPH]
        for words, end in zip(pieces[::2], pieces[1::2], strict=True):
            made, italic = self._paragraph(words, italic)
            if end == Sign.PARAGRAPH and Sign.IN_TABLE not in words:
                yield from table_drafts([*rows, [*row, cell]])
                rows, row, cell = [], [], []
                yield from made
            else:
                cell += made
                if end != Sign.PARAGRAPH:
                    row, cell = [*row, *([cell] if end == Sign.CELL or cell else [])], []
                if end == Sign.ROW:
                    rows, row = [*rows, row], []

    def _paragraph(self, words: str, italic: bool) -> tuple[list[Draft], bool]:
        """The blocks of one paragraph, and whether the next one begins in italics."""
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
        made = list(drafts_of(_SIGNS.sub("", plain), layout))
        for _ in range(words.count(Sign.BOX)):
            made += self.drafts(next(self._boxes, ""))
        return made, italic


def _mark(written: str, heading: bool) -> str | None:
    """The number or bullet of an item as it stands in the file."""
    mark = _SIGNS.sub("", written).strip()
    if any(character.isalnum() for character in mark) and mark != "o":
        return dotted(mark)
    return None if heading else BULLET if mark else ""
