"""What a letter says about itself: kenmerk, date, subject, sender, addressee, kind. What it does not say stays None."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.dates import MONTHS as MONTHS
from ingest.dates import WRITTEN_DATE as WRITTEN_DATE
from ingest.dates import written_date as written_date
from ingest.document import Block
from vectorstore.letters import Kind, Voice

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_WEEKDAY = r"(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag,?\s+)?"
_NUMBER_DATE = re.compile(r"\b(\d{1,2})[-/.](\d{1,2})[-/.]((?:19|20)\d\d)\b|\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b")
_REFERENCE = re.compile(
    r"^(?:(?:ons|onze)\s+)?(?:kenmerk|referentie|zaaknummer|briefnummer)\s*(?::|\s)\s*"
    r"(?P<value>[A-Za-z]{0,8}[ -]?\d[\w./-]*|[A-Za-z][\w&.]*[ /-][\w./ -]*?\d[\w./-]*)",
    re.I | re.M,
)
_SUBJECT = re.compile(r"^(?:onderwerp|betreft|betreffende|inzake)\s*(?::\s*|\s+)(?P<value>\S.*)$", re.I | re.S)
_ADDRESSEE = re.compile(
    r"^aan\s*(?::\s*|\s+(?=de|het|college|mevrouw|burgemeester|cliëntenraad))(?P<value>\S.*)$", re.I | re.S
)
_DATE_LABEL = re.compile(r"^(?:datum|dagtekening|verzonden|verzenddatum|d\.d\.|dd\.)(?=\W|$)", re.I)
_PLACE_AND_DATE = re.compile(
    rf"^['’]?[A-Z](?:[\w'’ -]{{1,40}},|[\w'’-]{{1,40}})\s+(?:d\.?d\.?\s+)?{_WEEKDAY}"
    rf"(?:\d{{1,2}}(?:e|ste|de)?\s+(?:{_MONTH})\.?\s+(?:19|20)\d\d|"
    r"\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d)\.?$",
    re.I,
)
_SHORT_DATE = re.compile(r"\b(\d{1,2})[-/.](\d{1,2})[-/.]'?(\d\d)\b(?![-/.]?\d)")
_SALUTATION = re.compile(r"^(?:geachte?|beste|zeer geachte)\b.{0,120}$", re.I)
_FAREWELL = re.compile(
    r"^(?:met (?:vriendelijke|hartelijke) groet|hoogachtend|hartelijke groet|vriendelijke groet)", re.I
)
_COPY = re.compile(r"^(?:i\.?a\.?a\.?|c\.?c\.?|afschrift|kopie)\b", re.I)
_COUNCIL = re.compile(
    r"\b(?:Cli[ëe]ntenraad|Adviesraad|Participatieraad|Wmo-raad|Sociale raad)(?:[ ](?:[A-Z&][\w&]*|en|van|voor))*",
    re.I,
)
_COUNCIL_NAME = re.compile(
    r"\b(?:Cli[ëe]ntenraad|Adviesraad|Participatieraad|W[Mm][Oo]-raad)(?: (?:[A-Z][\w]*|&|en(?= [A-Z])))*"
)
_EXECUTIVE = re.compile(
    r"\b(?:college van|burgemeester en wethouders|burgemeester|wethouder|B ?(?:&|en) ?W|namens het college)\b", re.I
)
_EXECUTIVE_NAME = re.compile(
    r"(?:het )?(?:college van )?burgemeester en wethouders(?: van(?: de gemeente)? [A-Z][\w-]+)?", re.I
)
_OFFICE = re.compile(r"^(?:de )?gemeente\b", re.I)


@dataclass(frozen=True, slots=True)
class Parts:
    """The blocks of a letter by their place in it; a document without salutation is all body.

    Attributes:
        head: everything before the salutation.
        salutation: the salutation, None when there is none.
        body: what follows.
        foot: from the farewell on.
    """

    head: Sequence[Block]
    salutation: Block | None
    body: Sequence[Block]
    foot: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Anatomy:
    """What a letter says about itself; None and UNKNOWN where it does not."""

    kind: Kind
    reference: str | None
    date: dt.date | None
    subject: str | None
    author: Voice
    sender: str | None
    addressee: str | None
    voice: Voice


def parts_of(blocks: Sequence[Block]) -> Parts:
    """Cut a document at its salutation and its farewell."""
    opening = next((i for i, block in enumerate(blocks[:40]) if _SALUTATION.match(block.text)), None)
    start = 0 if opening is None else opening + 1
    closing = next((i for i in range(len(blocks) - 1, start, -1) if _FAREWELL.match(blocks[i].text)), None)
    if closing is None:
        closing = _closing_without_farewell(blocks, start)
    return Parts(
        blocks[: start - 1] if opening is not None else (),
        blocks[opening] if opening is not None else None,
        blocks[start:closing],
        blocks[closing:],
    )


def _closing_without_farewell(blocks: Sequence[Block], start: int) -> int:
    """Where the names at the end begin, when no farewell stands above them."""
    end = len(blocks)
    while (
        end > max(start, len(blocks) - 8) and len(blocks[end - 1].text) < 70 and blocks[end - 1].text[-1] not in ".?!"
    ):
        end -= 1
    signed = any(_COUNCIL.search(block.text) or _EXECUTIVE.search(block.text) for block in blocks[end:])
    return end if signed else len(blocks)


def _short_date(text: str) -> dt.date | None:
    """A date with two digits for the year ("30-01-20"), which only means a date after a label that says so."""
    match = _SHORT_DATE.search(text)
    try:
        return dt.datetime.strptime("-".join(match.groups()), "%d-%m-%y").date() if match else None
    except ValueError:
        return None


def read_anatomy(blocks: Sequence[Block]) -> Anatomy:
    """What the blocks of a document say about it."""
    parts = parts_of(blocks)
    front = [*parts.head] if parts.salutation else [*blocks[:8]]
    title = _title(front, bool(parts.salutation))
    author = _author(parts, front)
    kind = _kind(title, parts, author)
    if kind is Kind.SUMMARY:
        author = Voice.COUNCIL if any(_COUNCIL.search(block.text) for block in front) else Voice.UNKNOWN
    if kind is Kind.MINUTES:
        author = Voice.COUNCIL if any(_COUNCIL.search(block.text) for block in front) else Voice.OTHER
    return Anatomy(
        kind=kind,
        reference=_reference(front),
        date=_date(parts, front, kind),
        subject=title,
        author=author,
        sender=_sender(parts, front, author),
        addressee=_first(front, _ADDRESSEE),
        voice=_voice(kind, author, parts),
    )


def _first(blocks: Sequence[Block], pattern: re.Pattern[str]) -> str | None:
    for block in blocks:
        match = pattern.match(block.text)
        if match:
            return " ".join(match["value"].split()).rstrip(" .")
    return None


def _reference(front: Sequence[Block]) -> str | None:
    """The value after the label; a label that stands alone has it in the next block."""
    following = [*(block.text for block in front), ""][1:]
    for block, after in zip(front, following, strict=True):
        alone = re.fullmatch(
            r"(?:(?:ons|onze)\s+)?(?:kenmerk|referentie|zaaknummer|briefnummer)\s*:?", block.text, re.I
        )
        match = _REFERENCE.search(f"{block.text} {after}" if alone else block.text)
        if match:
            return " ".join(match["value"].split()).rstrip(".,;")
    return None


def _title(front: Sequence[Block], is_letter: bool) -> str | None:
    """The subject line; of a document that is no letter its first line that is a title."""
    subject = _first(front, _SUBJECT)
    if subject or is_letter:
        return subject
    for block in front[:3]:
        names_only = _COUNCIL_NAME.fullmatch(block.text) or _OFFICE.match(block.text)
        if len(block.text) < 150 and not names_only and not _REFERENCE.match(block.text):
            return block.text
    return None


def _date(parts: Parts, front: Sequence[Block], kind: Kind) -> dt.date | None:
    """The date after its label, after a place, or alone on a line; for minutes and summaries any in the first lines."""
    lines = [line for block in (*front, *parts.foot) for line in block.text.split("\n")]
    for line in lines:
        date = written_date(line)
        if _DATE_LABEL.match(line):
            date = date or _short_date(line)
        elif not _PLACE_AND_DATE.match(line):
            continue
        if date:
            return date
    for line in lines[:20]:
        alone = re.sub(_WEEKDAY, "", WRITTEN_DATE.sub("", _NUMBER_DATE.sub("", line)), flags=re.I).strip(" .,")
        if written_date(line) and len(alone) <= 3:
            return written_date(line)
    if kind in (Kind.MINUTES, Kind.SUMMARY):
        return next((date for date in map(written_date, lines[:6]) if date), None)
    return None


def _author(parts: Parts, front: Sequence[Block]) -> Voice:
    """Who signed; else whose letterhead it is; else who is not addressed."""
    signed = [block.text for block in parts.foot]
    copy = next((i for i, text in enumerate(signed) if _COPY.match(text)), len(signed))
    for text in signed[:copy]:
        if _COUNCIL.search(text):
            return Voice.COUNCIL
        if _EXECUTIVE.search(text):
            return Voice.EXECUTIVE
    if parts.salutation is None and not signed:
        return Voice.UNKNOWN
    for block in front:
        if not _ADDRESSEE.match(block.text) and not re.match(r"t\.?a\.?v", block.text, re.I):
            if _COUNCIL.match(block.text):
                return Voice.COUNCIL
            if _OFFICE.match(block.text) or _EXECUTIVE_NAME.match(block.text):
                return Voice.EXECUTIVE
    return _author_by_address(parts, front)


def _author_by_address(parts: Parts, front: Sequence[Block]) -> Voice:
    addressed = " ".join(
        block.text for block in (*front, *([parts.salutation] if parts.salutation else [])) if block.text
    )
    to_executive = re.search(r"(?:^|\n| )(?:Aan:? (?:het )?college|Geacht college)\b", addressed, re.I)
    to_council = re.search(
        r"(?:Aan:? de (?:leden van de )?|Geachte (?:leden van de )?)Cli[ëe]ntenraad", addressed, re.I
    )
    if to_executive and not to_council:
        return Voice.COUNCIL
    if to_council and not to_executive:
        return Voice.EXECUTIVE
    return Voice.UNKNOWN


def _kind(title: str | None, parts: Parts, author: Voice) -> Kind:
    """What the title calls the document; a reply when the executive answers an advice or letter."""
    opening = " ".join(block.text for block in (*parts.head, *parts.body)[:12])[:1500]
    named = f"{title or ''}\n{opening[:300] if parts.salutation is None else ''}".casefold()
    if re.search(r"\b(?:verslag|notulen)\b", named) and parts.salutation is None:
        return Kind.MINUTES
    if re.search(r"\bsamenvatting\b", named) and parts.salutation is None:
        return Kind.SUMMARY
    if author is Voice.EXECUTIVE:
        answers = re.search(
            r"\b(?:reactie op|antwoord op|beantwoording|naar aanleiding van uw|in reactie op|"
            r"op uw (?:ongevraagde )?advi|uw (?:ongevraagde? |tussentijdse? )?(?:advies|adviezen|brief)\b)",
            f"{title or ''} {opening}",
            re.I,
        )
        return Kind.REPLY if answers else Kind.LETTER
    if re.search(r"\b(?:tussentijds|voorlopig)\w* advies", named):
        return Kind.INTERIM_ADVICE
    if re.search(r"advies\b", named) and author is not Voice.UNKNOWN:
        return Kind.ADVICE
    return Kind.LETTER if parts.salutation or parts.foot else Kind.OTHER


def _sender(parts: Parts, front: Sequence[Block], author: Voice) -> str | None:
    pattern = {Voice.COUNCIL: _COUNCIL_NAME, Voice.EXECUTIVE: _EXECUTIVE_NAME}.get(author)
    if pattern is None:
        return None
    own = [block for block in front if not _ADDRESSEE.match(block.text)]
    copy = next((i for i, block in enumerate(parts.foot) if _COPY.match(block.text)), len(parts.foot))
    found = [pattern.search(block.text) for block in (*parts.foot[:copy], *own)]
    names = [" ".join(match[0].split()) for match in found if match]
    return next((name for name in names if len(name.split()) > 1), names[0]) if names else None


def _voice(kind: Kind, author: Voice, parts: Parts) -> Voice:
    """Who speaks by default. A summary speaks for the one it summarises, minutes for whoever is quoted in them."""
    if kind is Kind.MINUTES:
        return Voice.UNKNOWN
    if kind is not Kind.SUMMARY:
        return author
    text = " ".join(block.text for block in parts.body)
    executive = len(re.findall(r"\b(?:gemeente|college|wethouder)\b", text, re.I))
    council = len(re.findall(r"\b(?:wij|cliëntenraad|onze raad|ons advies)\b", text, re.I))
    return Voice.EXECUTIVE if executive > council else author
