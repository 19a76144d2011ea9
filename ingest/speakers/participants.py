"""The sides of a letter: who writes, who is written to, and for whom the people named in it speak."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from ingest.language.parties import COUNCIL, EXECUTIVE, is_other, other_side
from vectorstore.letters import Kind, Letter, Voice

STANDS_FOR: Final = {Voice.COUNCIL: "de cliëntenraad", Voice.EXECUTIVE: "de wethouder", Voice.OTHER: "een inwoner"}
"""By what a person's name is replaced before a sentence is looked at."""

_COUNCILLORS = re.compile(r"\b(?:gemeenteraad|raadsleden|raadsfracties?|raadscommissie|fractievoorzitters?)\b", re.I)
_OFFICIAL = re.compile(
    r"\b(?:(?:loco-?)?(?:wethouder|burgemeester|gemeentesecretaris)|ambtena\w+|beleids\w+|(?:namens|van) de gemeente|gemeente\b|"
    r"college(?:lid)?|(?:afdelings)?hoofd (?:van de )?(?:afdeling |dienst )?(?-i:[A-Z])|afdeling(?:shoofd)?|klantmanager)",
    re.I,
)
_OF_A_COUNCIL = re.compile(r"\b(?:de|onze) raad\b|\(raad\)|\braadslid|\bplatform\b|\bpanel\b", re.I)
_PRESENT = re.compile(
    r"^(?P<label>(?:aanwezig\w*|deelnemers|afwezig\w*|(?:bericht van )?verhinder\w*|(?:van de zijde van|vanuit|namens|voor|van) "
    r"(?:de|het) [^:.]{3,60})[^:.]{0,80}):[ \t]*(?P<people>.*)$",
    re.I,
)
_SEATS = re.compile(r"\((?:[a-z]+-?)?(?:voorzitter|secretaris|penningmeester)\b", re.I)
_OFFICE = r"(?:lid|voorzitter|secretaris|penningmeester|beleids\w+|(?:afdelings)?hoofd|namens|ambtena\w+|consulent)"
_TITLE = r"(?:(?:de heer|mevrouw|meneer|mevr\.?|mw\.?|dhr\.?|drs\.?|mr\.?|dr\.?|ing\.?|ir\.?) )"
_SMALL = r"(?:van|de|der|den|het|’t|'t|ten|ter|te|op|in|el|al|von|du|la|le|da|dos)"
_WORD = r"(?-i:[A-ZÀ-ÝİŞĞÇ][\w’'-]{1,40})"
_PERSON = re.compile(
    rf"(?:(?:wethouder|burgemeester) )?{_TITLE}*(?:(?-i:[A-Z][a-z]?\.) ?)*(?P<first>(?:{_WORD} (?=(?:{_SMALL} )*{_WORD}))*)"
    rf"(?:{_SMALL} )*(?P<last>{_WORD})",
    re.I,
)
_NAMED_OFFICIAL = re.compile(
    rf"(?<!door )(?P<name>{_WORD}(?: {_SMALL}){{0,4}}(?: {_WORD}){{1,5}}), (?:wethouder|burgemeester|gemeentesecretaris|beleids\w+|"
    r"(?:afdelings)?hoofd (?:van de )?(?:afdeling )?(?-i:[A-Z]))[^,.\n]*,",
    re.I,
)
_ALDERMAN = re.compile(rf"\bwethouder (?P<name>{_TITLE}?(?:(?-i:[A-Z]\.) ?)*(?:{_SMALL} )*{_WORD}(?: {_WORD})?)", re.I)
_LIST_LINES = 14
"""Lines under a heading "Aanwezig" in which people may stand one below the other."""


@dataclass(frozen=True, slots=True)
class Sides:
    """Who is who in a letter.

    Attributes:
        voice: who speaks in it by default.
        author: who wrote it.
        addressed: who is "u" in it; UNKNOWN when it does not say.
        minutes: whether it reports a meeting, so that whatever is said there is somebody's.
        called_raad: whether "de raad" is the council in it, and not the *gemeenteraad*.
        people: for whom people speak, by surname.
        first_names: of those people.
    """

    voice: Voice
    author: Voice
    addressed: Voice
    minutes: bool = False
    called_raad: bool = False
    people: Mapping[str, Voice] = field(default_factory=lambda: MappingProxyType({}))
    first_names: frozenset[str] = frozenset()

    def replaced(self, sentence: str) -> str:
        """Return a sentence with the party for which a person speaks instead of the person's name."""
        if not any(name in sentence for name in self.people):
            return sentence
        named = _naming(frozenset(self.people), self.first_names)
        return named.sub(lambda match: STANDS_FOR.get(self.people[match["last"]], match[0]), sentence)


@lru_cache(maxsize=32)
def _naming(surnames: frozenset[str], first_names: frozenset[str]) -> re.Pattern[str]:
    """Return what finds these people in a sentence, with their titles and what is said of them right behind."""
    first = "|".join(sorted(map(re.escape, first_names), key=len, reverse=True)) or "(?!)"
    last = "|".join(sorted(map(re.escape, surnames), key=len, reverse=True))
    return re.compile(
        rf"(?<![\w-])(?:(?i:wethouder|burgemeester) )?(?i:{_TITLE})*(?:[A-Z]\. ?)*(?:(?:{first}) )*(?i:{_SMALL} )*"
        rf"(?P<last>{last})(?:-{_WORD})?(?![\w-])(?: \([^()]*\)|, [^,.]{{3,60}},(?= [a-z]))?"
    )


