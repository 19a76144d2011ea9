"""Whom a lead-in names as the one whose words are quoted: "In ons advies stond:", "Het college stelt daarover:"."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from ingest.language.sentences import uncapitalise
from ingest.language.subjects import Subject, subjects_in
from ingest.language.verbs import ASKING, SAYING, WANTING, WISHING
from ingest.links.references import find_references
from ingest.speakers.clauses import Clause, clause_of, places_behind, says_now
from ingest.speakers.participants import Sides
from ingest.speakers.reported_speech import THEIR_POINT
from vectorstore.letters import Voice

_SAYS: Final = SAYING | ASKING | WANTING | WISHING
_OWN = re.compile(
    r"\b(?:in|uit|zie) (?:ons|onze) (?P<what>(?:[\w-]+ ){0,3}(?:advies|adviezen|brief|brieven|reactie|notitie))\b|"
    r"\b(?:wij|we) (?:schrijven|schreven|adviseren|adviseerden|stellen|stelden|vragen|vroegen|zeiden|merkten|wezen)\b|"
    r"\b(?:schreven|adviseerden|stelden|vroegen|zeiden|merkten|wezen) (?:wij|we)\b|\bonze eigen woorden\b",
    re.I,
)
_YOURS = re.compile(
    r"\b(?:schrijf|schreef|zei|zeg|stel|beloofde) je\b|\b(?:schrijven|schreven|zeiden|stelden|beloofden) jullie\b|"
    r"\b(?:in|uit) (?:uw|je|jouw|jullie) (?P<what>(?:[\w-]+ ){0,3}(?:advies|adviezen|brief|brieven|reactie|notitie|nota))\b|"
    r"\b(?:schrijft|schreef|adviseert|adviseerde|stelt|vraagt|zegt|meldt|vindt|noemt|merkt|geeft) u\b|"
    r"\bu (?:schrijft|schreef|stelt|adviseert|vraagt|zegt|meldt|noemt|vindt|geeft|merkt)\b",
    re.I,
)
_MENTIONS = {
    Voice.EXECUTIVE: re.compile(
        r"\b(?:college|gemeente|wethouder|B&W|uw medewerkers|nota|persbericht|jaarverslag)\b", re.I
    ),
    Voice.COUNCIL: re.compile(r"\b(?:cliëntenraad|clientenraad|adviesraad|uw raad)\b", re.I),
}
_MENTIONS_OTHERS = re.compile(
    r"\b(?:rechter|rechtbank|Centrale Raad|minister|staatssecretaris|Rijk|UWV|ombudsman|wetgever|artikel \d+|inwoners?|"
    r"bewoners?|cliënt(?:en)?|moeder|vader|man|vrouw|onderzoekers?|deelnemers?)\b",
    re.I,
)
_DETERMINER = re.compile(r"^(?:ons|onze|uw|jullie|je|de|het|een|haar|zijn|hun)\s+", re.I)
_NOT_AFTER: Final = frozenset("uit van in bij over door met aan".split())
_BETWEEN: Final = frozenset("ons daarover hierover dan zelf".split())
_INTRODUCING: Final = frozenset("aldus volgens zo".split())
_WE_SAID: Final = frozenset("schreven adviseerden stelden vroegen zeiden".split())
_WE: Final = frozenset("wij we ik".split())
_MODIFIED: Final = 3
"""Words behind people from which a verb of saying is theirs, and not of the clause that says who they are."""

_AFTERWARDS = re.compile(r"\s*,?\s*(?P<words>[a-zà-ÿ][^.!?\n]{2,130})")


def said_afterwards(text: str, start: int, end: int) -> str | None:
    """Return the words after a quotation that say whose it was, ", aldus de wethouder"; None when there are none."""
    found = _AFTERWARDS.match(text, start, end)
    if not found:
        return None
    clause = clause_of(found["words"])
    first, second = clause.tokens.at(0), clause.tokens.at(1)
    named = first in _INTRODUCING or (first in _WE_SAID and second in ("wij", "we")) or clause.is_near(0, SAYING)
    return found["words"] if named else None


def quoted_speaker(lead_in: str, sides: Sides, date: dt.date | None) -> tuple[Voice, str | None]:
    """Return whose words follow a lead-in in a letter of that date, and from which letter they come."""
    voice, lead_in = sides.voice, sides.replaced(uncapitalise(lead_in))
    for pattern, speaker in ((_OWN, voice), (_YOURS, sides.addressed)):
        match = pattern.search(lead_in)
        if match:
            return speaker, _letter_named(lead_in, voice, speaker, date) or match["what"]
    if voice is Voice.EXECUTIVE and THEIR_POINT.match(lead_in):
        return Voice.COUNCIL, _letter_named(lead_in, voice, Voice.COUNCIL, date)
    named = _named_in(lead_in, called_raad=sides.called_raad)
    if named:
        return named, _letter_named(lead_in, voice, named, date)
    if lead_in.endswith((".", "!", "?")) or _MENTIONS_OTHERS.search(lead_in):
        return Voice.UNKNOWN, None
    mentioned = [speaker for speaker, pattern in _MENTIONS.items() if pattern.search(lead_in)]
    speaker = mentioned[0] if len(mentioned) == 1 else Voice.UNKNOWN
    return speaker, _letter_named(lead_in, voice, speaker, date)


def _named_in(lead_in: str, *, called_raad: bool) -> Voice | None:
    """Return the party that says something last in a lead-in, before its verb or else behind it."""
    clause = clause_of(lead_in)
    named = [who for who in subjects_in(lead_in) if not who.hesitant or called_raad or says_now(clause, who)]
    for stands in (_before_verb, _behind_verb):
        found = [who for who in named if stands(clause, who)]
        if found:
            return found[-1].voice
    return None


def _before_verb(clause: Clause, who: Subject) -> bool:
    if clause.tokens.at(who.first - 1) in _NOT_AFTER:
        return False
    places = places_behind(clause, who)
    if len(places) > _MODIFIED:
        return any(clause.is_near(at, _SAYS) for at in places[_MODIFIED:])
    return clause.is_near(who.end + (clause.tokens.at(who.end) in _BETWEEN), _SAYS)


def _behind_verb(clause: Clause, who: Subject) -> bool:
    before = who.first - 1
    if who.hesitant or before < 0 or clause.tokens.at(before - 1) in _WE:
        return False

    return clause.tokens.at(before) in _INTRODUCING or clause.is_verb(before, _SAYS, who.end)


def _letter_named(lead_in: str, voice: Voice, speaker: Voice, date: dt.date | None) -> str | None:
    """Return the letter by a speaker, or by nobody that is told, that a lead-in names with its date or kenmerk."""
    named = [
        reference
        for reference in find_references(lead_in, author=voice, date=date)
        if reference.author in (speaker, Voice.UNKNOWN)
    ]
    return _DETERMINER.sub("", lead_in[named[-1].start : named[-1].end]) if named else None
