"""Whether two files hold the same letter, be it in two formats: a Word file and its PDF, a letter and its scan.

What is compared is the body of a letter, from salutation to farewell, because letterheads, page headers and the lines of
an e-mail differ from format to format. The bodies of two files with text must have the very same words: one "niet" more
and they are two letters. Formats put notes and boxes in another place, so when two letters bear the same kenmerk or date
the order of the words may differ, and one may have the numbers of notes and lists that the other lacks. Only where a scan
is one of the two may words differ as far as text recognition errs, and then the numbers must agree all the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter

from rapidfuzz.distance import Indel

from ingest.document import Block
from ingest.parts import parts_of
from vectorstore.letters import Card, DateBasis

_MARKER = re.compile(r"^\s*(?:[-•*·‣▪–—o]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+", re.M)
"""The mark of an item of a list, which formats keep or leave out."""

_LEAST_WORDS = 40
"""Words a body must have to tell one letter from another; of a shorter one the whole text counts."""

_NOTE = re.compile(r"[⁰¹²³⁴-⁹]+")
_HYPHEN = re.compile(r"(?<=\w)[-‐]\s?(?=\w)")
_NOTE_DIGITS = 2
"""Digits of the number of a note or of an item of a list."""

_SHINGLE = 5
_SKETCH = 16

_LEAST_ALIKE = 0.95
"""Share of the characters that a scan and its letter have in common at least."""

_LEAST_NUMBERS = 0.8
"""Share of the numbers of three digits or more that they have in common at least."""


def told_by(text: str) -> str:
    """The part of a letter that tells it from others: its body, or everything when that is short."""
    lines = [Block(line.strip()) for line in text.split("\n") if line.strip()]
    inner = "\n".join(line.text for line in parts_of(lines).body)
    return inner if len(inner.split()) >= _LEAST_WORDS else text


def digest_of(told: str) -> str:
    """Digest that is the same for the same words, whatever their case, layout, list marks and quotation marks."""
    return hashlib.sha256("".join(_words(told)).encode()).hexdigest()


def _words(text: str) -> list[str]:
    """The words of a text, without the marks of lists and notes."""
    return re.findall(r"\w+", _NOTE.sub("", _MARKER.sub("", text)).casefold())


def sketch_of(told: str) -> tuple[str, ...]:
    """The 16 smallest hashes of all runs of five words; texts that are nearly the same share most of them.

    This is the bottom-k sketch of A. Broder, "On the resemblance and containment of documents" (1997).
    """
    words = _words(told)
    runs = {" ".join(words[i : i + _SHINGLE]) for i in range(max(1, len(words) - _SHINGLE + 1))}
    return tuple(sorted(hashlib.blake2b(run.encode(), digest_size=6).hexdigest() for run in runs)[:_SKETCH])


def may_be_same(one: Card, other: Card) -> bool:
    """Whether nothing that two letters say of themselves sets them apart: neither their kenmerk nor their date."""
    names, dates = _names(one, other), _dates(one, other)
    return (not all(names) or names[0] == names[1]) and (not all(dates) or dates[0] == dates[1])


def _names(*cards: Card) -> list[str]:
    return ["".join(re.findall(r"\w", card.reference or "")).casefold() for card in cards]


def _dates(*cards: Card) -> list[dt.date | None]:
    return [card.date if card.date_basis is DateBasis.STATED else None for card in cards]


def bear_the_same(one: Card, other: Card) -> bool:
    """Whether two letters state the same kenmerk or the same date, and nothing that sets them apart."""
    shared = any(first and first == second for first, second in (_names(one, other), _dates(one, other)))
    return shared and may_be_same(one, other)


def same_words(one: str, other: str) -> bool:
    """Whether two texts have the same words in whatever order, but for small numbers that only one of them has."""
    bags = [
        Counter(re.findall(r"[^\W\d_]+|\d+", _HYPHEN.sub("", _MARKER.sub("", text).casefold())))
        for text in (one, other)
    ]
    more, less = bags[0] - bags[1], bags[1] - bags[0]
    return (not more or not less) and all(word.isdigit() and len(word) <= _NOTE_DIGITS for word in (*more, *less))


def nearly_same(one: str, other: str) -> bool:
    """Whether two texts differ no more than text recognition makes them, their numbers hardly at all."""
    numbers = [Counter(re.findall(r"\d{3,}", text)) for text in (one, other)]
    shared, every = (numbers[0] & numbers[1]).total(), (numbers[0] | numbers[1]).total()
    if shared < _LEAST_NUMBERS * every:
        return False
    letters = ["".join(re.findall(r"\w+", text.casefold())) for text in (one, other)]
    return Indel.normalized_similarity(*letters, score_cutoff=_LEAST_ALIKE) > 0
