"""Statements of a chat model checked against the passages that they cite, sentence by sentence.

What holds becomes a `Statement` whose citations lie in the letters; what does not is `Dropped`, with the first thing wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answers.answer import Language, Statement
from assistant.answers.written_answer import Claim, Dropped, Fault, Quote
from assistant.evidence.coverage import TextReader
from assistant.query.language import in_another_language
from assistant.verification.assertions import assertions_in
from assistant.verification.candidates import Carried, PassageReader, Reading, Said, carried
from assistant.verification.contradiction import denied, flips
from assistant.verification.figures import fault_in_figures
from assistant.verification.groups import other_group
from assistant.verification.misattribution import misattributed, misquoted
from assistant.verification.names import addresses_in, known_to, unknown_name
from assistant.verification.overstatement import overstated
from assistant.verification.quotations import Stretch, closed, closing_mark, find, stretches_in, whole, without
from assistant.verification.support import Content, joined, lies_in_orders, lines_holding
from ingest.language.negation import clauses_in, denials
from ingest.language.sentences import is_connected
from vectorstore.analysis.dutch import fold
from vectorstore.letters import Citation, Passage
from vectorstore.search import Archive

_TERM_WORDS = 3
"""Words up to which what stands between quotation marks is a term, and part of what the sentence itself says."""


_ORDERED = 0.1
"""Share of what a sentence says from which it was taken from an order, when no other sentence carries it."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How much of what a sentence says its passages must carry, as shares of its content weighed by rarity.

    Attributes:
        share: all passages together.
        own: each passage by itself.
        translated: all passages together, of an English sentence.
        clause: all passages together, of each clause by itself.
        made_up: what no passage carries of such a clause, of all that the sentence says, so that the sentence falls by it.
        beside_quotation: all passages together, of what a sentence says beside the words that it quotes.
    """

    share: float = 0.56
    own: float = 0.2
    beside_quotation: float = 0.45
    translated: float = 0.45
    clause: float = 0.35
    made_up: float = 0.15


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation found in a letter.

    Attributes:
        words: cut from the letter, white space made single.
        citation: where they stand; None for a title, which is known of the letter.
    """

    words: str
    citation: Citation | None


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence as it is checked.

    Attributes:
        written: as the model wrote it.
        text: with the letter's words between its quotation marks.
        plain: without what it quotes, terms left in.
        quoted: what it quotes, each with its place in `text`.
        readings: of the passages it cites.
        english: whether it is to be in English.
    """

    written: str
    text: str
    plain: str
    quoted: tuple[tuple[Stretch, Quoted], ...]
    readings: tuple[Reading, ...]
    english: bool


class _Refused(Exception):
    """A sentence does not hold."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


