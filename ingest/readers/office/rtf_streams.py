"""RTF taken apart: its text, headers, notes and text boxes, each with the little markup that matters to a letter.

striprtf turns RTF into text, in all its encodings, but drops headers, notes, text boxes and italics, keeps deleted and
hidden words, and only guesses which are cells and which paragraphs. Here all markup is removed, and the part worth keeping
is put among the words as signs from Unicode's private use area, which striprtf leaves alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from striprtf.striprtf import rtf_to_text

from ingest.readers.layout.styled import HEADING_STYLE, QUOTE_STYLE
from ingest.readers.office.package import too_large_error
from ingest.readers.office.rtf_words import (
    CODE_PAGES,
    ENDS,
    KEPT_THOUGH_STARRED,
    PASSED_ON,
    SKIPPED,
    STREAMS,
    BraceGroup,
    Sign,
    Stream,
    Tables,
)

_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,9})?\d* ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([\r\n\0]+)|([^\\{}\r\n\0]+)|\\",
    re.S,
)
_LARGEST_TEXT = 20_000_000
"""Number of characters in an RTF file outside its pictures; more would keep a computer busy for minutes."""


@dataclass(frozen=True, slots=True)
class Streams:
    """The text of an RTF file.

    Attributes:
        body: of the letter itself.
        header: of the headers of its pages.
        notes: each footnote and endnote.
        boxes: each text box, in the order of the BOX signs in the other streams.
    """

    body: str
    header: str
    notes: tuple[str, ...]
    boxes: tuple[str, ...]


def streams_of(data: bytes) -> Streams:
    """Return the text of an RTF file.

    Raises:
        UnreadableFile: it is too large to be a letter.
    """
    splitter = _Splitter(_characters(data))
    splitter.run()
    return splitter.streams()


def _characters(data: bytes) -> str:
    """Decode the file; bytes outside ASCII, which few programs write, are UTF-8 or in the code page of the file."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return re.sub(r"[\x80-\xff]", lambda byte: f"\\'{ord(byte[0]):02x}", data.decode("latin-1"))


