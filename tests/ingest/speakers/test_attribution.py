"""Who speaks in each sentence and quotation of letters of different councils, all of them fictional.

In a body `{E|…}` is said by the executive, `{C|…}` by the council, `{O|…}` by another, `{U|…}` by nobody that can be told. A
paragraph that begins with `§` is set apart in the layout.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest

from ingest.letter_builder import letter_of
from ingest.readers.document import BlockKind
from ingest.readers.registry import read_file
from tests.ingest.documents import advice, reply
from tests.ingest.spoken import HANDS, heard_in, precision, recall
from vectorstore.letters import Letter, Voice

VOICES = {"E": Voice.EXECUTIVE, "C": Voice.COUNCIL, "O": Voice.OTHER, "U": Voice.UNKNOWN}
_LABELLED = re.compile(r"\{([ECOU])\|([^}]*)\}")

BY_COUNCIL = {
    "own view of a plan": "{C|De Cliëntenraad vindt het plan een goede stap.} {C|De Cliëntenraad vindt het Fietsenplan te mager.}",
    "volgens": "{E|Volgens het college is de wachttijd gedaald.} {C|Wij merken daar in de praktijk weinig van.}",
    "volgens midden": "{E|De wachttijd is volgens de gemeente Oevermeer gedaald tot zes weken.} {C|Dat is nog steeds te lang.}",
    "volgens de wet": "{C|Volgens de Participatiewet moet een besluit binnen acht weken genomen zijn.}",
    "volgens ons": "{C|Volgens ons kan dat sneller en ook goedkoper.}",
    "subject first": "{E|Het college stelt dat de dienstverlening op orde is.} {E|De wethouder gaf aan dat er geen geld meer is.}",
    "named alderman": "{E|Wethouder De Bruin schrijft dat de proef geslaagd is.} {C|Wij kennen de cijfers nog niet.}",
    "inverted": "{E|Ook meent het college dat de regeling te ruim is.} {E|Daarnaast wijst de gemeente erop dat het Rijk kort.}",
    "long opening": "{E|In de toelichting op de plannen voor wonen & zorg stelt het college dat zij iedereen bereikt.}",
    "afterwards": "{E|De proef is een succes, aldus de wethouder.} {E|De kosten vallen mee, zo stelt het college.}",
    "endorsed": "{E|Terecht stelt het college dat taal de sleutel is.} {C|Des te vreemder is het dat het college de cursussen schrapt.}",
    "contested": "{C|Wij begrijpen niet dat het college stelt dat niemand erop achteruitgaat.}",
    "asked": "{C|De Cliëntenraad vraagt zich af waarom de gemeente meent dat dit volstaat.} {C|Waarom stelt het college dat?}",
    "strange": "{C|Het bevreemdt ons dat de wethouder zegt dat er overleg is geweest.}",
    "condition": "{C|Als het college meent dat dit volstaat, dan vergist het zich.}",
    "open option": "{C|Het college houdt zo de deur open voor hogere tarieven.} {C|De gemeente heeft ons te laat geïnformeerd.}",
    "money": "{C|Het college stelt daarvoor twee ton beschikbaar.} {C|De gemeente stelt de grens op 130 procent vast.}",
    "takes place": "{C|In de gemeente vindt volgende maand een evaluatie plaats.} {C|Het college geeft geen antwoord op onze vraag.}",
    "silent": "{C|Het college noemt de wachtlijst niet.} {C|De gemeente zegt niets over de kosten.}",
    "expects of us": "{C|Het college verwacht van ons dat we voor de zomer met een oordeel komen.}",
    "expects": "{E|De gemeente verwacht dat het tekort oploopt tot drie miljoen.} {C|Wij delen die zorg.}",
    "choice": "{C|In plaats van ruimere openingstijden kiest het college voor een telefonisch menu.}",
    "wants": "{C|Het college wil intussen ook de bibliotheekbus laten vervallen.}",
    "proposal": "{E|Het college stelt voor om de dagopvang bij een stichting onder te brengen.} {C|Dat lijkt ons onverstandig.}",
    "continued": "{E|Volgens de gemeente zijn er gezinnen die niets aanvragen.} {E|Het zou daarbij gaan om ongeveer veertig gezinnen.} {C|Wij denken dat het er meer zijn.}",
    "pronoun": "{E|De wethouder gaf aan dat de middelen op zijn.} {E|Zij zei ook dat er in het najaar een nieuwe nota komt.} {C|Wij wachten die af.}",
    "no report": "{C|Het programma zou daarbij beter aansluiten op de wijk.} {C|Zij die het treft, hebben geen stem.}",
    "but we": "{E|Het college stelt dat de wachttijd flink is gedaald}, {C|maar wij horen van onze achterban dat er niets veranderd is.}",
    "list": "Het college noemt drie redenen:\n- {E|de kosten van de regeling zijn te hoog}\n- {E|het beroep erop is te klein}\n- {E|de uitvoering kost te veel tijd}\n\n{C|Wij vinden geen van die redenen overtuigend.}",
    "own list": "{C|Wij noemen drie punten van zorg:}\n- {C|de kosten voor de inwoners}\n- {C|de lange wachttijd bij het loket}",
    "the ministry": "{O|Volgens de staatssecretaris moeten gemeenten maatwerk leveren.} {O|Het Nibud stelt dat een gezin 300 euro tekortkomt.}",
    "the judge": "{O|De Centrale Raad van Beroep oordeelde dat dit niet mag.} {C|Dat geldt dus ook hier.}",
    "your letter": "{E|In uw brief van 3 mei schrijft u dat de proef wordt verlengd.} {E|U stelt dat er geen wachtlijst is.} {C|Dat verheugt ons.}",
    "you say further": "{E|U geeft aan dat de evaluatie vertraagd is.} {C|Wij vragen u haast te maken.} {C|U kunt op ons rekenen.}",
    "opinion of": "{E|Naar de mening van het college is de eigen bijdrage redelijk.} {E|De gemeente is van oordeel dat de regels helder zijn.}",
    "standpoint": "{E|Het standpunt van het college is dat iedereen zelf moet bellen.} {E|Het college stelt zich op het standpunt dat bezwaar niet helpt.}",
    "let know": "{E|De gemeente liet ons weten dat de brieven zijn aangepast.} {E|Het college heeft aangegeven dat er geen budget is.}",
    "promised": "{E|De wethouder heeft toegezegd dat de regeling blijft.} {E|Het college benadrukt dat niemand op straat komt.}",
    "together": "{C|Net als het college ziet de Cliëntenraad dat er ouderen buiten beeld blijven.} {C|Samen met de gemeente vinden wij dat dit beter moet.}",
    "we find": "{C|Wij vinden, anders dan het college stelt, dat de regeling moet blijven.} {C|De raad is het niet eens met wat het college schrijft.}",
    "quoted, lead-in": "Het college voert hierbij aan: {E|“Wie vervoer op maat wil, moet ritten kunnen combineren.”} {C|Dat steunen wij.}",
    "quoted over paragraphs": "De gemeente schrijft:\n\n{E|“Wie vervoer op maat wil, moet ritten kunnen combineren.\n\nReizigers wachten daardoor soms iets langer op hun taxi.”}\n\n{C|Dat steunen wij volledig.}",
    "each paragraph opened": "De gemeente schrijft:\n\n{E|“Wie vervoer op maat wil, moet ritten kunnen combineren.\n\n“Reizigers wachten daardoor soms iets langer op hun taxi.”}\n\n{C|Dat steunen wij volledig.}",
    "low marks": "In de nota van het college staat: {E|„De wachttijd is het afgelopen jaar flink gedaald.”} {C|Wij merken het niet.}",
    "low and high": "De wethouder zei: {E|„De wachttijd is het afgelopen jaar flink gedaald.“} {C|Wij merken het niet.}",
    "guillemets": "De gemeente meldt: {E|«De wachttijd is het afgelopen jaar flink gedaald.»} {C|Wij merken het niet.}",
    "straight": 'De gemeente meldt: {E|"De wachttijd is het afgelopen jaar flink gedaald."} {C|Wij merken het niet.}',
    "single": "De gemeente meldt: {E|‘De wachttijd is het afgelopen jaar bij de schuldhulp flink gedaald.’} {C|Wij merken het niet.}",
    "straight single": "De gemeente meldt: {E|'De wachttijd is het afgelopen jaar bij alle foto's en loketten gedaald.'} {C|Wij merken het niet.}",
    "never closed": "Het college schrijft: {E|“De wachttijd is het afgelopen jaar bij de schuldhulp flink gedaald.}\n\n{C|Wij merken daar in de praktijk nog niets van.}\n\nOnze eigen woorden waren: {C|“De wachttijd moet echt omlaag naar vier weken.”}",
    "own earlier": "In ons advies van 30 januari 2020 stond dat: {C|“...nergens blijkt hoeveel reizigers er door de proef zijn bijgekomen.”}",
    "own earlier inverted": "Vorig jaar schreven wij het college: {C|“De wachttijd moet echt omlaag naar vier weken.”}",
    "nobody named": "Op straat hoorden wij dit: {U|“Het lijkt wel of ze ons vergeten zijn na al die jaren.”} {C|Dat raakt ons.}",
    "client": "Een cliënt vertelde ons: {O|“Ik moest drie keer dezelfde papieren inleveren bij het loket.”} {C|Dat kan beter.}",
    "term": "{C|Het college spreekt van “eigen kracht” en van ‘regie’, maar wij zien vooral onmacht bij de mensen thuis.}",
    "quote inside own": "{C|Het ergert ons dat het college over de eigen bijdrage zegt dat die} {E|‘voor niemand met een smalle beurs een drempel hoeft te zijn’}.",
    "set apart": "In de nota schrijft het college:\n\n§ {E|De wachttijd is het afgelopen jaar flink gedaald.}\n\n§ {E|Daarmee is het doel van het programma gehaald.}\n\n{C|Wij merken daar in de praktijk nog niets van.}",
    "set apart by nobody": "{C|Wij lazen een mooi verhaal over hoe het ook kan.}\n\n§ {U|De wachttijd kan in een half jaar worden gehalveerd.}\n\n{C|Dat zouden wij graag ook hier zien.}",
    "set apart, own": "In ons advies van 3 mei 2018 schreven wij:\n\n§ {C|De wachttijd moet omlaag naar vier weken.}\n\n{C|Daar staan wij nog steeds achter.}",
    "decision": "{C|Het college besloot vorige maand de regeling te beëindigen.} {C|De gemeente voert de wet uit.}",
    "praise": "{C|Wij waarderen het dat de gemeente erkent dat er fouten zijn gemaakt.} {C|De wethouder verdient daarvoor een compliment.}",
    "terms of the other": "{C|De stelling van het college dat niemand erop achteruitgaat, klopt niet.} {C|Wij zien dat het college anders oordeelt.}",
    "reading": "{C|Daarvan vinden wij in de stukken weinig terug.} {C|Uit onze eigen gegevens blijkt dat de helft geen aanvraag doet.}",
    "thinks": "{E|De gemeente denkt dat inwoners de weg wel vinden.} {E|Burgemeester en wethouders achten dit voldoende.} {C|Dat is niet onze ervaring.}",
    "explained": "{E|De ambtenaren legden uit dat de software dit niet toelaat.} {E|Uw medewerkers gaven aan dat het volgend jaar kan.}",
    "goes from": "{E|Het college gaat ervan uit dat het Rijk bijspringt.} {C|Daar kunnen onze mensen niet op wachten.}",
    "reason named": "{C|Het college heeft in maart besloten de subsidie te beëindigen.} {E|Als reden noemt het college dat er te weinig gebruik van wordt gemaakt.} {C|Uit onze enquête onder 112 deelnemers blijkt iets anders.}",
    "no cause": "{E|Het college ziet geen aanleiding om de regeling aan te passen.} {C|Wij wel.}",
    "shared conclusion": "{C|Wij delen de conclusie van het college dat er meer maatwerk nodig is.} {C|Het verbaast de Wmo-raad dat het college daar nu op terugkomt.}",
    "explained, apart": "{E|In het gesprek van 3 mei lichtte de wethouder toe dat de bezuiniging onvermijdelijk is.} {E|Hij wees daarbij op het tekort in de jeugdzorg.} {C|Dat argument overtuigt ons niet.}",
    "has told": "{E|Tijdens de vergadering heeft de beleidsmedewerker verteld dat het contract is verlengd.} {C|Wij waren daarvan niet op de hoogte.}",
    "duty": "{C|Het college is verplicht cliënten te betrekken bij het beleid.} {C|De gemeente moet volgens de wet een verordening vaststellen.}",
    "quoted from a page": "Op bladzijde 12 van de nota staat: {E|“Inwoners zijn in eerste instantie zelf verantwoordelijk voor hun vervoer.”} {C|Dat is te kort door de bocht.}",
    "quoted in the council hall": "De wethouder zei hierover in de raad: {E|“We gaan niemand aan zijn lot overlaten, dat beloof ik u.”} {C|Daar houden wij haar aan.}",
    "own members": "{C|Onze leden vertelden dat zij de brieven niet begrijpen.} {C|Wij stellen vast dat de gemeente haar belofte niet nakomt.}",
    "your executive": "{E|Uw college heeft laten weten de proef niet voort te zetten.} {C|Wij betreuren dat.} {E|U motiveert dit met de kosten.}",
    "argument given": "{E|Het college geeft als argument dat de regeling te duur wordt.} {E|Verder zou de regeling volgens het college leiden tot oneigenlijk gebruik.}",
    "would do well": "{C|Het college zou er goed aan doen de cliëntenraad eerder te betrekken.} {C|Het zou mooi zijn als de gemeente dat inziet.}",
    "quoted from a response": "In haar reactie schreef het college:\n\n{E|“Wij zien geen mogelijkheden om de termijn te verlengen tot drie maanden.”}\n\n{C|Wij vragen ons af of daar echt naar gezocht is.}",
    "clause first": "{C|Dat de gemeente dit anders ziet, weten wij.} {C|Wat het college precies bedoelt, blijft onduidelijk.}",
    "named town": "{E|De gemeente Waterdam schrijft in de beleidsregels dat een aanvraag binnen vier weken wordt behandeld.} {C|In de praktijk zijn dat er tien.}",
    "although": "{C|Hoewel het college stelt dat er geen wachtlijst is, wachten mensen maanden.}",
    "agrees": "{E|Het college is het met ons eens dat de taal eenvoudiger moet.} {C|Daar zijn wij blij mee.}",
    "visited": "{C|De wethouder heeft onze vergadering bezocht.} {C|Met de wethouder spraken wij af dat er in juni een evaluatie komt.}",
    "rumours": "{C|Ons bereiken berichten dat de gemeente aanvragen niet in behandeling neemt.}",
    "as grounds": "{E|Als onderbouwing voert het college aan dat de grens nu eenmaal ergens moet liggen.} {C|Die redenering volgen wij niet.}",
    "own contrast": "{C|De nota noemt dat 'eigen regie', wij noemen het afschuiven van zorg op de familie en de buren.}",
    "list of principles": "De gemeente hanteert de volgende uitgangspunten:\n- {E|inwoners regelen eerst zelf hulp}\n- {E|de gemeente vult aan wat ontbreekt}\n\n{C|Wij missen het uitgangspunt van gelijke toegang.}",
    "alas": "{C|Helaas vindt het college het niet nodig ons te informeren.}",
    "the reserve": "{C|In de begroting is geen geld gereserveerd voor dit plan.} {E|Het college zegt het geld uit de reserve te halen.} {C|Dat lijkt ons geen structurele oplossing.}",
    "in the notes": "{E|De gemeente Lindehoeve laat in de toelichting weten dat er een overgangsregeling komt.} {C|Hoe die eruitziet, is ons niet bekend.}",
    "figures": "{C|Wij hebben het college gevraagd om de cijfers, maar die niet gekregen.} {C|De gemeente publiceert die cijfers niet.}",
    "council proposal": "{E|In het raadsvoorstel schrijft het college dat de kosten jaarlijks met vijf procent stijgen.} {C|Een onderbouwing daarvan ontbreekt.}",
    "mailed": "De beleidsmedewerker mailde ons hierover: {E|“De gesprekken met de aanbieder lopen nog, daar kan ik niets over zeggen.”} {C|Dat was in mei.}",
    "judged by the executive": "{E|Naar het oordeel van burgemeester en wethouders is er geen sprake van een verslechtering.} {C|Onze berekening laat iets anders zien.}",
    "granted": "{C|Het college heeft gelijk als het zegt dat de wet ruimte laat.} {C|Juist daarom moet die ruimte worden benut.}",
    "remark": "{C|Met de opmerking dat inwoners zelf kunnen bellen miskent de gemeente hoe moeilijk dat is.}",
    "the response reads": "{E|De reactie van het college luidt dat er capaciteit ontbreekt.} {C|Voor ons is dat geen reden om af te wachten.}",
    "a member": "Een van onze leden zei het zo: {O|“Je voelt je een nummer zodra je bij dat loket binnenstapt.”} {C|Dat mag niet gebeuren.}",
    "information": "{E|Ook wordt er volgens de gemeente voldoende voorlichting gegeven.} {C|Toch kent de helft van onze achterban de regeling niet.}",
    "no comfort": "{C|Dat het college de wachttijd een aandachtspunt noemt, stelt ons niet gerust.}",
    "about our advice": "Over ons advies van 12 juni 2019 schreef u: {E|“Wij nemen dit mee in de evaluatie van het volgende jaar.”} {C|Die evaluatie is er niet gekomen.}",
    "remarked": "{E|Uw college merkt op dat de regeling landelijk is vastgesteld.} {C|Dat klopt, maar de uitvoering is lokaal.}",
    "the paper states": "{C|Wij missen in de nota een visie op de langere termijn.} {E|De nota stelt dat vrijwilligers een deel van het werk overnemen.}",
}

BY_COUNCIL |= {
    "particles of other verbs": "{C|De gemeente wijst aanvragen af op formele gronden.} {C|Het college geeft de sleutel van het gebouw aan de buurt.} {C|De gemeente voert het beleid uit aan de hand van een lijst.}",
    "found": "{C|Het college heeft een oplossing gevonden voor de taxi's.} {C|De gemeente zegt de huur van het pand op.}",
    "what people think": "{C|Veel mensen denken dat de regeling niet voor hen is.} {C|De meeste inwoners vinden de weg naar het loket.}",
    "what people tell": "{O|Enkele bewoners vertelden dat de lift al een jaar stilstaat.} {O|Een vrouw uit de Bloemenbuurt zei dat zij nooit antwoord kreeg.} {C|Wij geloven haar.}",
    "passive": "{E|Door de gemeente is toegezegd dat de bus blijft rijden.} {C|Door de gemeente is daar niets aan gedaan.}",
    "not asked": "{C|Dit advies hebt u ons niet gevraagd.} {C|Meld u dus aan voor onze avond.}",
    "predecessor": "{E|In mei verzekerde uw voorganger ons nog dat het loket open zou blijven.} {C|Het loket is dicht.}",
    "paper": "{E|In het beleidsplan Samen Sterk staat dat iedere wijk een huiskamer krijgt.} {C|In het beleidsplan staat niet wie dat betaalt.} {E|Volgens de kadernota is er geld genoeg.}",
    "by the way": "{E|Later liet de wethouder weten dat het budget op is.} {C|Dat viel ons tegen.} {E|Ook zei zij dat het Rijk bijspringt.}",
}

BY_EXECUTIVE = {
    "own view of the council": "{E|Het college vindt de Cliëntenraad een waardevolle partner.}",
    "you advise": "{C|U adviseert ons de wachttijd te verkorten.} {E|Dat advies nemen wij over.}",
    "your council asks": "{C|Uw raad vraagt om een ruimere regeling.} {C|De Cliëntenraad wijst op de gevolgen voor gezinnen.} {E|Wij zien dat anders.}",
    "in your letter": "{C|In uw brief vraagt u aandacht voor de taaleis.} {C|Daarnaast pleit u voor meer spreekuren.} {E|Wij gaan daar hieronder op in.}",
    "you are of opinion": "{C|U bent van mening dat de bijdrage te hoog is.} {C|U maakt zich zorgen over ouderen.} {E|Die zorg delen wij.}",
    "polite you": "{E|U ontvangt voor 1 mei een nadere uitwerking.} {E|U vindt de nota in de bijlage.} {E|U kunt op ons rekenen.}",
    "own report": "{E|Het college stelt dat de regeling voldoet.} {E|Volgens ons is de wachttijd aanvaardbaar.}",
    "you asked before": "{C|U heeft ons gevraagd de cijfers per wijk te geven.} {C|U vindt dat de evaluatie eerder moet.} {E|De cijfers sturen wij mee.}",
    "quoting the council": "In uw advies schrijft u: {C|“De wachttijd moet echt omlaag naar vier weken.”} {E|Dat beeld delen wij niet.}",
    "quoting itself": "In onze brief van 3 maart 2019 schreven wij: {E|“De wachttijd zal in dat jaar dalen tot zes weken.”} {E|Dat is gelukt.}",
    "list of the council": "{C|U noemt de volgende knelpunten:}\n- {C|de wachttijd bij de schuldhulp}\n- {C|de taal van onze brieven}\n\n{E|Op deze punten gaan wij hieronder in.}",
    "minister": "{O|De minister stelt dat gemeenten hier ruimte hebben.} {E|Die ruimte benutten wij.}",
    "according to you": "{C|Volgens uw raad is de regeling te streng.} {C|Volgens u kan dit sneller.} {E|Dat is helaas niet mogelijk.}",
    "summary of advice": "{C|Uw advies is om de proef te verlengen.} {E|Wij hebben uw advies besproken.} {E|Uw advies van 3 mei hebben wij ontvangen.}",
    "question": "{E|Wat vraagt u van ons en wat kunnen wij bieden?} {E|Wij begrijpen dat u zich zorgen maakt.}",
    "critical council": "{C|De adviesraad is kritisch over de nieuwe tarieven.} {C|De raad stelt dat de bijdrage voor ouderen te hoog uitvalt.} {E|Wij begrijpen die zorg.}",
    "concerns voiced": "{C|In uw brief van 3 mei jl. uit u uw zorgen over het doelgroepenvervoer.} {E|Wij hebben daarover met de vervoerder gesproken.}",
    "importance": "{C|U wijst op het belang van onafhankelijke ondersteuning.} {E|Dat belang onderschrijven wij.} {E|U wordt hierover in juni geïnformeerd.}",
    "suggestion": "{C|U stelt voor om de brieven vooraf te laten lezen.} {E|Dat voorstel nemen wij over.} {E|Uw voorstel bespreken wij met de afdeling.}",
    "point by point": "Advies 1: {C|“Betrek cliënten bij het opstellen van elke nieuwe beleidsregel.”}\n\n{E|Reactie: wij nemen dit advies over.}",
    "you asked": "{C|U vroeg ons naar de stand van zaken.} {E|Het aantal aanvragen is gestegen.} {E|Graag nodigen wij u uit voor een gesprek.}",
    "you wonder": "{C|Ook vraagt u zich af of de proef wordt verlengd.} {E|Dat besluit nemen wij in het najaar.}",
    "we find that you": "{E|Wij vinden het belangrijk dat u ons adviseert.} {E|Zoals u weet is het budget beperkt.}",
    "suggestion of a panel": "{C|Uw adviesraad geeft aan de communicatie onduidelijk te vinden.} {E|Dat betreuren wij.} {C|U doet de suggestie om een klankbordgroep op te richten.} {E|Daar gaan wij graag op in.}",
    "in the advice": "{C|In het advies stelt u dat de bereikbaarheid slecht is.} {E|Uit onze metingen blijkt dat 94 procent van de telefoontjes binnen een minuut wordt aangenomen.}",
    "agreeing with you": "{E|Met u zijn wij van mening dat de wachttijd omlaag moet.} {E|Wij danken u voor uw opmerkingen.}",
    "two points": "{C|De Wmo-raad vindt de eigen bijdrage te hoog.} {E|De hoogte daarvan is wettelijk bepaald.} {C|Verder vraagt de Wmo-raad naar de huishoudelijke hulp.} {E|Daarover ontvangt u apart bericht.}",
}


def labelled(body: str, *, executive: bool = False) -> tuple[Letter, list[tuple[str, Voice, Voice]]]:
    """A letter with this body, and of each labelled stretch its words, who speaks and who is said to speak."""
    plain = _LABELLED.sub(lambda match: match[2], body)
    text = reply(plain, theirs="") if executive else advice(plain)
    blocks = [
        replace(block, text=block.text[2:], kind=BlockKind.QUOTE) if block.text.startswith("§") else block
        for block in read_file("brief.txt", text.encode()).blocks
    ]
    letter, _ = letter_of(blocks, identifier="x", source="x.txt", sha256="")
    found: list[tuple[str, Voice, Voice]] = []
    begin = 0
    for match in _LABELLED.finditer(body):
        words = match[2].replace("\n\n§ ", "\n\n")
        begin = letter.text.index(words, begin)
        found.append((words, VOICES[match[1]], letter.voice_at(begin, begin + len(words))))
        begin += len(words)
    return letter, found


CASES = [(name, body, False) for name, body in BY_COUNCIL.items()]
CASES += [(name, body, True) for name, body in BY_EXECUTIVE.items()]


@pytest.mark.parametrize(("name", "body", "executive"), CASES, ids=[f"{case[0]}" for case in CASES])
def test_who_speaks(name: str, body: str, executive: bool) -> None:
    _, found = labelled(body, executive=executive)
    assert [(words, said) for words, _, said in found] == [(words, true) for words, true, _ in found]


def test_how_often_it_is_right() -> None:
    """Precision and recall of each voice over all stretches, the figures that the cases above add up to."""
    pairs = Counter(
        (true, said) for _, body, executive in CASES for _, true, said in labelled(body, executive=executive)[1]
    )
    assert pairs.total() >= 260
    for voice in (Voice.COUNCIL, Voice.EXECUTIVE, Voice.OTHER):
        right = pairs[voice, voice]
        assert right / sum(times for (_, said), times in pairs.items() if said is voice) >= 0.95
        assert right / sum(times for (true, _), times in pairs.items() if true is voice) >= 0.95


HEARD = {path.stem: list(heard_in(path)) for path in sorted(HANDS.glob("*.txt"))}


@pytest.mark.parametrize("name", HEARD)
def test_no_side_is_given_the_words_of_the_other(name: str) -> None:
    """The words of the executive are never the council's view; a report that is missed is left to the writer."""
    given = [heard.words for heard in HEARD[name] if heard.said is Voice.EXECUTIVE and heard.true is Voice.COUNCIL]
    assert given == []


def test_how_often_it_is_right_in_other_hands() -> None:
    heard = [stretch for stretches in HEARD.values() for stretch in stretches]
    assert len(heard) >= 140
    assert precision(heard, Voice.EXECUTIVE) >= 0.95
    assert precision(heard, Voice.COUNCIL) >= 0.93
    assert precision(heard, Voice.OTHER) >= 0.95
    for voice in (Voice.COUNCIL, Voice.EXECUTIVE, Voice.OTHER):
        assert recall(heard, voice) >= 0.9


def test_a_mark_that_is_never_closed_takes_no_words_of_the_council() -> None:
    """As text recognition reads a stain, or stars around a title, for a quotation mark."""
    quotation = "“Om mensen verder te helpen is ruimte nodig om te proberen.”"
    letter, _ = labelled(
        "“De programmalijnen**\n\nMet het college zien wij dat mensen vastlopen.\n\n"
        f"Het college stelt daarover:\n\n{quotation}"
    )
    assert [(letter.text[u.start : u.end], u.voice) for u in letter.utterances] == [(quotation, Voice.EXECUTIVE)]
