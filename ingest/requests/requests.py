"""The requests that the author of a letter makes to the addressee: requests, advice to do something, questions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.language.sentences import sentence_spans
from ingest.requests.request_patterns import asks, introduces
from vectorstore.letters import Request, Utterance, Voice

_LISTED = re.compile(
    r"\b(?:vragen|aanbevelingen|adviezen|verzoeken|voorstellen|suggesties|advies|verzoek|vraag|aandachtspunten|wensen|tips)\b",
    re.I,
)
_TITLE_OF_LIST = re.compile(
    r"^(?:\d+[.)] )?(?:(?:onze|concrete|de|mijn) )?(?:\w+ (?:en )?)?(?:aanbevelingen|adviezen|vragen|verzoeken|voorstellen|wensen|"
    r"suggesties|tips)(?: aan .{3,40}| van .{3,40})?:?$",
    re.I,
)
_TITLE_OF_ADVICE = re.compile(
    r"^(?:\d+[.)] )?(?:ons |onze |het |samenvatting |samengevat: ?)?(?:advies(?: \d{1,2})?|adviezen|aanbeveling(?:en)?(?: \d{1,2})?|"
    r"verzoek(?:en)?)(?: (?:aan|van) .{3,40})?(?: ?[:.–-] .{3,60})?:?$",
    re.I,
)
_OF_OTHERS = re.compile(
    r"\b(?:college|gemeente|u|wethouder|rekenkamer|ombudsman)\b[^:]*\b(?:noemt|geeft|stelt|doet)\b", re.I
)
_MARK = re.compile(r"\s*(?:[-–—•*▪◦o·]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s+")
_NUMBER = re.compile(r"\(?(?:(\d{1,2})|([a-z]))[.)]\s")
_LONGEST_ITEM = 40
"""Largest number of words of an item without a mark."""

_LONGEST_TITLE = 8
"""Largest number of words of a title that the reader did not mark as one."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the body: a paragraph, an item of a list or a heading."""

    start: int
    end: int
    text: str
    heading: bool

    @property
    def mark(self) -> int:
        """Return the number of characters of an item's mark before its words; 0 if it is not an item."""
        match = _MARK.match(self.text)
        return match.end() if match else 0

    @property
    def number(self) -> int | None:
        """Return the number of an item, from 1; None for a dash, or if it is not an item."""
        match = _NUMBER.match(self.text)
        if match is None:
            return None
        return int(match[1]) if match[1] else ord(match[2]) - ord("a") + 1

    @property
    def titular(self) -> bool:
        """Check whether it is a heading, or looks like one."""
        short = len(self.text.split()) <= _LONGEST_TITLE and self.text[-1] not in ".?!;,:" and self.text[0].isupper()
        return self.heading or (short and not self.mark)

    def follows(self, other: _Line) -> bool:
        """Check whether it follows another line without a blank line between them."""
        return self.start - other.end == 1

    def continues(self, other: _Line) -> bool:
        """Check whether it is an item without a mark, after another."""
        one = len(sentence_spans(self.text)) == 1 and len(self.text.split()) <= _LONGEST_ITEM
        return self.follows(other) and one and not self.titular


@dataclass(slots=True)
class _List:
    """A list of questions or advice that is being read.

    Attributes:
        marked: its items have marks.
        awaited: number of its next item, if they have numbers.
        open: only items so far; a numbered list continues even after other lines.
    """

    marked: bool
    awaited: int | None
    open: bool = True

    def takes(self, line: _Line, previous: _Line) -> bool:
        """Check whether a line is its next item."""
        if not self.marked:
            return not line.mark and line.continues(previous)
        if self.awaited is not None and line.number == self.awaited:
            self.awaited += 1
            self.open = True
        elif not line.mark or not self.open:
            return False
        return True


def requests_in(
    text: str,
    voice: Voice,
    body: tuple[int, int],
    utterances: Sequence[Utterance],
    headings: Sequence[tuple[int, int]] = (),
) -> tuple[Request, ...]:
    """Return the requests of a letter's author, in order: sentences, and items of lists of questions or advice.

    Args:
        text: the letter.
        voice: of its author; only theirs are requests.
        body: offsets between salutation and farewell.
        utterances: where another speaks, or its author in an earlier letter.
        headings: offsets of its headings.
    """
    if voice is Voice.UNKNOWN:
        return ()
    found = _requests(list(_lines(text, body, headings)), voice)
    return tuple(request for request in found if not _is_said_by_another(request, utterances))


def _requests(lines: Sequence[_Line], voice: Voice) -> Iterator[Request]:
    listing: _List | None = None
    advising = False
    for previous, line, following in zip([None, *lines], lines, [*lines[1:], None], strict=False):
        if listing and previous and listing.takes(line, previous):
            yield Request(line.start + line.mark, line.end)
            continue
        if listing and (listing.awaited is None or line.titular):
            listing = None
        if listing:
            listing.open = False
        opens = following is not None and _opens_list(line, following, voice)
        if opens and following:
            listing = _List(bool(following.mark), following.number)
        if line.titular:
            advising = bool(_TITLE_OF_ADVICE.match(line.text))
        yield from _in_line(line, voice, opens, advising)


def _lines(text: str, body: tuple[int, int], headings: Sequence[tuple[int, int]]) -> Iterator[_Line]:
    """Yield the lines of the body, except those that hold nothing but a mark."""
    for match in re.compile(r"[^\n]*\S").finditer(text, *body):
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        heading = any(first <= start and match.end() <= last for first, last in headings)
        line = _Line(start, match.end(), text[start : match.end()], heading)
        if re.search(r"\w", line.text):
            yield line


def _opens_list(line: _Line, following: _Line, voice: Voice) -> bool:
    """Check whether the lines that follow are questions or advice, one per item."""
    if not (following.mark or following.continues(line)):
        return False
    if _TITLE_OF_LIST.match(line.text):
        return bool(following.mark)
    last = line.text[sentence_spans(line.text)[-1][0] :]
    if not last.endswith(":") or line.heading or _OF_OTHERS.search(last):
        return False
    return introduces(last, voice) or bool(
        _LISTED.search(last) and re.search(r"\b(?:wij|we|ons|onze|volgende)\b", last, re.I)
    )


def _in_line(line: _Line, voice: Voice, opens: bool, advising: bool) -> Iterator[Request]:
    """Yield the sentences of a line that ask something; a request that introduces a list is in its items."""
    if line.heading or _TITLE_OF_LIST.match(line.text):
        return
    spans = sentence_spans(line.text)
    for start, end in spans[:-1] if opens else spans:
        sentence = line.text[start:end]
        sentence = sentence[line.mark :] if start == 0 else sentence
        if asks(sentence, voice, advising=advising and not line.titular):
            yield Request(line.start + end - len(sentence), line.start + end)


def _is_said_by_another(request: Request, utterances: Sequence[Utterance]) -> bool:
    """Check whether most of a request is said by somebody else."""
    shared = sum(max(0, min(request.end, u.end) - max(request.start, u.start)) for u in utterances)
    return shared * 2 > request.end - request.start
