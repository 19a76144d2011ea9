"""Where a letter names another, by date or kenmerk, and what only looks like it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.references import name_of, references_in
from vectorstore.letters import Precision, Reference, Utterance, Voice

from .documents import advice, reply
from .test_anatomy import made

WRITTEN = dt.date(2021, 11, 2)
C, E, X, U = Voice.COUNCIL, Voice.EXECUTIVE, Voice.OTHER, Voice.UNKNOWN


def found(
    text: str, date: dt.date | None = WRITTEN, **options: object
) -> list[tuple[str, str | None, str | None, Voice]]:
    """Words, kenmerk, date and author of each reference in a letter of the council."""
    references = references_in(text, author=C, date=date, **options)  # type: ignore[arg-type]
    return [(text[r.start : r.end], r.reference, r.date and r.date.isoformat(), r.author) for r in references]


@pytest.mark.parametrize(
    ("text", "words", "reference", "date", "author"),
    [
        ("In ons advies van 30 januari 2020 stond dat.", "ons advies van 30 januari 2020", None, "2020-01-30", C),
        ("Zie onze brief d.d. 30-01-2020 daarover.", "onze brief d.d. 30-01-2020", None, "2020-01-30", C),
        ("Uit uw brief van 3 mrt. 2019 bleek dat.", "uw brief van 3 mrt. 2019", None, "2019-03-03", E),
        (
            "Op uw e-mail van maandag 3 februari 2020 kwam",
            "uw e-mail van maandag 3 februari 2020",
            None,
            "2020-02-03",
            E,
        ),
        ("uw brief van 13 oktober jl. over geld", "uw brief van 13 oktober jl.", None, "2021-10-13", E),
        ("uw brief van 13 december j.l. over geld", "uw brief van 13 december j.l.", None, "2020-12-13", E),
        ("uw brief van 13 oktober laatstleden", "uw brief van 13 oktober laatstleden", None, "2021-10-13", E),
        ("uw schrijven van 1 dezer", "uw schrijven van 1 dezer", None, "2021-11-01", E),
        ("uw brief van 13 oktober kwam laat", "uw brief van 13 oktober", None, "2021-10-13", E),
        (
            "uw brief van 13 oktober jl. (kenmerk 505679-2021).",
            "uw brief van 13 oktober jl. (kenmerk 505679-2021)",
            "505679-2021",
            "2021-10-13",
            E,
        ),
        (
            "uw reactie d.d. 3 mrt 2019 met kenmerk Z.12345.",
            "uw reactie d.d. 3 mrt 2019 met kenmerk Z.12345",
            "Z.12345",
            "2019-03-03",
            E,
        ),
        ("Zie ook CRA 2020-02.", "CRA 2020-02", "CRA 2020-02", None, U),
        ("ons advies CWI 2016/01 daarover", "ons advies CWI 2016/01", "CWI 2016/01", None, C),
        ("het advies ASD-21-07 van vorig jaar", "het advies ASD-21-07", "ASD-21-07", None, U),
        ("ons advies met kenmerk 2020.113 is helder", "ons advies met kenmerk 2020.113", "2020.113", None, C),
        ("onze notitie ‘Meedoen’ (3-3-2019)", "onze notitie ‘Meedoen’ (3-3-2019)", None, "2019-03-03", C),
        (
            "ons advies over de taaleis van 3 mei 2018",
            "ons advies over de taaleis van 3 mei 2018",
            None,
            "2018-05-03",
            C,
        ),
        ("de brief van het college van 13 mei 2020", "de brief van het college van 13 mei 2020", None, "2020-05-13", E),
        ("de brief van de minister van 13 mei 2020", "de brief van de minister van 13 mei 2020", None, "2020-05-13", X),
        ("de brief van 13 mei 2020", "de brief van 13 mei 2020", None, "2020-05-13", U),
        ("de collegebrief van 7 juli 2020", "de collegebrief van 7 juli 2020", None, "2020-07-07", E),
        ("Het college schreef in haar brief van 4 mei 2021", "haar brief van 4 mei 2021", None, "2021-05-04", E),
        (
            "het advies van de Cliëntenraad Werk & Inkomen van 4 mei 2021",
            "het advies van de Cliëntenraad Werk & Inkomen van 4 mei 2021",
            None,
            "2021-05-04",
            C,
        ),
        ("Op 3 mei 2019 adviseerden wij u daarover.", "Op 3 mei 2019 adviseerden wij", None, "2019-05-03", C),
        ("in onze reactie op uw nota Armoede van 3 mei 2019", "uw nota Armoede van 3 mei 2019", None, "2019-05-03", E),
        ("ons advies over uw brief van 3 mei 2019", "uw brief van 3 mei 2019", None, "2019-05-03", E),
        ("Uw kenmerk: SD/15/02217\n", "Uw kenmerk: SD/15/02217", "SD/15/02217", None, E),
        (
            "Uw kenmerk: Z21-008311\nUw brief van: 30 januari 2020\n",
            "Uw kenmerk: Z21-008311\nUw brief van: 30 januari 2020",
            "Z21-008311",
            "2020-01-30",
            E,
        ),
        ("Uw brief van 30 januari 2020\nOns kenmerk: Z.1234567", "Uw brief van 30 januari 2020", None, "2020-01-30", E),
    ],
)
def test_ways_to_name_a_letter(text: str, words: str, reference: str | None, date: str | None, author: Voice) -> None:
    assert found(text) == [(words, reference, date, author)]


@pytest.mark.parametrize(
    "text",
    [
        "ons eerdere advies over de taaleis",
        "artikel 36 van de Participatiewet 2015 en artikel 10 lid 2",
        "het rapport van de WRR 2020 en de CAO 2019-2021",
        "bel 050-3671234 of 06-12345678; IBAN NL91 ABNA 0417 1643 00",
        "een bedrag van € 2.020,50 voor het jaar 2020-2021",
        "het Werkprogramma 2020-2022 en het jaarverslag 2019",
        "Advies over het Werkprogramma 2020-2022",
        "de vergadering van 3 mei 2019 en de motie van 12 december 2019",
        "in het coalitieakkoord van februari 2019",
        "Verordening (EU) 2016/679, NEN 2767-1 en COVID-19",
        "dit advies van 3 mei 2019",
        "Ons kenmerk: CRA 2021-11",
        "Kenmerk 505679-2021",
        "ons advies van 2 november 2021",
        "Dit advies gaat uit van een versie van 15 januari",
        "In de brief van het college stelt men dat de grens op 1 juli 2021 ingaat",
    ],
)
def test_what_names_no_other_letter(text: str) -> None:
    assert found(text) == []


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
    (month,) = references_in("onze brief van januari 2020 daarover", author=C, date=WRITTEN)
    (year,) = references_in("ons advies uit 2019 daarover", author=C, date=WRITTEN)
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
    references: tuple[Reference, ...] = references_in(text, author=C, date=date)
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


@pytest.mark.parametrize(
    "text",
    [
        "Samenvatting door de Cliëntenraad Werk & Inkomen, maart 2019",
        "Uitvoeringsprogramma 2019-2022\nSamenvatting door de Cliëntenraad, maart 2019",
        "Verslag 9 december 2021",
        "De gemeenteraad stelde de nota op 26 mei 2016 vast",
    ],
)
def test_a_title_and_an_event_name_no_letter(text: str) -> None:
    assert found(text) == []
