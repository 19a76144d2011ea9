"""Whose words a statement says that it gives, and whose words the sentences of letters are or report."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ingest.parties import COUNCIL
from ingest.sides import Sides, sides_of
from ingest.speakers import reported_speaker
from ingest.speaking import PAPER
from ingest.verbs import ASKING, SAYING
from vectorstore.letters import Kind, Letter, Voice

_COUNCIL = (
    rf"(?:{COUNCIL.pattern}|(?<!hoge )(?<!centrale )(?<!municipal )(?<!town )(?<!city )(?<!local )\b(?:raad(?! van (?:state|beroep|bestuur|toezicht))|raadsleden|"
    r"adviesraad|clientenraad|platform|klankbordgroep|CR|(?:client|advisory|clients[’']?|participation) (?:council|board)|council)\b)"
)
_EXECUTIVE = (
    r"\b(?:college|gemeente(?!raad)|B ?(?:&|en) ?W|wethouders?|burgemeester|gemeentebestuur|(?:municipal )?executive|municipality|alderman|alderwoman|aldermen|mayor|"
    r"municipal authorit(?:y|ies))\b"
)
_PARTY = rf"(?P<council>{_COUNCIL})|(?P<executive>{_EXECUTIVE})"
_ARTICLE = r"(?:(?:de|het|onze|ons|deze|dit|the|our|this|diezelfde|datzelfde) )?(?:(?:[Vv]orige|[Nn]ieuwe|[Vv]erantwoordelijke|previous|new|responsible|[A-Z][\w-]+se?) )?"
_OBJECT = re.compile(
    r"\b(?:van|aan|over|met|bij|door|voor|tegen|op|in|uit|naar|binnen|namens|tussen|of|by|to|from|about|with|for|against|at|on|within|between|than|dan|als|jegens)\s+"
    r"(?:(?:de|het|een|onze|ons|deze|the|our|a|this|haar|zijn|its)\s+)?(?:[\w-]+\s+)?$",
    re.I,
)
_BY = re.compile(
    rf"\b(?:volgens|aldus|according to|namens|in (?:the )?(?:view|opinion|words) of|(?:naar|in) (?:de |het )?(?:mening|oordeel|opvatting|visie|ogen|woorden) van)\s+{_ARTICLE}(?:{_PARTY})",
    re.I,
)
_AGENT = re.compile(rf"\b(?:door|by)\s+{_ARTICLE}(?:{_PARTY})", re.I)
_OF = re.compile(
    r"\b(?:standpunt|mening|oordeel|advies|adviezen|verzoek|vraag|antwoord|reactie|voorstel|opvatting|bezwaar|bezwaren|kritiek|zorg|zorgen|wens|reden|argument\w*|stelling|"
    r"position|view|opinion|advice|request|reply|response|answer|proposal|objection|criticism|concern|concerns|argument)\s+(?:van|of)\s+"
    rf"{_ARTICLE}(?:{_PARTY})",
    re.I,
)
_OWNS = re.compile(
    rf"(?:{_PARTY})[’']s? (?:\w+ )?(?:position|view|opinion|advice|request|reply|response|answer|proposal|objection|criticism|concerns?|argument)\b",
    re.I,
)
_SUBJECT = re.compile(_PARTY, re.I)
_TURN = re.compile(
    rf"(?:[,;:–—]\s+|\s)(?:(?:maar|terwijl|waarop|waarna|en|doch|but|while|whereas|and|whereupon|to which)\s+)(?=(?:[\w-]+\s+){{0,3}}?{_ARTICLE}(?:{_COUNCIL}|{_EXECUTIVE}))|;\s+",
    re.I,
)
_ENGLISH_SAYS = (
    r"says?|said|states?|stated|writes?|wrote|written|thinks?|thought|believes?|believed|considers?|considered|finds?|found|asks?|asked|requests?|requested|urges?|urged|"
    r"advises?|advised|recommends?|recommended|proposes?|proposed|suggests?|suggested|argues?|argued|claims?|claimed|points? out|pointed out|notes?|noted|warns?|warned|"
    r"objects?|objected|calls? (?:on|for)|called (?:on|for)|replie[sd]|replies|answers?|answered|responds?|responded|agrees?|agreed|disagrees?|disagreed|regrets?|fears?|feared|"
    r"emphasi[sz]es?|emphasi[sz]ed|stresses|stressed|expects?|expected|hopes?|hoped|doubts?|doubted|disputes?|disputed|rejects?|rejected|opposes?|opposed|"
    r"supports?|supported|welcomes?|welcomed|insists?|insisted|explains?|explained|acknowledges?|acknowledged|promises?|promised|thanks?|thanked|complains?|complained"
)
_SPEAKS = re.compile(
    rf"\b(?:{SAYING.near}|{SAYING.apart}|{ASKING.near}|{ASKING.apart}|{SAYING.participles}|{ASKING.participles}|{_ENGLISH_SAYS}|"
    r"advies|standpunt|mening|oordeel|verzoek|opvatting|bezwaar|kritiek|bepleit\w*|pleit\w*|wijst op|waarschuwt|twijfelt|betreurt|waardeert|prijst|complimenteert|"
    r"is (?:\w+ ){0,2}?(?:tegen|voor|blij|tevreden|ontevreden|bezorgd|kritisch|positief|negatief|teleurgesteld|verbaasd|bang|voorstander|tegenstander)|onderschrijft|steunt|"
    r"maakt zich zorgen|heeft (?:\w+ ){0,2}?(?:zorgen|bezwaar|kritiek)|ziet (?:\w+ ){0,3}?(?:niets|niet|geen|als)|sluit zich aan|herkent|erkent|hecht|vreest|stemt in|dringt|"
    r"ontraadt|roept|verlangt|eist|hoopt|begrijpt|belooft|excuses|dankt|bedankt|position|view|opinion|advice|request|reply|criticism|concern)\b",
    re.I,
)
_U_SUBJECT = re.compile(
    r"(?<!\baan )(?<!\bmet )(?<!\bvan )(?<!\bvoor )(?<!\bbij )(?<!\bdoor )(?<!\bnaar )(?<!\bover )(?<!\btegen )\b(?:u|jullie)\b",
    re.I,
)
_ASKS_YOU = re.compile(
    r"\b(?:vragen|verzoeken|adviseren|bieden|geven|sturen|zenden|danken|laten|delen|wijzen|raden|nodigen|melden|berichten|stellen|bedanken|informeren|zeggen)\s+(?:wij|we|ik)?\s?(?:u|jullie)\b|"
    r"\b(?:wij|we|ik) (?:\w+ ){1,2}(?:u|jullie)\b",
    re.I,
)
_AS_YOU_ASK = re.compile(
    r"\b(?:die|dat|zoals|wat|waar(?:om|over|voor)?) (?:u|jullie|uw raad)\b(?: [\w-]+){0,5}? (?:vra\w+|vroeg\w*|noem\w*|schr\w+|advis\w+|wil\w*|stel\w*|bepleit\w*|"
    r"hebt|heeft|gevraagd|voorgesteld|voorstel\w*|wens\w*)\b",
    re.I,
)
_PERSON = re.compile(
    r"(?:volgens|aldus|according to) (?:(?:de heer|mevrouw|meneer|mr|mrs|ms)\b|(?-i:[A-Z])(?!\S*raad\b)\S+ (?-i:[A-Z]))|(?:de heer|mevrouw|meneer|mr\.?|mrs\.?|ms\.?) (?-i:[A-Z]|van|el|de)",
    re.I,
)
"""Begins a sentence that gives what somebody says who is named; that the passage names him is checked apart."""

_DECIDED = re.compile(
    r"\b(?:besloten|afgesproken) (?:wordt|werd|is)\b|\b(?:wordt|werd|is) (?:besloten|afgesproken)\b", re.I
)
_OURS = re.compile(r"\b(?:wij|we|ons)\b", re.I)
_SALUTATION = re.compile(r"^(?:geacht|beste|hooggeacht|waarde|dear)\b", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Turn:
    """A part of a sentence that one party is the subject of.

    Attributes:
        start, end: offsets into the sentence.
        voice: the party; None when it names none.
        speaks: it says, thinks or asks something, and does not only do it.
    """

    start: int
    end: int
    voice: Voice | None
    speaks: bool = False


@lru_cache(maxsize=4000)
def turns_in(sentence: str) -> tuple[Turn, ...]:
    """The parts of a sentence of which each has one subject, together all of it."""
    cuts = [0, *(match.end() for match in _TURN.finditer(sentence)), len(sentence)]
    turns: list[Turn] = []
    for start, end in pairwise(cuts):
        part = sentence[start:end]
        if not part.strip():
            continue
        goes_on = _SPEAKS.match(part) is not None and bool(turns)
        voice = turns[-1].voice if goes_on else None if _PERSON.match(part) else _speaker(part)
        turns.append(
            Turn(
                start,
                end,
                voice,
                _BY.search(part) is not None or _SPEAKS.search(part) is not None,
            )
        )
    return tuple(turns)


def party_in(text: str) -> Voice | None:
    """The party that a text names first, whatever it does."""
    found = _SUBJECT.search(text)
    return _voice(found) if found else None


def _speaker(part: str) -> Voice | None:
    """The party whose words a part of a sentence gives, or whose deed it tells."""
    for pattern in (_BY, _OWNS, _OF):
        if named := pattern.search(part):
            return _voice(named)
    subject = next((match for match in _SUBJECT.finditer(part) if not _OBJECT.search(part[: match.start()])), None)
    agent = _AGENT.search(part)
    if subject and not (agent and agent.start() < subject.start()):
        return _voice(subject)
    return _voice(agent) if agent else None


def _voice(match: re.Match[str]) -> Voice:
    return Voice.COUNCIL if match["council"] else Voice.EXECUTIVE


@lru_cache(maxsize=500)
def _sides(letter: Letter) -> Sides:
    salutation = _SALUTATION.search(letter.text)
    line_end = letter.text.find("\n", salutation.end()) if salutation else 0
    return sides_of(letter, max(0, line_end))


def given_to(sentence: str, letter: Letter) -> Voice | None:
    """To whom a sentence of a letter gives the words that it reports; None when it reports none."""
    sides = _sides(letter)
    if letter.kind is Kind.MINUTES and _DECIDED.search(sentence):
        return Voice.COUNCIL
    return reported_speaker(" ".join(sentence.split()), sides) or (
        sides.addressed if _AS_YOU_ASK.search(sentence) else None
    )


def mentioned_in(sentence: str, letter: Letter) -> frozenset[Voice]:
    """The parties of which a sentence of a letter says what they do, by name or as the one who is written to."""
    found = {_voice(match) for match in _SUBJECT.finditer(sentence)}
    sides = _sides(letter)
    if sides.author is not Voice.UNKNOWN and _OURS.search(sentence):
        found.add(sides.author)
    if sides.author is Voice.COUNCIL and re.search(rf"\b{PAPER}", sentence, re.I):
        found.add(Voice.EXECUTIVE)
    if sides.addressed is not Voice.UNKNOWN and _U_SUBJECT.search(_ASKS_YOU.sub(" ", sentence)):
        found.add(sides.addressed)
    return frozenset(found)


def may_carry(voice: Voice, given: Voice | None, mentioned: frozenset[Voice], turn: Turn) -> bool:
    """Whether a sentence of a letter may carry a turn: it is of that speaker, or tells of a deed of that party."""
    return turn.voice is None or turn.voice in (voice, given) or (not turn.speaks and turn.voice in mentioned)
