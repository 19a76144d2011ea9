"""Which letter a quotation is from, told by its words: first by short runs of words that are looked up, then by aligning.

The runs that a letter is found by are chosen by winnowing (Schleimer, Wilkerson and Aiken, 2003), so that any seven words
in a row hold one; of a quotation all runs are looked up.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from typing import Final

from rapidfuzz import fuzz

from vectorstore.dutch import fold

LEAST_QUOTED: Final = 12
"""Words that a quotation must have before it can tell which letter it is from."""

ALIKE: Final = 92.0
"""How alike the words of a quotation and of the letter must be, 0..100; less than the same because of scans."""

_RUN: Final = 4
"""Words in a run."""

_WINDOW: Final = 4
"""Of so many runs in a row at least one is chosen."""

_LEAST_PART: Final = 4
"""Words that a part of a quotation between dots must have before it is looked for."""

_LEFT_OUT = re.compile(r"\s*[(\[]?(?:\.{3,}|…)[)\]]?\s*")
_BROKEN = re.compile(r"(?<=\w)-\s*\n\s*(?=[a-z])")


def words_of(text: str) -> str:
    """The words of a text with a space between, whatever their case, accents, punctuation and line breaks."""
    return " ".join(re.findall(r"\w+", fold(_BROKEN.sub("", text))))


def parts_of(quotation: str) -> tuple[str, ...]:
    """What a quotation repeats, as `words_of` gives it, apart where it leaves something out; none when it is too short."""
    parts = [words_of(part) for part in _LEFT_OUT.split(quotation)]
    kept = [part for part in parts if part.count(" ") + 1 >= _LEAST_PART]
    enough = sum(part.count(" ") + 1 for part in kept) >= LEAST_QUOTED
    return tuple(kept) if enough else ()


def runs_of(words: str) -> list[int]:
    """The runs of words in a text, as numbers, in order."""
    listed = words.split()
    return [zlib.crc32(" ".join(listed[i : i + _RUN]).encode()) for i in range(len(listed) - _RUN + 1)]


def chosen_runs(words: str) -> set[int]:
    """The runs that a text is found by: the smallest of each window."""
    runs = runs_of(words)
    return {min(runs[i : i + _WINDOW]) for i in range(max(1, len(runs) - _WINDOW + 1))} if runs else set()


def holds(words: str, parts: Sequence[str]) -> bool:
    """Whether a text, as `words_of` gives it, has all parts of a quotation, small differences aside."""
    return all(
        part in words or (len(part) <= len(words) and fuzz.partial_ratio(part, words, score_cutoff=ALIKE) >= ALIKE)
        for part in parts
    )
