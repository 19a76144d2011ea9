"""Whether a sentence is in the language it ought to be in."""

from __future__ import annotations

from typing import Final

from assistant.frame import DUTCH, ENGLISH
from vectorstore.dutch import tokens

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
    """Whether a text is clearly in another language.

    Args:
        text: a sentence, without what it quotes.
        english: it ought to be in English, and else in Dutch.
    """
    words = tokens(text)
    dutch, other = sum(word in DUTCH for word in words), sum(word in ENGLISH for word in words)
    strange = sum(word in _OTHERS for word in words)
    own, wrong = (other, dutch) if english else (dutch, other)
    return max(wrong, strange) >= 2 and max(wrong, strange) > own
