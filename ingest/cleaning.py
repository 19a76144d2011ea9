"""From the lines of a real-life file to clean blocks: what is layout goes, the words stay as they are."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import ftfy

from ingest.document import Block, BlockKind

_LEAD_IN = re.compile(
    r"\b(?:stelt|stellen|stelde|stelden|schrijft|schrijven|schreef|schreven|adviseert|adviseren|vraagt|vragen|verzoeken|"
    r"zegt|voert|geeft|geven|meldt|luidt|luidde|stond|staat|zijn|is|wil|willen|volgende|hierbij|volgt)\b"
)
_PAGE_NUMBER = re.compile(
    r"^[\s\-–|]*(?:(?:pagina|blad|bladzijde|page|pag\.?)\s*:?\s*)?\d{1,4}\s*(?:(?:van|/|of)\s*\d{1,4})?[\s\-–|]*$", re.I
)
_LABEL = re.compile(
    r"^(?:aan|van|t\.?a\.?v\.?|datum|dagtekening|ons kenmerk|onze referentie|uw kenmerk|uw brief|uw referentie|kenmerk|betreft|"
    r"betreffende|onderwerp|inzake|c\.?c\.?|i\.?a\.?a\.?|bijlagen?|contactpersoon|behandeld door|telefoon|e-?mail|"
    r"afschrift|zaaknummer|referentie|voorzitter|secretaris|aanwezig|afwezig|notulist|verslag)\b\s*(?::|$|\s{2,})",
    re.I,
)
_BARE_LABEL = re.compile(r"^(?:Ons kenmerk|Uw kenmerk|Kenmerk|Datum|Onderwerp|Betreft|Uw brief van)\b", re.I)
_ITEM = re.compile(r"^(?:[-•*·‣▪–—►➢✓o]\s+|\(?\d{1,2}[.)]\s+|\(?[a-z][.)]\s+)")
_ENDS = re.compile(r"[.!?:;…][\"'”’»)\]]*\d?$")
_GREETING = re.compile(r"^(?:Geachte?|Beste|Met vriendelijke groet|Hoogachtend|Met hartelijke groet|Namens)\b", re.I)
_ENDS_IN_YEAR = re.compile(r"^\D{0,40}\d{1,2}\s+[a-z]+\.?\s+(?:19|20)\d\d$", re.I)
_HANGING = re.compile(r"(?<=[^\W\d_])[-‐]$")
_ELLIPSIS_WORDS = {"en", "of", "tot", "als", "dan", "noch", "respectievelijk", "resp.", "c.q.", "maar", "in", "e/o"}
_VOWEL_CLASH = re.compile(r"[aeo]-[eiu]|([aeiou])-\1")
_ZERO_WIDTH = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, its page, and whether a blank line stands before it."""

    text: str
    page: int | None
    after_blank: bool


