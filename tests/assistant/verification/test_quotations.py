"""Finding quoted words in a letter."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.verification.quotations import closed, find, stretches_in, whole, without
from tests.tables import assert_table, items
from vectorstore.analysis.dutch import Analyser

HERE = Path(__file__).parent


LETTER = (
    "Tijdens onze spreek-\n  uren zagen wij 43 mensen. Wij vinden – eerlijk gezegd – dat de huur\nte hoog is, en zo’n verhoging"
    " is niet uit te leggen! De cliënten\xadraad adviseert geen korting toe te passen, want de gemeenten betalen € 1.250,50."
)


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


def test_words_are_found_as_the_letter_has_them(analyser: Analyser) -> None:
    """The table has the letter's words without its soft hyphen and line ends, which nobody sees in it."""

    def is_found(case: str, words: str, found: str) -> bool:
        span = find(words, LETTER, analyser.is_listed)
        return (LETTER[slice(*span)].replace("\n", " ").replace("\xad", "") if span else "") == found

    assert_table(HERE / "found_words.tsv", is_found)


def test_stretches_between_quotation_marks() -> None:
    assert_table(
        HERE / "stretches.tsv", lambda text, words: [stretch.words for stretch in stretches_in(text)] == items(words)
    )


def test_what_is_quoted_can_be_taken_out() -> None:
    text = "Zij zegt “ja” en “nee”."
    assert without(text, stretches_in(text), "…") == "Zij zegt … en …."


def test_a_quotation_does_not_leave_its_denial_out() -> None:
    def is_grown(letter: str, quoted: str, denied: str, grown: str) -> bool:
        start = letter.index(quoted)
        span = whole(letter, start, start + len(quoted), denied=denied == "yes")
        return (letter[slice(*span)] if span else "") == grown

    assert_table(HERE / "denied_quotes.tsv", is_grown)


def test_what_closes_a_quotation_is_the_letters() -> None:
    def is_closed(letter: str, words: str, whole: str) -> bool:
        span = find(words, letter, lambda _: True)
        return span is not None and letter[span[0] : closed(letter, span[1], words)] == whole

    assert_table(HERE / "closings.tsv", is_closed)


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
