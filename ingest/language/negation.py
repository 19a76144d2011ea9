"""What a sentence says and what it denies: negations by clause, and words that say the opposite of each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Final

from ingest.language.lexicon import match_any, read_rows, read_words
from vectorstore.analysis.dutch import fold, tokens

_BREAK = re.compile(
    r"[;:,–—]\s+|(?<=[^\d])[.!?]\s+|\s(?=(?:maar|omdat|terwijl|hoewel|zodat|want|tenzij|zolang|totdat|voordat|doch|mits|zonder(?! meer)|ondanks|aangezien|doordat|waardoor|opdat|nadat|"
    r"but|because|although|while|unless|until|without|before|whereas|despite|if|when|as long as|so long as|indien|wanneer)\b)|"
    r"\s(?=(?:en|of|and|or) (?:dat|wil|wel|niet|geen|is|zijn|was|heeft|wordt|werd|kan|moet|krijgt|that|not|no|wants?|met|tegen|zonder|with|without)\b)|\s(?=om (?:niet|geen)\b)|"
    r"\s(?=(?:en|and) in (?:19|20)\d\d\b)"
)
NO_DENIAL = re.compile(
    r"\b(?:niet|not) (?:alleen|slechts|enkel|uitsluitend|zozeer|only|just|merely)\b|\bniet (?:voor niets|zonder meer|in de laatste plaats)\b|"
    r"\b(?:niets|nothing) (?:anders|other|else) (?:dan|than)\b|\bwaarom niet\b|\bal dan niet\b|\bniet (?:te vergeten|genoeg kan)\b"
)
"""Words that deny nothing: "niet alleen", "niets anders dan"."""

_CONTRACTED = re.compile(r"\b(?:is|are|was|were|do|does|did|has|have|had|would|could|should|wo|ca)n['’]t\b")
_PARTED = re.compile(
    r"\b(?:wijst|wijzen|wees|raadt|raden|raadde)\b(?=[^,;]*\baf\b)|"
    r"\b(?:is|zijn|was|waren|blijft|blijven|stemt?|stemde|kant|keert|keerde|spreekt) (?:\w+ ){0,4}?tegen\b|"
    r"\b(?:gaat|gaan|ging) (?:\w+ ){0,3}te ver\b"
)
"""Refusals of which the words stand apart: "wijst … af", "is … tegen"."""

_HALF_DENIED = re.compile(
    r"\b(?:voordat|alvorens|in plaats van|anders dan|liever dan|pas (?:na|als|wanneer|op|vanaf)|"
    r"before|instead of|unlike|rather than|only (?:after|when|once|if))\b"
)
DENYING: Final = read_words("denying.txt")
"""Words that by themselves deny, in Dutch and English, folded: one of them makes all the difference."""

_UN = re.compile(r"(?:on|un|dis)(?=[a-z]{4})")


def clauses_in(text: str) -> list[tuple[int, int]]:
    """Return start and end of each clause of a sentence."""
    spans: list[tuple[int, int]] = []
    begin = 0
    for match in _BREAK.finditer(text):
        if text[begin : match.start()].strip():
            spans.append((begin, match.end()))
            begin = match.end()
    if text[begin:].strip():
        spans.append((begin, len(text)))
    return spans


@lru_cache(maxsize=20_000)
def denials(clause: str) -> int:
    """Return how often a clause denies or refuses what it speaks of."""
    folded = NO_DENIAL.sub(" ", fold(clause).replace("’", "'"))
    folded = " ".join(folded.split())
    return sum(len(pattern.findall(folded)) for pattern in (*_denying(), _CONTRACTED, _PARTED))


@lru_cache(maxsize=20_000)
def half_denied(clause: str) -> bool:
    """Check whether a clause says of something that it is not, or not yet, without a word that denies: "voordat", "in plaats van"."""
    return _HALF_DENIED.search(fold(clause)) is not None


def turned(said: str, held: str) -> int:
    """Return how many words of one text say the opposite of what stands in another.

    Args:
        said: a clause of a statement.
        held: the sentence of a letter that it is compared with.
    """
    opposites = sum(
        one != other and 0 not in (one, other) for one, other in zip(_sides(said), _sides(held), strict=True)
    )
    return opposites + sum(1 for _ in _un(_words(said), _words(held)))


@cache
def _denying() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of words that deny, and of words that refuse."""
    denying = ",".join(DENYING | read_words("lacking.txt"))
    return match_any(denying), match_any(",".join(read_words("refusing.txt")))


@cache
def _opposites() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """Return the patterns of both sides of each pair of opposites."""
    return tuple((match_any(one), match_any(other)) for one, other in read_rows("opposites.tsv"))


@lru_cache(maxsize=20_000)
def _sides(text: str) -> tuple[int, ...]:
    """Return, for each pair of opposites, which one a text has: 1 or -1, or 0 for neither or both."""
    folded = fold(text)
    return tuple(bool(one.search(folded)) - bool(other.search(folded)) for one, other in _opposites())


@lru_cache(maxsize=20_000)
def _words(text: str) -> frozenset[str]:
    return frozenset(tokens(text))


def _un(ours: frozenset[str], theirs: frozenset[str]) -> Iterator[str]:
    """Yield the words of which one text has the denial made with a prefix and the other the plain word, and not both."""
    for mine, other in ((ours - theirs, theirs - ours), (theirs - ours, ours - theirs)):
        for word in mine:
            prefix = None if word in DENYING | read_words("lacking.txt") else _UN.match(word)
            if prefix and word[prefix.end() :] in other:
                yield word
