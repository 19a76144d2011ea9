"""Where a letter names another: "ons advies van 30 januari 2020", "uw brief van 13 oktober jl. (kenmerk 505679-2021)"."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.moments import MOMENT, Moment, moment_in
from vectorstore.letters import Precision, Reference, Utterance, Voice

_LABEL = (
    r"(?:kenmerk|referentie|referentienummer|ref\.|briefnummer|zaaknummer|registratienummer|dossiernummer|nummer|nr\.)"
)
_VALUE = (
    r"(?!(?:van|en|op|in|is|de|het|d\.?d|wordt|staat)\b)"
    r"(?:[A-Za-z][\w&]{0,9}(?:[ ./-]{1,2}[A-Za-z&]{1,8}){0,2}?[ ./_-]{0,2}\d[\w./_-]*|\d[\w./_-]{2,})(?<![./_-])"
)
"""A kenmerk where a label says that it is one."""

_YEAR = r"(?:19|20)\d\d"
_BARE = (
    r"(?<![\w./-])(?!(?:ISO|NEN|EU|EG|EEG|EN|VN|CBS|CPB|SCP|WRR|CAO|BBV|COVID|AVG|TK|EK|MBO|HBO|IBAN)\b)"
    rf"(?:[A-Z]{{2,6}}(?:[ /-][A-Z&]{{1,6}})?[ ./-]?{_YEAR}[-/.]\d{{1,5}}[a-z]?|"
    r"[A-Z]{3,6}[-./]\d\d[-./]\d{1,5}|[A-Z]{2,6}/\d\d/\d{2,7}|[ZD][./-]?\d{5,9}(?:-\d{1,6})?|[ZD]\d\d[-/]\d{4,8}|"
    rf"[ZD][./-](?:\d\d|{_YEAR})[./-]\d{{3,8}}|\d{{6,8}}-{_YEAR})(?![\w/-]|\.\d)"
)
"""A kenmerk that cannot be anything else, even where nothing says that it is one."""

_RANGE = re.compile(rf"(?:.*\D)?({_YEAR})\D(?:{_YEAR}|\d\d)")
_NUMBERED = rf"(?:{_BARE}|(?<![\w./-]){_YEAR}[-./]\d{{1,5}}(?![\w/-]|\.\d))"
"""A kenmerk right after the word for a letter."""

_OWNERS = {"ons": 1, "onze": 1, "mijn": 1, "uw": -1, "jullie": -1}
"""Whose letter it is: of the one who writes (1) or of the one written to (-1)."""

_NOT_BETWEEN = (
    r"(?!(?:de|het|een|ons|onze|uw|jullie|dit|deze|die|dat|haar|zijn|hun|van|in|op|aan|met|voor|bij|door|uit|naar|over|en|of|is|"
    r"wij|we|u|om|te|als|heeft|hebben|wordt|college|gemeente|raad|per)\b)"
)
_KIND = (
    r"(?:advies|adviezen|brief|brieven|reacties?|antwoord(?:en)?|beantwoording|notities?|nota[’']?s?|memo[’']?s?|"
    r"schrijven|e-?mails?|mails?|verslag(?:en)?|notulen|zienswijzen?|verzoek(?:en)?|samenvatting|brandbrief)"
)
_NAMED = re.compile(
    rf"(?<![\w-])(?:(?P<owner>ons|onze|mijn|uw|jullie|de|het|een|dit|deze|haar|zijn|hun)\s+)?"
    rf"(?:{_NOT_BETWEEN}[\w’'-]+,?\s+){{0,3}}?(?P<noun>[\w-]*?{_KIND})(?![\w-])",
    re.I,
)
_EXECUTIVES = (
    r"(?:het\s+college|uw\s+college|de\s+(?:\w+\s+)?gemeente(?!raad| ?raad)|(?:de\s+)?wethouder|B\s?&\s?W|"
    r"burgemeester\s+en\s+wethouders)"
)
_COUNCILS = r"(?:(?:de|onze|uw|deze)\s+(?:cli[ëe]ntenraad|adviesraad|participatieraad|wmo-raad|CR|raad(?!s|\s+van)))"
_OTHERS = (
    r"(?:(?:de|het|een)\s+(?:minister|ministerie|staatssecretaris|rijk|provincie|rekenkamer|ombudsman|inspectie|gemeenteraad|"
    r"rechtbank|rechter|Centrale Raad)|UWV|VNG|het\s+UWV|de\s+(?:VNG|SVB|FNV)|Divosa|Movisie)"
)
_NAME = (
    r"(?:\s+van)?(?:\s+(?:burgemeester\s+en\s+wethouders|B\s?&\s?W|(?:de\s+)?gemeente|[A-Z][\w-]+|en(?=\s[A-Z])|&))*"
)
_WHOSE = re.compile(
    rf"\s+(?:van|door|namens)\s+(?:(?P<executive>{_EXECUTIVES})|(?P<council>{_COUNCILS})|(?P<other>{_OTHERS})){_NAME}",
    re.I,
)
_TO_WHOM = re.compile(
    rf"\s+aan\s+(?:u|ons|{_EXECUTIVES}|{_COUNCILS}|{_OTHERS}|de\s+raad){_NAME}(?![\w-])",
    re.I,
)
_WHEN = re.compile(
    rf"\s*[,(]?\s*(?:van|d\.?\s?d\.?|gedateerd(?:\s+op)?|gedagtekend|uit|op|:)?:?\s*(?P<moment>{MOMENT})", re.I
)
_LABELLED = re.compile(
    rf"[ ]*\n?[ ]*[,;(\[]?\s?(?:met\s+|onder\s+|en\s+)?(?:(?P<whose>ons|onze|uw|het)\s+)?{_LABEL}\s*:?\s*(?P<name>{_VALUE})",
    re.I,
)
_UNLABELLED = re.compile(rf"\s*[,(]?\s*(?P<name>{_NUMBERED})")
_TITLE = re.compile(
    r"\s*,?\s*(?:“[^”\n]{3,120}”|‘[^’\n]{3,120}’|\"[^\"\n]{3,120}\"|\((?:over|inzake)[^)\n]{3,80}\)),?|"
    r"(?:\s+(?!Van\b|CR\b)[A-Z][a-zë-]+){1,4}(?=\s+(?:van|d\.?d\.?)\s)"
)
_SUBJECT = re.compile(
    rf"\s*,?\s+(?:over|inzake|betreffende|rond(?:om)?|omtrent|met\s+betrekking\s+tot)\s"
    rf"[^.;:()\n“”]{{3,110}}?(?=\s*,?\s+(?:van|d\.?\s?d\.?|gedateerd|uit)\s+{MOMENT}|\s*[,(]?\s*(?:met\s+)?{_LABEL}\s|\s*\({MOMENT}|"
    rf"\s*[,(]\s*{_BARE})",
    re.I,
)
_ALSO = re.compile(
    rf"\s*(?:,|,?\s+en|,?\s+alsmede)\s+(?:(?:ook\s+)?(?:van|d\.?\s?d\.?)\s+)?(?=(?:{MOMENT}|(?-i:{_NUMBERED})))", re.I
)
_OWN_LINE = re.compile(rf"^[ \t]*(?:(?:ons|onze)\s+)?{_LABEL}[ \t]*(?::|[ \t]|\n)\s*{_VALUE}", re.I | re.M)
_YOURS_LINE = re.compile(rf"^[ \t]*(?P<whose>uw|jullie)\s+{_LABEL}[ \t]*:?\s*(?P<name>{_VALUE})", re.I | re.M)
_HELD = re.compile(_BARE)
_WE_WROTE = re.compile(
    rf"\bop\s+(?P<moment>{MOMENT})\s+(?:(?:heeft|hebben|hebt)\s+(?P<had>wij|we|u)\s[^.\n]{{0,80}}?(?:geadviseerd|geschreven|"
    r"advies\s+(?:uitgebracht|gegeven)|een\s+(?:brief|advies)\s+gestuurd|gereageerd|geantwoord)|"
    r"(?:adviseerden|schreven|stuurden|antwoordden|adviseerde|schreef|stuurde|antwoordde)\s+(?P<did>wij|we|u)\b)",
    re.I,
)


@dataclass(slots=True)
class _Draft:
    """What has been read of a reference so far."""

    start: int
    end: int
    author: Voice
    name: str | None = None
    moment: Moment | None = None


def name_of(reference: str) -> str:
    """What is the same in all ways to write one kenmerk: "CWI 2016/01" and "cwi2016-1"."""
    parts = re.findall(r"[^\W\d_]+|\d+", reference.casefold())
    return " ".join(part.lstrip("0") or "0" if part.isdecimal() else part for part in parts)


def other_side(voice: Voice) -> Voice:
    """The one that a letter by `voice` is written to."""
    return {Voice.COUNCIL: Voice.EXECUTIVE, Voice.EXECUTIVE: Voice.COUNCIL}.get(voice, Voice.UNKNOWN)


def references_in(
    text: str,
    *,
    author: Voice,
    date: dt.date | None,
    own: str | None = None,
    utterances: Sequence[Utterance] = (),
) -> tuple[Reference, ...]:
    """Where a letter names others by kenmerk or date, in order.

    Args:
        text: of the letter.
        author: who wrote it.
        date: when, None when unknown; "13 oktober jl." is the last such day before it.
        own: its own kenmerk, which is not another's.
        utterances: where somebody else says "ons".
    """
    own_lines = [match.span() for match in _OWN_LINE.finditer(text)]
    drafts: list[_Draft] = []
    for draft in _drafts(text, author, date, utterances):
        free = all(draft.end <= taken.start or draft.start >= taken.end for taken in drafts)
        if free and not any(start < draft.end and draft.start < end for start, end in own_lines):
            drafts.append(draft)
    drafts.sort(key=lambda draft: draft.start)
    found = [_finished(draft) for draft in _joined(text, drafts)]
    return tuple(reference for reference in found if not _is_itself(reference, author, date, own))


def _drafts(text: str, author: Voice, date: dt.date | None, utterances: Sequence[Utterance]) -> Iterator[_Draft]:
    """Everything that may be a reference, the surest first."""

    def voice_at(start: int) -> Voice:
        return next((u.voice for u in utterances if u.start <= start < u.end), author)

    for match in _YOURS_LINE.finditer(text):
        yield _Draft(match.start("whose"), match.end(), other_side(voice_at(match.start())), match["name"])
    for match in _NAMED.finditer(text):
        yield from _named(text, match, voice_at(match.start()), date)
    for match in _WE_WROTE.finditer(text):
        moment = moment_in(match["moment"], date)
        who = voice_at(match.start())
        ours = (match["had"] or match["did"]).casefold() != "u"
        if moment:
            yield _Draft(match.start(), match.end(), who if ours else other_side(who), moment=moment)
    for match in _HELD.finditer(text):
        if not _is_range(match[0]):
            draft = _Draft(match.start(), match.end(), Voice.UNKNOWN, match[0])
            yield _qualified(text, draft, date)


def _named(text: str, match: re.Match[str], voice: Voice, date: dt.date | None) -> Iterator[_Draft]:
    """The letters that a word for a letter with what follows it names; none when that is neither date nor kenmerk."""
    owner = (match["owner"] or "").casefold()
    if owner in ("dit", "deze"):
        return
    author = {1: voice, -1: other_side(voice)}.get(_OWNERS.get(owner, 0), _author_by(text, match, owner))
    drafts = [_qualified(text, _Draft(match.start(), match.end(), author), date)]
    while (also := _ALSO.match(text, drafts[-1].end)) and (drafts[-1].name or drafts[-1].moment):
        following = _qualified(text, _Draft(also.end(), also.end(), drafts[-1].author), date)
        for draft in drafts:
            draft.author = following.author if draft.author is Voice.UNKNOWN else draft.author
            if draft.moment and draft.moment.yearless and following.moment:
                draft.moment = draft.moment.in_year_of(following.moment)
        drafts.append(following)
    yield from (draft for draft in drafts if draft.name or draft.moment)


def _author_by(text: str, match: re.Match[str], owner: str) -> Voice:
    """Whose letter it is by the word for it ("collegebrief"), or by who is spoken of before "haar brief"."""
    if re.match(r"(?:college|raads(?=brief)|raadsinformatie|wethouders)", match["noun"], re.I):
        return Voice.EXECUTIVE
    before = text[max(0, match.start() - 60) : match.start()]
    if owner in ("haar", "zijn", "hun") and re.search(r"\b(?:college|gemeente|wethouder)\b[^.!?\n]*$", before, re.I):
        return Voice.EXECUTIVE
    return Voice.UNKNOWN


def _qualified(text: str, draft: _Draft, date: dt.date | None) -> _Draft:
    """The draft with all that follows: whose letter, to whom, about what, of which date, with which kenmerk."""
    while True:
        whose = _WHOSE.match(text, draft.end)
        if whose and draft.author is Voice.UNKNOWN:
            draft.author = next(voice for voice in _SIDES if whose[voice.value])
        about = whose or _TO_WHOM.match(text, draft.end) or _TITLE.match(text, draft.end)
        if about:
            draft.end = about.end()
        elif not (_with_name(text, draft) or _with_moment(text, draft, date)):
            subject = None if draft.name or draft.moment else _SUBJECT.match(text, draft.end)
            if not subject:
                return draft
            draft.end = subject.end()


_SIDES = (Voice.EXECUTIVE, Voice.COUNCIL, Voice.OTHER)


def _with_name(text: str, draft: _Draft) -> bool:
    """Take up the kenmerk that follows, if one does."""
    match = _LABELLED.match(text, draft.end)
    if match and (match["whose"] or "").casefold() in ("ons", "onze") and "\n" in text[draft.end : match.start("name")]:
        return False
    match = match or _UNLABELLED.match(text, draft.end)
    if draft.name or not match or _is_range(match["name"]):
        return False
    draft.name, draft.end = match["name"], _closed(text, draft, match.end())
    return True


def _with_moment(text: str, draft: _Draft, date: dt.date | None) -> bool:
    """Take up the date that follows, if one does; a day without a year in a letter without a date is passed over."""
    match = _WHEN.match(text, draft.end)
    moment = moment_in(match["moment"], date) if match else None
    if draft.moment or not match or not (moment or date is None):
        return False
    if (
        moment
        and moment.precision is Precision.YEAR
        and not re.search(r"\b(?:van|uit)\s+$", text[: match.start("moment")], re.I)
    ):
        return False
    draft.moment, draft.end = moment, _closed(text, draft, match.end())
    return True


def _closed(text: str, draft: _Draft, end: int) -> int:
    """The end with the bracket that closes what was opened since the start of the draft."""
    opened = text.count("(", draft.start, end) > text.count(")", draft.start, end)
    bracket = re.compile(r"\s?[)\]]").match(text, end) if opened else None
    return bracket.end() if bracket else end


def _joined(text: str, drafts: Sequence[_Draft]) -> list[_Draft]:
    """Drafts with "Uw kenmerk: …" and "Uw brief van: …" on the next line made into one."""
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
    """Whether one line gives the kenmerk and the next the date of one letter."""
    between = text[first.end : second.start]
    next_lines = not between.strip() and between.count("\n") == 1
    complete = (first.moment is None) != (second.moment is None) and (first.name is None) != (second.name is None)
    return next_lines and complete and first.author is second.author


def _finished(draft: _Draft) -> Reference:
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
    """Whether it is a period, not a kenmerk: 2020-2022, 2019/20."""
    match = _RANGE.fullmatch(name)
    if not match or re.match(r"\d{5}", name):
        return False
    last = name[match.end(1) + 1 :]
    return len(last) == 4 or ("/" in name and int(last) == (int(match[1]) + 1) % 100)


def _is_itself(reference: Reference, author: Voice, date: dt.date | None, own: str | None) -> bool:
    """Whether a letter only repeats its own kenmerk or date."""
    if reference.reference:
        return own is not None and name_of(reference.reference) == name_of(own)
    same_day = date is not None and reference.date == date and reference.precision is Precision.DAY
    return reference.date is None or (same_day and reference.author in (author, Voice.UNKNOWN))
