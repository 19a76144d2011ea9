"""Who speaks in sentences by themselves: how often it is right, and each order of the words once."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.speakers.lead_ins import quoted_speaker, said_afterwards
from ingest.speakers.participants import Sides
from ingest.speakers.reported_speech import goes_on, refers_back, reported_speaker
from vectorstore.letters import Voice

VOICES = {"C": Voice.COUNCIL, "E": Voice.EXECUTIVE, "O": Voice.OTHER}
SIDES = {
    "C": Sides(voice=Voice.COUNCIL, author=Voice.COUNCIL, addressed=Voice.EXECUTIVE),
    "E": Sides(voice=Voice.EXECUTIVE, author=Voice.EXECUTIVE, addressed=Voice.COUNCIL),
}
SENTENCES = Path(__file__).with_name("sentences.tsv")


def test_how_often_it_is_right_in_sentences_that_no_rule_was_written_on() -> None:
    rows = [line.split("\t") for line in SENTENCES.read_text("utf-8").splitlines() if line[0] != "#"]
    right = sum((reported_speaker(sentence, SIDES[by]) or VOICES[by]) is VOICES[true] for by, true, sentence in rows)
    assert len(rows) >= 60
    assert right / len(rows) >= 0.95


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("Het college stelt dat het loket open blijft.", Voice.EXECUTIVE),
        ("Daarom wijst het college er in zijn brief nogmaals op dat het loket open blijft.", Voice.EXECUTIVE),
        ("Het loket blijft volgens het college open.", Voice.EXECUTIVE),
        ("Zoals de wethouder eerder aangaf, blijft het loket open.", Voice.EXECUTIVE),
        ("Het loket blijft het hele jaar open, aldus de wethouder.", Voice.EXECUTIVE),
        ("In de ogen van de gemeente is dat genoeg.", Voice.EXECUTIVE),
        ("Het standpunt van het college luidt dat dit genoeg is.", Voice.EXECUTIVE),
        ("Het college doet naar eigen zeggen genoeg.", Voice.EXECUTIVE),
        ("Door de gemeente is toegezegd dat het loket open blijft.", Voice.EXECUTIVE),
        ("waarbij het college aangeeft dat dit genoeg is.", Voice.EXECUTIVE),
        ("Een bezoeker van het loket vertelde dat zij lang moest wachten.", Voice.OTHER),
        ("Een bezoeker van het loket vindt dat zij lang moest wachten.", None),
        ("Het college geeft de sleutel aan de buren.", None),
        ("Wij begrijpen niet dat het college stelt dat dit genoeg is.", None),
    ],
)
def test_each_order_of_the_words(sentence: str, speaker: Voice | None) -> None:
    assert reported_speaker(sentence, SIDES["C"]) is speaker


@pytest.mark.parametrize(
    "sentence",
    [
        "U schrijft dat het loket open blijft.",
        "Daarbij wijst u er terecht op dat het loket open blijft.",
        "Volgens u blijft het loket open.",
        "Naar uw mening is dat genoeg.",
        "In uw brief staat dat het loket open blijft.",
        "Wij hoorden u in de vergadering zeggen dat het loket open blijft.",
        "In mei beloofde je ons een antwoord.",
    ],
)
def test_who_is_written_to_may_be_the_one_who_speaks(sentence: str) -> None:
    assert reported_speaker(sentence, SIDES["C"]) is Voice.EXECUTIVE


def test_a_speaker_is_gone_back_to() -> None:
    assert refers_back("Later liet zij weten dat er geen geld is.")
    assert not refers_back("Later kwam zij terug.")
    assert goes_on("Het zou daarbij gaan om veertig gezinnen.", Voice.EXECUTIVE, SIDES["C"])


def test_a_lead_in_names_whose_words_follow() -> None:
    assert quoted_speaker("De wethouder zei daarover:", SIDES["C"], None) == (Voice.EXECUTIVE, None)
    assert quoted_speaker("Een lid van ons leespanel schreef ons:", SIDES["C"], None) == (Voice.OTHER, None)
    assert quoted_speaker("Wij hebben het college gevraagd:", SIDES["C"], None)[0] is not Voice.OTHER
    assert said_afterwards("”, aldus de wethouder.", 1, 22) == "aldus de wethouder"
    assert said_afterwards("” Zo kijken wij er niet meer naar.", 1, 34) is None