class _Splitter:
    """One pass over an RTF file."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._group = BraceGroup()
        self._groups: list[BraceGroup] = []
        self._pieces: list[tuple[Stream, list[str]]] = [(Stream.BODY, [])]
        self._slanted: dict[int, bool] = {}
        self._tables = Tables()
        self._font = self._style = ""
        self._heading = self._in_table = False
        self._length = 0

    def run(self) -> None:
        """Read the file."""
        place = 0
        while match := _TOKEN.match(self._text, place):
            place = match.end()
            word, number, hexadecimal, sign, brace, _, plain = match.groups()
            if word == "bin":
                place += max(int(number or 0), 0)
            elif word:
                self._word(word, number or "")
            elif brace == "{":
                self._groups.append(self._group)
                self._put("{")
            elif brace:
                if not self._close():
                    return
            elif sign:
                self._sign(sign)
            elif hexadecimal:
                self._say(f"\\'{hexadecimal}")
            elif plain:
                self._say(plain)

    def streams(self) -> Streams:
        """Return what was read."""
        made = [(stream, self._convert("".join(pieces))) for stream, pieces in self._pieces]
        texts = {kind: tuple(text for stream, text in made if stream is kind) for kind in Stream}
        return Streams(
            texts[Stream.BODY][0],
            "".join(texts[Stream.FIRST_HEADER] + texts[Stream.HEADER]),
            texts[Stream.NOTE],
            texts[Stream.BOX],
        )

    def _convert(self, pieces: str) -> str:
        fonts = "".join(f"{{\\f{font}\\fcharset{charset} x;}}" for font, charset in self._tables.charsets.items())
        text: str = rtf_to_text(  # type: ignore[no-untyped-call]
            f"{{\\rtf1{{\\fonttbl{fonts}}}{pieces}}}", encoding=self._tables.encoding, errors="replace"
        )
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _put(self, rtf: str) -> None:
        self._length += len(rtf)
        if self._length > _LARGEST_TEXT:
            raise too_large_error("RTF")
        self._pieces[self._group.out][1].append(rtf)

    def _say(self, rtf: str) -> None:
        """Add words, or a character code."""
        group = self._group
        if group.table == "stylesheet" and not group.skipped:
            name = rtf.strip()
            if name.endswith(";"):
                self._tables.names[self._style] = name[:-1]
        elif not group.silent:
            if group.italic != self._slanted.get(group.out, False) and not group.marking:
                self._slanted[group.out] = group.italic
                self._place(Sign.SLANTED if group.italic else Sign.UPRIGHT)
            self._put(rtf)

    def _place(self, signs: str) -> None:
        """Insert signs among the words; the control word before them ends what striprtf skips after a letter."""
        self._put(f"\\z {signs}")

    def _close(self) -> bool:
        """End a group; return whether anything can follow."""
        group = self._group
        self._put("}")
        if not self._groups:
            return False
        self._group = self._groups.pop()
        if group.marking and not self._group.marking:
            self._place(Sign.MARKED)
        return bool(self._groups)

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self._group = replace(self._group, starred=True)
        elif sign in "\r\n":
            self._end(Sign.PARAGRAPH)
        elif sign in "{}\\~_-":
            self._say(f"\\{sign}")

    def _word(self, word: str, number: str) -> None:
        starred, self._group = (
            self._group.starred,
            replace(self._group, starred=False) if self._group.starred else self._group,
        )
        if word in SKIPPED or (starred and word not in KEPT_THOUGH_STARRED):
            self._group = replace(self._group, skipped=True)
        elif word in ("fonttbl", "stylesheet"):
            self._group = replace(self._group, table=word)
        elif self._group.table:
            self._table_word(word, number)
        elif word in STREAMS:
            self._open(STREAMS[word])
        elif word in ("listtext", "pntext"):
            self._place(Sign.MARK)
            self._group = replace(self._group, marking=True)
        elif word in ENDS:
            self._end(ENDS[word])
        elif word == "u":
            self._letter(int(number or 0))
        elif word in PASSED_ON:
            self._say(f"\\{word}{number} ") if word not in ("f", "uc") else self._put(f"\\{word}{number} ")
        else:
            self._property(word, number)

    def _table_word(self, word: str, number: str) -> None:
        """Handle a control word in the table of fonts or of styles."""
        if self._group.table == "stylesheet":
            if word in ("s", "cs", "ds", "ts"):
                self._style = number if word == "s" else f"{word}{number}"
        elif word == "f":
            self._font = number
        elif word == "fcharset" and self._font and number:
            self._tables.charsets[self._font] = number

    def _open(self, stream: Stream) -> None:
        """Redirect the words of a group to a piece of their own."""
        if stream is Stream.BOX and not self._group.skipped:
            self._place(Sign.BOX)
        self._pieces.append((stream, []))
        self._group = replace(self._group, stream=stream, out=len(self._pieces) - 1, italic=False, marking=False)

    def _end(self, sign: Sign) -> None:
        """End a paragraph, a cell or a row."""
        if self._group.silent:
            return
        name = self._tables.names.get(self._style, "")
        heading = self._heading or HEADING_STYLE.match(name)
        signs = (
            Sign.HEADING if heading else "", Sign.QUOTED if QUOTE_STYLE.match(name) else "",
            Sign.IN_TABLE if self._in_table else "", sign,
        )  # fmt: skip
        self._place("".join(signs))

    def _letter(self, code: int) -> None:
        if -0x8000 <= code <= 0xFFFF:
            self._say(f"\\u{code} ")

    def _property(self, word: str, number: str) -> None:
        """Handle a control word that sets the layout of words or paragraphs."""
        on = number != "0"
        if word == "plain":
            self._group = replace(self._group, italic=False, hidden=False, deleted=False)
        elif word == "i":
            self._group = replace(self._group, italic=on)
        elif word == "v":
            self._group = replace(self._group, hidden=on)
        elif word == "deleted":
            self._group = replace(self._group, deleted=on)
        elif word == "pard":
            self._style, self._heading, self._in_table = "", False, False
        elif word == "s":
            self._style = number
        elif word == "outlinelevel":
            self._heading = number != "9"
        elif word in ("intbl", "itap"):
            self._in_table = on
        elif word == "ansicpg":
            self._tables.encoding = _supported_encoding(f"cp{number}")
        elif word in CODE_PAGES:
            self._tables.encoding = CODE_PAGES[word]


def _supported_encoding(encoding: str) -> str:
    try:
        "".encode(encoding)
    except LookupError:
        return "cp1252"
    return encoding
