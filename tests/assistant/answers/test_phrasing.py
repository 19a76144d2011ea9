"""The words around a quotation say who wrote the letter and whose words are quoted, and never more than is known."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from assistant.answers.answer import Language
from assistant.answers.phrasing import Phrasing
from tests.letters import new_letter, new_passage
from vectorstore.letters import Citation, DateBasis, Kind, Precision, Utterance, Voice

TEXT = "De nota noemt drie plannen. Wij geven geen oordeel."
REMARK = TEXT.index("Wij")
COUNCIL, EXECUTIVE = Voice.COUNCIL, Voice.EXECUTIVE


def cited(start: int = 0, **fields: Any) -> Citation:
    letter = new_letter(TEXT, **{"author": COUNCIL} | fields)
    return Citation(new_passage(letter), start, len(TEXT) if start else REMARK - 1)


def said(citation: Citation, language: Language = Language.DUTCH) -> str:
    return Phrasing(language).statement(citation, None, heads=False)


@pytest.mark.parametrize(
    ("citation", "words"),
    [
        pytest.param(cited(), "schrijft de Cliëntenraad", id="a letter of the council"),
        pytest.param(cited(kind=Kind.SUMMARY, voice=EXECUTIVE), "over een stuk van het college", id="a summary"),
        pytest.param(
            cited(REMARK, kind=Kind.SUMMARY, voice=EXECUTIVE, utterances=(Utterance(REMARK, len(TEXT), COUNCIL),)),
            "schrijft de Cliëntenraad",
            id="a remark of the council in its summary",
        ),
        pytest.param(cited(kind=Kind.MINUTES, voice=Voice.UNKNOWN), "staat: “De nota", id="minutes"),
        pytest.param(
            cited(kind=Kind.MINUTES, voice=Voice.UNKNOWN, utterances=(Utterance(0, REMARK - 1, EXECUTIVE),)),
            "als woorden van het college",
            id="words in minutes",
        ),
        pytest.param(cited(utterances=(Utterance(0, REMARK - 1, EXECUTIVE),)), "weer wat het college", id="reported"),
        pytest.param(cited(utterances=(Utterance(0, REMARK - 1, Voice.UNKNOWN),)), "zonder te zeggen wie", id="nobody"),
        pytest.param(
            cited(utterances=(Utterance(0, REMARK - 1, COUNCIL, "ons advies van 3 mei 2019"),)),
            "eigen eerdere woorden aan, uit “ons advies van 3 mei 2019”",
            id="its own words",
        ),
    ],
)
def test_who_speaks(citation: Citation, words: str) -> None:
    assert words in said(citation)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"date_basis": DateBasis.STATED}, "van 1 mei 2019 "),
        ({"date_basis": DateBasis.STATED, "date_precision": Precision.MONTH}, "van mei 2019 "),
        ({"date_basis": DateBasis.STATED, "date_precision": Precision.YEAR}, "van 2019 "),
        ({"date_basis": DateBasis.INFERRED}, "(datum afgeleid uit een andere brief)"),
        ({"date_basis": DateBasis.FILE, "filed": dt.date(2019, 5, 1)}, "(datum van het bestand)"),
    ],
)
def test_a_date_is_given_as_far_as_it_is_known(fields: dict[str, Any], words: str) -> None:
    assert words in said(cited(date=dt.date(2019, 5, 1), reference="CRA 1", **fields))
