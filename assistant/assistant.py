"""The assistant: one object that answers, shows letters and says what the archive holds."""

from __future__ import annotations

import time
from collections.abc import Sequence

from assistant import extractive
from assistant.answers import Answer, Language, NoAnswer, Result, Searched, Statement
from assistant.evidence import Refusal, weigh
from assistant.questions import Question, understand
from prompts.wording import Wording
from vectorstore.letters import Filters, Letter, Passage
from vectorstore.search import Archive, Hit, Query
from vectorstore.store import FileRecord, FileState

RETRIEVED = 10
"""Passages an answer is chosen from."""


class Assistant:
    """Answers questions from an archive.

    Args:
        archive: what is searched.
        refusal: how much evidence an answer needs.
    """

    def __init__(self, archive: Archive, refusal: Refusal = Refusal()) -> None:
        self.archive = archive
        self._refusal = refusal

    def ask(self, question: str, filters: Filters | None = None, language: Language | None = None) -> Result:
        """Answer a question from the letters that the filters let through.

        Args:
            question: in Dutch or English.
            filters: what the user chose; the question itself may narrow them.
            language: of the answer; that of the question when None.

        Raises:
            WrongUse: the question is empty.
            ArchiveUnavailable: the archive cannot be read.
        """
        raise NotImplementedError

    def search(self, text: str, count: int = 10, filters: Filters | None = None) -> list[Hit]:
        """The passages that fit best, best first."""
        raise NotImplementedError

    def searched(self, filters: Filters | None = None) -> Searched:
        """What the filters let through."""
        raise NotImplementedError

    def examples(self, language: Language, count: int = 3) -> list[str]:
        """Questions that this archive can answer, made from the subjects of its letters."""
        raise NotImplementedError

    def letters(self) -> list[Letter]:
        """All letters by date."""
        raise NotImplementedError

    def letter(self, identifier: str) -> Letter | None:
        """One letter, None when the archive no longer has it."""
        raise NotImplementedError

    def unreadable(self) -> list[FileRecord]:
        """Files that could not be read, and why."""
        raise NotImplementedError
