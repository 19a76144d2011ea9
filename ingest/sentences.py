"""Where the sentences of a Dutch letter begin and end."""

from __future__ import annotations

import re

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
_ITEM_MARKER = re.compile(r"(?:^|\n)\s*(?:\d{1,2}|[a-z])[.)]\s*$")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence, white space around it left out; together they hold every word of the text."""
    spans: list[tuple[int, int]] = []
    begin = 0
    ends = {boundary["end_index"] for boundary in sentencex.get_sentence_boundaries("nl", text)}
    for end in sorted(ends.union(match.end() for match in _ENDS_ANYWAY.finditer(text))):
        if end < len(text) and _goes_on(text[begin:end], text[end:]):
            continue
        _append(spans, text, begin, end)
        begin = end
    _append(spans, text, begin, len(text))
    return spans


def _goes_on(before: str, after: str) -> bool:
    """Whether the full stop at the end of `before` ends an abbreviation or a list marker instead of a sentence."""
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
