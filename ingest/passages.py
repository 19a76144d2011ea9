"""From a letter to passages: cut along headings and paragraphs, never within a sentence, never after a lead-in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.language.sentences import sentence_spans
from vectorstore.letters import Letter, Passage

VERSION = "passages-1"
"""Changes whenever the same letter would be cut elsewhere."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes of passages, in words.

    Attributes:
        least: a section shorter than this shares a passage with its neighbour.
        enough: a passage of this length is not extended with the next paragraph.
        most: a passage is longer only if one sentence is.
    """

    least: int = 80
    enough: int = 150
    most: int = 220


@dataclass(frozen=True, slots=True)
class BlockSpan:
    """A block of the letter by its offsets.

    Attributes:
        start, end: offsets into the letter's text.
        heading: it is a heading.
        edge: it comes before the salutation or after the farewell.
    """

    start: int
    end: int
    heading: bool = False
    edge: bool = False


@dataclass(slots=True)
class _Draft:
    start: int
    end: int
    words: int
    heading: str | None
    edge: bool


def cut(letter: Letter, stretches: Sequence[BlockSpan], version: str, sizes: Sizes = Sizes()) -> list[Passage]:
    """Return the passages of a letter in order; together they hold all its words, and none overlap.

    Args:
        letter: the letter.
        stretches: its blocks in order, covering all its words.
        version: of the letter, part of the passages' ids.
        sizes: how long passages may be.
    """
    drafts = _merge_short(list(_drafts(letter.text, stretches, sizes)), sizes)
    return [
        Passage(f"{letter.id}-{version[:8]}-{number:04d}", letter, draft.start, draft.end, draft.heading)
        for number, draft in enumerate(drafts)
    ]


def _words(text: str) -> int:
    return len(text.split())


def _drafts(text: str, stretches: Sequence[BlockSpan], sizes: Sizes) -> Iterator[_Draft]:
    """Yield one draft for each run of blocks that stay together, sections apart."""
    heading: str | None = None
    draft: _Draft | None = None
    for group in _group_blocks(text, stretches):
        first = group[0]
        if first.heading:
            heading = " ".join(text[first.start : first.end].split()).rstrip(":")
        for start, end in _pieces(text, group, sizes):
            words = _words(text[start:end])
            new_section = first.heading and start == first.start
            full = draft and (draft.words >= sizes.enough or draft.words + words > sizes.most)
            if draft is None or full or new_section or draft.edge != first.edge:
                if draft:
                    yield draft
                draft = _Draft(start, end, words, None if first.edge else heading, first.edge)
            else:
                draft.end, draft.words = end, draft.words + words
    if draft:
        yield draft


def _group_blocks(text: str, stretches: Sequence[BlockSpan]) -> Iterator[list[BlockSpan]]:
    """Yield groups of blocks that may not be separated: a heading or lead-in and what follows."""
    group: list[BlockSpan] = []
    for stretch in stretches:
        if group and not _holds(text, group[-1], stretch):
            yield group
            group = []
        group.append(stretch)
    if group:
        yield group


def _holds(text: str, before: BlockSpan, after: BlockSpan) -> bool:
    if before.edge != after.edge:
        return False
    if before.edge:
        return True
    return before.heading or (text[before.end - 1] == ":" and not after.heading)


def _pieces(text: str, group: Sequence[BlockSpan], sizes: Sizes) -> Iterator[tuple[int, int]]:
    """Yield a group as it is, or cut between sentences if too long; a heading or lead-in keeps what follows it."""
    begin, end = group[0].start, group[-1].end
    if _words(text[begin:end]) <= sizes.most:
        yield begin, end
        return
    previous, bound = begin, True
    for first, last, binds in _sentences(text, group, sizes):
        if not bound and _words(text[begin:last]) > sizes.most:
            yield begin, previous
            begin = first
        previous, bound = last, binds
    yield begin, end


def _sentences(text: str, group: Sequence[BlockSpan], sizes: Sizes) -> Iterator[tuple[int, int, bool]]:
    """Yield start and end of each sentence of a group, and whether it must keep the next one."""
    for stretch in group:
        for first, last in _break_long(text[stretch.start : stretch.end], sizes):
            start, end = stretch.start + first, stretch.start + last
            yield start, end, stretch.heading or text[start:end].rstrip().endswith(":")


def _break_long(text: str, sizes: Sizes) -> Iterator[tuple[int, int]]:
    """Yield sentences; one longer than two passages (a table without a full stop) is broken between words."""
    for start, end in sentence_spans(text):
        words = [match.end() for match in re.finditer(r"\S+", text[start:end])]
        if len(words) <= 2 * sizes.most:
            yield start, end
            continue
        begin = start
        for stop in words[sizes.enough - 1 : -1 : sizes.enough]:
            yield begin, start + stop
            begin = start + stop + 1
        yield begin, end


def _merge_short(drafts: list[_Draft], sizes: Sizes) -> list[_Draft]:
    """Merge sections too short to stand alone with the one before or after."""
    merged: list[_Draft] = []
    for draft in drafts:
        last = merged[-1] if merged else None
        together = last.words + draft.words if last else 0
        if last and last.edge == draft.edge and min(last.words, draft.words) < sizes.least and together <= sizes.most:
            last.end, last.words = draft.end, together
            if last.heading and draft.heading and last.heading.split(" / ")[-1] != draft.heading:
                last.heading = f"{last.heading} / {draft.heading}"
        else:
            merged.append(draft)
    return merged
