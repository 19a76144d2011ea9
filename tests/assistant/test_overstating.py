"""Statements that say more than their passage: of other people, of all of them, always, as decided, in another unit, on another day."""

from __future__ import annotations

import datetime as dt

import pytest

from assistant.answers import Language, Statement
from assistant.assistant import Assistant
from assistant.citations import Verifier
from assistant.evidence import TextReader
from assistant.written import Claim, Dropped, Fault
from vectorstore.letters import DateBasis, Kind, Letter, Passage, Voice

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


def passage(name: str, text: str, author: Voice, date: dt.date, kind: Kind, subject: str) -> Passage:
    letter = Letter(
        id=name, text=text, source=f"{name}.txt", sha256="0" * 64, author=author, voice=author, date=date,
        date_basis=DateBasis.STATED, kind=kind, subject=subject,
    )  # fmt: skip
    return Passage(f"{name}-1-0", letter, 0, len(text))


OFFERED = {
    "a1": passage("advies", ADVICE, Voice.COUNCIL, dt.date(2019, 6, 4), Kind.ADVICE, "Advies over wonen en vervoer"),
    "r1": passage("reactie", REPLY, Voice.EXECUTIVE, dt.date(2019, 7, 9), Kind.REPLY, "Reactie op uw advies"),
}


@pytest.fixture(scope="module")
def verifier(assistant: Assistant) -> Verifier:
    return Verifier(assistant.archive, TextReader(assistant.archive.analyser))


def judged(verifier: Verifier, text: str, name: str, language: Language) -> list[Statement | Dropped]:
    return verifier.verified(Claim(text, (name,)), OFFERED, language)


def languages(texts: dict[str, tuple[str, str]]) -> list[object]:
    return [
        pytest.param(text, name, Language.ENGLISH if case.startswith("en ") else Language.DUTCH, id=case)
        for case, (name, text) in texts.items()
    ]


HONEST = {
    "the letter's group": ("a1", "De raad adviseert om jongeren tot 21 jaar een gratis buspas te geven."),
    "a synonym for the group": ("a1", "Volgens de raad mist een scholier door de bus soms de eerste les."),
    "a group the sentence before names": ("a1", "De raad vraagt voor mantelzorgers een avondspreekuur, twee keer per week."),
    "general people": ("a1", "De raad wil mensen met een koude woning een deken geven."),
    "a group in a list": ("a1", "De raad adviseert de reiskosten van vrijwilligers te betalen."),
    "some of them": ("a1", "Sommige verhuurders hebben volgens de raad de ramen vervangen."),
    "a number of them": ("a1", "Van de 40 huurders die de raad sprak, hadden er 22 een koude woning."),
    "at most": ("r1", "Een huurder kan ten hoogste 300 euro krijgen voor een nieuwe kachel."),
    "up to": ("r1", "Huurders kunnen een vergoeding tot 300 euro krijgen voor een nieuwe kachel."),
    "per month by another word": ("r1", "Een gezin met een minimuminkomen krijgt maandelijks 25 euro voor vervoer."),
    "per year": ("r1", "De huurcoach kost volgens het college 18.000 euro per jaar."),
    "it is considered": ("r1", "Het college overweegt een buspas in te voeren voor jongeren."),
    "it is usually so": ("r1", "De wachttijd voor kinderopvang is meestal zes weken."),
    "it may be": ("r1", "Wie niet op een afspraak verschijnt, kan een boete krijgen."),
    "all refused": ("r1", "Een volledige vergoeding voor elke huurder gaat het college te ver."),
    "date of its event": ("r1", "Op 12 februari 2019 stelde de gemeenteraad de woonvisie vast."),
    "date of the letter, written": ("r1", "In zijn brief van 9 juli 2019 schreef het college dat het een buspas overweegt."),
    "date of a plan": ("r1", "Op 1 oktober 2019 gaat er een avondloket open."),
    "some counters": ("r1", "Drie van de acht loketten gaan dicht."),
    "en the group": ("a1", "The council asks for an evening consultation for informal carers, twice a week."),
}  # fmt: skip

OTHER_GROUP = {
    "old for young": ("a1", "De raad adviseert om ouderen een gratis buspas te geven."),
    "parents of the young": ("a1", "De raad adviseert om de ouders van jongeren tot 21 jaar een gratis buspas te geven."),
    "fathers for parents": ("a1", "Alleenstaande vaders wachten nu gemiddeld negen weken op een plek in de kinderopvang."),
    "tenants for landlords": ("a1", "De raad adviseert studenten met een koude woning een deken te geven."),
    "carers for volunteers": ("a1", "De raad adviseert de reiskosten van mantelzorgers te betalen."),
    "shopkeepers for families": ("r1", "Een winkelier met een minimuminkomen ontvangt 25 euro per maand voor vervoer."),
    "en students": ("a1", "The council advises to give students up to the age of 21 a free bus pass."),
}  # fmt: skip

