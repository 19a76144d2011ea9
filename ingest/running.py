"""Headers, footers and page numbers: what stands on every page is layout, not the letter.

A header is kept where the first page has it and a footer where the last page has it, because a letterhead or a kenmerk
may stand there and nowhere else; in between they would stand in the middle of sentences.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

SENTENCE_END = re.compile(r"[.!?:;…][\"'”’»)\]]*(?:\d| ?[⁰¹²³⁴-⁹]+)?$")
"""The end of a line that ends a sentence or introduces something, perhaps with the number of a footnote."""

_EDGE = 4
"""Lines at the top and bottom of a page that may be a header or footer."""

_LONGEST = 120
"""Characters in a line; a longer one is a paragraph."""

_FAR = 12
"""Lines that at least stand between two page breaks of a text whose pages are not marked."""

_PAGE_NUMBER = re.compile(
    r"^[\s\-–|]*(?P<word>(?:pagina|blad|bladzijde|page|pag\.?)\s*:?\s*)?(?P<number>\d{1,4})\s*"
    r"(?:(?:van|/|of)\s*(?P<last>\d{1,4}))?[\s\-–|]*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a page that holds something, and whether a blank line stands before it."""

    text: str
    after_blank: bool


def without_running_lines(pages: Sequence[Sequence[Row]]) -> list[list[Row]]:
    """The pages without page numbers and without headers and footers that were there before or come again."""
    dropped = _on_pages(pages) if len(pages) > 1 else [_in_one_text(page) for page in pages]
    return [_rest(page, leave) for page, leave in zip(pages, dropped, strict=True)]


def _rest(page: Sequence[Row], dropped: set[int]) -> list[Row]:
    """The rows that stay; a blank line before a dropped row is one before the next."""
    rest: list[Row] = []
    gap = False
    for i, row in enumerate(page):
        gap = gap or row.after_blank
        if i not in dropped:
            rest.append(Row(row.text, gap))
            gap = False
    return rest


def _on_pages(pages: Sequence[Sequence[Row]]) -> list[set[int]]:
    """For each page the rows to drop; running lines are only sought next to the edges."""
    dropped: list[set[int]] = [set() for _ in pages]
    for top in (True, False):
        edges = [[i if top else len(page) - 1 - i for i in range(min(_EDGE, len(page)))] for page in pages]
        often = _often(pages, edges)
        offsets = _numbering(pages, edges)
        keeper = 1 if top else len(pages)
        for number, (page, edge) in enumerate(zip(pages, edges, strict=True), 1):
            for i in edge:
                numbers = _is_page_number(page[i].text, number, offsets)
                if not numbers and often.isdisjoint(_masks(page[i].text, number)):
                    break
                if numbers or number != keeper:
                    dropped[number - 1].add(i)
    return dropped


def _often(pages: Sequence[Sequence[Row]], edges: Sequence[Sequence[int]]) -> set[str]:
    """Lines that stand once on most pages, always next to the same edge."""
    count: Counter[str] = Counter()
    for number, (page, edge) in enumerate(zip(pages, edges, strict=True), 1):
        times = Counter(row.text for row in page)
        once = [page[i].text for i in edge if times[page[i].text] == 1 and _may_run(page[i].text)]
        count.update({mask for text in once for mask in _masks(text, number)})
    return {mask for mask, pages_with in count.items() if pages_with >= max(2, 0.6 * len(pages))}


def _may_run(text: str) -> bool:
    """Whether a line can be a header or footer at all: no paragraph, and not the end of a sentence."""
    return len(text) <= _LONGEST and not (text[0].islower() and SENTENCE_END.search(text))


def _masks(text: str, page: int) -> set[str]:
    """A line as it is and with the number of its page made the same on every page."""
    return {text.casefold(), re.sub(rf"(?<!\d){page}(?!\d)", "#", text.casefold())}


