"""From the lines of a real-life file to clean blocks: what is layout goes, the words stay as they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import ftfy

from ingest.courtesies import closes
from ingest.document import Block, BlockKind
from ingest.lines import BARE_LABEL, GREETING, ITEM, LABEL, RULE, Line, paragraphs
from ingest.running import SENTENCE_END, Row, without_running_lines

_LEAD_IN = re.compile(
    r"\b(?:stelt|stellen|stelde|stelden|schrijft|schrijven|schreef|schreven|adviseert|adviseren|vraagt|vragen|verzoeken|"
    r"zegt|voert|geeft|geven|meldt|luidt|luidde|stond|staat|zijn|is|wil|willen|volgende|hierbij|volgt)\b"
)
_ENDS_IN_YEAR = re.compile(r"^\D{0,40}\d{1,2}\s+[a-z]+\.?\s+(?:19|20)\d\d$", re.I)
_FACT = 100
"""What follows a word that is a label too ("Telefoon") and is longer is no telephone number but a paragraph."""

_WRAPPED = 40
"""Characters of a line that goes on in the next at least; what is shorter stands in a head or a signature."""

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
"""First parts of words that have a hyphen after them."""

_VOWEL_CLASH = re.compile(r"[aeo]-[eiu]|([aeiou])-\1")
_ZERO_WIDTH = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_LINE_BREAKS = {"\v": "\n", "\u2028": "\n", "\u2029": "\n\n"}
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_SYMBOL = re.compile(r"[\uf000-\uf0ff](?:[^\S\n]+|$)|(?<![^\n])[\uf000-\uf0ff]", re.M)
"""A bullet as Word and PDF have it, in a font of symbols."""


def repair(text: str) -> str:
    """Undo damage to characters: broken encodings, ligatures, odd spaces, soft hyphens, decomposed accents.

    Curly quotes and dashes stay: they are the letter's own.
    """
    whole = _ZERO_WIDTH.sub("", re.sub(r"\u00ad[^\S\n\f]*\n\s*", "", text))
    for sign, lines in _LINE_BREAKS.items():
        whole = whole.replace(sign, lines)
    fixed = "".join(map(_fixed, _LINE.findall(whole)))
    fixed = re.sub(r"[^\S\n\f\t]", " ", fixed)
    return _SYMBOL.sub("• ", fixed)


def _fixed(line: str) -> str:
    """A line without damage; ftfy looks at lines one by one, and a plain one has nothing for it to mend."""
    if line.isascii() and line.rstrip("\n").isprintable():
        return line
    return ftfy.fix_text(line, unescape_html=False, uncurl_quotes=False, normalization="NFC")


def blocks_of(pages: Sequence[str], *, numbered: bool) -> list[Block]:
    """Clean blocks from the text of pages, line by line as they were laid out.

    Args:
        pages: text of each page.
        numbered: the pages are real ones, and blocks say on which they begin.
    """
    split = without_running_lines([_page_rows(repair(page)) for page in pages])
    lines = [
        Line(row.text, number, row.after_blank or (i == 0 and number > 1))
        for number, page in enumerate(split, 1)
        for i, row in enumerate(page)
    ]
    vocabulary = Counter(re.findall(r"[\w-]+", " ".join(line.text for line in lines).casefold()))
    blocks = joined(paragraphs(lines), vocabulary)
    return blocks if numbered else [replace(block, page=None, breaks=()) for block in blocks]


def _page_rows(text: str) -> list[Row]:
    """Lines that hold something, each with whether a blank line stood before it; double spacing undone."""
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
    return [Row(line, gap > 1 if doubled else gap > 0) for line, gap in lines]


def joined(groups: Iterable[Sequence[Line]], vocabulary: Counter[str]) -> list[Block]:
    """A block a group, words broken over lines mended, and paragraphs that a page break cut in two made one."""
    return mended(_with_headings([_block(group, vocabulary) for group in groups]), vocabulary)


def _block(group: Sequence[Line], vocabulary: Counter[str]) -> Block:
    first = group[0]
    text, breaks = re.sub(r" {2,}", " ", first.text), []
    page = first.page
    for line in group[1:]:
        after = re.sub(r" {2,}", " ", line.text)
        text = join_words(text, after, vocabulary)
        if line.page != page:
            page = line.page
            breaks.append((len(text) - len(after), page))
    return Block(text, _kind(text), first.page, not first.after_blank, tuple(breaks))


def join_words(before: str, after: str, vocabulary: Counter[str]) -> str:
    """Two lines as one: a word broken by a hyphen is made whole, a hyphen that belongs to the word stays."""
    if re.search(r"\w/$", before) or (re.search(r"\d[-‐]$", before) and after[0].isdigit()):
        return f"{before}{after}"
    if not _HANGING.search(before) or not after[0].isalpha():
        return f"{before} {after}"
    first = re.split(r"[\s(“‘\"'/]", before)[-1][:-1]
    second = re.split(r"[\s.,;:!?)”’\"'/]", after)[0]
    if second.casefold() in _ELLIPSIS_WORDS:
        return f"{before} {after}"
    return f"{before}{after}" if _keeps_hyphen(first, second, vocabulary) else f"{before[:-1]}{after}"


def _keeps_hyphen(first: str, second: str, vocabulary: Counter[str]) -> bool:
    """Whether the two parts of a word broken over lines have a hyphen between them where the word is whole."""
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


def _with_headings(blocks: Sequence[Block]) -> list[Block]:
    """Mark the short lines without a full stop that stand above a paragraph."""
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


def mended(blocks: Iterable[Block], vocabulary: Counter[str]) -> list[Block]:
    """Paragraphs that break off in the middle of a sentence, joined with the lower-case paragraph that goes on."""
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
    """Whether a block takes up the sentence in which the block before it broke off."""
    return (
        block.kind is BlockKind.PARAGRAPH
        and before.kind not in (BlockKind.HEADING, BlockKind.QUOTE)
        and block.text[0].islower()
        and not block.tight
        and not SENTENCE_END.search(before.text)
        and not any(pattern.match(before.text) for pattern in (LABEL, BARE_LABEL, GREETING, RULE))
    )
