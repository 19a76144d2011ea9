"""The core values: letters, their passages, and who speaks in them.

All are frozen and validate themselves when built. Offsets count Unicode code points from the start of `Letter.text`.
"""

from __future__ import annotations

import bisect
import calendar
import datetime as dt
import re
from dataclasses import dataclass, field
from enum import StrEnum


class Voice(StrEnum):
    """Who speaks: the client council, the municipal executive, somebody else, or unknown."""

    COUNCIL = "council"
    EXECUTIVE = "executive"
    OTHER = "other"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What sort of document a letter is."""

    ADVICE = "advice"
    INTERIM_ADVICE = "interim_advice"
    LETTER = "letter"
    REPLY = "reply"
    SUMMARY = "summary"
    MINUTES = "minutes"
    OTHER = "other"


class DateBasis(StrEnum):
    """The basis of a letter's date: its own words, another letter, its file, the manifest, or nothing."""

    STATED = "stated"
    INFERRED = "inferred"
    FILE = "file"
    MANIFEST = "manifest"
    UNKNOWN = "unknown"


class Precision(StrEnum):
    """How much of a date is known; an unknown day or month is set to the first."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Utterance:
    """A span of a letter in which someone other than its author speaks, or its author in an earlier letter.

    Attributes:
        start, end: offsets into the letter's text.
        voice: who speaks there.
        quoted_from: the letter the words come from, as this letter names it; None if it does not say.
    """

    start: int
    end: int
    voice: Voice
    quoted_from: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"an utterance needs 0 <= start < end, not {self.start}, {self.end}")


@dataclass(frozen=True, slots=True)
class Signatory:
    """Someone who signed a letter.

    Attributes:
        name: as written.
        function: "voorzitter", "secretaris a.i."; None if none is given with the name.
    """

    name: str
    function: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """Words of a letter that name another letter: "ons advies van 30 januari 2020", "uw brief van 13 oktober jl.".

    Attributes:
        start, end: offsets into the letter's text.
        reference: the *kenmerk* given, or None.
        date: the date given, or None.
        precision: how much of the date is given.
        author: whose letter it is as far as the words say.
    """

    start: int
    end: int
    reference: str | None = None
    date: dt.date | None = None
    precision: Precision = Precision.DAY
    author: Voice = Voice.UNKNOWN

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a reference needs 0 <= start < end, not {self.start}, {self.end}")


@dataclass(frozen=True, slots=True)
class Request:
    """A sentence in which the author of a letter asks something of the addressee.

    Attributes:
        start, end: offsets into the letter's text.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a request needs 0 <= start < end, not {self.start}, {self.end}")


