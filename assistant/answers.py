"""What asking gives: an `Answer`, every statement cited, or a `NoAnswer` that says what was searched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from assistant.written import Writing
from vectorstore.letters import Citation, Filters, Letter, Passage
from vectorstore.search import Hit


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
    """What an answer, or the lack of one, rests on.

    Attributes:
        letters: how many letters the filters let through.
        since, until: dates of the oldest and newest of them that have one.
        unreadable: files that were offered to the archive and could not be read.
    """

    letters: int
    since: dt.date | None
    until: dt.date | None
    unreadable: int


@dataclass(frozen=True)
class Answer:
    """Statements, each with the passages that carry it.

    Attributes:
        question: as asked.
        standalone_question: as searched for, understandable without the earlier turns.
        language: of question and answer.
        engine: what made it ("extractive", or a model's name).
        statements: in reading order, never empty.
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
    statements: tuple[Statement, ...]
    filters: Filters
    searched: Searched
    retrieved: tuple[Passage, ...]
    seconds: float
    writing: Writing | None = None

    def __post_init__(self) -> None:
        if not self.statements:
            raise ValueError("an answer without statements is a NoAnswer")

    @cached_property
    def citations(self) -> tuple[Citation, ...]:
        """All citations in order of first use; the first has number 1."""
        return _citations(self.statements)

    def numbers(self, statement: Statement) -> tuple[int, ...]:
        """The numbers of the citations of one statement."""
        return tuple(self.citations.index(citation) + 1 for citation in statement.citations)

    @property
    def text(self) -> str:
        """The statements with their markers, a paragraph each."""
        return "\n\n".join(
            f"{statement.text} {' '.join(f'[{number}]' for number in self.numbers(statement))}"
            for statement in self.statements
        )


@dataclass(frozen=True)
class NoAnswer:
    """The archive does not say.

    Attributes:
        text: says so in the question's language, with what was searched.
        nearest: the passages that came closest, best first.

    The other attributes are those of `Answer`.
    """

    question: str
    standalone_question: str
    language: Language
    engine: str
    text: str
    nearest: tuple[Passage, ...]
    filters: Filters
    searched: Searched
    retrieved: tuple[Passage, ...]
    seconds: float
    writing: Writing | None = None


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
        """All citations so far, numbered as those of the answer will be."""
        return _citations(self.statements)


def _citations(statements: Sequence[Statement]) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys(citation for statement in statements for citation in statement.citations))


def _letter_json(letter: Letter) -> dict[str, Any]:
    """What a citation and a hit both say of their letter."""
    return {
        "letter": letter.id,
        "source": letter.source,
        "reference": letter.reference,
        "kind": letter.kind.value,
        "subject": letter.subject,
        "date": letter.date.isoformat() if letter.date else None,
        "date_basis": letter.date_basis.value,
        "date_precision": letter.date_precision.value,
        "author": letter.author.value,
    }


def _citation_json(number: int, citation: Citation) -> dict[str, Any]:
    letter, passage = citation.letter, citation.passage
    return {
        "n": number,
        **_letter_json(letter),
        "voice": citation.voice.value,
        "quoted_from": citation.quoted_from,
        "page": citation.page,
        "confidence": citation.confidence,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "passage": passage.text,
    }


def _writing_json(writing: Writing) -> dict[str, Any]:
    """What a chat model made of the answer, also when none of it is in it."""
    usage = writing.usage
    return {
        "model": writing.model,
        "passages": writing.offered,
        "dropped": [{"text": one.text, "fault": one.fault.value} for one in writing.dropped],
        "tokens": {"read": usage.read, "written": usage.written, "estimated": usage.estimated},
        "first_token_seconds": None if writing.first is None else round(writing.first, 4),
        "seconds": round(writing.seconds, 4),
        "stopped": writing.stopped,
        "problem": writing.problem,
    }


def hit_json(number: int, hit: Hit) -> dict[str, Any]:
    """A passage that was found, as `search --json` prints it."""
    passage, letter = hit.passage, hit.passage.letter
    return {
        "n": number,
        "score": round(hit.score, 4),
        **_letter_json(letter),
        "voice": passage.voice.value,
        "page": passage.page,
        "heading": passage.heading,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
    }


def filters_json(filters: Filters) -> dict[str, str | None]:
    """Filters as the commands name them."""
    return {
        "author": filters.author,
        "voice": filters.voice,
        "from": filters.since.isoformat() if filters.since else None,
        "to": filters.until.isoformat() if filters.until else None,
        "kind": filters.kind,
        "letter": filters.letter,
    }


def result_json(result: Result) -> dict[str, Any]:
    """A result as `ask --json` prints it."""
    searched = result.searched
    answered = isinstance(result, Answer)
    statements = result.statements if isinstance(result, Answer) else ()
    citations = result.citations if isinstance(result, Answer) else ()
    nearest = () if isinstance(result, Answer) else result.nearest
    return {
        "question": result.question,
        "language": result.language.value,
        "standalone_question": result.standalone_question,
        "engine": result.engine,
        "answered": answered,
        "text": result.text,
        "statements": [
            {"text": s.text, "citations": [citations.index(c) + 1 for c in s.citations]} for s in statements
        ],
        "citations": [_citation_json(number, citation) for number, citation in enumerate(citations, 1)],
        "filters": filters_json(result.filters),
        "searched": {
            "letters": searched.letters,
            "from": searched.since.isoformat() if searched.since else None,
            "to": searched.until.isoformat() if searched.until else None,
            "unreadable": searched.unreadable,
        },
        "nearest": [
            {"letter": p.letter.id, "source": p.letter.source, "reference": p.letter.reference, "passage": p.text}
            for p in nearest
        ],
        "seconds": round(result.seconds, 4),
        "writing": _writing_json(result.writing) if result.writing else None,
    }
