"""The words of a sentence, with its punctuation marks between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from vectorstore.analysis.dutch import fold

_TOKEN = re.compile(r"[\w&]+(?:[’'/.-][\w&]+)*|[^\w\s]")

folded = lru_cache(maxsize=20_000)(fold)


@dataclass(frozen=True, slots=True)
class Tokens:
    """A sentence in words and punctuation marks.

    Attributes:
        text: the sentence.
        words: each word or mark, folded: small letters without accents.
        spans: where each stands in the text.
    """

    text: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        return len(self.words)

    def at(self, index: int) -> str:
        """Return the word at an index, and nothing outside the sentence."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def is_word(self, index: int) -> bool:
        """Return whether a word stands at an index, and no mark."""
        word = self.at(index)
        return word[:1].isalnum() or word == "&"

    def is_name(self, index: int) -> bool:
        """Return whether the word at an index begins with a capital or a digit."""
        return (
            0 <= index < len(self.words)
            and (first := self.text[self.spans[index][0]]).isalnum()
            and (first.isdigit() or first.isupper())
        )

    def hold(self, phrase: tuple[str, ...], index: int) -> bool:
        """Return whether a phrase begins at an index."""
        return self.words[index : index + len(phrase)] == phrase


@lru_cache(maxsize=500)
def tokens_of(text: str) -> Tokens:
    """Return a sentence in words and punctuation marks."""
    found = list(_TOKEN.finditer(text))
    return Tokens(text, tuple(folded(match[0]) for match in found), tuple(match.span() for match in found))
