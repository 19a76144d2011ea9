"""Asked what the executive said, its replies to the letters found come first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.assistant import Assistant
from assistant.evidence.reply_boost import Replies
from vectorstore.search import Hit, Query


@pytest.fixture
def replies(assistant: Assistant) -> Replies:
    return Replies(assistant.archive.store)


def hits_with_the_advice_first(assistant: Assistant) -> list[Hit]:
    """A passage of the advice, half a point behind it one on the swimming pool, and behind that one of the reply."""
    sources = ("advies-fietsen.txt", "brief-zwembad.md", "reactie-fietsen.txt")
    found = assistant.archive.candidates(Query("fietsen zwembad stadspas", 20))
    first = {source: next(hit for hit in found if hit.passage.letter.source == source) for source in sources}
    return [replace(first[source], score=2.0 - 0.5 * place) for place, source in enumerate(sources)]


def test_the_letter_that_answers_an_advice_is_known(assistant: Assistant, replies: Replies) -> None:
    identifiers = {letter.source: letter.id for letter in assistant.letters()}
    assert replies.to([identifiers["advies-fietsen.txt"]]) == {identifiers["reactie-fietsen.txt"]}
    assert replies.to([identifiers["brief-zwembad.md"]]) == frozenset()


def test_a_reply_to_a_letter_found_is_lifted_over_others(assistant: Assistant, replies: Replies) -> None:
    lifted = replies.preferred(hits_with_the_advice_first(assistant))
    assert [hit.passage.letter.source for hit in lifted] == [
        "advies-fietsen.txt",
        "reactie-fietsen.txt",
        "brief-zwembad.md",
    ]
    assert lifted[1].score > 1.5


def test_without_its_advice_a_reply_stays_where_it_is(assistant: Assistant, replies: Replies) -> None:
    hits = hits_with_the_advice_first(assistant)[1:]
    assert replies.preferred(hits) == hits


def test_the_reply_answers_what_the_executive_said_of_an_advice(assistant: Assistant) -> None:
    text = assistant.ask("Wat antwoordde het college op het advies over fietsen?").text
    assert "150 fietsen" in text
