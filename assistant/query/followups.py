"""Questions that lean on the one before them, made to stand alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.query.language import Wording
from assistant.query.stopwords import DUTCH, ENGLISH, FRAME
from ingest.language.dates.periods import names_time, without_times
from vectorstore.analysis.dutch import fold

_STARTS = re.compile(r"^(?:en|and|maar|but|dus|so|ook|nog)\b")
_LEANS = re.compile(
    r"\b(?:daar(?:op|over|van|mee|bij|voor|na|door|in|aan|tegen|toe)|hier(?:op|over|van|mee|bij|voor|in|aan)|er(?:op|over|van|mee|bij|aan|tegen)(?! dat\b)|"
    r"(?:die|deze|dat|dit) (?:brief|brieven|advies|reactie|antwoord|vraag|bedrag|plan|nota|verzoek|voorstel|punt|termijn|mening|standpunt|dan|nog|nu|wel|ook|er)|"
    r"(?:that|this|those|these) (?:letter|letters|advice|reply|answer|question|amount|plan|request|proposal|point|position)|"
    r"(?:about|for|of|to|on|with|was|is|did|does|has|were) (?:it|that|them|they|those|this|he|she)|toen|then)\b"
    r"|\b(?:klopt|klopte|is|was|werd|wordt|deed|doet|mag|moet|kan|zei|schreef|wil|wilde|gaat|ging|vond|vindt|heeft \w+ \w+|heeft \w+|hebben \w+|neemt \w+ \w+|nam \w+ \w+) (?:dat|dit|die|deze|het)(?= (?:\w+en|ge\w+|over\w*|nu|ook|nog|wel|niet|er|toen|later|volgens)\b|\s*\??$)"
    r"|\bdaar (?:op|over|van|mee|aan|tegen) ge\w+"
    r"|\ber\b.*\b(?:op|van|over|mee|aan|uit|in) (?:terug\w*|gezegd|gedaan|gekomen|geworden|gereageerd|geantwoord)\b"
    r"|\b(?:dat|dit|die|deze|it|that|this|them)\s*\??$"
)
_ASKS = re.compile(
    r"\b(?:wat|wie|waarom|waar|hoe|hoeveel|welke?|wanneer|klopt\w*|is|was|zijn|heeft|hebben|had|kwam|komt|deed|what|who|why|where|how|which|when|did|does|is|was|has|have)\b"
)
_ELSEWHEN = re.compile(
    r"\b(?:later|inmiddels|sindsdien|ooit|daarna|nu|vervolgens|uiteindelijk|eerder|vroeger|daarop|reageer\w*|antwoord\w*|reactie|since|afterwards|eventually|now|earlier|repl\w+|respon\w+)\b"
)


_OTHER_SUBJECT = re.compile(r"^(?:en|and)\s+(?:(van|over|about|of)\s+)(.+?)(?:\s+(?:dan|then))?\s*\?*$", re.I)
"""The same asked of something else: what it is asked of takes the place of what the question before was about."""


def is_elliptic(question: Wording) -> bool:
    """Check whether a question leaves out what it asks for ("En in 2021?")."""
    return not _ASKS.search(question.folded)


def leans(question: Wording) -> bool:
    """Check whether a question cannot be understood without the one before it."""
    folded = " ".join(question.folded.split())
    said = [word for word in question.words if word not in FRAME | DUTCH | ENGLISH and not word.isdigit()]
    return bool(_STARTS.search(folded) or _LEANS.search(folded)) or not said


def make_standalone(question: Wording, history: Sequence[str]) -> Wording:
    """Return the question with the one before it in front, made standalone itself, if it cannot be understood alone.

    What the earlier question said of time is left out where the new one asks of another time.

    Args:
        question: as asked.
        history: earlier questions, oldest first.
    """
    earlier = [text.strip() for text in history if text.strip()]
    if not earlier or not leans(question):
        return question
    before = make_standalone(Wording(earlier[-1]), earlier[:-1]).text.rstrip("?")
    if other := _ask_of_other_subject(question, before):
        return Wording(other)
    if names_time(question.text) or _ELSEWHEN.search(question.folded):
        before = without_times(before)
    return Wording(f"{before}; {question.text.strip()}")


def _ask_of_other_subject(question: Wording, before: str) -> str | None:
    """Return the earlier question asked of what the new one names ("En van de taaleis dan?"); None if it asks otherwise.

    Args:
        question: as asked.
        before: the earlier one, standing alone.
    """
    match = _OTHER_SUBJECT.match(question.text.strip())
    asked = match and re.match(rf"^(.+?\s){match[1]}\s[^;]+$", before, re.I)
    if not match or not asked or names_time(match[2]) or _ASKS.search(fold(match[2])) or _LEANS.search(question.folded):
        return None
    return f"{asked[1]}{match[1].lower()} {match[2]}?"
