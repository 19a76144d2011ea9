"""Plain text in any encoding, and Markdown, which real archives also keep under the name .txt."""

from __future__ import annotations

import re
from collections import Counter

import charset_normalizer
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.cleaning import blocks_of, mended, repair
from ingest.document import Block, BlockKind
from vectorstore.errors import UnreadableFile

_HEADING = re.compile(r"^#{1,6}\s+\S", re.M)
_ENCODINGS = ["cp1252", "latin_1", "iso8859_15", "cp850"]
_EMPHASIS = re.compile(r"(?:\*\*|__)\S[^*_\n]*\S(?:\*\*|__)")


def read_text(data: bytes) -> list[Block]:
    """The blocks of a text file; a form feed begins a new page."""
    text = decoded(data)
    if len(_HEADING.findall(text)) >= 2 or (_HEADING.search(text) and _EMPHASIS.search(text)):
        return markdown_blocks(text)
    pages = text.split("\f")
    return blocks_of(pages, numbered=len(pages) > 1)


def read_markdown(data: bytes) -> list[Block]:
    """The blocks of a Markdown file, marks of emphasis left out, HTML kept as the text it is."""
    return markdown_blocks(decoded(data))


def decoded(data: bytes) -> str:
    """Bytes as text.

    Raises:
        UnreadableFile: they are no text.
    """
    encoding = _wide_encoding(data)
    try:
        text = data.decode(encoding or "utf-8-sig")
    except UnicodeDecodeError:
        best = None if encoding else charset_normalizer.from_bytes(data, cp_isolation=_ENCODINGS).best()
        text = str(best) if best else ""
    if not text or not _looks_like_text(text):
        raise UnreadableFile("Dit bestand bevat geen leesbare tekst.", "Bewaar de brief als PDF, Word of platte tekst.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _wide_encoding(data: bytes) -> str | None:
    """The encoding with two bytes a character that these bytes have, by their mark or by where their zeros stand."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    half = len(data) // 2
    if data[1::2].count(0) > 0.8 * half:
        return "utf-16-le"
    return "utf-16-be" if data[::2].count(0) > 0.8 * half else None


def _looks_like_text(text: str) -> bool:
    """Whether few characters cannot be printed, layout and the remains of broken quotes left aside."""
    usual = "\n\r\t\f\v\ufeff\u2028\u2029\u00a0\u00ad\u200b\u202f\u2009"
    found = Counter(text)
    strange = sum(times for sign, times in found.items() if not sign.isprintable() and sign not in usual)
    return "\0" not in text and strange <= 0.05 * len(text)


def markdown_blocks(text: str) -> list[Block]:
    """Headings, paragraphs and list items of Markdown text."""
    parser = MarkdownIt("commonmark", {"html": False})
    blocks: list[Block] = []
    markers: list[str] = []
    heading = False
    first_in_item = False
    for token in parser.parse(repair(text).replace("\f", "\n\n")):
        if token.type == "heading_open":
            heading = True
        elif token.type == "list_item_open":
            markers.append(f"{token.info}. " if token.info else "- ")
            first_in_item = True
        elif token.type == "list_item_close":
            markers.pop()
        elif token.type in ("inline", "fence", "code_block"):
            content = _plain(token)
            kind = BlockKind.HEADING if heading else BlockKind.ITEM if markers else BlockKind.PARAGRAPH
            prefix = markers[-1] if markers and first_in_item else ""
            blocks += [
                Block(part, kind, None, tight=i > 0 or bool(markers))
                for i, part in enumerate(filter(None, (line.strip() for line in (prefix + content).split("\n"))))
            ]
            heading = first_in_item = False
    words = Counter(re.findall(r"[\w-]+", text.casefold()))
    return mended(blocks, words)


def _plain(token: Token) -> str:
    """The words of an inline token without its marks; hard breaks stay line breaks."""
    if token.children is None:
        return token.content
    pieces = {"softbreak": " ", "hardbreak": "\n"}
    text = "".join(pieces.get(child.type, child.content) for child in token.children)
    return re.sub(r" {2,}", " ", text)
