"""What a letter asks: which sentences are requests and which only look like it."""

from __future__ import annotations

import pytest

from ingest.requests import requests_in
from vectorstore.letters import Letter, Voice

from .documents import advice, reply
from .test_anatomy import made


def asked(letter: Letter) -> list[str]:
    return [letter.text[request.start : request.end] for request in letter.requests]


COUNCIL_ASKS = [
    "Wij verzoeken u de wachttijd voor de schuldhulp te verkorten.",
    "Graag vernemen we uw reactie.",
    "Graag ontvangen we uw schriftelijke reactie op deze brief.",
    "Graag ontvangen wij binnen zes weken een antwoord op deze brief.",
    "De raad vraagt het college om de regeling opnieuw te bekijken.",
    "De Cliëntenraad vraagt u dringend om de aanvraag eenvoudiger te maken.",
    "Wij adviseren u de taaleis niet in te voeren.",
    "Wij adviseren het college dan ook om de inkomensgrens op te trekken naar 130%.",
    "Wij pleiten voor één loket waar inwoners met al hun vragen terechtkunnen.",
    "Daarom pleiten wij ervoor de eigen bijdrage af te schaffen.",
    "De Adviesraad Sociaal Domein beveelt u aan de brieven te laten toetsen door ervaringsdeskundigen.",
    "Op basis van welke criteria is dit besloten?",
    "Kunt u aangeven hoeveel mensen op de wachtlijst staan?",
    "Bent u bereid hierover met ons in gesprek te gaan?",
    "De Cliëntenraad vraagt zich af hoe het college aan dat aantal komt?",
    "Wij vragen ons af waarom de regeling niet is verlengd.",
    "We zien die toezegging dan ook graag terug in de verordening.",
    "Wij zouden graag zien dat de spreekuren terugkomen in de wijk.",
    "Wij willen u verzoeken de verordening aan te passen.",
    "Ten slotte willen wij u vragen ons tijdig te betrekken bij de evaluatie.",
    "De Cliëntenraad stelt daarom voor de twee regelingen samen te voegen.",
    "Wij dringen er bij u op aan de huisbezoeken aan te kondigen.",
    "Wij roepen het college op om het minimabeleid niet te versoberen.",
    "Ons advies is om eerst de proef af te wachten.",
    "Ons verzoek luidt: stel de invoering een jaar uit.",
    "Aanbeveling 3: zorg voor een vast contactpersoon.",
    "Wij zien uw reactie met belangstelling tegemoet.",
    "Met het oog op de begroting verzoeken wij u voor 1 oktober te reageren.",
    "Wij herhalen ons verzoek om de cijfers per wijk te geven.",
    "Wij verwachten dat u ons voortaan eerder betrekt.",
    "Het college informeert ons laat en daarom vragen wij u om een vaste termijn.",
    "Wij willen graag weten hoe u dit gaat meten.",
    "We horen graag van u wanneer de evaluatie klaar is.",
    "De Participatieraad verzoekt u het besluit te herzien.",
    "Wij geven u in overweging de proef uit te breiden.",
    "Het verdient aanbeveling de folder in eenvoudige taal te schrijven.",
    "Wij stellen voor om in het voorjaar samen te komen.",
    "Tot slot doen wij een dringend beroep op u om de regeling te handhaven.",
    "Kan de gemeente garanderen dat niemand zonder hulp komt te zitten?",
    "Het lijkt ons goed als u de brief laat herschrijven.",
    "De adviesraad adviseert positief, mits de eigen bijdrage niet stijgt.",
    "Wij vernemen graag hoe u hierover denkt.",
    "Wij ontvangen graag een afschrift van het onderzoek.",
    "Ons voorstel is om een proef te houden in één wijk.",
    "Neem in de verordening op dat cliënten een vaste begeleider krijgen.",
    "Wij zouden het op prijs stellen als u ons hierover informeert.",
    "Betrek ons bij de keuze van de aanbieder.",
    "Gaarne vernemen wij uw standpunt.",
    "Onze oproep aan het college: houd de buurthuizen open.",
    "Wij raden u aan eerst met de huisartsen te overleggen.",
    "De Wmo-raad pleit er daarom voor het tarief te bevriezen.",
    "Daarom adviseert de Adviesraad Sociaal Domein het college om te wachten.",
    "Wij vragen aandacht voor de positie van mantelzorgers.",
    "Welke maatregelen neemt u om dit te voorkomen?",
    "Zou u ons de cijfers kunnen toesturen?",
    "Het college zou de inwoners beter moeten informeren.",
    "Wij stellen een kindbedrag voor van 75 euro.",
    "Wij stellen voor iedereen een premie van 500 euro voor.",
    "Het zou goed zijn als daar hulp bij komt.",
    "En het zou fijn zijn wanneer dat ook in het weekend kan.",
    "Het Platform bepleit een beslissing binnen tien werkdagen.",
    "Wij rekenen erop dat u daarvoor geld reserveert.",
    "Sluit geen wijkbalie voordat is onderzocht wie er komt.",
    "Betaal de uitkering altijd op tijd.",
    "Trek de verordening in en begin opnieuw.",
    "Begin op tijd met de voorbereiding.",
    "Wij hebben dat niet gezien en vragen u wanneer het komt.",
    "Wij vragen het nu voor de derde keer.",
    "Wij achten het wenselijk dat de termijn wordt verlengd.",
    "Wij zouden het waarderen als de wethouder langskomt.",
    "Daarnaast vragen wij de directie om een vast spreekuur.",
]
COUNCIL_DOES_NOT_ASK = [
    "Graag vragen wij uw aandacht voor het volgende.",
    "Mocht u nog vragen hebben, dan kunt u contact opnemen met de secretaris.",
    "Heeft u nog vragen?",
    "Voor vragen kunt u terecht bij onze secretaris.",
    "Wij vertrouwen erop u hiermee voldoende te hebben geïnformeerd.",
    "Neem gerust contact met ons op.",
    "Wij gaan graag met u in gesprek.",
    "Wij zijn graag bereid tot een toelichting.",
    "In 2018 adviseerden wij u de wachttijd te verkorten.",
    "Wij hebben u eerder gevraagd om een evaluatie.",
    "Het college vraagt de inwoners om begrip.",
    "De gemeente vraagt ons binnen een week te reageren.",
    "Wij kunnen instemmen met de voorgestelde verordening.",
    "Toch houden wij vragen over de uitvoering van de plannen.",
    "De invulling roept bij ons de nodige vragen op.",
    "We zouden niet graag zien dat ouderen daardoor thuis blijven zitten.",
    "We hadden in deze nota graag gelezen wat er met de dagopvang gebeurt.",
    "Wij vinden dat reizen betaalbaar moet zijn.",
    "Cliënten vragen om duidelijkheid en die krijgen zij niet.",
    "Wij begrijpen niet dat het college de regeling wil versoberen.",
    "Wij vragen onze achterban om ervaringen met het nieuwe loket.",
    "De Cliëntenraad adviseert al twintig jaar over de bijstand.",
    "Volgens het college is het advies overgenomen.",
    "Hiermee stellen wij vast dat er voor inwoners weinig verandert.",
    "Dit advies gaat uit van de versie van 3 maart.",
    "Wij danken u voor de prettige samenwerking.",
    "Wij kunnen hierover geen advies uitbrengen.",
    "Wij hopen u hiermee van dienst te zijn geweest.",
    "U kunt de nota vinden op onze website.",
    "Wij adviseerden eerder al over dit onderwerp.",
    "De vraag naar hulp neemt toe.",
    "Onze adviezen worden zelden overgenomen.",
    "Wij hebben met belangstelling kennisgenomen van de nota.",
    "Veel inwoners vragen zich af waar zij terechtkunnen.",
    "De gemeente vraagt inwoners om een eigen bijdrage.",
    "Wij stellen het op prijs dat u ons hebt betrokken.",
    "Graag lichten wij dit advies mondeling toe.",
    "Wij blijven u graag adviseren.",
    "Dat is een vraag die wij niet kunnen beantwoorden.",
    "De wethouder verzocht ons om advies.",
    "Het college verwacht dat wij snel reageren.",
    "Wij zien dat de wachttijd oploopt.",
    "Wij willen benadrukken dat wij het doel steunen.",
    "Wij weten dat de middelen beperkt zijn.",
    "Wij lezen in de nota dat er een meldpunt komt.",
    "Wij zijn blij met de toezegging van de wethouder.",
    "Zie voor de vragen de bijlage bij deze brief.",
    "Laat staan dat dit als onwil wordt gezien.",
    "Onderzoek in andere gemeenten laat zien dat het effect klein is.",
    "Iedere week moeten wij iemand vragen om later terug te komen.",
    "Met dit advies willen wij u laten weten wat onze achterban raakt.",
    "Uit eigen beweging adviseren wij u over de manier waarop dit gaat.",
    "Dat het college haast heeft, kunnen wij ons voorstellen.",
    "Alleen zo kunnen wij zien of het beter gaat.",
    "Wat is rond?",
    "Stel dat de huur stijgt, dan is er niets meer over.",
    "Onderzoek wijst uit dat de helft niets aanvraagt.",
]
EXECUTIVE_ASKS = [
    "Wij vragen u om advies over de nieuwe verordening.",
    "Graag ontvangen wij uw advies voor 1 mei.",
    "Het college verzoekt u voor 1 juni te reageren.",
    "Wilt u ons laten weten of u hiermee akkoord gaat?",
]
EXECUTIVE_DOES_NOT_ASK = [
    "U vraagt ons om de wachttijd te verkorten.",
    "Uw raad adviseert het college om de grens te verhogen.",
    "Wij nemen uw advies over.",
    "In uw brief vraagt u naar de cijfers per wijk.",
    "Wij vragen de minister om meer geld.",
    "Hebt u nog vragen over deze brief?",
]