TOO_MUCH = {
    "all for some": ("a1", "Alle verhuurders hebben volgens de raad de ramen vervangen."),
    "all for a number": ("a1", "Alle huurders die de raad sprak, hadden een koude woning."),
    "all for three of eight": ("r1", "Alle loketten gaan dicht."),
    "always for sometimes": ("a1", "Een leerling mist door de bus altijd de eerste les."),
    "always for usually": ("r1", "De wachttijd voor kinderopvang is altijd zes weken."),
    "every for many": ("a1", "Elke mantelzorger heeft alleen in de avond tijd."),
    "decided for considered": ("r1", "Het college heeft besloten een buspas in te voeren voor jongeren."),
    "does for considers": ("r1", "Het college voert een buspas in voor jongeren."),
    "gets for may get": ("r1", "Wie niet op een afspraak verschijnt, krijgt een boete."),
    "gets always for may get": ("r1", "Wie niet op een afspraak verschijnt, krijgt altijd een boete."),
    "en decided for considered": ("r1", "The municipal executive has decided to introduce a bus pass for young people."),
    "en every for refused": ("r1", "Every tenant is fully reimbursed."),
}  # fmt: skip

OTHER_FIGURE = {
    "per month added": ("r1", "Een huurder kan ten hoogste 300 euro per maand krijgen voor een nieuwe kachel."),
    "per week for per month": ("r1", "Een gezin met een minimuminkomen ontvangt 25 euro per week voor vervoer."),
    "per month for per year": ("r1", "De huurcoach kost volgens het college 18.000 euro per maand."),
    "days for hours": ("a1", "De raad adviseert een huurcoach aan te stellen voor acht dagen per week."),
    "days for weeks": ("a1", "Alleenstaande ouders wachten nu gemiddeld negen dagen op een plek in de kinderopvang."),
    "number of a list": ("a1", "De raad adviseert een huurcoach aan te stellen voor twee dagen per week."),
    "at least for at most": ("r1", "Een huurder kan ten minste 300 euro krijgen voor een nieuwe kachel."),
}  # fmt: skip

OTHER_DATE = {
    "date of the letter for the event": ("r1", "De gemeenteraad stelde de woonvisie op 9 juli 2019 vast."),
    "date of another event": ("r1", "De gemeenteraad stelde de woonvisie vast op 1 oktober 2019."),
    "date of the plan": ("r1", "Op 12 februari 2019 gaat er een avondloket open."),
}  # fmt: skip


@pytest.mark.parametrize(("text", "name", "language"), languages(HONEST))
def test_what_the_passage_says_is_kept(verifier: Verifier, text: str, name: str, language: Language) -> None:
    [entry] = judged(verifier, text, name, language)
    assert isinstance(entry, Statement), entry


@pytest.mark.parametrize(("text", "name", "language"), languages(OTHER_GROUP))
def test_another_group_is_not_carried(verifier: Verifier, text: str, name: str, language: Language) -> None:
    assert judged(verifier, text, name, language) == [Dropped(text, Fault.UNSUPPORTED)]


@pytest.mark.parametrize(("text", "name", "language"), languages(TOO_MUCH))
def test_more_than_the_passage_says_is_not_carried(
    verifier: Verifier, text: str, name: str, language: Language
) -> None:
    [entry] = judged(verifier, text, name, language)
    assert isinstance(entry, Dropped)
    assert entry.fault in (Fault.UNSUPPORTED, Fault.NEGATION, Fault.NUMBER)


@pytest.mark.parametrize(("text", "name", "language"), languages(OTHER_FIGURE))
def test_another_unit_is_a_wrong_number(verifier: Verifier, text: str, name: str, language: Language) -> None:
    [entry] = judged(verifier, text, name, language)
    assert isinstance(entry, Dropped)
    assert entry.fault in (Fault.NUMBER, Fault.NEGATION)


@pytest.mark.parametrize(("text", "name", "language"), languages(OTHER_DATE))
def test_a_date_of_something_else_is_a_wrong_date(verifier: Verifier, text: str, name: str, language: Language) -> None:
    assert judged(verifier, text, name, language) == [Dropped(text, Fault.DATE)]
