"""Numbers and dates as letters and statements write them."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language.dates.reader import WrittenDate
from ingest.language.numbers import cardinal, digits, ordinal, value_of
from ingest.language.quantities import completed, figures_in
from tests.letters import new_letter
from tests.tables import assert_table, items

HERE = Path(__file__).parent


def test_numbers_and_what_they_count() -> None:
    def is_read(text: str, numbers: str) -> bool:
        expected = [(Fraction(value), unit) for value, unit in map(str.split, items(numbers))]
        return [(each.value, each.unit) for each in figures_in(text).quantities] == expected

    assert_table(HERE / "numbers.tsv", is_read)


def said(day: WrittenDate) -> str:
    return "-".join(str(part or "?") for part in (day.year, day.month, day.day))


def test_dates_and_how_much_of_them_is_said() -> None:
    assert_table(
        HERE / "moments.tsv", lambda text, dates: [said(each) for each in figures_in(text).moments] == items(dates)
    )


@pytest.mark.parametrize(
    ("text", "flag"), [("niet elf weken", True), ("lager dan 150 euro", True), ("in plaats van vijf jaar", True), ("elf weken", False)]
)  # fmt: skip
def test_a_number_that_it_is_not(text: str, flag: bool) -> None:
    assert [each.denied for each in figures_in(text).quantities] == [flag]


def test_a_date_holds_what_is_less_precise() -> None:
    day = WrittenDate(0, 0, 2015, 3, 12)
    assert day.holds(WrittenDate(0, 0, 2015, 3))
    assert day.holds(WrittenDate(0, 0, None, 3, 12))
    assert not day.holds(WrittenDate(0, 0, 2016))
    assert not WrittenDate(0, 0, 2015, 3).holds(day)


@pytest.mark.parametrize(("written", "year"), [("1 november", 2020), ("1 februari", 2021)])
def test_the_year_left_out_is_the_nearest(written: str, year: int) -> None:
    letter = new_letter(date=dt.date(2020, 12, 20))
    [moment] = figures_in(written).moments
    assert completed(moment, letter).year == year


def test_words_that_count_and_words_that_rank() -> None:
    assert_table(
        HERE / "number_words.tsv",
        lambda word, *numbers: tuple(str(read(word) or "") for read in (cardinal, ordinal)) == numbers,
    )


@given(st.integers(0, 10**9))
def test_digits_grouped_in_either_way_are_one_number(number: int) -> None:
    assert digits(f"{number:,}") == number
    assert digits(f"{number:,}".replace(",", ".")) == number
    assert digits(str(number)) == number


@given(st.text(max_size=60))
def test_any_text_has_its_figures_within_it(text: str) -> None:
    figures = figures_in(text)
    for each in (*figures.quantities, *figures.moments):
        assert 0 <= each.start < each.end <= len(text)


@given(st.text(max_size=20))
def test_no_word_is_too_strange(word: str) -> None:
    assert value_of(word) is None or value_of(word) >= 0  # type: ignore[operator]
