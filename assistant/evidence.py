"""How much of a question a passage speaks to, on an absolute scale, and when that is enough to answer.

Fused scores rank but cannot refuse: normalised per question, the best hit always looks good. So evidence is measured
apart from them: the share of the question's content words, weighed by their rarity in the archive, that stand in a
passage or in what is known of its letter.
"""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from assistant.frame import FRAME
from assistant.questions import MONTHS, Question, references_in
from vectorstore.dutch import DUTCH_STOPWORDS, Analyser, tokens
from vectorstore.expansion import PARTS, Concept
from vectorstore.letters import Kind, Letter, Passage, Voice
from vectorstore.lexical import context_of
from vectorstore.search import Archive, Hit, Query
from vectorstore.store import voices_in

_LEAST_RARITY = 0.4
"""A word that stands everywhere in the archive still is a word of the question."""

_VERB_ONLY = 0.4
_NO_NOUN = 0.6
"""What a verb or an adjective is worth as evidence, a noun or an unknown word being 1.0."""

_ALIKE, _ALIKE_UNLISTED = 84.0, 74.0
"""Similarity in percent (Indel) from which two words count as one word and a slip of the pen: for a word of the word
list, and for one that is in no list and so is likelier a slip."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A question's content words and what each is worth; the worths add up to 1.

    Attributes:
        concepts: what is asked about, frame words left out.
        worth: of each concept.
        slips: concepts that stand in no word list and may be misspelt.
        absent: worth of the weightiest noun or name that stands nowhere in the archive.
        names: folded words of the question that name who sent or got a letter, left out of the concepts.
    """

    concepts: tuple[Concept, ...]
    worth: tuple[float, ...]
    slips: frozenset[str]
    absent: float
    names: frozenset[str] = frozenset()

    def coverage(self, stems: frozenset[str], words: frozenset[str]) -> float:
        """Share of the question that stands in a text with these stems and words, from 0 to 1."""
        return math.fsum(map(operator.mul, self.worth, self.strengths(stems, words)))

    def strengths(self, stems: frozenset[str], words: frozenset[str]) -> tuple[float, ...]:
        """How well each concept is met by a text with these stems and words, from 0 to 1."""
        return tuple(self._strength(concept, stems, words) for concept in self.concepts)

    def met(self, stems: frozenset[str]) -> frozenset[str]:
        """The folded words of the concepts that a text with these stems has whole: no slip of the pen, no loose parts."""
        met = (concept for concept in self.concepts if concept.strength(stems) > PARTS)
        return frozenset(word for concept in met for word in concept.surface.split())

    def _strength(self, concept: Concept, stems: frozenset[str], words: frozenset[str]) -> float:
        """How well a concept is met by a text: its best alternative, or a word so alike that it must be a slip."""
        strength = concept.strength(stems)
        if strength or len(concept.surface) < 6 or concept.surface.isdigit():
            return strength
        least = _ALIKE_UNLISTED if concept.surface in self.slips else _ALIKE
        near = process.extractOne(concept.surface, words, scorer=fuzz.ratio, score_cutoff=least)
        return 0.8 if near else 0.0


def weigh(archive: Archive, question: Question, query: Query, hits: Sequence[Hit] = ()) -> Weighed:
    """The content words of a question with their worth by rarity in the archive.

    Args:
        archive: where they are rare or common.
        question: whose words.
        query: what was searched for.
        hits: what was found; the names of those who sent and got these letters ask for a letter, not for words in it.
    """
    names = _names_in(archive.analyser, question.standalone, hits)
    handled = set(FRAME) | _years_filtered(question)
    if question.filters.letter:
        for reference in references_in(question.standalone):
            handled |= set(tokens(reference))
    kept = tuple(
        concept
        for concept in archive.concepts(query)
        if not all(word in handled or _slipped(archive.analyser, word, handled) for word in concept.surface.split())
    )
    unnamed = tuple(concept for concept in kept if not names.issuperset(concept.surface.split()))
    kept, names = (unnamed, names) if unnamed else (kept, frozenset())
    rarity = [
        max(_LEAST_RARITY, archive.rarity(concept)) * specificity(archive, concept, query.english) for concept in kept
    ]
    total = sum(rarity)
    worth = tuple(value / total for value in rarity)
    slips = frozenset(concept.surface for concept in kept if _may_be_slip(archive.analyser, concept))
    absent = [
        value
        for concept, value in zip(kept, worth, strict=True)
        if archive.rarity(concept) >= archive.most_rarity and _is_subject(archive.analyser, concept)
    ]
    return Weighed(kept, worth, slips, max(absent, default=0.0), names)


