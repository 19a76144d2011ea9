"""The parties that write to each other: client councils by their many names, the municipal executive, and others."""

from __future__ import annotations

import re
from typing import Final

from vectorstore.letters import Voice

_COUNCIL_NOUN = (
    r"(?i:(?:sociale )?(?:wmo-?)?(?:[cg][li1]i[ëeéè]nten|advies|participatie|wmo-?|klanten|senioren|ouderen|jongeren|"
    r"gehandicapten|minima|mantelzorg|burger(?:advies)?|inwoners|bewoners)-?raad|"
    r"(?:cli[ëe]nten|wmo-?|participatie|minima|burger)-?(?:platform|panel)|sociale raad|adviesorgaan|"
    r"adviescommissie sociaal domein)"
)
"""Text recognition takes the l of *cliënten* for an I."""

_NAME_GOES_ON = r"(?: (?:[A-Z][\w&-]*|&|en(?= [A-Z])|sociaal domein))*"
_OF_A_TOWN = r"(?: (?:van )?(?:de )?gemeente(?= [A-Z]))?"

COUNCIL: Final = re.compile(rf"(?<![\w-]){_COUNCIL_NOUN}(?![\w-])")
"""A client council by any of its names; no *gemeenteraad*, no *raadscommissie*."""

COUNCIL_NAME: Final = re.compile(rf"(?<![\w-]){_COUNCIL_NOUN}{_OF_A_TOWN}{_NAME_GOES_ON}(?![\w-])")
"""The same with what follows that belongs to its name."""

EXECUTIVE: Final = re.compile(
    r"\b(?:college van|burgemeester en wethouders|burgemeester|(?:loco-?)?wethouder|B ?(?:&|en) ?W|namens het college|"
    r"gemeentesecretaris|gemeentebestuur)\b",
    re.I,
)
"""The municipal executive or one of its members."""

EXECUTIVE_NAME: Final = re.compile(
    r"(?:het )?(?:college van )?(?:burgemeester en wethouders|\bB ?(?:&|en) ?W\b)(?: van(?: de)?(?: gemeente)? [A-Z][\w-]+)?",
    re.I,
)
"""The executive by its name."""

OFFICE: Final = re.compile(r"^(?:de )?gemeente\b(?!raad)", re.I)
"""The letterhead of a municipality."""

OFFICIAL: Final = re.compile(r"\b(?i:gemeente) [A-Z]")
"""A municipality by its name, where somebody signs who works there."""

_OTHERS = re.compile(
    r"^(?:namens )?(?:de |het )?(?:gemeenteraad|raadsgriffie|griffier?|rekenkamer|ministerie|minister|staatssecretaris|"
    r"nationale ombudsman|ombudsman|UWV|sociale verzekeringsbank|SVB|VNG|provincie|landelijke cli[ëe]ntenraad|"
    r"bibliotheek|GGD|kredietbank|belastingdienst|rechtbank|woningstichting|woningcorporatie|voedselbank|diaconie|FNV|"
    r"(?:stichting|vereniging) (?!.*(?:cli[ëe]nten|advies)-?raad))\b",
    re.I,
)


def party_of(line: str) -> Voice | None:
    """Whose name a line among the signatures bears; None when it bears nobody's."""
    if _OTHERS.match(line):
        return Voice.OTHER
    if COUNCIL.search(line):
        return Voice.COUNCIL
    if EXECUTIVE.search(line):
        return Voice.EXECUTIVE
    return None


def party_at_top(line: str) -> Voice | None:
    """Whose letterhead a line is; None when it is none."""
    if _OTHERS.match(line):
        return Voice.OTHER
    if COUNCIL.match(re.sub(r"^(?:de|van de) ", "", line, flags=re.I)):
        return Voice.COUNCIL
    if OFFICE.match(line) or EXECUTIVE_NAME.match(line):
        return Voice.EXECUTIVE
    return None


def is_other(line: str) -> bool:
    """Whether a line begins with the name of another than a council and the executive."""
    return bool(_OTHERS.match(line))


def is_name(line: str) -> bool:
    """Whether a line is nothing but the name of a council or a municipality."""
    return bool(COUNCIL_NAME.fullmatch(line) or OFFICE.match(line))
