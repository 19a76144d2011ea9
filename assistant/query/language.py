"""The words of a question, and whether they are Dutch or English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from assistant.answers.answer import Language
from assistant.query.stopwords import DUTCH, ENGLISH
from vectorstore.analysis.dutch import fold, split_words, tokens

_OTHERS: Final = (
    frozenset(
        """
    und nicht ist sind wird werden wurde eine einen einem auch sich mit dem den auf für fur fordert wurden keine
    les des est sont dans pour avec pas une qui que sur conseil aux cette ses leur être etre plus par il elle nous vous
    el los las una que por para con del como pero sus esta este y
    """.split()
    )
    - DUTCH
    - ENGLISH
    - {"den", "des", "mit", "las"}
)
"""Function words of German, French and Spanish that Dutch and English have not."""


def in_another_language(text: str, *, english: bool) -> bool:
    """Check whether a text is clearly in another language.

    Args:
        text: a sentence, without what it quotes.
        english: it ought to be in English, and else in Dutch.
    """
    words = tokens(text)
    dutch, other = sum(word in DUTCH for word in words), sum(word in ENGLISH for word in words)
    strange = sum(word in _OTHERS for word in words)
    own, wrong = (other, dutch) if english else (dutch, other)
    return max(wrong, strange) >= 2 and max(wrong, strange) > own


def guess_language(words: Sequence[str]) -> Language:
    """Return the language of which a text has more function words; Dutch when in doubt.

    Args:
        words: of the text, folded.
    """
    dutch = sum(word in DUTCH for word in words)
    english = sum(word in ENGLISH for word in words)
    return Language.ENGLISH if english > dutch else Language.DUTCH


@dataclass(frozen=True)
class Wording:
    """A text that asks something, with what is read of it over and over.

    Attributes:
        text: as somebody wrote it.
    """

    text: str

    @cached_property
    def folded(self) -> str:
        """Return the text in lower case without accents."""
        return fold(self.text)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Return its folded words and numbers, in order."""
        return tuple(split_words(self.folded))

    @cached_property
    def language(self) -> Language:
        """Return the language it is in."""
        return guess_language(self.words)

    @property
    def english(self) -> bool:
        """Return True if it is in English."""
        return self.language is Language.ENGLISH