class Verifier:
    """Checks what a chat model wrote.

    Args:
        archive: tells what is rare, and gives the other words for what is said.
        reader: gives the words of texts.
        thresholds: how much must be carried.
    """

    def __init__(self, archive: Archive, reader: TextReader, thresholds: Thresholds = Thresholds()) -> None:
        self._analyser = archive.analyser
        self._content = Content(archive)
        self.reader = reader
        self._passages = PassageReader(reader)
        self._thresholds = thresholds

    def verified(self, claim: Claim, offered: Mapping[str, Passage], language: Language) -> list[Statement | Dropped]:
        """Verify a claim, and return one entry for each of its sentences, in order.

        Args:
            claim: as a model wrote it.
            offered: the passages that the model was given, by the names it knows them by.
            language: of the question.
        """
        sentences, marked = assertions_in(claim.text, offered.keys())
        cited = tuple(dict.fromkeys([*claim.passages, *(quote.passage for quote in claim.quotes), *sorted(marked)]))
        unfit = Fault.UNCITED if not cited else Fault.UNKNOWN_PASSAGE if not offered.keys() >= set(cited) else None
        if unfit:
            return [Dropped(sentence, unfit) for sentence in sentences]
        readings = tuple(self._passages.read(offered[name]) for name in cited)
        judged: list[Statement | Dropped] = []
        for sentence in sentences:
            leaning = bool(judged) and isinstance(judged[-1], Dropped) and is_connected(sentence)
            judged.append(
                Dropped(sentence, Fault.LEANING)
                if leaning
                else self._judged(sentence, claim.quotes, readings, english=language is Language.ENGLISH)
            )
        return judged

    def _judged(
        self, written: str, quotes: Sequence[Quote], readings: tuple[Reading, ...], *, english: bool
    ) -> Statement | Dropped:
        try:
            sentence = self._with_quotations(written, readings, english=english)
            evidence = self._evidence(sentence, quotes)
            self._check_wording(sentence)
            support = self._support(sentence, evidence)
            self._check_agreement(sentence)
        except _Refused as refused:
            return Dropped(written, refused.fault)
        return Statement(sentence.text, _citations(sentence, evidence, support))

    def _with_quotations(self, written: str, readings: tuple[Reading, ...], *, english: bool) -> _Sentence:
        """Put the letter's own words between the quotation marks of a sentence.

        Raises:
            _Refused: words between them do not stand in the passages.
        """
        found = [(stretch, self._quoted(stretch.words, written, readings)) for stretch in stretches_in(written)]
        text, placed, shift = written, [], 0
        for stretch, quoted in found:
            put = f"{written[stretch.start]}{quoted.words}{closing_mark(written, stretch)}"
            start = stretch.start + shift
            text = text[:start] + put + text[start + stretch.end - stretch.start :]
            placed.append((Stretch(start, start + len(put), quoted.words), quoted))
            shift += len(put) - (stretch.end - stretch.start)
        long = [stretch for stretch, quoted in placed if len(quoted.words.split()) > _TERM_WORDS and quoted.citation]
        return _Sentence(written, text, without(text, long, ", "), tuple(placed), readings, english)

    def _quoted(self, words: str, around: str, readings: Sequence[Reading]) -> Quoted:
        for reading in readings:
            citation = self._place(words, reading.passage, denied=denials(around.replace(words, " ")) > 0)
            if citation:
                return Quoted(" ".join(citation.quote.split()), citation)
        for reading in readings:
            for known in (reading.passage.heading or "", reading.passage.letter.subject or ""):
                span = find(words, known, self._analyser.is_listed)
                if span:
                    return Quoted(" ".join(known[slice(*span)].split()), None)
        raise _Refused(Fault.QUOTATION)

    def _place(self, words: str, passage: Passage, *, denied: bool) -> Citation | None:
        """Find the words in a passage, the rest of a denial included."""
        span = find(words, passage.text, self._analyser.is_listed)
        grown = whole(passage.text, *span, denied=denied) if span else None
        if not grown:
            return None
        end = closed(passage.text, grown[1], words) if span and grown[1] == span[1] else grown[1]
        return Citation(passage, passage.start + grown[0], passage.start + end)

    def _evidence(self, sentence: _Sentence, quotes: Sequence[Quote]) -> list[Citation]:
        """Find the words that the claim names as its evidence.

        Raises:
            _Refused: some of them stand nowhere.
        """
        found: list[Citation] = []
        for quote in quotes:
            places = (self._place(quote.words, reading.passage, denied=True) for reading in sentence.readings)
            citation = next(filter(None, places), None)
            if citation is None:
                raise _Refused(Fault.QUOTATION)
            found.append(citation)
        return found

    def _check_wording(self, sentence: _Sentence) -> None:
        """Check language, numbers, dates and names.

        Raises:
            _Refused: one of them is not that of the passages.
        """
        if in_another_language(sentence.plain, english=sentence.english):
            raise _Refused(Fault.LANGUAGE)
        known = [known_to(reading.passage) for reading in sentence.readings]
        if any(not any(fold(address) in text for text, _ in known) for address in addresses_in(sentence.plain)):
            raise _Refused(Fault.NAME)
        words = frozenset().union(*(words for _, words in known))
        if unknown_name(sentence.plain, words, self._analyser, english=sentence.english):
            raise _Refused(Fault.NAME)
        fault = fault_in_figures(sentence.plain, sentence.readings, self._content, english=sentence.english)
        if fault:
            raise _Refused(fault)

    def _support(self, sentence: _Sentence, evidence: Sequence[Citation]) -> Carried:
        """Measure how far the passages carry the sentence.

        Raises:
            _Refused: they do not.
        """
        said = self._content.said(sentence.plain, english=sentence.english)
        quoted = {citation.passage.id for _, each in sentence.quoted if (citation := each.citation)}
        clean = [
            replace(reading, lines=tuple(line for line in reading.lines if not line.orders))
            for reading in sentence.readings
        ]
        if any(lies_in_orders(citation, sentence.readings) for citation in [*evidence, *_places(sentence)]):
            raise _Refused(Fault.ORDER)
        held = None if said.concepts or quoted else lines_holding(sentence.plain, clean)
        if not said.concepts and not quoted and not held:
            raise _Refused(Fault.UNSUPPORTED)
        support = held or carried(said, clean)
        limits = self._thresholds
        least = limits.beside_quotation if quoted else limits.translated if sentence.english else limits.share
        if not held and _is_obeyed(said, support, sentence.readings):
            raise _Refused(Fault.ORDER)
        if not self._holds(said, support, sentence.readings, quoted, least):
            raise _Refused(Fault.UNSUPPORTED)
        self._check_clauses(sentence, clean)
        for goes_beyond in (other_group, overstated):
            if goes_beyond(sentence.plain, clean, self._content, english=sentence.english):
                raise _Refused(Fault.UNSUPPORTED)
        return support

    def _check_clauses(self, sentence: _Sentence, readings: Sequence[Reading]) -> None:
        """Check each clause by itself, so that none is made up and added to one that holds.

        Raises:
            _Refused: one of them is carried by nothing.
        """
        whole = self._content.said(sentence.plain, english=sentence.english)
        worth = dict(zip((concept.surface for concept in whole.concepts), whole.worth, strict=True))
        for start, end in clauses_in(sentence.plain):
            said = self._content.said(sentence.plain[start:end], english=sentence.english)
            if len(said.concepts) < 2:
                continue
            share = carried(said, readings).share
            weight = sum(worth.get(concept.surface, 0.0) for concept in said.concepts)
            if share < self._thresholds.clause and weight * (1 - share) > self._thresholds.made_up:
                raise _Refused(Fault.UNSUPPORTED)

    def _holds(self, said: Said, support: Carried, readings: Sequence[Reading], quoted: set[str], least: float) -> bool:
        if said.concepts and support.share < least:
            return False
        return all(
            reading.passage.id in quoted or own >= self._thresholds.own
            for reading, own in zip(readings, support.own, strict=True)
        )

    def _check_agreement(self, sentence: _Sentence) -> None:
        """Check who speaks, and what is denied.

        Raises:
            _Refused: the passages have it otherwise.
        """
        if misattributed(sentence.plain, sentence.readings, self._content, english=sentence.english) or any(
            misquoted(sentence.text, stretch, quoted.citation) for stretch, quoted in sentence.quoted if quoted.citation
        ):
            raise _Refused(Fault.SPEAKER)
        lines = [line.text for reading in sentence.readings for line in reading.lines]
        literally = (
            flips(sentence.plain[start:end], line, self._analyser.stem)
            for start, end in clauses_in(sentence.plain)
            for line in lines
        )
        if any(literally) or denied(sentence.plain, sentence.readings, self._content, english=sentence.english):
            raise _Refused(Fault.NEGATION)


def _is_obeyed(said: Said, support: Carried, readings: Sequence[Reading]) -> bool:
    """Check whether a sentence that commands a program carries what the others do not."""
    tainted = carried(said, readings)
    ordered = any(line.orders for lines in tainted.lines for line in lines)
    return ordered and tainted.share >= support.share + _ORDERED


def _places(sentence: _Sentence) -> list[Citation]:
    return [quoted.citation for _, quoted in sentence.quoted if quoted.citation]


def _citations(sentence: _Sentence, evidence: Sequence[Citation], support: Carried) -> tuple[Citation, ...]:
    """Return, for each passage, the places quoted from it, or else the sentences that carry the statement."""
    places = [*_places(sentence), *evidence]
    found: list[Citation] = []
    for reading, lines in zip(sentence.readings, support.lines, strict=True):
        own = [place for place in places if place.passage is reading.passage]
        found.extend(own or joined(reading.passage, lines))
    return tuple(dict.fromkeys(found))
