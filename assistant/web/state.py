"""The state of the page: the turns of a conversation and an overview of the archive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answers.answer import Answer, NoAnswer, Progress, Result, Searched
from vectorstore.errors import ArchiveError, ArchiveMismatch, ArchiveUnavailable, ModelUnavailable, WrongUse
from vectorstore.letters import Card, Citation, Filters, Kind, Voice

if TYPE_CHECKING:
    from vectorstore.store.records import FileRecord

_FAILURES: Mapping[type[ArchiveError], str] = {
    ArchiveUnavailable: "archive_unavailable",
    ArchiveMismatch: "archive_mismatch",
    ModelUnavailable: "model_unavailable",
    WrongUse: "wrong_use",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that went wrong, for a member to read.

    Attributes:
        key: of the words that say it, a phrase of prompts/texts/chat.yaml.
        details: what whoever looks after the archive needs to know; empty when there is nothing more to say.
    """

    key: str
    details: str = ""

    @classmethod
    def of(cls, error: Exception) -> Failure:
        """Tell a failure by its error; an error that is not ours says nothing of itself."""
        if isinstance(error, ArchiveError):
            return cls(f"failure_{_FAILURES.get(type(error), 'archive')}", str(error))
        return cls("failure_program")


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what came of it.

    Attributes:
        number: from 1, in order of asking.
        question: as typed.
        outcome: how far the answer is while a chat model writes it; None while it is looked for.
        asked: when, in seconds of the monotonic clock.
    """

    number: int
    question: str
    outcome: Result | Progress | Failure | None = None
    asked: float = 0.0

    @property
    def answered(self) -> bool:
        """Return True when nothing more will come of it."""
        return not (self.outcome is None or isinstance(self.outcome, Progress))

    @property
    def sources(self) -> tuple[Citation, ...]:
        """Return the passages beside it: the citations of an answer, or the nearest passages, cited whole."""
        if isinstance(self.outcome, Answer | Progress):
            return self.outcome.citations
        if isinstance(self.outcome, NoAnswer):
            return tuple(Citation(passage, passage.start, passage.end) for passage in self.outcome.nearest)
        return ()

    @property
    def understood(self) -> str:
        """Return the question as it was searched for; empty when that is the question as typed."""
        if isinstance(self.outcome, Failure | None):
            return ""
        searched_for = self.outcome.standalone_question
        return "" if searched_for == " ".join(self.question.split()) else searched_for


Turns = tuple[Turn, ...]
"""A conversation, oldest first."""


@dataclass(frozen=True, slots=True)
class Overview:
    """The archive as a whole.

    Attributes:
        searched: what it holds.
        examples: questions it can answer.
        letters: the cards of all of them, by date.
        unreadable: files that could not be read, and why.
    """

    searched: Searched
    examples: tuple[str, ...]
    letters: tuple[Card, ...]
    unreadable: tuple[FileRecord, ...]

    @property
    def empty(self) -> bool:
        """Return True when there is nothing to search."""
        return not self.letters


Choices = Mapping[str, str]
"""Choices in the panel "Zoek in…" by the name of the field; empty or absent means any."""


def filters_of(choices: Choices) -> Filters:
    """Read the filters from the choices.

    Raises:
        ValueError: a choice means nothing, or the period ends before it begins.
    """
    chosen = {name: value for name, value in choices.items() if value}
    return Filters(
        author=Voice(chosen["author"]) if "author" in chosen else None,
        voice=Voice(chosen["voice"]) if "voice" in chosen else None,
        kind=Kind(chosen["kind"]) if "kind" in chosen else None,
        since=dt.date(int(chosen["since"]), 1, 1) if "since" in chosen else None,
        until=dt.date(int(chosen["until"]), 12, 31) if "until" in chosen else None,
        letter=chosen.get("letter"),
    )
