"""The assistant: one object that answers, shows letters and says what the archive holds."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answers.answer import Answer, Language, Progress, Result, Searched
from assistant.answers.phrasing import Phrasing
from assistant.answers.written_answer import Destination, Usage, Writing
from assistant.evidence.coverage import TextReader
from assistant.generation.rewriting import Rewriting, rewrite
from assistant.library import ArchiveSource
from assistant.llm.cancellation import NEVER, CancelToken
from assistant.query.understanding import Question
from assistant.quoting.engine import Evidence, Quoting
from assistant.refusal.sufficiency import Considered, Refusal
from prompts.wording import message
from vectorstore.errors import WrongUse
from vectorstore.letters import Card, Filters, Letter, Voice
from vectorstore.search import Archive, Hit, Query
from vectorstore.store.records import FileRecord

if TYPE_CHECKING:
    from assistant.generation.writer import Writer
    from assistant.verification.verifier import Verifier

LONGEST_QUESTION = 2000
"""Characters; what is longer is a text, not a question."""

_ABOUT = re.compile(
    r"^.*?\b(?:\w*advie[sz]\w*|reactie|stand van zaken)\b.*?\b(?:over|van|op)\s+(?:uw \w+ over )?", re.I
)


class _Desk:
    """What answers from one archive.

    Args:
        archive: what is searched.
        refusal: how much evidence an answer needs.
        writer: writes the answers, which are then verified; None for answers made of quotations.
    """

    def __init__(self, archive: Archive, refusal: Refusal, writer: Writer | None) -> None:
        self.archive = archive
        reader = TextReader(archive.analyser)
        self.verifier = _open_verifier(archive, reader) if writer else None
        self.quoting = Quoting(archive, reader, refusal)
        self.examples: dict[tuple[Language, int], list[str]] = {}


def _open_verifier(archive: Archive, reader: TextReader) -> Verifier:
    """Open what verifies written sentences; it is imported here, as answers made of quotations need it not."""
    from assistant.verification.verifier import Verifier

    return Verifier(archive, reader)


class Assistant:
    """Answers questions from an archive. Safe to use from several threads at once.

    As many answers are computed at once as there are cores: more of them would only take turns, and each turn costs.

    Args:
        archives: gives the archive to search; an archive gives itself.
        refusal: how much evidence an answer needs.
        writer: writes the answers, which are then verified; None for answers made of quotations.
    """

    def __init__(self, archives: ArchiveSource, refusal: Refusal = Refusal(), writer: Writer | None = None) -> None:
        self._archives = archives
        self._refusal = refusal
        self._writer = writer
        self._desk: _Desk | None = None
        self._making_examples = threading.Lock()
        self._computing = threading.Semaphore(os.cpu_count() or 1)

    @property
    def archive(self) -> Archive:
        """Return the archive as it is now."""
        return self._open_desk().archive

    def _open_desk(self) -> _Desk:
        """Return what answers from the archive as it is now."""
        archive, desk = self._archives.current(), self._desk
        if desk is None or desk.archive is not archive:
            desk = self._desk = _Desk(archive, self._refusal, self._writer)
        return desk

    @property
    def revision(self) -> str:
        """Return the revision of the archive, which changes whenever the archive does."""
        return self.archive.store.revision

    @property
    def destination(self) -> Destination | None:
        """Return the place that questions and passages are sent to, None when they stay in this process."""
        return self._writer.destination if self._writer else None

    def ask(
        self,
        question: str,
        filters: Filters | None = None,
        language: Language | None = None,
        history: Sequence[str] = (),
    ) -> Result:
        """Answer a question from the letters that the filters let through.

        Args:
            question: in Dutch or English.
            filters: what the user chose; the question itself may narrow them.
            language: of the answer; that of the question when None.
            history: earlier questions of the conversation, oldest first.

        Raises:
            WrongUse: the question is empty or as long as a letter.
            ArchiveUnavailable: the archive cannot be read.
        """
        return _result_of(self._answer(question, filters or Filters(), language, history, NEVER))

    def stream(
        self,
        question: str,
        filters: Filters | None = None,
        language: Language | None = None,
        history: Sequence[str] = (),
        cancel_token: CancelToken = NEVER,
    ) -> Iterator[Progress | Result]:
        """Answer as `ask` does, and tell meanwhile how far it is; the result comes last.

        Args:
            question, filters, language, history: as for `ask`.
            cancel_token: ends the answer early, with what holds of it so far.

        Raises:
            WrongUse, ArchiveUnavailable: as for `ask`.
        """
        yield (yield from self._answer(question, filters or Filters(), language, history, cancel_token))

    def _answer(
        self,
        question: str,
        filters: Filters,
        language: Language | None,
        history: Sequence[str],
        cancel_token: CancelToken,
    ) -> Generator[Progress, None, Result]:
        """Answer in quotations, and then in words of the chat model where there is one."""
        began = time.perf_counter()
        text = _check(question)
        desk = self._open_desk()
        with self._computing:
            understood = desk.quoting.understand(text, filters, history)
        rewriting = self._rewrite(desk, understood, filters, history, cancel_token)
        with self._computing:
            if rewriting.question:
                understood = desk.quoting.restate(understood, rewriting.question, filters)
            result, evidence = desk.quoting.answer(text, understood, language)
        if self._writer and isinstance(result, Answer):
            if rewriting.problem:
                result = replace(result, writing=Writing(self._writer.model.name, problem=rewriting.problem))
            elif evidence.sentences:
                result = yield from self._write(desk, self._writer, result, evidence, rewriting.usage, cancel_token)
        return replace(result, seconds=time.perf_counter() - began)

    def _rewrite(
        self, desk: _Desk, question: Question, filters: Filters, history: Sequence[str], cancel_token: CancelToken
    ) -> Rewriting:
        """Let the chat model, when there is one, make a follow-up question stand alone.

        A question that gets no answer anyway, as it may be about somebody's own affairs, is not sent anywhere.
        """
        if self._writer is None or not history or not desk.quoting.may_answer(question, filters):
            return Rewriting()
        return rewrite(self._writer.model, desk.archive.analyser, question.asked, history, cancel_token)

    def _write(
        self,
        desk: _Desk,
        writer: Writer,
        quoted: Answer,
        evidence: Evidence,
        spent: Usage,
        cancel_token: CancelToken,
    ) -> Generator[Progress, None, Result]:
        """Let the chat model answer; the answer made of quotations stands when nothing of that holds."""
        asked, language = quoted.standalone_question, quoted.language
        assert desk.verifier is not None
        draft = writer.begin()
        yield Progress(asked, language)
        for draft in writer.drafts(
            asked, evidence.hits, evidence.worth, language, desk.verifier.verified, cancel_token, spent
        ):
            yield Progress(asked, language, draft.statements, draft.reading, draft.begun)
        result = replace(quoted, writing=draft.writing)
        if draft.statements:
            return replace(result, engine=writer.model.name, statements=draft.statements)
        if draft.silent:
            text = Phrasing(language).no_answer(quoted.searched, quoted.filters, empty=False)
            return replace(result, engine=writer.model.name).refuse(text)
        return result

    def search(self, text: str, count: int = 10, filters: Filters | None = None) -> list[Hit]:
        """Find the passages that fit best, best first."""
        return self._open_desk().archive.search(self.query_of(text, count, filters))

    def query_of(self, text: str, count: int = 10, filters: Filters | None = None) -> Query:
        """Return what is searched for when passages are asked, and no answer."""
        return replace(self._open_desk().quoting.query_of(text, filters or Filters()), count=count)

    def considered(self, text: str, history: Sequence[str] = ()) -> Considered:
        """Find what an answer to a question would be chosen from.

        Args:
            text: the question.
            history: earlier questions of the conversation, oldest first.
        """
        quoting = self._open_desk().quoting
        return quoting.considered(quoting.understand(text, Filters(), history))

    def searched(self, filters: Filters | None = None) -> Searched:
        """Count what the filters let through."""
        return self._open_desk().quoting.searched(filters or Filters())

    def examples(self, language: Language, count: int = 3) -> list[str]:
        """Make questions that this archive can answer from the subjects of its letters."""
        desk = self._open_desk()
        with self._making_examples:
            if (language, count) not in desk.examples:
                desk.examples[language, count] = self._make_examples(desk, language, count)
        return desk.examples[language, count]

    def _make_examples(self, desk: _Desk, language: Language, count: int) -> list[str]:
        """Ask one question a subject, letters of the council first, newest first, and keep those that get an answer."""
        phrasing = Phrasing(language)
        made: list[str] = []
        cards = sorted(
            (card for card in desk.archive.store.cards.values() if card.subject and card.author is not Voice.UNKNOWN),
            key=lambda c: (c.author is not Voice.COUNCIL, -(c.date.toordinal() if c.date else 0), c.source),
        )
        for card in cards:
            subject = _ABOUT.sub("", card.subject or "").strip()
            example = phrasing.example(card, subject)
            if len(subject) > 5 and example not in made and _is_answered(desk.quoting, example):
                made.append(example)
            if len(made) == count:
                break
        return made

    def cards(self) -> list[Card]:
        """Return the cards of all letters by date."""
        return self._open_desk().quoting.cards

    def letters(self) -> list[Letter]:
        """Return all letters, with their texts, by date."""
        return self.archive.store.letters()

    def letter(self, identifier: str) -> Letter | None:
        """Return one letter, None when the archive no longer has it."""
        try:
            return self.archive.store.letter(identifier)
        except KeyError:
            return None

    def unreadable(self) -> list[FileRecord]:
        """Return the files that could not be read, and why."""
        return self._open_desk().quoting.unreadable


def _is_answered(quoting: Quoting, question: str) -> bool:
    """Check whether there is an answer to a question; the chat model is not asked."""
    result, _ = quoting.answer(question, quoting.understand(question, Filters()), None)
    return isinstance(result, Answer)


def _result_of(answering: Generator[Progress, None, Result]) -> Result:
    """Run a generator to its end for what it returns."""
    while True:
        try:
            next(answering)
        except StopIteration as end:
            result: Result = end.value
            return result


def _check(question: str) -> str:
    """Put a question in one line.

    Raises:
        WrongUse: it is empty or as long as a letter.
    """
    text = " ".join(question.split())
    if not text:
        raise WrongUse(*message("question_empty"))
    if len(text) > LONGEST_QUESTION:
        raise WrongUse(*message("question_too_long", most=LONGEST_QUESTION))
    return text
