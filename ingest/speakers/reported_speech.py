"""Whom a sentence of a letter names as the one who speaks: "Het college stelt dat …", "Volgens u …"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ingest.language.sentences import uncapitalise
from ingest.language.subjects import Subject
from ingest.language.verbs import ASKING, FEARING, HOLDING, SAYING, TELLING, URGING, WANTING, WISHING
from ingest.speakers.addressee import says_so_itself
from ingest.speakers.clauses import Clause, clause_of, has_floor, is_first
from ingest.speakers.participants import Sides
from vectorstore.letters import Voice

_HEARD_BY: Final = {
    Voice.EXECUTIVE: SAYING | HOLDING | URGING,
    Voice.COUNCIL: SAYING | HOLDING | ASKING | WISHING,
    Voice.OTHER: SAYING | URGING,
}
"""The verbs by which each party speaks; what the executive asks of a council is not what it says."""

_PEOPLE_TELL: Final = TELLING | FEARING
_PLEADS: Final = SAYING | ASKING | WISHING
_MARKER = re.compile(r"^(?:[-–•*]|\(?(?:\d{1,2}|[a-z])[.)])\s+")
_NO_SPEECH = re.compile(
    r"^(?!.*\bdat\b).*\b(?:stel\w* .*\b(?:vragen|beschikbaar|vast|teleur|open|in staat|centraal|uit|op de hoogte|veilig|gerust)\b|"
    r"(?:wijs|wijz|wees|wez)\w* .*\b(?:af|toe|door|terug)\b|(?:zegt|zeggen|zei\w*|zegd\w*) .*\b(?:op|af)[,.;]?$|"
    r"(?:vindt|vond\w*|vinden) .*\b(?:plaats|bijlage|website|hieronder|bijgaand\w*|hierbij)\b|(?:noem|meld|vermeld|schrijf|zeg|antwoord)\w* "
    r"(?:[\w-]+ ){0,4}?(?:niet|niets|geen|nergens)\b|verwacht\w* (?:\w+ )?van (?:ons|de cliëntenraad))|"
    r"\bverwacht\w* (?:\w+ )?van (?:ons|de (?:cliënten|advies)raad)\b",
    re.I,
)
_BY_NOBODY = re.compile(
    r"^(?!.*\b(?:door|wij|we|ons|onze)\b)(?:(?:tevens|ook|verder|voorts|daarnaast|tot slot) )?(?:er )?"
    r"(?:(?:wordt|werd) (?:er |ook |verder |tevens ){0,2}(?:gevraagd|voorgesteld|geadviseerd|gepleit|bepleit|verzocht|opgemerkt)|"
    r"(?:gevraagd|voorgesteld|geadviseerd|gepleit|bepleit|verzocht|opgemerkt) (?:wordt|werd))\b",
    re.I,
)
"""What is asked in a reply without saying by whom; most likely by the one who is replied to, and nobody can tell."""

_CONTINUES = re.compile(
    r"(?:Het|Dit|Daarbij|Hierbij) zou(?:den)? (?:\w+ ){0,2}?gaan om\b|Het zou (?:daarbij|hierbij|dan) \w+|"
    r"(?!(?:Dat|Dit|Wij|We) )(?!.*\b(?:wij|we|ons|onze)\b)(?=.*\bzou(?:den)?\b)(?:[A-Z][\w-]*)\b.*\b(?:\w+(?:d|t|en) (?:hebben|zijn|worden)|"
    r"(?:hebben|zijn|worden) \w+(?:d|t|en))\.?$|(?:(?:Volgens|Aldus) (?:haar|hem|hen|die)\b)|(?:[\w ]+ )?volgens (?:haar|hem|hen)\b"
)
_AFTER_WHICH = re.compile(
    r"^(?:Daarmee|Daarop|Hierop|Hiermee|Desgevraagd|Vervolgens|Daarna|Tevens|Ook|Verder|Tot slot) [a-zà-ÿ]+ (?=de wethouder\b|de cliëntenraad\b)"
)
THEIR_POINT: Final = re.compile(r"(?:uw )?(?:advies|aanbeveling|vraag|opmerking|verzoek)(?: \d{1,2})?\s?:", re.I)
"""What stands above an advice or a question to which the executive responds, point by point."""

_TURN = re.compile(
    r"^[-–•* ]*(?:(?P<executive>(?:de )?wethouder|(?:de )?burgemeester|het college|(?:de )?gemeente)|"
    r"(?P<council>(?:de )?cli[ëe]ntenraad|(?:de )?adviesraad|(?:het )?platform)|(?P<other>een inwoner))(?: \([^)]*\))?\s?: ",
    re.I,
)
"""A turn in minutes that begins with who has it."""

_OF_THE_WRITER = re.compile(
    r"\b(?:deze|dit|onze) (?:samenvatting|overzicht|stuk)\b|\b(?:wij|we) (?:vat\w*|geven|gaven|hebben|beschrijven|laten)\b.*\b(?:samen\w*|weer\w*|"
    r"hieronder|oordeel|buiten beschouwing)\b|\bons (?:\w+ )?advies\b|\bonze (?:\w+ )?(?:mening|reactie|opmerkingen|opvatting|standpunt|kanttekening\w*)\b|"
    r"\bwat (?:wij|we) (?:ervan|daarvan|hiervan) vinden\b|\bniet (?:onze|ons) (?:mening|oordeel)\b",
    re.I,
)
_READS = re.compile(
    r"(?: [\w-]+){0,6}? (?:staat|stond|lezen (?:wij|we)|lees ik|lazen (?:wij|we)|is te lezen|wordt (?:gesteld|vermeld|gezegd))\b"
    r"(?! (?:\w+ )?(?:niet|niets|geen|nergens|over))(?=.*(?:\bdat\b|\bhoe\b|[‘'“\"]))",
    re.I,
)
_LEAVES_OUT: Final = frozenset("zegt noemt vermeldt meldt beschrijft bevat".split())
_NOTHING: Final = frozenset("niet niets geen nergens".split())
_FILLERS: Final = frozenset("er ook echter daarover daarvan daarbij".split())
_HAVE: Final = frozenset("heeft hebben hebt had hadden".split())
_NEVER: Final = frozenset("niet nooit geen".split())
_OPEN: Final = frozenset("wat hoe of".split())
_AT_TABLE: Final = frozenset({"wethouder", "burgemeester"})
_ABSENT: Final = frozenset("afwezig verhinderd ziek".split())
_THEY: Final = frozenset("hij zij ze men".split())
_IT: Final = _THEY | {"het"}
_NEAR_START: Final = 3


def reported_speaker(sentence: str, sides: Sides) -> Voice | None:
    """Return who says what a sentence of a letter reports; None when it reports nobody's words.

    A sentence in which the author doubts, asks or judges what another says is the author's.
    """
    voice, sentence = sides.voice, sides.replaced(_MARKER.sub("", uncapitalise(sentence)))
    clause = clause_of(sentence)
    if sides.called_raad and _of_the_council(clause):
        return Voice.COUNCIL
    if sides.minutes and (at_the_table := _at_the_table(clause_of(_AFTER_WHICH.sub("", sentence)))):
        return at_the_table
    if voice is not sides.author and (_OF_THE_WRITER.search(sentence) or _says_nothing(clause)):
        return sides.author
    if sentence.rstrip('”’") ').endswith("?") or _NO_SPEECH.search(sentence) or _never_said(clause):
        return None
    if voice is Voice.EXECUTIVE and (point := THEIR_POINT.match(sentence) or _BY_NOBODY.match(sentence)):
        return Voice.COUNCIL if point.re is THEIR_POINT else Voice.UNKNOWN
    if sides.author is Voice.COUNCIL and voice is Voice.COUNCIL and _stands_in_paper(clause):
        return Voice.EXECUTIVE
    return _speaker_in(clause, sides)


def _speaker_in(clause: Clause, sides: Sides) -> Voice | None:
    """Return who has the floor in a main clause: the author itself, a party that is named, or the one written to."""
    if _speaks_for_itself(clause, sides.voice):
        return sides.voice
    for who in clause.subjects():
        if who.voice is not sides.voice and has_floor(clause, who, heard_by(who)):
            return sides.addressed if _is_yours(who, sides) else who.voice
    return sides.addressed if sides.addressed is not Voice.UNKNOWN and says_so_itself(clause) else None


def heard_by(who: Subject) -> frozenset[str]:
    """Return the verbs by which a party speaks; people only tell."""
    return _PEOPLE_TELL if who.use == "people" else _HEARD_BY[who.voice]


def _is_yours(who: Subject, sides: Sides) -> bool:
    """Return whether "uw raad" and "uw medewerkers" are another's than a council's or an executive's."""
    return who.yours and who.first == 0 and sides.addressed is Voice.OTHER


