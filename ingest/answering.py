"""Which reply in the archive treats what a letter asks, as far as its words tell.

A request without a reply here may well have been answered: the archive may miss the reply. So a caller can say that an
answer was found, that a reply was found but nothing in it on this point, or that this archive has no answer.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.links import LinkKind, Links
from vectorstore.dutch import STOPWORDS, Analyser
from vectorstore.letters import Letter, Passage, Request
from vectorstore.store import Store

_LEAST_COVERED = 0.4
"""Share of a request's content that a passage must treat to count as its answer; from the cases in the tests."""

_LEAST_WORDS = 2
"""Words of content that a request and its answer must share."""

_ASKING = frozenset(
    """
    advies adviseren aandacht aangeven antwoord beantwoorden binnen brief cliëntenraad clientenraad adviesraad college
    gemeente graag reactie schriftelijk schriftelijke vernemen ontvangen raad verzoek verzoeken vraag vragen week weken
    maand maanden wethouder willen zien zouden zorgen daarom dringend pleiten vindt vinden laten weten geven komen
    opnieuw mogelijk bekijken kunnen moeten
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
    passages = [passage for passage in store.passages_of(replies) if passage.voice is passage.letter.author]
    contents = _Contents(analyser, [passage.text for passage in passages])
    return tuple(
        Answered(request, replies, _best(letter.text[request.start : request.end], passages, contents))
        for request in letter.requests
    )


def _replies(letter: Letter, links: Links, store: Store) -> tuple[str, ...]:
    """The letters that reply to a letter, the earliest first."""
    givers = {link.giver for link in links.to(letter.id) if link.kind is LinkKind.REPLIES}
    found = [store.cards[giver] for giver in givers if giver in store.cards]
    return tuple(card.id for card in sorted(found, key=lambda card: (str(card.date or "9999"), card.id)))


class _Contents:
    """The words of content of texts, each with its weight: a word that is in all passages tells little.

    Args:
        analyser: of the words.
        texts: of the passages.
    """

    def __init__(self, analyser: Analyser, texts: Sequence[str]) -> None:
        self._analyser = analyser
        self._ignored = {analyser.stem(word) for word in _ASKING} | {analyser.stem(word) for word in STOPWORDS}
        self.passages = [set(self._all_stems(text)) for text in texts]
        self._spread = Counter(stem for stems in self.passages for stem in stems)

    def asked(self, text: str) -> Mapping[str, frozenset[str]]:
        """Of each word of content in a request the stems that it may be found by: its own and those of its parts."""
        terms = [term for term in self._analyser.terms(text) if term.surface not in STOPWORDS]
        return {
            term.stem: frozenset({term.stem, *term.parts}) - self._ignored
            for term in terms
            if term.stem not in self._ignored and not term.surface.isdigit() and len(term.surface) > 2
        }

    def weight(self, stem: str) -> float:
        """What sharing a stem tells: more when fewer of the passages have it."""
        return 1.0 + math.log((1 + len(self.passages)) / (1 + self._spread[stem]))

    def _all_stems(self, text: str) -> Iterator[str]:
        for term in self._analyser.terms(text):
            yield from ({term.stem, *term.parts} - self._ignored)


def _best(request: str, passages: Sequence[Passage], contents: _Contents) -> Passage | None:
    """The passage that treats most of a request, None when none treats enough of it."""
    asked = contents.asked(request)
    whole = sum(contents.weight(stem) for stem in asked)
    best: tuple[float, Passage] | None = None
    for passage, stems in zip(passages, contents.passages, strict=True):
        shared = _shared(asked, stems)
        if len(shared) < min(_LEAST_WORDS, len(asked)) or not shared:
            continue
        covered = sum(contents.weight(stem) * share for stem, share in shared.items()) / whole
        if covered >= _LEAST_COVERED and (best is None or covered > best[0]):
            best = covered, passage
    return best[1] if best else None


def _shared(asked: Mapping[str, Iterable[str]], stems: set[str]) -> dict[str, float]:
    """Which words of a request a passage has, wholly or by a part of a compound."""
    shared: dict[str, float] = {}
    for stem, ways in asked.items():
        found = [way for way in ways if way in stems]
        if stem in found:
            shared[stem] = 1.0
        elif found:
            shared[stem] = len(found) / max(1, len(set(ways) - {stem}))
    return shared
