"""Questions that lean on earlier ones are put behind them; others are left alone."""

from __future__ import annotations

import pytest

from assistant.followups import is_elliptic, leans, standalone_question

FIRST = "Wat zei de raad in 2019 over de taaleis?"


@pytest.mark.parametrize(
    "question",
    [
        "En wat zei het college?",
        "Wat antwoordde het college daarop?",
        "En in 2021?",
        "Klopt dat?",
        "Wat stond er in die brief?",
        "What did the executive say about that?",
        "and what did the executive say about that?",
        "Is daar op gereageerd?",
        "Waarom vond de raad dat?",
        "Hoeveel?",
    ],
)
def test_a_question_that_leans_carries_the_one_before(question: str) -> None:
    standalone = standalone_question(question, [FIRST])
    assert "taaleis" in standalone
    assert standalone.endswith(f"; {question}")


@pytest.mark.parametrize(
    "question",
    [
        "Wat zei de raad over schuldhulpverlening?",
        "Wat vond de raad van het plan dat de wethouder schreef?",
        "Hoeveel fietsen vroeg de cliëntenraad?",
        "What did the council advise on debts?",
        "Is er een advies over het zwembad?",
        "CRV 2018-03",
    ],
)
def test_a_question_that_stands_alone_stays_as_it_is(question: str) -> None:
    assert not leans(question)
    assert standalone_question(question, [FIRST]) == question


@pytest.mark.parametrize(
    ("question", "standalone"),
    [
        ("En over de wijkbalies dan?", "Wat zei de raad in 2019 over de wijkbalies?"),
        ("en over schulden", "Wat zei de raad in 2019 over schulden?"),
        ("En over 2021?", "Wat zei de raad over de taaleis; En over 2021?"),
        ("En van de wethouder?", "Wat zei de raad in 2019 over de taaleis; En van de wethouder?"),
    ],
)
def test_the_same_asked_of_something_else_is_not_asked_of_both(question: str, standalone: str) -> None:
    assert standalone_question(question, [FIRST]) == standalone


def test_without_a_question_before_it_nothing_is_added() -> None:
    assert standalone_question("En in 2021?", []) == "En in 2021?"
    assert standalone_question("En in 2021?", ["  "]) == "En in 2021?"


@pytest.mark.parametrize("question", ["En in 2021?", "Wat antwoordde het college daarop?", "En later?"])
def test_asked_of_another_time_the_first_time_is_dropped(question: str) -> None:
    standalone = standalone_question(question, [FIRST])
    assert "2019" not in standalone
    assert "taaleis" in standalone


def test_asked_of_the_same_time_it_is_kept() -> None:
    assert "2019" in standalone_question("En over de bijstand?", [FIRST])


def test_a_plan_keeps_the_years_in_its_name() -> None:
    standalone = standalone_question(
        "En wat zei het college later?", ["Wat vond de raad van het Werkprogramma 2020-2022?"]
    )
    assert "2020-2022" in standalone


def test_a_chain_reaches_back_to_the_question_that_stands_alone() -> None:
    standalone = standalone_question("En daarna?", [FIRST, "Wat antwoordde het college daarop?"])
    assert "taaleis" in standalone
    assert "college" in standalone


def test_a_chain_ends_at_the_last_question_that_stands_alone() -> None:
    history = [FIRST, "Hoeveel fietsen vroeg de cliëntenraad?"]
    standalone = standalone_question("En wat zei het college daarop?", history)
    assert "fietsen" in standalone
    assert "taaleis" not in standalone


def test_a_question_may_leave_out_what_it_asks() -> None:
    assert is_elliptic("En in 2021?")
    assert not is_elliptic("En wat zei het college in 2021?")
