"""Question sets: what is asked of an archive and what a good answer rests on, read from YAML and checked.

Files of others may know more than this program: a kind of their own is counted by itself, a field of their own is passed
over, both with a warning. What is nearly a name known here is a slip, and an error.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator

from assistant.answers.answer import Language
from eval.datasets.schema import check_entries, closest_name, read_list
from vectorstore.errors import WrongUse
from vectorstore.letters import Voice

_ASKING: Final = frozenset({"user", "human"})
_ANSWERING: Final = frozenset({"assistant", "ai", "system"})
_MOST_NAMED: Final = 5


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


def _kind(name: str) -> str:
    """Return the name of a kind; one that only its file knows is no slip of one known here."""
    if name not in list(QuestionKind) and (intended := closest_name(name, QuestionKind)):
        raise ValueError(f"kind cannot be {name!r}: did you mean {str(intended)!r}?")
    return name


def _pattern(item: object) -> str:
    """Return a fact as a regular expression that does not fit an empty answer."""
    if item is None or isinstance(item, list | dict | bool):
        raise ValueError(f"a fact must be a regular expression, not {item!r}: put it between quotation marks")
    try:
        matches_nothing = re.search(str(item), "") is not None
    except re.error as error:
        raise ValueError(f"fact {item!r} is no regular expression ({error}): mend it") from None
    if matches_nothing:
        raise ValueError(f"fact {item!r} fits any answer, even an empty one: say what must stand in it")
    return str(item)


def _questions_before(items: object) -> tuple[str, ...]:
    """Return the questions of a history.

    An item is the question itself, `question` with or without `answer`, or a message with `role` and `content`.
    """
    turns = items if isinstance(items, list) else [items]
    asked = [said for turn in turns if (said := _asked(turn)) is not None]
    if wrong := next((said for said in asked if not isinstance(said, str) or not said.strip()), None):
        raise ValueError(f"an item of history must be words, not {wrong!r}: put it between quotation marks")
    return tuple(asked)


def _asked(turn: Any) -> Any:
    """Return the question in a turn of a history; None when it is the assistant's."""
    if isinstance(turn, str):
        return turn
    if isinstance(turn, Mapping) and "question" in turn:
        return turn["question"]
    if isinstance(turn, Mapping) and {"role", "content"} <= turn.keys():
        role = str(turn["role"]).casefold()
        if role not in _ASKING | _ANSWERING:
            raise ValueError(f"the role of an item of history cannot be {turn['role']!r}: use user or assistant")
        return turn["content"] if role in _ASKING else None
    raise ValueError(f"an item of history must be a question, or have 'question' or 'role' and 'content', not {turn!r}")


@dataclass(frozen=True, slots=True)
class ExpectedEvidence:
    """Words that answer a question, or a letter that does.

    Attributes:
        source: the letter, by its file within the archive.
        text: words that a cited passage must contain, white space and case folded; None when any passage will do.
    """

    source: str
    text: str | None = None


def _worded(evidence: ExpectedEvidence) -> ExpectedEvidence:
    if evidence.text is None:
        raise ValueError("a passage needs the field 'text': add words of it")
    return evidence


WordedEvidence = Annotated[ExpectedEvidence, AfterValidator(_worded)]
"""ExpectedEvidence of which the words are given."""


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
    kind: Annotated[str, AfterValidator(_kind)]
    question: str
    part: Part | None = None
    answerable: bool = True
    voice: Voice | None = None
    evidence: tuple[ExpectedEvidence, ...] = ()
    all_evidence: bool = False
    facts: tuple[Annotated[str, BeforeValidator(_pattern)], ...] = ()
    history: Annotated[tuple[str, ...], BeforeValidator(_questions_before)] = ()

    def __post_init__(self) -> None:
        if not self.question.strip():
            raise ValueError("a question has no words: write them in 'question'")
        if self.answerable and not self.evidence:
            raise ValueError("no evidence: name a letter under 'evidence', or set 'answerable: false'")
        if not self.answerable and (self.evidence or self.facts):
            raise ValueError("evidence or facts for a question that is not answerable: remove one or the other")

    def json(self) -> dict[str, Any]:
        """Return the question as plain values, what is expected of its answer under `expected`."""
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


def load_questions(path: Path, part: Part | None = None) -> QuestionSet:
    """Read the questions in a file.

    Args:
        path: a YAML file with one list, `questions`.
        part: only the questions of this part; all of them when None.

    Raises:
        WrongUse: the file cannot be read, or a question in it is wrong; says which and what to do.
    """
    rows = read_list(path, "questions", "eval/sample/questions.yaml")
    unknown: dict[str, dict[str, None]] = {}
    questions = check_entries(path, [_known_fields(row, unknown) for row in rows], ExpectedAnswer, "question")
    for question in questions:
        if question.kind not in list(QuestionKind):
            said = f"kind {question.kind!r} is not one of {', '.join(QuestionKind)}; it is counted by itself"
            unknown.setdefault(said, {})[question.id] = None
    chosen = tuple(question for question in questions if part is None or question.part is part)
    if not chosen:
        raise WrongUse(f"{path}: no questions{f' of part {part}' if part else ''}.", "Leave --part out, or add some.")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return QuestionSet(path.name, chosen, tuple(_warnings(path.name, unknown)), digest)


def _known_fields(row: Any, unknown: dict[str, dict[str, None]]) -> Any:
    """Return a question without the fields that others added; these are noted with the questions that have them."""
    if not isinstance(row, dict):
        return row
    identifier = str(row.get("id"))
    own = _without_added(row, ExpectedAnswer, "a question", identifier, unknown)
    if isinstance(own.get("evidence"), list):
        what = "an item of evidence"
        items = [_without_added(item, ExpectedEvidence, what, identifier, unknown) for item in own["evidence"]]
        own = own | {"evidence": items}
    return own


def _without_added(
    given: Any,
    kind: type[ExpectedAnswer | ExpectedEvidence],
    what: str,
    identifier: str,
    unknown: dict[str, dict[str, None]],
) -> Any:
    """Return fields without those that are not known, nor nearly spelt as a known one."""
    if not isinstance(given, dict):
        return given
    known = [field.name for field in fields(kind)]
    added = {name for name in given if name not in known and not closest_name(str(name), known)}
    for name in sorted(map(str, added)):
        unknown.setdefault(f"{what} has no field {name!r}; it is ignored", {})[identifier] = None
    return {name: value for name, value in given.items() if name not in added}


def _warnings(file: str, unknown: Mapping[str, Mapping[str, None]]) -> Iterator[str]:
    """Tell what the program does not know, each once, with the questions that have it."""
    for said, identifiers in unknown.items():
        named = ", ".join(list(identifiers)[:_MOST_NAMED])
        more = f" and {len(identifiers) - _MOST_NAMED} more" if len(identifiers) > _MOST_NAMED else ""
        yield f"{file}, question{'s' if len(identifiers) > 1 else ''} {named}{more}: {said}"
