"""Headers, footers and page numbers: what is repeated on every page is layout, not the letter.

A header is kept on the first page and a footer on the last, because a letterhead or a kenmerk may be there and nowhere
else; on the pages in between they would interrupt sentences.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

SENTENCE_END = re.compile(r"[.!?:;…][\"'”’»)\]]*(?:\d| ?[⁰¹²³⁴-⁹]+)?$")
"""The end of a line that ends a sentence or introduces something, possibly with a footnote number."""

_EDGE = 4
"""Number of lines at the top and bottom of a page that may be a header or footer."""

_LONGEST = 120
"""Largest length of a running line; a longer line is a paragraph."""

_FAR = 12
"""Smallest number of lines between two page breaks of a text without page marks."""

_PAGE_NUMBER = re.compile(
    r"^[\s\-–|]*(?P<word>(?:pagina|blad|bladzijde|page|pag\.?)\s*:?\s*)?(?P<number>\d{1,4})\s*"
    r"(?:(?:van|/|of)\s*(?P<last>\d{1,4}))?[\s\-–|]*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class PageRow:
    """A non-empty line of a page, and whether a blank line precedes it."""

    text: str
    after_blank: bool


def remove_running_lines(pages: Sequence[Sequence[PageRow]]) -> list[list[PageRow]]:
    """Return the pages without page numbers and without repeated headers and footers."""
    dropped = _on_pages(pages) if len(pages) > 1 else [_in_one_text(page) for page in pages]
    return [_rest(page, leave) for page, leave in zip(pages, dropped, strict=True)]


def _rest(page: Sequence[PageRow], dropped: set[int]) -> list[PageRow]:
    """Return the rows that stay; a blank line before a dropped row becomes one before the next."""
    rest: list[PageRow] = []
    gap = False
    for i, row in enumerate(page):
        gap = gap or row.after_blank
        if i not in dropped:
            rest.append(PageRow(row.text, gap))
            gap = False
    return rest


def _on_pages(pages: Sequence[Sequence[PageRow]]) -> list[set[int]]:
    """Return for each page the rows to drop; running lines are only sought near the edges."""
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


def _often(pages: Sequence[Sequence[PageRow]], edges: Sequence[Sequence[int]]) -> set[str]:
    """Return the lines that occur once on most pages, always near the same edge."""
    count: Counter[str] = Counter()
    for number, (page, edge) in enumerate(zip(pages, edges, strict=True), 1):
        times = Counter(row.text for row in page)
        once = [page[i].text for i in edge if times[page[i].text] == 1 and _may_run(page[i].text)]
        count.update({mask for text in once for mask in _masks(text, number)})
    return {mask for mask, pages_with in count.items() if pages_with >= max(2, 0.6 * len(pages))}


def _may_run(text: str) -> bool:
    """Check whether a line can be a header or footer at all: no paragraph, and not the end of a sentence."""
    return len(text) <= _LONGEST and not (text[0].islower() and SENTENCE_END.search(text))


def _masks(text: str, page: int) -> set[str]:
    """Return a line as it is, and with the number of its page masked so that it is equal on every page."""
    return {text.casefold(), re.sub(rf"(?<!\d){page}(?!\d)", "#", text.casefold())}


def _numbering(pages: Sequence[Sequence[PageRow]], edges: Sequence[Sequence[int]]) -> set[int]:
    """Return the offsets from page index to printed page number: 0, and those several pages agree on."""
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


def _in_one_text(rows: Sequence[PageRow]) -> set[int]:
    """Return the rows to drop from a text without page marks: only what cannot be the letter's own words."""
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
    around, counted = _around(numbers.union(*repeated)), set(map(tuple, counting))
    dropped = set(numbers)
    for places in repeated:
        if tuple(places) in counted or any(_interrupts(rows, *around[i]) for i in places):
            kept = {places[0]} if places[0] < 2 * _EDGE else {places[-1]} if places[-1] >= len(rows) - _EDGE else set()
            dropped |= set(places) - kept
    return dropped


def _alike(rows: Sequence[PageRow], places: Iterable[int], *, masked: bool) -> list[list[int]]:
    """Return the places of lines that are equal, or equal but for their numbers, and are spaced like pages."""
    found: dict[str, list[int]] = {}
    for i in places:
        text = rows[i].text.casefold()
        found.setdefault(re.sub(r"\d+", "0", text) if masked else text, []).append(i)
    return [same for same in found.values() if _is_spread(same)]


def _is_spread(places: Sequence[int]) -> bool:
    """Check whether lines are spaced like pages; the last page may be short."""
    steps = [later - earlier for earlier, later in pairwise(places)]
    return len(places) >= 3 and all(step >= _FAR for step in steps[:-1])


def _counts_pages(texts: Sequence[str]) -> bool:
    """Check whether one of the numbers in otherwise equal lines counts up by one from line to line."""
    columns = zip(*([int(number) for number in re.findall(r"\d+", text)] for text in texts), strict=True)
    return any(all(later == earlier + 1 for earlier, later in pairwise(column)) for column in columns)


def _page_numbers(rows: Sequence[PageRow]) -> Iterator[int]:
    """Yield the places of page numbers: labelled ones, ones that count up far apart, or in the middle of a sentence."""
    bare: list[tuple[int, int]] = []
    for i, row in enumerate(rows):
        match = _PAGE_NUMBER.match(row.text)
        decorated = match and (match["last"] or not row.text[0].isdigit())
        if match and (match["word"] or (decorated and i in (0, len(rows) - 1))):
            yield i
        elif match:
            bare.append((i, int(match["number"])))
    first = {number: i for i, number in reversed(bare)}
    last = {number: i for i, number in bare}
    for i, number in bare:
        counts = last.get(number + 1, i) - i >= _FAR or i - first.get(number - 1, i) >= _FAR
        if counts or _interrupts(rows, i - 1, i + 1):
            yield i


def _around(places: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return for each place the last one before and the first one after the unbroken run of places it is in."""
    runs: list[list[int]] = []
    for place in sorted(places):
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return {place: (run[0] - 1, run[-1] + 1) for run in runs for place in run}


def _interrupts(rows: Sequence[PageRow], before: int, after: int) -> bool:
    """Check whether what stands between two rows interrupts a sentence."""
    if before < 0 or after >= len(rows):
        return False
    return not SENTENCE_END.search(rows[before].text) and rows[after].text[0].islower() and len(rows[before].text) > 30
