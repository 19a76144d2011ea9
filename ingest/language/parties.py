"""The parties that write to each other: client councils by their many names, the municipal executive, and others."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ingest.language.lexicon import read_rows
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

_RAAD = r"raad(?! van (?:state|beroep|bestuur|toezicht))"
_NO_OTHER_COUNCIL = "".join(rf"(?<!{word} )" for word in ("hoge", "centrale", "municipal", "town", "city", "local"))
"""A council where it is called no more than that, and not that of a town."""

_COUNCIL_MAIL = re.compile(
    r"(?:clienten|advies|participatie|wmo|senioren|ouderen|gehandicapten|jongeren|minima)-?(?:raad|platform)"
)
_BEFORE_COUNCIL = re.compile(
    r"^(?:(?:van|namens) )?(?:de |het )?(?:(?:dagelijks )?bestuur |secretariaat |voorzitter )?(?:van )?(?:de )?", re.I
)


@dataclass(frozen=True, slots=True)
class Named:
    """A party that a sentence names.

    Attributes:
        start, end: offsets into the sentence.
        voice: the party.
    """

    start: int
    end: int
    voice: Voice


def _names_for(use: str) -> dict[str, str]:
    """Return the names of the lexicon for a use as an alternation, by side."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    for side, uses, _, listed in read_rows("parties.tsv"):
        if use in uses.split():
            names[side] += [re.escape(name).replace(r"\(s\)", "s?").replace(r"\ ", " ") for name in listed.split(", ")]
    return {side: "|".join(each) for side, each in names.items()}


@lru_cache(maxsize=2)
def load_mentions(use: str) -> re.Pattern[str]:
    """Return what finds the parties in statements ("mention") or in questions ("question"), a group for each side."""
    names = _names_for(use)
    by_rule = f"{COUNCIL.pattern}|" if use == "mention" else ""
    council = rf"{by_rule}{_NO_OTHER_COUNCIL}\b(?:{_RAAD}|{names.pop('council')})\b"
    others = "".join(rf"|(?P<{side}>\b(?:{each})\b)" for side, each in names.items())
    return re.compile(rf"(?P<council>{council}){others}", re.I)


@lru_cache(maxsize=1)
def load_others() -> re.Pattern[str]:
    """Return what a line begins with that bears the name of another."""
    return re.compile(rf"^(?:namens )?(?:de |het )?(?:{_names_for('line')['other']})(?![\w-])", re.I)


@lru_cache(maxsize=1)
def _load_organisations() -> re.Pattern[str]:
    """Return the words that say that a name is that of another body, wherever in the name they stand."""
    return re.compile(
        rf"(?<![\w-])(?:{_names_for('inside')['other']}|(?:B\.?V|N\.?V)\.?(?=$|\s))(?![\w-])",
        re.I,
    )


@lru_cache(maxsize=4000)
def parties_named(text: str) -> tuple[Named, ...]:
    """Return the parties that a statement names, in order."""
    return _named(text, "mention")


def parties_asked(text: str) -> tuple[Named, ...]:
    """Return the parties that a question names, in order; "wij" is the council, whose members ask."""
    return _named(text, "question")


def _named(text: str, use: str) -> tuple[Named, ...]:
    found = load_mentions(use).finditer(text)
    return tuple(Named(match.start(), match.end(), Voice(match.lastgroup)) for match in found if match.lastgroup)


def party_of(line: str) -> Voice | None:
    """Return whose name a line among the signatures bears; None when it bears nobody's."""
    if is_other(line):
        return Voice.OTHER
    if COUNCIL.search(line):
        return Voice.COUNCIL
    if EXECUTIVE.search(line):
        return Voice.EXECUTIVE
    return Voice.OTHER if _load_organisations().search(line) else None


def party_at_top(line: str) -> Voice | None:
    """Return whose letterhead a line is; None when it is none."""
    if is_other(line):
        return Voice.OTHER
    if COUNCIL_NAME.match(_BEFORE_COUNCIL.sub("", line)):
        return Voice.COUNCIL
    if OFFICE.match(line) or EXECUTIVE_NAME.match(line) or _MEMBER.match(line):
        return Voice.EXECUTIVE
    return Voice.OTHER if _load_organisations().search(line) and len(line) < 60 and not COUNCIL.search(line) else None


def party_at_address(address: str) -> Voice | None:
    """Return whose an e-mail address or a website is, by the names in it; None when it says nothing."""
    box, _, domain = address.casefold().removeprefix("www.").rpartition("@")
    if _COUNCIL_MAIL.search(domain) or _COUNCIL_MAIL.match(box):
        return Voice.COUNCIL
    if re.match(r"gemeente(?!lijk|raad)|(?:[\w-]+\.)?gemeente-", domain):
        return Voice.EXECUTIVE
    return Voice.EXECUTIVE if re.match(r"(?:wethouder|burgemeester|college)(?![a-z])", box) else None


def is_other(line: str) -> bool:
    """Return whether a line begins with the name of another than a council and the executive."""
    named = load_others().match(line)
    return bool(named) and (not COUNCIL.search(line) or "landelijke" in line.casefold())


def is_name(line: str) -> bool:
    """Return whether a line is nothing but the name of a council or a municipality."""
    return bool(COUNCIL_NAME.fullmatch(line) or OFFICE.match(line))


def other_side(voice: Voice) -> Voice:
    """Return the one that a letter by `voice` is written to."""
    return {Voice.COUNCIL: Voice.EXECUTIVE, Voice.EXECUTIVE: Voice.COUNCIL}.get(voice, Voice.UNKNOWN)
