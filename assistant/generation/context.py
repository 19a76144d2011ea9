"""Which passages a chat model is given: the most telling that fit in what it can read, none of them twice."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from rapidfuzz import fuzz

from assistant.llm.streaming import CHARACTERS_PER_TOKEN
from ingest.language.negation import DENYING
from vectorstore.analysis.dutch import tokens
from vectorstore.letters import Passage
from vectorstore.search import Hit

_SAME: Final = 85.0
"""Similarity in percent (Indel, over words) from which two passages say the same."""

_SPREAD: Final = 5.0
"""Log-odds below the most telling passage from which a passage is left out: of the evidence of the sample's questions that
may be tuned on, 99% is nearer."""


def tokens_of(text: str) -> int:
    """Estimate how many tokens a chat model makes of a text."""
    return math.ceil(len(text) / CHARACTERS_PER_TOKEN)


def pack(hits: Sequence[Hit], worth: Mapping[str, float], room: int, cost: Callable[[Passage], int]) -> list[Hit]:
    """Choose the passages that are worth most and fit together, by date of the letter and place in it.

    One that says the same as another that is worth more is left out, unless a number or a denial differs, or who wrote it.

    Args:
        hits: passages found, best first.
        worth: of passages by id, the log-odds that they answer; one that is not in it does not.
        room: tokens there are for passages.
        cost: tokens that a passage takes with all that is told of it.

    Returns:
        at least the most telling passage, whatever the room.
    """
    least = max(worth.values(), default=-math.inf) - _SPREAD
    ordered = sorted(hits, key=lambda hit: -worth.get(hit.passage.id, -math.inf))
    chosen: list[Hit] = []
    for hit in ordered:
        if chosen and worth.get(hit.passage.id, -math.inf) < least:
            break
        taken = cost(hit.passage)
        if (chosen and taken > room) or any(_say_the_same(hit.passage, other.passage) for other in chosen):
            continue
        chosen.append(hit)
        room -= taken
    return sorted(chosen, key=_by_date)


def recent(questions: Sequence[str], room: int) -> list[str]:
    """Choose the latest questions of a conversation that fit, oldest first.

    Args:
        questions: of the conversation, oldest first.
        room: tokens there are for them.
    """
    kept: list[str] = []
    for question in reversed(questions):
        room -= tokens_of(question)
        if room < 0:
            break
        kept.append(question)
    return kept[::-1]


def _say_the_same(one: Passage, other: Passage) -> bool:
    if one.letter.author is not other.letter.author:
        return False
    words, others = tokens(one.text), tokens(other.text)
    return _telling(words) == _telling(others) and fuzz.ratio(words, others, score_cutoff=_SAME) > 0


def _telling(words: Sequence[str]) -> list[str]:
    """Return the words of which one makes all the difference."""
    return sorted(word for word in words if word in DENYING or any(sign.isdigit() for sign in word))


def _by_date(hit: Hit) -> tuple[str, str, int]:
    letter = hit.passage.letter
    return (letter.date.isoformat() if letter.date else "9999", letter.source, hit.passage.start)
