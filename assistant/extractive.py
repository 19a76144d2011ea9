"""Answers made of quotations: the sentences of the best passages that speak to the question. No model is needed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from assistant.answers import Statement
from assistant.evidence import Refusal, TextReader, Weighed, coverages, may_speak
from assistant.phrasing import Phrasing
from assistant.questions import Asked, Question
from ingest.sentences import sentence_spans
from vectorstore.letters import Citation, Letter, Passage, Voice
from vectorstore.search import Hit

_STANCE = re.compile(
    r"\b(?:wij|we|ons|onze|cli[eë]ntenraad|adviseren|adviseert|vinden|verzoeken|vragen|pleiten|stellen voor|instemmen|"
    r"onbegrijpelijk|onnodig|graag|onvoldoende|terecht|ten onrechte|zorgen)\b",
    re.I,
)
_FIGURE = re.compile(
    r"\d|\b(?:twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|helft|derde|kwart|procent)\b", re.I
)
_SALUTATION = re.compile(r"(?:^|\n)(?:geachte?|beste)\b[^\n]{0,120}$", re.I)
_FAREWELL = re.compile(
    r"^(?:met (?:vriendelijke|hartelijke) groet|hoogachtend|hartelijke groet|vriendelijke groet)", re.I
)
_LINES: dict[Asked, re.Pattern[str]] = {
    Asked.REFERENCE: re.compile(
        r"^(?!uw\b)(?:(?:ons|onze)\s+)?(?:kenmerk|referentie|zaaknummer|briefnummer)\b.*$", re.I | re.M
    ),
    Asked.DATE: re.compile(r"^(?:datum\b.*|[A-Z][\w' -]{1,40}, \d{1,2} \w+ \d{4}.*|\d{1,2} \w+ \d{4})$", re.I | re.M),
    Asked.ADDRESSEE: re.compile(r"^aan\b.*(?:\nt\.?a\.?v\.?.*)?$", re.I | re.M),
    Asked.SIGNATORY: re.compile(
        r"^(?:met (?:vriendelijke|hartelijke) groet|hoogachtend|hartelijke groet|vriendelijke groet)[^\n]*"
        r"(?:\n+(?!i\.?a\.?a|c\.?c\b|afschrift|kopie|fictie)[^\n]+){1,5}",
        re.I | re.M,
    ),
}


_SUBJECT_LINE = re.compile(r"^(?:onderwerp|betreft|betreffende|inzake)\b.*$", re.I | re.M)

_KIND_BONUS = 0.3
"""Coverage that a letter of the kind asked for is ahead of others."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an answer quotes.

    Attributes:
        citations: most quotations in an answer.
        sentences: most sentences in a quotation.
        words: most words in a quotation of more than one sentence.
        share: least score of a quotation as a share of the best one's.
        windows: most quotations from one passage.
        second: least closeness of another quotation from a passage as a share of its best one's.
    """

    citations: int = 5
    sentences: int = 3
    words: int = 90
    share: float = 0.55
    windows: int = 3
    second: float = 0.75


@dataclass(frozen=True, slots=True)
class _Pick:
    citation: Citation
    score: float


@dataclass(slots=True)
class Extractive:
    """Chooses quotations and puts their lead-ins in front.

    Args:
        reader: gives the words of passages.
        refusal: how much evidence an answer needs.
        limits: how much it quotes.
    """

    reader: TextReader
    refusal: Refusal = field(default_factory=Refusal)
    limits: Limits = field(default_factory=Limits)

    def statements(
        self, question: Question, weighed: Weighed, hits: Sequence[Hit], phrasing: Phrasing
    ) -> tuple[Statement, ...]:
        """The answer's statements in order of date; empty when the evidence is too thin.

        Args:
            question: what is asked.
            weighed: its content words.
            hits: passages found, best first.
            phrasing: the words around quotations.
        """
        picks = self._about_letter(question, weighed, hits)
        if picks:
            return self._phrased(picks, phrasing, heads=True)
        picks = self._about_subject(question, weighed, hits)
        if not picks and question.filters.letter and not weighed.concepts:
            picks = self._whole_letter(question, weighed, hits)
        return self._phrased(picks, phrasing, missing=self._missing_voice(question, picks))

    def _missing_voice(self, question: Question, picks: Sequence[_Pick]) -> Voice | None:
        """The speaker that was asked for, when others are quoted and that one is not."""
        heard = {pick.citation.voice for pick in picks}
        return question.voice if question.voice not in heard and Voice.UNKNOWN not in heard else None

    def _whole_letter(self, question: Question, weighed: Weighed, hits: Sequence[Hit]) -> list[_Pick]:
        """What a letter is about, when nothing but its kenmerk is asked: its subject and what it says most clearly."""
        letter = hits[0].passage.letter
        subject = _SUBJECT_LINE.search(letter.text)
        picks = (
            [_Pick(Citation(Passage(f"{letter.id}-subject", letter, *subject.span()), *subject.span()), 1.0)]
            if subject
            else []
        )
        body = sorted((hit.passage for hit in hits if not is_edge(hit.passage)), key=lambda passage: passage.start)
        asking = replace(question, voice=letter.author)
        for passage in body[: self.limits.citations - len(picks)]:
            windows = self._best_windows(asking, weighed, passage)
            picks.append(_Pick(Citation(passage, *max(windows, key=lambda window: window[1])[0]), 1.0))
        return picks

    def _about_subject(self, question: Question, weighed: Weighed, hits: Sequence[Hit]) -> list[_Pick]:
        found = [
            (hit, share)
            for hit, share in zip(hits, coverages(weighed, self.reader, hits), strict=True)
            if self.refusal.accepts(share, weighed.absent, hit.why.dense)
            and may_speak(question.voice, hit.passage)
            and not is_edge(hit.passage)
        ]
        if not found:
            return []
        top = max(hit.score for hit, _ in found)
        low = min(hit.score for hit in hits)
        picks = []
        for hit, share in found:
            rank = (hit.score - low) / (top - low) if top > low else 1.0
            for window, closeness in self._best_windows(question, weighed, hit.passage):
                picks.append(_Pick(Citation(hit.passage, *window), share + closeness + rank))
        if question.voice in {pick.citation.voice for pick in picks}:
            picks = [pick for pick in picks if pick.citation.voice in (question.voice, Voice.UNKNOWN)]
        picks.sort(key=lambda pick: -pick.score)
        best = picks[0].score
        return [pick for pick in picks if pick.score >= self.limits.share * best][: self.limits.citations]

    def _best_windows(
        self, question: Question, weighed: Weighed, passage: Passage
    ) -> list[tuple[tuple[int, int], float]]:
        """Offsets of the sentences that speak most to the question, apart from each other, and how much they do."""
        scored = sorted(
            (
                (self._closeness(question, weighed, passage, start, end) - 0.03 * count, (start, end))
                for start, end, count in self._windows(passage)
            ),
            key=lambda pair: (-pair[0], pair[1]),
        )
        chosen: list[tuple[tuple[int, int], float]] = []
        for score, (start, end) in scored:
            apart = all(end <= other[0] or start >= other[1] for other, _ in chosen)
            if not chosen or (apart and score >= self.limits.second * scored[0][0]):
                chosen.append(((start, end), score))
            if len(chosen) == self.limits.windows:
                break
        return _joined(chosen, passage.letter)

    def _windows(self, passage: Passage) -> Iterator[tuple[int, int, int]]:
        spans = [
            (passage.start + line.start() + start, passage.start + line.start() + end)
            for line in re.finditer(r"[^\n]+", passage.text)
            for start, end in sentence_spans(line[0])
        ]
        spans = [span for span in spans if not _is_heading_line(passage, span)] or spans
        for i, (start, _) in enumerate(spans):
            for count in range(1, self.limits.sentences + 1):
                if i + count > len(spans):
                    break
                end = spans[i + count - 1][1]
                if count > 1 and passage.letter.voice_at(*spans[i + count - 1]) is not passage.letter.voice_at(
                    *spans[i]
                ):
                    break
                if count > 1 and len(passage.letter.text[start:end].split()) > self.limits.words:
                    break
                yield start, end, count

    def _closeness(self, question: Question, weighed: Weighed, passage: Passage, start: int, end: int) -> float:
        """Coverage of the question by a window, with half of what its heading and the text just before it cover."""
        text = passage.letter.text[start:end]
        before = passage.letter.text[max(passage.start, start - 250) : start]
        own = weighed.coverage(*self.reader.of_text(text))
        around = weighed.coverage(*self.reader.of_text(f"{passage.heading or ''}\n{before}\n{text}"))
        score = own + 0.5 * (around - own)
        voice = passage.letter.voice_at(start, end)
        if question.voice:
            score += 0.2 if voice is question.voice else (0.0 if voice is Voice.UNKNOWN else -0.45)
        if question.voice is Voice.COUNCIL and _STANCE.search(text):
            score += 0.1
        if question.number and _FIGURE.search(text):
            score += 0.3
        return score

    def _about_letter(self, question: Question, weighed: Weighed, hits: Sequence[Hit]) -> list[_Pick]:
        """The line of the letter itself that says what is asked about it, when its subject is the question's."""
        if question.asked is None:
            return []
        role = re.compile(rf"\b{question.role}", re.I) if question.role else None
        coverage = {hit.passage.letter.id: self._subject_coverage(weighed, hit.passage) for hit in hits}
        fitting = [hit.passage for hit in hits if coverage[hit.passage.letter.id] >= self.refusal.possible]
        if question.filters.letter or role:
            fitting = [hit.passage for hit in hits]
        fitting.sort(key=lambda p: -coverage[p.letter.id] - (_KIND_BONUS if p.letter.kind in question.kinds else 0.0))
        for passage in fitting:
            letter = passage.letter
            matches = [m for m in _LINES[question.asked].finditer(letter.text) if not role or role.search(m[0])]
            match = matches[-1] if matches and question.asked is Asked.SIGNATORY else next(iter(matches), None)
            if match:
                start, end = match.span()
                whole = Passage(f"{letter.id}-{question.asked}", letter, start, end)
                return [_Pick(Citation(whole, start, end), 1.0)]
        return []

    def _subject_coverage(self, weighed: Weighed, passage: Passage) -> float:
        letter = passage.letter
        return weighed.coverage(
            *self.reader.of_text(f"{letter.subject or ''}\n{letter.reference or ''}\n{letter.source}")
        )

    def _phrased(
        self, picks: Sequence[_Pick], phrasing: Phrasing, *, heads: bool = False, missing: Voice | None = None
    ) -> tuple[Statement, ...]:
        """A statement a quotation, by date of the letter and place in it."""
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


def _joined(windows: list[tuple[tuple[int, int], float]], letter: Letter) -> list[tuple[tuple[int, int], float]]:
    """Windows in order, those by one speaker with nothing but white space between them made one."""
    whole: list[tuple[tuple[int, int], float]] = []
    for (start, end), score in sorted(windows):
        last = whole[-1][0] if whole else (0, 0)
        adjacent = whole and not letter.text[last[1] : start].strip()
        if adjacent and letter.voice_at(*last) is letter.voice_at(start, end):
            (first, _), best = whole[-1]
            whole[-1] = ((first, end), max(best, score))
        else:
            whole.append(((start, end), score))
    return whole


def is_edge(passage: Passage) -> bool:
    """Whether a passage is what stands above the salutation or below the farewell of its letter."""
    return bool(_SALUTATION.search(passage.text) and passage.start == 0) or bool(_FAREWELL.match(passage.text))


def _is_heading_line(passage: Passage, span: tuple[int, int]) -> bool:
    first = passage.letter.text[span[0] : span[1]].strip().rstrip(":")
    return bool(passage.heading) and " ".join(first.split()) in (passage.heading or "")
