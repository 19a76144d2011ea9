"""What a letter asks: which sentences are requests and which only look like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.requests.requests import requests_in
from tests.ingest.documents import advice, reply
from tests.ingest.metadata.test_extract import made
from tests.tables import assert_table
from vectorstore.letters import Letter, Voice

HERE = Path(__file__).parent


def asked(letter: Letter) -> list[str]:
    return [letter.text[request.start : request.end] for request in letter.requests]


def is_read(writer: str, asks: str, sentence: str) -> bool:
    before, write = ("Het gaat ons om de bijstand.", advice) if writer == "council" else ("Wij lazen uw brief.", reply)
    letter = made(write(f"{before} {sentence} Dat is voor ons van belang."))
    return asked(letter) == ([sentence] if asks == "yes" else [])


def test_sentences_that_ask_and_sentences_that_do_not() -> None:
    assert_table(HERE / "requests.tsv", is_read)


@pytest.mark.parametrize(
    "lead_in",
    [
        "Wij hebben de volgende vragen:",
        "Concreet adviseren wij u:",
        "Daarom verzoeken wij het college:",
        "Onze aanbevelingen zijn:",
        "Dit is nog niet uitgewerkt. Wij leggen u daarom graag deze vragen voor, met de volgende aandachtspunten:",
    ],
)
def test_each_item_of_a_list_is_a_request(lead_in: str) -> None:
    items = ["hoeveel mensen wachten nu op hulp", "het spreekuur in de wijk te houden", "wie betaalt de bewindvoerder?"]
    for mark in ("- ", "• ", "1. "):
        lines = [lead_in, *(f"{mark}{item}" for item in items), "", "Dat is voor ons van belang."]
        assert asked(made(advice("\n".join(lines)))) == items


def test_the_items_under_a_heading_that_says_so() -> None:
    letter = made(
        advice("Wij lazen de nota.\n\nAanbevelingen\n\n- Verkort de wachttijd.\n- Schaf de taaleis af.\n\nDat was het.")
    )
    assert asked(letter) == ["Verkort de wachttijd.", "Schaf de taaleis af."]


def test_the_items_of_another_are_no_requests() -> None:
    letter = made(
        advice("Het college noemt de volgende aandachtspunten:\n- de wachttijd\n- de taaleis\n\nDat was het.")
    )
    assert asked(letter) == []


def test_what_is_quoted_is_no_request_now() -> None:
    letter = made(
        advice("In ons advies van 3 mei 2016 schreven wij: “Wij verzoeken u de wachttijd te verkorten tot vier weken.”")
    )
    assert asked(letter) == []


def test_in_minutes_and_summaries_nobody_asks() -> None:
    assert asked(made("Verslag van de Cliëntenraad\n\n15 februari 2018\n\nWij verzoeken u de deur te sluiten.\n")) == []


def test_a_numbered_list_goes_on_after_a_paragraph_that_explains_an_item() -> None:
    letter = made(
        advice(
            "Onze aanbevelingen:\n\n1. een vast spreekuur\n\nDat was er vroeger ook.\n\n2. een lokaal telefoonnummer\n\nDat was het."
        )
    )
    assert asked(letter) == ["een vast spreekuur", "een lokaal telefoonnummer"]


@pytest.mark.parametrize(
    "after", ["\n\nDat was het.", "\nDat was het. Meer is er niet.", "\n\nVerdringing\n\nDat was het."]
)
def test_what_comes_after_a_list_is_no_item(after: str) -> None:
    letter = made(advice(f"Concreet adviseren wij u:\n- de wachttijd te verkorten;\n- de taaleis te schrappen.{after}"))
    assert asked(letter) == ["de wachttijd te verkorten;", "de taaleis te schrappen."]


def test_under_a_heading_that_says_advice_what_must_be_is_asked() -> None:
    letter = made(
        advice(
            "Het spreekuur moet elke week weg.\n\nAdvies\n\nHet spreekuur moet terugkomen. Wij missen het.\n\nTot slot\n\nHet moet wel lukken."
        )
    )
    assert asked(letter) == ["Het spreekuur moet terugkomen."]


def test_another_body_than_the_executive_asks_too() -> None:
    text = "Wilt u een vijfde dagdeel bepleiten? Hoeveel mensen er komen? Dat tellen wij."
    (request,) = requests_in(text, Voice.OTHER, (0, len(text)), ())
    assert text[request.start : request.end] == "Wilt u een vijfde dagdeel bepleiten?"
