"""Answers made of quotations: the sentences of the best passages that speak to the question. No model is needed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.answers.answer import Statement
from assistant.answers.phrasing import Phrasing
from assistant.evidence.coverage import TextReader, Weighed, may_speak
from assistant.evidence.fitted import Weights
from assistant.evidence.sentence_scoring import FEATURES, Relevance, Sentence, is_edge
from assistant.query.understanding import Question
from assistant.quoting.letter_facts import meant, place_of
from assistant.refusal.constraints import Demands
from assistant.refusal.sufficiency import Considered, Refusal, suffices
from ingest.language.sentences import leans_on_previous
from vectorstore.letters import Citation, Passage, Voice
from vectorstore.search import Hit

_TITLE = re.compile(r"(?:\d+\.\s+)?[A-ZÀ-Þ][\w’'-]*(?:\s+[\w’'-]+){0,2}")
_SUBJECT_LINE = re.compile(r"^(?:onderwerp|betreft|betreffende|inzake)\b.*$", re.I | re.M)

_PASSAGE = FEATURES.index("passage")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an answer quotes.

    Attributes:
        citations: most quotations in an answer.
        words: about how many words all quotations have together.
        drop: most that the log-odds of a quoted sentence lie below those of the best one.
        others: the same, from which the speaker that was asked for is not left out for what others say of him.
    """

    citations: int = 6
    words: int = 180
    drop: float = 4.0
    others: float = 3.0


@dataclass(frozen=True, slots=True)
class _Pick:
    citation: Citation
    score: float


