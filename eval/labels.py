"""Labelled letters: what a person who read them says they are, read from YAML and checked.

Each letter has its facts, and words of it with who speaks there, which letter they name, or what they ask. Facts that are
not in the file are not measured; a fact that is `null` or `[]` was looked for and does not stand in the letter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from eval.fields import choice, flag, items, listed, mapping, words
from eval.questions import Evidence
from vectorstore.errors import WrongUse
from vectorstore.letters import DateBasis, Kind, Precision, Signatory, Voice

EXAMPLE = "eval/sample/labels.yaml"


class Naming(StrEnum):
    """How a letter speaks of another: it answers it, quotes it, or just names it."""

    REPLIES = "replies"
    QUOTES = "quotes"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words of a letter and who speaks there.

    Attributes:
        text: enough of the words to find them by.
        voice: whose they are.
        quoted_from: the earlier letter they were taken from, as this letter names it; None when it is not measured.
    """

    text: str
    voice: Voice
    quoted_from: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """Words of a letter that name another.

    Attributes:
        text: enough of the words to find them by.
        to: source of the letter named; None when the archive does not hold it.
        kind: how it is spoken of.
        optional: a fair reader may overlook it or not; it is not counted.
    """

    text: str
    to: str | None
    kind: Naming
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A sentence of a letter that asks something of the one it is written to.

    Attributes:
        text: enough of the sentence to find it by.
        judged: whether it is measured what became of it.
        answers: passages of later letters that treat it, any of which is right.
        reply: a letter that replies without treating it, by its source; None when there is an answer or no reply.
        optional: a fair reader may call it a request or not; it is not counted.
    """

    text: str
    judged: bool = False
    answers: tuple[Evidence, ...] = ()
    reply: str | None = None
    optional: bool = False

    def __post_init__(self) -> None:
        if self.answers and self.reply:
            raise ValueError("a request is answered_by words, or has a reply without them: leave one out")


@dataclass(frozen=True, slots=True)
class LabelledLetter:
    """What a letter says, as a person reads it.

    Attributes:
        source: its file within the archive.
        facts: what it says about itself, by the name of the attribute of `vectorstore.letters.Letter`. Words; or, for
            `sender` and `addressee`, several of which any is right; names for `copies`; `Signatory` for `signatories`; for
            `also` all other files that hold it.
        voices: words and who speaks there.
        references: all the letters it names; None when that is not measured.
        requests: all it asks; None when that is not measured.
    """

    source: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    voices: tuple[Spoken, ...] = ()
    references: tuple[Named, ...] | None = None
    requests: tuple[Asked, ...] | None = None

    @property
    def texts(self) -> Iterator[str]:
        """All the words that must stand in it."""
        for labels in (self.voices, self.references or (), self.requests or ()):
            yield from (label.text for label in labels)


@dataclass(frozen=True, slots=True)
class Labels:
    """The letters of one file.

    Attributes:
        name: of the file, by which its gates are found.
        letters: never empty, sources unique.
    """

    name: str
    letters: tuple[LabelledLetter, ...]


def load_labels(path: Path) -> Labels:
    """The labelled letters in a file.

    Args:
        path: a YAML file with one list, `letters`.

    Raises:
        WrongUse: the file cannot be read, or a label in it is wrong; says which and what to do.
    """
    letters = tuple(_checked(path, listed(path, "letters", EXAMPLE)))
    if not letters:
        raise WrongUse(f"{path}: no letters.", f"See {EXAMPLE}.")
    sources = [letter.source for letter in letters]
    if twice := next((source for source in sources if sources.count(source) > 1), None):
        raise WrongUse(f"{path}: {twice} is labelled twice.", "Put its labels together.")
    return Labels(path.name, letters)


def _checked(path: Path, rows: list[Any]) -> Iterator[LabelledLetter]:
    for number, row in enumerate(rows, 1):
        name = row.get("source") if isinstance(row, dict) else None
        try:
            yield _letter(row)
        except ValueError as error:
            raise WrongUse(f"{path}, letter {name or f'number {number}'}: {error}.") from error


def _letter(row: object) -> LabelledLetter:
    fields = mapping(row, frozenset({"source", "voices", "references", "requests", *_FACTS}), ("source",), "a letter")
    return LabelledLetter(
        source=words(fields, "source"),
        facts={name: read(fields[name]) for name, read in _FACTS.items() if name in fields},
        voices=tuple(map(_spoken, items(fields, "voices"))),
        references=tuple(map(_named, items(fields, "references"))) if "references" in fields else None,
        requests=tuple(map(_asked, items(fields, "requests"))) if "requests" in fields else None,
    )


def _spoken(row: object) -> Spoken:
    fields = mapping(row, frozenset({"text", "voice", "quoted_from"}), ("text", "voice"), "a voice")
    origin = words(fields, "quoted_from") if "quoted_from" in fields else None
    return Spoken(words(fields, "text"), choice(Voice, "voice", fields["voice"]), origin)


def _named(row: object) -> Named:
    fields = mapping(row, frozenset({"text", "to", "kind", "optional"}), ("text", "to", "kind"), "a reference")
    to = None if fields["to"] is None else words(fields, "to")
    return Named(words(fields, "text"), to, choice(Naming, "kind", fields["kind"]), flag(fields, "optional", False))


def _asked(row: object) -> Asked:
    fields = mapping(row, frozenset({"text", "answered_by", "reply", "optional"}), ("text",), "a request")
    return Asked(
        words(fields, "text"),
        judged="answered_by" in fields or "reply" in fields,
        answers=tuple(map(_evidence, items(fields, "answered_by"))),
        reply=words(fields, "reply") if fields.get("reply") else None,
        optional=flag(fields, "optional", False),
    )


def _evidence(row: object) -> Evidence:
    fields = mapping(row, frozenset({"source", "text"}), ("source", "text"), "an answer")
    return Evidence(words(fields, "source"), words(fields, "text"))


def _string(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{value!r} must be words or null: put it between quotation marks")
    return value


def _strings(value: object) -> tuple[str, ...]:
    found = value if isinstance(value, list) else [] if value is None else [value]
    return tuple(str(item) for item in found)


def _date(value: object) -> str | None:
    if value is not None and not isinstance(value, dt.date):
        raise ValueError(f"date cannot be {value!r}: write it as 2020-01-30")
    return value.isoformat() if value else None


def _signatories(value: object) -> tuple[Signatory, ...]:
    if not isinstance(value, list):
        raise ValueError(f"signatories must be a list, not {value!r}")
    return tuple(Signatory(item, None) if isinstance(item, str) else Signatory(*item) for item in value)


_FACTS: Mapping[str, Callable[[Any], object]] = {
    "reference": _string,
    "your_reference": _string,
    "date": _date,
    "date_basis": lambda value: choice(DateBasis, "date_basis", value).value,
    "date_precision": lambda value: choice(Precision, "date_precision", value).value,
    "subject": _string,
    "kind": lambda value: choice(Kind, "kind", value).value,
    "author": lambda value: choice(Voice, "author", value).value,
    "sender": _strings,
    "addressee": _strings,
    "signatories": _signatories,
    "copies": _strings,
    "also": _strings,
}
