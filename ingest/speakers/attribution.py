"""Who speaks where in a letter: quotations and reported speech, each with the one whose words they are.

The author of a letter speaks in it by default. Three things give the floor to another: a quotation between marks or set
apart in the layout, spoken by the one its lead-in names ("Het college stelt: …", "In ons advies van 30 januari 2020 stond
…"); a sentence that reports what another says ("Volgens het college …"); and the items of a list that such a sentence
introduces. A quotation whose lead-in names nobody is nobody's: its voice is unknown.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from ingest.language.sentences import sentence_spans
from ingest.speakers.lead_ins import quoted_speaker, said_afterwards
from ingest.speakers.participants import Sides
from ingest.speakers.reported_speech import goes_on, refers_back, reported_speaker, whose_turn
from ingest.speakers.speaker_tables import told_in_tables
from vectorstore.letters import Utterance, Voice

_QUOTED = re.compile(
    r"[“„](?:[^“„”]|(?<=[^:\n]\n)[“„]|(?<=[^:\n]\n\n)[“„]){15,3000}?(?:”|(?<=[\w.,!?…])“(?![\w“]))|[“„](?=[^“„”\n]*(?:\n|\Z))[^“„”\n]{25,}|"
    r"«[^«»]{15,3000}»|"
    r"(?<![\w\"])\"(?=\S)[^\"]{15,3000}(?<=\S)\"(?!\w)|(?<!\S)”(?=[\w.…])[^“„”]{15,3000}”|"
    r"[‘‚][^‘’]{40,1500}(?:’\w[^‘’]{0,400}){0,6}’(?!\w)|"
    r"(?<![\w'])'(?!(?:s|t|n|k|m)\b)(?=\S)(?:[^'\n]|(?<=\w)'(?=\w)|(?<=[aiouy])'(?=s\b)){40,1500}(?<=[\w.!?,])'(?![\w'])"
)
QUOTATION_MARKS = "“„«\"”‘‚'"
"""What a quotation in the text begins with."""

_LEAST_WORDS = 5
"""A quotation of fewer words is a term, not speech."""

_FOREIGN = re.compile(r"^(?:[-_=*~]{3,}|-- ?)$", re.M)
"""A drawn line under a letter; what a mail program or scanner adds stands below it."""

_BY_PRONOUN = re.compile(r"(?:zo |aldus |volgens )?(?:\w+ )?(?:hij|zij|ze|haar|hem)\b", re.I)
_MARKED = re.compile(r"(?:[-–—•*▪◦o·‣►]|\(?(?:\d{1,2}|[a-z])[.)])\s")
_BUT_WE = re.compile(
    r",\s+(?=(?:(?:maar|terwijl|doch|echter)\s+(?:wij|we|ons|onze|de (?:cliënten|advies)raad)|wij|we)\b)", re.I
)


def utterances_in(
    text: str,
    sides: Sides,
    body: tuple[int, int],
    set_apart: Sequence[tuple[int, int]] = (),
    date: dt.date | None = None,
) -> tuple[Utterance, ...]:
    """Return the stretches of a letter in which another speaks, or its author in an earlier letter.

    Args:
        text: the letter.
        sides: who is who in it.
        body: offsets between salutation and farewell; outside them nobody is quoted.
        set_apart: offsets of what the layout sets apart as a quotation, in order.
        date: of the letter, when it is known.
    """
    tabled = list(told_in_tables(text, sides.voice, body))
    marked = _quotations(text, sides, body, set_apart, date)
    quotations = [*tabled, *(quotation for quotation in marked if not _touches(tabled, quotation.start, quotation.end))]
    found = [*quotations, *_reported(text, sides, body, quotations), *_added_below(text, body[1])]
    return tuple(sorted(found, key=lambda utterance: utterance.start))


def _added_below(text: str, end: int) -> Iterator[Utterance]:
    """Yield what stands under a line drawn below the letter: whose words those are nobody can tell."""
    line = _FOREIGN.search(text, end)
    if line and text[line.end() :].strip():
        yield Utterance(line.start(), len(text), Voice.UNKNOWN)


def _quotations(
    text: str, sides: Sides, body: tuple[int, int], set_apart: Sequence[tuple[int, int]], date: dt.date | None
) -> Iterator[Utterance]:
    marked = [match.span() for match in _QUOTED.finditer(text, *body)]
    for start, end in _united(text, [*marked, *(span for span in set_apart if body[0] <= span[0] < body[1])]):
        if len(text[start:end].split()) < _LEAST_WORDS:
            continue
        after = said_afterwards(text, end, body[1]) if "\n" not in text[end : end + 1] else None
        lead_ins = [after] if after else _lead_ins(text, start, body[0])
        named = [quoted_speaker(lead_in, sides, date) for lead_in in lead_ins]
        if after and _BY_PRONOUN.match(after) and (before := _lead_ins(text, start, body[0])):
            named = [(reported_speaker(before[-1], sides) or Voice.UNKNOWN, None)]
        known = [(speaker, letter) for speaker, letter in named if speaker is not Voice.UNKNOWN]
        yield Utterance(start, end, *(known[0] if known else (Voice.UNKNOWN, None)))


def _united(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans in order, those that overlap and those set apart with nothing between made into one."""
    united: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if united and (start < united[-1][1] or _adjoin(text, united[-1], (start, end))):
            united[-1] = united[-1][0], max(end, united[-1][1])
        else:
            united.append((start, end))
    return united


