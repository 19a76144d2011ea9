"""The reply in the archive that addresses each request of a letter, judged by its words.

A request without a reply here may well have been answered: the archive may lack the reply. So a caller can say that an
answer was found, that a reply was found but nothing in it on this point, or that this archive has no answer.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.language.courtesies import find_salutation
from ingest.language.dates.patterns import YEAR
from ingest.language.numbers import TWO_TO_TWELVE
from ingest.links.graph import LinkKind, Links
from ingest.requests.points import Point, match_by_number, match_in_order, numbers_of, points_of
from vectorstore.analysis.dutch import STOPWORDS, Analyser, Term, tokens
from vectorstore.analysis.expansion import Thesaurus
from vectorstore.letters import Letter, Passage, Request
from vectorstore.store.source import LetterSource

_LEAST_COVERED = 0.55
"""Share of a request's content that a passage must cover to count as its answer; from the cases in the tests."""

_VERB = 0.5
"""Weight of a verb: "verkorten" tells less of what is asked than "wachttijd"."""

_COMMON = 0.5
"""Weight taken off the commonest words."""

_SYNONYM = 0.7
"""Weight of a synonym."""

_LEAST_TREATED = 0.3
"""Share of a request's content that a paragraph must cover if its words say that it responds and no other has as much.
"""

_LEAD = 1.25
"""Factor by which that paragraph must cover more of a request than any other does."""

_ASKING = frozenset(
    """
    advies adviseren aandacht aangeven antwoord beantwoorden binnen brief cliëntenraad clientenraad adviesraad college
    gemeente graag reactie schriftelijk schriftelijke vernemen ontvangen raad verzoek verzoeken vraag vragen week weken
    maand maanden wethouder willen zien zouden zorgen daarom dringend pleiten vindt vinden laten weten geven komen
    opnieuw mogelijk bekijken kunnen moeten hoeveel inwoners mensen voorts reeds daarnaast tevens verder zoals gebeuren dringen
    stellen houden staan maken fijn slotte concreet eerst eigenlijk suggestie voorstel pleidooi wens oproep punt
    """.split()
)
"""Words of asking and of letters, which do not tell what is asked."""


@dataclass(frozen=True, slots=True)
class AnsweredRequest:
    """A request with the replies to its letter in the archive.

    Attributes:
        request: what is asked.
        replies: ids of the letters that reply to the letter with the request, the earliest first.
        passage: the passage of one of them that addresses it; None if none certainly does.
    """

    request: Request
    replies: tuple[str, ...]
    passage: Passage | None


def find_answers(
    letter: Letter, links: Links, store: LetterSource, analyser: Analyser, thesaurus: Thesaurus
) -> tuple[AnsweredRequest, ...]:
    """Return for each request of a letter the replies and the answer in the archive.

    Args:
        letter: of the store.
        links: up to date with the store.
        store: where the replies are.
        analyser: for the words of requests and replies.
        thesaurus: other words for what is asked.
    """
    replies = _replies(letter, links, store)
    passages = [passage for passage in store.passages_of(replies) if _may_answer(passage)]
    points = list(points_of(passages))
    contents = _Contents(analyser, thesaurus, [point.text for point in points])
    found = _match_passages(letter, passages, points, contents) if passages else {}
    return tuple(AnsweredRequest(request, replies, found.get(request)) for request in letter.requests)


def _may_answer(passage: Passage) -> bool:
    """Check whether the author of a reply speaks in a passage, below the salutation."""
    salutation = find_salutation(passage.letter.text)
    return passage.voice is passage.letter.author and not (salutation and passage.end <= salutation.end())


def _replies(letter: Letter, links: Links, store: LetterSource) -> tuple[str, ...]:
    """Return the letters that reply to a letter, the earliest first."""
    givers = {link.giver for link in links.to(letter.id) if link.kind is LinkKind.REPLIES}
    found = [store.cards[giver] for giver in givers if giver in store.cards]
    return tuple(card.id for card in sorted(found, key=lambda card: (str(card.date or "9999"), card.id)))


@dataclass(frozen=True, slots=True)
class _Word:
    """A content word of a request.

    Attributes:
        stem: of the word.
        parts: stems of its parts, if a compound.
        others: stems of the words of each other way to say it.
        weight: how telling a match is: higher if fewer paragraphs have the word.
    """

    stem: str
    parts: frozenset[str]
    others: tuple[frozenset[str], ...]
    weight: float

    def share_in(self, stems: set[str]) -> float:
        """Return how much of the word is among the stems of a text, 0..1."""
        if self.stem in stems:
            return 1.0
        synonym = _SYNONYM if any(other <= stems for other in self.others) else 0.0
        return max(synonym, len(self.parts & stems) / len(self.parts) if self.parts else 0.0)


