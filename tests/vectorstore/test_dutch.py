from __future__ import annotations

import subprocess
import sys
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.dutch import STOPWORDS, Analyser, fold, tokens

MEET = """
    advies/adviezen schuld/schulden gemeenteraad/gemeenteraden toeslag/toeslagen loont/lonen activeren/geactiveerd
    armoedeval/armoede armoedeval/val kostendelersnorm/norm kostendelersnorm/kostendeler taaleis/taal taaleis/eis
    participatiewet/wet participatiewet/participatie bijstandsgerechtigden/bijstand
    bijstandsgerechtigde/bijstandsgerechtigden woonlastenfonds/woonlasten woonlastenfonds/fonds
    minimaregeling/minima minimaregelingen/regeling inkomensgrens/inkomensgrenzen inkomensgrens/inkomen
    inkomensgrenzen/grens wachttijd/wachttijden huishouden/huishoudens uitkering/uitkeringen
    uitkeringsgerechtigden/uitkering bijstandsuitkering/uitkering bijstandsuitkeringen/bijstand
    langdurigheidstoeslag/toeslag individuele/individueel inkomenstoeslag/inkomen inkomenstoeslagen/toeslag
    re-integratie/reintegratie re-integratietraject/traject re-integratietrajecten/traject re-integratie/integratie
    schuldhulpverlening/schuldhulp schuldhulpverlening/schuld schuldenlast/schulden brief/brieven raad/raden
    clientenraad/clienten clientenraden/clientenraad clientenraad/raad client/clienten college/colleges
    wethouder/wethouders beleid/minimabeleid armoedebeleid/armoede verordening/verordeningen
    participatieverordening/verordening huurtoeslag/huur huurtoeslag/toeslag zorgverzekering/zorgverzekeringen
    zorgverzekering/verzekering zorgtoeslag/zorg kind/kinderen kinderbijslag/kind kindgebonden/kind
    eenoudergezin/gezin eenoudergezinnen/eenoudergezin alleenstaande/alleenstaanden jongere/jongeren oudere/ouderen
    werkzoekende/werkzoekenden vrijwilliger/vrijwilligers vrijwilligerswerk/werk vrijwilligerswerk/vrijwilligers
    mantelzorg/zorg mantelzorger/mantelzorgers maatregel/maatregelen sanctie/sancties boete/boetes
    vordering/vorderingen terugvordering/vordering terugvorderen/terugvordering aanvraag/aanvragen
    aanvraagformulier/aanvraag aanvraagformulieren/formulier formulier/formulieren afspraak/afspraken
    belofte/beloftes belofte/beloften gesprek/gesprekken keukentafelgesprek/gesprek voorziening/voorzieningen
    maatwerkvoorziening/voorziening beschikking/beschikkingen besluit/besluiten collegebesluit/besluit
    raadsbesluit/raad bezwaar/bezwaren bezwaarschrift/bezwaar klacht/klachten klachtenregeling/klacht
    regeling/regelingen stadspas/pas pas/passen tarief/tarieven eigenbijdrage/bijdrage bijdrage/bijdragen
    kosten/zorgkosten energiekosten/energie energietoeslag/energie reiskosten/reis reiskostenvergoeding/vergoeding
    vergoeding/vergoedingen vergoed/vergoeden betaalt/betalen betaald/betalen ontvangt/ontvangen woont/wonen
    werkt/werken gewerkt/werken helpt/helpen geadviseerd/adviseren gevraagd/vragen stelt/stellen gesteld/stellen
    voorgesteld/voorstellen voorstel/voorstellen verlaagd/verlagen verhoogd/verhogen verhoging/verhogen
    verhoogt/verhoging afgeschaft/afschaffen ingevoerd/invoeren invoering/invoeren uitgevoerd/uitvoeren
    uitvoering/uitvoeren gekort/korten korting/kortingen inkomen/inkomens vermogen/vermogens vermogenstoets/vermogen
    vermogensgrens/grens leefgeld/geld leefbaar/leefbare budget/budgetten participatiebudget/budget
    budgetbeheer/budget tegenprestatie/prestatie tegenprestatie/tegenprestaties werkgever/werkgevers
    werknemer/werknemers loonkostensubsidie/subsidie loonkostensubsidie/loon loonkosten/lonen subsidie/subsidies
    dakloze/daklozen dakloosheid/dakloos daklozenopvang/opvang statushouder/statushouders inburgering/inburgeren
    inburgeringscursus/cursus cursus/cursussen opleiding/opleidingen taalcursus/taal computercursus/computer
    beperking/beperkingen gehandicapte/gehandicapten gehandicaptenparkeerkaart/parkeerkaart rolstoel/rolstoelen
    scootmobiel/scootmobielen hulpmiddel/hulpmiddelen thuiszorg/thuis wijkteam/wijk wijkteams/team buurtteam/buurt
    dienstverlening/dienst spreekuur/spreekuren bereikbaarheid/bereikbaar toegankelijk/toegankelijkheid
    vereenvoudigen/vereenvoudiging eenvoudig/eenvoudige bewindvoerder/bewindvoerders bewindvoering/bewind
    beschermingsbewind/bewind voedselbank/voedsel voedselbanken/voedselbank bijzondere/bijzonder
    collectieve/collectief witgoedregeling/regeling duurzaam/duurzame huis/huizen huisbezoek/huis
    huisbezoek/huisbezoeken woning/woningen woningcorporatie/woning crisis/crises crisisopvang/crisis mens/mensen
    stad/steden lid/leden raadslid/leden bijstandsnorm/norm normen/norm norm/bijstandsnormen jaar/jaren
    jaarverslag/verslag verslagen/verslag arbeidsmarkt/markt arbeidsmarkt/arbeid
    arbeidsongeschikt/arbeidsongeschikte werkloos/werkloze werkloosheid/werkloos bijverdienen/bijverdiensten
    verdienen/verdient giften/gift gift/giften leenbijstand/bijstand lening/leningen aflossen/aflossing
    schone-lei/lei effect/effecten eis/eisen prijs/prijzen kans/kansen wens/wensen reis/reizen gezin/gezinnen
    oordeel/oordelen deel/delen middel/middelen doel/doelen probleem/problemen systeem/systemen criterium/criteria
    advies/adviesraad adviesraden/adviesraad wmo-raad/raad wmo-adviesraad/advies
"""
"""Words of this field of which one must find the other."""

