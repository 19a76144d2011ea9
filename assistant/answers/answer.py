"""The result of a question: an `Answer`, every statement cited, or a `NoAnswer` that says what was searched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

from assistant.answers.written_answer import Writing
from vectorstore.letters import Citation, Filters, Letter, Passage

NEAREST: Final = 3
"""Passages shown when there is no answer."""


class Language(StrEnum):
    """The languages a question can be asked and answered in."""

    DUTCH = "nl"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer and what it rests on.

    Attributes:
        text: the sentence, without markers.
        citations: never empty.
    """

    text: str
    citations: tuple[Citation, ...]

    def __post_init__(self) -> None:
        if not self.text.strip() or not self.citations:
            raise ValueError("a statement needs words and at least one citation")


@dataclass(frozen=True, slots=True)
class Searched:
    """The letters that an answer, or the lack of one, rests on.

    Attributes:
        letters: how many letters the filters let through.
        since, until: dates of the oldest and newest of them that have one.
        unreadable: files that were offered to the archive and could not be read.
    """

    letters: int
    since: dt.date | None
    until: dt.date | None
    unreadable: int


@dataclass(frozen=True, kw_only=True)
class Response:
    """The part of the result that does not depend on whether the archive answers.

    Attributes:
        question: as asked.
        standalone_question: as searched for, understandable without the earlier turns.
        language: of question and answer.
        engine: what made it ("extractive", or a model's name).
        filters: what was let through, from the user and from the question.
        searched: what it rests on.
        retrieved: the passages found, best first.
        seconds: how long it took.
        writing: what came of asking a chat model to write it; None when none was asked.
    """

    question: str
    standalone_question: str
    language: Language
    engine: str
    filters: Filters
    searched: Searched
    retrieved: tuple[Passage, ...]
    seconds: float = 0.0
    writing: Writing | None = None

    def answer(self, statements: tuple[Statement, ...]) -> Answer:
        """Answer with these statements."""
        return Answer(**self._shared(), statements=statements)

    def refuse(self, text: str) -> NoAnswer:
        """Say, in these words, that the archive does not answer; the passages that were found come nearest."""
        return NoAnswer(**self._shared(), text=text, nearest=self.retrieved[:NEAREST])

    def _shared(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(Response)}


@dataclass(frozen=True, kw_only=True)
class Answer(Response):
    """Statements, each with the passages that carry it.

    Attributes:
        statements: in reading order, never empty.
    """

    statements: tuple[Statement, ...]

    def __post_init__(self) -> None:
        if not self.statements:
            raise ValueError("an answer without statements is a NoAnswer")

    @cached_property
    def citations(self) -> tuple[Citation, ...]:
        """Return all citations in order of first use; the first has number 1."""
        return _citations(self.statements)

    def numbers(self, statement: Statement) -> tuple[int, ...]:
        """Return the numbers of the citations of one statement."""
        return tuple(self.citations.index(citation) + 1 for citation in statement.citations)

    @property
    def text(self) -> str:
        """Return the statements with their markers, a paragraph each."""
        return "\n\n".join(
            f"{statement.text} {' '.join(f'[{number}]' for number in self.numbers(statement))}"
            for statement in self.statements
        )


@dataclass(frozen=True, kw_only=True)
class NoAnswer(Response):
    """The archive does not say.

    Attributes:
        text: says so in the question's language, with what was searched.
        nearest: the passages that came closest, best first.
    """

    text: str
    nearest: tuple[Passage, ...]


Result = Answer | NoAnswer


@dataclass(frozen=True)
class Progress:
    """An answer that a chat model is writing.

    Attributes:
        standalone_question: as searched for.
        language: of question and answer.
        statements: those that hold so far, in order.
        reading: the letters that the model cites in what it is writing now; empty before its first words.
        begun: whether the model has begun to write.
    """

    standalone_question: str
    language: Language
    statements: tuple[Statement, ...] = ()
    reading: tuple[Letter, ...] = ()
    begun: bool = False

    @cached_property
    def citations(self) -> tuple[Citation, ...]:
        """Return all citations so far, numbered as those of the answer will be."""
        return _citations(self.statements)


def _citations(statements: Sequence[Statement]) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys(citation for statement in statements for citation in statement.citations))


class Outside(StrEnum):
    """A reason why a question is not one for the archive."""

    ORDER = "order"
    OPINION = "opinion"
    PERSONAL = "personal"
    LAW = "law"
    NEWS = "news"
