"""Where the sentences of a Dutch letter begin and end, and which of them lean on the one before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import sentencex

_ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"'‘])(?:[A-Z]|[a-tv-z]|(?:[a-z]\.)+[a-z]|[A-Z]\.(?:[A-Z]\.?)*|mw|mevr|dhr|dr|drs|mr|ing|ir|prof|jan|febr?|mrt|apr|aug|"
    r"sept?|okt|nov|dec|nr|nrs|art|lid|blz|pag|p|bijv|bv|enz|etc|evt|resp|incl|excl|max|min|ca|circa|vgl|st|jl|dd|tel|"
    r"t\.n\.v|a\.i|zgn|zog|afd|gem|par|hfst|I\.a\.a|ged)\.\s*$"
)
_ENDS_ANYWAY = re.compile(
    r"\b(?:(?:enz|etc|jl|u|dat|vol|B (?:&|en) W)\.(?=\s+[A-Z“‘])|[a-zà-ÿ]{3,}\.(?= (?:U|Wij|We|Ik|Dit|Dat|Jullie|Daar|Daarom|Toch) [a-z]))"
)
"""What looks like an abbreviation and, with a capital after it, ends a sentence all the same."""

_EXECUTIVE = re.compile(r"\bB (?:&|en) W\.\s*$")
_CONTINUES = re.compile(r"[a-zà-ÿ(0-9]")
_LINE = re.compile(r"[^\n]+")
_ITEM_MARKER = re.compile(r"(?:^|\n)\s*(?:\d{1,2}|[a-z])[.)]\s*$")

_MOST_AT_ONCE: Final = 10_000
"""Characters that are searched for sentences at once; more than any paragraph of a letter has."""

_TAIL: Final = 80
"""Characters on either side of a full stop that may tell whether a sentence ends there."""

_POINTING = "dat|die|dit|deze|daar\\w*|hier\\w*|zo|ook|zij|hij|ze|voor hen|van hen|beide|dan|een ander\\w*"
_GOING_ON = "maar|en|want|toch|nee|ja"
_CONNECTING = "bovendien|daarnaast|verder|tevens|eveneens|echter|dus|immers|namelijk|vervolgens|tegelijk"
_ENGLISH = (
    "that|this|these|those|they|he|she|it|therefore|so|also|but|and|however|moreover|furthermore|in addition|both|such|"
    "instead|thus|as a result"
)
_LEANING: Final = re.compile(rf"(?:{_POINTING}|{_GOING_ON})\b", re.I)
_LEANING_OR_CONNECTED: Final = re.compile(rf"(?:{_POINTING}|{_GOING_ON}|{_CONNECTING}|{_ENGLISH})\b", re.I)
_REFERRING: Final = re.compile(
    r"(?:\S+\s+){0,3}?(?:dat(?! (?:het|de|een|u|wij|er|dit|deze)\b)|dit|die|deze|daar\w*|hier\w*|ervan|ervoor|zij|hij|hen|hun)\b",
    re.I,
)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return start and end of each sentence, white space around it left out; together they hold every word of the text."""
    spans: list[tuple[int, int]] = []
    begin = 0
    for end in sorted({*_boundaries(text), *(match.end() for match in _ENDS_ANYWAY.finditer(text))}):
        if end < len(text) and _goes_on(text, begin, end):
            continue
        _append(spans, text, begin, end)
        begin = end
    _append(spans, text, begin, len(text))
    return spans


def line_sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence of a text; none runs over the end of a line."""
    for line in _LINE.finditer(text):
        for start, end in sentence_spans(line[0]):
            yield line.start() + start, line.start() + end


def _boundaries(text: str) -> Iterator[int]:
    """Yield where sentences end, by the rules of sentencex, which takes ever longer over quotations that never close."""
    begin = 0
    while begin < len(text):
        end = len(text) if len(text) - begin <= _MOST_AT_ONCE else _pause(text, begin, begin + _MOST_AT_ONCE)
        for boundary in sentencex.get_sentence_boundaries("nl", text[begin:end]):
            yield begin + int(boundary["end_index"])
        begin = end


def _pause(text: str, begin: int, end: int) -> int:
    """Return where a text can best be cut: after a paragraph, else after a line or a word, else anywhere."""
    cuts = (text.rfind(pause, begin, end) + len(pause) for pause in ("\n\n", "\n", " "))
    return next((cut for cut in cuts if cut > begin + 1), end)


def _goes_on(text: str, begin: int, end: int) -> bool:
    """Check whether the full stop at the end of what begins there ends an abbreviation or a list marker instead of it."""
    whole = end - begin <= _TAIL
    before, after = text[begin:end] if whole else f"x{text[end - _TAIL : end]}", text[end : end + _TAIL]
    if "\n\n" in before[-3:] or (_EXECUTIVE.search(before) and after.lstrip()[:1].isupper()):
        return False
    if _ITEM_MARKER.search(before):
        return True
    return bool(_ABBREVIATION.search(before)) and (
        bool(_CONTINUES.match(after)) or not re.search(r"(?:enz|etc|jl|e\.a|a\.i|c\.s)\.\s*$", before)
    )


def _append(spans: list[tuple[int, int]], text: str, begin: int, end: int) -> None:
    stretch = text[begin:end]
    start = begin + len(stretch) - len(stretch.lstrip())
    stop = begin + len(stretch.rstrip())
    if start < stop:
        spans.append((start, stop))


def leans_on_previous(sentence: str) -> bool:
    """Check whether a sentence of a letter says little without the one before it."""
    return _LEANING.match(sentence) is not None


def is_connected(sentence: str) -> bool:
    """Check whether a sentence, Dutch or English, leans on the one before it or is tied to it by an adverb ("bovendien")."""
    return _LEANING_OR_CONNECTED.match(sentence.lstrip(" “„\"'‘")) is not None


def points_back(sentence: str) -> bool:
    """Check whether one of the first words of a sentence stands for something that the one before it names."""
    return _REFERRING.match(sentence) is not None


def uncapitalise(sentence: str) -> str:
    """Return a sentence written in capitals in small letters, so that its words are not taken for names."""
    return sentence.lower() if sentence.isupper() else sentence
