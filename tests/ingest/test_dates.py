"""Dates as letters write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates import MONTHS, date_in_name, written_date, written_dates
from vectorstore.letters import Precision

THE_DAY = dt.date(2020, 1, 30)
FULL_NAMES = "januari februari maart april mei juni juli augustus september oktober november december".split()


@pytest.mark.parametrize(
    "text",
    [
        "30 januari 2020",
        "30 JANUARI 2020",
        "30 jan 2020",
        "30 jan. '20",
        "30 januari ’20",
        "d.d. 30 jan. 2020",
        "d.d.30 januari 2020",
        "dd. 30-1-2020",
        "Groningen, donderdag 30 januari 2020",
        "Groningen,30 januari 2020",
        "30-1-2020",
        "30-01-2020",
        "30.01.2020",
        "30/1/2020",
        "30/1/'20",
        "30 - 01 - 2020",
        "30-jan-2020",
        "2020-01-30",
        "2020/01/30",
        "30e januari 2020",
        "30ste januari 2020",
        "den 30sten januari 2020",
        "30 januari, 2020",
        "dertig januari tweeduizendtwintig",
        "de dertigste januari tweeduizend en twintig",
        "30 januari2020",
        "30januari 2020",
        "30januari2020",
        "het advies van (30 januari 2020).",
    ],
)
def test_every_way_to_write_a_day(text: str) -> None:
    assert [(found.date, found.precision) for found in written_dates(text)] == [(THE_DAY, Precision.DAY)]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("den 3den maart 1998", dt.date(1998, 3, 3)),
        ("eenentwintig maart tweeduizend en een", dt.date(2001, 3, 21)),
        ("tweeëntwintig mei negentienhonderdachtennegentig", dt.date(1998, 5, 22)),
        ("de eerste juli tweeduizend", dt.date(2000, 7, 1)),
        ("12 mei '98", dt.date(1998, 5, 12)),
        ("29 februari 2020", dt.date(2020, 2, 29)),
    ],
)
def test_days_written_in_rarer_ways(text: str, date: dt.date) -> None:
    assert written_date(text) == date


@pytest.mark.parametrize("text", ["januari 2020", "jan. 2020", "eind januari 2020", "januari '20", "JANUARI 2020"])
def test_a_month_is_a_month(text: str) -> None:
    assert [(found.date, found.precision) for found in written_dates(text)] == [(dt.date(2020, 1, 1), Precision.MONTH)]
    assert written_date(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "31 februari 2020",
        "30-13-2020",
        "00-01-2020",
        "29-2-2019",
        "30-01-20",
        "050-12-3-2020",
        "505679-2021",
        "CRA 2020-02",
        "1.2.3.2020",
        "Jan 2020 heet hij",
        "artikel 12.3.2015.4",
        "mei",
        "30 januari",
        "2020-2022",
        "",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert written_dates(text) == []


def test_two_digits_are_a_year_only_after_a_label() -> None:
    assert [found.date for found in written_dates("30-01-20", labelled=True)] == [THE_DAY]


def test_all_dates_of_a_text_in_order_with_their_places() -> None:
    text = "Van 12 mei 2020 tot 3-6-2020, en weer in juli 2021."
    assert [(text[found.start : found.end], found.date.month) for found in written_dates(text)] == [
        ("12 mei 2020", 5),
        ("3-6-2020", 6),
        ("juli 2021", 7),
    ]


@given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)), st.sampled_from(["{d} {m} {y}", "{d}-{n}-{y}", "{iso}"]))
def test_every_day_is_read_back(date: dt.date, form: str) -> None:
    written = form.format(d=date.day, m=FULL_NAMES[date.month - 1], n=date.month, y=date.year, iso=date.isoformat())
    assert written_date(f"Datum: {written}") == date


@given(st.text(alphabet=st.sampled_from("0123 -/.'januarimet,"), max_size=60))
def test_dates_lie_in_the_text_and_apart(text: str) -> None:
    end = 0
    for found in written_dates(text, labelled=True):
        assert end <= found.start < found.end <= len(text)
        end = found.end


def test_every_name_of_a_month_is_known() -> None:
    assert {MONTHS[name] for name in FULL_NAMES} == set(range(1, 13))


@pytest.mark.parametrize(
    "source",
    [
        "2020-01-30.txt",
        "brieven/20200130 reactie college.pdf",
        "30-01-2020 advies.docx",
        "advies 30 januari 2020.odt",
        "advies_30_jan_2020.odt",
        "college-2020-01-30_taaleis.pdf",
        "2020.01.30 brief (30 januari 2020).pdf",
    ],
)
def test_a_full_date_in_the_name_of_a_file(source: str) -> None:
    assert date_in_name(source) == THE_DAY


@pytest.mark.parametrize(
    "source",
    [
        "CRA 2020-02.pdf",
        "2020-02 advies.pdf",
        "505679-2021.pdf",
        "advies januari 2020.pdf",
        "20201301.txt",
        "1-2-2020 antwoord op 3-4-2020.txt",
        "scan_20200130.pdf",
        "IMG_20200130_101500.jpg",
        "2020-01-30/advies.txt",
        "001_19bd0f98cc4fd468.txt",
    ],
)
def test_what_is_no_date_in_the_name_of_a_file(source: str) -> None:
    assert date_in_name(source) is None