@dataclass(frozen=True, slots=True)
class Letter:
    """One document of the archive, cleaned, with its metadata.

    Attributes:
        id: stable name of the file in the archive.
        text: the cleaned text; all offsets refer to it.
        source: path of the file within the folder that was ingested, with forward slashes.
        sha256: hex digest of the file's bytes.
        kind: what sort of document it is.
        reference: its *kenmerk*, or None.
        your_reference: the *kenmerk* of the addressee that it replies to ("Uw kenmerk"), or None.
        date: when it was written, or None if unknown.
        date_basis: the basis of the date; UNKNOWN if and only if there is no date.
        date_precision: how much of the date is known.
        filed: the day in the name of its file or in the header of the e-mail; it is the date with basis FILE, and is
            used again when no other letter gives a date any longer.
        subject: its subject line or title.
        author: who wrote it.
        sender, addressee: as the letter names them.
        copies: who got a copy, as the letter names them.
        signatories: who signed it.
        voice: who speaks in it by default; differs from the author where the council summarises the executive.
        pages: offset at which each page begins; empty for formats without pages.
        confidence: for each page the confidence of the text recognition, 0..1; None for a page whose text was in the
            file. Empty if nothing was recognised.
        utterances: spans in which another voice speaks, in order, not overlapping.
        references: where it names other letters, in order, not overlapping.
        requests: what it asks of the addressee, in order, not overlapping.
        manifest: names of the attributes given by the manifest.
        also: sources of other files that hold the same letter.
    """

    id: str
    text: str
    source: str
    sha256: str
    kind: Kind = Kind.OTHER
    reference: str | None = None
    your_reference: str | None = None
    date: dt.date | None = None
    date_basis: DateBasis = DateBasis.UNKNOWN
    date_precision: Precision = Precision.DAY
    filed: dt.date | None = None
    subject: str | None = None
    author: Voice = Voice.UNKNOWN
    sender: str | None = None
    addressee: str | None = None
    copies: tuple[str, ...] = ()
    signatories: tuple[Signatory, ...] = ()
    voice: Voice = Voice.UNKNOWN
    pages: tuple[int, ...] = ()
    confidence: tuple[float | None, ...] = ()
    utterances: tuple[Utterance, ...] = ()
    references: tuple[Reference, ...] = ()
    requests: tuple[Request, ...] = ()
    manifest: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.id or not self.text.strip():
            raise ValueError("a letter needs an id and text")
        if (self.date is None) != (self.date_basis is DateBasis.UNKNOWN):
            raise ValueError("a letter has a date exactly when it has a basis for it")
        if self.date_basis is DateBasis.FILE and self.date != self.filed:
            raise ValueError("a letter dated by its file has the date of its file")
        if list(self.pages) != sorted(self.pages):
            raise ValueError("pages begin in order")
        if self.confidence and len(self.confidence) != max(len(self.pages), 1):
            raise ValueError("recognition has a confidence for each page")
        for name in ("utterances", "references", "requests"):
            previous = 0
            for span in getattr(self, name):
                if span.start < previous or span.end > len(self.text):
                    raise ValueError(f"{name} are in order, apart, and inside the letter")
                previous = span.end

    def __hash__(self) -> int:
        """Return a hash of what tells letters apart: one of all their parts takes longer than what it is to save."""
        return hash((self.id, self.sha256))

    @property
    def period(self) -> tuple[dt.date, dt.date] | None:
        """Return the first and last day on which it can have been written: its date, or the year in its *kenmerk*."""
        return _period(self.date, self.date_precision, self.reference)

    @property
    def voices(self) -> frozenset[Voice]:
        """Return everyone who may speak in it."""
        return frozenset({self.voice, *(utterance.voice for utterance in self.utterances)})

    def page_at(self, offset: int) -> int | None:
        """Return the page number, from 1, of the character at `offset`; None for formats without pages."""
        return bisect.bisect_right(self.pages, offset) or None

    def confidence_at(self, offset: int) -> float | None:
        """Return the confidence, 0..1, of the recognition of the page at `offset`; None if its text was in the file."""
        return self.confidence[(self.page_at(offset) or 1) - 1] if self.confidence else None

    def utterance_at(self, start: int, end: int) -> Utterance | None:
        """Return the utterance that holds more than half of `text[start:end]`, or None."""
        for utterance in self.utterances:
            overlap = min(end, utterance.end) - max(start, utterance.start)
            if overlap * 2 > end - start:
                return utterance
        return None

    def voice_at(self, start: int, end: int) -> Voice:
        """Return who speaks in `text[start:end]`."""
        utterance = self.utterance_at(start, end)
        return utterance.voice if utterance else self.voice


def _period(date: dt.date | None, precision: Precision, reference: str | None) -> tuple[dt.date, dt.date] | None:
    if date and precision is Precision.DAY:
        return date, date
    if date and precision is Precision.MONTH:
        return date.replace(day=1), date.replace(day=calendar.monthrange(date.year, date.month)[1])
    if date:
        return dt.date(date.year, 1, 1), dt.date(date.year, 12, 31)
    year = re.search(r"(?<!\d)((?:19|20)\d\d)[-/]\d", reference or "")
    return (dt.date(int(year[1]), 1, 1), dt.date(int(year[1]), 12, 31)) if year else None


