"""The assistant: one object that answers, shows letters and says what the archive holds."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answers import Answer, Language, NoAnswer, Progress, Result, Searched, Statement
from assistant.evidence import TextReader
from assistant.phrasing import Phrasing
from assistant.questions import language_of
from assistant.quoting import NEAREST, Evidence, Quoting
from assistant.rewriting import Rewriting, rewriting
from assistant.stopping import NEVER, Stop
from assistant.sufficiency import Considered, Refusal
from assistant.written import Claim, Destination, Dropped, Usage, Writing
from vectorstore.errors import WrongUse
from vectorstore.letters import Filters, Letter, Passage, Voice
from vectorstore.search import Archive, Hit
from vectorstore.store import FileRecord

if TYPE_CHECKING:
    from assistant.citations import Verifier
    from assistant.generative import Draft, Writer

LONGEST_QUESTION = 2000
"""Characters; what is longer is a text, not a question."""

_ABOUT = re.compile(
    r"^.*?\b(?:\w*advie[sz]\w*|reactie|stand van zaken)\b.*?\b(?:over|van|op)\s+(?:uw \w+ over )?", re.I
)


class Assistant:
    """Answers questions from an archive. Safe to use from several threads at once.

    Args:
        archive: what is searched.
        refusal: how much evidence an answer needs.
        writer: writes the answers; None for answers made of quotations.
    """

    def __init__(self, archive: Archive, refusal: Refusal = Refusal(), writer: Writer | None = None) -> None:
        self.archive = archive
        self._writer = writer
        reader = TextReader(archive.analyser)
        self._quoting = Quoting(archive, reader, refusal)
        self._verifier = _open_verifier(archive, reader) if writer else None
        self._lock = threading.RLock()
        self._examples: dict[tuple[Language, int], list[str]] = {}
        self._examples_of = ""

    @property
    def destination(self) -> Destination | None:
        """Where questions and passages are sent, None when they stay in this process."""
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
        *_, result = self.stream(question, filters, language, history)
        assert not isinstance(result, Progress)
        return result

    def stream(
        self,
        question: str,
        filters: Filters | None = None,
        language: Language | None = None,
        history: Sequence[str] = (),
        stop: Stop = NEVER,
    ) -> Iterator[Progress | Result]:
        """The same as `ask`, told while it is being made: how far it is, and the result at the end.

        Args:
            question, filters, language, history: as for `ask`.
            stop: ends the answer early, with what holds of it so far.

        Raises:
            WrongUse, ArchiveUnavailable: as for `ask`.
        """
        began = time.perf_counter()
        text = _checked(question)
        rewritten = self._rewritten(text, filters or Filters(), history, stop)
        with self._lock:
            self._quoting.refresh()
            result, evidence = self._quoting.answer(text, filters or Filters(), language, history, rewritten.question)
        if self._writer and rewritten.problem and isinstance(result, Answer):
            writing = Writing(self._writer.model.name, problem=rewritten.problem)
            yield replace(result, writing=writing, seconds=time.perf_counter() - began)
        elif self._writer and isinstance(result, Answer) and evidence.sentences:
            for each in self._written(self._writer, result, evidence, rewritten.usage, stop):
                if not isinstance(each, Progress):
                    each = replace(each, seconds=time.perf_counter() - began)
                yield each
        else:
            yield replace(result, seconds=time.perf_counter() - began)

    def _rewritten(self, text: str, filters: Filters, history: Sequence[str], stop: Stop) -> Rewriting:
        """A follow-up question made to stand alone by the chat model, when there is one.

        A question that gets no answer anyway, as it may be about somebody's own affairs, is not sent anywhere.
        """
        if self._writer is None or not history:
            return Rewriting()
        with self._lock:
            self._quoting.refresh()
            if not self._quoting.may_answer(text, filters):
                return Rewriting()
        return rewriting(self._writer.model, self.archive.analyser, text, history, language_of(text), stop)

    def _written(
        self, writer: Writer, quoted: Answer, evidence: Evidence, spent: Usage, stop: Stop
    ) -> Iterator[Progress | Result]:
        """The answer that the chat model writes; the one made of quotations when nothing of it holds."""
        asked, language = quoted.standalone_question, quoted.language
        yield Progress(asked, language)
        draft: Draft | None = None
        for draft in writer.drafts(asked, evidence.hits, evidence.worth, language, self._verified, stop, spent):
            yield Progress(asked, language, draft.statements, draft.reading, draft.begun)
        assert draft is not None
        if draft.statements:
            yield replace(quoted, engine=writer.model.name, statements=draft.statements, writing=draft.writing)
        elif draft.silent:
            message = Phrasing(language).no_answer(quoted.searched, quoted.filters, empty=False)
            yield NoAnswer(
                quoted.question,
                asked,
                language,
                writer.model.name,
                message,
                quoted.retrieved[:NEAREST],
                quoted.filters,
                quoted.searched,
                quoted.retrieved,
                0.0,
                draft.writing,
            )
        else:
            yield replace(quoted, writing=draft.writing)

    def _verified(self, claim: Claim, offered: Mapping[str, Passage], language: Language) -> list[Statement | Dropped]:
        assert self._verifier is not None
        with self._lock:
            return self._verifier.verified(claim, offered, language)

    def search(self, text: str, count: int = 10, filters: Filters | None = None) -> list[Hit]:
        """The passages that fit best, best first."""
        with self._lock:
            self._quoting.refresh()
            return self.archive.search(replace(self._quoting.query_of(text, filters or Filters()), count=count))

    def considered(self, text: str, history: Sequence[str] = ()) -> Considered:
        """What an answer to a question would be chosen from.

        Args:
            text: the question.
            history: earlier questions of the conversation, oldest first.
        """
        with self._lock:
            return self._quoting.considered(text, history)

    def searched(self, filters: Filters | None = None) -> Searched:
        """What the filters let through."""
        with self._lock:
            self._quoting.refresh()
            return self._quoting.searched(filters or Filters())

    def examples(self, language: Language, count: int = 3) -> list[str]:
        """Questions that this archive can answer, made from the subjects of its letters."""
        with self._lock:
            self._quoting.refresh()
            if self._examples_of != self.archive.store.revision:
                self._examples, self._examples_of = {}, self.archive.store.revision
            if (language, count) not in self._examples:
                self._examples[language, count] = self._made_examples(language, count)
            return self._examples[language, count]

    def _made_examples(self, language: Language, count: int) -> list[str]:
        """One question a subject, letters of the council first, newest first, and only those that get an answer."""
        phrasing = Phrasing(language)
        made: list[str] = []
        cards = sorted(
            (card for card in self.archive.store.cards.values() if card.subject and card.author is not Voice.UNKNOWN),
            key=lambda c: (c.author is not Voice.COUNCIL, -(c.date.toordinal() if c.date else 0), c.source),
        )
        for card in cards:
            subject = _ABOUT.sub("", card.subject or "").strip()
            example = phrasing.example(card, subject)
            if len(subject) > 5 and example not in made and self._is_answered(example):
                made.append(example)
            if len(made) == count:
                break
        return made

    def _is_answered(self, question: str) -> bool:
        """Whether there is an answer to a question; the chat model is not asked."""
        result, _ = self._quoting.answer(question, Filters(), None, (), None)
        return isinstance(result, Answer)

    def letters(self) -> list[Letter]:
        """All letters by date."""
        with self._lock:
            return self.archive.store.letters()

    def letter(self, identifier: str) -> Letter | None:
        """One letter, None when the archive no longer has it."""
        with self._lock:
            try:
                return self.archive.store.letter(identifier)
            except KeyError:
                return None

    def unreadable(self) -> list[FileRecord]:
        """Files that could not be read, and why."""
        with self._lock:
            return self._quoting.unreadable()


def _open_verifier(archive: Archive, reader: TextReader) -> Verifier:
    """What checks a chat model's sentences; imported here, as its patterns take seconds that other answers do not need."""
    from assistant.citations import Verifier

    return Verifier(archive, reader)


def _checked(question: str) -> str:
    """A question in one line.

    Raises:
        WrongUse: it is empty or as long as a letter.
    """
    text = " ".join(question.split())
    if not text:
        raise WrongUse("Er is geen vraag gesteld.", "Typ een vraag, bijvoorbeeld: Wat zei de raad over de taaleis?")
    if len(text) > LONGEST_QUESTION:
        raise WrongUse("Deze vraag is te lang.", f"Stel een vraag van hoogstens {LONGEST_QUESTION} tekens.")
    return text