def sides_of(letter: Letter, begin: int) -> Sides:
    """Return who is who in a letter.

    Args:
        letter: as its anatomy says.
        begin: offset at which its body begins; the address and the salutation are above it.
    """
    minutes = letter.kind is Kind.MINUTES
    named = list(_named(letter))
    sides: dict[str, Voice] = {}
    for _, last, side in named:
        sides[last] = side if sides.get(last, side) is side else Voice.UNKNOWN
    first = {name for names, _, _ in named for name in names} - sides.keys()
    return Sides(
        voice=letter.voice,
        author=letter.author,
        addressed=Voice.UNKNOWN if minutes else _addressed(letter, letter.text[:begin]),
        minutes=minutes,
        called_raad=_called_raad(letter),
        people={last: side for last, side in sides.items() if side in STANDS_FOR},
        first_names=frozenset(first),
    )


def _addressed(letter: Letter, head: str) -> Voice:
    """Return who is written to: by the address, the salutation, and else the other side of the correspondence."""
    if _COUNCILLORS.search(letter.addressee or head.rstrip().rsplit("\n", 1)[-1]):
        return Voice.OTHER
    for words in filter(None, (letter.addressee, head.rstrip().rsplit("\n", 1)[-1])):
        if is_other(words):
            return Voice.OTHER
        council, executive = COUNCIL.search(words), EXECUTIVE.search(words) or re.search(r"\bcollege\b", words, re.I)
        if bool(council) != bool(executive):
            return Voice.COUNCIL if council else Voice.EXECUTIVE
    others = any(is_other(line) for line in head.split("\n")[1:])
    if letter.author in (Voice.COUNCIL, Voice.EXECUTIVE):
        strange = others and not EXECUTIVE.search(head) and letter.author is Voice.COUNCIL
        return Voice.OTHER if strange else other_side(letter.author)
    return Voice.COUNCIL if COUNCIL.search(head) and not EXECUTIVE.search(head) else Voice.UNKNOWN


def _called_raad(letter: Letter) -> bool:
    """Return whether "de raad" is the council: in its own minutes, and where it is "uw raad" and no *gemeenteraad* is named."""
    if letter.author is Voice.EXECUTIVE:
        return bool(re.search(r"\buw raad\b", letter.text)) and not _COUNCILLORS.search(letter.text)
    return letter.kind is Kind.MINUTES and letter.author is Voice.COUNCIL


def _named(letter: Letter) -> Iterator[tuple[Sequence[str], str, Voice]]:
    """Yield the people whose side the letter tells: first names, surname, side."""
    texts = [*_ALDERMAN.finditer(letter.text), *_NAMED_OFFICIAL.finditer(letter.text)]
    found = [(match["name"], Voice.EXECUTIVE) for match in texts]
    found += list(_present(letter.text)) if letter.kind is Kind.MINUTES else []
    for name, side in found:
        if re.search(r"(?<!\w)voorzitter\b", name):
            yield (), "voorzitter", side
        person = _PERSON.search(re.sub(r"\([^)]*\)", "", name))
        if person and person["last"].casefold() not in ("de", "het", "zij", "hij"):
            yield person["first"].split(), person["last"], side


def _present(text: str) -> Iterator[tuple[str, Voice]]:
    """Yield the people in the list of those present, each with the side that the list gives."""
    side, room = Voice.UNKNOWN, 0
    for line in re.sub(r"[ \t](?=(?:Aanwezig|Afwezig|Verhinderd|Namens|Verslag)\b[^:.\n]{0,60}:)", "\n", text).split(
        "\n"
    ):
        label = _PRESENT.match(line.strip("*_ "))
        if label:
            side, room = _side(label["label"]), _LIST_LINES
        people = label["people"] if label else line if room and len(line) < 100 and not line.endswith(".") else ""
        room = 0 if re.match(r"\d{1,2}\.?\s", line) or (line.strip() and not people and not label) else max(0, room - 1)
        if room and people and (not label or re.match(r"[-–•*] ", people)) and _side(people) is not Voice.UNKNOWN:
            yield people.strip(" -–•*"), _side(people)
            continue
        for group in (people if room else "").split("; "):
            yield from _together(group, side)


def _together(group: str, side: Voice) -> Iterator[tuple[str, Voice]]:
    """Yield the people of one group; where the group has no side, each has its own or that of the only one that is told."""
    entries = re.split(rf", (?!{_OFFICE}\b|wethouder(?:[,;]|$))(?![^(]*\))|\ben\b(?![^(]*\))(?= [A-Zdm])", group)
    told = {_side(entry) for entry in entries} - {Voice.UNKNOWN}
    apart = group.lstrip().lower().startswith("wethouder") or _SEATS.search(group)
    if side is Voice.UNKNOWN and apart and len(told) < 2:
        side = next(iter(told), Voice.COUNCIL)
    for entry in entries:
        own = _side(entry)
        if (own if own is not Voice.UNKNOWN else side) is not Voice.UNKNOWN:
            yield entry.strip(" -–•*"), side if own is Voice.UNKNOWN else own


def _side(words: str) -> Voice:
    council, executive = COUNCIL.search(words) or _OF_A_COUNCIL.search(words), _OFFICIAL.search(words)
    if bool(council) == bool(executive):
        return Voice.UNKNOWN
    return Voice.COUNCIL if council else Voice.EXECUTIVE