APART = """
    mark/markt gemeente/men handhaven/haven ouderen/eren wet/weten wonen/won schuld/schuldig raad/radio werk/wrak
    norm/enorm grens/grenadier arm/armoede val/vallei participatie/parti verordening/orde verordening/ordening
    uitkering/kering uitkering/ring beleid/leid beleid/lei inkomen/komen inkomen/men vermogen/mogen vermogen/ogen
    toeslag/slag gesprek/rek bezwaar/waar regeling/geling regeling/ling maatregel/regel college/lege college/leg
    client/ent voorziening/ziening besluit/luit verslag/slag bestand/stand verstand/stand verband/band bedrag/drag
    gedrag/drag bestuur/stuur advies/vies belasting/lasting vergadering/adering vergaderen/eren straat/raad
    staat/stad straten/raten mening/men meningen/ming organisatie/satie communicatie/catie situatie/tuatie
    informatie/mat formulier/lier beperking/perk begroting/grot minister/mini minima/mini ministerie/serie
    kinderen/eren wonen/nen partner/part partner/ner ervaring/varing verklaring/klaring leven/even geven/even
    overleg/leg sociale/ale samenleving/leving mensen/sen regen/regeling regen/regel lid/lied stad/staat kans/kant
    nota/noot dag/dak fonds/fond plan/plant plan/planeet kader/kade manier/man kamer/kam periode/rio waarde/aarde
    overheid/over overheden/over gegevens/geven geldt/geld meten/met noot/not zaal/zal heren/her uiten/uit
    aandacht/dacht opdracht/dracht wacht/acht macht/acht nacht/acht klacht/acht klacht/lach gezondheid/zond
    gewicht/wicht burger/burg burgers/ger moment/men document/men argument/gum instrument/rum middelen/delen
    bemiddelen/delen
"""
"""Words that look alike, or of which one is spelled inside the other, and that must not find each other."""


def meets(analyser: Analyser, left: str, right: str) -> bool:
    """Whether they have the same stem, one's stem is a part of the other, or all parts of one are in the other."""
    stems = [{term.stem for term in analyser.terms(word)} for word in (left, right)]
    parts = [{part for term in analyser.terms(word) for part in term.parts} for word in (left, right)]
    whole = any(parts[one] and parts[one] <= parts[1 - one] for one in (0, 1))
    return bool(stems[0] & (stems[1] | parts[1]) or stems[1] & parts[0]) or whole


@pytest.mark.parametrize("pair", MEET.split())
def test_words_that_meet(analyser: Analyser, pair: str) -> None:
    assert meets(analyser, *pair.split("/"))


@pytest.mark.parametrize("pair", APART.split())
def test_words_that_do_not(analyser: Analyser, pair: str) -> None:
    assert not meets(analyser, *pair.split("/"))