def _speaks_for_itself(clause: Clause, voice: Voice) -> bool:
    """Return whether the author says something itself: "De raad vindt het plan een goede stap"."""
    if voice not in (Voice.COUNCIL, Voice.EXECUTIVE):
        return False
    who = next(iter(clause.subjects()), None)
    if who is None or who.voice is not voice or not is_first(clause, who):
        return False
    return clause.is_near(who.end, _PLEADS) and clause.tokens.at(who.end + 1) not in _OPEN


def _never_said(clause: Clause) -> bool:
    """Return whether a sentence says what was never asked or said: "Dit advies hebt u ons niet gevraagd"."""
    words = clause.tokens.words
    if "dat" in words or not clause.within(_HAVE):
        return False
    denied = (at + skip for at, word in enumerate(words) if word in _NEVER for skip in (1, 2))
    return any(clause.verbs.is_participle(clause.tokens, at, _PLEADS) for at in denied)


def _papers(clause: Clause) -> Iterator[Subject]:
    return (who for who in clause.subjects() if who.use == "paper")


def _stands_in_paper(clause: Clause) -> bool:
    """Return whether a sentence tells what is written in a paper of the executive: "In de nota staat dat …"."""
    for who in _papers(clause):
        behind = clause.tokens.text[clause.tokens.spans[who.end - 1][1] :]
        page = clause.tokens.at(who.first - 1) == "van" and clause.tokens.at(who.first - 3) == "bladzijde"
        preposition = who.first - (4 if page else 1)
        if (
            0 <= preposition <= clause.opening
            and clause.tokens.at(preposition) in ("in", "op")
            and _READS.match(behind)
        ):
            return True
    return False


