"""How much of a question a passage speaks to, on an absolute scale, and when that is enough to answer.

Fused scores rank but cannot refuse: normalised per question, the best hit always looks good. So evidence is measured
apart from them: the share of the question's content words, weighed by their rarity in the archive, that stand in a
passage or in what is known of its letter.
"""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from assistant.query.stopwords import FRAME
from assistant.query.understanding import Question
from ingest.language.dates.months import MONTHS
from vectorstore.analysis.dutch import DUTCH_STOPWORDS, Analyser, tokens
from vectorstore.analysis.expansion import PARTS, Concept
from vectorstore.filtering import voices_in
from vectorstore.letters import Kind, Letter, Passage, Voice
from vectorstore.search import Archive, Hit, Query

_LEAST_RARITY = 0.4
"""A word that stands everywhere in the archive still is a word of the question."""

_VERB_ONLY = 0.4
_NO_NOUN = 0.6
"""What a verb or an adjective is worth as evidence, a noun or an unknown word being 1.0."""

_ALIKE, _ALIKE_UNLISTED = 84.0, 74.0
"""Similarity in percent (Indel) from which two words count as one word and a slip of the pen: for a word of the word
list, and for one that is in no list and so is likelier a slip."""

_LEAST_LETTERS = 6
"""Letters from which a word may be taken for a slip of another."""

_OF_SLIP = 0.8
"""What a slip of the pen is worth, the word itself being 1.0."""


class Words(NamedTuple):
    """The words of a text, each once.

    Attributes:
        stems: their stems, compound parts included.
        forms: the words themselves and the parts of compounds, those of four letters and more.
    """

    stems: tuple[str, ...]
    forms: tuple[str, ...]


class TextReader:
    """A reader of the words of texts, for any number of threads at once.

    Args:
        analyser: gives the terms.
    """

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser
        self.of_chunk = lru_cache(maxsize=50_000)(self._read_chunk)
        self.of_text = lru_cache(maxsize=2_000)(self._of_text)
        self.of_line = lru_cache(maxsize=4_000)(self.words_of)

    def words_of(self, text: str) -> Words:
        """Return the words of a text, which is not remembered; what stands between white space in it is.

        No word runs over white space, so that a text has the words of its chunks and no others.
        """
        chunks = [self.of_chunk(chunk) for chunk in text.split()]
        stems = dict.fromkeys(chain.from_iterable(chunk.stems for chunk in chunks))
        return Words(tuple(stems), tuple(dict.fromkeys(chain.from_iterable(chunk.forms for chunk in chunks))))

    def _read_chunk(self, chunk: str) -> Words:
        terms = self._analyser.terms(chunk)
        stems = tuple(stem for term in terms for stem in (term.stem, *term.parts))
        return Words(stems, tuple(form for term in terms for form in (term.surface, *term.parts) if len(form) > 3))

    def _of_text(self, text: str) -> frozenset[str]:
        """Return the stems of a text, compound parts included."""
        return frozenset(self.words_of(text).stems)


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

    def met(self, stems: frozenset[str]) -> frozenset[str]:
        """Return the folded words of the concepts that a text with these stems has whole, not by a slip or by loose parts."""
        met = (concept for concept in self.concepts if concept.strength(stems) > PARTS)
        return frozenset(word for concept in met for word in concept.surface.split())


Found = frozenset[str | int]
"""What of a question stands in a text: stems that it asks for, and the places of concepts that a word is a slip for."""

NOTHING: Final[Found] = frozenset()


