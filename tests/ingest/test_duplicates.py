"""What is one letter in two formats, and what are two letters."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.duplicates import (
    agree_on_identity,
    digest_of_words,
    distinguishing_text,
    may_be_same,
    nearly_same,
    same_words,
    sketch_of,
)
from tests.letters import new_letter
from vectorstore.letters import Card

BODY = (
    "Wij hebben met belangstelling kennisgenomen van uw nota over de bijzondere bijstand. De raad vindt dat de grens van "
    "120 procent te laag is en vraagt u die te verhogen naar 130 procent. In 2019 kregen 1450 huishoudens een bijdrage. "
    "Dat waren er in 2018 nog 1620. Wij zien die daling met zorg en horen graag van u wat u daaraan wilt doen. Ook vragen "
    "wij aandacht voor mensen die net boven de grens zitten en nu niets krijgen."
)


def card(reference: str | None = None, date: dt.date | None = None) -> Card:
    return Card.of(new_letter(reference=reference, date=date))


def misread(text: str, share: float, seed: int = 1) -> str:
    """A text in which some letters are others, as in a scan; its numbers stay."""
    chance = random.Random(seed)
    return "".join(chance.choice("ceornu") if c.isalpha() and chance.random() < share else c for c in text)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(BODY.upper(), id="capitals"),
        pytest.param(BODY.replace(" ", "\n"), id="other lines"),
        pytest.param("- " + BODY.replace(". ", ".\n2. "), id="marks of a list"),
        pytest.param(BODY.replace("bijzondere", "bijzon dere"), id="a word broken over lines"),
        pytest.param(f"“{BODY}”", id="quotation marks"),
    ],
)
def test_layout_makes_no_other_letter(other: str) -> None:
    assert digest_of_words(other) == digest_of_words(BODY)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(BODY.replace("graag van u", "graag niet van u"), id="a word more"),
        pytest.param(BODY.replace("nu niets", "nu iets"), id="a letter less"),
        pytest.param(BODY.replace("130", "135"), id="another number"),
    ],
)
def test_other_words_make_another_letter(other: str) -> None:
    assert digest_of_words(other) != digest_of_words(BODY)


def test_the_body_tells_a_letter_unless_it_is_short() -> None:
    assert (
        distinguishing_text(f"Kop van de brief\n\nGeacht college,\n\n{BODY}\n\nMet vriendelijke groet,\n\nAnna") == BODY
    )
    short = "Kop\n\nGeacht college,\n\nHierbij ons advies.\n\nMet vriendelijke groet,\n\nAnna"
    assert distinguishing_text(short) == short


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (card(), card(), True),
        (card("CRA 2020-02"), card("cra 2020/02"), True),
        (card("CRA 2020-02"), card(), True),
        (card("CRA 2020-02"), card("CRA 2020-03"), False),
        (card(date=dt.date(2020, 1, 1)), card(), True),
        (card(date=dt.date(2020, 1, 1)), card(date=dt.date(2020, 1, 2)), False),
    ],
)
def test_letters_that_say_otherwise_are_not_the_same(one: Card, other: Card, same: bool) -> None:
    assert may_be_same(one, other) is same is may_be_same(other, one)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        pytest.param(" ".join(reversed(BODY.split(". "))), True, id="another order"),
        pytest.param(BODY.replace("krijgen.", "krijgen.1"), True, id="the number of a note"),
        pytest.param(BODY.replace("bijzondere", "bijzon-\ndere"), True, id="a broken word"),
        pytest.param(
            BODY.replace("huishoudens", "4 huishoudens").replace("120", "8 120"), True, id="two small numbers more"
        ),
        pytest.param(
            BODY.replace("procent te", "5 procent te").replace("naar 130", "naar"), False, id="numbers on both sides"
        ),
        pytest.param(BODY.replace("graag van u", "graag niet van u"), False, id="a word more"),
    ],
)
def test_two_texts_with_the_same_words(other: str, same: bool) -> None:
    assert same_words(BODY, other) is same is same_words(other, BODY)


def test_letters_bear_the_same_when_one_thing_they_state_is_the_same() -> None:
    assert agree_on_identity(card("CRA 1"), card("cra-1"))
    assert agree_on_identity(card(date=dt.date(2020, 1, 1)), card("CRA 1", dt.date(2020, 1, 1)))
    assert not agree_on_identity(card(), card())
    assert not agree_on_identity(card("CRA 1", dt.date(2020, 1, 1)), card("CRA 2", dt.date(2020, 1, 1)))


def test_a_scan_is_the_letter_it_is_of() -> None:
    assert nearly_same(misread(BODY, 0.02), BODY)
    assert not nearly_same(misread(BODY, 0.3), BODY)
    assert not nearly_same(BODY.replace("1450", "7311").replace("1620", "8044").replace("2019", "2007"), BODY)


@given(st.text(alphabet="ab c", max_size=80))
def test_a_sketch_is_of_the_words_alone(text: str) -> None:
    assert sketch_of(text) == sketch_of(f" {text.upper()}\n")
    assert len(sketch_of(text)) <= 16


def test_nearly_the_same_texts_share_much_of_their_sketch() -> None:
    shared = set(sketch_of(misread(BODY, 0.01))) & set(sketch_of(BODY))
    assert len(shared) >= 4
    assert not set(sketch_of(BODY)) & set(sketch_of("Heel iets anders dan wat daar staat, en nog wat woorden meer."))
