"""The parties to a correspondence and those outside it, as the sentences of a letter call them."""

from __future__ import annotations

import re
from typing import Final

from ingest.parties import COUNCIL
from vectorstore.letters import Voice

NAME: Final = (
    r"(?: (?:(?-i:(?:van (?:de gemeente )?)?[A-Z0-9][\w.&-]*|en (?=[A-Z])|&)|[‘'“\"][^‘’'“”\"\n]{3,60}[’'”\"]))*"
)
"""A name behind a noun: of a town, of an alderman, of a plan."""

_COMPOUND = r"[a-zà-ÿ-]*"
PAPER: Final = (
    rf"(?:{_COMPOUND}(?:nota|notitie|beleidsplan|beleidsregels?|raadsvoorstel|collegevoorstel|voorstel|werkprogramma|programma|"
    rf"collegebesluit|raads(?:informatie)?brief|persbericht|jaarverslag|concept(?:-?\w+)?|toelichting|visie|begroting|startnotitie)|"
    rf"(?:[a-z]+)?plan|plannen)(?! van (?:de |het |een )(?!gemeente|college|wethouder|burgemeester|afdeling)\w+)"
)
"""A paper of the executive, where a council writes about it."""

_OFFICIALS = (
    r"(?:medewerkers?|ambtena(?:ar|ren)|beleids(?:medewerkers?|adviseurs?|ambtena(?:ar|ren))|directie|vakdirecteur|afdeling(?:shoofd)?|"
    r"voorgang(?:er|ster)s?|portefeuillehouder|klantmanagers?|consulent(?:en)?|teamleider)"
)
_PERSON = (
    r"[a-zà-ÿ-]*(?:moeder|vader|ouder|man|vrouw|mevrouw|meneer|heer|meisje|jongen|inwoner|bewoner|woner|huurder|cliënt|klant|bezoeker|"
    r"deelnemer|jongere|oudere|mantelzorger|vrijwilliger|ondernemer|buurman|buurvrouw|dochter|zoon|gezin|echtpaar|weduwe|weduwnaar|"
    r"advocaat|arts|docent|leerkracht|werker|verpleegkundige|ondersteuner|begeleider|student|leerling|werkzoekende|alleenstaande|statushouder|patiënt|lid|hulpverlener|huisarts|ervaringsdeskundige|gepensioneerde)"
)
_PEOPLE = (
    rf"(?:{_PERSON}s?|[a-zà-ÿ-]*(?:mannen|vrouwen|jongens|gezinnen|leden|mensen|inwoners|bewoners|ouders?|cliënten|klanten|studenten|"
    r"patiënten|huisartsen|jongeren|ouderen|werkzoekenden|alleenstaanden|zonen|echtparen|ervaringsdeskundigen))"
)
_SOME = (
    r"(?:een|één|eén|sommige|enkele|veel|vele|meerdere|diverse|verschillende|de meeste|andere|een aantal|twee|drie|vier|vijf|zes|zeven|acht|"
    r"negen|tien|twaalf|\d+)"
)
SOMEBODY: Final = (
    rf"(?:{_SOME} (?:[a-zà-ÿ]\w+ ){{0,2}}?{_PEOPLE}(?! van (?:de raad|het college|het platform))(?: (?:\(\d+\)|(?:van|uit|met|in|bij|op|die) [^,.:;]{{2,50}}?))?|"
    r"(?:ouders|bewoners|inwoners|cliënten|huurders|mantelzorgers|bezoekers|deelnemers|jongeren|ouderen|vrijwilligers|mensen|iemand)"
    r"(?: (?:van|uit|met|in|bij|op|die) [^,.:;]{2,50}?)?|"
    r"de (?:cliënt(?:en)?|inwoners?|bewoners?|moeder|vader|man|vrouw|deelnemers?|bezoekers?)|"
    rf"(?:haar|zijn|hun) (?:dochter|zoon|moeder|vader|man|vrouw|buurvrouw|buurman|broer|zus|kinderen)|"
    rf"(?:{_SOME}|[eé]{{1,2}}n) (?:op|van) de \w+(?: {_PEOPLE})?|"
    r"[eé]{1,2}n van (?:hen|de|onze)(?: \w+)?)"
)
"""People, each or a few of them, who tell something."""

