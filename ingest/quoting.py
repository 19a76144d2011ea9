"""Which letter a quotation is from, told by its words: first by short runs of words that are looked up, then by aligning.

The runs that a letter is found by are chosen by winnowing (Schleimer, Wilkerson and Aiken, 2003), so that any nine words
in a row hold one; of a quotation all runs are looked up.
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

from vectorstore.dutch import fold

LEAST_QUOTED: Final = 12
"""Words that a quotation must have before it can tell which letter it is from."""

LEAST_ALLUDED: Final = 4
"""Words that one must have to be looked for in the letters that the quoting letter names."""

ALIKE: Final = 92.0
"""How alike the words of a quotation and of the letter must be, 0..100; less than the same because of scans."""

_RUN: Final = 4
"""Words in a run."""

_WINDOW: Final = 6
"""Of so many runs in a row at least one is chosen."""

_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
_HALF: Final = np.uint64(32)
_SPARE: Final = np.uint64(2)
"""So that a number fits the signed 64 bits of the file."""

_LEAST_PART: Final = 4
"""Words that a part of a quotation between dots must have before it is looked for."""

_MARGIN: Final = 20
"""Characters by which two places differ that are tried both."""

_MOST_NEAR: Final = 24
"""Bounds how many places of one text are looked at."""

_LEFT_OUT = re.compile(r"\s*[(\[]?(?:\.{3,}|…)[)\]]?\s*")
_MARKED = re.compile(r"[“„][^“„”\n]{12,200}[”“]|\"[^\"\n]{12,200}\"|(?<!\w)[‘‚][^‘’\n]{12,200}’(?!\w)")
_BROKEN = re.compile(r"(?<=\w)-\s*\n\s*(?=[a-z])")


def words_of(text: str) -> str:
    """The words of a text with a space between, whatever their case, accents, punctuation and line breaks."""
    return " ".join(re.findall(r"\w+", fold(_BROKEN.sub("", text))))


def parts_of(quotation: str, least: int = LEAST_QUOTED) -> tuple[str, ...]:
    """What a quotation repeats, as `words_of` gives it, apart where it leaves something out; none with fewer words."""
    parts = [words_of(part) for part in _LEFT_OUT.split(quotation)]
    kept = [part for part in parts if part.count(" ") + 1 >= _LEAST_PART]
    enough = sum(part.count(" ") + 1 for part in kept) >= least
    return tuple(kept) if enough else ()


def short_quotations(text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Start, end and parts of what stands between quotation marks and is too short to tell by itself where it is from."""
    for match in _MARKED.finditer(text):
        if not parts_of(match[0]) and (parts := parts_of(match[0], LEAST_ALLUDED)):
            yield match.start(), match.end(), parts


def _runs(words: str) -> npt.NDArray[np.uint64]:
    """The runs of words in a text, as numbers, in order."""
    numbers = np.array([zlib.crc32(word.encode()) for word in words.split()], dtype=np.uint64)
    count = max(0, len(numbers) - _RUN + 1)
    runs = np.zeros(count, dtype=np.uint64)
    for place in range(_RUN):
        runs = runs * _FACTOR + numbers[place : place + count]
    return (runs ^ (runs >> _HALF)) >> _SPARE


def runs_of(words: str) -> set[int]:
    """The runs of words in a text, as numbers of 62 bits."""
    return set(_runs(words).tolist())


def chosen_runs(words: str) -> set[int]:
    """The runs that a text is found by: the smallest of each window."""
    runs = _runs(words)
    count = len(runs) - _WINDOW + 1
    if count < 1:
        return {int(runs.min())} if len(runs) else set()
    return set(np.minimum.reduce([runs[place : place + count] for place in range(_WINDOW)]).tolist())


class Searched:
    """A text in which many quotations are looked for: only where a run of their words stands, or everywhere when it is short.

    Args:
        words: of the text, as `words_of` gives them.
    """

    def __init__(self, words: str) -> None:
        self._words = words
        self._places: dict[int, list[int]] = {}
        for run, place in zip(_runs(words).tolist(), _starts(words), strict=False):
            self._places.setdefault(run, []).append(place)

    def holds(self, parts: Sequence[str]) -> bool:
        """Whether the text has all parts of a quotation, small differences aside."""
        return all(part in self._words or self._has_alike(part) for part in parts)

    def _has_alike(self, part: str) -> bool:
        if part.count(" ") + 1 < LEAST_QUOTED:
            return _alike(part, self._words)
        least = ALIKE / 100
        return any(Indel.normalized_similarity(part, near, score_cutoff=least) >= least for near in self._near(part))

    def _near(self, part: str) -> Iterator[str]:
        """Words of the text that may be a part, from where the runs that they share say it begins."""
        seen: set[int] = set()
        for run, before in zip(_runs(part).tolist(), _starts(part), strict=False):
            for place in self._places.get(run, ()):
                start = max(0, place - before)
                if start // _MARGIN not in seen and len(seen) < _MOST_NEAR:
                    seen.add(start // _MARGIN)
                    yield self._words[start : start + len(part)]


def _starts(words: str) -> list[int]:
    """Where each word begins."""
    return [match.start() for match in re.finditer(r"\S+", words)]


def _alike(part: str, words: str) -> bool:
    return len(part) <= len(words) and fuzz.partial_ratio(part, words, score_cutoff=ALIKE) >= ALIKE


def holds(words: str, parts: Sequence[str]) -> bool:
    """Whether a text, as `words_of` gives it, has all parts of a quotation, small differences aside."""
    return all(part in words or _alike(part, words) for part in parts)
