"""Passages read sentence by sentence, once: their words and what each sentence is, whatever is asked.

Nothing of the letter itself is held, so that what is remembered is small and holds for any archive.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from assistant.evidence.coverage import NOTHING, Found, Matcher, TextReader, Words
from ingest.language.courtesies import ADDRESSING, USUAL_CLOSE
from ingest.language.sentences import line_sentence_spans

_EDGE_LINE = re.compile(
    rf"^\s*(?:{USUAL_CLOSE}|{ADDRESSING}|(?:\w+ ){{0,2}}groet(?:en|jes)?\b|namens\b|aan\b|postbus\b|p/a\b|kenmerk\b|datum\b|onderwerp\b|betreft\b|"
    r"(?:uw|ons|onze) (?:kenmerk|brief|referentie)\b|c\.?c\.?\b|i\.a\.a\b|afschrift\b|bijlagen?\b|\(?fictie\w*|aanwezig\b|afwezig\b|telefoon\b)",
    re.I,
)
_ITEM = re.compile(r"\s*(?:[-•*–]|\(?\d{1,2}[.):e]|\(?[a-z][.)])\s")
_CHUNK = re.compile(r"\S+")

_BEFORE: Final = 250
"""Characters before a sentence that say what it is about."""

_FEW_WORDS: Final = 5


@dataclass(frozen=True, slots=True, eq=False)
class ChunkRange:
    """A stretch of a passage, by the words that stand in it.

    Attributes:
        first, behind: the first of the passage's chunks that lie in it, and the one behind the last.
        cut: the words of the chunks that it has only a piece of.
    """

    first: int
    behind: int
    cut: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ReadSentence:
    """A sentence of a passage.

    Attributes:
        start, end: offsets into the passage's text.
        own: where its words stand.
        before: where the words just before it stand.
        short: it has fewer than five words.
        question: it ends in a question mark.
        item: it is one of a list.
        table: it is a row of one.
        edge: it is a line of a letterhead, a salutation, a farewell or the passage's heading.
    """

    start: int
    end: int
    own: ChunkRange
    before: ChunkRange
    short: bool
    question: bool
    item: bool
    table: bool
    edge: bool


@dataclass(frozen=True, slots=True, eq=False)
class ReadPassage:
    """A passage as it was read.

    Attributes:
        words: all its words, in order and as often as they stand there.
        stems_in, forms_in: the chunk in which each of these stands.
        sentences: in order.
        heading: the words of its heading.
    """

    words: Words
    stems_in: array[int]
    forms_in: array[int]
    sentences: tuple[ReadSentence, ...]
    heading: Words


class PassageMatch:
    """What of a question stands in each stretch of a passage.

    Args:
        matcher: of the question.
        read: the passage.
    """

    def __init__(self, matcher: Matcher, read: ReadPassage) -> None:
        self._matcher = matcher
        self.whole = matcher.found_in(read.words)
        self._places: list[tuple[int, Found]] = []
        if self.whole:
            stems, forms = matcher.stems, matcher.alike
            self._places += [
                (read.stems_in[at], stems[stem]) for at, stem in enumerate(read.words.stems) if stem in stems
            ]
            self._places += [
                (read.forms_in[at], forms[form]) for at, form in enumerate(read.words.forms) if form in forms
            ]

    def of(self, stretch: ChunkRange) -> Found:
        """Return what of the question stands in a stretch."""
        found = NOTHING
        for chunk, marks in self._places:
            if stretch.first <= chunk < stretch.behind:
                found |= marks
        for words in stretch.cut:
            found |= self._matcher.found_in(words)
        return found


class SentenceReader:
    """Reads passages and remembers those read last, for any number of threads at once.

    Args:
        reader: gives the words of texts.
    """

    def __init__(self, reader: TextReader) -> None:
        self._reader = reader
        self.read = lru_cache(maxsize=1_000)(self._read)

    def _read(self, text: str, heading: str | None) -> ReadPassage:
        chunks = _Chunks(text, self._reader)
        stems = [(stem, place) for place, words in enumerate(chunks.words) for stem in words.stems]
        forms = [(form, place) for place, words in enumerate(chunks.words) for form in words.forms]
        return ReadPassage(
            Words(tuple(stem for stem, _ in stems), tuple(form for form, _ in forms)),
            array("I", (place for _, place in stems)),
            array("I", (place for _, place in forms)),
            tuple(_sentences(text, heading or "", chunks)),
            self._reader.of_line(heading or ""),
        )


class _Chunks:
    """What stands between white space in a text, with its words."""

    def __init__(self, text: str, reader: TextReader) -> None:
        spans = [match.span() for match in _CHUNK.finditer(text)]
        self._text = text
        self._starts, self._ends = [start for start, _ in spans], [end for _, end in spans]
        self._read = reader.of_chunk
        self.words = [self._read(text[start:end]) for start, end in spans]

    def stretch(self, start: int, end: int) -> ChunkRange:
        """Return the stretch from one offset to another."""
        first, behind = bisect_left(self._starts, start), bisect_right(self._ends, end)
        begin = self._ends[first - 1] if first and self._ends[first - 1] > start else start
        stop = self._starts[behind] if behind < len(self._starts) and self._starts[behind] < end else end
        pieces = [(start, end)] if begin > end else [(start, begin), (stop, end)]
        return ChunkRange(first, behind, tuple(self._read(self._text[a:b]) for a, b in pieces if a < b))


def _sentences(text: str, heading: str, chunks: _Chunks) -> Iterator[ReadSentence]:
    for start, end in line_sentence_spans(text):
        sentence = text[start:end]
        yield ReadSentence(
            start,
            end,
            chunks.stretch(start, end),
            chunks.stretch(max(0, start - _BEFORE), start),
            short=len(sentence.split()) < _FEW_WORDS,
            question=sentence.rstrip().endswith("?"),
            item=_ITEM.match(sentence) is not None,
            table=" | " in sentence,
            edge=_EDGE_LINE.match(sentence) is not None or _stands_in(heading, sentence),
        )


def _stands_in(heading: str, sentence: str) -> bool:
    return bool(heading) and " ".join(sentence.strip().rstrip(":").split()) in heading
