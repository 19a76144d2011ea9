"""Where a letter names another, by date or kenmerk, and what only looks like it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.links.references import find_references, name_of
from tests.ingest.documents import advice, reply
from tests.ingest.metadata.test_extract import made
from tests.tables import assert_table
from vectorstore.letters import Precision, Reference, Utterance, Voice

HERE = Path(__file__).parent


WRITTEN = dt.date(2021, 11, 2)
C, E, X, U = Voice.COUNCIL, Voice.EXECUTIVE, Voice.OTHER, Voice.UNKNOWN


def found(
    text: str, date: dt.date | None = WRITTEN, **options: object
) -> list[tuple[str, str | None, str | None, Voice]]:
    """Words, kenmerk, date and author of each reference in a letter of the council."""
    references = find_references(text, author=C, date=date, **options)  # type: ignore[arg-type]
    return [(text[r.start : r.end], r.reference, r.date and r.date.isoformat(), r.author) for r in references]


def is_found(text: str, *expected: str) -> bool:
    named = [tuple(part or "" for part in each) for each in found(text)]
    return named == ([expected] if any(expected) else [])


def test_ways_to_name_a_letter_and_what_names_none() -> None:
    assert_table(HERE / "references.tsv", is_found)


def test_several_letters_named_at_once() -> None:
    assert [(date, author) for _, _, date, author in found("uw brieven van 13 oktober en 5 november 2020")] == [
        ("2020-10-13", E),
        ("2020-11-05", E),
    ]
    assert [name for _, name, *_ in found("onze adviezen CRA 2019-01, CRA 2019-04 en CRA 2020-02")] == [
        "CRA 2019-01",
        "CRA 2019-04",
        "CRA 2020-02",
    ]


def test_a_month_or_a_year_is_less_precise() -> None:
    (month,) = find_references("onze brief van januari 2020 daarover", author=C, date=WRITTEN)
    (year,) = find_references("ons advies uit 2019 daarover", author=C, date=WRITTEN)
    assert (month.date, month.precision) == (dt.date(2020, 1, 1), Precision.MONTH)
    assert (year.date, year.precision) == (dt.date(2019, 1, 1), Precision.YEAR)


def test_in_a_letter_without_a_date_a_day_without_a_year_has_none() -> None:
    words = "de brief van 13 oktober jl. (kenmerk 505679-2021)"
    assert found(words, date=None) == [(words, "505679-2021", None, U)]
    assert found("de brief van 13 oktober jl.", date=None) == []


def test_its_own_kenmerk_is_no_reference() -> None:
    assert found("Behoort bij CRA 2021-11, blad 2", own="CRA 2021-11") == []
    letter = made(advice("Ons advies CRV 2020-01 gaat over werk en ons advies CRV 2019-04 over schulden."))
    assert [reference.reference for reference in letter.references] == ["CRV 2019-04"]


def test_who_is_quoted_speaks_of_letters_of_its_own() -> None:
    text = "Het college schrijft: “In onze brief van 3 mei 2019 stond dat.”"
    utterance = Utterance(text.index("“"), len(text), E)
    assert [author for *_, author in found(text, quotations=[utterance])] == [E]
    letter = made(reply("Wij lazen uw advies van 3 februari 2020."))
    assert [reference.author for reference in letter.references] == [C, C]


@pytest.mark.parametrize("other", ["CWI 2016/01", "cwi 2016-1", "CWI2016-01", "CWI-2016.01"])
def test_one_kenmerk_written_in_many_ways(other: str) -> None:
    assert name_of(other) == name_of("CWI 2016-01")
    assert name_of(other) != name_of("CWI 2016-011")


_pieces = st.sampled_from(
    "ons |uw |de |advies |brief |van |13 oktober |2020 |jl. |(|kenmerk |CRA 2020-02|) |\n|en |, |505679-2021 |31 februari 2020 |"
    "Uw kenmerk: |over de taaleis |3-3-2019 |29 februari |het college ".split("|")
)


@given(st.lists(_pieces, max_size=14).map("".join), st.none() | st.dates(dt.date(1990, 1, 1), dt.date(2060, 1, 1)))
def test_references_lie_in_order_and_say_something(text: str, date: dt.date | None) -> None:
    references: tuple[Reference, ...] = find_references(text, author=C, date=date)
    end = 0
    for reference in references:
        assert end <= reference.start < reference.end <= len(text)
        assert reference.date or reference.reference
        end = reference.end


def test_letters_that_are_spoken_of_and_then_dated() -> None:
    text = (
        "Wij reageren op twee van uw adviezen: dat van 10 maart 2016 (kenmerk CWI 2016-01) over armoede en dat van "
        "22 september 2016 (kenmerk CWI 2016-04) over de taaleis."
    )
    assert [(name, date, author) for _, name, date, author in found(text)] == [
        ("CWI 2016-01", "2016-03-10", E),
        ("CWI 2016-04", "2016-09-22", E),
    ]


@pytest.mark.parametrize(
    ("text", "reference", "date", "author"),
    [
        ("Het stuk van 22 september 2016 (kenmerk SD 16.004) ligt er nog.", "SD 16.004", "2016-09-22", U),
        ("Wij lazen de open brief die u op 3 juni 2019 aan de raad zond.", None, "2019-06-03", U),
        ("de brief die het college op 3 juni 2019 stuurde", None, "2019-06-03", E),
        ("U antwoordde op 17 januari 2020: nee.", None, "2020-01-17", E),
        (
            "Op 11 november 2020 heeft uw college ons geadviseerd over iets (kenmerk Z20-1234567).",
            None,
            "2020-11-11",
            E,
        ),
        ("Op uw vragen van 22 mei 2020 kom ik terug.", None, "2020-05-22", E),
    ],
)
def test_more_ways_to_name_a_letter(text: str, reference: str | None, date: str, author: Voice) -> None:
    assert (reference, date, author) in [(name, day, who) for _, name, day, who in found(text)]
