"""Pairs of texts that mean the same or belong together, made from the sources."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vectorstore.training.glosses import Glosser
from vectorstore.training.sources import Article, DictionaryEntry, Sources

Pair = tuple[str, str]

PASSAGE_WORDS = 150

_SENTENCE = re.compile(r"(?<=[.;:?!])\s+|\n+")
_ENUMERATION = re.compile(r"^(\d{1,3}\s?[.°º]|[a-z]{1,2}\s?[.)]|-|•)\s*")
_DUTCH_QUESTIONS = (
    "Wat zei de cliëntenraad over {}?", "Wat antwoordde het college over {}?", "Wat is {}?",
    "Hoe zit het met {}?",
    "Wanneer geldt {}?", "Wat staat er over {}?", "Heb ik recht op {}?", "Waar vind ik informatie over {}?",
    "{}?",
    "Wat adviseerde de adviesraad over {}?", "Hoe kan ik {} aanvragen?", "Wat vond de raad van {}?",
)  # fmt: skip
_ENGLISH_QUESTIONS = (
    "What did the client council say about {}?", "What did the executive answer about {}?", "What is {}?",
    "How about {}?", "When does {} apply?", "What is written about {}?", "Am I entitled to {}?",
    "What did the council advise on {}?", "How can I apply for {}?",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Family:
    """Pairs of one kind, the part of the training steps they get, and the factor of the cosines in the loss.

    A low ``scale`` pulls a pair together even when it already beats the others of its batch, which is what
    translations want; a high one only sorts out near misses, for texts that merely belong together.
    """

    name: str
    share: float
    scale: float
    pairs: tuple[Pair, ...]


def sentences_of(text: str) -> list[str]:
    """Return the sentences and list items of a law text, without their numbering, those of at least four words."""
    parts = (_ENUMERATION.sub("", part.strip()) for part in _SENTENCE.split(text))
    return [part for part in parts if part.count(" ") >= 3]


def cut_passages(text: str, words: int = PASSAGE_WORDS) -> list[str]:
    """Cut ``text`` into pieces of about ``words`` words at the ends of sentences."""
    passages, current, length = list[str](), list[str](), 0
    for sentence in sentences_of(text):
        current.append(sentence)
        length += sentence.count(" ") + 1
        if length >= words:
            passages.append(" ".join(current))
            current, length = [], 0
    if current:
        passages.append(" ".join(current))
    return passages


def _as_question(subject: str, choice: random.Random, templates: Sequence[str]) -> str:
    return choice.choice(templates).format(subject) if choice.random() < 0.4 else subject


def heading_pairs(laws: Sequence[Sequence[Article]], choice: random.Random) -> Iterator[Pair]:
    """Pair heading, or title and heading, with the opening of its article; pair a title with one of its articles."""
    for law in laws:
        for article in law:
            if not article.heading:
                continue
            passage = choice.choice(cut_passages(article.text)[:2] or [article.text[:900]])
            yield _as_question(article.heading, choice, _DUTCH_QUESTIONS), passage
            yield f"{article.title} {article.heading}", passage
        for article in choice.sample(law, min(3, len(law))):
            yield (
                _as_question(article.title, choice, _DUTCH_QUESTIONS),
                choice.choice(cut_passages(article.text) or [""]),
            )


def cloze_pairs(laws: Sequence[Sequence[Article]], choice: random.Random, most: int = 24) -> Iterator[Pair]:
    """Pair a sentence with the passage it was taken from (inverse cloze task, Lee et al. 2019, arXiv:1906.00300).

    In one case of five the sentence stays in the passage, so that shared words keep counting.
    """
    for law in laws:
        texts = [passage for article in law for passage in cut_passages(article.text)]
        for text in choice.sample(texts, min(most, len(texts))):
            parts = sentences_of(text)
            if len(parts) < 3:
                continue
            taken = choice.randrange(len(parts))
            rest = parts if choice.random() < 0.2 else parts[:taken] + parts[taken + 1 :]
            yield parts[taken], " ".join(rest)


def neighbour_pairs(laws: Sequence[Sequence[Article]], choice: random.Random, most: int = 24) -> Iterator[Pair]:
    """Pair a sentence with the next one of the same article."""
    for law in laws:
        parts = [sentences_of(article.text) for article in law]
        places = [(found, i) for found in parts for i in range(len(found) - 1)]
        for found, i in choice.sample(places, min(most, len(places))):
            yield found[i], found[i + 1]


def dictionary_pairs(entries: Sequence[DictionaryEntry]) -> Iterator[Pair]:
    """Pair an English word with each of its translations; every second time with its gloss beside it."""
    for number, entry in enumerate(entries):
        for place, dutch in enumerate(entry.dutch):
            yield entry.english, dutch
            if entry.gloss and (number + place) % 2:
                yield f"{entry.english} {entry.gloss}", dutch


def joined_pairs(pairs: Sequence[Pair], count: int, choice: random.Random, most: int = 4) -> Iterator[Pair]:
    """Join two to ``most`` random pairs end to end: news sentences are longer than those given."""
    for _ in range(count):
        drawn = choice.sample(pairs, min(len(pairs), choice.randint(2, most)))
        yield " ".join(a for a, _ in drawn), " ".join(b for _, b in drawn)


def glossed_pairs(
    laws: Sequence[Sequence[Article]], glosser: Glosser, choice: random.Random, most: int = 30
) -> Iterator[Pair]:
    """Pair law sentences with their word-by-word English, and headings asked in English with the Dutch article."""
    for law in laws:
        texts = [sentence for article in law for sentence in sentences_of(article.text) if 5 < sentence.count(" ") < 45]
        for text in choice.sample(texts, min(most, len(texts))):
            if english := glosser.gloss(text, choice):
                yield english, text
        for article in choice.sample(law, min(6, len(law))):
            if article.heading and (english := glosser.gloss(article.heading, choice, 0.8)):
                yield (
                    _as_question(english, choice, _ENGLISH_QUESTIONS),
                    choice.choice(cut_passages(article.text) or [""]),
                )


def families(sources: Sources, seed: int) -> tuple[Family, ...]:
    """Return all pairs, by kind. The same sources and seed give the same pairs in the same order."""
    choice = random.Random(seed)
    glosser = Glosser(sources.entries, sources.domain)
    dictionary = tuple(dictionary_pairs(sources.entries))
    found = [
        Family("sentences", 3.0, 10.0, sources.sentences),
        Family("joined", 3.0, 10.0, tuple(joined_pairs(sources.sentences, 4 * len(sources.sentences), choice))),
        Family("dictionary", 3.0, 10.0, dictionary),
        Family("lists", 2.0, 10.0, tuple(joined_pairs(dictionary, len(dictionary), choice, 12))),
        Family("glossed", 3.0, 10.0, tuple(glossed_pairs(sources.laws, glosser, choice))),
        Family("headings", 2.0, 20.0, tuple(heading_pairs(sources.laws, choice))),
        Family("cloze", 2.0, 20.0, tuple(cloze_pairs(sources.laws, choice))),
        Family("neighbours", 1.0, 20.0, tuple(neighbour_pairs(sources.laws, choice))),
        Family("domain", 1.0, 10.0, sources.domain),
    ]
    return tuple(family for family in found if len(family.pairs) > 1)
