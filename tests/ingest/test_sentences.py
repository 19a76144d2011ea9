"""Sentences of Dutch letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import sentence_spans


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "De heer J.W. van Heemsbergen is burgemeester.",
        "Dit staat in art. 18, lid 1, van de wet.",
        "Wij spraken mevr. De Vries en dhr. Jansen daarover.",
        "De brief van 13 oktober jl. gaat daarover.",
        "Dat geldt voor o.a. de huur, d.w.z. de kale huur.",
        "Op 1 okt. 2019 waren er 10.356 mensen in de bijstand.",
        "Het bedrag is € 1.250,50 per maand.",
        "Zij belden om 14.00 uur naar het 0900-nummer.",
        "De middelen c.q. instrumenten passen daarbij, t.w. de premie.",
        "Wij vragen dit i.v.m. de begroting voor 2022 e.v. aan u.",
        "Prof. dr. Edzes schreef daarover een rapport.",
        "Zie www.groningen.nl/werk voor meer.",
        "Wat is ‘rond’, en wie bepaalt dat?",
        "Hans Alderkamp, voorzitter a.i. van de raad, tekent.",
    ],
)
def test_one_sentence_stays_one(sentence: str) -> None:
    assert split(sentence) == [sentence]
    assert split(f"{sentence} Wij wachten af.") == [sentence, "Wij wachten af."]


@pytest.mark.parametrize(
    "parts",
    [
        ["Wij zijn tegen.", "Het college is voor."],
        ["Het college stelt: “De norm is dwingend recht. Er is geen ruimte.”", "Dat is niet juist."],
        ["Voor wie?", "Voor iedereen!"],
        ["Dat houdt geen kind vol.", "Wij vragen om een kortere rit."],
        ["Dat kost 225 euro.", "Wij vragen 250."],
        ["In 2016 waren er 186.", "Van hen slaagden er 59 niet."],
        ["Dat waren kosten voor kleding, boeken enz.", "Wij vinden dat veel."],
    ],
)
def test_sentences_are_parted(parts: list[str]) -> None:
    found = split(" ".join(parts))
    assert found[-1] == parts[-1]
    assert " ".join(found) == " ".join(parts)


@given(st.text(st.sampled_from(list("abc A.B!?:;”“‘’\n1€-")), max_size=120))
def test_every_word_is_in_one_sentence(text: str) -> None:
    begin = 0
    for start, end in sentence_spans(text):
        assert begin <= start < end
        assert not text[begin:start].strip()
        assert text[start:end] == text[start:end].strip()
        begin = end
    assert not text[begin:].strip()
