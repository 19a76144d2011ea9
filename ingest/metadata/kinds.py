"""The kind of a document, by what it calls itself and by its author."""

from __future__ import annotations

import re
from typing import Final

from ingest.language.parties import COUNCIL
from vectorstore.letters import Kind, Voice

_MINUTES = re.compile(
    r"\b(?:(?:concept|gespreks|vergader|overleg|besprekings|beknopt )-?)?verslag\b|\bnotulen\b|\b(?:besluiten|actie)-?(?:lijst\b| en )|"
    r"\b(?:gespreks|vergader)?(?:aantekeningen|notities) (?:van|bij|over) (?:de|het|een|ons)\b|"
    r"\b(?:aantekeningen|notities|terugkoppeling|impressie)\b[^.]{0,30}\b(?:\w*overleg|\w*gesprek|vergadering|\w*bijeenkomst|\w*middag|werkbezoek)\b",
    re.I,
)
_OF_MEETING = re.compile(r"^(?:aanwezig(?:en)?|afwezig|afgemeld|notulist|rondvraag)\b", re.I)
"""Two lines that begin this way make a document minutes, whatever it is called."""

LOOSE: Final = re.compile(
    r"^(?:[\w-]+ ){0,2}(?:nieuwsbrief|persbericht|jaarverslag|jaarplan|werkplan|huishoudelijk reglement|vacature)\b|^(?:concept-?)?agenda\b",
    re.I,
)
"""A paper that a council publishes for anyone to read."""

_TO_EVERYONE = re.compile(r"^(?:[\w-]+ )?(?:nieuwsbrief|persbericht)\b", re.I)
_SUMMARY = re.compile(r"\b(?:publieks)?samenvatting\b", re.I)
_ADVICE = re.compile(
    r"advie(?:s|zen)(?!ra[ad]|aanvra|commissie|orga|functie|traject|recht|bureau|verzoek|termijn)", re.I
)
_TITLED_ADVICE = re.compile(
    r"^(?:(?:on)?gevraagd |aanvullend |nader |schriftelijk )?\w*advies (?:over|inzake|m\.b\.t\.|met betrekking tot|aan)\b",
    re.I,
)
_INTERIM = re.compile(r"\b(?:tussentijds|voorlopig)(?:e|en)?\s?(?:\w+ )?advies|\btussen-?advies|\bpre-?advies", re.I)
_ASKING = re.compile(r"\badvies-?(?:aanvra|verzoek)|\b(?:verzoek|vraag) om (?:uw )?advies", re.I)
_ASKED_FOR = re.compile(
    r"\bzienswijzen?\b|\binspraakreactie\b|"
    r"\b(?:reactie|antwoord|commentaar|standpunt|inbreng|advies)\b[^.]{0,40}\b(?:adviesaanvra|adviesverzoek|verzoek om advies)|"
    r"\b(?:reactie|commentaar|standpunt|inbreng|opmerkingen) (?:op|bij|over|inzake|m\.b\.t\.) (?:(?:de|het|uw) )?"
    r"(?:concept|ontwerp|voorgenomen|voorstel|\w*plan(?:nen)?\b|\w*nota\b|\w*verordening|\w*beleid|\w*visie|beleidsregel)",
    re.I,
)
"""What a council calls an advice that was requested."""

_NO_ADVICE = re.compile(
    r"^(?:\w+ )?(?:brandbrief|open brief|vragen|verzoek|uitnodiging|kennismaking|bezwaar|klacht)\b", re.I
)
_ABOUT_ANOTHER = re.compile(
    r"\buw (?:\w+ ){0,2}(?:reactie|antwoord|brief|beantwoording|besluit)\b|\b(?:uit)?blijven\b|\buitgebleven\b|"
    r"\b(?:herinnering|rappel|herhaald verzoek|stand van zaken|opvolging|ontvangstbevestiging)\b|"
    r"\b(?:reactie|antwoord|beantwoording) (?:van (?:het college|de gemeente|de wethouder) )?op (?:ons|onze|het|een) (?:\w+ ){0,2}advie",
    re.I,
)
_ADVISING = re.compile(
    r"\b(?:hierbij|bij deze|met deze brief|in deze brief)\b[^.]{0,60}\b(?:ons|een|dit|het)(?: \w+){0,2} (?:\w*advies|adviezen)\b|"
    r"\bbreng(?:en|t) (?:wij|we|de \w+)[^.]{0,60}\badvies uit\b|^met dit (?:\w+ )?advies\b|"
    r"\b(?:u|je|jullie) (?:heeft|hebt|hebben|vroeg|vroegen|vraagt) (?:aan )?(?:ons|onze \w+|de [\w-]+)\b[^.]{0,50}"
    r"\b(?:te adviseren|om advies|advies gevraagd|te reageren|om (?:een|onze) (?:reactie|zienswijze))\b",
    re.I,
)
_ADVISES = re.compile(r"\b(?:wij|we) adviseren\b|\badviseren (?:wij|we)\b|\bons advies (?:is|luidt)\b", re.I)
_ADVISES_BEHIND = re.compile(r"(?: [A-Z&][\w&]*)* adviseert\b", re.I)
_ADVISES_BEFORE = re.compile(r"\badviseert (?:de |onze )?$", re.I)
"""A council that gives advice, now and in its own words; that it did so before ("adviseerden") is no advice."""

