"""From a letter to passages: along headings and paragraphs, never through a sentence, a lead-in with what it introduces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.sentences import sentence_spans
from vectorstore.letters import Letter, Passage

VERSION = "passages-1"
"""Changes whenever the same letter would be cut elsewhere."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Words in a passage.

    Attributes:
        least: a section shorter than this shares a passage with its neighbour.
        enough: a passage of this length is not made longer with the next paragraph.
        most: a passage is longer only when one sentence is.
    """

    least: int = 60
    enough: int = 110
    most: int = 220


@dataclass(frozen=True, slots=True)
class Stretch:
    """A block of the letter by its offsets.

    Attributes:
        start, end: offsets into the letter's text.
        heading: it is a heading.
        edge: it belongs to what stands before the salutation or after the farewell.
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


def cut(letter: Letter, stretches: Sequence[Stretch], version: str, sizes: Sizes = Sizes()) -> list[Passage]:
    """The passages of a letter in order; together they hold all its words, and none overlap.

    Args:
        letter: the letter.
        stretches: its blocks in order, covering all its words.
        version: of the letter, part of the passages' ids.
        sizes: how long passages may be.
    """
    drafts = _merged(list(_drafts(letter.text, stretches, sizes)), sizes)
    return [
        Passage(f"{letter.id}-{version[:8]}-{number:04d}", letter, draft.start, draft.end, draft.heading)
        for number, draft in enumerate(drafts)
    ]


def _words(text: str) -> int:
    return len(text.split())


def _drafts(text: str, stretches: Sequence[Stretch], sizes: Sizes) -> Iterator[_Draft]:
    """One draft for each run of blocks that stay together, sections apart."""
    heading: str | None = None
    draft: _Draft | None = None
    for group in _glued(text, stretches):
        first = group[0]
        if first.heading:
            heading = " ".join(text[first.start : first.end].split()).rstrip(":")
        for start, end in _pieces(text, group[0].start, group[-1].end, sizes):
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


def _glued(text: str, stretches: Sequence[Stretch]) -> Iterator[list[Stretch]]:
    """Blocks that may not be parted: a heading or lead-in and what follows, the items of one list."""
    group: list[Stretch] = []
    for stretch in stretches:
        if group and not _holds(text, group[-1], stretch):
            yield group
            group = []
        group.append(stretch)
    if group:
        yield group


def _holds(text: str, before: Stretch, after: Stretch) -> bool:
    if before.edge != after.edge:
        return False
    if before.edge:
        return True
    return before.heading or (text[before.end - 1] == ":" and not after.heading)


def _pieces(text: str, start: int, end: int, sizes: Sizes) -> Iterator[tuple[int, int]]:
    """A group as it is, or cut between sentences when it is too long; a lead-in keeps the sentence after it."""
    if _words(text[start:end]) <= sizes.most:
        yield start, end
        return
    begin, words, previous = start, 0, start
    for first, last in _breakable(text[start:end], sizes):
        size = _words(text[start + first : start + last])
        if words and words + size > sizes.most and not text[begin:previous].rstrip().endswith(":"):
            yield begin, previous
            begin, words = start + first, 0
        words, previous = words + size, start + last
    yield begin, end


def _breakable(text: str, sizes: Sizes) -> Iterator[tuple[int, int]]:
    """Sentences; what has more words than a passage without a full stop (a table, a list) breaks at line ends or words."""
    for start, end in sentence_spans(text):
        if _words(text[start:end]) <= 2 * sizes.most:
            yield start, end
            continue
        begin = start
        for match in re.finditer(rf"(?:\S+\s+){{{sizes.enough}}}(?:[^\n]{{0,200}}\n)?", text[start:end]):
            yield begin, start + match.end()
            begin = start + match.end()
        if begin < end:
            yield begin, end


def _merged(drafts: list[_Draft], sizes: Sizes) -> list[_Draft]:
    """Sections too short to stand alone, taken together with the one before or after."""
    merged: list[_Draft] = []
    for draft in drafts:
        last = merged[-1] if merged else None
        together = last.words + draft.words if last else 0
        if (
            last
            and last.edge == draft.edge
            and min(last.words, draft.words) < sizes.least
            and together <= sizes.most
        ):
            last.end, last.words = draft.end, together
            if last.heading != draft.heading and last.heading and draft.heading:
                last.heading = f"{last.heading} / {draft.heading}"
        else:
            merged.append(draft)
    return merged
