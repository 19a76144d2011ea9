"""The control words of RTF that matter to a letter, and the state of the words between two braces."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Sign(StrEnum):
    """A sign among the words."""

    PARAGRAPH = "\ue000"
    CELL = "\ue001"
    ROW = "\ue002"
    SLANTED = "\ue003"
    UPRIGHT = "\ue004"
    HEADING = "\ue005"
    QUOTED = "\ue006"
    MARK = "\ue007"
    MARKED = "\ue008"
    BOX = "\ue009"
    IN_TABLE = "\ue00a"


class Stream(StrEnum):
    """A destination of words."""

    BODY = "body"
    FIRST_HEADER = "first header"
    HEADER = "header"
    NOTE = "note"
    BOX = "box"


STREAMS = {
    "header": Stream.HEADER, "headerf": Stream.FIRST_HEADER, "headerl": Stream.HEADER, "headerr": Stream.HEADER,
    "footnote": Stream.NOTE, "shptxt": Stream.BOX, "dptxbxtext": Stream.BOX,
}  # fmt: skip
"""Groups whose words are separate from those around them."""

SKIPPED = {
    "annotation", "atnauthor", "atnid", "atrfend", "atrfstart", "bkmkend", "bkmkstart", "colortbl", "datastore", "fldinst",
    "footer", "footerf", "footerl", "footerr", "ftncn", "ftnsep", "ftnsepc", "aftncn", "aftnsep", "aftnsepc",
    "generator", "info", "latentstyles", "listoverridetable", "listtable", "nonesttables", "nonshppict", "objdata", "pict",
    "pn", "private", "revtbl", "rsidtbl", "shppict", "shprslt", "sp", "themedata", "upr", "xmlnstbl", "object", "tc", "xe",
}  # fmt: skip
"""Groups that start with these are not words of the letter."""

KEPT_THOUGH_STARRED = {"shpinst", "nesttableprops", "pntext", "listtext", "shptxt", "do", "dptxbxtext", "footnote"}
"""Groups that are read although the file says that programs may skip them."""

PASSED_ON = {
    "f", "uc", "tab", "line", "emdash", "endash", "emspace", "enspace", "bullet", "lquote", "rquote", "ldblquote",
    "rdblquote",
}  # fmt: skip
"""Control words for a character, or for the encoding of characters, which striprtf knows."""

ENDS = {"par": Sign.PARAGRAPH, "sect": Sign.PARAGRAPH, "page": Sign.PARAGRAPH, "column": Sign.PARAGRAPH,
    "nestcell": Sign.PARAGRAPH, "cell": Sign.CELL, "row": Sign.ROW}  # fmt: skip
"""Control words that end a paragraph, a cell or a row."""

CODE_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
"""Encodings named by a word at the top of the file."""


@dataclass(frozen=True, slots=True)
class BraceGroup:
    """The state of the words between two braces.

    Attributes:
        stream: where they go.
        out: number of the piece they go to.
        table: the table they are in: "fonttbl", "stylesheet", "" for none.
        skipped: they are left out.
        italic: they are in italics.
        hidden: they are hidden.
        deleted: they were deleted.
        marking: they are the number of an item.
        starred: the next control word names something that may be skipped.
    """

    stream: Stream = Stream.BODY
    out: int = 0
    table: str = ""
    skipped: bool = False
    italic: bool = False
    hidden: bool = False
    deleted: bool = False
    marking: bool = False
    starred: bool = False

    @property
    def silent(self) -> bool:
        """Check whether none of it is to be read."""
        return self.skipped or self.hidden or self.deleted or bool(self.table)


@dataclass(slots=True)
class Tables:
    """The tables at the top of the file.

    Attributes:
        encoding: of letters in fonts that name none.
        charsets: number of the character set of each font.
        names: of the styles, by number.
    """

    encoding: str = "cp1252"
    charsets: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
