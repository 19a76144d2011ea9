"""Which passage of a reply treats what was asked, and what is said when none does."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ingest.letter_builder import letter_of, passages_of
from ingest.links.graph import Links
from ingest.passages import Sizes
from ingest.readers.registry import read_file
from ingest.requests.answers import AnsweredRequest, find_answers
from tests.ingest.archives import opened
from tests.ingest.documents import advice, reply
from vectorstore.analysis.dutch import Analyser
from vectorstore.analysis.expansion import Thesaurus
from vectorstore.store.store import FileRecord, Filing, Store

TREATED = {
    "Wij verzoeken u de wachttijd voor de schuldhulpverlening te verkorten.": "De wachttijd bij de schuldhulp is",
    "Wij adviseren u de taaleis niet in te voeren.": "Een taaltoets vragen wij voortaan",
    "Hoeveel inwoners krijgen een toeslag uit het woonlastenfonds?": "Uit het fonds voor woonlasten kregen",
    "Kunt u aangeven wanneer de inkomensgrens omhooggaat?": "De grens voor het inkomen bij minimaregelingen",
    "Wij pleiten voor huisbezoeken die vooraf worden aangekondigd.": "Onze handhavers komen alleen nog na een aankondiging",
    "Graag ontvangen we uw schriftelijke reactie op dit advies.": "Met deze brief reageren wij",
}
"""Requests, and how the paragraph that treats each begins."""

UNTREATED = [
    "Wij vragen u het spreekuur in de bibliotheek te heropenen.",
    "Wij adviseren u mantelzorgers een parkeervergunning te geven.",
    "Kunt u ons vertellen welke opleiding de nieuwe jobcoaches hebben gevolgd?",
    "Wij verzoeken u de brieven van de afdeling in eenvoudige taal te schrijven.",
]

REPLY = """Met deze brief reageren wij op uw advies. Wij danken de raad voor het vele werk dat daarin is gaan zitten.

De wachttijd bij de schuldhulp is in het afgelopen jaar gedaald van elf naar zes weken. Wij streven naar vier weken.

Een taaltoets vragen wij voortaan alleen nog bij twijfel. De wettelijke taaleis kunnen wij niet geheel laten vervallen.

Uit het fonds voor woonlasten kregen vorig jaar 412 inwoners een toeslag. Dat zijn er meer dan in het jaar daarvoor.

De grens voor het inkomen bij minimaregelingen gaat op 1 juli omhoog naar 130 procent van het sociaal minimum.

Onze handhavers komen alleen nog na een aankondiging. Een onverwacht huisbezoek blijft mogelijk bij ernstige signalen."""

TRANSPORT = """Wij danken u voor uw brief over het vervoer en de huishoudelijke hulp.

Vanaf 2024 kunnen inwoners met een Wmo-indicatie weer gebruikmaken van de regiotaxi zonder dat zij hoeven te reserveren.

Over de tarieven van de huishoudelijke ondersteuning onderhandelen wij met de zorgaanbieders. Een verlaging van de \
eigen bijdrage is wettelijk niet mogelijk.

Uw suggestie om een onafhankelijke cliëntondersteuner bij elk keukentafelgesprek aan te bieden nemen wij over."""


def put(store: Store, text: str, identifier: str) -> None:
    letter, stretches = letter_of(
        read_file("x.txt", text.encode()).blocks, identifier=identifier, source=f"{identifier}.txt", sha256=""
    )
    passages = passages_of(letter, stretches, "1", Sizes(least=5, enough=10, most=40))
    record = FileRecord(identifier, letter.source, letter.source, "", "1", passages=len(passages))
    store.put([Filing(record, letter, passages, np.ones((len(passages), 4), dtype=np.float32))])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path / "data") as made_here:
        put(made_here, advice("\n\n".join([*TREATED, *UNTREATED])), "asked")
        yield made_here


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


def answered(store: Store, analyser: Analyser) -> dict[str, AnsweredRequest]:
    """The answer to each request of the advice, by its words."""
    with contextlib.closing(Links(None)) as links:
        links.catch_up(store)
        letter = store.letter("asked")
        found = find_answers(letter, links, store, analyser, Thesaurus())
        return {letter.text[a.request.start : a.request.end]: a for a in found}


def test_the_passage_that_treats_a_request(store: Store, analyser: Analyser) -> None:
    put(store, reply(REPLY), "reply")
    found = answered(store, analyser)
    assert set(found) == {*TREATED, *UNTREATED}
    assert {answer.replies for answer in found.values()} == {("reply",)}
    for request, opening in TREATED.items():
        passage = found[request].passage
        assert passage is not None, request
        assert opening in passage.text, request


def test_a_reply_that_does_not_treat_a_request(store: Store, analyser: Analyser) -> None:
    put(store, reply(REPLY), "reply")
    found = answered(store, analyser)
    assert [request for request in UNTREATED if found[request].passage] == []


def test_no_reply_in_the_archive(store: Store, analyser: Analyser) -> None:
    put(store, reply(REPLY, theirs="CRV 2020-09"), "other")
    assert {(answer.replies, answer.passage) for answer in answered(store, analyser).values()} == {((), None)}


def test_replies_come_in_the_order_of_their_dates(store: Store, analyser: Analyser) -> None:
    put(store, reply(REPLY, date="3 mei 2021"), "a-later")
    put(store, reply("Wij komen later op uw advies terug.", date="3 maart 2020"), "b-first")
    assert {answer.replies for answer in answered(store, analyser).values()} == {("b-first", "a-later")}


def test_the_repeated_question_is_not_its_answer(store: Store, analyser: Analyser) -> None:
    asked = UNTREATED[0]
    put(store, reply(f"In uw advies schrijft u:\n\n“{asked}”\n\nDaar komen wij later op terug."), "reply")
    assert answered(store, analyser)[asked].passage is None


@pytest.mark.parametrize(
    ("text", "asked", "opening"),
    [
        (TRANSPORT, "Wij adviseren u de eigen bijdrage voor huishoudelijke hulp te verlagen.", "Over de tarieven"),
        (TRANSPORT, "Kunt u de reserveringstermijn van de regiotaxi schrappen?", "Vanaf 2024"),
        (TRANSPORT, "Wij vragen u bij elk keukentafelgesprek cliëntondersteuning aan te bieden.", "Uw suggestie"),
        (TRANSPORT, "Wij verzoeken u de scootmobielpool uit te breiden naar de dorpen.", None),
        (TRANSPORT, "Wij pleiten voor toegankelijke bushaltes bij zorgcentra.", None),
        (TRANSPORT, "Wij vragen u hoeveel inwoners met een Wmo-indicatie een woningaanpassing kregen.", None),
        (REPLY, "Wij verzoeken u de wachttijd voor een aanvraag van bijstand te verkorten.", None),
        (REPLY, "Hoeveel inwoners volgen op dit moment een taalcursus bij de gemeente?", None),
        (REPLY, "Wij adviseren u de handhavers een training te geven.", None),
        (REPLY, "Wij vragen om een ruimere vergoeding van de reiskosten.", None),
    ],
)
def test_what_a_reply_treats(store: Store, analyser: Analyser, text: str, asked: str, opening: str | None) -> None:
    put(store, advice(f"Het gaat ons om de inwoners van deze gemeente. {asked}"), "asked")
    put(store, reply(text), "reply")
    passage = answered(store, analyser)[asked].passage
    assert (passage is not None and (opening or "") in passage.text) == (opening is not None)
