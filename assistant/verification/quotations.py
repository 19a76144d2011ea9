"""Words between quotation marks: where they begin and end, and where a letter has them.

What is shown between quotation marks is cut from the letter, so that finding is all there is to do: the same words apart from
case, punctuation, white space and the hyphens of a broken line, and else the same words but for slips of the pen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from ingest.language.negation import DENYING

_MARKED = re.compile(
    r"[“„](?P<curly>[^“„”]*)(?:[”“]|\Z)|«(?P<angle>[^«»]*)(?:»|\Z)|»(?P<inward>[^«»]*)(?:«|\Z)|\"(?P<straight>[^\"]*)(?:\"|\Z)|"
    r"[‘‚](?!(?:s|t|n|k|m)\b)(?P<single>(?:[^‘’]|’(?=\w))+)’(?!\w)|"
    r"(?<!\w)'(?!(?:s|t|n|k|m)\b)(?P<plain>(?:[^'\n]|'(?=\w))+)'(?!\w)"
)
_WORD = re.compile(r"[^\W_]+(?:(?:[’'.,/\-‐‑]|­\s*|-\s*\n\s*)(?=[^\W_])[^\W_]+|%)*")
_NOT_LETTERS = re.compile(r"[^\w%]|_")
_CLAUSE_END = re.compile(r"[,.;:!?…](?=\s|$|[”»\"’'])|\n\s*\n|\s[–—-]\s")
_CLOSING = ")].!?"
_SHARE = 0.92
"""Share of the characters of a quotation that must be the letter's to the letter."""

_MOST_SLIPS = 2
_TERM = 3
"""A quotation of at most so many words is a term; it may be cut from a clause that denies it."""

_MOST_ADDED = 8
"""Words that a quotation is made longer by, at most, so that it does not break off before a "niet" or begin after one."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words between quotation marks.

    Attributes:
        start, end: offsets into the text, the marks included.
        words: what stands between the marks.
    """

    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class _Spelled:
    """A text as the letters of its words only.

    Attributes:
        letters: of all words, one after another.
        words: each word's letters.
        starts: of each word, where its letters begin among `letters`.
        spans: of each word, where it stands in the text.
    """

    letters: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]


def stretches_in(text: str) -> list[Stretch]:
    """Return the stretches between quotation marks, in order; one that is never closed runs to the end."""
    found = (
        Stretch(match.start(), match.end(), next(group for group in match.groups() if group is not None))
        for match in _MARKED.finditer(text)
    )
    return [stretch for stretch in found if _WORD.search(stretch.words)]


def without(text: str, stretches: Sequence[Stretch], put: str = " ") -> str:
    """Replace what stands between the quotation marks of a text."""
    for stretch in reversed(stretches):
        text = text[: stretch.start] + put + text[stretch.end :]
    return text


def find(words: str, text: str, listed: Callable[[str], bool]) -> tuple[int, int] | None:
    """Find these words in a row in a text and return their offsets, or None.

    Args:
        words: as somebody quotes them.
        text: of a passage.
        listed: whether a folded word exists, so that it is another word and no slip of the pen.
    """
    sought, held = _spelled(words.strip(" .…")), _spelled(text)
    if not sought.words:
        return None
    places = _exact(sought, held) or _with_slips(sought, held, listed)
    return (held.spans[places[0]][0], held.spans[places[1]][1]) if places else None


def whole(text: str, start: int, end: int, *, denied: bool) -> tuple[int, int] | None:
    """Extend a quotation so that no denial before it in its own clause is left out.

    None when that takes too many words, or when it breaks off before a denial: that says the contrary, whatever is added.

    Args:
        text: that is quoted.
        start, end: offsets of the quotation.
        denied: what stands around the quotation denies it already.
    """
    spans = [match.span() for match in _WORD.finditer(text, start, end)]
    if denied or len(spans) <= _TERM:
        return start, end
    clause_start, clause_end = _clause(text, start, end)
    before, after = _words(text, clause_start, start), _words(text, end, clause_end)
    if any(text[a:b].casefold() in DENYING for a, b in after):
        return None
    if any(text[a:b].casefold() in DENYING for a, b in before):
        if len(before) > _MOST_ADDED:
            return None
        start = before[0][0]
    return start, end


