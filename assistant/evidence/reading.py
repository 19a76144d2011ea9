"""What a reader is told of a passage beside its words: who wrote it, when and about what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from assistant.evidence.passage_reading import ReadPassage
from ingest.language.dates.months import date_in_words
from vectorstore.letters import Passage, Voice
from vectorstore.models.reading import ReadingTask

_WRITERS: Final[Mapping[Voice, str]] = {
    Voice.COUNCIL: "de raad",
    Voice.EXECUTIVE: "het college",
    Voice.OTHER: "een ander",
    Voice.UNKNOWN: "",
}


def reading_context(speaker: Voice, date: dt.date | None, subject: str | None) -> str:
    """Return the line that a reader reads before the sentences of a passage."""
    head = ", ".join(part for part in (_WRITERS[speaker], date_in_words(date) if date else "") if part)
    return ": ".join(part for part in (head, subject or "") if part)


def reading_task(passage: Passage, read: ReadPassage) -> ReadingTask:
    """Return a passage as a reader reads it.

    Args:
        passage: of a letter.
        read: the same, cut into sentences.
    """
    letter, text = passage.letter, passage.text
    context = reading_context(passage.voice, letter.date, letter.subject)
    return ReadingTask(context, tuple(text[each.start : each.end].strip() for each in read.sentences))
