"""The parties that write to each other: client councils by their many names, the municipal executive, and others."""

from __future__ import annotations

import re
from typing import Final

from vectorstore.letters import Voice

_GROUP = (
    r"(?:[ckg][li1]i[ëeéè]nten|wmo|participatie|minima|burger|gehandicapten|ouderen|senioren|jongeren|inwoners|bewoners|mantelzorg|"
    r"klanten|deelnemers|advies|ervarings)"
)
"""Whom a council speaks for; text recognition takes the l of *cliënten* for an I."""

_DOMAIN = (
    r"(?:(?:het )?sociaal domein|werk (?:en|&) inkomen|sociale zaken|sociale dienst|maatschappelijke ondersteuning|zorg en welzijn|"
    r"participatiewet|participatie|samenleving|minima|armoede|bijstand|gehandicapten|ouderen|mantelzorg|toegankelijkheid|cli[ëe]nten|wmo|jeugd)"
)

_COUNCIL_NOUN = (
    rf"(?i:(?:sociale )?(?:(?:wmo|stads|jeugd|zorg|{_GROUP})-?)?adviesraad|"
    rf"(?:sociale )?(?:wmo-?)?(?:{_GROUP}|samenlevings?|minderheden|migranten|doelgroepen|welzijns|burgeradvies)-?\s?raad|"
    rf"{_GROUP}-?(?:platform|panel|beraad|overleg|commissie)|sociale raad|adviesorgaan|"
    rf"(?:adviescommissie|adviesgroep|adviesplatform|klankbordgroep|platform|raad)(?: voor| van)?(?: de| het)? {_DOMAIN}|"
    r"(?:wmo-?|minima-?)klankbordgroep)"
)

_NAME_GOES_ON = (
    rf"(?: (?:[A-Z][\w’&-]*|&|en(?= [A-Z])|(?i:{_DOMAIN})(?![\w-])|(?:van|voor)(?: de| het)?(?: gemeente)?(?= [A-Z])))*"
)
_OF_A_TOWN = r"(?: (?:van )?(?:de )?gemeente(?= [A-Z]))?"

COUNCIL: Final = re.compile(rf"(?<![\w-]){_COUNCIL_NOUN}(?![\w-])")
"""A client council by any of its names; no *gemeenteraad*, no *raadscommissie*."""

COUNCIL_NAME: Final = re.compile(
    rf"(?<![\w-])(?:(?i:stichting|stedelijke|regionale|gemeentelijke) )?{_COUNCIL_NOUN}{_OF_A_TOWN}{_NAME_GOES_ON}(?![\w-])"
)
"""The same with what belongs to its name."""

_BW = r"(?:burgemeester en wethouders|\bB\.? ?(?:&|en) ?W\b\.?)"

EXECUTIVE: Final = re.compile(
    rf"\b(?:college van|burgemeester|(?:loco-?)?(?:wethouder|locoburgemeester)s?|namens het college|gemeentesecretaris|"
    rf"gemeentebestuur)\b|{_BW}|\bdagelijks bestuur(?: van)?(?: de| het)? (?:ISD|intergemeentelijke|gemeenschappelijke regeling)\b",
    re.I,
)
"""The municipal executive or one of its members."""

EXECUTIVE_NAME: Final = re.compile(
    rf"(?:het )?(?:college van )?{_BW}(?: (?:van|der)(?: de)?(?: gemeente)? [A-Z][\w-]+)?",
    re.I,
)
"""The executive by its name."""

_MEMBER = re.compile(r"^(?:kabinet van )?(?:de )?(?:wethouder|burgemeester)\b", re.I)
"""The letterhead of one member of the executive."""

OFFICE: Final = re.compile(r"^(?:de )?gemeente\b(?!raad)", re.I)
"""The letterhead of a municipality."""

OFFICIAL: Final = re.compile(r"\b(?i:gemeente) [A-Z]")
"""A municipality by its name, where somebody signs who works there."""

_OTHERS = re.compile(
    r"^(?:namens )?(?:de |het )?(?:gemeenteraad|raadsgriffie|griffier?|rekenkamer|ministerie|minister|staatssecretaris|"
    r"nationale ombudsman|ombudsman|UWV|sociale verzekeringsbank|SVB|VNG|provincie|landelijke cli[ëe]ntenraad|"
    r"GGD|GGZ|belastingdienst|rechtbank|diaconie|FNV|CAK|MEE|humanitas|vluchtelingenwerk|leger des heils|stichting|vereniging|"
    r"voedselbank|zorgkantoor|omgevingsdienst|politie)(?![\w-])",
    re.I,
)
_ORGANISATION = re.compile(
    r"(?<![\w-])(?:bibliotheek|bibliotheken|(?:gemeentelijke )?kredietbank|woningstichting|woonstichting|woningcorporatie|wooncorporatie|"
    r"woningbouwvereniging|wijkteams?|zorggroep|thuiszorg|welzijnsorganisatie|scholengroep|hogeschool|ziekenhuis|UWV|GGD|"
    r"(?:B\.?V|N\.?V)\.?(?=$|\s))(?![\w-])",
    re.I,
)
"""A word that says that a name is that of another body, wherever in the name it stands."""

_COUNCIL_MAIL = re.compile(
    r"(?:clienten|advies|participatie|wmo|senioren|ouderen|gehandicapten|jongeren|minima)-?(?:raad|platform)"
)
_BEFORE_COUNCIL = re.compile(
    r"^(?:(?:van|namens) )?(?:de |het )?(?:(?:dagelijks )?bestuur |secretariaat |voorzitter )?(?:van )?(?:de )?", re.I
)


def party_of(line: str) -> Voice | None:
    """Whose name a line among the signatures bears; None when it bears nobody's."""
    if is_other(line):
        return Voice.OTHER
    if COUNCIL.search(line):
        return Voice.COUNCIL
    if EXECUTIVE.search(line):
        return Voice.EXECUTIVE
    return Voice.OTHER if _ORGANISATION.search(line) else None


def party_at_top(line: str) -> Voice | None:
    """Whose letterhead a line is; None when it is none."""
    if is_other(line):
        return Voice.OTHER
    if COUNCIL_NAME.match(_BEFORE_COUNCIL.sub("", line)):
        return Voice.COUNCIL
    if OFFICE.match(line) or EXECUTIVE_NAME.match(line) or _MEMBER.match(line):
        return Voice.EXECUTIVE
    return Voice.OTHER if _ORGANISATION.search(line) and len(line) < 60 and not COUNCIL.search(line) else None


def party_at_address(address: str) -> Voice | None:
    """Whose an e-mail address or a website is, by the names in it; None when it says nothing."""
    box, _, domain = address.casefold().removeprefix("www.").rpartition("@")
    if _COUNCIL_MAIL.search(domain) or _COUNCIL_MAIL.match(box):
        return Voice.COUNCIL
    if re.match(r"gemeente(?!lijk|raad)|(?:[\w-]+\.)?gemeente-", domain):
        return Voice.EXECUTIVE
    return Voice.EXECUTIVE if re.match(r"(?:wethouder|burgemeester|college)(?![a-z])", box) else None


def is_other(line: str) -> bool:
    """Whether a line begins with the name of another than a council and the executive."""
    named = _OTHERS.match(line)
    return bool(named) and (not COUNCIL.search(line) or "landelijke" in line.casefold())


def is_name(line: str) -> bool:
    """Whether a line is nothing but the name of a council or a municipality."""
    return bool(COUNCIL_NAME.fullmatch(line) or OFFICE.match(line))