def identity_of(letter: Letter) -> tuple[str, ...]:
    """The folded words of who sent a letter and who got it."""
    return tuple(tokens(f"{letter.sender or ''} | {letter.addressee or ''}"))


def _names_in(analyser: Analyser, question: str, hits: Sequence[Hit]) -> frozenset[str]:
    """Words of a question that name a sender or addressee of letters: two or more in a row, or one in no word list."""
    asked = tokens(question)
    identities = {identity_of(hit.passage.letter) for hit in hits}
    pairs = {pair for identity in identities for pair in itertools.pairwise(identity)}
    in_a_row = {word for pair in itertools.pairwise(asked) if pair in pairs for word in pair}
    known = {word for identity in identities for word in identity}
    alone = {word for word in asked if word in known and (word.endswith("raad") or not analyser.listed(word))}
    return frozenset((in_a_row | alone) - DUTCH_STOPWORDS)


def _slipped(analyser: Analyser, word: str, meant: set[str]) -> bool:
    """Whether a word that no list has is a slip for one of these."""
    if not word.isalpha() or analyser.listed(word):
        return False
    return process.extractOne(word, meant, scorer=fuzz.ratio, score_cutoff=_ALIKE_UNLISTED) is not None


def _may_be_slip(analyser: Analyser, concept: Concept) -> bool:
    return concept.surface.isalpha() and not analyser.listed(concept.surface)


def _is_subject(analyser: Analyser, concept: Concept) -> bool:
    """Whether a concept is a noun, a name or a word no list has, rather than a verb or an adjective."""
    speech = analyser.speech(concept.surface)
    return not speech or "n" in speech


def specificity(archive: Archive, concept: Concept, english: bool) -> float:
    """How much a word narrows what is asked: little for a common word of the language, most for a name or term.

    Verbs and adjectives say less of the subject than nouns: a letter that answers puts them in other words. A phrase
    counts as its most specific word, an English one as its first translations.
    """
    alternatives = concept.alternatives[1:3] if english and len(concept.alternatives) > 1 else concept.alternatives[:1]
    forms = {word.surface for alternative in alternatives for word in alternative.words}
    return max((_narrowness(archive.analyser, form) for form in forms), default=0.0)


def _narrowness(analyser: Analyser, word: str) -> float:
    speech = analyser.speech(word)
    kind = _VERB_ONLY if speech == {"v"} else _NO_NOUN if speech and "n" not in speech else 1.0
    return kind * (1.0 - 0.8 * analyser.commonness(word))


def _years_filtered(question: Question) -> set[str]:
    """Years that the filters already answer to."""
    dates = (question.filters.since, question.filters.until)
    years = {date.year for date in dates if date}
    return {str(year + step) for year in years for step in (-1, 0, 1)} | (set(MONTHS) if years else set())


class TextReader:
    """Stems and words of passages, remembered for the passages read last.

    Args:
        analyser: gives the terms.
    """

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser
        self.of_passage = lru_cache(maxsize=2000)(self._of_passage)
        self.of_text = lru_cache(maxsize=20_000)(self._of_text)

    def _of_text(self, text: str) -> tuple[frozenset[str], frozenset[str]]:
        """The stems, compound parts included, and the words of a text."""
        terms = self._analyser.terms(text)
        stems = frozenset(stem for term in terms for stem in (term.stem, *term.parts))
        words = {word for term in terms for word in (term.surface, *term.parts) if len(word) > 3}
        return stems, frozenset(words)

    def _of_passage(self, passage: Passage) -> tuple[frozenset[str], frozenset[str]]:
        return self.of_text(f"{context_of(passage)}\n{passage.text}")


def may_speak(asked: Voice | None, passage: Passage) -> bool:
    """Whether a passage can say what somebody said: not when nobody is known to have written that document.

    Args:
        asked: whose words are asked for, None when anybody's will do.
        passage: may be of a law or a report between the letters.
    """
    letter = passage.letter
    anonymous = letter.kind is Kind.OTHER and letter.author is Voice.UNKNOWN
    return asked is None or not anonymous or voices_in(passage) != {Voice.UNKNOWN}


def coverages(weighed: Weighed, reader: TextReader, hits: Sequence[Hit]) -> list[float]:
    """Coverage of the question by each hit."""
    return [weighed.coverage(*reader.of_passage(hit.passage)) for hit in hits]
