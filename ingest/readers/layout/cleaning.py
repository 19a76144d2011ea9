"""From the lines of a real-life file to clean blocks: layout is removed, the words stay as they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import ftfy

from ingest.language.courtesies import GREETING, closes
from ingest.readers.document import Block, BlockKind
from ingest.readers.layout.paragraphs import BARE_LABEL, ITEM, LABEL, RULE, TextLine, paragraphs
from ingest.readers.layout.running_headers import SENTENCE_END, PageRow, remove_running_lines

_LEAD_IN = re.compile(
    r"\b(?:stelt|stellen|stelde|stelden|schrijft|schrijven|schreef|schreven|adviseert|adviseren|vraagt|vragen|verzoeken|"
    r"zegt|voert|geeft|geven|meldt|luidt|luidde|stond|staat|zijn|is|wil|willen|volgende|hierbij|volgt)\b"
)
_ENDS_IN_YEAR = re.compile(r"^\D{0,40}\d{1,2}\s+[a-z]+\.?\s+(?:19|20)\d\d$", re.I)
_FACT = 100
"""Length above which the text after a word that is also a label ("Telefoon") is a paragraph, not a value."""

_WRAPPED = 40
"""Smallest length of a line that continues on the next; a shorter one is part of a head or a signature."""

_LONGEST_WORD = 200
"""Characters beyond which something is no word, which is not looked at as a whole."""

_HANGING = re.compile(r"(?<=[^\W_])[-‐]$")
_ELLIPSIS_WORDS = {"en", "of", "tot", "als", "dan", "noch", "respectievelijk", "resp.", "c.q.", "maar", "in", "e/o"}
_HYPHENATED = {
    "oud",
    "ex",
    "niet",
    "non",
    "vice",
    "interim",
    "adjunct",
    "sociaal",
    "mbo",
    "hbo",
    "vmbo",
    "wmo",
    "wlz",
    "pgb",
}
"""First parts of words that are followed by a hyphen."""

_VOWEL_CLASH = re.compile(r"[aeo]-[eiu]|([aeiou])-\1")
_ZERO_WIDTH = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_LINE_BREAKS = {"\v": "\n", "\u2028": "\n", "\u2029": "\n\n"}
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_SYMBOL = re.compile(r"[\uf000-\uf0ff](?:[^\S\n]+|$)|(?<![^\n])[\uf000-\uf0ff]", re.M)
"""A bullet as Word and PDF encode it, in a symbol font."""


def repair(text: str) -> str:
    """Repair damaged characters: broken encodings, ligatures, odd spaces, soft hyphens, decomposed accents.

    Curly quotes and dashes stay: they are the letter's own.
    """
    whole = _ZERO_WIDTH.sub("", re.sub(r"\u00ad[^\S\n\f]*\n\s*", "", text))
    for sign, lines in _LINE_BREAKS.items():
        whole = whole.replace(sign, lines)
    fixed = "".join(map(_fix, _LINE.findall(whole)))
    fixed = re.sub(r"[^\S\n\f\t]", " ", fixed)
    return _SYMBOL.sub("• ", fixed)


def _fix(line: str) -> str:
    """Repair one line; ftfy works line by line and has nothing to repair in a plain one."""
    if line.isascii() and line.rstrip("\n").isprintable():
        return line
    return ftfy.fix_text(line, unescape_html=False, uncurl_quotes=False, normalization="NFC")


def blocks_of(pages: Sequence[str], *, numbered: bool) -> list[Block]:
    """Return clean blocks from the text of pages, laid out line by line.

    Args:
        pages: text of each page.
        numbered: the pages are real ones, and blocks record on which they begin.
    """
    split = remove_running_lines([_page_rows(repair(page)) for page in pages])
    lines = [
        TextLine(row.text, number, row.after_blank or (i == 0 and number > 1))
        for number, page in enumerate(split, 1)
        for i, row in enumerate(page)
    ]
    vocabulary = Counter(re.findall(r"[\w-]+", " ".join(line.text for line in lines).casefold()))
    blocks = join_blocks(paragraphs(lines), vocabulary)
    return blocks if numbered else [replace(block, page=None, breaks=()) for block in blocks]


def _page_rows(text: str) -> list[PageRow]:
    """Return the non-empty lines, each with whether a blank line precedes it, with double spacing removed."""
    lines: list[tuple[str, int]] = []
    blank = 0
    for raw in text.expandtabs(2).split("\n"):
        line = re.sub(r" {2,}", "  ", raw.strip())
        if not line:
            blank += 1
            continue
        lines.append((line, blank))
        blank = 0
    single = [i for i, (_, gap) in enumerate(lines) if gap == 1 and i]
    continued = sum(1 for i in single if lines[i][0][0].islower() and len(lines[i - 1][0]) > _WRAPPED)
    doubled = len(single) > 0.6 * len(lines) and continued > 0.15 * len(single) and len(lines) > 4
    return [PageRow(line, gap > 1 if doubled else gap > 0) for line, gap in lines]


def join_blocks(groups: Iterable[Sequence[TextLine]], vocabulary: Counter[str]) -> list[Block]:
    """Join each group into a block, mend words broken over lines, and rejoin paragraphs split by a page break."""
    return mend(_mark_headings([_block(group, vocabulary) for group in groups]), vocabulary)


def _block(group: Sequence[TextLine], vocabulary: Counter[str]) -> Block:
    first = group[0]
    pieces, breaks = [re.sub(r" {2,}", " ", first.text)], []
    page, length, tail = first.page, len(pieces[0]), pieces[0]
    for line in group[1:]:
        after = re.sub(r" {2,}", " ", line.text)
        dropped, space = _seam(tail, after, vocabulary)
        pieces[-1] = pieces[-1][: len(pieces[-1]) - dropped]
        pieces.append(f"{space}{after}")
        tail = f"{tail[max(0, len(tail) - _LONGEST_WORD) : len(tail) - dropped]}{space}{after}"
        length += len(pieces[-1]) - dropped
        if line.page != page:
            page = line.page
            breaks.append((length - len(after), page))
    text = "".join(pieces)
    return Block(text, _kind(text), first.page, not first.after_blank, tuple(breaks))


def join_words(before: str, after: str, vocabulary: Counter[str]) -> str:
    """Join two lines: a word broken by a hyphen is made whole, a hyphen that belongs to the word stays."""
    dropped, space = _seam(before, after, vocabulary)
    return f"{before[: len(before) - dropped]}{space}{after}"


def _seam(before: str, after: str, vocabulary: Counter[str]) -> tuple[int, str]:
    """Return how many characters to drop at the end of a line, and what comes between it and the next."""
    tail = before[-_LONGEST_WORD:]
    if re.search(r"\w/$", tail[-2:]) or (re.search(r"\d[-‐]$", tail[-2:]) and after[0].isdigit()):
        return 0, ""
    if not _HANGING.search(tail[-2:]) or not after[0].isalpha():
        return 0, " "
    first = re.split(r"[\s(“‘\"'/]", tail)[-1][:-1]
    second = re.split(r"[\s.,;:!?)”’\"'/]", after[:_LONGEST_WORD])[0]
    if second.casefold() in _ELLIPSIS_WORDS:
        return 0, " "
    return (0, "") if _keeps_hyphen(first, second, vocabulary) else (1, "")


def _keeps_hyphen(first: str, second: str, vocabulary: Counter[str]) -> bool:
    """Check whether a word broken over lines keeps its hyphen when rejoined."""
    hyphenated, whole = (vocabulary[f"{first}{mark}{second}".casefold()] for mark in ("-", ""))
    if hyphenated != whole:
        return hyphenated > whole
    last = first.rsplit("-")[-1]
    return (
        second[0].isupper()
        or len(last) == 1
        or last.isupper()
        or last[-1:].isdigit()
        or last.casefold() in _HYPHENATED
        or bool(_VOWEL_CLASH.search(f"{first[-1:]}-{second[:1]}".casefold()))
    )


def _kind(text: str) -> BlockKind:
    return BlockKind.ITEM if ITEM.match(text) else BlockKind.PARAGRAPH


def _mark_headings(blocks: Sequence[Block]) -> list[Block]:
    """Mark as headings the short lines without a full stop that precede a paragraph."""
    marked: list[Block] = []
    for i, block in enumerate(blocks):
        following = blocks[i + 1] if i + 1 < len(blocks) else None
        marked.append(replace(block, kind=BlockKind.HEADING) if _is_heading(block, following) else block)
    return marked


def _is_heading(block: Block, following: Block | None) -> bool:
    text = block.text
    numbered = re.match(r"^\d{1,2}(?:\.\d{1,2})*\.?\s+[A-Z]", text)
    if following is None or len(text) > 90 or "\n" in text or (block.kind is BlockKind.ITEM and not numbered):
        return False
    if any(pattern.match(text) for pattern in (BARE_LABEL, GREETING, _ENDS_IN_YEAR)) or text[-1] in ".,;!":
        return False
    if LABEL.match(text) and (":" in text or len(following.text) < _FACT):
        return False
    if not re.search(r"[^\W\d_]{3}", text) or not (text[0].isupper() or numbered):
        return False
    if text.endswith(":") and _LEAD_IN.search(text):
        return False
    longer = len(following.text) > max(60, 1.3 * len(text)) or following.text.endswith(":")
    return longer and (not text.endswith(":") or len(text.split()) <= 8) and not following.text[0].islower()


def mend(blocks: Iterable[Block], vocabulary: Counter[str]) -> list[Block]:
    """Join paragraphs that break off in mid-sentence with the lower-case paragraph that continues them."""
    blocks = list(blocks)
    opening = next((i for i, block in enumerate(blocks[:40]) if GREETING.match(block.text)), -1)
    whole: list[Block] = []
    signing = False
    for i, block in enumerate(blocks):
        if whole and i > opening and not signing and _goes_on(whole[-1], block):
            before = whole[-1]
            text = join_words(before.text, block.text, vocabulary)
            shift = len(text) - len(block.text)
            moved = tuple((shift + offset, page) for offset, page in block.breaks)
            last = before.breaks[-1][1] if before.breaks else before.page
            begins = ((shift, block.page),) if block.page is not None and block.page != last else ()
            whole[-1] = replace(before, text=text, breaks=(*before.breaks, *begins, *moved))
        else:
            whole.append(block)
        signing = signing or (i > opening and closes(block.text))
    return whole


def _goes_on(before: Block, block: Block) -> bool:
    """Check whether a block continues the sentence in which the block before it broke off."""
    return (
        block.kind is BlockKind.PARAGRAPH
        and before.kind not in (BlockKind.HEADING, BlockKind.QUOTE)
        and block.text[0].islower()
        and not block.tight
        and not SENTENCE_END.search(before.text)
        and not any(pattern.match(before.text) for pattern in (LABEL, BARE_LABEL, GREETING, RULE))
    )
