"""Which reply in the archive treats what a letter asks, as far as its words tell.

A request without a reply here may well have been answered: the archive may miss the reply. So a caller can say that an
answer was found, that a reply was found but nothing in it on this point, or that this archive has no answer.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.links import LinkKind, Links
from ingest.points import Point, in_order, numbered, numbers_of, points_of
from vectorstore.dutch import STOPWORDS, Analyser, Term, tokens
from vectorstore.expansion import Thesaurus
from vectorstore.letters import Letter, Passage, Request
from vectorstore.store import Store

_LEAST_COVERED = 0.55
"""Share of a request's content that a passage must treat to count as its answer; from the cases in the tests."""

_VERB = 0.5
"""What a verb weighs: "verkorten" tells less of what is asked than "wachttijd"."""

_COMMON = 0.5
"""What the commonest words weigh less."""

_SYNONYM = 0.7
"""What another word for the same tells."""

_LEAST_TREATED = 0.3
"""Share of a request's content in a paragraph that by its words treats something asked, when no other has as much."""

_LEAD = 1.25
"""How many times more of a request that paragraph must treat than any other does."""

_SALUTATION = re.compile(r"^(?:geachte?|beste)\b.*$", re.I | re.M)
_ASKING = frozenset(
    """
    advies adviseren aandacht aangeven antwoord beantwoorden binnen brief cliëntenraad clientenraad adviesraad college
    gemeente graag reactie schriftelijk schriftelijke vernemen ontvangen raad verzoek verzoeken vraag vragen week weken
    maand maanden wethouder willen zien zouden zorgen daarom dringend pleiten vindt vinden laten weten geven komen
    opnieuw mogelijk bekijken kunnen moeten hoeveel inwoners mensen voorts reeds daarnaast tevens verder zoals gebeuren dringen
    stellen houden staan maken fijn slotte concreet eerst eigenlijk suggestie voorstel pleidooi wens oproep punt
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


def answers(
    letter: Letter, links: Links, store: Store, analyser: Analyser, thesaurus: Thesaurus
) -> tuple[Answered, ...]:
    """What the archive has in answer to each request of a letter.

    Args:
        letter: of the store.
        links: in step with the store.
        store: where the replies are.
        analyser: of the words of requests and replies.
        thesaurus: other words for what is asked.
    """
    replies = _replies(letter, links, store)
    passages = [passage for passage in store.passages_of(replies) if _may_answer(passage)]
    points = list(points_of(passages))
    contents = _Contents(analyser, thesaurus, [point.text for point in points])
    found = _treated(letter, passages, points, contents) if passages else {}
    return tuple(Answered(request, replies, found.get(request)) for request in letter.requests)


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
        others: stems of the words of each other way to say it.
        weight: what finding it tells: more when fewer paragraphs have it.
    """

    stem: str
    parts: frozenset[str]
    others: tuple[frozenset[str], ...]
    weight: float

    def share_in(self, stems: set[str]) -> float:
        """How much of the word is among the stems of a text, 0..1."""
        if self.stem in stems:
            return 1.0
        synonym = _SYNONYM if any(other <= stems for other in self.others) else 0.0
        return max(synonym, len(self.parts & stems) / len(self.parts) if self.parts else 0.0)


_REASON = re.compile(r",? (?:zoals|zodat|want|omdat|aangezien|totdat|opdat|in plaats van)\b.*", re.S)
"""What a request says after what it asks."""

_HOW_MANY = re.compile(r"\bhoe ?(?:veel|vaak)\b", re.I)
_NUMBER = re.compile(
    r"(?<![\w.-])(?!(?:19|20)\d\d\b)\d|\b(?:twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|\w+tig|honderd|geen|niemand)\b",
    re.I,
)


class _Contents:
    """The words of content of a reply, and of what is asked.

    Args:
        analyser: of the words.
        thesaurus: other words for what is asked.
        texts: of the paragraphs of the reply.
    """

    def __init__(self, analyser: Analyser, thesaurus: Thesaurus, texts: Sequence[str]) -> None:
        self._analyser = analyser
        self._thesaurus = thesaurus
        self._ignored = {analyser.stem(word) for word in _ASKING} | {analyser.stem(word) for word in STOPWORDS}
        self._spread = Counter(stem for text in texts for stem in self.stems(text))
        self._count = len(texts)

    def asked(self, text: str) -> list[_Word]:
        """The words of content in a request."""
        words: dict[str, _Word] = {}
        for term in self._analyser.terms(_REASON.sub("", text, count=1)):
            if term.stem not in self._ignored and len(term.surface) > 2:
                parts = frozenset(term.parts) - self._ignored
                words[term.stem] = _Word(term.stem, parts, tuple(self._others(term)), self._weight(term))
        return list(words.values())

    def stems(self, text: str) -> set[str]:
        """The stems of the words of content in a text, those of the parts of compounds too."""
        terms = self._analyser.terms(text)
        return {stem for term in terms for stem in (term.stem, *term.parts)} - self._ignored

    def _weight(self, term: Term) -> float:
        rarity = 1.0 + math.log((1 + self._count) / (1 + max(1, self._spread[term.stem])))
        speech = self._analyser.speech(term.surface)
        kind = _VERB if speech and speech <= {"v", "a"} else 1.0
        return rarity * kind * (1.0 - _COMMON * self._analyser.commonness(term.surface))

    def _others(self, term: Term) -> Iterator[frozenset[str]]:
        for phrase in self._thesaurus.lookup(term.surface, english=False):
            stems = frozenset(self._analyser.stem(word) for word in tokens(phrase)) - self._ignored
            if stems:
                yield stems


def _treated(
    letter: Letter, passages: Sequence[Passage], points: Sequence[Point], contents: _Contents
) -> dict[Request, Passage]:
    """The passage that treats each request for certain.

    That is the one whose words cover most of it, if they cover enough; else the point that has its number; else the
    paragraph that says that it treats something asked, when it covers more of this request than of any other, and more of
    it than any other paragraph does. A request for a reply and nothing else is met by the first passage of one.
    """
    asked = _told_apart({r: contents.asked(letter.text[r.start : r.end]) for r in letter.requests})
    stems = [(passage, contents.stems(passage.text)) for passage in passages]
    found = {request: passages[0] for request, words in asked.items() if not words}
    for request, words in asked.items():
        share, passage = max(((_covered(words, held), passage) for passage, held in stems), key=lambda pair: pair[0])
        if share >= _LEAST_COVERED:
            found.setdefault(request, passage)
    numbers = numbers_of(letter)
    by_number = numbered(points, numbers) if numbers else _in_order(asked, points, contents)
    for request, point in (*by_number.items(), *_leading(letter, asked, points, contents)):
        found.setdefault(request, point.passage)
    return found


def _in_order(
    asked: Mapping[Request, list[_Word]], points: Sequence[Point], contents: _Contents
) -> dict[Request, Point]:
    """The points of a reply in the order of the requests, when most pairs have words in common."""
    pairs = in_order(points, [request for request, words in asked.items() if words])
    common = [request for request, point in pairs.items() if _covered(asked[request], contents.stems(point.text))]
    return pairs if len(common) * 2 > len(pairs) else {}


def _told_apart(asked: Mapping[Request, list[_Word]]) -> dict[Request, list[_Word]]:
    """The words of each request, those weighing less that many requests have: they tell none from another."""
    spread = Counter(word.stem for words in asked.values() for word in words)
    return {
        request: [replace(word, weight=word.weight / math.sqrt(spread[word.stem])) for word in words]
        for request, words in asked.items()
    }


def _leading(
    letter: Letter, asked: Mapping[Request, list[_Word]], points: Sequence[Point], contents: _Contents
) -> Iterator[tuple[Request, Point]]:
    """Requests with the paragraph that leads all others in treating them."""
    held = [contents.stems(point.text) for point in points]
    shares = {request: [_covered(words, stems) for stems in held] for request, words in asked.items() if words}
    for request, row in shares.items():
        place = max(range(len(row)), key=row.__getitem__)
        most = max(other[place] for other in shares.values())
        whole = any(word.share_in(held[place]) >= _SYNONYM for word in asked[request])
        text = letter.text[request.start : request.end]
        counted = not _HOW_MANY.search(text) or _NUMBER.search(points[place].text)
        second = max((share for number, share in enumerate(row) if number != place), default=0.0)
        if whole and counted and points[place].responds and row[place] >= max(_LEAST_TREATED, _LEAD * second, most):
            yield request, points[place]


def _covered(words: Sequence[_Word], stems: set[str]) -> float:
    """How much of what is asked is among the stems of a text, 0..1."""
    whole = sum(word.weight for word in words)
    return sum(word.weight * word.share_in(stems) for word in words) / whole if whole else 0.0
