"""Finding quoted words in a letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.quotations import closed, find, stretches_in, whole, without
from vectorstore.dutch import Analyser

LETTER = (
    "Tijdens onze spreek-\n  uren zagen wij 43 mensen. Wij vinden – eerlijk gezegd – dat de huur\nte hoog is, en zo’n verhoging"
    " is niet uit te leggen! De cliënten\xadraad adviseert geen korting toe te passen, want de gemeenten betalen € 1.250,50."
)


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("dat de huur te hoog is", "dat de huur\nte hoog is", id="white space"),
        pytest.param("DAT DE HUUR te hoog is", "dat de huur\nte hoog is", id="case"),
        pytest.param("onze spreekuren zagen", "onze spreek-\n  uren zagen", id="hyphen of a broken line"),
        pytest.param("De cliëntenraad adviseert", "De cliënten\xadraad adviseert", id="soft hyphen"),
        pytest.param("zo'n verhoging", "zo’n verhoging", id="apostrophe"),
        pytest.param("Wij vinden, eerlijk gezegd, dat", "Wij vinden – eerlijk gezegd – dat", id="punctuation"),
        pytest.param("…zagen wij 43 mensen…", "zagen wij 43 mensen", id="dots at both ends"),
        pytest.param("De clientenraad adviseert", "De cliënten\xadraad adviseert", id="accents"),
        pytest.param("adviseert geen kortingg toe te passen", "adviseert geen korting toe te passen", id="slip of the pen"),
        pytest.param("adviseert geen kortingen toe te passen", None, id="another form of a word"),
        pytest.param("want de gemeente betalen", None, id="one letter less and another word"),
        pytest.param("adviseert een korting toe te passen", None, id="geen to een"),
        pytest.param("zagen wij 44 mensen", None, id="number"),
        pytest.param("dat de huur hoog is", None, id="word left out"),
        pytest.param("dat de huur veel te hoog is", None, id="word put in"),
        pytest.param("Wij vinden dat de huur te hoog is", None, id="words in between left out"),
        pytest.param("uur te hoog", None, id="end of a word"),
        pytest.param("…", None, id="no words"),
    ],
)  # fmt: skip
def test_words_are_found_as_the_letter_has_them(analyser: Analyser, words: str, found: str | None) -> None:
    span = find(words, LETTER, analyser.listed)
    assert (LETTER[slice(*span)] if span else None) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("De raad zei: “een ‘echt’ plan” en meer", ["een ‘echt’ plan"]),
        ('Hij noemt het "goed" en «best».', ["goed", "best"]),
        ("Volgens ‘Samen Verder’ is zo’n plan goed", ["Samen Verder"]),
        ("Dat is 's avonds zo'n ding, foto's en al", []),
        ("De raad zei: “het begint", ["het begint"]),
        ("Leeg “” en “ … ”", []),
    ],
)
def test_stretches_between_quotation_marks(text: str, words: list[str]) -> None:
    assert [stretch.words for stretch in stretches_in(text)] == words


def test_what_is_quoted_can_be_taken_out() -> None:
    text = "Zij zegt “ja” en “nee”."
    assert without(text, stretches_in(text), "…") == "Zij zegt … en …."


@pytest.mark.parametrize(
    ("letter", "quoted", "denied", "grown"),
    [
        ("Wij willen de bijdrage voor iedereen niet, zei hij.", "Wij willen de bijdrage voor", False, None),
        ("Wij willen niet dat de bijdrage stijgt.", "dat de bijdrage stijgt", False, "Wij willen niet dat de bijdrage stijgt"),
        ("Wij willen niet dat de bijdrage stijgt.", "dat de bijdrage stijgt", True, "dat de bijdrage stijgt"),
        ("Wij willen de bijdrage niet, wel de korting voor ouders.", "wel de korting voor ouders", False, "wel de korting voor ouders"),
        ("Geen nieuwe bijdrage", "nieuwe bijdrage", False, "nieuwe bijdrage"),
        ("Niet een twee drie vier vijf zes zeven acht negen of de bijdrage stijgt", "of de bijdrage stijgt", False, None),
    ],
)  # fmt: skip
def test_a_quotation_does_not_leave_its_denial_out(letter: str, quoted: str, denied: bool, grown: str | None) -> None:
    start = letter.index(quoted)
    span = whole(letter, start, start + len(quoted), denied=denied)
    assert (letter[slice(*span)] if span else None) == grown


@pytest.mark.parametrize(
    ("letter", "words", "whole"),
    [
        (
            "Dit is het advies (kenmerk 2017-02). Meer.",
            "het advies (kenmerk 2017-02).",
            "het advies (kenmerk 2017-02).",
        ),
        ("Dit is het advies (kenmerk 2017-02). Meer.", "het advies (kenmerk 2017-02", "het advies (kenmerk 2017-02"),
        ("Kan dat? Ja.", "Kan dat?", "Kan dat?"),
        ("Kan dat, vraagt hij.", "Kan dat?", "Kan dat"),
    ],
)
def test_what_closes_a_quotation_is_the_letters(letter: str, words: str, whole: str) -> None:
    span = find(words, letter, lambda _: True)
    assert span is not None
    assert letter[span[0] : closed(letter, span[1], words)] == whole


@given(words=st.text(max_size=60), text=st.text(max_size=200))
def test_what_is_found_lies_in_the_text(words: str, text: str) -> None:
    span = find(words, text, lambda _: False)
    assert span is None or 0 <= span[0] < span[1] <= len(text)


@given(start=st.integers(0, 30), count=st.integers(1, 20))
def test_every_row_of_words_of_a_letter_is_found(start: int, count: int) -> None:
    words = LETTER.split()[start : start + count]
    span = find(" ".join(words), LETTER, lambda _: True)
    assert (
        span is not None
        or not any(letter.isalnum() for letter in "".join(words))
        or words[0] == "uren"
        or words[-1] == "spreek-"
    )