def test_there_are_as_many_cases_as_were_asked_for() -> None:
    assert len(MEET.split()) >= 80
    assert len(APART.split()) >= 40


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cliëntenraad", ["clientenraad"]),
        ("een bedrag van € 9.527,50", ["een", "bedrag", "van", "9527,50"]),
        ("artikel 3.1", ["artikel", "3.1"]),
        ("re-integratie", ["re-integratie"]),
        ("B&W", ["benw"]),
        ("’s ochtends foto’s", ["s", "ochtends", "foto"]),
        ("de raad's brief", ["de", "raad", "brief"]),
        ("ﬁnancieel", ["financieel"]),
        ("ﬁnancie\u0308le", ["financiele"]),
        ("", []),
        (" \t?!…", []),
        ("😀", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@given(st.text())
def test_folding_takes_marks_off_every_character(text: str) -> None:
    kept = [character for character in unicodedata.normalize("NFKD", text) if not unicodedata.combining(character)]
    assert fold(text) == "".join(kept).casefold()


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_tokens_are_whole(text: str) -> None:
    found = tokens(text)
    assert all(found)
    assert all(tokens(token) == [token] for token in found)


@given(st.text(alphabet="abdegiknorstuz", min_size=1, max_size=18))
def test_analysis_of_any_word_gives_words(analyser: Analyser, word: str) -> None:
    (term,) = analyser.terms(word)
    assert term.stem
    assert all(term.parts)
    assert len(term.parts) != 1 or term.parts[0] != term.stem


@given(st.text())
def test_terms_and_ngrams_of_any_text(analyser: Analyser, text: str) -> None:
    assert [term.surface for term in analyser.terms(text)] == tokens(text)
    assert all(analyser.ngrams(text))


def test_a_stem_does_not_depend_on_what_was_asked_before(analyser: Analyser) -> None:
    fresh = Analyser()
    for word in reversed(MEET.replace("/", " ").split()):
        assert fresh.stem(word) == analyser.stem(word)


def test_a_function_word_is_no_stem_of_a_word_of_content(analyser: Analyser) -> None:
    content = [word for word in MEET.replace("/", " ").split() if word not in STOPWORDS]
    assert not [word for word in content if analyser.stem(word) in STOPWORDS - {word}]


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("taaleis", ("taal", "eis")),
        ("armoedeval", ("armoede", "val")),
        ("kostendelersnorm", ("kosten", "deler", "norm")),
        ("woonlastenfonds", ("woon", "lasten", "fonds")),
        ("tegenprestatie", ("prestatie",)),
        ("toeslag", ()),
        ("uitvoering", ()),
        ("maatregel", ()),
        ("raad", ()),
    ],
)
def test_parts_of_a_compound(analyser: Analyser, word: str, parts: tuple[str, ...]) -> None:
    assert tuple(analyser.split(word)) == parts


def test_ngrams_mark_the_edges_of_words(analyser: Analyser) -> None:
    assert analyser.ngrams("taal") == ["_taa", "taal", "aal_"]
    assert analyser.ngrams("in") == ["_in_"]


def test_glued_words_share_ngrams(analyser: Analyser) -> None:
    glued = set(analyser.ngrams("hetcollegevindt"))
    assert set(analyser.ngrams("college")) - glued <= {"_col", "ege_"}


@pytest.mark.parametrize(
    ("word", "speech"), [("geactiveerd", "v"), ("armoedeval", "n"), ("ingericht", "v"), ("qxqx", "")]
)
def test_parts_of_speech(analyser: Analyser, word: str, speech: str) -> None:
    assert set(speech) <= analyser.speech(word)
    assert speech or not analyser.speech(word)


def test_common_words_are_commoner_than_terms(analyser: Analyser) -> None:
    assert analyser.commonness("huis") > analyser.commonness("kostendelersnorm") == 0.0
    assert 0.0 <= analyser.commonness("armoede") <= 1.0


def test_the_word_list_is_read_when_it_is_needed_and_soon() -> None:
    script = (
        "import time; from vectorstore.dutch import Analyser; a = Analyser();"
        "assert not a.__dict__.keys() & {'_listed', '_counts'}, 'read too early';"
        "t = time.process_time(); a.terms('De armoedeval'); print(time.process_time() - t)"
    )
    seconds = min(
        float(subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout)
        for _ in range(2)
    )
    assert seconds < 0.5


def test_terms_of_a_letter_come_fast(analyser: Analyser) -> None:
    text = " ".join(MEET.replace("/", " ").split() * 20)
    analyser.terms(text)
    began = time.process_time()
    analyser.terms(text)
    assert time.process_time() - began < 0.5
