"""Statements that say more than their passage: of other people, of all of them, always, as decided, in another unit, on another day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from assistant.answers.answer import Language, Statement
from assistant.answers.written_answer import Claim
from assistant.assistant import Assistant
from assistant.evidence.coverage import TextReader
from assistant.verification.verifier import Verifier
from tests.letters import new_letter, new_passage
from tests.tables import assert_table, items
from vectorstore.letters import Kind, Voice

HERE = Path(__file__).parent


ADVICE = """Wij adviseren u om jongeren tot 21 jaar een gratis buspas te geven. Alleenstaande ouders wachten nu gemiddeld negen weken op een plek in de kinderopvang.

Van de 40 huurders die wij spraken hadden 22 een koude woning. Sommige verhuurders hebben de ramen vervangen. Een leerling mist door de bus soms de eerste les.

Veel mantelzorgers hebben alleen in de avond tijd. Wij vragen u om voor hen een avondspreekuur te openen, twee keer per week.

In onze brief van 3 maart 2019 vroegen wij om een meldpunt voor kapotte liften. Op 14 mei 2019 is het meldpunt geopend.

Wij adviseren u dus:
1. geef huurders met een koude woning een deken;
2. stel een huurcoach aan voor acht uur per week;
3. betaal de reiskosten van vrijwilligers.
"""

REPLY = """Wij overwegen een buspas in te voeren voor jongeren. De kosten daarvan onderzoeken wij in het najaar.

Een huurder kan bij het fonds een vergoeding krijgen van ten hoogste 300 euro voor een nieuwe kachel. Een gezin met een minimuminkomen ontvangt 25 euro per maand voor vervoer. De huurcoach kost 18.000 euro per jaar.

Wie niet op een afspraak verschijnt, kan een boete krijgen. De wachttijd voor kinderopvang is meestal zes weken. Volledige vergoeding voor elke huurder gaat ons te ver.

De gemeenteraad heeft de woonvisie op 12 februari 2019 vastgesteld. Op 1 oktober 2019 openen wij een avondloket. Drie van de acht loketten gaan dicht.
"""


OFFERED = {
    "a1": new_passage(
        new_letter(
            ADVICE,
            author=Voice.COUNCIL,
            date=dt.date(2019, 6, 4),
            kind=Kind.ADVICE,
            subject="Advies over wonen en vervoer",
        )
    ),
    "r1": new_passage(
        new_letter(
            REPLY,
            author=Voice.EXECUTIVE,
            date=dt.date(2019, 7, 9),
            kind=Kind.REPLY,
            subject="Reactie op uw advies",
            id="r",
        ),
        id="r",
    ),
}


@pytest.fixture(scope="module")
def verifier(assistant: Assistant) -> Verifier:
    return Verifier(assistant.archive, TextReader(assistant.archive.analyser))


def test_what_the_passage_says_is_kept_and_more_is_not(verifier: Verifier) -> None:
    def is_judged(case: str, language: str, passage: str, faults: str, text: str) -> bool:
        [entry] = verifier.verified(Claim(text, (passage,)), OFFERED, Language(language))
        if isinstance(entry, Statement):
            return not faults
        return entry.text == text and entry.fault in items(faults)

    assert_table(HERE / "overstatements.tsv", is_judged)