_REASON = re.compile(r",? (?:zoals|zodat|want|omdat|aangezien|totdat|opdat|in plaats van)\b.*", re.S)
"""The reason that a request adds to what it asks."""

_HOW_MANY = re.compile(r"\bhoe ?(?:veel|vaak)\b", re.I)
_NUMBER = re.compile(
    rf"(?<![\w.-])(?!{YEAR}\b)\d|\b(?:{TWO_TO_TWELVE}|\w+tig|honderd|geen|niemand)\b",
    re.I,
)


class _Contents:
    """The content words of a reply, and of the requests.

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

    def words_asked(self, text: str) -> list[_Word]:
        """Return the content words of a request."""
        words: dict[str, _Word] = {}
        for term in self._analyser.terms(_REASON.sub("", text, count=1)):
            if term.stem not in self._ignored and len(term.surface) > 2:
                parts = frozenset(term.parts) - self._ignored
                words[term.stem] = _Word(term.stem, parts, tuple(self._others(term)), self._weight(term))
        return list(words.values())

    def stems(self, text: str) -> set[str]:
        """Return the stems of the content words of a text, those of the parts of compounds included."""
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


def _match_passages(
    letter: Letter, passages: Sequence[Passage], points: Sequence[Point], contents: _Contents
) -> dict[Request, Passage]:
    """Return for each request the passage that certainly addresses it.

    That is the passage whose words cover most of it, if they cover enough; else the point with its number; else the
    paragraph that says it addresses a request, if it covers more of this request than of any other, and more of it than
    any other paragraph does. A request for nothing but a reply is met by the first passage of one.
    """
    asked = _discount_shared({r: contents.words_asked(letter.text[r.start : r.end]) for r in letter.requests})
    stems = [(passage, contents.stems(passage.text)) for passage in passages]
    found = {request: passages[0] for request, words in asked.items() if not words}
    for request, words in asked.items():
        share, passage = max(((_coverage(words, held), passage) for passage, held in stems), key=lambda pair: pair[0])
        if share >= _LEAST_COVERED:
            found.setdefault(request, passage)
    numbers = numbers_of(letter)
    by_number = match_by_number(points, numbers) if numbers else _in_order(asked, points, contents)
    for request, point in (*by_number.items(), *_find_leading(letter, asked, points, contents)):
        found.setdefault(request, point.passage)
    return found


def _in_order(
    asked: Mapping[Request, list[_Word]], points: Sequence[Point], contents: _Contents
) -> dict[Request, Point]:
    """Return the points of a reply in the order of the requests, if most pairs have words in common."""
    pairs = match_in_order(points, [request for request, words in asked.items() if words])
    common = [request for request, point in pairs.items() if _coverage(asked[request], contents.stems(point.text))]
    return pairs if len(common) * 2 > len(pairs) else {}


def _discount_shared(asked: Mapping[Request, list[_Word]]) -> dict[Request, list[_Word]]:
    """Return the words of each request, with less weight for words that many requests share."""
    spread = Counter(word.stem for words in asked.values() for word in words)
    return {
        request: [replace(word, weight=word.weight / math.sqrt(spread[word.stem])) for word in words]
        for request, words in asked.items()
    }


def _find_leading(
    letter: Letter, asked: Mapping[Request, list[_Word]], points: Sequence[Point], contents: _Contents
) -> Iterator[tuple[Request, Point]]:
    """Yield requests with the paragraph that addresses them clearly more than any other."""
    held = [contents.stems(point.text) for point in points]
    shares = {request: [_coverage(words, stems) for stems in held] for request, words in asked.items() if words}
    for request, row in shares.items():
        place = max(range(len(row)), key=row.__getitem__)
        most = max(other[place] for other in shares.values())
        whole = any(word.share_in(held[place]) >= _SYNONYM for word in asked[request])
        text = letter.text[request.start : request.end]
        counted = not _HOW_MANY.search(text) or _NUMBER.search(points[place].text)
        second = max((share for number, share in enumerate(row) if number != place), default=0.0)
        if whole and counted and points[place].responds and row[place] >= max(_LEAST_TREATED, _LEAD * second, most):
            yield request, points[place]


def _coverage(words: Sequence[_Word], stems: set[str]) -> float:
    """Return how much of what is asked is among the stems of a text, 0..1."""
    whole = sum(word.weight for word in words)
    return sum(word.weight * word.share_in(stems) for word in words) / whole if whole else 0.0
