"""Tables that set what one party says beside what the other answers, as replies to an advice do: point by point."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vectorstore.letters import Utterance, Voice

_CELL = re.compile(r"(?:(?! \| )[^\n])+")
_LONGEST_HEAD = 6
"""Words in the head of a column at most."""

_ANSWER = re.compile(r"\b(?:reacties?|antwoord(?:en)?|beantwoording|standpunt|besluit)\b", re.I)
_EXECUTIVE = re.compile(r"\b(?:college|gemeente|b ?(?:&|en) ?w|bestuur|wethouder)\b", re.I)
_ADVICE = re.compile(
    r"\b(?:advie(?:s|zen)|adviespunt(?:en)?|aanbeveling(?:en)?|vra(?:ag|gen)|opmerking(?:en)?|zienswijzen?|inbreng)\b",
    re.I,
)
_COUNCIL = re.compile(r"\b(?:\w*raad|platform|panel|commissie)\b", re.I)
_OF_THE_TOWN = re.compile(r"\b(?:gemeenteraad|college)\b", re.I)


def told_in_tables(text: str, voice: Voice, body: tuple[int, int]) -> Iterator[Utterance]:
    """Yield the cells of such tables in which another than the default voice speaks.

    Args:
        text: the letter; a row of a table is a line, its cells apart by " | ".
        voice: who speaks in it by default.
        body: offsets between salutation and farewell.
    """
    heads: list[Voice | None] = []
    for line in re.compile(r"[^\n]+").finditer(text, *body):
        cells = [(line.start() + cell.start(), line.start() + cell.end()) for cell in _CELL.finditer(line[0])]
        cells = [_trimmed(text, *cell) for cell in cells]
        parties = [_party(text[start:end]) for start, end in cells]
        if len(cells) > 1 and {Voice.COUNCIL, Voice.EXECUTIVE} <= set(parties):
            heads = parties
        elif len(cells) != len(heads):
            heads = []
        else:
            yield from _row(cells, heads, voice)


def _row(cells: Sequence[tuple[int, int]], heads: Sequence[Voice | None], voice: Voice) -> Iterator[Utterance]:
    for (start, end), party in zip(cells, heads, strict=True):
        if party is not None and party is not voice and start < end:
            yield Utterance(start, end, party)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end].strip(" |")
    first = text.index(words, start) if words else start
    return first, first + len(words)


def _party(head: str) -> Voice | None:
    """Return whose column has this head; None when it is nobody's, or no head."""
    if len(head.split()) > _LONGEST_HEAD or head.endswith((".", "?", "!")):
        return None
    if _ANSWER.search(head) or (_EXECUTIVE.search(head) and not _ADVICE.search(head)):
        return Voice.EXECUTIVE
    if _ADVICE.search(head) or (_COUNCIL.search(head) and not _OF_THE_TOWN.search(head)):
        return Voice.COUNCIL
    return None
