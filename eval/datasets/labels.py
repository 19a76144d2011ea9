"""Labelled letters: what a person who read them says they are, read from YAML and checked.

Each letter has its facts, and words of it with who speaks there, which letter they name, or what they ask. Facts that are
not in the file are not measured; a fact that is `null` or `[]` was looked for and does not stand in the letter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, model_validator

from eval.datasets.questions import WordedEvidence
from eval.datasets.schema import STRICT, check_entries, read_list
from vectorstore.errors import WrongUse
from vectorstore.letters import DateBasis, Kind, Precision, Signatory, Voice

EXAMPLE: Final = "eval/sample/labels.yaml"

FACTS: Final = (
    *("reference", "your_reference", "date", "date_basis", "date_precision", "subject", "kind", "author"),
    *("sender", "addressee", "signatories", "copies", "also"),
)
"""What a letter says about itself, by the name of the attribute of `vectorstore.letters.Letter`."""


class Naming(StrEnum):
    """How a letter speaks of another: it answers it, quotes it, or just names it."""

    REPLIES = "replies"
    QUOTES = "quotes"
    NAMES = "names"


def _several(value: object) -> tuple[str, ...]:
    found = value if isinstance(value, list) else [] if value is None else [value]
    return tuple(str(item) for item in found)


def _signatories(value: object) -> tuple[Signatory, ...]:
    """Return those who signed, each given as a name, or as a name and a function."""
    if not isinstance(value, list):
        raise ValueError(f"signatories must be a list, not {value!r}")
    pairs = [item if isinstance(item, list) else [item, None] for item in value]
    if wrong := next((pair for pair in pairs if len(pair) != 2), None):
        raise ValueError(f"one of the signatories must be a name, or [name, function], not {wrong!r}")
    return tuple(Signatory(*pair) for pair in pairs)


_Several = Annotated[tuple[str, ...], BeforeValidator(_several)]


@dataclass(frozen=True, slots=True)
class LabelledVoice:
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
class LabelledReference:
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


class LabelledRequest(BaseModel):
    """A sentence of a letter that asks something of the one it is written to.

    Attributes:
        text: enough of the sentence to find it by.
        answered_by: passages of later letters that treat it, any of which is right.
        reply: a letter that replies without treating it, by its source; None when there is an answer or no reply.
        optional: a fair reader may call it a request or not; it is not counted.
    """

    model_config = STRICT

    text: str
    answered_by: tuple[WordedEvidence, ...] = ()
    reply: str | None = None
    optional: bool = False

    @property
    def judged(self) -> bool:
        """Return True if what became of it is measured."""
        return bool({"answered_by", "reply"} & self.model_fields_set)

    @model_validator(mode="after")
    def _has_one_outcome(self) -> LabelledRequest:
        if self.answered_by and self.reply:
            raise ValueError("a request is answered_by words, or has a reply without them: leave one out")
        return self


class LabelledLetter(BaseModel):
    """What a letter says, as a person reads it.

    Attributes:
        source: its file within the archive.
        sender, addressee: several names of which any is right.
        also: all other files that hold it.
        voices: words and who speaks there.
        references: all the letters it names; None when that is not measured.
        requests: all it asks; None when that is not measured.
    """

    model_config = STRICT

    source: str
    reference: str | None = None
    your_reference: str | None = None
    date: dt.date | None = None
    date_basis: DateBasis | None = None
    date_precision: Precision | None = None
    subject: str | None = None
    kind: Kind | None = None
    author: Voice | None = None
    sender: _Several = ()
    addressee: _Several = ()
    signatories: Annotated[tuple[Signatory, ...], BeforeValidator(_signatories)] = ()
    copies: _Several = ()
    also: _Several = ()
    voices: tuple[LabelledVoice, ...] = ()
    references: tuple[LabelledReference, ...] | None = None
    requests: tuple[LabelledRequest, ...] | None = None

    @property
    def facts(self) -> Mapping[str, Any]:
        """Return what it says about itself, as far as its labels tell."""
        return {name: getattr(self, name) for name in FACTS if name in self.model_fields_set}

    @property
    def texts(self) -> Iterator[str]:
        """Return all the words that must stand in it."""
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
    """Read the labelled letters in a file.

    Args:
        path: a YAML file with one list, `letters`.

    Raises:
        WrongUse: the file cannot be read, or a label in it is wrong; says which and what to do.
    """
    letters = check_entries(path, read_list(path, "letters", EXAMPLE), LabelledLetter, "letter", key="source")
    if not letters:
        raise WrongUse(f"{path}: no letters.", f"See {EXAMPLE}.")
    return Labels(path.name, letters)
