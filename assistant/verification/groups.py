"""Whether the groups of people and the bodies that a sentence speaks of are those of the sentences that carry it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.verification.candidates import Line, Reading, carried
from assistant.verification.names import surroundings_of
from assistant.verification.support import Content
from ingest.language.negation import clauses_in
from vectorstore.analysis.dutch import fold

_LIST = Path(__file__).with_name("groups.txt")
_SPEAKS_OF_BEFORE = re.compile(
    r"\b(?:hun|hen|zij|ze|die|deze|dit|dat|er(?:van|voor|mee|bij|aan)?|daar\w*|hij|haar|zijn|ieder|beiden?|anderen)\b"
)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of people or a body.

    Attributes:
        said: finds its words in a folded statement.
        held: finds in a folded letter the words that may carry it.
    """

    said: re.Pattern[str]
    held: re.Pattern[str]


@lru_cache(maxsize=1)
def _groups() -> tuple[Group, ...]:
    rows = [row for row in _LIST.read_text("utf-8").splitlines() if row and not row.startswith("#")]
    return tuple(_group(row) for row in rows)


def _group(row: str) -> Group:
    said, _, held = (part.strip() for part in row.partition(">"))
    return Group(_words(said), _words(f"{said}, {held}" if held else said))


def _words(listed: str) -> re.Pattern[str]:
    words = (re.escape(word.strip()).replace(r"\*", r"[a-z'-]*").replace(r"\ ", r"\s+") for word in listed.split(","))
    return re.compile(rf"(?<![a-z])(?:{'|'.join(words)})(?![a-z])")


def other_group(text: str, readings: Sequence[Reading], content: Content, *, english: bool) -> bool:
    """Check whether a sentence speaks of a group that the sentences of the letters which carry the rest of it do not.

    Args:
        text: a sentence, without what it quotes.
        readings: of the passages it cites.
        content: takes out what is said.
        english: the text is in English.
    """
    for start, end in clauses_in(text):
        clause = fold(text[start:end])
        for group in _groups():
            if group.said.search(clause):
                rest = group.said.sub(" ", clause)
                everything = group.said.sub(" ", fold(text))
                held = "\n".join(
                    _around(each, readings, content, english=english) for each in {rest, everything}
                ).strip()
                if held and not group.held.search(held):
                    return True
    return False


def _around(rest: str, readings: Sequence[Reading], content: Content, *, english: bool) -> str:
    """Return the folded words of the sentences that carry the rest of a clause; none when no sentence does."""
    said = content.said(rest, english=english)
    if not said.concepts:
        return ""
    chosen = carried(said, readings).lines
    texts = [
        text
        for reading, lines in zip(readings, chosen, strict=True)
        if lines
        for text in (*_with_those_before(reading, lines), surroundings_of(reading.passage))
    ]
    return "\n".join(map(fold, texts))


def _with_those_before(reading: Reading, lines: Sequence[Line]) -> Iterator[str]:
    """Return the sentences, and those before them that they lean on or speak of without naming whom."""
    for line in lines:
        place = reading.lines.index(line)
        before = reading.lines[place - 1] if place else None
        if before and (before.heading or line.leant or _SPEAKS_OF_BEFORE.search(fold(line.text))):
            yield before.text
        yield line.text
