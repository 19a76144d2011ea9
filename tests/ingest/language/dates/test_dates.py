"""Dates as letters write them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language.dates.months import MONTH_NAMES
from ingest.language.dates.patterns import MOMENT
from ingest.language.dates.reader import (
    WrittenDate,
    date_in_name,
    full_year,
    read_date,
    read_dates,
    read_day,
)
from ingest.language.quantities import figures_in
from ingest.links.references import find_references
from ingest.manifest.values import parse_cell
from tests.tables import assert_table
from vectorstore.letters import Precision, Voice

HERE = Path(__file__).parent


THE_DAY = dt.date(2020, 1, 30)
FULL_NAMES = MONTH_NAMES["nl"]
A_LETTER = dt.date(2019, 6, 15)


def is_read(text: str, date: str, precision: str) -> bool:
    read = [(found.date.isoformat(), found.precision) for found in read_dates(text)]
    return read == ([(date, precision)] if date else []) and (
        not date or (read_day(text) is not None) is (precision == Precision.DAY)
    )


def test_ways_to_write_a_date_and_what_is_none() -> None:
    assert_table(HERE / "dates.tsv", is_read)
    assert read_dates("") == []


def test_two_digits_are_a_year_only_after_a_label() -> None:
    assert [found.date for found in read_dates("30-01-20", labelled=True)] == [THE_DAY]


def test_jan_is_a_month_with_a_capital_only_after_a_label() -> None:
    assert read_dates("Jan 2020") == []
    assert [found.date for found in read_dates("Jan 2020", labelled=True)] == [dt.date(2020, 1, 1)]


def _by_manifest(text: str, written: dt.date) -> dt.date:
    assert written
    date, _precision = parse_cell("date", text)  # type: ignore[misc]
    return date  # type: ignore[no-any-return]


def _by_links(text: str, written: dt.date) -> dt.date | None:
    [reference] = find_references(f"Uw brief van {text} lazen wij.", author=Voice.COUNCIL, date=written)
    return reference.date


def _by_figures(text: str, written: dt.date) -> dt.date:
    assert written
    [moment] = figures_in(f"Het stond in de brief van {text} aan u.").moments
    return moment.date


READERS: dict[str, Callable[[str, dt.date], dt.date | None]] = {
    "letter": lambda text, written: read_dates(text, written=written, labelled=True)[0].date,
    "letter without a date": lambda text, _: read_dates(text, labelled=True)[0].date,
    "envelope": lambda text, _: read_day(text),
    "name of a file": lambda text, _: date_in_name(f"advies {text}.txt"),
    "manifest": _by_manifest,
    "links": _by_links,
    "one date": lambda text, written: getattr(read_date(text, written), "date", None),
    "figures": _by_figures,
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS.keys())
def test_every_reader_has_the_same_century(reader: Callable[[str, dt.date], dt.date | None]) -> None:
    written = dt.date(2030, 6, 15)
    for year in (1951, 1955, 1959, 1960, 1998, 2000, 2019, 2038, 2050):
        assert reader(f"3-3-'{year % 100:02}", written) == dt.date(year, 3, 3)
        assert reader(f"3 mrt '{year % 100:02}", written) == dt.date(year, 3, 3)


@given(st.integers(0, 99), st.one_of(st.none(), st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))))
def test_two_digits_are_the_last_such_year_up_to_twenty_years_after_a_text(
    digits: int, written: dt.date | None
) -> None:
    year = full_year(f"'{digits:02}", written)
    latest = written.year + 20 if written else 2050
    assert year % 100 == digits
    assert latest - 100 < year <= latest


def test_a_year_long_before_its_letter_is_of_the_century_before() -> None:
    assert _by_links("3-3-'55", A_LETTER) == dt.date(1955, 3, 3)
    assert _by_links("3-3-55", A_LETTER) == dt.date(1955, 3, 3)


def is_named(text: str, date: str, precision: str) -> bool:
    found = read_date(text, A_LETTER)
    if found is None:
        return not date
    return re.fullmatch(MOMENT, text, re.I) is not None and (found.date.isoformat(), found.precision) == (
        date,
        precision,
    )


def test_a_date_by_which_a_letter_names_another() -> None:
    assert_table(HERE / "named_dates.tsv", is_named)


@pytest.mark.parametrize("text", ["13 oktober jl.", "13 oktober", "3 dezer"])
def test_a_day_without_a_year_needs_the_date_of_its_letter(text: str) -> None:
    assert read_date(text, None) is None


def test_a_date_without_a_year_is_no_day() -> None:
    with pytest.raises(ValueError, match="without a year"):
        _ = WrittenDate(0, 2, None, 10, 13).date


def test_a_day_moved_to_a_year_that_lacks_it_is_none() -> None:
    day = WrittenDate(0, 2, 2020, 2, 29, yearless=True)
    assert day.in_year(2019) is None
    assert day.in_year(2016) == WrittenDate(0, 2, 2016, 2, 29)


def test_all_dates_of_a_text_in_order_with_their_places() -> None:
    text = "Van 12 mei 2020 tot 3-6-2020, en weer in juli 2021."
    assert [(text[found.start : found.end], found.date.month) for found in read_dates(text)] == [
        ("12 mei 2020", 5),
        ("3-6-2020", 6),
        ("juli 2021", 7),
    ]


def test_a_date_is_not_read_twice() -> None:
    text = "In juni, 2020-01-30 en op 12/02/’20, sept. 2020."
    assert [text[found.start : found.end] for found in read_dates(text)] == ["2020-01-30", "12/02/’20", "sept. 2020"]


@given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)), st.sampled_from(["{d} {m} {y}", "{d}-{n}-{y}", "{iso}"]))
def test_every_day_is_read_back(date: dt.date, form: str) -> None:
    written = form.format(d=date.day, m=FULL_NAMES[date.month - 1], n=date.month, y=date.year, iso=date.isoformat())
    assert read_day(f"Datum: {written}") == date


@given(st.text(alphabet=st.sampled_from("0123 -/.'januarimet,"), max_size=60), st.booleans())
def test_dates_lie_in_the_text_and_apart(text: str, partial: bool) -> None:
    end = 0
    for found in read_dates(text, labelled=True, partial=partial):
        assert end <= found.start < found.end <= len(text)
        end = found.end


def test_a_full_date_in_the_name_of_a_file() -> None:
    assert_table(HERE / "file_dates.tsv", lambda source, date: str(date_in_name(source) or "") == date)
