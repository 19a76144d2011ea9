"""Whose words a statement says that it gives, and whose words the sentences of letters are or report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from ingest.language.parties import Named, parties_named
from ingest.language.subjects import names_paper
from ingest.language.tokens import tokens_of
from ingest.language.verbs import ASKING, ENGLISH, SAYING, load_verbs
from ingest.speakers.participants import Sides, sides_of
from ingest.speakers.reported_speech import reported_speaker
from vectorstore.letters import Kind, Letter, Voice

_ARTICLE = (
    r"(?:(?:de|het|onze|ons|deze|dit|the|our|this|diezelfde|datzelfde) )?"
    r"(?:(?:[Vv]orige|[Nn]ieuwe|[Vv]erantwoordelijke|previous|new|responsible|[A-Z][\w-]+se?) )?"
)
_OBJECT = re.compile(
    r"\b(?:van|aan|over|met|bij|door|voor|tegen|op|in|uit|naar|binnen|namens|tussen|of|by|to|from|about|with|for|against|at|on|within|between|than|dan|als|jegens)\s+"
    r"(?:(?:de|het|een|onze|ons|deze|the|our|a|this|haar|zijn|its)\s+)?(?:[\w-]+\s+)?$",
    re.I,
)
"""What stands before a party that makes something else of it than the subject."""

_BY = re.compile(
    r"\b(?:volgens|aldus|according to|namens|in (?:the )?(?:view|opinion|words) of|(?:naar|in) (?:de |het )?"
    rf"(?:mening|oordeel|opvatting|visie|ogen|woorden) van)\s+{_ARTICLE}$",
    re.I,
)
_AGENT = re.compile(rf"\b(?:door|by)\s+{_ARTICLE}$", re.I)
_OF = re.compile(
    r"\b(?:standpunt|mening|oordeel|advies|adviezen|verzoek|vraag|antwoord|reactie|voorstel|opvatting|bezwaar|bezwaren|kritiek|zorg|zorgen|wens|reden|argument\w*|stelling|"
    r"position|view|opinion|advice|request|reply|response|answer|proposal|objection|criticism|concern|concerns|argument)\s+(?:van|of)\s+"
    rf"{_ARTICLE}$",
    re.I,
)
_OWNS = re.compile(
    r"[’']s? (?:\w+ )?(?:position|view|opinion|advice|request|reply|response|answer|proposal|objection|criticism|concerns?|argument)\b",
    re.I,
)
_CONNECTOR = re.compile(
    r"(?:[,;:–—]\s+|\s)(?:maar|terwijl|waarop|waarna|en|doch|but|while|whereas|and|whereupon|to which)\s+|;\s+", re.I
)
_TO_SUBJECT = re.compile(rf"(?:[\w-]+\s+){{0,3}}?{_ARTICLE}", re.I)
"""What may stand between a connector and the party that the next part of the sentence is about."""

_SPEAKS: Final = SAYING | ASKING | ENGLISH
_TAKES_STAND = re.compile(
    r"\b(?:advies|standpunt|mening|oordeel|verzoek|opvatting|bezwaar|kritiek|bepleit\w*|pleit\w*|wijst op|waarschuwt|twijfelt|betreurt|waardeert|prijst|complimenteert|"
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
class SentencePart:
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
def turns_in(sentence: str) -> tuple[SentencePart, ...]:
    """Return the parts of a sentence of which each has one subject, together all of it."""
    cuts = [0, *_cuts_in(sentence), len(sentence)]
    turns: list[SentencePart] = []
    for start, end in pairwise(cuts):
        part = sentence[start:end]
        if not part.strip():
            continue
        goes_on = bool(turns) and _begins_with_speech(part)
        voice = turns[-1].voice if goes_on else None if _PERSON.match(part) else _speaker(part)
        turns.append(SentencePart(start, end, voice, _speaks(part)))
    return tuple(turns)


def _cuts_in(sentence: str) -> Iterator[int]:
    """Yield where another part of a sentence begins: behind a semicolon, or a connector that a party follows."""
    starts = [named.start for named in parties_named(sentence)]
    for found in _CONNECTOR.finditer(sentence):
        follows = (start for start in starts if start >= found.end())
        if found[0][0] == ";" or any(_TO_SUBJECT.fullmatch(sentence, found.end(), start) for start in follows):
            yield found.end()


def _begins_with_speech(part: str) -> bool:
    tokens, verbs = tokens_of(part), load_verbs()
    if part[:1].isspace():
        return False
    says = verbs.is_apart(tokens, 0, _SPEAKS) or verbs.is_participle(tokens, 0, _SPEAKS)
    return says or _TAKES_STAND.match(part) is not None


def _speaks(part: str) -> bool:
    """Return whether a part of a sentence gives what somebody says, thinks or asks, and not only does."""
    if _TAKES_STAND.search(part) or load_verbs().names_any(tokens_of(part), _SPEAKS):
        return True
    return any(_BY.search(part[: named.start]) for named in parties_named(part))


def party_in(text: str) -> Voice | None:
    """Return the party that a text names first, whatever it does."""
    return next((named.voice for named in parties_named(text)), None)


def _speaker(part: str) -> Voice | None:
    """Return the party whose words a part of a sentence gives, or whose deed it tells."""
    parties = parties_named(part)
    for gives in (_is_source, _is_owner, _is_holder):
        if source := next((named for named in parties if gives(part, named)), None):
            return source.voice
    subject = next((named for named in parties if not _OBJECT.search(part[: named.start])), None)
    agent = next((named for named in parties if _AGENT.search(part[: named.start])), None)
    if subject and not (agent and agent.start < subject.start):
        return subject.voice
    return agent.voice if agent else None


def _is_source(part: str, named: Named) -> bool:
    return _BY.search(part[: named.start]) is not None


def _is_owner(part: str, named: Named) -> bool:
    return _OWNS.match(part, named.end) is not None


def _is_holder(part: str, named: Named) -> bool:
    return _OF.search(part[: named.start]) is not None


@lru_cache(maxsize=500)
def _sides(letter: Letter) -> Sides:
    salutation = _SALUTATION.search(letter.text)
    line_end = letter.text.find("\n", salutation.end()) if salutation else 0
    return sides_of(letter, max(0, line_end))


def given_to(sentence: str, letter: Letter) -> Voice | None:
    """Return to whom a sentence of a letter gives the words that it reports; None when it reports none."""
    sides = _sides(letter)
    if letter.kind is Kind.MINUTES and _DECIDED.search(sentence):
        return Voice.COUNCIL
    return reported_speaker(" ".join(sentence.split()), sides) or (
        sides.addressed if _AS_YOU_ASK.search(sentence) else None
    )


def mentioned_in(sentence: str, letter: Letter) -> frozenset[Voice]:
    """Return the parties of which a sentence of a letter says what they do, by name or as the one who is written to."""
    found = {named.voice for named in parties_named(sentence)}
    sides = _sides(letter)
    if sides.author is not Voice.UNKNOWN and _OURS.search(sentence):
        found.add(sides.author)
    if sides.author is Voice.COUNCIL and names_paper(tokens_of(sentence)):
        found.add(Voice.EXECUTIVE)
    if sides.addressed is not Voice.UNKNOWN and _U_SUBJECT.search(_ASKS_YOU.sub(" ", sentence)):
        found.add(sides.addressed)
    return frozenset(found)


def may_carry(voice: Voice, given: Voice | None, mentioned: frozenset[Voice], turn: SentencePart) -> bool:
    """Return whether a sentence of a letter may carry a turn: it is of that speaker, or tells of a deed of that party."""
    return turn.voice is None or turn.voice in (voice, given) or (not turn.speaks and turn.voice in mentioned)
