"""Question sets: what is asked of an archive and what a good answer rests on, read from YAML and checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from assistant.answers import Language
from eval.fields import choice, flag, items, listed, mapping, words
from vectorstore.errors import WrongUse
from vectorstore.letters import Voice


class QuestionKind(StrEnum):
    """What sort of question it is; figures are given for each."""

    POSITION = "position"
    FACT = "fact"
    ATTRIBUTION = "attribution"
    TEMPORAL = "temporal"
    CROSS_DOCUMENT = "crossdoc"
    METADATA = "metadata"
    COLLOQUIAL = "colloquial"
    ENGLISH = "english"
    UNANSWERABLE = "unanswerable"
    SCAN = "scan"


class Part(StrEnum):
    """Whether weights may be tuned on a question or not."""

    DEVELOPMENT = "dev"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that answer a question, or a letter that does.

    Attributes:
        source: the letter, by its file within the archive.
        text: words that a cited passage must contain, white space and case folded; None when any passage will do.
    """

    source: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class ExpectedAnswer:
    """A question and what is expected of its answer.

    Attributes:
        id: unique in its file.
        language: of the question, and so of the answer.
        kind: what sort of question it is.
        question: as asked.
        part: whether weights may be tuned on it; None when its file does not say.
        answerable: False when the archive does not say.
        voice: whose words the evidence is; None when anybody's will do.
        evidence: what a good answer cites; empty exactly when the question is not answerable.
        all_evidence: all of it must be cited; one item suffices otherwise.
        facts: regular expressions, each of which the answer must match.
        history: the questions asked before it, oldest first.
    """

    id: str
    language: Language
    kind: QuestionKind
    question: str
    part: Part | None = None
    answerable: bool = True
    voice: Voice | None = None
    evidence: tuple[Evidence, ...] = ()
    all_evidence: bool = False
    facts: tuple[str, ...] = ()
    history: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.question.strip():
            raise ValueError("a question has no words: write them in 'question'")
        if self.answerable and not self.evidence:
            raise ValueError("no evidence: name a letter under 'evidence', or set 'answerable: false'")
        if not self.answerable and (self.evidence or self.facts):
            raise ValueError("evidence or facts for a question that is not answerable: remove one or the other")


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions of one file.

    Attributes:
        name: of the file, by which its gates are found.
        questions: never empty, ids unique.
    """

    name: str
    questions: tuple[ExpectedAnswer, ...]


_FIELDS = frozenset(ExpectedAnswer.__dataclass_fields__)
_NEEDED = ("id", "language", "kind", "question")


def load(path: Path, part: Part | None = None) -> QuestionSet:
    """The questions in a file.

    Args:
        path: a YAML file with one list, `questions`.
        part: only the questions of this part; all of them when None.

    Raises:
        WrongUse: the file cannot be read, or a question in it is wrong; says which and what to do.
    """
    rows = listed(path, "questions", "eval/sample/questions.yaml")
    questions = tuple(_checked(path, rows))
    chosen = tuple(question for question in questions if part is None or question.part is part)
    if not chosen:
        raise WrongUse(f"{path}: no questions{f' of part {part}' if part else ''}.", "Leave --part out, or add some.")
    return QuestionSet(path.name, chosen)


def _checked(path: Path, rows: list[Any]) -> Iterator[ExpectedAnswer]:
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        name = str(row.get("id", f"number {number}")) if isinstance(row, dict) else f"number {number}"
        try:
            question = _question(row)
            if question.id in seen:
                raise ValueError("its id was used before: give it another")
        except ValueError as error:
            raise WrongUse(f"{path}, question {name}: {error}.") from error
        seen.add(question.id)
        yield question


def _question(row: object) -> ExpectedAnswer:
    fields = mapping(row, _FIELDS, _NEEDED, "a question")
    part, voice = fields.get("part"), fields.get("voice")
    return ExpectedAnswer(
        id=words(fields, "id"),
        language=choice(Language, "language", fields["language"]),
        kind=choice(QuestionKind, "kind", fields["kind"]),
        question=words(fields, "question"),
        part=None if part is None else choice(Part, "part", part),
        answerable=flag(fields, "answerable", True),
        voice=None if voice is None else choice(Voice, "voice", voice),
        evidence=tuple(_evidence(item) for item in items(fields, "evidence")),
        all_evidence=flag(fields, "all_evidence", False),
        facts=tuple(_pattern(item) for item in items(fields, "facts")),
        history=tuple(str(item) for item in items(fields, "history")),
    )


def _evidence(item: object) -> Evidence:
    fields = mapping(item, frozenset({"source", "text"}), ("source",), "an item of evidence")
    return Evidence(words(fields, "source"), words(fields, "text") if "text" in fields else None)


def _pattern(item: object) -> str:
    try:
        re.compile(str(item))
    except re.error as error:
        raise ValueError(f"fact {item!r} is no regular expression ({error}): mend it") from None
    return str(item)
