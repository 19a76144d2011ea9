"""Metadata extraction: kenmerk, dates, subject, parties, people, kind. What a letter does not say stays None."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.language.parties import COUNCIL, is_name
from ingest.metadata.authors import author_of, sender_of
from ingest.metadata.envelope import carrier_of
from ingest.metadata.fields import Facts, Label, facts_in, kenmerk_in
from ingest.metadata.kinds import kind_of
from ingest.metadata.letter_date import stated_date
from ingest.metadata.recipients import find_addressee, recipient_of
from ingest.metadata.sections import Sections, lines_of, split_sections, starts_of
from ingest.metadata.signatories import copies_in, signatories_in, split_copies
from ingest.readers.document import Block, BlockKind
from vectorstore.letters import DateBasis, Kind, Precision, Signatory, Voice

_TITLED = re.compile(
    r"^(?:(?:on)?gevraagd |tussentijds |voorlopig |aanvullend )?\w*advies (?:over|inzake|m\.b\.t\.|met betrekking tot|aan|op|n\.a\.v\.|bij)\b|"
    r"^(?:reactie|antwoord|beantwoording) op\b|^(?:brandbrief|open brief|zienswijze|inspraakreactie|oproep)\b|^(?:dringend )?verzoek (?:om|tot)\b|"
    r"^(?:schriftelijke )?vragen (?:over|aan)\b",
    re.I,
)
_COVERING = re.compile(
    r"\b(?:bijgaand|bijgevoegd|(?:in|als) (?:de )?bijlage|(?:stuur|sturen|zend|zenden) (?:ik|wij|we) (?:u|jou|je|jullie))\b",
    re.I,
)
"""Words of a mail that only brings a letter, whose subject is then that of the letter."""

_FIRST_LINES = 15
"""Lines below the salutation in which a column beside a letter may have ended up, its kenmerk and date in it."""


@dataclass(frozen=True, slots=True)
class Anatomy:
    """The metadata of a letter; None, UNKNOWN and empty where it gives none.

    The attributes are those of `Letter`.
    """

    kind: Kind
    reference: str | None
    your_reference: str | None
    date: dt.date | None
    date_basis: DateBasis
    date_precision: Precision
    subject: str | None
    author: Voice
    sender: str | None
    addressee: str | None
    copies: tuple[str, ...]
    signatories: tuple[Signatory, ...]
    voice: Voice


def read_anatomy(blocks: Sequence[Block], source: str = "") -> Anatomy:
    """Extract metadata from the blocks of a document, completed from what carried it.

    Args:
        blocks: of the document.
        source: path of its file, which may have a date in its name.
    """
    parts = split_sections(blocks)
    own = [block for block in blocks if block.kind is not BlockKind.CARRIER]
    front, foot = lines_of(parts.head if parts.salutation else own[:8]), lines_of(parts.foot)
    facts = facts_in(front)
    carrier = carrier_of(blocks, source)
    title = _title(front, facts, carrier.subject, bool(parts.salutation))
    salutation = parts.salutation.text if parts.salutation else ""
    recipient = recipient_of(front, starts_of(parts.head), facts, salutation)
    author = author_of(parts, front, foot, facts, recipient, carrier)
    opening = " ".join(lines_of(parts.body)[:8])
    answers = any(re.search(r"\d", facts.first(label) or "") for label in (Label.YOURS, Label.ANSWERED))
    text = "\n".join(lines_of(parts.body))
    kind = kind_of(title, author, text, is_letter=bool(parts.salutation), signed=bool(foot), answers=answers)
    if title == carrier.subject and title and _COVERING.search(opening):
        kind = Kind.LETTER
    if kind in (Kind.SUMMARY, Kind.MINUTES):
        other = Voice.UNKNOWN if kind is Kind.SUMMARY else Voice.OTHER
        author = Voice.COUNCIL if any(map(COUNCIL.search, front)) else other
    beside = facts_in(
        [line for line in lines_of(parts.body)[:_FIRST_LINES] if len(line) < 60] if parts.salutation else []
    )
    date = stated_date(front, foot, facts, beside, kind)
    return Anatomy(
        kind=kind,
        reference=_reference(facts) or _reference(beside),
        your_reference=kenmerk_in(facts.first(Label.YOURS) or beside.first(Label.YOURS) or "", several=True),
        date=date.date if date else carrier.date,
        date_basis=DateBasis.STATED if date else DateBasis.FILE if carrier.date else DateBasis.UNKNOWN,
        date_precision=date.precision if date else Precision.DAY,
        subject=title,
        author=author,
        sender=sender_of(front, foot, facts, recipient, author) or carrier.sender,
        addressee=recipient.name
        or carrier.addressee
        or (find_addressee(front, facts, salutation, author) if salutation else None),
        copies=(*_head_copies(facts), *copies_in(foot)) or carrier.copies,
        signatories=signatories_in(foot),
        voice=_voice(kind, author, parts),
    )


def _reference(facts: Facts) -> str | None:
    found = (kenmerk_in(value) for label in (Label.OWN, Label.NUMBER, Label.CASE) for value in facts.all(label))
    return next((reference for reference in found if reference), None)


def _head_copies(facts: Facts) -> list[str]:
    return [name for value in facts.all(Label.COPIES) for name in split_copies(value) if name]


def _title(front: Sequence[str], facts: Facts, carried: str | None, is_letter: bool) -> str | None:
    """Return the subject line; else an unmistakable line of the head, that of the e-mail, or the top line."""
    subject = facts.first(Label.SUBJECT)
    if subject:
        return _whole(subject, front).rstrip(" .")
    free = [line for i, line in enumerate(front) if i not in facts.used]
    if is_letter:
        return next((line.rstrip(" .") for line in free if _TITLED.match(line)), carried)
    titles = [line for line in free[:3] if len(line) < 150 and not is_name(line)]
    return next((line for line in titles if line[-1] not in ".,;!?"), carried) or next(iter(titles), None)


def _whole(subject: str, front: Sequence[str]) -> str:
    """Return a subject with the line that continues it."""
    for line, after in zip(front, front[1:], strict=False):
        if line.endswith(subject) and after[0].islower() and not facts_in([after]).used:
            return f"{subject} {after}"
    return subject


def _voice(kind: Kind, author: Voice, parts: Sections) -> Voice:
    """Return who speaks by default. A summary speaks for the one it summarises, minutes for whoever is quoted."""
    if kind is Kind.MINUTES:
        return Voice.UNKNOWN
    if kind is not Kind.SUMMARY:
        return author
    text = " ".join(block.text for block in parts.body)
    executive = len(re.findall(r"\b(?:gemeente|college|wethouder)\b", text, re.I))
    council = len(re.findall(r"\b(?:wij|cliëntenraad|adviesraad|onze raad|ons advies)\b", text, re.I))
    return Voice.EXECUTIVE if executive > council else author
