"""Who speaks where in a letter: quotations and reported speech, each with the one whose words they are.

The author of a letter speaks in it by default. Two things give the floor to another: a quotation, spoken by the one its
lead-in names ("Het college stelt: …", "In ons advies van 30 januari 2020 stond …"), and a sentence that reports what
the other says ("Volgens het college …"). A quotation whose lead-in names nobody is nobody's: its voice is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.sentences import sentence_spans
from vectorstore.letters import Utterance, Voice

_QUOTED = re.compile(
    r"[“„][^“„”]{15,3000}[”“]|(?<![\w\"])\"(?=\S)[^\"]{15,3000}(?<=\S)\"(?!\w)|(?<!\S)”(?=[\w.…])[^“„”]{15,3000}”|"
    r"‘[^‘’]{40,1500}(?:’\w[^‘’]{0,400}){0,6}’(?!\w)"
)
_LEAST_WORDS = 5
"""A quotation of fewer words is a term, not speech."""

_SAYS = (
    r"(?:stelt|stelde|stellen|schrijft|schreef|schrijven|meldt|meldde|meent|vindt|vond|zegt|zei|zegde|betoogt|verwacht|"
    r"acht|geeft (?:\w+ ){0,4}aan|gaf (?:\w+ ){0,4}aan|gaven (?:\w+ ){0,4}aan|voert (?:\w+ ){0,4}aan|"
    r"wijst (?:\w+ ){0,4}op|noemt|concludeert|erkent|beweert|antwoordt|antwoordde|kondigt (?:\w+ ){0,4}aan|"
    r"deelt (?:\w+ ){0,4}mee|is van mening|heeft (?:\w+ ){0,6}(?:gesteld|gezegd|geschreven|aangegeven|gemeld))"
)
_ASKS = (
    r"(?:adviseert|adviseerde|vraagt|vroeg|verzoekt|verzocht|pleit|pleitte|bepleit|bepleitte|waarschuwt|waarschuwde|wil|wilde|"
    r"belooft|beloofde|formuleert|omschrijft|beschrijft)"
)
_EXECUTIVE = (
    r"(?:het college(?: van (?:B&W|burgemeester en wethouders))?|de gemeente(?! ?raad)|"
    r"de wethouder(?: [A-Z][\w.-]*)*|B&W|uw college|uw medewerkers|uw gemeente)"
)
_COUNCIL = r"(?:de cliëntenraad|de clientenraad|de adviesraad|uw raad|de CR|onze raad)"
_YOU_SAY = (
    r"(?:u|U) (?:stelt|schrijft|schreef|meldt|geeft (?:\w+ ){0,4}aan|"
    r"adviseert|adviseerde|vraagt|verzoekt|vindt|meent|wijst (?:\w+ ){0,3}op)"
)
_OWN_EARLIER = re.compile(
    r"\b(?:in|uit|zie) (?:ons|onze) (?P<what>(?:[\w-]+ ){0,3}(?:advies|adviezen|brief|reactie|notitie)"
    r"(?: \([^)]{3,30}\))?"
    r"(?: van \d{1,2} \w+ \d{4}| [A-Z]{2,5} \d{4}-\d+)?)|\b(?:schreven|adviseerden|stelden|vroegen) wij\b",
    re.I,
)
_YOUR_EARLIER = re.compile(
    r"\b(?:in|uit) (?:uw) (?P<what>(?:[\w-]+ ){0,3}(?:advies|adviezen|brief|reactie|notitie|nota)(?: \([^)]{3,30}\))?"
    r"(?: van \d{1,2} \w+ \d{4})?)|\b(?:schrijft|schreef|adviseert|adviseerde|stelt|vraagt) u\b|"
    r"\b[Uu] (?:schrijft|schreef|stelt|adviseert|vraagt)\b",
    re.I,
)
_MENTIONS_EXECUTIVE = re.compile(
    r"\b(?:college|gemeente|wethouder|B&W|uw medewerkers|nota|persbericht|jaarverslag)\b", re.I
)
_MENTIONS_COUNCIL = re.compile(r"\b(?:cliëntenraad|clientenraad|adviesraad|uw raad)\b", re.I)
_MENTIONS_OTHERS = re.compile(
    r"\b(?:rechter|rechtbank|Centrale Raad|minister|staatssecretaris|Rijk|UWV|ombudsman|wetgever|artikel \d+|inwoners?|"
    r"bewoners?|cliënt(?:en)?|moeder|vader|man|vrouw|onderzoekers?|deelnemers?)\b",
    re.I,
)
_WE_SAY = re.compile(
    r"\b(?:wij|we) (?:schrijven|schreven|adviseren|adviseerden|stellen|stelden|vragen|vroegen|zeiden|merkten|wezen)\b|"
    r"\b(?:schreven|adviseerden|stelden|vroegen|zeiden) (?:wij|we)\b",
    re.I,
)
_AFTERWARDS = re.compile(
    rf"\s*,?\s*(?P<words>(?:(?:aldus|zo|volgens)\b|{_SAYS}\b|"
    r"(?:schreven|adviseerden|stelden|vroegen|zeiden) (?:wij|we)\b)[^.!?\n]{0,120})"
)
_FOREIGN = re.compile(r"^(?:[-_=*~]{3,}|-- ?)$", re.M)
"""A drawn line under a letter; what a mail program or scanner adds stands below it."""


def _reporting(who: str) -> re.Pattern[str]:
    """Sentences whose main clause says what `who` says."""
    return re.compile(
        rf"^(?:[“‘\"(]?(?:[\w-]+ ){{0,4}}?(?:{who}) {_SAYS}\b|(?:[\w-]+,? ){{0,8}}?{_SAYS} {who}\b|"
        rf"(?:[\w-]+ ){{0,3}}?[Vv]olgens {who}\b)",
        re.I,
    )


def _speakers(says: str, *, first: bool) -> re.Pattern[str]:
    """Clauses that say who says something, the subject before its verb or after it."""
    named = rf"(?:(?P<executive>{_EXECUTIVE})|(?P<council>{_COUNCIL}))"
    if first:
        return re.compile(
            rf"(?<!uit )(?<!van )(?<!in )(?<!bij )(?<!over )(?<!door )(?<!met )(?<!aan )\b{named} {says}\b", re.I
        )
    return re.compile(rf"\b(?:{says}|aldus|volgens|zo) {named}\b", re.I)


_SPEAKS_FIRST, _SPEAKS_AFTER = (_speakers(rf"(?:{_SAYS}|{_ASKS})", first=first) for first in (True, False))
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
    found = [*quotations, *_reported(text, voice, body, quotations), *_added_below(text, body[1])]
    return tuple(sorted(found, key=lambda utterance: utterance.start))


def _added_below(text: str, end: int) -> Iterator[Utterance]:
    """What stands under a line drawn below the letter: whose words those are nobody can tell."""
    line = _FOREIGN.search(text, end)
    if line and text[line.end() :].strip():
        yield Utterance(line.start(), len(text), Voice.UNKNOWN)


def _quotations(text: str, voice: Voice, body: tuple[int, int]) -> Iterator[Utterance]:
    for match in _QUOTED.finditer(text, *body):
        if len(match[0].split()) < _LEAST_WORDS:
            continue
        after = _AFTERWARDS.match(text, match.end(), body[1])
        lead_ins = [after["words"]] if after else _lead_ins(text, match.start(), body[0])
        named = [_speaker(lead_in, voice) for lead_in in lead_ins]
        known = [(speaker, letter) for speaker, letter in named if speaker is not Voice.UNKNOWN]
        yield Utterance(match.start(), match.end(), *(known[0] if known else (Voice.UNKNOWN, None)))


def _lead_ins(text: str, start: int, least: int) -> list[str]:
    """What stands before a quotation: the rest of its sentence; when that is short, also with the sentence before."""
    before = text[max(least, start - 400) : start].rstrip()
    spans = sentence_spans(before)
    if not spans:
        return []
    last = before[spans[-1][0] :]
    return [last] if len(last) > 25 or len(spans) < 2 else [last, before[spans[-2][0] :]]


def _speaker(lead_in: str, voice: Voice) -> tuple[Voice, str | None]:
    """Whose words follow this lead-in in a letter by `voice`, and from which letter they come."""
    other = {Voice.COUNCIL: Voice.EXECUTIVE, Voice.EXECUTIVE: Voice.COUNCIL}.get(voice, Voice.UNKNOWN)
    own = _OWN_EARLIER.search(lead_in)
    if own:
        return voice, own["what"]
    if _WE_SAY.search(lead_in):
        return voice, None
    yours = _YOUR_EARLIER.search(lead_in)
    if yours:
        return other, yours["what"]
    for pattern in (_SPEAKS_FIRST, _SPEAKS_AFTER):
        found = [*pattern.finditer(lead_in)]
        if found:
            return (Voice.EXECUTIVE if found[-1]["executive"] else Voice.COUNCIL), None
    if lead_in.endswith((".", "!", "?")) or _MENTIONS_OTHERS.search(lead_in):
        return Voice.UNKNOWN, None
    mentioned = _MENTIONS_EXECUTIVE.search(lead_in), _MENTIONS_COUNCIL.search(lead_in)
    if bool(mentioned[0]) != bool(mentioned[1]):
        return (Voice.EXECUTIVE if mentioned[0] else Voice.COUNCIL), None
    return Voice.UNKNOWN, None


def _reported(text: str, voice: Voice, body: tuple[int, int], quotations: list[Utterance]) -> Iterator[Utterance]:
    """Sentences that report another's words; not what holds or introduces a quotation."""
    blocks = re.compile(r"[^\n]+").finditer(text, *body)
    spans = (
        (block.start() + first, block.start() + last) for block in blocks for first, last in sentence_spans(block[0])
    )
    for start, end in spans:
        if any(start < quotation.end and quotation.start < end for quotation in quotations):
            continue
        follows = next((quotation.start for quotation in quotations if quotation.start >= end), None)
        if text[end - 1] == ":" and follows is not None and not text[end:follows].strip():
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
