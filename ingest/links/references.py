"""References to other letters: "ons advies van 30 januari 2020", "uw brief van 13 oktober jl. (kenmerk 505679)"."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.language.dates.reader import WrittenDate, read_date
from ingest.language.parties import other_side
from ingest.language.reference_numbers import RANGE
from ingest.links.reference_patterns import (
    ALSO,
    DATED_NAME,
    HELD,
    LABELLED,
    NAMED,
    OWN_LINE,
    OWN_TITLE,
    SUBJECT,
    THAT,
    TITLE,
    TO_WHOM,
    UNLABELLED,
    WE_WROTE,
    WHEN,
    WHICH,
    WHOSE,
    YOURS_LINE,
    find_letters,
)
from vectorstore.letters import Precision, Reference, Utterance, Voice

_FAR = 400
"""How many characters back to look for the word for letters that "dat van 3 mei" stands for."""

_OWNERS = {"ons": 1, "onze": 1, "mijn": 1, "uw": -1, "jullie": -1}
"""Whose letter it is: the writer's (1) or the addressee's (-1)."""


@dataclass(slots=True)
class _Draft:
    """A reference as far as it has been read."""

    start: int
    end: int
    author: Voice
    name: str | None = None
    moment: WrittenDate | None = None


def name_of(reference: str) -> str:
    """Normalise a kenmerk, so that all spellings of one are equal: "CWI 2016/01" and "cwi2016-1"."""
    parts = re.findall(r"[^\W\d_]+|\d+", reference.casefold())
    return " ".join(part.lstrip("0") or "0" if part.isdecimal() else part for part in parts)


def find_references(
    text: str,
    *,
    author: Voice,
    date: dt.date | None,
    own: str | None = None,
    quotations: Sequence[Utterance] = (),
) -> tuple[Reference, ...]:
    """Return the references of a letter to others by kenmerk or date, in order.

    Args:
        text: of the letter.
        author: who wrote it.
        date: when, or None if unknown; "13 oktober jl." is the last such day before it.
        own: its own kenmerk, which refers to no other letter.
        quotations: where "ons" is somebody else's; reported speech is in the author's words.
    """
    taken = [match.span() for match in OWN_LINE.finditer(text)]
    drafts: list[_Draft] = []
    for draft in _drafts(text, author, date, quotations):
        behind = bisect_left(taken, (draft.end,))
        if not behind or taken[behind - 1][1] <= draft.start:
            taken.insert(behind, (draft.start, draft.end))
            drafts.append(draft)
    drafts.sort(key=lambda draft: draft.start)
    found = [_finish(draft) for draft in _join_lines(text, drafts)]
    return tuple(reference for reference in found if not _is_itself(reference, author, date, own))


def _drafts(text: str, author: Voice, date: dt.date | None, quotations: Sequence[Utterance]) -> Iterator[_Draft]:
    """Yield everything that may be a reference, the most certain first."""

    def voice_at(start: int) -> Voice:
        return next((u.voice for u in quotations if u.start <= start < u.end), author)

    for match in YOURS_LINE.finditer(text):
        yield _Draft(match.start("whose"), match.end(), other_side(voice_at(match.start())), match["name"])
    for match in find_letters(text):
        yield from _find_named(text, match, voice_at(match.start()), date)
    for match in THAT.finditer(text):
        spoken_of = _find_antecedent(text, match.start())
        if spoken_of:
            whose = _author_of(text, spoken_of, voice_at(match.start()))
            yield _qualify(text, _Draft(match.start(), match.end(), whose), date)
    yield from _find_written(text, voice_at, date)
    for match in DATED_NAME.finditer(text):
        moment, name = read_date(match["moment"], date), match["labelled"] or match["name"]
        if moment and not _is_range(name):
            yield _Draft(match.start(), match.end(), Voice.UNKNOWN, name, moment)
    for match in HELD.finditer(text):
        if not _is_range(match[0]):
            draft = _Draft(match.start(), match.end(), Voice.UNKNOWN, match[0])
            yield _qualify(text, draft, date)


def _find_written(text: str, voice_at: Callable[[int], Voice], date: dt.date | None) -> Iterator[_Draft]:
    """Yield references that say who wrote on which day."""
    for pattern in WE_WROTE:
        for match in pattern.finditer(text):
            moment = read_date(match["moment"], date)
            who = voice_at(match.start())
            writer = (match["did"] or match["had"]).casefold()
            author = who if writer in ("wij", "we") else other_side(who)
            if moment:
                yield _qualify(text, _Draft(match.start(), match.end(), author, moment=moment), date)


def _find_antecedent(text: str, start: int) -> re.Match[str] | None:
    """Return the word for letters earlier in a sentence that "dat van 3 mei" stands for."""
    sentence = re.split(r"[.?!]\s+(?=[A-Z])|\n\s*\n", text[max(0, start - _FAR) : start])[-1]
    return next(reversed(list(NAMED.finditer(text, start - len(sentence), start))), None)


def _find_named(text: str, match: re.Match[str], voice: Voice, date: dt.date | None) -> Iterator[_Draft]:
    """Yield the letters that a word for a letter and what follows refer to; none without a date or kenmerk."""
    owner = (match["owner"] or "").casefold()
    if owner in ("dit", "deze") or (_begins_line(text, match.start("noun")) and OWN_TITLE.match(match["noun"])):
        return
    drafts = [_qualify(text, _Draft(match.start(), match.end(), _author_of(text, match, voice)), date)]
    while (also := ALSO.match(text, drafts[-1].end)) and (drafts[-1].name or drafts[-1].moment):
        following = _qualify(text, _Draft(also.end(), also.end(), drafts[-1].author), date)
        for draft in drafts:
            draft.author = following.author if draft.author is Voice.UNKNOWN else draft.author
            if draft.moment and draft.moment.yearless and following.moment:
                draft.moment = draft.moment.in_year(following.moment.date.year) or draft.moment
        drafts.append(following)
    yield from (draft for draft in drafts if draft.name or draft.moment)


def _begins_line(text: str, start: int) -> bool:
    return not text[text.rfind("\n", 0, start) + 1 : start].strip()


def _author_of(text: str, match: re.Match[str], voice: Voice) -> Voice:
    """Return whose letter it is: by "ons" and "uw", its word ("collegebrief"), or the party before "haar brief"."""
    owner = (match["owner"] or "").casefold()
    if owner in _OWNERS:
        return voice if _OWNERS[owner] == 1 else other_side(voice)
    if re.match(r"(?:college|raads(?=brief)|raadsinformatie|wethouders)", match["noun"], re.I):
        return Voice.EXECUTIVE
    before = text[max(0, match.start() - 60) : match.start()]
    if owner in ("haar", "zijn", "hun") and re.search(r"\b(?:college|gemeente|wethouder)\b[^.!?\n]*$", before, re.I):
        return Voice.EXECUTIVE
    return Voice.UNKNOWN


def _qualify(text: str, draft: _Draft, date: dt.date | None) -> _Draft:
    """Extend the draft with all that follows: whose letter, to whom, about what, of which date, with which kenmerk."""
    while True:
        whose = WHOSE.match(text, draft.end)
        if whose and draft.author is Voice.UNKNOWN:
            draft.author = next(voice for voice in _SIDES if whose[voice.value])
        about = whose or TO_WHOM.match(text, draft.end) or TITLE.match(text, draft.end)
        if about:
            draft.end = about.end()
        elif not (_take_name(text, draft) or _take_moment(text, draft, date) or _take_clause(text, draft, date)):
            subject = None if draft.name or draft.moment else SUBJECT.match(text, draft.end)
            if not subject or NAMED.search(subject[0]):
                return draft
            draft.end = subject.end()


_SIDES = (Voice.EXECUTIVE, Voice.COUNCIL, Voice.OTHER)


def _take_name(text: str, draft: _Draft) -> bool:
    """Add the kenmerk that follows, if any; return True if one was added."""
    match = LABELLED.match(text, draft.end)
    if match and (match["whose"] or "").casefold() in ("ons", "onze") and "\n" in text[draft.end : match.start("name")]:
        return False
    match = match or UNLABELLED.match(text, draft.end)
    if draft.name or not match or _is_range(match["name"]):
        return False
    draft.name, draft.end = match["name"], _close_bracket(text, draft, match.end())
    return True


def _take_moment(text: str, draft: _Draft, date: dt.date | None) -> bool:
    """Add the date that follows, if any; a day without a year is skipped if the letter has no date."""
    match = WHEN.match(text, draft.end)
    moment = read_date(match["moment"], date) if match else None
    if draft.moment or not match or not (moment or date is None):
        return False
    if (
        moment
        and moment.precision is Precision.YEAR
        and not re.search(r"\b(?:van|uit)\s+$", text[: match.start("moment")], re.I)
    ):
        return False
    draft.moment, draft.end = moment, _close_bracket(text, draft, match.end())
    return True


def _take_clause(text: str, draft: _Draft, date: dt.date | None) -> bool:
    """Add who sent it on which day, if a clause says so: "de brief die u op 3 mei stuurde"."""
    match = WHICH.match(text, draft.end)
    moment = read_date(match["moment"], date) if match else None
    if draft.moment or not match or not moment:
        return False
    sender = next((voice for voice in (Voice.EXECUTIVE, Voice.COUNCIL) if match[voice.value]), None)
    if draft.author is Voice.UNKNOWN and sender:
        draft.author = sender
    draft.moment, draft.end = moment, match.end()
    return True


def _close_bracket(text: str, draft: _Draft, end: int) -> int:
    """Return the end, extended by the bracket that closes one opened since the start of the draft."""
    opened = text.count("(", draft.start, end) > text.count(")", draft.start, end)
    bracket = re.compile(r"\s?[)\]]").match(text, end) if opened else None
    return bracket.end() if bracket else end


def _join_lines(text: str, drafts: Sequence[_Draft]) -> list[_Draft]:
    """Merge drafts with "Uw kenmerk: …" and "Uw brief van: …" on consecutive lines into one."""
    joined: list[_Draft] = []
    for draft in drafts:
        last = joined[-1] if joined else None
        if last and _belong_together(text, last, draft):
            name, moment = last.name or draft.name, last.moment or draft.moment
            joined[-1] = replace(last, end=draft.end, name=name, moment=moment)
        else:
            joined.append(draft)
    return joined


def _belong_together(text: str, first: _Draft, second: _Draft) -> bool:
    """Check whether two lines give the kenmerk and the date of one letter."""
    between = text[first.end : second.start]
    next_lines = not between.strip() and between.count("\n") == 1
    complete = (first.moment is None) != (second.moment is None) and (first.name is None) != (second.name is None)
    return next_lines and complete and first.author is second.author


def _finish(draft: _Draft) -> Reference:
    moment = draft.moment
    return Reference(
        draft.start,
        draft.end,
        " ".join(draft.name.split()) if draft.name else None,
        moment.date if moment else None,
        moment.precision if moment else Precision.DAY,
        draft.author,
    )


def _is_range(name: str) -> bool:
    """Check whether a name is a period, not a kenmerk: 2020-2022, 2019/20."""
    match = RANGE.fullmatch(name)
    if not match or re.match(r"\d{5}", name):
        return False
    last = name[match.end(1) + 1 :]
    return len(last) == 4 or ("/" in name and int(last) == (int(match[1]) + 1) % 100)


def _is_itself(reference: Reference, author: Voice, date: dt.date | None, own: str | None) -> bool:
    """Check whether a reference only repeats the letter's own kenmerk or date."""
    if reference.reference:
        return own is not None and name_of(reference.reference) == name_of(own)
    same_day = date is not None and reference.date == date and reference.precision is Precision.DAY
    return reference.date is None or (same_day and reference.author in (author, Voice.UNKNOWN))
