"""Who speaks where in a letter: quotations and reported speech, each with the one whose words they are.

The author of a letter speaks in it by default. Two things give the floor to another: a quotation, spoken by the one its
lead-in names ("Het college stelt: …", "In ons advies van 30 januari 2020 stond …"), and a sentence that reports what the
other says ("Volgens het college …"). A quotation whose lead-in names nobody is nobody's: its voice is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.sentences import sentence_spans
from vectorstore.letters import Utterance, Voice

_QUOTED = re.compile(r"[“„][^“„”]{15,3000}[”“]|\"[^\"]{15,3000}\"|‘[^‘’]{40,1500}(?:’\w[^‘’]{0,400}){0,6}’(?!\w)")
_LEAST_WORDS = 5
"""A quotation of fewer words is a term, not speech."""

_SAYS = (
    r"(?:stelt|stelde|stellen|schrijft|schreef|schrijven|meldt|meldde|meent|vindt|vond|zegt|zei|zegde|betoogt|verwacht|"
    r"acht|geeft (?:\w+ ){0,4}aan|gaf (?:\w+ ){0,4}aan|gaven (?:\w+ ){0,4}aan|voert (?:\w+ ){0,4}aan|wijst (?:\w+ ){0,4}op|"
    r"noemt|concludeert|erkent|beweert|antwoordt|antwoordde|kondigt (?:\w+ ){0,4}aan|deelt (?:\w+ ){0,4}mee|is van mening|"
    r"heeft (?:\w+ ){0,6}(?:gesteld|gezegd|geschreven|aangegeven|gemeld))"
)
_EXECUTIVE = r"(?:het college(?: van (?:B&W|burgemeester en wethouders))?|de gemeente(?! ?raad)|de wethouder|B&W|uw college|de heer \w+|mevrouw \w+(?=, wethouder))"
_COUNCIL = r"(?:de cliëntenraad|de clientenraad|de adviesraad|uw raad|de CR|onze raad)"
_YOU_SAY = (
    r"(?:u|U) (?:stelt|schrijft|schreef|meldt|geeft (?:\w+ ){0,4}aan|adviseert|adviseerde|vraagt|verzoekt|vindt|meent|wijst (?:\w+ ){0,3}op)"
)
_OWN_EARLIER = re.compile(
    r"\b(?:in|uit|zie) (?:ons|onze) (?P<what>(?:[\w-]+ ){0,3}(?:advies|adviezen|brief|reactie|notitie)(?: \([^)]{3,30}\))?"
    r"(?: van \d{1,2} \w+ \d{4}| [A-Z]{2,5} \d{4}-\d+)?)|\b(?:schreven|adviseerden|stelden|vroegen) wij\b",
    re.I,
)
_YOUR_EARLIER = re.compile(
    r"\b(?:in|uit) (?:uw) (?P<what>(?:[\w-]+ ){0,3}(?:advies|adviezen|brief|reactie|notitie|nota)(?: \([^)]{3,30}\))?"
    r"(?: van \d{1,2} \w+ \d{4})?)|\b(?:schrijft|schreef|adviseert|adviseerde|stelt|vraagt) u\b|\b[Uu] (?:schrijft|schreef|stelt|adviseert|vraagt)\b",
    re.I,
)
_MENTIONS_EXECUTIVE = re.compile(r"\b(?:college|gemeente|wethouder|B&W|uw medewerkers|nota|persbericht|jaarverslag)\b", re.I)
_MENTIONS_COUNCIL = re.compile(r"\b(?:cliëntenraad|clientenraad|adviesraad|uw raad)\b", re.I)


def _reporting(who: str) -> re.Pattern[str]:
    """Sentences whose main clause says what `who` says."""
    return re.compile(
        rf"^(?:[“‘\"(]?(?:[\w-]+ ){{0,4}}?(?:{who}) {_SAYS}\b|(?:[\w-]+,? ){{0,8}}?{_SAYS} {who}\b|"
        rf"(?:[\w-]+ ){{0,3}}?[Vv]olgens {who}\b)",
        re.I,
    )


_EXECUTIVE_SAYS = _reporting(_EXECUTIVE)
_COUNCIL_SAYS = _reporting(_COUNCIL)
_YOU = re.compile(rf"^(?:[\w-]+ ){{0,3}}?{_YOU_SAY}\b")


def utterances_in(text: str, voice: Voice, body: tuple[int, int]) -> tuple[Utterance, ...]:
    """The stretches of a letter in which another speaks, or its author in an earlier letter.

    Args:
        text: the letter.
        voice: who speaks in it by default.
        body: offsets between salutation and farewell; outside them nobody is quoted.
    """
    quotations = list(_quotations(text, voice, body))
    found = [*quotations, *_reported(text, voice, body, quotations)]
    return tuple(sorted(found, key=lambda utterance: utterance.start))


def _quotations(text: str, voice: Voice, body: tuple[int, int]) -> Iterator[Utterance]:
    for match in _QUOTED.finditer(text, *body):
        words = match[0].split()
        if len(words) < _LEAST_WORDS:
            continue
        lead_in = _lead_in(text, match.start(), body[0])
        speaker, quoted_from = _speaker(lead_in, voice)
        yield Utterance(match.start(), match.end(), speaker, quoted_from)


def _lead_in(text: str, start: int, least: int) -> str:
    """What stands before a quotation: the rest of its sentence and, when that is short, the sentence before."""
    before = text[max(least, start - 400) : start].rstrip()
    spans = sentence_spans(before)
    if not spans:
        return ""
    last = before[spans[-1][0] :]
    return last if len(last) > 25 or len(spans) < 2 else before[spans[-2][0] :]


def _speaker(lead_in: str, voice: Voice) -> tuple[Voice, str | None]:
    """Whose words follow this lead-in in a letter by `voice`, and from which letter they come."""
    other = {Voice.COUNCIL: Voice.EXECUTIVE, Voice.EXECUTIVE: Voice.COUNCIL}.get(voice, Voice.UNKNOWN)
    own = _OWN_EARLIER.search(lead_in)
    if own:
        return voice, own["what"]
    yours = _YOUR_EARLIER.search(lead_in)
    if yours:
        return other, yours["what"]
    executive = [match.end() for match in _MENTIONS_EXECUTIVE.finditer(lead_in)]
    council = [match.end() for match in _MENTIONS_COUNCIL.finditer(lead_in)]
    if executive and (not council or max(executive) > max(council) or voice is Voice.COUNCIL):
        return Voice.EXECUTIVE, None
    if council:
        return Voice.COUNCIL, None
    return Voice.UNKNOWN, None


def _reported(
    text: str, voice: Voice, body: tuple[int, int], quotations: list[Utterance]
) -> Iterator[Utterance]:
    """Sentences that report another's words, those inside a quotation left out."""
    for first, last in sentence_spans(text[body[0] : body[1]]):
        start, end = body[0] + first, body[0] + last
        if any(start < quotation.end and quotation.start < end for quotation in quotations):
            continue
        speaker = _reported_speaker(text[start:end], voice)
        if speaker is not None and speaker is not voice:
            yield Utterance(start, end, speaker)


def _reported_speaker(sentence: str, voice: Voice) -> Voice | None:
    if voice is not Voice.EXECUTIVE and _EXECUTIVE_SAYS.match(sentence):
        return Voice.EXECUTIVE
    if voice is not Voice.COUNCIL and _COUNCIL_SAYS.match(sentence):
        return Voice.COUNCIL
    if _YOU.match(sentence):
        return {Voice.COUNCIL: Voice.EXECUTIVE, Voice.EXECUTIVE: Voice.COUNCIL}.get(voice)
    return None
