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

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, Levenshtein

from ingest.document import Block
from ingest.parts import parts_of
from vectorstore.letters import Card, DateBasis, Letter

_MARKER = re.compile(r"^\s*(?:[-•*·‣▪–—o]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+", re.M)
"""The mark of an item of a list, which formats keep or leave out."""

_LEAST_WORDS = 40
"""Words a body must have to tell one letter from another; of a shorter one the whole text counts."""

_NOTE = re.compile(r"(?<!\bm)(?<!\bkm)(?<!\bcm)[⁰¹²³⁴-⁹]+")
"""The number of a note, which formats keep or leave out; that of a square metre is none."""

_HYPHEN = re.compile(r"(?<=\w)[-‐]\s?(?=\w)")
_NOTE_DIGITS = 2
"""Digits of the number of a note or of an item of a list."""

_SHINGLE = 5
_SKETCH = 16

_LEAST_ALIKE = 0.95
"""Share of the characters that a scan and its letter have in common at least."""

_LEAST_NUMBERS = 0.8
"""Share of the numbers of three digits or more that they have in common at least."""

_DENIALS = {"niet", "niets", "geen", "nooit", "noch", "zonder"}
_MISREAD = 65.0
"""How much a misread word resembles what it was at least, of 100."""


def told_by(text: str) -> str:
    """The part of a letter that tells it from others: its body, or everything when that is short."""
    lines = [Block(line.strip()) for line in text.split("\n") if line.strip()]
    inner = "\n".join(line.text for line in parts_of(lines).body)
    return inner if len(inner.split()) >= _LEAST_WORDS else text


def digest_of(told: str) -> str:
    """Digest that is the same for the same words, whatever their case, layout, list marks and quotation marks."""
    joined = re.sub(r"(?<=\d) (?!\d)|(?<!\d) ", "", " ".join(_words(told)))
    return hashlib.sha256(joined.encode()).hexdigest()


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


def about_the_same(one: Letter, other: Letter) -> bool:
    """Whether two letters with the same body have the same subject, reader and kenmerk of the reader, where both say so.

    A municipality confirms every advice in the same words. A format may cut short what another has whole; of a scan these
    are not compared, as they are too short to tell a misread one from another.
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


def bear_the_same(one: Card, other: Card) -> bool:
    """Whether two letters state the same kenmerk or the same date, and nothing that sets them apart."""
    shared = any(first and first == second for first, second in (_names(one, other), _dates(one, other)))
    return shared and may_be_same(one, other)


def same_words(one: str, other: str) -> bool:
    """Whether two texts have the same words in whatever order, but for small numbers that only one of them has."""
    bags = [
        Counter(re.findall(r"[^\W\d_]+|\d+(?:[.,]\d+)*", _HYPHEN.sub("", _MARKER.sub("", text).casefold())))
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
    words = [re.findall(r"\w+", text.casefold()) for text in (one, other)]
    alike = Indel.normalized_similarity("".join(words[0]), "".join(words[1]), score_cutoff=_LEAST_ALIKE) > 0
    return alike and not _denies(words[0], words[1])


def _denies(one: list[str], other: list[str]) -> bool:
    """Whether one of two texts has a "niet" for which the other has nothing that looks like it."""
    for step in Levenshtein.opcodes(one, other):
        parts = one[step.src_start : step.src_end], other[step.dest_start : step.dest_end]
        for part, counterpart in (parts, parts[::-1]) if step.tag != "equal" else ():
            against = "".join(counterpart)
            if any(fuzz.partial_ratio(word, against) < _MISREAD for word in _DENIALS.intersection(part)):
                return True
    return False
