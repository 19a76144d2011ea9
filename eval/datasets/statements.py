"""Labelled statements: sentences as a chat model writes them, and whether the passages they cite carry them.

They are written by hand from the letters, read from YAML and checked; `eval.runs.verification` measures a verifier with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from assistant.answers.answer import Language
from eval.datasets.questions import Part, WordedEvidence
from eval.datasets.schema import check_entries, read_list
from vectorstore.errors import WrongUse

EXAMPLE: Final = "eval/sample/statements.yaml"


class Flaw(StrEnum):
    """What is wrong with a statement; the one that does most harm when it is shown comes first.

    ORDER_OBEYED: a sentence of a letter that gives orders to a program was obeyed. SPEAKER: the words of one speaker given
    to another. NEGATION_ADDED, NEGATION_REMOVED: the contrary of what is said. QUOTATION_NEGATION, QUOTATION_NUMBER,
    QUOTATION_WORD: a quotation that differs from the letter. SWAPPED: who asks whom, or two numbers, the wrong way round.
    GENERALISATION: some became all, may became must, considering became deciding. SUBJECT: right words about another group.
    NUMBER, UNIT, DATE, YEAR, NAME: another than the letter has. HALF_TRUE: of two sentences or clauses one is not carried.
    GENERAL_KNOWLEDGE: may be so, but the passage does not say. OTHER_PASSAGE: another passage says it. INVENTED_PASSAGE:
    cites what nobody offered. LANGUAGE: another than the question's.
    """

    ORDER_OBEYED = "order_obeyed"
    SPEAKER = "speaker"
    NEGATION_ADDED = "negation_added"
    NEGATION_REMOVED = "negation_removed"
    QUOTATION_NEGATION = "quotation_negation"
    QUOTATION_NUMBER = "quotation_number"
    QUOTATION_WORD = "quotation_word"
    SWAPPED = "swapped"
    GENERALISATION = "generalisation"
    SUBJECT = "subject"
    NUMBER = "number"
    UNIT = "unit"
    DATE = "date"
    YEAR = "year"
    NAME = "name"
    HALF_TRUE = "half_true"
    GENERAL_KNOWLEDGE = "general_knowledge"
    OTHER_PASSAGE = "other_passage"
    INVENTED_PASSAGE = "invented_passage"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words that the model says stand in a letter.

    Attributes:
        source: the letter, one of those that the statement cites.
        words: as the model wrote them.
    """

    source: str
    words: str


@dataclass(frozen=True, slots=True)
class LabelledStatement:
    """What a model wrote, and whether it holds.

    Attributes:
        id: unique in its file.
        part: whether anything may be tuned on it.
        language: of the question that it answers.
        text: one sentence or more.
        rests_on: the passages it cites, each by its letter and by words of it; none of them when it cites an invented one.
        holds: the passages carry all of it.
        fault: what is wrong with it; None when it holds.
        quotes: words that it says stand in these letters.
        wrong: words of the one sentence that is wrong; None when nothing of the text may be shown, or all of it holds.
    """

    id: str
    part: Part
    language: Language
    text: str
    rests_on: tuple[WordedEvidence, ...] = ()
    holds: bool = False
    fault: Flaw | None = None
    quotes: tuple[Quoted, ...] = ()
    wrong: str | None = None

    def __post_init__(self) -> None:
        if self.holds == (self.fault is not None):
            raise ValueError("a statement either holds or has a fault: give 'holds: true' or 'fault'")
        if bool(self.rests_on) == (self.fault is Flaw.INVENTED_PASSAGE):
            raise ValueError(
                "a statement cites passages under 'rests_on', or has the fault invented_passage: choose one"
            )
        if strange := [quote.source for quote in self.quotes if quote.source not in {e.source for e in self.rests_on}]:
            raise ValueError(f"it quotes {strange[0]}, which it does not cite: add it to 'rests_on'")
        if self.wrong is not None and (self.fault is None or self.wrong not in self.text):
            raise ValueError(f"wrong: {self.wrong!r} must be words of the text of a statement that has a fault")

    @property
    def verdict(self) -> str:
        """Return what is wrong with it, or that it holds, in a word."""
        return str(self.fault or "holds")


@dataclass(frozen=True, slots=True)
class StatementSet:
    """The statements of one file.

    Attributes:
        name: of the file, by which its gates are found.
        statements: never empty, ids unique.
    """

    name: str
    statements: tuple[LabelledStatement, ...]


def load_statements(path: Path, part: Part | None = None) -> StatementSet:
    """Read the labelled statements in a file.

    Args:
        path: a YAML file with one list, `statements`.
        part: only the statements of this part; all of them when None.

    Raises:
        WrongUse: the file cannot be read, or a statement in it is wrong; says which and what to do.
    """
    statements = check_entries(path, read_list(path, "statements", EXAMPLE), LabelledStatement, "statement")
    chosen = tuple(each for each in statements if part is None or each.part is part)
    if not chosen:
        raise WrongUse(f"{path}: no statements{f' of part {part}' if part else ''}.", f"See {EXAMPLE}.")
    return StatementSet(path.name, chosen)
