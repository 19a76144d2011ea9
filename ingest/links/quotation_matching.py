"""Finding the letter that a quotation is from: candidates by short runs of words, then alignment.

The runs by which a letter is found are chosen by winnowing (Schleimer, Wilkerson and Aiken, 2003), so that any nine
words in a row contain one; all runs of a quotation are looked up.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from vectorstore.analysis.dutch import fold

LEAST_QUOTED: Final = 12
"""Number of words a quotation needs to identify its letter."""

LEAST_ALLUDED: Final = 4
"""Number of words a quotation needs to be looked for in the letters that the quoting letter names."""

ALIKE: Final = 92.0
"""Required similarity of the words of quotation and letter, 0..100; below 100 because of scans."""

_RUN: Final = 4
"""Words in a run."""

_WINDOW: Final = 6
"""Of so many consecutive runs at least one is chosen."""

_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
_HALF: Final = np.uint64(32)
_SPARE: Final = np.uint64(2)
"""Bits dropped so that a number fits the signed 64 bits of the file."""

_LEAST_PART: Final = 4
"""Number of words that a part of a quotation between dots needs to be looked for."""

_MARGIN: Final = 20
"""Distance in characters within which two places are tried only once."""

_MOST_NEAR: Final = 24
"""Largest number of places tried in one text."""

_LEFT_OUT = re.compile(r"\s*[(\[]?(?:\.{3,}|…)[)\]]?\s*")
_MARKED = re.compile(r"[“„][^“„”\n]{12,200}[”“]|\"[^\"\n]{12,200}\"|(?<!\w)[‘‚][^‘’\n]{12,200}’(?!\w)")
_BROKEN = re.compile(r"(?<=\w)-\s*\n\s*(?=[a-z])")


def words_of(text: str) -> str:
    """Return the words of a text separated by spaces, regardless of case, accents, punctuation and line breaks."""
    return " ".join(re.findall(r"\w+", fold(_BROKEN.sub("", text))))


def quotation_parts(quotation: str, least: int = LEAST_QUOTED) -> tuple[str, ...]:
    """Return the parts of a quotation between its omissions, as `words_of` gives them; () if it has too few words."""
    parts = [words_of(part) for part in _LEFT_OUT.split(quotation)]
    kept = [part for part in parts if part.count(" ") + 1 >= _LEAST_PART]
    enough = sum(part.count(" ") + 1 for part in kept) >= least
    return tuple(kept) if enough else ()


def short_quotations(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield start, end and parts of quotations that are too short to identify their letter by themselves."""
    for match in _MARKED.finditer(text):
        if not quotation_parts(match[0]) and (parts := quotation_parts(match[0], LEAST_ALLUDED)):
            yield match.start(), match.end(), parts


def _runs(words: str) -> npt.NDArray[np.uint64]:
    """Return the runs of words in a text, as numbers, in order."""
    numbers = np.array([zlib.crc32(word.encode()) for word in words.split()], dtype=np.uint64)
    count = max(0, len(numbers) - _RUN + 1)
    runs = np.zeros(count, dtype=np.uint64)
    for place in range(_RUN):
        runs = runs * _FACTOR + numbers[place : place + count]
    return (runs ^ (runs >> _HALF)) >> _SPARE


def runs_of(words: str) -> set[int]:
    """Return the runs of words in a text, as numbers of 62 bits."""
    return set(_runs(words).tolist())


def choose_runs(words: str) -> set[int]:
    """Return the runs by which a text is found: the smallest of each window."""
    runs = _runs(words)
    count = len(runs) - _WINDOW + 1
    if count < 1:
        return {int(runs.min())} if len(runs) else set()
    return set(np.minimum.reduce([runs[place : place + count] for place in range(_WINDOW)]).tolist())


class SearchableText:
    """A text in which many quotations are looked for: only around shared runs of words, or everywhere if it is short.

    Args:
        words: of the text, as `words_of` gives them.
    """

    def __init__(self, words: str) -> None:
        self._words = words
        self._places: dict[int, list[int]] = {}
        for run, place in zip(_runs(words).tolist(), _starts(words), strict=False):
            self._places.setdefault(run, []).append(place)

    def holds(self, parts: Sequence[str]) -> bool:
        """Check whether the text has all parts of a quotation, apart from small differences."""
        return all(part in self._words or self._has_alike(part) for part in parts)

    def _has_alike(self, part: str) -> bool:
        if part.count(" ") + 1 < LEAST_QUOTED:
            return _alike(part, self._words)
        least = ALIKE / 100
        return any(Indel.normalized_similarity(part, near, score_cutoff=least) >= least for near in self._near(part))

    def _near(self, part: str) -> Iterator[str]:
        """Yield stretches of the text that may be a part, located by the runs that they share."""
        seen: set[int] = set()
        for run, before in zip(_runs(part).tolist(), _starts(part), strict=False):
            for place in self._places.get(run, ()):
                start = max(0, place - before)
                if start // _MARGIN not in seen and len(seen) < _MOST_NEAR:
                    seen.add(start // _MARGIN)
                    yield self._words[start : start + len(part)]


def _starts(words: str) -> list[int]:
    """Return where each word begins."""
    return [match.start() for match in re.finditer(r"\S+", words)]


def _alike(part: str, words: str) -> bool:
    return len(part) <= len(words) and fuzz.partial_ratio(part, words, score_cutoff=ALIKE) >= ALIKE


def holds(words: str, parts: Sequence[str]) -> bool:
    """Check whether a text, as `words_of` gives it, has all parts of a quotation, apart from small differences."""
    return all(part in words or _alike(part, words) for part in parts)
