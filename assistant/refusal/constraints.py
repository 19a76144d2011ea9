"""What a passage must be of to answer at all: the years and the names that a question gives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evidence.coverage import TextReader, Weighed
from assistant.query.stopwords import FRAME
from assistant.query.understanding import Question
from ingest.language.dates.months import MONTHS
from ingest.language.dates.periods import years_in
from vectorstore.analysis.dutch import STOPWORDS, tokens
from vectorstore.analysis.expansion import Concept
from vectorstore.letters import Letter
from vectorstore.search import Archive

_NAME = re.compile(r"(?<![.?!:“\"'‘] )(?<!^)(?<![\w-])[A-ZÀ-ÞŠŽ][\w'’-]{2,}")
_AROUND = 300
"""Characters before and after a sentence in which its year may be named."""


@dataclass(frozen=True, slots=True)
class Demands:
    """What a question leaves no choice in.

    Attributes:
        years: of what it asks; a passage must be about one of them.
        names: folded names of people, places and organisations; its letter must have them all.
    """

    years: frozenset[int] = frozenset()
    names: frozenset[str] = frozenset()

    def admits(self, letter: Letter, weighed: Weighed, reader: TextReader) -> bool:
        """Check whether a letter has the names, if need be inflected or in a compound.

        Args:
            letter: may be answered from.
            weighed: the content words of the question, the names among them.
            reader: gives the words of the letter.
        """
        if not self.names:
            return True
        everything = _everything(letter)
        stems = frozenset(reader.words_of(everything).stems)
        return self.names <= weighed.met(stems) | set(tokens(everything))

    def dated(self, letter: Letter, start: int, end: int, heading: str | None) -> bool:
        """Check whether a stretch of a letter is about one of the years: it is named there, or the letter is of that year or
        of the next.
        """
        if not self.years:
            return True
        near = f"{heading or ''} {letter.subject or ''} {letter.text[max(0, start - _AROUND) : end + _AROUND]}"
        named = years_in(near)
        written = {letter.date.year, letter.date.year - 1} if letter.date else set()
        return bool(self.years & (named | written))


def demands_of(archive: Archive, question: Question, weighed: Weighed) -> Demands:
    """Return the years and names that an answer cannot be without.

    Args:
        archive: tells names from words by what it holds.
        question: what is asked; its period is no demand any more where the filters hold it.
        weighed: its words, those of senders and addressees apart.
    """
    return Demands(question.years, _names(archive, question.standalone.text, weighed))


def _names(archive: Archive, text: str, weighed: Weighed) -> frozenset[str]:
    words = {word for match in _NAME.finditer(text) for word in tokens(match[0])}
    words = {word for word in words if len(word) > 2 and word.isalpha()}
    asked = words - weighed.names - FRAME - STOPWORDS - set(MONTHS)
    return frozenset(word for word in asked if not word.endswith("raad") and _is_name(archive, word, weighed))


def _is_name(archive: Archive, word: str, weighed: Weighed) -> bool:
    """Check whether a capitalised word is a name: one in no word list and with no other way to say it (as English words and
    abbreviations have), or one that the whole archive does not have.
    """
    asked = [concept for concept in weighed.concepts if word in concept.surface.split()]
    if not archive.analyser.is_listed(word):
        return not any(_said_otherwise(concept, word) for concept in asked)
    return any(word == concept.surface and archive.rarity(concept) >= archive.most_rarity for concept in asked)


def _said_otherwise(concept: Concept, word: str) -> bool:
    """Check whether there is another way to say a word than the word itself, apart or in a compound."""
    spelled = ("".join(term.surface for term in alternative.words) for alternative in concept.alternatives)
    return any(word not in letters for letters in spelled)


def _everything(letter: Letter) -> str:
    people: Sequence[str] = [signatory.name for signatory in letter.signatories]
    return "\n".join([letter.text, letter.sender or "", letter.addressee or "", letter.subject or "", *people])
