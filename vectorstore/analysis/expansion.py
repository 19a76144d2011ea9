"""Query expansion: the words of a question, with other words that a letter may use for the same thing."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from vectorstore.analysis.dutch import (
    DATA,
    DICTIONARY_FILE,
    DUTCH_STOPWORDS,
    STOPWORDS,
    Analyser,
    Term,
    ThreadStemmer,
    tokens,
)

_LONGEST_PHRASE = 5
"""Largest number of words in a phrase of the glossary, synonyms or abbreviations."""

AS_ASKED = 1.0
JOINED = 0.9
PARTS = 0.6
TRANSLATED = 0.9
SYNONYM = 0.5


@dataclass(frozen=True, slots=True)
class Alternative:
    """Words that together express a concept, and the weight of a match on them (1.0: as asked)."""

    words: tuple[Term, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing asked about.

    Attributes:
        surface: the folded words of the question it stands for.
        alternatives: ways to say it, the question's own first.
    """

    surface: str
    alternatives: tuple[Alternative, ...]

    def strength(self, stems: Set[object]) -> float:
        """Return the weight of the best alternative whose words are all among these stems; 0.0 if there is none."""
        return max(
            (
                alternative.weight
                for alternative in self.alternatives
                if all(word.stem in stems for word in alternative.words)
            ),
            default=0.0,
        )


class Thesaurus:
    """Other words for what is asked: synonyms (lay to official) and abbreviations; for English a glossary of the field,
    and a general dictionary for what the glossary lacks, looked up by the form asked, its base or its stem."""

    def __init__(self, folder: Path = DATA) -> None:
        self._folder = folder
        self._stemmer = ThreadStemmer("english")

    @cached_property
    def _bases(self) -> dict[str, tuple[str, ...]]:
        """Return the base of each irregular English form."""
        return _read(self._folder / "forms.tsv")

    @cached_property
    def _english(self) -> dict[str, tuple[str, ...]]:
        return _read_dictionary(self._folder / DICTIONARY_FILE.name) | _read(self._folder / "glossary.tsv")

    @cached_property
    def _dutch(self) -> dict[str, tuple[str, ...]]:
        abbreviations = _read(self._folder / "abbreviations.tsv")
        return _merge(_read(self._folder / "synonyms.tsv"), abbreviations, _reverse(abbreviations))

    def lookup(self, phrase: str, english: bool) -> tuple[str, ...]:
        """Return other ways to say a folded phrase: translations if `english`, else synonyms."""
        return (self._english if english else self._dutch).get(phrase, ())

    @cached_property
    def _stems(self) -> dict[str, tuple[str, ...]]:
        """Return the translations of the English words with each stem, those of the shortest word first."""
        words = sorted((word for word in self._english if " " not in word), key=lambda word: (len(word), word))
        stems: dict[str, tuple[str, ...]] = {}
        for word in words:
            stem = self._stemmer.stem(word)
            stems[stem] = tuple(dict.fromkeys(stems.get(stem, ()) + self._english[word]))
        return stems

    def translate(self, word: str) -> tuple[str, ...]:
        """Translate a folded English word, in whatever form it is given, into Dutch."""
        forms = (word, *self._bases.get(word, ()))
        found = (self._english.get(form) or self._stems.get(self._stemmer.stem(form), ()) for form in forms)
        return tuple(dict.fromkeys(dutch for translations in found for dutch in translations))

    def knows(self, phrase: str, english: bool) -> bool:
        """Check whether the thesaurus has an entry for this phrase."""
        return bool(self.lookup(phrase, english))


def _key(phrase: str) -> str:
    return " ".join(tokens(phrase))


def _read(path: Path) -> dict[str, tuple[str, ...]]:
    """Read a table from left column to the ` | `-separated phrases of the right one; alternatives on the left share
    their line."""
    entries: dict[str, tuple[str, ...]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]:
            for left in row[0].split("|"):
                found = tuple(phrase.strip() for phrase in row[1].split("|"))
                entries[_key(left)] = tuple(dict.fromkeys(entries.get(_key(left), ()) + found))
    return entries


