"""The records of files, letters and passages as the store writes and reads them, and the cache it keeps of them."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from vectorstore.filtering import day_number, voices_in
from vectorstore.letters import (
    Card,
    DateBasis,
    Kind,
    Letter,
    Passage,
    Precision,
    Reference,
    Request,
    Signatory,
    Utterance,
    Voice,
)


class FileState(StrEnum):
    """The outcome of offering a file to the archive: a letter, the same letter as another file, a container of other
    letters (a ZIP, an e-mail without words of its own), or an unreadable file."""

    LETTER = "letter"
    DUPLICATE = "duplicate"
    CONTAINER = "container"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """The archive's record of one file.

    Attributes:
        id: the id of the letter the file is or would be.
        source: path within the folder that was ingested.
        path: absolute path of the file on disk it was read from.
        sha256: hex digest of the bytes of that file.
        version: of the letter made from it: its content and the program parts that built it.
        state: the outcome.
        text_digest: digest of the words that tell the letter from others; for a duplicate, that of the original;
            empty if unreadable.
        reason: why it is not a letter of its own, for a volunteer to read.
        passages: how many passages the letter has.
        same_as: for a duplicate, the id of the original letter.
        container: for a file inside another, the id of that one; empty for a file on disk.
        sketch: digests that nearly identical texts mostly share; empty if unreadable.
    """

    id: str
    source: str
    path: str
    sha256: str
    version: str
    state: FileState = FileState.LETTER
    text_digest: str = ""
    reason: str = ""
    passages: int = 0
    same_as: str = ""
    container: str = ""
    sketch: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of the archive.

    Attributes:
        epoch: changes when two writers overlapped; stamps of different epochs cannot be compared.
        stamp: counts the changes within an epoch; every record carries the stamp of its last change.
        token: tells two changes with the same stamp apart.
    """

    epoch: str
    stamp: int
    token: str

    @classmethod
    def first(cls) -> Revision:
        """Return the revision of a new archive."""
        return cls(secrets.token_hex(4), 0, secrets.token_hex(4))

    @classmethod
    def read(cls, text: str) -> Revision:
        """Parse the revision written as `text`."""
        epoch, _, rest = text.partition(".")
        stamp, _, token = rest.partition(".")
        return cls(epoch, int(stamp), token) if stamp.isdecimal() else cls(text, 0, "")

    def next(self, crossed: bool) -> Revision:
        """Return the revision that follows."""
        return Revision(secrets.token_hex(4) if crossed else self.epoch, self.stamp + 1, secrets.token_hex(4))

    def __str__(self) -> str:
        return f"{self.epoch}.{self.stamp}.{self.token}"


@dataclass(frozen=True, slots=True)
class StoredLetter:
    """A letter with its passages in order, by id."""

    letter: Letter
    passages: Mapping[str, Passage]


_KEPT = 1000
"""Number of letters, with their texts, kept in memory."""


@dataclass(slots=True)
class LiveRecords:
    """The records as last read, kept in step with the archive.

    Attributes:
        revision: at which they were read.
        records: by id.
        cards: of the letters, by id.
        versions: of each letter, by id.
        count: how many passages all letters have.
        held: letters that were asked for, by id, most recent last.
    """

    revision: Revision
    records: dict[str, FileRecord] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    count: int = 0
    held: dict[str, StoredLetter] = field(default_factory=dict)

    def copy(self) -> LiveRecords:
        """Return a copy that can be changed without a reader seeing it."""
        return replace(
            self,
            records=self.records.copy(),
            cards=self.cards.copy(),
            versions=self.versions.copy(),
            held=self.held.copy(),
        )

    def add(self, record: FileRecord, card: Card | None) -> None:
        """Add a record, or replace the one with its id."""
        if self.records.get(record.id) == record:
            return
        self.forget(record.id)
        self.records[record.id] = record
        if card is not None:
            self.cards[record.id] = card
            self.versions[record.id] = record.version
            self.count += record.passages

    def forget(self, identifier: str) -> None:
        """Remove a record, if there is one."""
        record = self.records.pop(identifier, None)
        if record and self.versions.pop(identifier, None):
            self.count -= record.passages
            del self.cards[identifier]
        self.held.pop(identifier, None)

    def hold(self, held: StoredLetter) -> None:
        """Keep a letter in memory, and evict the least recently used ones."""
        self.held.pop(held.letter.id, None)
        self.held[held.letter.id] = held
        while len(self.held) > _KEPT:
            del self.held[next(iter(self.held))]


def file_json(record: FileRecord) -> str:
    """Return a record as JSON; `file_from` reads it back."""
    return json.dumps([getattr(record, name) for name in FileRecord.__slots__])


def file_from(text: str) -> FileRecord:
    """Read the record written by `file_json`."""
    values = dict(zip(FileRecord.__slots__, json.loads(text), strict=True))
    return FileRecord(**{**values, "state": FileState(values["state"]), "sketch": tuple(values["sketch"])})


