"""Sentences taken over nearly word for word, but for a "niet": the plainest way to say the contrary of a letter."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from assistant.frame import DENYING, FRAME
from vectorstore.dutch import STOPWORDS, fold, tokens

_NO_DENIAL: Final = re.compile(r"\b(?:niet|not) (?:alleen|slechts|enkel|zozeer|only|just|merely)\b")
_OTHERS: Final = (FRAME | STOPWORDS | set("hoeven hoeft hoefde hoefden betreft".split())) - DENYING
_STOP: Final = "."
"""Stands for the end of a clause among the words of a text."""

_CLAUSE_END = re.compile(r"[,;:.!?()]|\b(?:maar|want|omdat|but|because)\b")
_ALIKE: Final = 88.0
"""Similarity in percent (Indel, over words) from which a clause is taken over from a letter."""

_FEWEST: Final = 3
"""Words that say something from which that can be told."""


def flips(clause: str, held: str, stem: Callable[[str], str]) -> bool:
    """Whether a clause has the words of a sentence, one after another, and denies what that says, or the reverse.

    Args:
        clause: of a statement.
        held: a sentence of a letter.
        stem: of a folded word.
    """
    words, others = _words(clause), _words(held)
    said, letter = _telling(words), _telling(others)
    if len(said) < _FEWEST or len(letter) < _FEWEST:
        return False
    signs: dict[str, str] = {}
    spelled, spelled_letter = (
        "".join(signs.setdefault(stem(each[place]), chr(0xE000 + len(signs))) for place in places)
        for each, places in ((words, said), (others, letter))
    )
    if len(spelled) > len(spelled_letter):
        return False
    found = fuzz.partial_ratio_alignment(spelled, spelled_letter, score_cutoff=_ALIKE)
    if found is None:
        return False
    first, last = letter[found.dest_start], letter[max(found.dest_start, found.dest_end - 1)]
    return (_denials(words) - _denials(_widened(others, first, last))) % 2 == 1


def _widened(words: Sequence[str], first: int, last: int) -> Sequence[str]:
    """Words from the first to the last, with the small words around them, as far as their clause goes."""
    while first and words[first - 1] in _OTHERS | DENYING:
        first -= 1
    while last + 1 < len(words) and words[last + 1] in _OTHERS | DENYING:
        last += 1
    return words[first : last + 1]


def _denials(words: Sequence[str]) -> int:
    return sum(word in DENYING for word in words)


def _telling(words: Sequence[str]) -> list[int]:
    """Places of the words that say something."""
    return [place for place, word in enumerate(words) if word not in _OTHERS | DENYING and word != _STOP]


@lru_cache(maxsize=4000)
def _words(text: str) -> tuple[str, ...]:
    """The folded words of a text, with a sign where a clause ends."""
    parts = _CLAUSE_END.split(_NO_DENIAL.sub(" ", fold(text)))
    return tuple(word for part in parts for word in (*tokens(part), _STOP))
