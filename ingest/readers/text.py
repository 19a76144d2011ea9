"""Plain text in any encoding, and Markdown, which real archives also keep under the name .txt."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import charset_normalizer
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.readers.document import Block, BlockKind
from ingest.readers.layout.cleaning import blocks_of, mend, repair
from ingest.readers.layout.mail_thread import repeats, saved_mail_blocks
from ingest.readers.layout.styled import StyledBlock, mark_quotations
from vectorstore.errors import UnreadableFile

_HEADING = re.compile(r"^#{1,6}\s+\S", re.M)
_ENCODINGS = ["cp1252", "latin_1", "iso8859_15", "cp850"]
_SLANTED = re.compile(r"([*_])(?![*_\s])([^*_]+)(?<!\s)\1[.,;]?")
"""A paragraph entirely in italics, as plain text marks them."""

_EMPHASIS = re.compile(r"(?:\*\*|__)\S[^*_\n]*\S(?:\*\*|__)")


def read_text(data: bytes) -> list[Block]:
    """Return the blocks of a text file; a form feed begins a new page."""
    text = decode_text(data)
    if len(_HEADING.findall(text)) >= 2 or (_HEADING.search(text) and _EMPHASIS.search(text)):
        return markdown_blocks(text)
    pages = text.split("\f")
    if len(pages) == 1 and repeats(text):
        return saved_mail_blocks(text)
    return mark_quotations(map(_strip_italics, blocks_of(pages, numbered=len(pages) > 1)))


def _strip_italics(block: Block) -> StyledBlock:
    """Return a block of plain text, without the marks of italics if all of it is in italics."""
    marked = _SLANTED.fullmatch(block.text)
    if marked is None or block.breaks:
        return StyledBlock(block)
    return StyledBlock(replace(block, text=marked[2]), italic=True)


def read_markdown(data: bytes) -> list[Block]:
    """Return the blocks of a Markdown file, marks of emphasis left out, HTML kept as text."""
    return markdown_blocks(decode_text(data))


def decode_text(data: bytes) -> str:
    """Decode bytes as text.

    Raises:
        UnreadableFile: they are not text.
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
    """Return the two-byte encoding of these bytes, by their mark or by the position of their zeros, or None."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    half = len(data) // 2
    if data[1::2].count(0) > 0.8 * half:
        return "utf-16-le"
    return "utf-16-be" if data[::2].count(0) > 0.8 * half else None


def _looks_like_text(text: str) -> bool:
    """Check whether few characters are unprintable, apart from layout and the remains of broken quotes."""
    usual = "\n\r\t\f\v\ufeff\u2028\u2029\u00a0\u00ad\u200b\u202f\u2009"
    found = Counter(text)
    strange = sum(times for sign, times in found.items() if not sign.isprintable() and sign not in usual)
    return "\0" not in text and strange <= 0.05 * len(text)


def markdown_blocks(text: str) -> list[Block]:
    """Return the headings, paragraphs, list items and block quotations of Markdown text."""
    parser = MarkdownIt("commonmark", {"html": False})
    drafts: list[StyledBlock] = []
    markers: list[str] = []
    heading = first_in_item = False
    quotes = 0
    for token in parser.parse(repair(text).replace("\f", "\n\n")):
        if token.type == "heading_open":
            heading = True
        elif token.type in ("blockquote_open", "blockquote_close"):
            quotes += token.nesting
        elif token.type == "list_item_open":
            markers.append(f"{token.info}. " if token.info else "- ")
            first_in_item = True
        elif token.type == "list_item_close":
            markers.pop()
        elif token.type in ("inline", "fence", "code_block"):
            kind = BlockKind.HEADING if heading else BlockKind.ITEM if markers else BlockKind.PARAGRAPH
            lines = ((markers[-1] if markers and first_in_item else "") + _plain(token)).split("\n")
            drafts += [
                StyledBlock(Block(part, kind, None, tight=i > 0 or bool(markers)), _is_slanted(token), quotes > 0)
                for i, part in enumerate(filter(None, (line.strip() for line in lines)))
            ]
            heading = first_in_item = False
    words = Counter(re.findall(r"[\w-]+", text.casefold()))
    return mend(mark_quotations(drafts), words)


def _is_slanted(token: Token) -> bool:
    """Check whether all words of an inline token are in italics."""
    depth, slants = 0, []
    for child in token.children or ():
        depth += child.nesting if child.type in ("em_open", "em_close") else 0
        if any(character.isalpha() for character in child.content):
            slants.append(depth > 0)
    return bool(slants) and all(slants)


def _plain(token: Token) -> str:
    """Return the words of an inline token without its marks; hard breaks stay line breaks."""
    if token.children is None:
        return token.content
    pieces = {"softbreak": " ", "hardbreak": "\n"}
    text = "".join(pieces.get(child.type, child.content) for child in token.children)
    return re.sub(r" {2,}", " ", text)
