"""Signs that a letter answers another, and the topic that both share."""

from __future__ import annotations

import re
from typing import Final

from ingest.language.courtesies import find_salutation
from vectorstore.analysis.dutch import DUTCH_STOPWORDS, tokens
from vectorstore.letters import Letter, Reference

_OPENING: Final = 1200
"""Number of characters after the salutation in which a letter says what it answers."""

_ANSWERING = re.compile(
    r"\b(?:reacties?|antwoord|beantwoording|reageren|gereageerd|ingaan|terugkomen)\s+(?:(?:wij|we|op|in|ook|graag|hierbij)\s+)*"
    r"(?:op|van)\b|\b(?:beantwoorden|(?:naar|in) (?:aanleiding|antwoord) (?:van|op)|dank\w*|bedankt|ontvingen|ontvangen|ontvangst|"
    r"kennis ?genomen|(?:hebben|heb) (?:wij|we|ik) .*gelezen)\b|^\W*op\s*$",
    re.I,
)
_ANSWERED = re.compile(
    r"[^.?!]*(?:\b(?:antwoord(?:en)?|reageer|reageren|beantwoord(?:en)?|berichten?) (?:wij|we|ik)\b|\bhebben (?:wij|we) (?:[\w-]+ )*?"
    r"(?:gelezen|ontvangen|besproken|besloten)\b|\bheb ik (?:[\w-]+ )*?(?:gelezen|ontvangen)\b|\blazen (?:wij|we)\b)",
    re.I,
)
"""What follows in a sentence that opens with the letter being answered."""

_ADVISED = re.compile(
    r"(?:op .{4,30}? )?(?:heeft|hebben|hebt|adviseerde|schreef|stuurde|vroeg) (?:u|jullie|uw (?:[\w-]*raad|platform))\b",
    re.I,
)
"""The first sentence of an answer, which says that the other wrote."""

_SENTENCE: Final = 400
"""Number of characters before a reference that may belong to its sentence."""

_FIRST_LINES: Final = 3
"""Number of line ends between the salutation and a first paragraph."""

_LABELLED = re.compile(
    r"[ \t]*(?:(?:betreft|onderwerp|inzake) ?:? )?uw (?:kenmerk|referentie|ref\.|brief|bericht|schrijven|e-?mail|mail|advies|memo)\b",
    re.I,
)

_OF_LETTERS = frozenset(
    """
    advies adviezen adviseren reactie antwoord beantwoording brief memo mail re fw fwd schrijven verzoek vragen vraag ongevraagd gevraagd
    betreft onderwerp inzake betreffende namens college raad gemeente uw ons onze open vervolg ontvangst bevestiging
    """.split()
)
"""Words of a subject that say what sort of letter it is, not what it is about."""


def head_of(text: str) -> int:
    """Return where the salutation of a letter begins; 0 if it has none."""
    salutation = find_salutation(text)
    return salutation.start() if salutation else 0


def opens(reference: Reference, head: int) -> bool:
    """Check whether a reference is near the start, where letters say what they answer."""
    return reference.start < head + _OPENING


def is_answered(text: str, reference: Reference, head: int) -> bool:
    """Check whether a letter says that it answers the letter it refers to."""
    line = text.rfind("\n", 0, reference.start) + 1
    if reference.start < head and _LABELLED.match(text, line) and text[line : reference.start].count(":") < 2:
        return True
    before = re.split(
        r"(?<=[\w)][.?!])\s+(?=[A-Z])|\n\s*\n", text[max(0, reference.start - _SENTENCE) : reference.start]
    )[-1]
    if _ANSWERING.search(before):
        return True
    first = len(before.split()) <= 1 and text[head : reference.start].count("\n") <= _FIRST_LINES
    return first and bool(_ANSWERED.match(text, reference.end) or _ADVISED.match(text, reference.start))


def topic_of(letter: Letter) -> tuple[str, int, int] | None:
    """Return the content words of a letter's subject in alphabetical order, and its start and end; None if there are
    none."""
    words = {
        word for word in tokens(letter.subject or "") if word not in DUTCH_STOPWORDS | _OF_LETTERS and len(word) > 2
    }
    place = re.search(r"\s+".join(map(re.escape, (letter.subject or "").split())), letter.text) if words else None
    return (" ".join(sorted(words)), *place.span()) if place else None