def repair(text: str) -> str:
    """Undo damage to characters: broken encodings, ligatures, odd spaces, soft hyphens, decomposed accents.

    Curly quotes and dashes stay: they are the letter's own.
    """
    fixed = ftfy.fix_text(text.translate(_ZERO_WIDTH), unescape_html=False, uncurl_quotes=False, normalization="NFC")
    fixed = re.sub(r"[^\S\n\f\t]", " ", fixed).replace("\v", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    return fixed


def blocks_of(pages: Sequence[str], *, numbered: bool) -> list[Block]:
    """Clean blocks from the text of pages, line by line as they were laid out.

    Args:
        pages: text of each page.
        numbered: the pages are real ones, and blocks say on which they begin.
    """
    split = [_page_lines(repair(page)) for page in pages]
    split = _without_running_lines(split)
    lines = [
        Line(text, number if numbered else None, after_blank or (i == 0 and number > 1))
        for number, page in enumerate(split, 1)
        for i, (text, after_blank) in enumerate(page)
    ]
    vocabulary = Counter(re.findall(r"[\w-]+", " ".join(line.text for line in lines).casefold()))
    return joined(_paragraphs(lines), vocabulary)


def _page_lines(text: str) -> list[tuple[str, bool]]:
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
    continued = sum(1 for i in single if lines[i][0][0].islower())
    doubled = len(single) > 0.6 * len(lines) and continued > 0.15 * len(single) and len(lines) > 4
    return [(line, gap > 1 if doubled else gap > 0) for line, gap in lines]


def _without_running_lines(pages: list[list[tuple[str, bool]]]) -> list[list[tuple[str, bool]]]:
    """Leave out page numbers, and headers and footers after the first time they stand there."""
    masked = Counter(
        key
        for page in pages
        for key in {_mask(text) for text, _ in (page[:4] + page[-4:] if len(pages) > 1 else page)}
    )
    if len(pages) == 1:
        masked = Counter(_mask(text) for text, blank in pages[0] if len(text) < 100 and not _ENDS.search(text))
        often = {key for key, count in masked.items() if count >= 3}
    else:
        often = {key for key, count in masked.items() if count >= max(2, 0.6 * len(pages))}
    seen: set[str] = set()
    kept: list[list[tuple[str, bool]]] = []
    for page in pages:
        rest: list[tuple[str, bool]] = []
        gap = False
        for i, (text, blank) in enumerate(page):
            key = _mask(text)
            edge = len(pages) == 1 or i < 4 or i >= len(page) - 4
            number = _PAGE_NUMBER.match(text) and (edge or "agina" in text) and (len(text) < 4 or not text.isdigit())
            if number or (edge and key in often and key in seen and not _ITEM.match(text)):
                gap = gap or blank
                continue
            seen.add(key)
            rest.append((text, blank or gap))
            gap = False
        kept.append(rest)
    return kept


def _mask(text: str) -> str:
    return re.sub(r"\d+", "0", text.casefold())


def _paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines that belong together: up to a blank line, a heading, a list item, a label or a line that ends early."""
    width = statistics.quantiles([len(line.text) for line in lines], n=10)[-1] if len(lines) > 1 else 80
    groups: list[list[Line]] = []
    for i, line in enumerate(lines):
        previous = lines[i - 1] if i else None
        alone = bool(groups) and len(groups[-1]) == 1
        if previous is None or line.after_blank or _starts_anew(line.text, previous.text, width, alone):
            groups.append([line])
        else:
            groups[-1].append(line)
    return groups


def _starts_anew(text: str, before: str, width: float, alone: bool) -> bool:
    """Whether a line begins a paragraph, given the line before it, which may stand `alone` in its own."""
    if _ITEM.match(text) or _LABEL.match(text) or _BARE_LABEL.match(text) or _GREETING.match(text):
        return not (text[0] in "–—-" and before[-1:].islower() and len(before) > 0.8 * width)
    if _GREETING.match(before) or (_LABEL.match(before) and len(before) < 0.6 * width):
        return True
    opens = text[0].isupper() or text[0].isdigit() or text[0] in "“\"‘'(*"
    if opens and _ENDS.search(before) and text.endswith(":") and len(text.split()) <= 5:
        return True
    if alone and max(len(before), len(text)) < 0.45 * width and not _ENDS.search(before):
        return not before.endswith(("-", ","))
    would_have_fitted = len(before) + 1 + len(text.split()[0]) < 0.8 * width
    return opens and would_have_fitted and (alone or len(before) < 0.45 * width or bool(_ENDS.search(before)))


def joined(groups: Iterable[Sequence[Line]], vocabulary: Counter[str]) -> list[Block]:
    """A block a group, words broken over lines mended, and paragraphs that a page break cut in two made one."""
    blocks: list[Block] = []
    for group in groups:
        text = group[0].text
        for line in group[1:]:
            text = join_words(text, line.text, vocabulary)
        blocks.append(Block(re.sub(r" {2,}", " ", text), _kind(text), group[0].page, not group[0].after_blank))
    return mended(_with_headings(blocks), vocabulary)


def join_words(before: str, after: str, vocabulary: Counter[str]) -> str:
    """Two lines as one: a word broken by a hyphen is made whole, a hyphen that belongs to the word stays."""
    if not _HANGING.search(before) or not after[0].isalpha():
        return f"{before} {after}"
    first = re.split(r"[\s(“‘\"']", before)[-1][:-1]
    second = re.split(r"[\s.,;:!?)”’\"']", after)[0]
    if after[0].isupper() or second.casefold() in _ELLIPSIS_WORDS:
        return f"{before} {after}" if second.casefold() in _ELLIPSIS_WORDS else f"{before}{after}"
    hyphenated = f"{first}-{second}".casefold()
    whole = f"{first}{second}".casefold()
    keeps = vocabulary[hyphenated] > vocabulary[whole] or bool(
        _VOWEL_CLASH.search(f"{first[-1:]}-{second[:1]}".casefold())
    )
    return f"{before}{after}" if keeps else f"{before[:-1]}{after}"


def _kind(text: str) -> BlockKind:
    return BlockKind.ITEM if _ITEM.match(text) else BlockKind.PARAGRAPH


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
    if _LABEL.match(text) or _BARE_LABEL.match(text) or _GREETING.match(text) or text[-1] in ".,;!" or _ENDS_IN_YEAR.match(text):
        return False
    if not re.search(r"[^\W\d_]{3}", text) or not (text[0].isupper() or numbered):
        return False
    if text.endswith(":") and _LEAD_IN.search(text):
        return False
    longer = len(following.text) > max(60, 1.3 * len(text)) or following.text.endswith(":")
    return longer and (not text.endswith(":") or len(text.split()) <= 8) and not following.text[0].islower()


def mended(blocks: Iterable[Block], vocabulary: Counter[str]) -> list[Block]:
    """Paragraphs that break off in the middle of a sentence, joined with the lower-case paragraph that goes on."""
    whole: list[Block] = []
    for block in blocks:
        previous = whole[-1] if whole else None
        if (
            previous is not None
            and block.kind is BlockKind.PARAGRAPH
            and previous.kind is not BlockKind.HEADING
            and block.text[0].islower()
            and not _ENDS.search(previous.text)
            and not _LABEL.match(previous.text)
            and not block.tight
        ):
            whole[-1] = replace(previous, text=join_words(previous.text, block.text, vocabulary))
        else:
            whole.append(block)
    return whole