def _numbering(pages: Sequence[Sequence[Row]], edges: Sequence[Sequence[int]]) -> set[int]:
    """What must be added to the place of a page to get the number printed on it; 0, and what several pages agree on."""
    found = Counter(
        int(match["number"]) - number
        for number, (page, edge) in enumerate(zip(pages, edges, strict=True), 1)
        for i in edge
        if (match := _PAGE_NUMBER.match(page[i].text))
    )
    return {0} | {offset for offset, count in found.items() if count >= 2}


def _is_page_number(text: str, page: int, offsets: set[int]) -> bool:
    match = _PAGE_NUMBER.match(text)
    return match is not None and (bool(match["word"]) or int(match["number"]) - page in offsets)


def _in_one_text(rows: Sequence[Row]) -> set[int]:
    """The rows to drop from a text whose pages are not marked: only what cannot be the letter's own words."""
    numbers = set(_page_numbers(rows))
    candidates = [
        i
        for i, row in enumerate(rows)
        if i not in numbers
        and len(row.text) <= _LONGEST
        and not (SENTENCE_END.search(row.text) or row.text[0].islower())
    ]
    counting = [p for p in _alike(rows, candidates, masked=True) if _counts_pages([rows[i].text for i in p])]
    repeated = [*_alike(rows, candidates, masked=False), *counting]
    layout = numbers.union(*repeated)
    dropped = set(numbers)
    for places in repeated:
        if places in counting or any(_interrupts(rows, i, layout) for i in places):
            kept = {places[0]} if places[0] < 2 * _EDGE else {places[-1]} if places[-1] >= len(rows) - _EDGE else set()
            dropped |= set(places) - kept
    return dropped


def _alike(rows: Sequence[Row], places: Iterable[int], *, masked: bool) -> list[list[int]]:
    """Places of lines that are the same, or the same but for their numbers, and stand as far apart as pages do."""
    found: dict[str, list[int]] = {}
    for i in places:
        text = rows[i].text.casefold()
        found.setdefault(re.sub(r"\d+", "0", text) if masked else text, []).append(i)
    return [same for same in found.values() if _is_spread(same)]


def _is_spread(places: Sequence[int]) -> bool:
    """Whether lines stand as far apart as pages do; the last page may be short."""
    steps = [later - earlier for earlier, later in pairwise(places)]
    return len(places) >= 3 and all(step >= _FAR for step in steps[:-1])


def _counts_pages(texts: Sequence[str]) -> bool:
    """Whether one of the numbers in lines that are otherwise the same counts up by one from line to line."""
    columns = zip(*([int(number) for number in re.findall(r"\d+", text)] for text in texts), strict=True)
    return any(all(later == earlier + 1 for earlier, later in pairwise(column)) for column in columns)


def _page_numbers(rows: Sequence[Row]) -> Iterator[int]:
    """Places of page numbers: those that say so, that count up far apart, or that stand in the middle of a sentence."""
    bare: list[tuple[int, int]] = []
    for i, row in enumerate(rows):
        match = _PAGE_NUMBER.match(row.text)
        decorated = match and (match["last"] or not row.text[0].isdigit())
        if match and (match["word"] or (decorated and i in (0, len(rows) - 1))):
            yield i
        elif match:
            bare.append((i, int(match["number"])))
    counting = [
        i
        for i, number in bare
        if any(abs(other - number) == 1 and (j - i) * (other - number) >= _FAR for j, other in bare)
    ]
    yield from counting
    yield from (i for i, _ in bare if i not in counting and _interrupts(rows, i, {i}))


def _interrupts(rows: Sequence[Row], place: int, candidates: set[int]) -> bool:
    """Whether a row, with the candidates around it, stands in the middle of a sentence."""
    before, after = place, place
    while before in candidates:
        before -= 1
    while after in candidates:
        after += 1
    if before < 0 or after >= len(rows):
        return False
    return not SENTENCE_END.search(rows[before].text) and rows[after].text[0].islower() and len(rows[before].text) > 30