def _adjoin(text: str, first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Return whether one quotation goes on in the next paragraph: nothing between, and no mark that ends or begins one."""
    between = text[first[1] : second[0]]
    return (
        "\n" in between
        and not between.strip()
        and text[first[1] - 1] not in "”»\"’'"
        and text[second[0]] not in '“„«"‘'
    )


def _lead_ins(text: str, start: int, least: int) -> list[str]:
    """Return what stands before a quotation: the rest of its sentence; when that is short, also with the sentence before."""
    before = text[max(least, start - 400) : start].rstrip()
    spans = sentence_spans(before)
    if not spans:
        return []
    last = before[spans[-1][0] :]
    return [last] if len(last) > 25 or len(spans) < 2 else [last, before[spans[-2][0] :]]


def _reported(text: str, sides: Sides, body: tuple[int, int], quotations: list[Utterance]) -> Iterator[Utterance]:
    """Yield the sentences that report another's words, and the items of their lists; not what holds or introduces a quotation."""
    said: Voice | None = None
    listing: Voice | None = None
    for line in re.compile(r"[^\n]+").finditer(text, *body):
        if listing and (_MARKED.match(line[0]) or text[line.start() - 2 : line.start()] != "\n\n"):
            if not _touches(quotations, *line.span()):
                yield Utterance(*line.span(), listing)
            continue
        said = listing = turn = earlier = None
        for first, last in sentence_spans(line[0]):
            start, end = line.start() + first, line.start() + last
            if _touches(quotations, start, end) or _introduces(text, end, quotations):
                said = None
                yield from _around(text, start, end, quotations, sides)
                continue
            sentence = text[start:end]
            taken = whose_turn(sentence, sides)
            turn = taken[0] if taken else turn
            if turn:
                yield Utterance(start + (taken[1] if taken else 0), end, turn)
                continue
            said = said if said and goes_on(sentence, said, sides) else reported_speaker(sentence, sides)
            said = said or (earlier if refers_back(sentence) else None)
            earlier = said or earlier
            if said and said is not sides.voice:
                but = _BUT_WE.search(sentence)
                yield Utterance(start, start + but.start() if but else end, said)
            listing = said if said is not sides.voice and sentence.endswith(":") else None


def _around(text: str, start: int, end: int, quotations: Sequence[Utterance], sides: Sides) -> Iterator[Utterance]:
    """Yield what a sentence reports up to the words that it quotes: "De wethouder zei dat het een ‘…’ was"."""
    first = next((quotation for quotation in quotations if start < quotation.end), None)
    if first is None or not start < first.start < end:
        return
    before = text[start : first.start].rstrip()
    said = reported_speaker(text[start:end], sides) if re.search(r"\bdat\b", before) else None
    if said and said is not sides.voice and said is first.voice:
        yield Utterance(start, start + len(before), said)


def _touches(quotations: Sequence[Utterance], start: int, end: int) -> bool:
    return any(start < quotation.end and quotation.start < end for quotation in quotations)


def _introduces(text: str, end: int, quotations: Sequence[Utterance]) -> bool:
    """Return whether a sentence that ends there is the lead-in of a quotation."""
    follows = next((quotation.start for quotation in quotations if quotation.start >= end), None)
    return text[end - 1] == ":" and follows is not None and not text[end:follows].strip()
