"""Question sets: what is asked of an archive and what a good answer rests on, read from YAML and checked.

Files of others may know more than this program: a kind of their own is counted by itself, a field of their own is passed
over, both with a warning. What is nearly a name known here is a slip, and an error.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from assistant.answers import Language
from eval.fields import choice, extended, flag, items, listed, meant, words
from vectorstore.errors import WrongUse
from vectorstore.letters import Voice


class QuestionKind(StrEnum):
    """What sort of question it is; figures are given for each.

    POSITION: what somebody thinks or advises. FACT: a number, an amount, a term. ATTRIBUTION: who said or wrote it.
    TEMPORAL: a period, or a mind that changed. CROSS_DOCUMENT: more than one letter is needed. METADATA: *kenmerk*, date,
    signatory, addressee. COLLOQUIAL: lay words, misspelt. ENGLISH: asked in English over Dutch letters. SCAN: only a letter
    that exists as an image answers it. FOLLOW_UP: understood only with the questions before it.

    Those that are refused by a good assistant. UNANSWERABLE: the archive does not say. NEAR_MISS: the archive says it of
    another year, party or rule than the one asked of. FALSE_PREMISE: takes for granted what the letters contradict.
    INJECTION: gives orders to the assistant, in the question or in a letter. OUTSIDE: not about what the archive is of at
    all. Some of these may be answerable all the same; `answerable` says so, not the kind.
    """

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
    FALSE_PREMISE = "false_premise"
    NEAR_MISS = "near_miss"
    FOLLOW_UP = "follow_up"
    INJECTION = "injection"
    OUTSIDE = "outside"


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
        kind: what sort of question it is; one of `QuestionKind`, or a name that only its file knows.
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
    kind: str
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

    def json(self) -> dict[str, Any]:
        """The question as plain values, what is expected of its answer under `expected`."""
        return {
            "id": self.id,
            "kind": str(self.kind),
            "part": str(self.part) if self.part else None,
            "language": str(self.language),
            "question": self.question,
            "history": list(self.history),
            "answerable": self.answerable,
            "expected": {
                "voice": str(self.voice) if self.voice else None,
                "evidence": [{"source": item.source, "text": item.text} for item in self.evidence],
                "all_evidence": self.all_evidence,
                "facts": list(self.facts),
            },
        }


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions of one file.

    Attributes:
        name: of the file, by which its gates are found.
        questions: never empty, ids unique.
        warnings: what the file has that this program does not know.
        sha256: hex digest of the file's bytes.
    """

    name: str
    questions: tuple[ExpectedAnswer, ...]
    warnings: tuple[str, ...] = ()
    sha256: str = ""


_FIELDS = frozenset(ExpectedAnswer.__dataclass_fields__)
_NEEDED = ("id", "language", "kind", "question")
_MOST_NAMED = 5
_ASKING = frozenset({"user", "human"})
_ANSWERING = frozenset({"assistant", "ai", "system"})


def load(path: Path, part: Part | None = None) -> QuestionSet:
    """The questions in a file.

    Args:
        path: a YAML file with one list, `questions`.
        part: only the questions of this part; all of them when None.

    Raises:
        WrongUse: the file cannot be read, or a question in it is wrong; says which and what to do.
    """
    rows = listed(path, "questions", "eval/sample/questions.yaml")
    read = _Reader()
    questions = tuple(_checked(path, rows, read))
    chosen = tuple(question for question in questions if part is None or question.part is part)
    if not chosen:
        raise WrongUse(f"{path}: no questions{f' of part {part}' if part else ''}.", "Leave --part out, or add some.")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return QuestionSet(path.name, chosen, tuple(read.warnings(path.name)), digest)


def _checked(path: Path, rows: list[Any], read: _Reader) -> Iterator[ExpectedAnswer]:
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        name = str(row.get("id", f"number {number}")) if isinstance(row, dict) else f"number {number}"
        try:
            question = read.question(row)
            if question.id in seen:
                raise ValueError("its id was used before: give it another")
        except ValueError as error:
            raise WrongUse(f"{path}, question {name}: {error}{'' if str(error).endswith('?') else '.'}") from error
        seen.add(question.id)
        yield question