def letter_metadata(letter: Letter) -> dict[str, Any]:
    """Return the fields of a letter as plain values; `letter_from` reads them back."""
    fields = {name: value for name, value in asdict(letter).items() if name != "text"}
    for name in ("date", "filed"):
        fields[name] = fields[name].isoformat() if fields[name] else None
    for reference in fields["references"]:
        reference["date"] = reference["date"].isoformat() if reference["date"] else None
    return fields


def letter_from(fields: Mapping[str, Any], text: str) -> Letter:
    """Return the letter with these fields and this text."""
    values = dict(fields)
    listed: dict[str, Any] = {
        name: tuple(values.pop(name)) for name in ("pages", "confidence", "copies", "manifest", "also")
    }
    return Letter(
        text=text,
        kind=Kind(values.pop("kind")),
        author=Voice(values.pop("author")),
        voice=Voice(values.pop("voice")),
        date=_date_from(values.pop("date")),
        filed=_date_from(values.pop("filed")),
        date_basis=DateBasis(values.pop("date_basis")),
        date_precision=Precision(values.pop("date_precision")),
        signatories=tuple(Signatory(**signatory) for signatory in values.pop("signatories")),
        utterances=tuple(Utterance(**u | {"voice": Voice(u["voice"])}) for u in values.pop("utterances")),
        references=tuple(map(_reference_from, values.pop("references"))),
        requests=tuple(Request(**request) for request in values.pop("requests")),
        **listed,
        **values,
    )


def _date_from(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _reference_from(values: Mapping[str, Any]) -> Reference:
    typed = {
        "date": _date_from(values["date"]),
        "precision": Precision(values["precision"]),
        "author": Voice(values["author"]),
    }
    return Reference(**{**values, **typed})


def card_json(card: Card) -> str:
    """Return a card as JSON; `card_from` reads it back."""
    values = {name: getattr(card, name) for name in Card.__slots__}
    values["date"] = card.date.isoformat() if card.date else None
    values["voices"] = sorted(card.voices)
    return json.dumps(list(values.values()), ensure_ascii=False)


def card_from(text: str) -> Card:
    """Read the card written by `card_json`."""
    identifier, source, kind, reference, date, basis, precision, subject, author, voices = json.loads(text)
    return Card(
        identifier,
        source,
        Kind(kind),
        reference,
        _date_from(date),
        DateBasis(basis),
        Precision(precision),
        subject,
        Voice(author),
        frozenset(map(Voice, voices)),
    )


_SHOWN = ("source", "kind", "reference", "date", "subject", "author")
"""Fields of a letter that other programs may filter by."""


def record_metadata(
    record: FileRecord, letter: Letter | None, passages: Sequence[Passage], stamp: int
) -> dict[str, Any]:
    """Return the metadata of a file in Chroma: its record and, of a letter, its fields and passages.

    What is None is deleted; Chroma would keep that of a letter that the file was before.
    """
    metadata: dict[str, Any] = {"file": file_json(record), "state": record.state.value, "stamp": stamp}
    metadata |= dict.fromkeys(("letter", "card", "passages", *_SHOWN))
    if letter is not None:
        fields = letter_metadata(letter)
        metadata["letter"] = json.dumps(fields, ensure_ascii=False)
        metadata["card"] = card_json(Card.of(letter))
        metadata["passages"] = _spans_json(passages)
        for name in _SHOWN:
            metadata[name] = str(fields[name] or "")
    return metadata


def stored_letter_json(stored: StoredLetter) -> dict[str, str]:
    """Return a letter with its passages as plain values; `stored_letter_from` reads them back."""
    fields = json.dumps(letter_metadata(stored.letter), ensure_ascii=False)
    return {"letter": fields, "passages": _spans_json(stored.passages.values()), "text": stored.letter.text}


def _spans_json(passages: Iterable[Passage]) -> str:
    return json.dumps([[p.id, p.start, p.end, p.heading] for p in passages], ensure_ascii=False)


def stored_letter_from(metadata: Mapping[str, Any], text: str) -> StoredLetter:
    """Return a letter with its passages from its record."""
    letter = letter_from(json.loads(str(metadata["letter"])), text)
    spans = json.loads(str(metadata["passages"]))
    return StoredLetter(
        letter, {name: Passage(name, letter, start, end, heading) for name, start, end, heading in spans}
    )


def passage_metadata(passage: Passage, version: str) -> dict[str, Any]:
    """Return the metadata of a passage in Chroma, for other programs to filter by."""
    letter = passage.letter
    fields: dict[str, Any] = {
        "letter": letter.id,
        "version": version,
        "start": passage.start,
        "end": passage.end,
        "source": letter.source,
        "author": letter.author.value,
        "kind": letter.kind.value,
    }
    if passage.heading:
        fields["heading"] = passage.heading
    if letter.reference:
        fields["reference"] = letter.reference
    if letter.period:
        fields["first_day"], fields["last_day"] = map(day_number, letter.period)
    fields |= {f"voice_{voice.value}": True for voice in voices_in(passage)}
    return fields