@pytest.mark.parametrize("sentence", COUNCIL_ASKS)
def test_a_sentence_in_which_the_council_asks_something(sentence: str) -> None:
    assert asked(made(advice(f"Het gaat ons om de bijstand. {sentence} Dat is voor ons van belang."))) == [sentence]


@pytest.mark.parametrize("sentence", COUNCIL_DOES_NOT_ASK)
def test_a_sentence_in_which_the_council_asks_nothing(sentence: str) -> None:
    assert asked(made(advice(f"Het gaat ons om de bijstand. {sentence} Dat is voor ons van belang."))) == []


@pytest.mark.parametrize("sentence", EXECUTIVE_ASKS)
def test_a_sentence_in_which_the_executive_asks_something(sentence: str) -> None:
    assert asked(made(reply(f"Wij lazen uw brief. {sentence} Dat is voor ons van belang."))) == [sentence]


@pytest.mark.parametrize("sentence", EXECUTIVE_DOES_NOT_ASK)
def test_a_sentence_in_which_the_executive_asks_nothing(sentence: str) -> None:
    assert asked(made(reply(f"Wij lazen uw brief. {sentence} Dat is voor ons van belang."))) == []


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
@pytest.mark.parametrize("mark", ["- ", "• ", "1. "])
def test_each_item_of_a_list_is_a_request(lead_in: str, mark: str) -> None:
    items = ["hoeveel mensen wachten nu op hulp", "het spreekuur in de wijk te houden", "wie betaalt de bewindvoerder?"]
    letter = made(advice("\n".join([lead_in, *(f"{mark}{item}" for item in items), "", "Dat is voor ons van belang."])))
    assert asked(letter) == items


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
