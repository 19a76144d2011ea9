"""Names in statements: words with a capital, codes with digits, addresses of mail and of the web."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from ingest.language.dates.months import MONTHS
from vectorstore.analysis.dutch import STOPWORDS, Analyser, fold, tokens
from vectorstore.letters import Passage, context_of

_ADDRESS = re.compile(
    r"\b(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b[\w-]+(?:\.[\w-]+)*\.(?:nl|com|org|net|eu|be|example|info|gov)\b(?:/\S*)?",
    re.I,
)
_CAPITAL = re.compile(r"(?<![\w’'-])(?:[’']?[A-ZÀ-ÞŠŽÝĞİŞ][\w’'&.-]*[\w]|[A-Z])(?!\w)")
_CODE = re.compile(
    r"(?<![\w-])(?=[\w/.-]*\d)(?=[\w/.-]*[A-Za-z])[A-Za-z\d]+(?:[/.-][A-Za-z\d]+)*|(?<![\w.,-])\d{2,7}[-/]\d{2,7}(?![\w-])|(?<![\w.,])0\d{3,}\b"
)
_ORDINAL = re.compile(r"\d+(?:e|ste|de|th|st|nd|rd|x|%|-[a-z]\w*|k|m|jarige?)", re.I)
_STARTS = re.compile(r"(?:^|[.!?:]\s+)[\W_]*$")
_FREE: Final = frozenset(
    """
    raad clientenraad adviesraad council client college gemeente wethouder wethouders burgemeester b w bw benw executive municipality municipal
    alderman mayor maandag dinsdag woensdag donderdag vrijdag zaterdag zondag monday tuesday wednesday thursday friday saturday
    sunday nederlands nederlandse nederland dutch english engels engelse the netherlands i ii iii iv v kerst pasen christmas easter eur
    cr wij we het de een u uw dhr mevr mw heer mevrouw mr mrs ms
    """.split()
) | frozenset(MONTHS)


def addresses_in(text: str) -> list[str]:
    """Return the addresses of mail and of the web in a text."""
    return [match[0].rstrip(".,;:!?)") for match in _ADDRESS.finditer(text)]


def surroundings_of(passage: Passage) -> str:
    """Return what is known of the letter of a passage, and its heading."""
    letter = passage.letter
    people = (f"{each.name} {each.function or ''}" for each in letter.signatories)
    return "\n".join([context_of(passage), *people, letter.your_reference or "", letter.kind.value, *letter.copies])


@lru_cache(maxsize=2000)
def known_to(passage: Passage) -> tuple[str, frozenset[str]]:
    """Return all that is known around a passage: as one folded text, and its words with the parts of hyphenated names."""
    text = fold(f"{passage.text}\n{surroundings_of(passage)}")
    words = set(tokens(text))
    return text, frozenset(words | {part for word in words for part in word.split("-")})


def unknown_name(text: str, known: frozenset[str], analyser: Analyser, *, english: bool) -> str | None:
    """Return the first name in a text that is none of the words known; None if all are.

    Args:
        text: a sentence, without what it quotes.
        known: words of the passages that it cites, and of what is known of their letters.
        analyser: knows common words and the parts of compounds.
        english: the text is in English.
    """
    for name in _names(text, analyser, english=english):
        for word in tokens(name):
            if not _is_known(word, known, analyser):
                return name
    return None


def _names(text: str, analyser: Analyser, *, english: bool) -> Iterator[str]:
    for match in _CODE.finditer(text):
        if not _ORDINAL.fullmatch(match[0]):
            yield match[0]
    for match in _CAPITAL.finditer(text):
        opens = _STARTS.search(text[: match.start()]) is not None
        if not opens or _only_a_name(match[0], analyser, english=english):
            yield match[0]


def _only_a_name(word: str, analyser: Analyser, *, english: bool) -> bool:
    """Check whether the first word of a sentence is no common word, so that its capital is that of a name."""
    folded = fold(word)
    return not english and folded.isalpha() and folded not in STOPWORDS and not analyser.is_listed(folded)


def _is_known(word: str, known: frozenset[str], analyser: Analyser) -> bool:
    pieces = word.split("-")
    if word in _FREE or word in known or len(word) == 1 or word.removesuffix("s") in known:
        return True
    if len(pieces) > 1 and all(piece in known or piece in _FREE for piece in pieces):
        return True
    stems = {analyser.stem(each) for each in known}
    parts = analyser.split(word)
    return word.isalpha() and (
        analyser.stem(word) in stems or (bool(parts) and all(analyser.stem(part) in stems for part in parts))
    )