@dataclass(slots=True)
class Extractive:
    """Chooses quotations and puts their lead-ins in front.

    Args:
        reader: gives the words of passages.
        relevance: scores their sentences.
        sufficiency: weights of what tells whether the archive answers.
        refusal: how much evidence an answer needs.
        limits: how much it quotes.
    """

    reader: TextReader
    relevance: Relevance
    sufficiency: Weights
    refusal: Refusal = field(default_factory=Refusal)
    limits: Limits = field(default_factory=Limits)

    def statements(self, considered: Considered, hits: Sequence[Hit], phrasing: Phrasing) -> tuple[Statement, ...]:
        """Return the statements of the answer by date; none if the evidence is too thin.

        Args:
            considered: the question, and the sentences that may answer it.
            hits: passages found, best first.
            phrasing: the words around quotations.
        """
        question, weighed = considered.question, considered.weighed
        picks = self._about_letter(question, weighed, hits)
        if picks:
            return self._phrased(picks, phrasing, heads=True)
        if suffices(considered, self.refusal, self.sufficiency):
            picks = self._quoted(question, considered.sentences)
        elif question.filters.letter and not weighed.concepts:
            picks = self._whole_letter(question, weighed, hits)
        return self._phrased(picks, phrasing, missing=self._missing_voice(question, picks))

    def _missing_voice(self, question: Question, picks: Sequence[_Pick]) -> Voice | None:
        """Return the speaker that was asked for, when others are quoted and that one is not."""
        heard = {pick.citation.voice for pick in picks}
        return question.voice if question.voice not in heard and Voice.UNKNOWN not in heard else None

    def _whole_letter(self, question: Question, weighed: Weighed, hits: Sequence[Hit]) -> list[_Pick]:
        """Return what a letter is about, when nothing but its kenmerk is asked: its subject and what it says most clearly."""
        letter = hits[0].passage.letter
        subject = _SUBJECT_LINE.search(letter.text)
        picks = (
            [_Pick(Citation(Passage(f"{letter.id}-subject", letter, *subject.span()), *subject.span()), 1.0)]
            if subject
            else []
        )
        body = sorted((hit.passage for hit in hits if not is_edge(hit.passage)), key=lambda passage: passage.start)
        asking = replace(question, voice=letter.author)
        places = {hit.passage.id: hit for hit in hits}
        for passage in body[: self.limits.citations - len(picks)]:
            best = max(self.relevance.sentences(asking, weighed, [places[passage.id]]), key=lambda each: each.score)
            picks.append(_Pick(Citation(passage, best.start, best.end), best.score))
        return picks

    def evidence(self, question: Question, weighed: Weighed, demands: Demands, hits: Sequence[Hit]) -> list[Sentence]:
        """Return the sentences that may answer: of letters that may speak of what is asked, and of the years it is asked of."""
        admitted = [
            hit
            for hit in hits
            if may_speak(question.voice, hit.passage)
            and not is_edge(hit.passage)
            and demands.admits(hit.passage.letter, weighed, self.reader)
        ]
        return [
            each
            for each in self.relevance.sentences(question, weighed, admitted)
            if demands.dated(each.letter, each.start, each.end, each.hit.passage.heading)
        ]

    def _quoted(self, question: Question, sentences: Sequence[Sentence]) -> list[_Pick]:
        """Quote the likeliest sentences, made whole with what they lean on."""
        said = [each for each in sentences if not is_title(each.text)] or sentences
        wanted = sorted(self._heard(question, said), key=lambda each: -each.score)
        likely = [each for each in wanted if each.score >= wanted[0].score - self.limits.drop]
        runs: list[list[Sentence]] = []
        for each in likely:
            grown = _joined(runs, _with_support(each, sentences))
            too_much = sum(map(_words, grown)) > self.limits.words
            if runs and (too_much or len(grown) > self.limits.citations):
                continue
            runs = grown
        return [
            _Pick(Citation(run[0].hit.passage, run[0].start, run[-1].end), max(each.score for each in run))
            for run in runs
        ]

    def _heard(self, question: Question, sentences: Sequence[Sentence]) -> list[Sentence]:
        """Return the sentences of the asked speaker, when one of them is nearly as likely as what others say and its passage
        speaks of the question at all; else all that speak of it.
        """
        best = max(each.score for each in sentences)
        own = [each for each in sentences if each.voice in (question.voice, Voice.UNKNOWN)]
        near = [each for each in own if each.score >= best - self.limits.others]
        if question.voice and any(each.features[_PASSAGE] > 0 for each in near):
            return own
        about = [each for each in sentences if each.features[_PASSAGE] > 0]
        return about if question.voice and about else list(sentences)

    def _about_letter(self, question: Question, weighed: Weighed, hits: Sequence[Hit]) -> list[_Pick]:
        """Return the line of the letter itself that says what is asked about it, of the letter that the question means most."""
        if question.letter_fact is None:
            return []
        for letter in meant(question, weighed, self.reader, hits):
            span = place_of(question.letter_fact, question.role, letter)
            if span:
                return [_Pick(Citation(Passage(f"{letter.id}-{question.letter_fact}", letter, *span), *span), 1.0)]
        return []

    def _phrased(
        self, picks: Sequence[_Pick], phrasing: Phrasing, *, heads: bool = False, missing: Voice | None = None
    ) -> tuple[Statement, ...]:
        """Return one statement for each quotation, by date of the letter and place in it."""
        ordered = sorted(
            (pick.citation for pick in picks),
            key=lambda c: (c.letter.date or dt.date.max, c.letter.source, c.letter.id, c.start),
        )
        statements: list[Statement] = []
        previous: Citation | None = None
        for citation in ordered:
            before = previous if previous and previous.letter.id == citation.letter.id else None
            text = phrasing.statement(citation, before, heads=heads)
            if missing and not statements:
                text = phrasing.not_by(missing, text)
            statements.append(Statement(text, (citation,)))
            previous = citation
        return tuple(statements)


def is_title(text: str) -> bool:
    """Check whether a sentence is only a heading that stands among the sentences of a passage, and says nothing."""
    return _TITLE.fullmatch(text.strip()) is not None


def _with_support(sentence: Sentence, sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return a sentence, with the one before it when it leans on that one."""
    place = sentences.index(sentence)
    before = sentences[place - 1] if place else None
    if before and leans_on_previous(sentence.text) and _continues(before, sentence):
        return [before, sentence]
    return [sentence]


def _continues(before: Sentence, sentence: Sentence) -> bool:
    """Check whether a sentence follows another in one passage, from one mouth."""
    between = sentence.letter.text[before.end : sentence.start]
    same = before.hit is sentence.hit and before.voice is sentence.voice
    return same and before.end <= sentence.start and not between.strip() and "\n\n" not in between


def _joined(runs: Sequence[list[Sentence]], added: list[Sentence]) -> list[list[Sentence]]:
    """Add sentences to runs of sentences, joining those that touch."""
    whole = list(added)
    rest: list[list[Sentence]] = []
    for run in runs:
        if any(each in run for each in whole) or _continues(run[-1], whole[0]) or _continues(whole[-1], run[0]):
            whole = sorted({each.start: each for each in (*run, *whole)}.values(), key=lambda each: each.start)
        else:
            rest.append(run)
    return [*rest, whole]


def _words(run: Sequence[Sentence]) -> int:
    return sum(len(each.text.split()) for each in run)
