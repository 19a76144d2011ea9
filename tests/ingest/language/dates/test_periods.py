"""Periods as questions name them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.language.dates.periods import names_time, read_period, without_times, years_asked_of, years_in
from tests.tables import assert_table, items

HERE = Path(__file__).parent


def test_the_period_that_a_question_names() -> None:
    assert_table(
        HERE / "periods.tsv", lambda question, *period: tuple(str(day or "") for day in read_period(question)) == period
    )


def test_the_years_of_which_a_question_asks() -> None:
    assert_table(
        HERE / "years_asked.tsv", lambda question, years: years_asked_of(question) == {int(y) for y in items(years)}
    )


def test_years_in_full_are_found_in_any_text() -> None:
    assert years_in("Van 2019 tot 2021, kenmerk 12019 en 3000.") == {2019, 2021}


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Wat zei de raad in 2019 over de huur?", "Wat zei de raad over de huur?"),
        ("Wat zei de raad begin januari 2019?", "Wat zei de raad?"),
        ("Wat zei de raad in sept. 2019?", "Wat zei de raad?"),
        ("Wat zei de raad over de nota 2019-2022?", "Wat zei de raad over de nota 2019-2022?"),
    ],
)
def test_a_question_without_its_times(text: str, rest: str) -> None:
    assert without_times(text) == rest
    assert names_time(text) is (text != rest)
