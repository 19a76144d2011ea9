"""What sort of thing a question asks for, and whether a sentence has one."""

from __future__ import annotations

import pytest

from assistant.wanted import Wanted, shows, wanted


@pytest.mark.parametrize(
    ("question", "sorts"),
    [
        ("Hoeveel geld kost het Meedoenfonds?", {Wanted.MONEY, Wanted.COUNT}),
        ("What amount did the fund get?", {Wanted.MONEY}),
        ("Welk percentage vroeg de toeslag aan?", {Wanted.SHARE}),
        ("Hoe lang duurt de proef?", {Wanted.TIME}),
        ("How many weeks does it take?", {Wanted.TIME, Wanted.COUNT}),
        ("Wanneer begint de proef?", {Wanted.MOMENT}),
        ("Hoeveel fietsen vroeg de raad?", {Wanted.COUNT}),
        ("Hoe vaak kwam het college terug?", {Wanted.COUNT}),
        ("Waarom was de raad tegen?", {Wanted.REASON}),
        ("Why was the council against it?", {Wanted.REASON}),
        ("Wat vond de raad van de taaleis?", set()),
    ],
)
def test_a_question_wants_what_it_asks_for(question: str, sorts: set[Wanted]) -> None:
    assert wanted(question) == sorts


@pytest.mark.parametrize(
    ("sort", "has", "has_not"),
    [
        (Wanted.MONEY, "De kosten zijn 30.000 euro.", "De kosten zijn hoog."),
        (Wanted.SHARE, "Een op de vijf mensen vraagt niets aan.", "Veel mensen vragen niets aan."),
        (Wanted.TIME, "De proef duurt achttien maanden.", "De proef duurt lang."),
        (Wanted.MOMENT, "De proef begint in maart.", "De proef begint gauw."),
        (Wanted.COUNT, "Wij vragen tweehonderd fietsen.", "Wij vragen meer fietsen."),
        (Wanted.REASON, "Wij zijn tegen, omdat het niet helpt.", "Wij zijn tegen."),
    ],
)
def test_a_sentence_has_it_or_has_not(sort: Wanted, has: str, has_not: str) -> None:
    assert shows(sort, has)
    assert not shows(sort, has_not)