class Matcher:
    """Measures how much of one question stands in texts. For one thread: it remembers what it measured.

    Args:
        weighed: the content words of the question.

    Attributes:
        worth: of each concept, of shape (concepts,).
        stems: those that are asked for, each with itself as what is found.
        alike: the words seen that are slips, each with what they are slips for.
    """

    def __init__(self, weighed: Weighed) -> None:
        self.worth: npt.NDArray[np.float64] = np.array(weighed.worth)
        self._weighed = weighed
        self._asked = frozenset(
            word.stem for concept in weighed.concepts for way in concept.alternatives for word in way.words
        )
        self.stems: dict[str, Found] = {stem: frozenset({stem}) for stem in self._asked}
        self.alike: dict[str, Found] = {}
        self._long = {
            place: concept.surface
            for place, concept in enumerate(weighed.concepts)
            if len(concept.surface) >= _LEAST_LETTERS and not concept.surface.isdigit()
        }
        self._compared: set[str] = set()
        self._strengths: dict[Found, npt.NDArray[np.float64]] = {}
        self._shares: dict[Found, float] = {}

    def found_in(self, words: Words) -> Found:
        """Return what of the question stands in a text with these words."""
        found: Found = self._asked.intersection(words.stems)
        if self._long and not self._compared.issuperset(words.forms):
            self._compare(words.forms)
        if self.alike and not self.alike.keys().isdisjoint(words.forms):
            found = found.union(*(self.alike[form] for form in words.forms if form in self.alike))
        return found

    def _compare(self, forms: Iterable[str]) -> None:
        """Find the words that are so like a concept that they must be slips for it, or it for them."""
        new = list(set(forms) - self._compared)
        self._compared.update(new)
        for place, surface in self._long.items():
            least = _ALIKE_UNLISTED if surface in self._weighed.slips else _ALIKE
            near = process.extract(surface, new, scorer=fuzz.ratio, score_cutoff=least, limit=None)
            for form, _score, _index in near:
                self.alike[form] = self.alike.get(form, frozenset()) | {place}

    def strengths(self, found: Found) -> npt.NDArray[np.float64]:
        """Return how well each concept is met, from 0 to 1: by its best alternative, or by a slip of the pen."""
        if found not in self._strengths:
            concepts = enumerate(self._weighed.concepts)
            self._strengths[found] = np.array([self._strength(place, concept, found) for place, concept in concepts])
        return self._strengths[found]

    def _strength(self, place: int, concept: Concept, found: Found) -> float:
        return concept.strength(found) or (_OF_SLIP if place in found else 0.0)

    def share(self, found: Found) -> float:
        """Return the share of the question that is met, from 0 to 1."""
        if found not in self._shares:
            self._shares[found] = float(self.worth @ self.strengths(found)) if len(self.worth) else 0.0
        return self._shares[found]

    def coverage(self, found: Found) -> float:
        """Return the share of the question that is met, from 0 to 1, without an error of rounding."""
        return math.fsum(map(operator.mul, self._weighed.worth, self.strengths(found).tolist()))


def weigh(archive: Archive, question: Question, query: Query, hits: Sequence[Hit] = ()) -> Weighed:
    """Return the content words of a question with their worth by rarity in the archive.

    Args:
        archive: where they are rare or common.
        question: whose words.
        query: what was searched for.
        hits: what was found; the names of those who sent and got these letters ask for a letter, not for words in it.
    """
    names = _names_in(archive.analyser, question.standalone.words, hits)
    handled = set(FRAME) | _years_filtered(question)
    if question.filters.letter:
        for reference in question.references:
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
    """Return the folded words of who sent a letter and who got it."""
    return _words_in(f"{letter.sender or ''} | {letter.addressee or ''}")


_words_in = lru_cache(maxsize=2_000)(lambda text: tuple(tokens(text)))


def _names_in(analyser: Analyser, asked: Sequence[str], hits: Sequence[Hit]) -> frozenset[str]:
    """Return the words asked that name a sender or addressee of letters: two or more in a row, or one in no word list."""
    identities = {identity_of(hit.passage.letter) for hit in hits}
    pairs = {pair for identity in identities for pair in itertools.pairwise(identity)}
    in_a_row = {word for pair in itertools.pairwise(asked) if pair in pairs for word in pair}
    known = {word for identity in identities for word in identity}
    alone = {word for word in asked if word in known and (word.endswith("raad") or not analyser.is_listed(word))}
    return frozenset((in_a_row | alone) - DUTCH_STOPWORDS)


def _slipped(analyser: Analyser, word: str, meant: set[str]) -> bool:
    """Check whether a word that no list has is a slip for one of these."""
    if not word.isalpha() or analyser.is_listed(word):
        return False
    return process.extractOne(word, meant, scorer=fuzz.ratio, score_cutoff=_ALIKE_UNLISTED) is not None


def _may_be_slip(analyser: Analyser, concept: Concept) -> bool:
    return concept.surface.isalpha() and not analyser.is_listed(concept.surface)


def _is_subject(analyser: Analyser, concept: Concept) -> bool:
    """Check whether a concept is a noun, a name or a word no list has, rather than a verb or an adjective."""
    speech = analyser.speech(concept.surface)
    return not speech or "n" in speech


def specificity(archive: Archive, concept: Concept, english: bool) -> float:
    """Return how much a word narrows what is asked: little for a common word of the language, most for a name or term.

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
    """Return the years that the filters already answer to."""
    dates = (question.filters.since, question.filters.until)
    years = {date.year for date in dates if date}
    return {str(year + step) for year in years for step in (-1, 0, 1)} | (set(MONTHS) if years else set())


def may_speak(asked: Voice | None, passage: Passage) -> bool:
    """Check whether a passage can say what somebody said: not when nobody is known to have written that document.

    Args:
        asked: whose words are asked for, None when anybody's will do.
        passage: may be of a law or a report between the letters.
    """
    letter = passage.letter
    anonymous = letter.kind is Kind.OTHER and letter.author is Voice.UNKNOWN
    return asked is None or not anonymous or voices_in(passage) != {Voice.UNKNOWN}
