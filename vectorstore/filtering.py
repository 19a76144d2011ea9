"""Filters: which letters and passages they admit."""

from __future__ import annotations

import datetime as dt

from vectorstore.letters import Card, Filters, Letter, Passage, Voice


def voices_in(passage: Passage) -> frozenset[Voice]:
    """Return every voice that speaks somewhere in the passage."""
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
    """Return a date as the number 20200130, so that any index can compare periods."""
    return date.year * 10_000 + date.month * 100 + date.day


def admits(filters: Filters, letter: Letter | Card) -> bool:
    """Check whether the filters admit a letter, in whole or in part."""
    return (
        (filters.author is None or letter.author is filters.author)
        and (filters.voice is None or filters.voice in letter.voices)
        and (filters.kind is None or letter.kind is filters.kind)
        and (filters.since is None or (letter.period is not None and letter.period[1] >= filters.since))
        and (filters.until is None or (letter.period is not None and letter.period[0] <= filters.until))
        and (filters.letter is None or filters.letter in (letter.reference, letter.source))
    )
