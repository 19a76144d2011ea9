"""Answers made of quotations, from question to evidence: what is asked, what is found, and whether that is enough."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from assistant.answers import Answer, Language, NoAnswer, Result, Searched, Statement
from assistant.demands import demands_of
from assistant.evidence import TextReader, weigh
from assistant.extractive import Extractive
from assistant.phrasing import Phrasing
from assistant.purpose import outside, without_orders
from assistant.questions import Question, asks_for_outcome, asks_for_reply, language_of, references_in, understand
from assistant.relevance import Relevance, Sentence, is_edge, reordered
from assistant.replies import Replies
from assistant.sufficiency import Considered, Refusal
from vectorstore.letters import Filters, Voice
from vectorstore.search import Archive, Hit, Query
from vectorstore.store import FileRecord, FileState, admits

EXTRACTIVE: Final = "extractive"
"""The engine of answers that are made of quotations."""

RETRIEVED = 10
"""Passages an answer is chosen from."""

WIDE = 60
"""Passages among which replies are looked for."""

NEAREST = 3
"""Passages shown when there is no answer."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an answer is made from.

    Attributes:
        hits: passages, best first.
        sentences: theirs that may answer; none when a letter itself is asked about.
    """

    hits: list[Hit]
    sentences: Sequence[Sentence] = ()

    @property
    def worth(self) -> dict[str, float]:
        """Of each passage by id the log-odds that its likeliest sentence answers."""
        worth: dict[str, float] = {}
        for sentence in self.sentences:
            name = sentence.hit.passage.id
            worth[name] = max(sentence.score, worth.get(name, -math.inf))
        return worth


class Quoting:
    """Finds what answers a question and quotes it. For one thread at a time.

    Args:
        archive: what is searched.
        reader: gives the words of its passages.
        refusal: how much evidence an answer needs.
    """

    def __init__(self, archive: Archive, reader: TextReader, refusal: Refusal) -> None:
        self._archive = archive
        self._extractive = Extractive(reader, Relevance(reader), refusal)
        self._replies = Replies(archive.store)

    def refresh(self) -> None:
        """See what has changed in the archive."""
        if self._archive.refresh():
            self._replies.refresh()

    def answer(
        self,
        text: str,
        filters: Filters,
        language: Language | None,
        history: Sequence[str],
        standalone: str | None,
    ) -> tuple[Result, Evidence]:
        """The answer, and what it was chosen from; how long it took is for the caller to say.

        Args:
            text: the question.
            filters: what the user chose.
            language: of the answer; that of the question when None.
            history: earlier questions, oldest first.
            standalone: the question as it would be asked without these, when somebody else has found that.
        """
        why = outside(text)
        question = self._understood(text, filters, history, standalone)
        language = language or question.language
        phrasing = Phrasing(language)
        query = self._query(question)
        statements, evidence = self._statements(question, query, phrasing, answerable=why is None)
        searched = self.searched(question.filters)
        retrieved = tuple(hit.passage for hit in evidence.hits)
        common = (text, question.standalone, language, EXTRACTIVE)
        if statements:
            return Answer(*common, statements, question.filters, searched, retrieved, 0.0), evidence
        message = phrasing.no_answer(searched, question.filters, why, empty=not self._archive.store.versions())
        return NoAnswer(*common, message, retrieved[:NEAREST], question.filters, searched, retrieved, 0.0), evidence

    def may_answer(self, text: str, filters: Filters) -> bool:
        """Whether a question is one for an archive, and there are letters to look in."""
        return outside(text) is None and self.searched(filters).letters > 0

    def _understood(
        self, text: str, filters: Filters, history: Sequence[str], standalone: str | None = None
    ) -> Question:
        """What is asked, orders to the assistant left out, and the letter it names as a filter."""
        question = understand(without_orders(text) or text, filters, history, standalone)
        return replace(question, filters=self._with_letter(question))

    def _statements(
        self, question: Question, query: Query, phrasing: Phrasing, *, answerable: bool
    ) -> tuple[tuple[Statement, ...], Evidence]:
        """What answers the question, nothing when the evidence is too thin or it is no question for an archive, and
        what it was chosen from.

        Whether there is enough evidence is decided without the reranker: it finds better passages for an answer, and
        may neither make one nor take one away.
        """
        hits = self._found(question, self._candidates(question, query))
        if not hits or not answerable:
            return (), Evidence(hits[:RETRIEVED])
        considered, hits = self._considered(question, query, hits)
        statements = self._extractive.statements(considered, hits, phrasing)
        if statements and self._archive.reranker:
            hits = self._found(question, self._archive.search(query))[:RETRIEVED]
            considered, _ = self._considered(question, query, hits)
            statements = self._extractive.statements(considered, hits, phrasing) or statements
        return statements, Evidence(hits, considered.sentences if question.asked is None else [])

    def _considered(self, question: Question, query: Query, hits: list[Hit]) -> tuple[Considered, list[Hit]]:
        """The best passages by what their sentences say, too, and those sentences.

        Passages of several letters keep the order that mixes these.
        """
        weighed = weigh(self._archive, question, query, hits[:RETRIEVED])
        demands = demands_of(self._archive, question, weighed)
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
        question = self._understood(text, Filters(), history)
        query = self._query(question)
        hits = self._found(question, self._candidates(question, query))
        return self._considered(question, query, hits)[0]

    def _candidates(self, question: Question, query: Query) -> list[Hit]:
        """What the search finds; asked what the executive said or what came of something, replies to the letters found come
        before others."""
        if question.voice is not Voice.EXECUTIVE and not asks_for_outcome(question.standalone):
            return self._archive.candidates(query)
        wide = self._archive.candidates(replace(query, count=WIDE))
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
        cards = sorted(self._archive.store.cards.values(), key=lambda card: (card.date or dt.date.max, card.source))
        known = {_bare(card.reference): card.reference for card in cards if card.reference}
        matching = [reference for bare, reference in known.items() if bare in named]
        return replace(question.filters, letter=matching[0]) if len(matching) == 1 else question.filters

    def searched(self, filters: Filters) -> Searched:
        """What the filters let through."""
        letters = [card for card in self._archive.store.cards.values() if not filters or admits(filters, card)]
        dates = [card.date for card in letters if card.date]
        unreadable = len(self.unreadable())
        return Searched(len(letters), min(dates, default=None), max(dates, default=None), unreadable)

    def unreadable(self) -> list[FileRecord]:
        """Files that could not be read, and why."""
        records = (record for record in self._archive.store.records.values() if record.state is FileState.UNREADABLE)
        return sorted(records, key=lambda record: (record.source, record.id))

    def query_of(self, text: str, filters: Filters) -> Query:
        """What is searched for when passages are asked, and no answer."""
        question = understand(text, filters)
        return self._query(replace(question, filters=self._with_letter(question)))


def _bare(reference: str) -> str:
    """A kenmerk without the spaces and signs that people write differently."""
    return re.sub(r"[^a-z0-9]", "", reference.casefold())
