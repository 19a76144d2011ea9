"""Duplicate detection: whether two files hold the same letter, also across formats (a Word file and its PDF, or a
scan).

The bodies of letters are compared, from salutation to farewell, because letterheads, page headers and the lines of an
e-mail differ between formats. The bodies of two files with text must have exactly the same words: one "niet" more and
they are two letters. Formats place notes and boxes differently, so if two letters have the same kenmerk or date, the
order of the words may differ, and one may have the numbers of notes and lists that the other lacks. Only if one of the
two is a scan may words differ, within the error of text recognition, and even then the numbers must agree.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, Levenshtein

from ingest.language.negation import DENYING
from ingest.metadata.sections import split_sections
from ingest.readers.document import Block
from vectorstore.letters import Card, DateBasis, Letter

_MARKER = re.compile(r"^\s*(?:[-•*·‣▪–—o]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+", re.M)
"""The mark of a list item, which formats keep or leave out."""

_LEAST_WORDS = 40
"""Number of words a body needs to tell letters apart; for a shorter one the whole text counts."""

_NOTE = re.compile(r"(?<!\bm)(?<!\bkm)(?<!\bcm)[⁰¹²³⁴-⁹]+")
"""The number of a note, which formats keep or leave out; the exponent of a square metre is not one."""

_HYPHEN = re.compile(r"(?<=\w)[-‐]\s?(?=\w)")
_NOTE_DIGITS = 2
"""Digits of the number of a note or of a list item."""

_SHINGLE = 5
_SKETCH = 16

_LEAST_ALIKE = 0.95
"""Smallest share of characters that a scan and its letter have in common."""

_LEAST_NUMBERS = 0.8
"""Smallest share of the numbers of three digits or more that they have in common."""

_MISREAD = 65.0
"""Smallest similarity, out of 100, of a misread word to the original."""


def distinguishing_text(text: str) -> str:
    """Return the part of a letter that tells it from others: its body, or everything if that is short."""
    lines = [Block(line.strip()) for line in text.split("\n") if line.strip()]
    inner = "\n".join(line.text for line in split_sections(lines).body)
    return inner if len(inner.split()) >= _LEAST_WORDS else text


def digest_of_words(told: str) -> str:
    """Return a digest that is equal for equal words, whatever their case, layout, list marks and quotation marks."""
    joined = re.sub(r"(?<=\d) (?!\d)|(?<!\d) ", "", " ".join(_words(told)))
    return hashlib.sha256(joined.encode()).hexdigest()


def _words(text: str) -> list[str]:
    """Return the words of a text, without the marks of lists and notes."""
    return re.findall(r"\w+", _NOTE.sub("", _MARKER.sub("", text)).casefold())


def sketch_of(told: str) -> tuple[str, ...]:
    """Return the 16 smallest hashes of all runs of five words; nearly identical texts share most of them.

    This is the bottom-k sketch of A. Broder, "On the resemblance and containment of documents" (1997).
    """
    words = _words(told)
    runs = {" ".join(words[i : i + _SHINGLE]) for i in range(max(1, len(words) - _SHINGLE + 1))}
    return tuple(sorted(hashlib.blake2b(run.encode(), digest_size=6).hexdigest() for run in runs)[:_SKETCH])


def may_be_same(one: Card, other: Card) -> bool:
    """Check that nothing in the metadata of two letters sets them apart: neither kenmerk nor date."""
    names, dates = _names(one, other), _dates(one, other)
    return (not all(names) or names[0] == names[1]) and (not all(dates) or dates[0] == dates[1])


def agree_on_subject(one: Letter, other: Letter) -> bool:
    """Check that two letters with the same body agree on subject, addressee and "uw kenmerk", where both give them.

    A municipality acknowledges every advice in the same words. One format may truncate what another has in full. For a
    scan they are not compared, as they are too short to tell a misreading from a difference.
    """
    if one.confidence or other.confidence:
        return True
    said = [(letter.your_reference, letter.subject, letter.addressee) for letter in (one, other)]
    plain = [["".join(re.findall(r"\w", text or "")).casefold() for text in texts] for texts in said]
    return all(a.startswith(b) or b.startswith(a) for a, b in zip(*plain, strict=True))


def _names(*cards: Card) -> list[str]:
    return ["".join(re.findall(r"\w", card.reference or "")).casefold() for card in cards]


def _dates(*cards: Card) -> list[dt.date | None]:
    return [card.date if card.date_basis in (DateBasis.STATED, DateBasis.MANIFEST) else None for card in cards]


def agree_on_identity(one: Card, other: Card) -> bool:
    """Check whether two letters have the same kenmerk or the same date, and nothing that sets them apart."""
    shared = any(first and first == second for first, second in (_names(one, other), _dates(one, other)))
    return shared and may_be_same(one, other)


def same_words(one: str, other: str) -> bool:
    """Check whether two texts have the same words in any order, except for small numbers that only one of them has."""
    bags = [
        Counter(re.findall(r"[^\W\d_]+|\d+(?:[.,]\d+)*", _HYPHEN.sub("", _MARKER.sub("", text).casefold())))
        for text in (one, other)
    ]
    more, less = bags[0] - bags[1], bags[1] - bags[0]
    return (not more or not less) and all(word.isdigit() and len(word) <= _NOTE_DIGITS for word in (*more, *less))


def nearly_same(one: str, other: str) -> bool:
    """Check whether two texts differ no more than text recognition explains, and their numbers hardly at all."""
    numbers = [Counter(re.findall(r"\d{3,}", text)) for text in (one, other)]
    shared, every = (numbers[0] & numbers[1]).total(), (numbers[0] | numbers[1]).total()
    if shared < _LEAST_NUMBERS * every:
        return False
    words = [re.findall(r"\w+", text.casefold()) for text in (one, other)]
    alike = Indel.normalized_similarity("".join(words[0]), "".join(words[1]), score_cutoff=_LEAST_ALIKE) > 0
    return alike and not _denies(words[0], words[1])


def _denies(one: list[str], other: list[str]) -> bool:
    """Check whether one of two texts has a "niet" with no similar word in the other."""
    for step in Levenshtein.opcodes(one, other):
        parts = one[step.src_start : step.src_end], other[step.dest_start : step.dest_end]
        for part, counterpart in (parts, parts[::-1]) if step.tag != "equal" else ():
            against = "".join(counterpart)
            if any(fuzz.partial_ratio(word, against) < _MISREAD for word in DENYING.intersection(part)):
                return True
    return False