def _read_dictionary(path: Path) -> dict[str, tuple[str, ...]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = (line.rstrip("\n").split("\t") for line in lines)
        return {english: tuple(dutch.split(" | ")) for english, dutch in rows}


def _reverse(entries: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    turned: dict[str, tuple[str, ...]] = {}
    for left, rights in entries.items():
        for right in rights:
            turned[_key(right)] = (*turned.get(_key(right), ()), left)
    return turned


def _merge(*tables: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    whole: dict[str, tuple[str, ...]] = {}
    for table in tables:
        for left, rights in table.items():
            whole[left] = tuple(dict.fromkeys(whole.get(left, ()) + rights))
    return whole


def _function_words(english: bool) -> frozenset[str]:
    """Return the words of a question that ask for nothing; an English question may hold Dutch content words."""
    return STOPWORDS if english else DUTCH_STOPWORDS


class Expander:
    """The expander that turns questions into concepts.

    Args:
        analyser: gives stems and parts.
        thesaurus: other words for the question's; None to search for its own words only.
    """

    def __init__(self, analyser: Analyser, thesaurus: Thesaurus | None) -> None:
        self.analyser = analyser
        self._thesaurus = thesaurus
        self.concepts = lru_cache(maxsize=512)(self._concepts)
        self._is_foreign = lru_cache(maxsize=10_000)(self._is_foreign_word)

    def _concepts(self, words: tuple[str, ...], english: bool = False) -> tuple[Concept, ...]:
        """Return the concepts of a question in order, function words left out.

        Args:
            words: of the question, folded, in Dutch, or in English when `english`.
            english: translate; words the glossary does not know are searched for as they are (names, Dutch words).
        """
        return tuple(
            Concept(" ".join(words[start:end]), tuple(self._alternatives(words, start, end, english)))
            for start, end in self._spans(words, english)
        )

    def _spans(self, words: Sequence[str], english: bool) -> Iterator[tuple[int, int]]:
        """Yield start and end of each concept: the longest phrases the thesaurus knows, else single content words."""
        start = 0
        while start < len(words):
            end = start + self._phrase_length(words, start, english)
            if end - start > 1 or words[start] not in _function_words(english):
                yield start, end
            start = end

    def _phrase_length(self, words: Sequence[str], start: int, english: bool) -> int:
        if self._thesaurus:
            for length in range(min(_LONGEST_PHRASE, len(words) - start), 1, -1):
                if self._knows(words[start : start + length], english):
                    return length
        return 1

    def _knows(self, words: Sequence[str], english: bool) -> bool:
        """Check whether the thesaurus has an entry for this phrase."""
        assert self._thesaurus is not None
        phrase = " ".join(words)
        return self._thesaurus.knows(phrase, english) or (
            not english and self._has_foreign_word(words) and self._thesaurus.knows(phrase, english=True)
        )

    def _alternatives(self, words: Sequence[str], start: int, end: int, english: bool) -> Iterator[Alternative]:
        asked = [self.analyser.terms(word)[0] for word in words[start:end] if word not in _function_words(english)]
        if asked:
            yield Alternative(tuple(asked), AS_ASKED)
        if len(asked) == 1 and len(asked[0].parts) > 1:
            yield Alternative(tuple(Term(part, part) for part in asked[0].parts), PARTS)
        for joined in self._join_neighbours(words, start, end):
            yield Alternative((joined,), JOINED)
        if self._thesaurus:
            for phrase, weight in self._lookups(words[start:end], english):
                found = tuple(term for term in self.analyser.terms(phrase) if term.surface not in DUTCH_STOPWORDS)
                if found and found != tuple(asked):
                    yield Alternative(found, weight)

    def _lookups(self, words: Sequence[str], english: bool) -> Iterator[tuple[str, float]]:
        """Yield other ways to say a phrase with the weight of each; a Dutch question may hold English words."""
        assert self._thesaurus is not None
        if not english:
            yield from ((phrase, SYNONYM) for phrase in self._thesaurus.lookup(" ".join(words), english=False))
        if english or self._has_foreign_word(words):
            phrase = " ".join(words)
            found = (
                self._thesaurus.translate(phrase) if len(words) == 1 else self._thesaurus.lookup(phrase, english=True)
            )
            yield from ((translation, TRANSLATED) for translation in found)

    def _has_foreign_word(self, words: Sequence[str]) -> bool:
        """Check whether one of these words is not a Dutch word in the word list."""
        return any(map(self._is_foreign, words))

    def _is_foreign_word(self, word: str) -> bool:
        return word.isalpha() and not self.analyser.is_listed(word)

    def _join_neighbours(self, words: Sequence[str], start: int, end: int) -> Iterator[Term]:
        """Yield the phrase and its neighbours written as one word: "armoede val" as "armoedeval"."""
        for first, last in {(start - 1, end), (start, end + 1), (start, end)}:
            if last - first == 2 and first >= 0 and last <= len(words):
                left, right = words[first:last]
                if (
                    min(len(left), len(right)) > 2
                    and left.isalpha()
                    and right.isalpha()
                    and not {left, right} & STOPWORDS
                ):
                    for link in ("", "s"):
                        yield self.analyser.terms(left + link + right)[0]