def _says_nothing(clause: Clause) -> bool:
    """Return whether a sentence says what a paper leaves out: "De nota zegt daar niets over"."""
    for at, word in enumerate(clause.tokens.words[: clause.opening + 1]):
        if word in _LEAVES_OUT:
            at += 1
            at = next((who.end for who in _papers(clause) if who.first == at), at)
            while clause.tokens.at(at) in _FILLERS:
                at += 1
            return clause.tokens.at(at) in _NOTHING
    return False


def _of_the_council(clause: Clause) -> bool:
    """Return whether "de raad", where that is the council, says or asks something."""
    words = clause.tokens.words
    return words[:1] == ("de",) and words[1:2] in (("raad",), ("raadsleden",)) and clause.is_near(2, _PLEADS | WANTING)


def _at_the_table(clause: Clause) -> Voice | None:
    """Return who of those at the table a sentence of minutes tells something of; None when it tells of none."""
    who = next(iter(clause.subjects()), None)
    if who is None or who.first != 0 or who.use == "paper" or who.yours or who.hesitant:
        return None
    tokens = clause.tokens
    seated = {Voice.EXECUTIVE: not _AT_TABLE.isdisjoint(tokens.words[who.first : who.noun])}
    seated |= {Voice.COUNCIL: True, Voice.OTHER: tokens.words[:2] == ("een", "inwoner")}
    follows = tokens.at(who.end)
    missing = follows in ("is", "was") and tokens.at(who.end + 1) in _ABSENT
    tells = tokens.is_word(who.end) and not tokens.is_name(who.end) and follows not in ("van", "en") and not missing
    return who.voice if seated[who.voice] and tells else None


def whose_turn(sentence: str, sides: Sides) -> tuple[Voice, int] | None:
    """Return who has the turn in minutes from a sentence on that begins with a name and a colon, and where the words begin."""
    if not sides.minutes or ": " not in sentence[:60]:
        return None
    begin = sentence.index(": ") + 2
    turn = _TURN.match(sides.replaced(sentence[:begin]))
    return (next(Voice(name) for name, words in turn.groupdict().items() if words), begin) if turn else None


def refers_back(sentence: str) -> bool:
    """Return whether a sentence reports what "hij" or "zij" says, who spoke a little earlier: "Later liet zij weten dat …"."""
    clause = clause_of(sentence)
    return any(_says(clause, at) for at, word in enumerate(clause.tokens.words[: _NEAR_START + 2]) if word in _IT)


def _says(clause: Clause, at: int) -> bool:
    """Return whether a pronoun is the subject of a verb of saying; "het" only where the verb has a part behind it."""
    before = at - 1
    if clause.tokens.at(at) in _THEY and at <= clause.opening and clause.is_near(at + 1, SAYING):
        return True
    if not 0 <= before <= clause.opening:
        return False
    parted = clause.verbs.is_parted(clause.tokens, before, SAYING, at + 1)
    return parted or (clause.tokens.at(at) in _THEY and clause.is_near(before, SAYING))


def goes_on(sentence: str, said: Voice, sides: Sides) -> bool:
    """Return whether a sentence after a report by `said` goes on with it: "Het zou daarbij gaan om …", "Zij zei ook dat …"."""
    if _CONTINUES.match(sentence) or refers_back(sentence):
        return True
    if sides.minutes:
        return bool(re.match(r"(?:Hij|Zij|Ze) [a-z]", sentence))
    return said is Voice.COUNCIL and _of_the_council(clause_of(sentence))
