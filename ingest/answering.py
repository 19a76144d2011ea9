"""Which reply in the archive treats what a letter asks, as far as its words tell.

A request without a reply here may well have been answered: the archive may miss the reply. So a caller can say that an
answer was found, that a reply was found but nothing in it on this point, or that this archive has no answer.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.links import LinkKind, Links
from vectorstore.dutch import STOPWORDS, Analyser
from vectorstore.letters import Letter, Passage, Request
from vectorstore.store import Store

_LEAST_COVERED = 0.55
"""Share of a request's content that a passage must treat to count as its answer; from the cases in the tests."""

_VERB = 0.5
"""What a verb weighs: "verkorten" tells less of what is asked than "wachttijd"."""

_SALUTATION = re.compile(r"^(?:geachte?|beste)\b.*$", re.I | re.M)
_ASKING = frozenset(
    """
    advies adviseren aandacht aangeven antwoord beantwoorden binnen brief cliëntenraad clientenraad adviesraad college
    gemeente graag reactie schriftelijk schriftelijke vernemen ontvangen raad verzoek verzoeken vraag vragen week weken
    maand maanden wethouder willen zien zouden zorgen daarom dringend pleiten vindt vinden laten weten geven komen
    opnieuw mogelijk bekijken kunnen moeten hoeveel inwoners mensen
    """.split()
)
"""Words of asking and of letters, which say nothing of what is asked."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A request with the replies to its letter that the archive has.

    Attributes:
        request: what is asked.
        replies: ids of the letters that reply to the letter that asks it, the earliest first.
        passage: of one of them, the one that treats it; None when none does for certain.
    """

    request: Request
    replies: tuple[str, ...]
    passage: Passage | None


def answers(letter: Letter, links: Links, store: Store, analyser: Analyser) -> tuple[Answered, ...]:
    """What the archive has in answer to each request of a letter.

    Args:
        letter: of the store.
        links: in step with the store.
        store: where the replies are.
        analyser: of the words of requests and replies.
    """
    replies = _replies(letter, links, store)
    passages = [passage for passage in store.passages_of(replies) if _may_answer(passage)]
    contents = _Contents(analyser, [passage.text for passage in passages])
    return tuple(
        Answered(request, replies, _best(letter.text[request.start : request.end], passages, contents))
        for request in letter.requests
    )


def _may_answer(passage: Passage) -> bool:
    """Whether the author of a reply speaks in a passage, below the salutation."""
    salutation = _SALUTATION.search(passage.letter.text)
    return passage.voice is passage.letter.author and not (salutation and passage.end <= salutation.end())


def _replies(letter: Letter, links: Links, store: Store) -> tuple[str, ...]:
    """The letters that reply to a letter, the earliest first."""
    givers = {link.giver for link in links.to(letter.id) if link.kind is LinkKind.REPLIES}
    found = [store.cards[giver] for giver in givers if giver in store.cards]
    return tuple(card.id for card in sorted(found, key=lambda card: (str(card.date or "9999"), card.id)))


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of content in a request.

    Attributes:
        stem: of the word.
        parts: stems of its parts, of a compound.
        weight: what finding it tells: more when fewer of the passages have it.
    """

    stem: str
    parts: frozenset[str]
    weight: float

    def share_in(self, stems: set[str]) -> float:
        """How much of the word is among the stems of a text, 0..1."""
        if self.stem in stems or not self.parts:
            return float(self.stem in stems)
        return len(self.parts & stems) / len(self.parts)


class _Contents:
    """The words of content of passages, and of what is asked.

    Args:
        analyser: of the words.
        texts: of the passages.
    """

    def __init__(self, analyser: Analyser, texts: Sequence[str]) -> None:
        self._analyser = analyser
        self._ignored = {analyser.stem(word) for word in _ASKING} | {analyser.stem(word) for word in STOPWORDS}
        self.passages = [set(self._all_stems(text)) for text in texts]
        self._spread = Counter(stem for stems in self.passages for stem in stems)

    def asked(self, text: str) -> list[_Word]:
        """The words of content in a request."""
        words: dict[str, _Word] = {}
        for term in self._analyser.terms(text):
            if term.stem not in self._ignored and not term.surface.isdigit() and len(term.surface) > 2:
                rarity = 1.0 + math.log((1 + len(self.passages)) / (1 + max(1, self._spread[term.stem])))
                speech = self._analyser.speech(term.surface)
                weight = rarity * (_VERB if speech and speech <= {"v", "a"} else 1.0)
                words[term.stem] = _Word(term.stem, frozenset(term.parts) - self._ignored, weight)
        return list(words.values())

    def _all_stems(self, text: str) -> Iterator[str]:
        for term in self._analyser.terms(text):
            yield from ({term.stem, *term.parts} - self._ignored)


def _best(request: str, passages: Sequence[Passage], contents: _Contents) -> Passage | None:
    """The passage that treats most of a request, None when none treats enough of it.

    A request for a reply and nothing else is met by the first passage of one.
    """
    asked = contents.asked(request)
    if not asked:
        return next(iter(passages), None)
    whole = sum(word.weight for word in asked)
    best: tuple[float, Passage] | None = None
    for passage, stems in zip(passages, contents.passages, strict=True):
        covered = sum(word.weight * word.share_in(stems) for word in asked) / whole
        if covered >= _LEAST_COVERED and (best is None or covered > best[0]):
            best = covered, passage
    return best[1] if best else None
