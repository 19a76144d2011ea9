from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.letters import new_letter
from vectorstore.letters import (
    Card,
    Citation,
    DateBasis,
    Filters,
    Letter,
    Passage,
    Precision,
    Reference,
    Request,
    Utterance,
    Voice,
)

TEXT = "Wij vinden dit te weinig. Het college schreef: dat is genoeg. Dat is het niet."


def letter(text: str = TEXT, **fields: Any) -> Letter:
    return new_letter(text, **fields)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"id": ""}, id="no id"),
        pytest.param({"text": " \n\t"}, id="blank text"),
        pytest.param({"date": dt.date(2020, 1, 30), "date_basis": DateBasis.UNKNOWN}, id="date without a basis"),
        pytest.param({"date_basis": DateBasis.STATED}, id="basis without a date"),
        pytest.param({"pages": (0, 30, 20)}, id="pages out of order"),
        pytest.param({"utterances": (Utterance(0, 10, Voice.OTHER), Utterance(9, 12, Voice.OTHER))}, id="overlap"),
        pytest.param({"utterances": (Utterance(20, 30, Voice.OTHER), Utterance(0, 9, Voice.OTHER))}, id="not in order"),
        pytest.param({"utterances": (Utterance(0, 1000, Voice.OTHER),)}, id="beyond the text"),
    ],
)
def test_a_wrong_letter_cannot_be_made(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"letter|pages|utterances"):
        letter(**fields)


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (4, 3)])
def test_a_wrong_utterance_cannot_be_made(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="utterance"):
        Utterance(start, end, Voice.COUNCIL)


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (0, len(TEXT) + 1)])
def test_a_passage_lies_inside_its_letter(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        Passage("p", letter(), start, end)


def test_values_do_not_change() -> None:
    with pytest.raises(AttributeError):
        letter().text = "iets anders"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("fields", "period"),
    [
        ({}, None),
        ({"date": dt.date(2020, 1, 30), "date_basis": DateBasis.STATED}, (dt.date(2020, 1, 30), dt.date(2020, 1, 30))),
        ({"reference": "CRA 2020-02"}, (dt.date(2020, 1, 1), dt.date(2020, 12, 31))),
        ({"reference": "2019/12345"}, (dt.date(2019, 1, 1), dt.date(2019, 12, 31))),
        ({"reference": "SO 12020-44"}, None),
        ({"reference": "SD/20/0001"}, None),
    ],
)
def test_when_a_letter_can_have_been_written(fields: dict[str, Any], period: object) -> None:
    assert letter(**fields).period == period


@pytest.mark.parametrize(("offset", "page"), [(0, 1), (29, 1), (30, 2), (61, 3)])
def test_page_of_an_offset(offset: int, page: int) -> None:
    assert letter(pages=(0, 30, 60)).page_at(offset) == page


def test_formats_without_pages_have_none() -> None:
    assert letter().page_at(5) is None


QUOTED = TEXT.index("dat is genoeg"), TEXT.index("dat is genoeg") + len("dat is genoeg")
QUOTING = {"voice": Voice.COUNCIL, "utterances": (Utterance(*QUOTED, Voice.EXECUTIVE, "uw brief van 3 maart"),)}


@pytest.mark.parametrize(
    ("words", "voice"),
    [
        ("Wij vinden dit te weinig.", Voice.COUNCIL),
        ("dat is genoeg", Voice.EXECUTIVE),
        ("is genoeg. ", Voice.EXECUTIVE),
        (TEXT, Voice.COUNCIL),
    ],
)
def test_who_speaks_is_who_speaks_most(words: str, voice: Voice) -> None:
    start = TEXT.index(words)
    assert letter(**QUOTING).voice_at(start, start + len(words)) is voice


def test_half_an_utterance_is_not_most_of_it() -> None:
    made = letter(voice=Voice.COUNCIL, utterances=(Utterance(10, 20, Voice.OTHER),))
    assert made.utterance_at(0, 20) is None
    assert made.utterance_at(1, 20) is not None


def test_a_citation_says_from_where_its_words_were_quoted() -> None:
    quoting = letter(**QUOTING)
    passage = Passage("p", quoting, 0, len(TEXT))
    cited = Citation(passage, *QUOTED)
    assert (cited.quote, cited.voice, cited.quoted_from) == ("dat is genoeg", Voice.EXECUTIVE, "uw brief van 3 maart")
    assert Citation(passage, 0, 3).quoted_from is None


@given(st.text(min_size=1, max_size=60), st.data())
def test_a_quote_is_the_letters_text_and_never_more_than_its_passage(text: str, data: st.DataObject) -> None:
    made = letter(text=f"x{text}")
    size = len(made.text)
    start, end, first, last = (data.draw(st.integers(-2, size + 2)) for _ in range(4))
    try:
        passage = Passage("p", made, start, end)
        citation = Citation(passage, first, last)
    except ValueError:
        assert not 0 <= start < end <= size or not start <= first < last <= end
        return
    assert citation.quote == made.text[first:last]
    assert citation.quote in passage.text
    assert passage.text[first - start : last - start] == citation.quote


def test_a_period_begins_before_it_ends() -> None:
    with pytest.raises(ValueError, match="period"):
        Filters(since=dt.date(2021, 1, 1), until=dt.date(2020, 1, 1))


@pytest.mark.parametrize("filters", [Filters(voice=Voice.COUNCIL), Filters(letter="CRA 1"), Filters(until=dt.date.min)])
def test_a_filter_that_narrows_is_true(filters: Filters) -> None:
    assert filters
    assert not Filters()


def test_the_period_of_a_date_is_as_wide_as_what_is_known_of_it() -> None:
    day = dt.date(2020, 2, 1)
    periods = {
        Precision.DAY: (day, day),
        Precision.MONTH: (day, dt.date(2020, 2, 29)),
        Precision.YEAR: (dt.date(2020, 1, 1), dt.date(2020, 12, 31)),
    }
    for precision, period in periods.items():
        made = letter(date=day, date_precision=precision)
        assert made.period == period == Card.of(made).period


def test_how_sure_the_recognition_was_is_known_for_each_page() -> None:
    made = letter("een twee", pages=(0, 4), confidence=(None, 0.6))
    assert made.confidence_at(1) is None
    assert made.confidence_at(5) == 0.6
    assert letter(confidence=(0.9,)).confidence_at(2) == 0.9
    assert letter().confidence_at(2) is None
    with pytest.raises(ValueError, match="each page"):
        letter("een twee", pages=(0, 4), confidence=(0.6,))


@pytest.mark.parametrize("made", [Reference, Request, lambda start, end: Utterance(start, end, Voice.OTHER)])
def test_a_stretch_of_a_letter_has_a_length(made: Callable[[int, int], object]) -> None:
    for start, end in ((-1, 2), (3, 3), (4, 3)):
        with pytest.raises(ValueError, match="0 <= start < end"):
            made(start, end)
