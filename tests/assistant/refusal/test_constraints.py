"""The years and names that a letter must have to be answered from."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.evidence.coverage import TextReader, Weighed, weigh
from assistant.query.language import Wording
from assistant.query.understanding import Question, understand
from assistant.refusal.constraints import Demands, demands_of
from tests.tables import assert_table, items
from vectorstore.letters import DateBasis, Filters, Letter
from vectorstore.search import Query

HERE = Path(__file__).parent


def understood(assistant: Assistant, text: str) -> tuple[Question, Weighed, Demands]:
    question = understand(Wording(text), Filters())
    query = Query(question.standalone.text, 20, question.standalone.english)
    hits = assistant.archive.candidates(query)
    weighed = weigh(assistant.archive, question, query, hits)
    return question, weighed, demands_of(assistant.archive, question, weighed)


def letter(assistant: Assistant, source: str) -> Letter:
    return next(each for each in assistant.letters() if each.source == source)


def test_years_and_names_are_demanded_where_something_is_asked_of_them(assistant: Assistant) -> None:
    def is_demanded(text: str, aspect: str, demanded: str) -> bool:
        return {str(each) for each in getattr(understood(assistant, text)[2], aspect)} == set(items(demanded))

    assert_table(HERE / "demands.tsv", is_demanded)


def test_a_year_that_the_filters_hold_is_no_demand(assistant: Assistant) -> None:
    question, _, demands = understood(assistant, "Wat zei de raad in 2018 over fietsen?")
    assert question.filters.since == dt.date(2018, 1, 1)
    assert demands.years == frozenset()


@pytest.mark.parametrize(("year", "met"), [(2018, True), (2017, True), (2019, False), (2016, False), (2012, False)])
def test_a_letter_speaks_of_its_own_year_and_of_the_one_before(assistant: Assistant, year: int, met: bool) -> None:
    advice = letter(assistant, "advies-fietsen.txt")
    start = advice.text.index("Wij herkennen")
    assert Demands(frozenset({year})).dated(advice, start, start + 10, None) is met


def test_a_year_named_near_by_or_above_will_do(assistant: Assistant) -> None:
    undated = replace(letter(assistant, "brief-zwembad.md"), date=None, date_basis=DateBasis.UNKNOWN)
    start = undated.text.index("Kinderen")
    demands = Demands(frozenset({2012}))
    assert not demands.dated(undated, start, start + 10, None)
    assert demands.dated(undated, start, start + 10, "Plannen voor 2012")


@pytest.mark.parametrize(
    ("text", "source", "admitted"),
    [
        ("Wat zei Karel Blom over fietsen?", "reactie-fietsen.txt", True),
        ("Wat zei Karel Blom over fietsen?", "advies-fietsen.txt", False),
        ("Wat schreef Bram Post over het zwembad?", "brief-zwembad.md", True),
        ("Wat vindt de raad van fietsen in Noorderkoog?", "advies-fietsen.txt", False),
        ("Wat vindt de raad van fietsen?", "advies-fietsen.txt", True),
    ],
)
def test_a_letter_must_have_the_names_in_its_text_or_below_it(
    assistant: Assistant, text: str, source: str, admitted: bool
) -> None:
    _, weighed, demands = understood(assistant, text)
    reader = TextReader(assistant.archive.analyser)
    assert demands.admits(letter(assistant, source), weighed, reader) is admitted


def test_a_signatory_counts_where_the_text_does_not_have_the_name(assistant: Assistant) -> None:
    _, weighed, demands = understood(assistant, "Wat zei Karel Blom over fietsen?")
    signed = letter(assistant, "reactie-fietsen.txt")
    bare = replace(signed, text=signed.text.replace("Karel Blom", "Xxxxx Xxxx"))
    assert any("Blom" in signatory.name for signatory in bare.signatories)
    assert demands.admits(bare, weighed, TextReader(assistant.archive.analyser))
