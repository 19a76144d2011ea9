"""Numbers and dates as letters and statements write them."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.numerals import digits, value_of
from assistant.quantities import Moment, Unit, completed, figures_in
from vectorstore.letters import DateBasis, Letter


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("ten minste 16 uur", [(16, Unit.HOUR)]),
        ("ten people", [(10, Unit.NONE)]),
        ("1.250 mensen", [(1250, Unit.NONE)]),
        ("€ 1.250,50 per maand", [(Fraction("1250.5"), Unit.MONEY)]),
        ("1,250.50 euros", [(Fraction("1250.5"), Unit.MONEY)]),
        ("42,5% van de huur", [(Fraction("42.5"), Unit.PERCENT)]),
        ("dertig procent", [(30, Unit.PERCENT)]),
        ("1,2 miljoen euro", [(1_200_000, Unit.MONEY)]),
        ("30 duizend gezinnen", [(30_000, Unit.NONE)]),
        ("vijfenveertig of honderdtwintig", [(45, Unit.NONE), (120, Unit.NONE)]),
        ("twenty-five years", [(25, Unit.YEAR)]),
        ("18, 19 of 20 jaar", [(18, Unit.YEAR), (19, Unit.YEAR), (20, Unit.YEAR)]),
        ("een man van 57-jarige leeftijd", [(57, Unit.YEAR)]),
        ("één op de drie", [(Fraction(1, 3), Unit.SHARE)]),
        ("acht van de tien", [(Fraction(4, 5), Unit.SHARE)]),
        ("negentien van de 26", [(19, Unit.NONE), (26, Unit.NONE)]),
        ("een derde en two thirds", [(Fraction(1, 3), Unit.SHARE), (Fraction(2, 3), Unit.SHARE)]),
        ("de helft, verdubbeld", [(Fraction(1, 2), Unit.NONE), (2, Unit.NONE)]),
        ("na een halfjaar", [(Fraction(1, 2), Unit.YEAR)]),
        ("de tweede vraag", [(2, Unit.NONE)]),
        ("een gezin, one family", []),
        ("Het college acht het nodig", []),
        ("CWI 2020-02, Z21-008311 en 0900", []),
    ],
)
def test_numbers_and_what_they_count(text: str, numbers: list[tuple[Fraction, Unit]]) -> None:
    assert [(each.value, each.unit) for each in figures_in(text).quantities] == numbers


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("op 12 maart 2015", [(2015, 3, 12)]),
        ("12-3-2015 en 2015-03-12", [(2015, 3, 12), (2015, 3, 12)]),
        ("June 5, 2019 and 4 May 2018", [(2019, 6, 5), (2018, 5, 4)]),
        ("per 1 juli", [(None, 7, 1)]),
        ("in maart 2016", [(2016, 3, None)]),
        ("sinds 2014", [(2014, None, None)]),
        ("2000 mensen", []),
        ("€ 2015", []),
        ("in oktober", [(None, 10, None)]),
    ],
)
def test_dates_and_how_much_of_them_is_said(text: str, dates: list[tuple[int | None, ...]]) -> None:
    assert [(each.year, each.month, each.day) for each in figures_in(text).moments] == dates


@pytest.mark.parametrize(
    ("text", "flag"), [("niet elf weken", True), ("lager dan 150 euro", True), ("in plaats van vijf jaar", True), ("elf weken", False)]
)  # fmt: skip
def test_a_number_that_it_is_not(text: str, flag: bool) -> None:
    assert [each.denied for each in figures_in(text).quantities] == [flag]


def test_a_date_holds_what_is_less_precise() -> None:
    day = Moment(0, 0, 2015, 3, 12)
    assert day.holds(Moment(0, 0, 2015, 3))
    assert day.holds(Moment(0, 0, None, 3, 12))
    assert not day.holds(Moment(0, 0, 2016))
    assert not Moment(0, 0, 2015, 3).holds(day)


@pytest.mark.parametrize(("written", "year"), [("1 november", 2020), ("1 februari", 2021)])
def test_the_year_left_out_is_the_nearest(written: str, year: int) -> None:
    letter = Letter("a", "x", "a.txt", "0", date=dt.date(2020, 12, 20), date_basis=DateBasis.STATED)
    [moment] = figures_in(written).moments
    assert completed(moment, letter).year == year


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
