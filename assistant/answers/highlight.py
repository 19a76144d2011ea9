"""A letter's text as HTML: escaped, in paragraphs, with the words that are cited marked.

Every character of the text is in the result, in order, and nothing else is: without its tags and
unescaped, the result is the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

Span = tuple[int, int]
"""Start and end of a stretch of text, in code points."""

_BLANK_LINES = re.compile(r"\n{2,}")
_MARK = Markup("<mark>{}</mark>")
_OPENING, _CLOSING = '[“"]?', '[”"]?'


def paragraphs(text: str, marks: Iterable[Span] = ()) -> Markup:
    """Put a text in paragraphs, which blank lines part.

    Args:
        text: any text.
        marks: stretches to mark; what lies outside the text is left out.
    """
    spans, position = _merge(marks, len(text)), 0
    pieces: list[Markup] = []
    for gap in [*_BLANK_LINES.finditer(text), None]:
        end = gap.start() if gap else len(text)
        if position < end:
            pieces.append(Markup("<p>{}</p>").format(_mark(text, position, end, spans, _MARK)))
        if gap:
            pieces.append(escape(gap.group()))
            position = gap.end()
    return Markup().join(pieces)


def tag(text: str, spans: Iterable[Span], element: Markup) -> Markup:
    """Put stretches of a text of one line in an element.

    Args:
        text: any text.
        spans: the stretches; they may overlap.
        element: with {} where the words come.
    """
    return _mark(text, 0, len(text), _merge(spans, len(text)), element)


def find_quotations(text: str, quotes: Iterable[str]) -> list[Span]:
    """Find the quotes in a text, with the quotation marks around them.

    Spaces and line ends are taken as equal; a quote that is not there is left out.
    """
    found: list[Span] = []
    for quote in quotes:
        words = r"\s+".join(map(re.escape, quote.split()))
        found.extend(match.span() for match in re.finditer(_OPENING + words + _CLOSING, text) if words)
    return found


def _merge(spans: Iterable[Span], length: int) -> list[Span]:
    """Sort the spans, cut them to the text, and make one of those that overlap."""
    result: list[Span] = []
    for start, end in sorted((max(0, start), min(end, length)) for start, end in spans):
        if start >= end:
            continue
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def _mark(text: str, start: int, end: int, spans: Iterable[Span], element: Markup) -> Markup:
    result, position = Markup(), start
    for span_start, span_end in spans:
        first, last = max(span_start, start), min(span_end, end)
        if first < last:
            result += escape(text[position:first]) + element.format(text[first:last])
            position = last
    return result + escape(text[position:end])
