"""What sort of document a letter is, by what it calls itself and by who wrote it."""

from __future__ import annotations

import re

from vectorstore.letters import Kind, Voice

_MINUTES = re.compile(r"\b(?:(?:concept|gespreks|vergader)?verslag|notulen|besluitenlijst)\b", re.I)
_SUMMARY = re.compile(r"\b(?:publieks)?samenvatting\b", re.I)
_ADVICE = re.compile(
    r"advie(?:s|zen)(?!ra[ad]|aanvra|commissie|orga|functie|traject|recht|bureau|verzoek|termijn)", re.I
)
_INTERIM = re.compile(r"\b(?:tussentijds|voorlopig)(?:e|en)?\s?(?:\w+ )?advies|\btussen-?advies|\bpre-?advies", re.I)
_ASKING = re.compile(r"\badvies-?(?:aanvra|verzoek)|\b(?:verzoek|vraag) om (?:uw )?advies", re.I)
_ABOUT_ANOTHER = re.compile(
    r"\buw (?:\w+ ){0,2}(?:reactie|antwoord|brief|beantwoording|besluit)\b|\b(?:uit)?blijven\b|\buitgebleven\b|"
    r"\b(?:herinnering|rappel|herhaald verzoek|stand van zaken|opvolging|ontvangstbevestiging)\b|"
    r"\b(?:reactie|antwoord|beantwoording) (?:van (?:het college|de gemeente|de wethouder) )?op (?:ons|onze|het|een) (?:\w+ ){0,2}advie",
    re.I,
)
_ADVISING = re.compile(
    r"\b(?:hierbij|bij deze|met deze brief|in deze brief)\b[^.]{0,60}\b(?:ons|een|dit|het)(?: \w+){0,2} (?:\w*advies|adviezen)\b|"
    r"\bbreng(?:en|t) (?:wij|we|de \w+)[^.]{0,60}\badvies uit\b|^met dit (?:\w+ )?advies\b",
    re.I,
)
_ANSWERING = re.compile(
    r"\b(?:reactie|reageren wij|antwoord|beantwoording|bestuurlijke reactie)\b[^.]{0,80}\b(?:op|van) (?:\w+ ){0,4}uw\b|"
    r"\b(?:reactie|antwoord|beantwoording) (?:op |van )?(?:het |een |uw )?(?:\w+ ){0,2}(?:advies|adviezen|brief|vragen)\b|"
    r"\bnaar aanleiding van uw\b|\bin (?:reactie|antwoord) op\b|"
    r"\b(?:dank|bedankt?|bedanken)\b[^.]{0,40}\buw (?:\w+ ){0,2}(?:\w*advies|adviezen|brief|schrijven|reactie)\b|"
    r"\buw (?:\w+ ){0,2}(?:\w*advies|adviezen|brief|schrijven|e-mail) (?:van|d\.?d\.?|over|met kenmerk|hebben wij)\b|"
    r"\b(?:hebt|heeft) u ons\b[^.]{0,80}\badvie|\badviseerde u\b|\bu (?:hebt|heeft) ons\b[^.]{0,60}\bgeadviseerd\b|"
    r"\bop uw (?:\w+ ){0,2}(?:\w*advies|adviezen|brief|schrijven)\b|^uw (?:\w+ ){0,2}(?:\w*advies|adviezen|brief|vragen)\b",
    re.I,
)
_SEEKING = re.compile(
    r"\b(?:vragen|verzoeken|leggen|ontvangen|vernemen|zien)\b[^.]{0,60}\buw (?:\w+ )?advies\b|\bu om advies\b", re.I
)
_OPENING = 700
"""Characters from the start of the body in which a letter says what it is for."""


def kind_of(title: str | None, author: Voice, body: str, *, is_letter: bool, signed: bool) -> Kind:
    """The kind of a document.

    Args:
        title: its subject line or title.
        author: who wrote it.
        body: how its text begins.
        is_letter: it has a salutation.
        signed: it has a farewell or names at its end.
    """
    opening, called = body[:_OPENING], title or ""
    if not is_letter:
        named = f"{called}\n{opening[:300]}"
        if _MINUTES.search(called) or _MINUTES.search(opening[:120]):
            return Kind.MINUTES
        if _SUMMARY.search(named):
            return Kind.SUMMARY
    if author is Voice.EXECUTIVE:
        return _kind_by_executive(called, opening)
    if author is Voice.COUNCIL and (advised := _kind_of_advice(called, opening)):
        return advised
    if author in (Voice.OTHER, Voice.UNKNOWN) and is_letter and _ANSWERING.search(called):
        return Kind.REPLY
    return Kind.LETTER if is_letter or signed else Kind.OTHER


def _kind_by_executive(title: str, opening: str) -> Kind:
    """A reply when it answers an advice or a letter of the council; asking for an advice is no answer."""
    if _ASKING.search(title) or (_SEEKING.search(opening) and not _ANSWERING.search(title)):
        return Kind.LETTER
    return Kind.REPLY if _ANSWERING.search(title) or _ANSWERING.search(opening) else Kind.LETTER


def _kind_of_advice(title: str, opening: str) -> Kind | None:
    """What a letter of a council is when it calls itself an advice; None when it does not."""
    if _ASKING.search(title) or _ABOUT_ANOTHER.search(title):
        return None
    if _INTERIM.search(title):
        return Kind.INTERIM_ADVICE
    if _ADVICE.search(title):
        return Kind.ADVICE
    advising = _ADVISING.search(opening)
    if advising is None:
        return None
    return Kind.INTERIM_ADVICE if _INTERIM.search(advising[0]) else Kind.ADVICE