BODY: Final = (
    r"(?:(?:de|het|een|onze) (?:\w+ ){0,1}?(?:minister|staatssecretaris|ministerie|rijk|kabinet|rechter|rechtbank|hoge raad|"
    r"centrale raad van beroep|(?:kinder)?ombudsman|rekenkamer|inspectie|provincie|wetgever|gemeenteraad|raadscommissie|"
    r"onderzoekers?|commissie|zorgaanbieders?|SCP|CPB|CBS|Nibud|UWV|VNG|SVB|WRR|"
    r"man|hulpverleners?|[a-zà-ÿ]*artsen|[a-zà-ÿ]*(?:advocaat|arts|docent|werker|verpleegkundige|ondersteuner|begeleider)s?|leverancier|vervoerder|aanbieders?|zorgverzekeraars?|"
    r"(?:woning)?corporaties?|bibliotheek|belastingdienst|voedselbank|kredietbank|werkgevers?|accountant|school|scholen|GGD|"
    r"vakbond|oppositie|coalitie|fracties?)|"
    r"(?:[a-zà-ÿ]*(?:corporatie|organisatie|stichting|vereniging|instelling|centrum|fonds|bond)|bibliotheek|zorgverzekeraar|vervoerder|zorgaanbieder) (?-i:[A-Z][\w-]*)|"
    r"[a-zà-ÿ]*(?:werker|arts|advocaat|coach|verpleegkundige) (?-i:[A-Z][\w-]*(?: [A-Z][\w-]*)?)|"
    r"(?:de |een )?(?:directeur|directrice|bestuurder|woordvoerder|medewerker|manager)(?= van (?!de gemeente|het college|de dienst|de afdeling|sociale)\w)|"
    r"Nibud|UWV|VNG|Divosa|Movisie|SCP|CPB|CBS|de (?-i:VVD|PvdA|SP|CDA|D66|GroenLinks))"
    r"(?: van (?:(?:de|het|een|onze) )?[\w’'-]+(?: (?-i:[A-Z’'][\w’'-]*)){0,3})?"
)
"""Others who have a say: authorities, organisations, professionals."""

PARTIES: Final = {
    Voice.EXECUTIVE: (
        r"(?:het (?:dagelijks )?bestuur van de gemeente|"
        r"(?:het|uw|ons|jullie) college(?: van (?:B ?& ?W|B en W|burgemeester en wethouders))?|"
        r"(?:de|uw|jullie) gemeente(?! ?raad)|het gemeentebestuur|"
        r"(?:de |uw |jullie |je |haar |zijn )?(?:verantwoordelijk )?wethouder(?:s)?(?: (?:mevrouw|de heer))?|B ?(?:&|en) ?W|"
        r"de burgemeester|burgemeester en wethouders|"
        rf"(?:de|uw|jullie|je|jouw) {_OFFICIALS}|(?:een|één) (?:ambtenaar|beleidsmedewerker|klantmanager|consulent)|(?:de|het|uw|jullie) {PAPER})"
    ),
    Voice.COUNCIL: (
        r"(?:(?:de|uw|onze|jullie) (?:cli[ëe]ntenraad|adviesraad|participatieraad|wmo-raad|seniorenraad|sociale raad|klantenraad|"
        r"minimaraad|jongerenraad|ouderenraad|gehandicaptenraad|inwonersraad|burgeradviesraad|CR|ASD)(?: (?-i:[A-Z&][\w&]*|van))*|"
        rf"(?:de|uw|onze|jullie|het) {COUNCIL.pattern}|"
        r"(?:uw|onze|jullie|je|jouw) (?:raad|platform|panel)|het (?:cliënten|wmo-?|minima)?platform|het (?:cliënten)?panel|"
        r"de raad(?=\s(?:\w+\s)?(?:adviseert|pleit|stelt dat|vindt|meent|constateert|schrijft|wijst|geeft aan|vraagt ons|is kritisch)\b))"
    ),
    Voice.OTHER: rf"(?:{SOMEBODY}|{BODY})",
}
"""Who may be the subject of a sentence that reports what is said."""

CALLED: Final = {
    Voice.EXECUTIVE: re.compile(
        r"college|gemeente|wethouder|B ?(?:&|en) ?W|burgemeester|medewerker|ambtena|adviseur|afdeling|direct|voorgang|portefeuille|"
        r"manager|consulent|leider|nota|notitie|plan|regels|voorstel|brief|besluit|bericht|programma|verslag|concept|toelichting|visie|begroting",
        re.I,
    ),
    Voice.COUNCIL: re.compile(r"raad|platform|panel|\bCR\b|\bASD\b", re.I),
    Voice.OTHER: re.compile(
        r"minister|secretaris|rijk|kabinet|recht|raad|ombudsman|rekenkamer|inspectie|provincie|wetgever|commissie|onderzoeker|aanbieder|"
        r"S[CV][PB]|C[PB][BS]|Nibud|UWV|VNG|WRR|Divosa|Movisie|corporatie|bibliotheek|dienst|bank|werkgever|leverancier|vervoerder|"
        r"verzekeraar|accountant|schol|school|GGD|stichting|organisatie|vereniging|instelling|centrum|fonds|artsen|iemand|direct|bestuurder|voerder|medewerker|manager|bond|oppositie|coalitie|fractie|de (?:VVD|PvdA|SP|CDA|D66|GroenLinks)|"
        rf"{_PEOPLE}|haar |zijn |hun |n op de |n van (?:hen|de|onze)",
        re.I,
    ),
}
"""Words without which a sentence names no such party; looked for first, because most sentences have none."""
