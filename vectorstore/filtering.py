"""Which letters and passages the filters let through, said once in Python and once in Chroma's query language."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from vectorstore.letters import Filters, Letter, Passage, Voice


def voices_in(passage: Passage) -> frozenset[Voice]:
    """Every voice that speaks somewhere in the passage."""
    spoken = {passage.voice}
    uncovered = passage.end - passage.start
    for utterance in passage.letter.utterances:
        overlap = min(passage.end, utterance.end) - max(passage.start, utterance.start)
        if overlap > 0:
            spoken.add(utterance.voice)
            uncovered -= overlap
    if uncovered > 40:
        spoken.add(passage.letter.voice)
    return frozenset(spoken)


def day_number(date: dt.date) -> int:
    """A date as the number 20200130, so that periods can be compared by any index."""
    return date.year * 10_000 + date.month * 100 + date.day


def where_clause(filters: Filters) -> dict[str, Any] | None:
    """The filters in Chroma's query language."""
    clauses: list[dict[str, Any]] = []
    if filters.author is not None:
        clauses.append({"author": filters.author.value})
    if filters.voice is not None:
        clauses.append({f"voice_{filters.voice.value}": True})
    if filters.kind is not None:
        clauses.append({"kind": filters.kind.value})
    if filters.since is not None:
        clauses.append({"last_day": {"$gte": day_number(filters.since)}})
    if filters.until is not None:
        clauses.append({"first_day": {"$lte": day_number(filters.until)}})
    if filters.letter is not None:
        clauses.append({"$or": [{"reference": filters.letter}, {"source": filters.letter}]})
    return {"$and": clauses} if len(clauses) > 1 else (clauses[0] if clauses else None)


def admits(filters: Filters, letter: Letter) -> bool:
    """Whether the filters let a letter through, in whole or in part."""
    voices = {letter.voice, *(utterance.voice for utterance in letter.utterances)}
    return (
        (filters.author is None or letter.author is filters.author)
        and (filters.voice is None or filters.voice in voices)
        and (filters.kind is None or letter.kind is filters.kind)
        and (filters.since is None or (letter.period is not None and letter.period[1] >= filters.since))
        and (filters.until is None or (letter.period is not None and letter.period[0] <= filters.until))
        and (filters.letter is None or filters.letter in (letter.reference, letter.source))
    )


def admits_passage(filters: Filters, passage: Passage) -> bool:
    """Whether the filters let a passage through."""
    spoken = filters.voice is None or filters.voice in voices_in(passage)
    return spoken and admits(replace(filters, voice=None), passage.letter)
