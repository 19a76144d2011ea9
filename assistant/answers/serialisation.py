"""Answers, hits and filters as JSON, as the contract with other programs has it."""

from __future__ import annotations

from typing import Any

from assistant.answers.answer import Answer, Result
from assistant.answers.written_answer import Writing
from vectorstore.letters import Citation, Filters, Letter
from vectorstore.search import Hit


def letter_json(letter: Letter) -> dict[str, Any]:
    """Return what a citation and a hit both say of their letter."""
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


def citation_json(number: int, citation: Citation) -> dict[str, Any]:
    """Return a numbered citation as plain values."""
    letter, passage = citation.letter, citation.passage
    return {
        "n": number,
        **letter_json(letter),
        "voice": citation.voice.value,
        "quoted_from": citation.quoted_from,
        "page": citation.page,
        "confidence": citation.confidence,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "passage": passage.text,
    }


def writing_json(writing: Writing) -> dict[str, Any]:
    """Return what a chat model made of the answer, also when none of it is in it."""
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
    """Return a passage that was found, as `search --json` prints it."""
    passage, letter = hit.passage, hit.passage.letter
    return {
        "n": number,
        "score": round(hit.score, 4),
        **letter_json(letter),
        "voice": passage.voice.value,
        "page": passage.page,
        "heading": passage.heading,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
    }


def filters_json(filters: Filters) -> dict[str, str | None]:
    """Return filters as the commands name them."""
    return {
        "author": filters.author,
        "voice": filters.voice,
        "from": filters.since.isoformat() if filters.since else None,
        "to": filters.until.isoformat() if filters.until else None,
        "kind": filters.kind,
        "letter": filters.letter,
    }


def result_json(result: Result) -> dict[str, Any]:
    """Return a result as `ask --json` prints it."""
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
        "citations": [citation_json(number, citation) for number, citation in enumerate(citations, 1)],
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
        "writing": writing_json(result.writing) if result.writing else None,
    }