_YOUR = r"(?:uw|jullie|je|jouw)"
_PAPER = r"(?:\w*advies|adviezen|brief|schrijven|e-?mail|mail|bericht|reactie|zienswijze|vragen|verzoek|opmerkingen)"
_ANSWERING = re.compile(
    rf"\b(?:reactie|reageren wij|antwoord|beantwoording)\b[^.]{{0,80}}\b(?:op|van) (?:\w+ ){{0,4}}{_YOUR}\b|"
    rf"\b(?:reactie|antwoord|beantwoording) (?:op |van )?(?:het |een |de |{_YOUR} )?(?:\w+ ){{0,3}}(?:advies|adviezen|brief|vragen)\b|"
    rf"^(?:collegereactie|bestuurlijke reactie)\b|\bnaar aanleiding van {_YOUR}\b|\bin (?:reactie|antwoord) op\b|"
    rf"\b(?:dank|bedankt?|bedanken)\b[^.]{{0,40}}\b{_YOUR} (?:\w+ ){{0,2}}(?!adviezen){_PAPER}\b|"
    rf"\b{_YOUR} (?:\w+ ){{0,2}}{_PAPER} (?:van|d\.?d\.?|over|met kenmerk|hebben wij)\b|"
    r"\b(?:hebt|heeft) u ons\b[^.]{0,80}\badvie|\badviseerde u\b|\bu (?:hebt|heeft) ons\b[^.]{0,60}\bgeadviseerd\b|"
    r"\bheeft uw [\w-]+\b[^.]{0,100}\b(?:gereageerd|geadviseerd|gevraagd|verzocht|geschreven|advies uitgebracht|gereageerd)\b|"
    rf"\b(?:het|ons) college\b[^.]{{0,40}}\b{_YOUR} (?:\w+ ){{0,2}}(?:{_PAPER}|aanbeveling(?:en)?)\b|"
    r"\bu (?:stelt|vraagt) (?:ons|mij|waarom|of|wanneer|hoe|\w+ vragen)\b|\b(?:mijn|onze) antwoorden\b|\bbeantwoord(?:en)? (?:ik|wij|we)\b|"
    r"\bu (?:schreef|vroeg|stelde|verzocht|adviseerde|wees)\b|"
    rf"\b(?:op|in|met) {_YOUR} (?:\w+ ){{0,2}}{_PAPER}\b|^{_YOUR} (?:\w+ ){{0,2}}{_PAPER}\b|\b{_YOUR} (?:vragen|bezwaren)\b",
    re.I,
)
_SEEKING = re.compile(
    r"\b(?:vragen|verzoeken|leggen|ontvangen|vernemen|zien)\b[^.]{0,60}\buw (?:\w+ )?advies\b|\bu om advies\b", re.I
)
_NEAR = 30
"""Characters before the name of a council that may say that it advises."""

_OPENING = 700
"""Number of characters from the start of the body in which a letter states its purpose."""


def kind_of(
    title: str | None, author: Voice, body: str, *, is_letter: bool, signed: bool, answers: bool = False
) -> Kind:
    """Return the kind of a document.

    Args:
        title: its subject line or title.
        author: who wrote it.
        body: its text, line by line.
        is_letter: it has a salutation.
        signed: it has a farewell or names at its end.
        answers: its head gives the date or the kenmerk of the letter it answers.
    """
    opening, called = " ".join(body[:_OPENING].split("\n")), title or ""
    if not is_letter and (apart := _kind_of_paper(called, body)):
        return apart
    if _TO_EVERYONE.match(called):
        return Kind.OTHER
    if author is Voice.COUNCIL:
        advised = _kind_of_advice(called, opening, body)
        return advised or (Kind.LETTER if is_letter or signed else Kind.OTHER)
    if author is Voice.UNKNOWN and _TITLED_ADVICE.match(called):
        return Kind.ADVICE
    if author is Voice.EXECUTIVE or is_letter:
        return _kind_by_another(called, opening, answers)
    return Kind.LETTER if signed else Kind.OTHER


def _kind_of_paper(title: str, body: str) -> Kind | None:
    """Return the kind of a document without a salutation; None if it may be a letter all the same."""
    if LOOSE.match(title):
        return Kind.OTHER
    meeting = sum(1 for line in body.split("\n") if _OF_MEETING.match(line))
    if _MINUTES.search(title) or _MINUTES.search(body[:120]) or meeting > 1:
        return Kind.MINUTES
    return Kind.SUMMARY if _SUMMARY.search(f"{title}\n{body[:300]}") else None


def _kind_by_another(title: str, opening: str, answers: bool) -> Kind:
    """Return REPLY if it answers an advice or letter of the council, else LETTER; asking for advice is no answer."""
    if _ASKING.search(title) or (_SEEKING.search(opening) and not _ANSWERING.search(title)):
        return Kind.LETTER
    return Kind.REPLY if answers or _ANSWERING.search(title) or _ANSWERING.search(opening) else Kind.LETTER


def _kind_of_advice(title: str, opening: str, body: str) -> Kind | None:
    """Return the kind of a council letter that calls itself an advice or gives one, or None."""
    if _ASKED_FOR.search(title):
        return Kind.ADVICE
    if _ASKING.search(title) or _ABOUT_ANOTHER.search(title):
        return None
    if _INTERIM.search(title):
        return Kind.INTERIM_ADVICE
    if _ADVICE.search(title):
        return Kind.ADVICE
    if advising := _ADVISING.search(opening):
        return Kind.INTERIM_ADVICE if _INTERIM.search(advising[0]) else Kind.ADVICE
    return Kind.ADVICE if _advises(body) and not _NO_ADVICE.match(title) else None


def _advises(body: str) -> bool:
    """Return whether a council gives advice, as "wij" or by its name."""
    councils = COUNCIL.finditer(body)
    return _ADVISES.search(body) is not None or any(
        _ADVISES_BEHIND.match(body, council.end())
        or _ADVISES_BEFORE.search(body[max(0, council.start() - _NEAR) : council.start()])
        for council in councils
    )