def closed(text: str, end: int, words: str) -> int:
    """Return the end of a quotation with the brackets and the full stop that were quoted with it."""
    for sign in words.rstrip()[len(words.rstrip().rstrip(_CLOSING)) :]:
        end += text[end : end + 1] == sign
    return end


def closing_mark(written: str, stretch: Stretch) -> str:
    """Return the mark that closes a quotation; the one that belongs to its first where the model left it out."""
    last = written[stretch.end - 1]
    marks = {"“": "”", "„": "”", "«": "»", "»": "«", '"': '"', "‘": "’", "‚": "’", "'": "'"}
    first = written[stretch.start]
    return last if last in "”“»«\"’'" and stretch.end - stretch.start > 1 else marks.get(first, first)


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """Return offsets of the clause that a quotation begins in, and of the end of the one that it ends in."""
    begin = max((match.end() for match in _CLAUSE_END.finditer(text, max(0, start - 300), start)), default=0)
    stop = _CLAUSE_END.search(text, end)
    return begin if begin else max(0, start - 300), stop.start() if stop else len(text)


def _words(text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [match.span() for match in _WORD.finditer(text, start, end)]


@lru_cache(maxsize=2000)
def _spelled(text: str) -> _Spelled:
    spans = tuple(match.span() for match in _WORD.finditer(text))
    words = tuple(_letters(text[start:end]) for start, end in spans)
    starts, length = [], 0
    for word in words:
        starts.append(length)
        length += len(word)
    return _Spelled("".join(words), words, tuple(starts), spans)


def _letters(word: str) -> str:
    """Fold a word: compatibility forms written out, no hyphens, apostrophes or points, accents left off."""
    plain = unicodedata.normalize("NFKD", word).casefold()
    return _NOT_LETTERS.sub("", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def _exact(sought: _Spelled, held: _Spelled) -> tuple[int, int] | None:
    """Return the first and last word of the place that has the very letters, from the start of a word to the end of one."""
    begins = {start: place for place, start in enumerate(held.starts)}
    ends = {start + len(word): place for place, (start, word) in enumerate(zip(held.starts, held.words, strict=True))}
    at = held.letters.find(sought.letters)
    while at >= 0:
        if at in begins and at + len(sought.letters) in ends:
            return begins[at], ends[at + len(sought.letters)]
        at = held.letters.find(sought.letters, at + 1)
    return None


def _with_slips(sought: _Spelled, held: _Spelled, listed: Callable[[str], bool]) -> tuple[int, int] | None:
    """Return the first and last word of the place that has the same words but for a slip of the pen or two."""
    count = len(sought.words)
    for place in range(len(held.words) - count + 1):
        other = list(_differing(sought.words, held.words[place : place + count]))
        wrong = sum(OSA.distance(word, meant) for word, meant in other)
        if (
            len(other) <= _MOST_SLIPS
            and wrong <= (1 - _SHARE) * len(sought.letters)
            and all(_is_slip(word, meant, listed) for word, meant in other)
        ):
            return place, place + count - 1
    return None


def _differing(sought: Sequence[str], held: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Return the pairs of words that differ, at most one more than is tolerated."""
    found = 0
    for word, meant in zip(sought, held, strict=True):
        if word != meant:
            found += 1
            yield word, meant
        if found > _MOST_SLIPS:
            return


def _is_slip(word: str, meant: str, listed: Callable[[str], bool]) -> bool:
    """Check whether a word is a slip of the pen: in no list, and one letter off the letter's own word."""
    if not (word.isalpha() and meant.isalpha()) or {word, meant} & DENYING or len(meant) < 5 or listed(word):
        return False
    return OSA.distance(word, meant) <= 1
