"""Answers made of quotations, from question to evidence: what is asked, what is found, and whether that is enough."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from assistant.answers.answer import Language, Response, Result, Searched, Statement
from assistant.answers.phrasing import Phrasing
from assistant.evidence.coverage import TextReader, weigh
from assistant.evidence.fitted import fitted_to
from assistant.evidence.reply_boost import Replies
from assistant.evidence.sentence_scoring import Relevance, Sentence, is_edge, reordered
from assistant.query.language import Wording
from assistant.query.understanding import Question, understand
from assistant.quoting.selection import Extractive
from assistant.refusal.constraints import demands_of
from assistant.refusal.injection import without_orders
from assistant.refusal.scope import find_outside
from assistant.refusal.sufficiency import Considered, Refusal
from vectorstore.filtering import admits
from vectorstore.letters import Card, Filters, Voice
from vectorstore.search import Archive, Hit, Query
from vectorstore.store.records import FileRecord, FileState

EXTRACTIVE: Final = "extractive"
"""The engine of answers that are made of quotations."""

RETRIEVED = 10
"""Passages an answer is chosen from."""

WIDE = 60
"""Passages among which replies are looked for."""


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
        """Return, for each passage by id, the log-odds that its likeliest sentence answers."""
        worth: dict[str, float] = {}
        for sentence in self.sentences:
            name = sentence.hit.passage.id
            worth[name] = max(sentence.score, worth.get(name, -math.inf))
        return worth


class Quoting:
    """Finds what answers a question and quotes it. Safe for use by several threads at once.

    Args:
        archive: what is searched.
        reader: gives the words of its passages.
        refusal: how much evidence an answer needs.
    """

    def __init__(self, archive: Archive, reader: TextReader, refusal: Refusal) -> None:
        self._archive = archive
        network = archive.reader
        fitted = fitted_to(archive.model, network.fingerprint if network else "")
        relevance = Relevance(reader, fitted.relevance, network)
        self._extractive = Extractive(reader, relevance, fitted.sufficiency, refusal)
        self._replies = Replies(archive.store)

    def understand(self, text: str, filters: Filters, history: Sequence[str] = ()) -> Question:
        """Return what is asked, orders to the assistant left out, with the letter it names as a filter.

        Args:
            text: the question.
            filters: what the user chose.
            history: earlier questions, oldest first.
        """
        asked = without_orders(Wording(text))
        question = understand(asked if asked.text else Wording(text), filters, history, outside=find_outside(asked))
        return replace(question, filters=self._with_letter(question))

    def restate(self, question: Question, standalone: str, filters: Filters) -> Question:
        """Return a question understood as it would be asked by itself, in the words that somebody else has found.

        Args:
            question: as understood without them.
            standalone: those words.
            filters: what the user chose.
        """
        restated = understand(question.asked, filters, standalone=Wording(standalone), outside=question.outside)
        return replace(restated, filters=self._with_letter(restated))

    def answer(self, text: str, question: Question, language: Language | None) -> tuple[Result, Evidence]:
        """Return the answer, and what it was chosen from; how long it took is for the caller to say.

        Args:
            text: the question as it was put.
            question: what it asks.
            language: of the answer; that of the question when None.
        """
        language = language or question.asked.language
        phrasing = Phrasing(language)
        query = self._query(question)
        statements, evidence = self._statements(question, query, phrasing)
        searched = self.searched(question.filters)
        response = Response(
            question=text,
            standalone_question=question.standalone.text,
            language=language,
            engine=EXTRACTIVE,
            filters=question.filters,
            searched=searched,
            retrieved=tuple(hit.passage for hit in evidence.hits),
        )
        if statements:
            return response.answer(statements), evidence
        empty = not self.cards
        return response.refuse(phrasing.no_answer(searched, question.filters, question.outside, empty=empty)), evidence

    def may_answer(self, question: Question, filters: Filters) -> bool:
        """Check whether a question is one for an archive, and there are letters to look in."""
        return question.outside is None and self.searched(filters).letters > 0

    def _statements(
        self, question: Question, query: Query, phrasing: Phrasing
    ) -> tuple[tuple[Statement, ...], Evidence]:
        """Return what answers the question, nothing when the evidence is too thin or it is no question for an archive, and
        what it was chosen from.

        Whether there is enough evidence is decided without the reranker: it finds better passages for an answer, and
        may neither make one nor take one away.
        """
        hits = self._found(question, self._candidates(question, query))
        if not hits or question.outside:
            return (), Evidence(hits[:RETRIEVED])
        considered, hits = self._considered(question, query, hits)
        statements = self._extractive.statements(considered, hits, phrasing)
        if statements and self._archive.reranker:
            hits = self._found(question, self._archive.search(query))[:RETRIEVED]
            considered, _ = self._considered(question, query, hits)
            statements = self._extractive.statements(considered, hits, phrasing) or statements
        return statements, Evidence(hits, considered.sentences if question.letter_fact is None else [])

    def _considered(self, question: Question, query: Query, hits: list[Hit]) -> tuple[Considered, list[Hit]]:
        """Return the best passages by what their sentences say, too, and those sentences.

        Passages of several letters keep the order that mixes these.
        """
        weighed = weigh(self._archive, question, query, hits[:RETRIEVED])
        demands = demands_of(self._archive, question, weighed)
        sentences = self._extractive.evidence(question, weighed, demands, hits)
        best = (hits if question.several else reordered(hits, sentences))[:RETRIEVED]
        kept = {hit.passage.id for hit in best}
        return Considered(question, weighed, [each for each in sentences if each.hit.passage.id in kept]), best

    def considered(self, question: Question) -> Considered:
        """Return what an answer to a question would be chosen from."""
        query = self._query(question)
        hits = self._found(question, self._candidates(question, query))
        return self._considered(question, query, hits)[0]

    def _candidates(self, question: Question, query: Query) -> list[Hit]:
        """Return what the search finds; asked what the executive said or what came of something, replies to the letters found come
        before others."""
        if question.voice is not Voice.EXECUTIVE and not question.asks_outcome:
            return self._archive.candidates(query)
        wide = self._archive.candidates(replace(query, count=WIDE))
        return self._replies.preferred(wide)[: query.count]

    def _found(self, question: Question, hits: list[Hit]) -> list[Hit]:
        """Return the passages found; what stands above and below letters only when the question is about a letter itself."""
        if question.letter_fact is None:
            hits = [hit for hit in hits if not is_edge(hit.passage)] or hits
        return hits

    def _query(self, question: Question) -> Query:
        """Return what is searched for: the question, with a preference for the speaker it asks for."""
        return Query(
            question.standalone.text,
            2 * RETRIEVED,
            question.standalone.english,
            question.filters,
            question.voice,
            question.several,
            question.standalone.words,
        )

    def _with_letter(self, question: Question) -> Filters:
        """Return the filters, narrowed to the one letter whose kenmerk the question gives."""
        if question.filters.letter or question.asks_reply or not question.references:
            return question.filters
        named = {_bare(reference) for reference in question.references}
        known = {_bare(card.reference): card.reference for card in self.cards if card.reference}
        matching = [reference for bare, reference in known.items() if bare in named]
        return replace(question.filters, letter=matching[0]) if len(matching) == 1 else question.filters

    @cached_property
    def cards(self) -> list[Card]:
        """Return the cards of all letters, by date."""
        cards = self._archive.store.cards.values()
        return sorted(cards, key=lambda card: (card.date or dt.date.max, card.source))

    def searched(self, filters: Filters) -> Searched:
        """Return what the filters let through."""
        return self._count([card for card in self.cards if admits(filters, card)]) if filters else self._everything

    @cached_property
    def _everything(self) -> Searched:
        return self._count(self.cards)

    def _count(self, letters: Sequence[Card]) -> Searched:
        dates = [card.date for card in letters if card.date]
        return Searched(len(letters), min(dates, default=None), max(dates, default=None), len(self.unreadable))

    @cached_property
    def unreadable(self) -> list[FileRecord]:
        """Return the files that could not be read, and why."""
        records = (record for record in self._archive.store.records.values() if record.state is FileState.UNREADABLE)
        return sorted(records, key=lambda record: (record.source, record.id))

    def query_of(self, text: str, filters: Filters) -> Query:
        """Return what is searched for when passages are asked, and no answer."""
        question = understand(Wording(text), filters)
        return self._query(replace(question, filters=self._with_letter(question)))


def _bare(reference: str) -> str:
    """Strip a kenmerk of the spaces and signs that people write differently."""
    return re.sub(r"[^a-z0-9]", "", reference.casefold())