@dataclass(slots=True)
class _Reader:
    """Reads questions, and remembers what it did not know.

    Attributes:
        strange: ids of the questions that have it, by what is said of it.
    """

    strange: dict[str, list[str]] = field(default_factory=dict)

    def warnings(self, file: str) -> Iterator[str]:
        """What it did not know, each once, with the questions that have it."""
        for said, identifiers in self.strange.items():
            named = ", ".join(identifiers[:_MOST_NAMED])
            more = f" and {len(identifiers) - _MOST_NAMED} more" if len(identifiers) > _MOST_NAMED else ""
            yield f"{file}, question{'s' if len(identifiers) > 1 else ''} {named}{more}: {said}"

    def question(self, row: object) -> ExpectedAnswer:
        """A row of the file as a question.

        Raises:
            ValueError: it is wrong.
        """
        fields, strange = extended(row, _FIELDS, _NEEDED, "a question")
        identifier = words(fields, "id")
        for name in strange:
            self._note(identifier, f"a question has no field {name!r}; it is ignored")
        part, voice = fields.get("part"), fields.get("voice")
        return ExpectedAnswer(
            id=identifier,
            language=choice(Language, "language", fields["language"]),
            kind=self._kind(identifier, words(fields, "kind")),
            question=words(fields, "question"),
            part=None if part is None else choice(Part, "part", part),
            answerable=flag(fields, "answerable", True),
            voice=None if voice is None else choice(Voice, "voice", voice),
            evidence=tuple(self._evidence(identifier, item) for item in items(fields, "evidence")),
            all_evidence=flag(fields, "all_evidence", False),
            facts=tuple(_pattern(item) for item in items(fields, "facts")),
            history=tuple(asked for item in items(fields, "history") for asked in _earlier(item)),
        )

    def _kind(self, identifier: str, name: str) -> str:
        if name in list(QuestionKind):
            return QuestionKind(name)
        if intended := meant(name, QuestionKind):
            raise ValueError(f"kind cannot be {name!r}: did you mean {str(intended)!r}?")
        self._note(identifier, f"kind {name!r} is not one of {', '.join(QuestionKind)}; it is counted by itself")
        return name

    def _evidence(self, identifier: str, item: object) -> Evidence:
        fields, strange = extended(item, frozenset({"source", "text"}), ("source",), "an item of evidence")
        for name in strange:
            self._note(identifier, f"an item of evidence has no field {name!r}; it is ignored")
        return Evidence(words(fields, "source"), words(fields, "text") if "text" in fields else None)

    def _note(self, identifier: str, said: str) -> None:
        named = self.strange.setdefault(said, [])
        if identifier not in named:
            named.append(identifier)


def _earlier(item: object) -> Iterator[str]:
    """The earlier question in an item of `history`; none when it is the assistant's turn.

    An item is the question itself, `question` with or without `answer`, or a message with `role` and `content`.
    """
    if not isinstance(item, Mapping):
        yield words({"history": item}, "history")
    elif "question" in item:
        yield words(item, "question")
    elif "role" in item and "content" in item:
        if _asks(item["role"]):
            yield words(item, "content")
    else:
        raise ValueError(
            f"an item of history must be a question, or have 'question' or 'role' and 'content', not {item!r}"
        )


def _asks(role: object) -> bool:
    """Whether the turn of this role in a conversation is a question."""
    name = str(role).casefold()
    if name not in _ASKING | _ANSWERING:
        raise ValueError(f"the role of an item of history cannot be {role!r}: use user or assistant")
    return name in _ASKING


def _pattern(item: object) -> str:
    if item is None or isinstance(item, list | dict | bool):
        raise ValueError(f"a fact must be a regular expression, not {item!r}: put it between quotation marks")
    try:
        matches_nothing = re.search(str(item), "") is not None
    except re.error as error:
        raise ValueError(f"fact {item!r} is no regular expression ({error}): mend it") from None
    if matches_nothing:
        raise ValueError(f"fact {item!r} fits any answer, even an empty one: say what must stand in it")
    return str(item)
