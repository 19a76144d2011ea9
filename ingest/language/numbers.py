"""Numbers as words and as digits, in Dutch and in English, to their values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Final

_DUTCH_ONES = "een twee drie vier vijf zes zeven acht negen".split()
_DUTCH_TEENS = "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien".split()
_DUTCH_TENS = "twintig dertig veertig vijftig zestig zeventig tachtig negentig".split()
_ENGLISH_ONES = "one two three four five six seven eight nine".split()
_ENGLISH_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()

_ORDINALS: Final = {
    word: number
    for number, words in {
        2: "tweede second",
        3: "derde third",
        4: "vierde fourth",
        5: "vijfde fifth",
        6: "zesde sixth",
        7: "zevende seventh",
        8: "achtste achtsten eighth",
        9: "negende ninth",
        10: "tiende tenth",
        11: "elfde eleventh",
        12: "twaalfde twelfth",
    }.items()
    for word in words.split()
}
"""Ranks; of ten and more in Dutch those that end in -de or -ste are found by their ending."""

_FIRST: Final = ("eerste", "first")
"""Ranks that say more often what comes before all else than which of a row it is."""

_PARTS: Final = {
    word: value
    for value, words in {
        Fraction(1, 2): "half halve helft halvering gehalveerd halveren halveert halved",
        Fraction(1, 4): "kwart quarter",
        Fraction(3, 4): "driekwart",
        Fraction(3, 2): "anderhalf anderhalve",
        Fraction(
            2
        ): "dubbel dubbele dubbelen verdubbeld verdubbelen verdubbelt verdubbelde verdubbeling tweemaal double doubled doubles doubling twice",
        Fraction(3): "driemaal verdrievoudigd verdrievoudigt verdrievoudigde verdrievoudigen triple tripled thrice",
        Fraction(4): "viermaal verviervoudigd quadrupled",
    }.items()
    for word in words.split()
}
"""Shares and multiples."""

_SCALES: Final = {
    "honderd": 100,
    "hundred": 100,
    "duizend": 1000,
    "thousand": 1000,
    "miljoen": 1_000_000,
    "million": 1_000_000,
    "mln": 1_000_000,
    "miljard": 1_000_000_000,
    "billion": 1_000_000_000,
}
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")


def _counted(ones: Sequence[str], teens: Sequence[str], tens: Sequence[str]) -> dict[str, int]:
    words = {word: number for number, word in enumerate([*ones, *teens], 1)}
    return words | {word: 10 * ten for ten, word in enumerate(tens, 2)}


def _dutch_cardinals() -> dict[str, int]:
    words = _counted(_DUTCH_ONES, _DUTCH_TEENS, _DUTCH_TENS)
    for ten, word in enumerate(_DUTCH_TENS, 2):
        words |= {f"{one}en{word}": 10 * ten + number for number, one in enumerate(_DUTCH_ONES, 1)}
    return words


def _english_cardinals() -> dict[str, int]:
    words = _counted(_ENGLISH_ONES, _ENGLISH_TEENS, _ENGLISH_TENS)
    for ten, word in enumerate(_ENGLISH_TENS, 2):
        words |= {f"{word}{link}{one}": 10 * ten + n for n, one in enumerate(_ENGLISH_ONES, 1) for link in ("", "-")}
    return words


DUTCH_CARDINALS: Final = _dutch_cardinals()
"""Dutch words for 1 to 99, folded."""

_CARDINALS: Final = DUTCH_CARDINALS | _english_cardinals()

TWO_TO_TWELVE: Final = "|".join(word for word, number in DUTCH_CARDINALS.items() if 2 <= number <= 12)
"""Alternatives of a pattern: the Dutch words for the numbers that have names of their own, without that of one."""


@lru_cache(maxsize=20_000)
def value_of(word: str) -> Fraction | None:
    """Return the number that a folded word or a row of digits is: "12", "1.250,50", "1,250.50", "veertig", "derde", "helft".

    None for any other word; "een" and "one" are none either.
    """
    if word[:1].isdigit():
        return digits(word)
    if word in ("een", "one", "eens", "ene"):
        return None
    if word in _PARTS:
        return _PARTS[word]
    number = _ORDINALS.get(word) or cardinal(word) or _ranked(word)
    return Fraction(number) if number else None


def cardinal(word: str) -> int | None:
    """Return the whole number that a folded word counts, "een" and "one" included; None for any other word."""
    return _CARDINALS.get(word) or _composed(word)


def ordinal(word: str) -> int | None:
    """Return the number of a folded rank, "eerste" and "first" included; None for any other word."""
    return 1 if word in _FIRST else _ORDINALS.get(word) or _ranked(word)


def scale_of(word: str) -> int | None:
    """Return what a word multiplies the number before it by ("duizend", "million"); None when it does not."""
    return _SCALES.get(word)


def is_rank(word: str) -> bool:
    """Tell whether a folded word that is a number is a rank, so that it may be a share too ("een derde")."""
    return word in _ORDINALS


def digits(written: str) -> Fraction | None:
    """Return the value of a number in digits, in Dutch or in English notation; None when it is no single number."""
    match = _DIGITS.match(written)
    if not match:
        return None
    text = match[0]
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return Fraction(int(text))
    mark, decimals = text[last], text[last + 1 :]
    grouped = len(decimals) == 3 and (text.count(mark) > 1 or len(text[:last].lstrip("0")) in (1, 2, 3))
    other = "," if mark == "." else "."
    if grouped and other not in text:
        return Fraction(int(text.replace(mark, "")))
    if text.count(mark) > 1:
        return None
    whole = text[:last].replace(other, "")
    return Fraction(f"{whole}.{decimals}") if mark not in whole else None


def _composed(word: str) -> int | None:
    """Read a Dutch number of one word above ninety-nine: "honderdtwintig", "vijftienhonderd", "tweeduizend"."""
    for name, size in (("duizend", 1000), ("honderd", 100)):
        front, found, rest = word.partition(name)
        if found:
            times = cardinal(front) if front else 1
            more = cardinal(rest.removeprefix("en")) if rest else 0
            return None if times is None or more is None else times * size + more
    return None


def _ranked(word: str) -> int | None:
    """Read a Dutch rank like "twintigste" or "veertiende"; "achttienjarige" and "vijftigers" are none."""
    for ending in ("ste", "de"):
        if word.endswith(ending) and len(word) > 6:
            return _CARDINALS.get(word.removesuffix(ending))
    return None
