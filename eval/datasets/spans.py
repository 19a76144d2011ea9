"""Where words that a person copied from a letter stand in its text as it was read."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from vectorstore.letters import Letter

Span = tuple[int, int]

GAP = "…"
"""Stands, between two spaces, for words left out."""

_MOST_LEFT_OUT = 3000
_MARKS = {mark: f"[{marks}]" for marks in ('"“”„«»', "'‘’‚") for mark in marks}
_LIKE_ENOUGH = 85.0
"""Percent of the characters; of words that text recognition may have read wrongly."""


def find_words(words: str, letter: Letter) -> list[Span]:
    """Find the places of words in a letter: white space, case and the shape of quotation marks do not matter.

    In a letter whose text was recognised from an image, and where they stand nowhere, the place that is most like them.
    """
    exact = [(found.start(), found.end()) for found in _pattern(words).finditer(letter.text)]
    recognised = any(confidence is not None for confidence in letter.confidence)
    return exact or (_alike(words, letter.text) if recognised else [])


def _pattern(words: str) -> re.Pattern[str]:
    parts = [r"\s+".join(map(_token, part.split())) for part in words.split(f" {GAP} ")]
    return re.compile(rf".{{0,{_MOST_LEFT_OUT}}}?".join(parts), re.IGNORECASE | re.DOTALL)


def _token(token: str) -> str:
    return "".join(_MARKS.get(character, re.escape(character)) for character in token)


def _alike(words: str, text: str) -> list[Span]:
    found = [fuzz.partial_ratio_alignment(part.casefold(), text.casefold()) for part in words.split(f" {GAP} ")]
    likes = [alignment for alignment in found if alignment and alignment.score >= _LIKE_ENOUGH]
    return [(likes[0].dest_start, likes[-1].dest_end)] if len(likes) == len(found) else []


def overlap(one: Span, other: Span) -> bool:
    """Check that two stretches of text have more than half of the shorter in common."""
    overlap = min(one[1], other[1]) - max(one[0], other[0])
    return overlap * 2 > min(one[1] - one[0], other[1] - other[0])


def match_spans(labels: Sequence[Span], read: Sequence[Span]) -> dict[int, int]:
    """Match stretches that were read with labelled ones, each at most once: number of the label by number of the read."""
    pairs: dict[int, int] = {}
    for number, span in enumerate(read):
        free = (i for i, label in enumerate(labels) if i not in pairs.values() and overlap(label, span))
        if (label := next(free, None)) is not None:
            pairs[number] = label
    return pairs
