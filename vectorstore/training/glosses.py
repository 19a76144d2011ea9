"""Word-by-word translation with the dictionary: long bilingual pairs where only short ones are available."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping

from vectorstore.training.sources import DictionaryEntry

_WORD = re.compile(r"[^\W_]+")
_ENDINGS = ("", "e", "en", "s", "n", "t", "d", "te", "de", "ten", "den", "r", "er", "je")


def lemmas(word: str) -> Iterator[str]:
    """Yield spellings under which a dictionary may hold an inflected Dutch ``word``, likeliest first.

    Undoes the spelling rules of Dutch inflection: endings, doubled consonants (*wetten*: wet), doubled vowels
    (*besluiten*: besluit, *scholen*: school), the voiced f and s (*brieven*: brief) and the
    infinitive (*geldt*: gelden).
    """
    for ending in _ENDINGS:
        if not word.endswith(ending) or len(word) - len(ending) < 3:
            continue
        stem = word.removesuffix(ending) if ending else word
        yield stem
        if ending.startswith("e") and len(stem) > 3:
            if stem[-1] == stem[-2]:
                yield stem[:-1]
            elif stem[-2] in "aeou" and stem[-3] not in "aeiou":
                yield stem[:-1] + stem[-2] + stem[-1]
            if stem[-1] in "vz":
                yield stem[:-1] + {"v": "f", "z": "s"}[stem[-1]]
        if ending in ("t", "te", "ten", "d", "de", "den"):
            yield stem + "en"
            if stem[-1] not in "aeiou" and len(stem) > 2 and stem[-2] == stem[-3]:
                yield stem[:-2] + stem[-1] + "en"


class Glosser:
    """A translator of Dutch text into rough English, with a random sense for each word."""

    def __init__(self, entries: Iterable[DictionaryEntry], domain: Iterable[tuple[str, str]] = ()) -> None:
        found = dict[str, list[str]]()
        for english, dutch in ((e.english, d) for e in entries for d in e.dutch):
            if " " not in dutch and not english.startswith("-") and english.count(" ") < 3:
                found.setdefault(dutch.lower(), []).append(english)
        for english, dutch in domain:
            if " " not in dutch:
                found.setdefault(dutch.lower(), []).extend([english] * 3)
        self._english: Mapping[str, list[str]] = found

    def senses(self, word: str) -> list[str]:
        """Return English for a Dutch word in any of its forms; empty if unknown."""
        lowered = word.lower()
        for lemma in lemmas(lowered):
            if lemma in self._english:
                return self._english[lemma]
        return []

    def gloss(self, text: str, choice: random.Random, least: float = 0.6) -> str | None:
        """Return ``text`` in English words in Dutch order, or None if less than the share ``least`` is known.

        Unknown words stay as they are, as names and numbers do in a real translation.
        """
        words = _WORD.findall(text)
        senses = [self.senses(word) for word in words]
        known = sum(
            1 for found, word in zip(senses, words, strict=True) if found or word[0].isupper() or word.isdigit()
        )
        if not words or known < least * len(words):
            return None
        return " ".join(choice.choice(found) if found else word for word, found in zip(words, senses, strict=True))
