"""What the store writes of files, letters and passages, how it reads that back, and what it keeps of it in memory."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from vectorstore.filtering import day_number, voices_in
from vectorstore.letters import DateBasis, Kind, Letter, Passage, Utterance, Voice


class FileState(StrEnum):
    """What became of a file that was offered to the archive."""

    LETTER = "letter"
    DUPLICATE = "duplicate"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What the archive knows of one file.

    Attributes:
        id: the id of the letter the file is or would be.
        source: path within the folder that was ingested.
        path: absolute path the file was read from.
        sha256: hex digest of its bytes.
        version: of the letter made from it: its content and the program parts that made it.
        state: what became of it.
        text_digest: digest of the letter's text, empty when unreadable.
        reason: why it is no letter of its own, for a volunteer to read.
        passages: how many passages the letter has.
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


@dataclass(slots=True)
class Live:
    """What was last read of the records, kept in step with them.

    Attributes:
        revision: at which they were read.
        records: by id.
        versions: of each letter, by id.
        count: how many passages all letters have.
        letters: those that were asked for, by id.
        passages: those that were asked for, by id; one that is cut from another letter object is out of date.
    """

    revision: Revision
    records: dict[str, FileRecord] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    count: int = 0
    letters: dict[str, Letter] = field(default_factory=dict)
    passages: dict[str, Passage] = field(default_factory=dict)

    def copy(self) -> Live:
        """The same, to be changed without a reader seeing it."""
        live = replace(self, records=self.records.copy(), versions=self.versions.copy(), letters=self.letters.copy())
        live.passages = {name: p for name, p in self.passages.items() if self.letters.get(p.letter.id) is p.letter}
        return live

    def add(self, record: FileRecord) -> None:
        """Add a record or replace the one with its id."""
        if self.records.get(record.id) == record:
            return
        self.forget(record.id)
        self.records[record.id] = record
        if record.state is FileState.LETTER:
            self.versions[record.id] = record.version
            self.count += record.passages

    def forget(self, identifier: str) -> None:
        """Take a record away, if there is one."""
        record = self.records.pop(identifier, None)
        if record and self.versions.pop(identifier, None):
            self.count -= record.passages
        self.letters.pop(identifier, None)


def record_from(metadata: Mapping[str, Any]) -> FileRecord:
    """The record of a file from its metadata in Chroma."""
    file = json.loads(str(metadata["file"]))
    return FileRecord(**file | {"state": FileState(file["state"])})


def letter_metadata(letter: Letter) -> dict[str, Any]:
    """The fields of a letter as plain values; `letter_from` reads them back."""
    fields = {name: value for name, value in asdict(letter).items() if name != "text"}
    fields["date"] = letter.date.isoformat() if letter.date else None
    return fields


def letter_from(fields: Mapping[str, Any], text: str) -> Letter:
    """The letter with these fields and this text."""
    values = dict(fields)
    date = values.pop("date")
    return Letter(
        text=text,
        kind=Kind(values.pop("kind")),
        author=Voice(values.pop("author")),
        voice=Voice(values.pop("voice")),
        date=dt.date.fromisoformat(date) if date else None,
        date_basis=DateBasis(values.pop("date_basis")),
        pages=tuple(values.pop("pages")),
        also=tuple(values.pop("also")),
        utterances=tuple(
            Utterance(u["start"], u["end"], Voice(u["voice"]), u["quoted_from"]) for u in values.pop("utterances")
        ),
        **values,
    )


def passage_metadata(passage: Passage, version: str) -> dict[str, Any]:
    """What Chroma keeps of a passage beside its vector; filters ask for these fields."""
    letter = passage.letter
    fields: dict[str, Any] = {
        "letter": letter.id,
        "version": version,
        "start": passage.start,
        "end": passage.end,
        "source": letter.source,
        "author": letter.author.value,
        "kind": letter.kind.value,
        "heading": passage.heading or "",
    }
    if letter.reference:
        fields["reference"] = letter.reference
    if letter.period:
        fields["first_day"], fields["last_day"] = map(day_number, letter.period)
    fields |= {f"voice_{voice.value}": True for voice in voices_in(passage)}
    return fields