@dataclass(frozen=True, slots=True)
class Card:
    """The metadata of a letter without its text; the attributes are those of `Letter`."""

    id: str
    source: str
    kind: Kind
    reference: str | None
    date: dt.date | None
    date_basis: DateBasis
    date_precision: Precision
    subject: str | None
    author: Voice
    voices: frozenset[Voice]

    @classmethod
    def of(cls, letter: Letter) -> Card:
        """Return the card of a letter."""
        return cls(**{name: getattr(letter, name) for name in cls.__slots__})

    @property
    def period(self) -> tuple[dt.date, dt.date] | None:
        """Return the first and last day on which it can have been written: its date, or the year in its *kenmerk*."""
        return _period(self.date, self.date_precision, self.reference)


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of a letter that is found and cited as a unit; its text is a slice of the letter's, never a copy.

    Attributes:
        id: unique in the archive; if stored, the letter's id, a version and a number, separated by hyphens.
        letter: the letter it is cut from.
        start, end: offsets into the letter's text.
        heading: the heading above it.
    """

    id: str
    letter: Letter = field(repr=False)
    start: int
    end: int
    heading: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= len(self.letter.text):
            raise ValueError(f"passage {self.id} lies outside its letter")

    @property
    def text(self) -> str:
        """Return the words of the letter from `start` to `end`."""
        return self.letter.text[self.start : self.end]

    @property
    def page(self) -> int | None:
        """Return the page on which it begins, from 1."""
        return self.letter.page_at(self.start)

    @property
    def voice(self) -> Voice:
        """Return who speaks in most of it."""
        return self.letter.voice_at(self.start, self.end)


def letter_id_of(passage: str) -> str:
    """Return the id of the letter that a stored passage with this id is cut from."""
    return passage.rsplit("-", 2)[0]


@dataclass(frozen=True, slots=True)
class Citation:
    """Words of a passage that support a statement. The quote is cut from the letter and so cannot be invented.

    Attributes:
        passage: the passage cited.
        start, end: offsets into the letter's text, inside the passage.
    """

    passage: Passage
    start: int
    end: int

    def __post_init__(self) -> None:
        if not self.passage.start <= self.start < self.end <= self.passage.end:
            raise ValueError(f"a citation must lie inside its passage {self.passage.id}")

    @property
    def letter(self) -> Letter:
        """Return the letter cited."""
        return self.passage.letter

    @property
    def quote(self) -> str:
        """Return the words cited, exactly as in the letter."""
        return self.letter.text[self.start : self.end]

    @property
    def page(self) -> int | None:
        """Return the page on which the quote begins, from 1."""
        return self.letter.page_at(self.start)

    @property
    def confidence(self) -> float | None:
        """Return the confidence, 0..1, of the recognition of the quote's page; None if its text was in the file."""
        return self.letter.confidence_at(self.start)

    @property
    def voice(self) -> Voice:
        """Return who speaks in the quote."""
        return self.letter.voice_at(self.start, self.end)

    @property
    def quoted_from(self) -> str | None:
        """Return the letter that the quoted words were quoted from, as the citing letter names it."""
        utterance = self.letter.utterance_at(self.start, self.end)
        return utterance.quoted_from if utterance else None


@dataclass(frozen=True, slots=True)
class Filters:
    """Which letters and passages may be found; None means any.

    Attributes:
        author: who wrote the letter.
        voice: who speaks in the passage.
        kind: what sort of document.
        since, until: first and last day, both included; a letter without a date matches by the year in its *kenmerk*,
            and never if it has none.
        letter: a reference (*kenmerk*) or a source.
    """

    author: Voice | None = None
    voice: Voice | None = None
    kind: Kind | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    letter: str | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise ValueError("a period begins before it ends")

    def __bool__(self) -> bool:
        return any(
            value is not None for value in (self.author, self.voice, self.kind, self.since, self.until, self.letter)
        )


def embedded_text(passage: Passage) -> str:
    """Return the text to embed: the passage with the context without which "wij" and "het college" mean nothing."""
    return f"{context_of(passage)}\n{passage.text}"


def context_of(passage: Passage) -> str:
    """Return the context of a passage: reference, subject, heading, sender, addressee and date."""
    letter = passage.letter
    date = letter.date.strftime("%Y %m %d") if letter.date else ""
    fields = (letter.reference, letter.subject, passage.heading, letter.sender, letter.addressee, date)
    return "\n".join(field for field in fields if field)
