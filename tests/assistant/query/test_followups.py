"""Questions that lean on earlier ones are put behind them; others are left alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.query.followups import is_elliptic, leans, make_standalone
from assistant.query.language import Wording
from tests.tables import assert_table

HERE = Path(__file__).parent


FIRST = "Wat zei de raad in 2019 over de taaleis?"


def standalone_question(question: str, history: Sequence[str]) -> str:
    return make_standalone(Wording(question), history).text


def is_followed(question: str, way: str, standalone: str) -> bool:
    found = standalone_question(question, [FIRST])
    if way == "leans":
        return "taaleis" in found and found.endswith(f"; {question}")
    return found == standalone and (way != "stands alone" or not leans(Wording(question)))


def test_a_question_that_leans_carries_the_one_before_and_another_stays_as_it_is() -> None:
    assert_table(HERE / "followups.tsv", is_followed)


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
    assert is_elliptic(Wording("En in 2021?"))
    assert not is_elliptic(Wording("En wat zei het college in 2021?"))
