from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from assistant.query.language import Wording
from assistant.query.understanding import Question, understand
from tests.tables import assert_table
from vectorstore.letters import Filters, Kind

HERE = Path(__file__).parent


ASPECTS: dict[str, Callable[[Question], str]] = {
    "language": lambda question: question.asked.language,
    "voice": lambda question: question.voice or "",
    "several": lambda question: "yes" if question.several else "no",
    "period": lambda question: f"{question.filters.since or ''}/{question.filters.until or ''}",
    "fact": lambda question: question.letter_fact or "",
    "references": lambda question: " | ".join(question.references),
}
"""What a question is known by, as the table writes it."""


def test_what_is_understood_of_a_question() -> None:
    assert_table(
        HERE / "questions.tsv",
        lambda aspect, expected, text: ASPECTS[aspect](understand(Wording(text), Filters())) == expected,
    )


def test_a_period_the_user_chose_outranks_that_of_the_question() -> None:
    chosen = Filters(since=dt.date(2015, 1, 1))
    assert understand(Wording("Wat zei de raad in 2019?"), chosen).filters == chosen


def test_the_kind_of_letter_that_is_asked_about() -> None:
    assert understand(Wording("Wat is het kenmerk van de reactie?"), Filters()).kinds == {Kind.REPLY}
    assert Kind.ADVICE in understand(Wording("Wie tekende het spoedadvies?"), Filters()).kinds
