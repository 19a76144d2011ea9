"""What the store writes of files, letters and passages, how it reads that back, and what it keeps of it in memory."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Mapping, Sequence
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
    """What became of a file that was offered to the archive: a letter, the same letter as another file, the wrapping of
    other letters (a ZIP, an e-mail without words of its own), or nothing that can be read.
    """

    LETTER = "letter"
    DUPLICATE = "duplicate"
    CONTAINER = "container"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What the archive knows of one file.

    Attributes:
        id: the id of the letter the file is or would be.
        source: path within the folder that was ingested.
        path: absolute path of the file on disk it was read from.
        sha256: hex digest of the bytes of that file.
        version: of the letter made from it: its content and the program parts that made it.
        state: what became of it.
        text_digest: digest of the words that tell the letter from others, of a duplicate those of the letter it is too;
            empty when unreadable.
        reason: why it is no letter of its own, for a volunteer to read.
        passages: how many passages the letter has.
        same_as: of a duplicate, the id of the letter that it is too.
        container: of a file inside another, the id of that one; empty for a file on disk.
        sketch: what nearly the same texts share most of; empty when unreadable.
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
    """A state of the archive.

    Attributes:
        epoch: changes when two writers crossed; across epochs stamps cannot be compared.
        stamp: counts the changes within an epoch; every record bears the stamp of its last change.
        token: tells two changes with the same stamp apart.
    """

    epoch: str
    stamp: int
    token: str

    @classmethod
    def first(cls) -> Revision:
        """Of an archive that is made now."""
        return cls(secrets.token_hex(4), 0, secrets.token_hex(4))

    @classmethod
    def read(cls, text: str) -> Revision:
        """The revision written as `text`."""
        epoch, _, rest = text.partition(".")
        stamp, _, token = rest.partition(".")
        return cls(epoch, int(stamp), token) if stamp.isdecimal() else cls(text, 0, "")

    def next(self, crossed: bool) -> Revision:
        """The one after it."""
        return Revision(secrets.token_hex(4) if crossed else self.epoch, self.stamp + 1, secrets.token_hex(4))

    def __str__(self) -> str:
        return f"{self.epoch}.{self.stamp}.{self.token}"


@dataclass(frozen=True, slots=True)
class Held:
    """A letter with its passages in order, by id."""

    letter: Letter
    passages: Mapping[str, Passage]


_KEPT = 1000
"""Letters with their texts that are kept in memory."""


@dataclass(slots=True)
class Live:
    """What was last read of the records, kept in step with them.

    Attributes:
        revision: at which they were read.
        records: by id.
        cards: of the letters, by id.
        versions: of each letter, by id.
        count: how many passages all letters have.
        held: letters that were asked for, by id, those asked for last at the end.
    """

    revision: Revision
    records: dict[str, FileRecord] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    count: int = 0
    held: dict[str, Held] = field(default_factory=dict)

    def copy(self) -> Live:
        """The same, to be changed without a reader seeing it."""
        return replace(
            self,
            records=self.records.copy(),
            cards=self.cards.copy(),
            versions=self.versions.copy(),
            held=self.held.copy(),
        )

    def add(self, record: FileRecord, card: Card | None) -> None:
        """Add a record or replace the one with its id."""
        if self.records.get(record.id) == record:
            return
        self.forget(record.id)
        self.records[record.id] = record
        if card is not None:
            self.cards[record.id] = card
            self.versions[record.id] = record.version
            self.count += record.passages

    def forget(self, identifier: str) -> None:
        """Take a record away, if there is one."""
        record = self.records.pop(identifier, None)
        if record and self.versions.pop(identifier, None):
            self.count -= record.passages
            del self.cards[identifier]
        self.held.pop(identifier, None)

    def hold(self, held: Held) -> None:
        """Keep a letter in memory, and let go of those asked for longest ago."""
        self.held.pop(held.letter.id, None)
        self.held[held.letter.id] = held
        while len(self.held) > _KEPT:
            del self.held[next(iter(self.held))]


def file_json(record: FileRecord) -> str:
    """A record as JSON; `file_from` reads it back."""
    return json.dumps([getattr(record, name) for name in FileRecord.__slots__])


def file_from(text: str) -> FileRecord:
    """The record written by `file_json`."""
    values = dict(zip(FileRecord.__slots__, json.loads(text), strict=True))
    return FileRecord(**{**values, "state": FileState(values["state"]), "sketch": tuple(values["sketch"])})


def letter_metadata(letter: Letter) -> dict[str, Any]:
    """The fields of a letter as plain values; `letter_from` reads them back."""
    fields = {name: value for name, value in asdict(letter).items() if name != "text"}
    for name in ("date", "filed"):
        fields[name] = fields[name].isoformat() if fields[name] else None
    for reference in fields["references"]:
        reference["date"] = reference["date"].isoformat() if reference["date"] else None
    return fields


def letter_from(fields: Mapping[str, Any], text: str) -> Letter:
    """The letter with these fields and this text."""
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
    """A card as JSON; `card_from` reads it back."""
    values = {name: getattr(card, name) for name in Card.__slots__}
    values["date"] = card.date.isoformat() if card.date else None
    values["voices"] = sorted(card.voices)
    return json.dumps(list(values.values()), ensure_ascii=False)


def card_from(text: str) -> Card:
    """The card written by `card_json`."""
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


def record_metadata(
    record: FileRecord, letter: Letter | None, passages: Sequence[Passage], stamp: int
) -> dict[str, Any]:
    """What Chroma keeps of a file beside the letter's text: the record, and of a letter its fields and passages."""
    metadata: dict[str, Any] = {"file": file_json(record), "state": record.state.value, "stamp": stamp}
    if letter is not None:
        fields = letter_metadata(letter)
        metadata["letter"] = json.dumps(fields, ensure_ascii=False)
        metadata["card"] = card_json(Card.of(letter))
        metadata["passages"] = json.dumps([[p.id, p.start, p.end, p.heading] for p in passages], ensure_ascii=False)
        for name in ("source", "kind", "reference", "date", "subject", "author"):
            metadata[name] = str(fields[name] or "")
    return metadata


def held_from(metadata: Mapping[str, Any], text: str) -> Held:
    """A letter with its passages from its record."""
    letter = letter_from(json.loads(str(metadata["letter"])), text)
    spans = json.loads(str(metadata["passages"]))
    return Held(letter, {name: Passage(name, letter, start, end, heading) for name, start, end, heading in spans})


def passage_metadata(passage: Passage, version: str) -> dict[str, Any]:
    """What Chroma keeps of a passage beside its vector, for other programs to filter by."""
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
