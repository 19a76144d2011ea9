"""The assistant: one object that answers, shows letters and says what the archive holds."""

from __future__ import annotations

import datetime as dt
import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.answers import Answer, Language, NoAnswer, Progress, Result, Searched, Statement
from assistant.demands import demands_of
from assistant.evidence import TextReader, weigh
from assistant.extractive import Extractive
from assistant.phrasing import Phrasing
from assistant.purpose import outside, without_orders
from assistant.questions import Question, asks_for_outcome, asks_for_reply, language_of, references_in, understand
from assistant.relevance import Relevance, is_edge, reordered
from assistant.replies import Replies
from assistant.stopping import NEVER, Stop
from assistant.sufficiency import Considered, Refusal
from assistant.written import Destination
from vectorstore.errors import WrongUse
from vectorstore.letters import Filters, Letter, Voice
from vectorstore.search import Archive, Hit, Query
from vectorstore.store import FileRecord, FileState, admits

RETRIEVED = 10
"""Passages an answer is chosen from."""

WIDE = 60
"""Passages among which replies are looked for."""

NEAREST = 3
"""Passages shown when there is no answer."""

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
    """

    def __init__(self, archive: Archive, refusal: Refusal = Refusal()) -> None:
        self.archive = archive
        self._reader = TextReader(archive.analyser)
        self._extractive = Extractive(self._reader, Relevance(self._reader), refusal)
        self._replies = Replies(archive.store)
        self._lock = threading.RLock()
        self._examples: dict[tuple[Language, int], list[str]] = {}
        self._examples_of = ""

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
        text = " ".join(question.split())
        if not text:
            raise WrongUse("Er is geen vraag gesteld.", "Typ een vraag, bijvoorbeeld: Wat zei de raad over de taaleis?")
        if len(text) > LONGEST_QUESTION:
            raise WrongUse("Deze vraag is te lang.", f"Stel een vraag van hoogstens {LONGEST_QUESTION} tekens.")
        with self._lock:
            if self.archive.refresh():
                self._replies.refresh()
            return self._answer(text, filters or Filters(), language, history)

    @property
    def destination(self) -> Destination | None:
        """Where questions and passages are sent, None when they stay in this process."""
        return None

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
        yield self.ask(question, filters, language, history)

    def _answer(self, text: str, filters: Filters, language: Language | None, history: Sequence[str]) -> Result:
        began = time.perf_counter()
        why = outside(text)
        question = self._understood(text, filters, history)
        language = language or question.language
        phrasing = Phrasing(language)
        query = self._query(question)
        statements, hits = self._statements(question, query, phrasing, answerable=why is None)
        searched = self._searched(question.filters)
        retrieved = tuple(hit.passage for hit in hits)
        seconds = time.perf_counter() - began
        if statements:
            return Answer(
                text,
                question.standalone,
                language,
                "extractive",
                statements,
                question.filters,
                searched,
                retrieved,
                seconds,
            )
        message = phrasing.no_answer(searched, question.filters, why, empty=not self.archive.store.versions())
        return NoAnswer(
            text,
            question.standalone,
            language,
            "extractive",
            message,
            retrieved[:NEAREST],
            question.filters,
            searched,
            retrieved,
            seconds,
        )

    def _understood(self, text: str, filters: Filters, history: Sequence[str]) -> Question:
        """What is asked, orders to the assistant left out, and the letter it names as a filter."""
        question = understand(without_orders(text) or text, filters, history)
        return replace(question, filters=self._with_letter(question))

    def _statements(
        self, question: Question, query: Query, phrasing: Phrasing, *, answerable: bool
    ) -> tuple[tuple[Statement, ...], list[Hit]]:
        """What answers the question, nothing when the evidence is too thin or it is no question for an archive, and the
        passages it was chosen from.

        Whether there is enough evidence is decided without the reranker: it finds better passages for an answer, and
        may neither make one nor take one away.
        """
        hits = self._found(question, self._candidates(question, query))
        if not hits or not answerable:
            return (), hits[:RETRIEVED]
        considered, hits = self._considered(question, query, hits)
        statements = self._extractive.statements(considered, hits, phrasing)
        if statements and self.archive.reranker:
            hits = self._found(question, self.archive.search(query))[:RETRIEVED]
            considered, _ = self._considered(question, query, hits)
            statements = self._extractive.statements(considered, hits, phrasing) or statements
        return statements, hits

    def _considered(self, question: Question, query: Query, hits: list[Hit]) -> tuple[Considered, list[Hit]]:
        """The best passages by what their sentences say, too, and those sentences.

        Passages of several letters keep the order that mixes these.
        """
        weighed = weigh(self.archive, question, query, hits[:RETRIEVED])
        demands = demands_of(self.archive, question, weighed)
        sentences = self._extractive.evidence(question, weighed, demands, hits)
        best = (hits if question.several else reordered(hits, sentences))[:RETRIEVED]
        kept = {hit.passage.id for hit in best}
        return Considered(question, weighed, [each for each in sentences if each.hit.passage.id in kept]), best

    def considered(self, text: str, history: Sequence[str] = ()) -> Considered:
        """What an answer to a question would be chosen from.

        Args:
            text: the question.
            history: earlier questions of the conversation, oldest first.
        """
        with self._lock:
            question = self._understood(text, Filters(), history)
            query = self._query(question)
            hits = self._found(question, self._candidates(question, query))
            return self._considered(question, query, hits)[0]

    def _candidates(self, question: Question, query: Query) -> list[Hit]:
        """What the search finds; asked what the executive said or what came of something, replies to the letters found come
        before others."""
        if question.voice is not Voice.EXECUTIVE and not asks_for_outcome(question.standalone):
            return self.archive.candidates(query)
        wide = self.archive.candidates(replace(query, count=WIDE))
        return self._replies.preferred(wide)[: query.count]

    def _found(self, question: Question, hits: list[Hit]) -> list[Hit]:
        """Passages; what stands above and below letters only when the question is about a letter itself."""
        if question.asked is None:
            hits = [hit for hit in hits if not is_edge(hit.passage)] or hits
        return hits

    def _query(self, question: Question) -> Query:
        """What is searched for: the question, with a preference for the speaker it asks for."""
        english = language_of(question.standalone) is Language.ENGLISH
        return Query(question.standalone, 2 * RETRIEVED, english, question.filters, question.voice, question.several)

    def _with_letter(self, question: Question) -> Filters:
        """The filters, narrowed to the one letter whose kenmerk the question gives."""
        if question.filters.letter or asks_for_reply(question.standalone):
            return question.filters
        named = {_bare(reference) for reference in references_in(question.standalone)}
        if not named:
            return question.filters
        cards = sorted(self.archive.store.cards.values(), key=lambda card: (card.date or dt.date.max, card.source))
        known = {_bare(card.reference): card.reference for card in cards if card.reference}
        matching = [reference for bare, reference in known.items() if bare in named]
        return replace(question.filters, letter=matching[0]) if len(matching) == 1 else question.filters

    def search(self, text: str, count: int = 10, filters: Filters | None = None) -> list[Hit]:
        """The passages that fit best, best first."""
        with self._lock:
            self.archive.refresh()
            question = understand(text, filters or Filters())
            query = self._query(replace(question, filters=self._with_letter(question)))
            return self.archive.search(replace(query, count=count))

    def searched(self, filters: Filters | None = None) -> Searched:
        """What the filters let through."""
        with self._lock:
            self.archive.refresh()
            return self._searched(filters or Filters())

    def _searched(self, filters: Filters) -> Searched:
        letters = [card for card in self.archive.store.cards.values() if not filters or admits(filters, card)]
        dates = [card.date for card in letters if card.date]
        unreadable = len(self._files(FileState.UNREADABLE))
        return Searched(len(letters), min(dates, default=None), max(dates, default=None), unreadable)

    def examples(self, language: Language, count: int = 3) -> list[str]:
        """Questions that this archive can answer, made from the subjects of its letters."""
        with self._lock:
            self.archive.refresh()
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
            if len(subject) > 5 and example not in made and isinstance(self.ask(example), Answer):
                made.append(example)
            if len(made) == count:
                break
        return made

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
            return self._files(FileState.UNREADABLE)

    def _files(self, state: FileState) -> list[FileRecord]:
        records = (record for record in self.archive.store.records.values() if record.state is state)
        return sorted(records, key=lambda record: (record.source, record.id))


def _bare(reference: str) -> str:
    """A kenmerk without the spaces and signs that people write differently."""
    return re.sub(r"[^a-z0-9]", "", reference.casefold())
