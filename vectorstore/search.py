"""From question to ranked passages: dense and lexical search, their fusion on scores, and filters.

Two kinds of search become one ranking by weighted sums of z-scores, after Montague and Aslam, "Relevance score
normalization for metasearch" (CIKM 2001), with passages of other letters first where a question asks for several.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from vectorstore.analysis.dutch import tokens
from vectorstore.analysis.expansion import Concept, Expander
from vectorstore.filtering import voices_in
from vectorstore.indexes.dense import DenseIndex, Similarity
from vectorstore.indexes.lexical import LexicalIndex
from vectorstore.letters import Filters, Passage, Voice, context_of
from vectorstore.models.embedder import Embedder
from vectorstore.models.reader import Reader
from vectorstore.models.reranker import RERANKED, Reranker
from vectorstore.store.source import LetterSource

CANDIDATES = 100
"""Number of passages that each kind of search contributes to the fusion."""

CONSIDERED = 20
"""Number of passages, beyond those wanted, considered when those of several letters are chosen."""


Scores = npt.NDArray[np.float64]
Ranked = TypeVar("Ranked")


@dataclass(frozen=True, slots=True)
class Query:
    """One search.

    Attributes:
        text: the question, standing on its own.
        count: how many passages are wanted.
        english: the question is in English.
        filters: which passages may be found.
        voice: whose words are preferred; others are still found.
        several: several letters are asked for, so one letter should not take all places.
        words: the words of the text, folded; read from it if left out.
    """

    text: str
    count: int = 10
    english: bool = False
    filters: Filters = field(default_factory=Filters)
    voice: Voice | None = None
    several: bool = False
    words: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError("a query asks for at least one passage")
        if not self.words:
            object.__setattr__(self, "words", tuple(tokens(self.text)))


@dataclass(frozen=True, slots=True)
class Why:
    """The scores behind a hit's rank: BM25, cosine similarity, both as z-scores among the candidates, and the score of
    the reranker if one read it."""

    lexical: float
    dense: float
    lexical_z: float
    dense_z: float
    rerank: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, its fused score, and the scores behind it."""

    passage: Passage
    score: float
    why: Why


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a query, by the id of passages.

    Attributes:
        lexical: BM25 scores.
        dense: similarities, also of what BM25 found.
    """

    lexical: dict[str, float]
    dense: dict[str, Similarity]


@dataclass(frozen=True, slots=True)
class Fusion:
    """Weights beside the lexical z-score (1.0), in standard deviations; tuned by `python -m eval tune`.

    Attributes:
        dense: weight of the dense z-score, which is capped at `nearest`.
        nearest: cap on the dense z-score of a passage.
        dense_english: weight of the uncapped dense z-score for an English question, which BM25 sees in translation.
        voice: added to a passage in which the requested speaker speaks.
        spread: subtracted for each better passage of the same letter, when a question asks for several letters.
    """

    dense: float = 0.45
    nearest: float = 2.0
    dense_english: float = 1.4
    voice: float = 1.5
    spread: float = 1.0

    def combine(self, lexical: Scores, dense: Scores, english: bool) -> Scores:
        """Combine the two z-scores of each candidate into one; all arrays have shape (candidates,)."""
        if english:
            return lexical + self.dense_english * dense
        return lexical + self.dense * np.minimum(dense, self.nearest)


class Archive:
    """The searchable archive as it is at one revision, safe for use by several threads at once.

    Args:
        store: letters and passages.
        index: BM25 over them.
        dense: their vectors.
        embedder: the model the vectors come from; None to search by words alone.
        expander: turns questions into concepts.
        fusion: weights beside the lexical score.
        reranker: reads the best passages once more; None to leave them as they are.
        rerank_count: how many it reads.
        reader: tells of the best passages how far they answer; None to go by what their words and vectors say.
    """

    def __init__(
        self,
        store: LetterSource,
        index: LexicalIndex,
        dense: DenseIndex,
        embedder: Embedder | None,
        expander: Expander,
        fusion: Fusion = Fusion(),
        reranker: Reranker | None = None,
        rerank_count: int = RERANKED,
        reader: Reader | None = None,
    ) -> None:
        self.store = store
        self._index = index
        self._embedder = embedder
        self._expander = expander
        self._fusion = fusion
        self.reranker = reranker
        self.reader = reader
        self._rerank_count = rerank_count
        self.analyser = expander.analyser
        self._vectors = dense

    @property
    def model(self) -> str:
        """Return the fingerprint of the model that search by meaning rests on; empty when there is no such search."""
        return self._embedder.fingerprint if self._embedder else ""

    def having(self, fusion: Fusion) -> Archive:
        """Return the same with other weights beside the lexical score."""
        other = copy.copy(self)
        other._fusion = fusion
        return other

    def current(self) -> Archive:
        """Return itself, as it never changes."""
        return self

    def health(self) -> dict[str, int | bool]:
        """Return how many letters the BM25 index holds, and whether both indexes are complete."""
        held, stored = self._index.versions, self.store.versions()
        return {"letters": len(held), "complete": held == stored == self._vectors.versions}

    def concepts(self, query: Query) -> tuple[Concept, ...]:
        """Return the concepts that the query asks about."""
        return self._expander.concepts(query.words, query.english)

    def rarity(self, concept: Concept) -> float:
        """Return the inverse document frequency of a concept: 0 if it occurs everywhere, higher the rarer it is."""
        total = max(1, self.store.passage_count())
        found = self._index.frequency(concept)
        return float(np.log1p((total - found + 0.5) / (found + 0.5))) if found < total else 0.0

    @property
    def most_rarity(self) -> float:
        """Return the rarity of a concept that occurs nowhere in the archive."""
        return float(np.log1p((max(1, self.store.passage_count()) + 0.5) / 0.5))

    def search(self, query: Query) -> list[Hit]:
        """Return the best passages, best first, reranked if there is a reranker."""
        if self.reranker is None:
            return self.candidates(query)
        wide = replace(query, count=max(query.count, self._rerank_count))
        return self._rerank(self.reranker, query, self.candidates(wide))[: query.count]

    def candidates(self, query: Query) -> list[Hit]:
        """Return the best passages by fusion alone, best first."""
        return self.fuse(query, self.find(query))

    def find(self, query: Query) -> Found:
        """Return what each kind of search finds by itself, whatever the weights of their fusion."""
        lexical = self._index.search(self.concepts(query), query.words, max(CANDIDATES, query.count), query.filters)
        return Found(lexical, self._dense(query, lexical))

    def fuse(self, query: Query, found: Found) -> list[Hit]:
        """Return hits scored by the sum of their z-scores, those of the requested speaker boosted."""
        lexical, dense = found.lexical, found.dense
        names = sorted({*lexical, *dense})
        words = np.array([lexical.get(name, 0.0) for name in names])
        meaning = np.array([dense[name].whole if name in dense else 0.0 for name in names])
        words_z, meaning_z = standardise(words), standardise(meaning)
        fused = self._fusion.combine(words_z, meaning_z, query.english)
        if query.voice is not None:
            fused = fused + self._fusion.voice * self._vectors.speaks(names, query.voice)
        best = np.argsort(-fused, kind="stable")[: query.count + (CONSIDERED if query.several else 0)]
        passages = self.store.passages([names[i] for i in best])
        hits = [
            Hit(
                passage,
                float(fused[i]),
                Why(
                    float(words[i]),
                    dense[passage.id].passage if passage.id in dense else 0.0,
                    float(words_z[i]),
                    float(meaning_z[i]),
                ),
            )
            for i in best
            if (passage := passages.get(names[i])) is not None
        ]
        return self._order(query, hits)[: query.count]

    def _order(self, query: Query, hits: list[Hit]) -> list[Hit]:
        """Sort hits by score, with those of other letters first if several letters are asked for."""
        ranked = sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))
        if not query.several:
            return ranked
        return spread_out(ranked, lambda hit: hit.score, lambda hit: hit.passage.letter.id, self._fusion.spread)

    def _rerank(self, reranker: Reranker, query: Query, hits: list[Hit]) -> list[Hit]:
        """Reorder the first hits by the reranker; each gets the score that belongs to its new place."""
        first, rest = hits[: self._rerank_count], hits[self._rerank_count :]
        texts = [f"{context_of(hit.passage)}\n{hit.passage.text}" for hit in first]
        scores = reranker.scores(query.text, texts) if texts else np.zeros(0)
        liking = standardise(scores) + [self._preference(query, hit.passage) for hit in first]
        order = np.argsort(-liking, kind="stable")
        moved = [
            replace(first[i], score=place.score, why=replace(first[i].why, rerank=float(scores[i])))
            for i, place in zip(order, first, strict=True)
        ]
        return moved + rest

    def _preference(self, query: Query, passage: Passage) -> float:
        """Return the boost of a passage in which the requested speaker speaks."""
        return self._fusion.voice if query.voice is not None and query.voice in voices_in(passage) else 0.0

    def _dense(self, query: Query, lexical: dict[str, float]) -> dict[str, Similarity]:
        """Return the similarity of the nearest passages and of every passage that BM25 found."""
        if self._embedder is None:
            return {}
        vector = self._embedder.embed_query(query.text)
        return self._vectors.search(vector, max(CANDIDATES, query.count), query.filters, lexical)


def standardise(scores: Scores) -> Scores:
    """Standardise scores to z-scores; all zero if they do not differ."""
    if not scores.size:
        return scores
    spread = scores.std()
    result: Scores = (scores - scores.mean()) / spread if spread > 0 else scores * 0
    return result


def spread_out(
    ranked: Sequence[Ranked], score: Callable[[Ranked], float], letter: Callable[[Ranked], str], loss: float
) -> list[Ranked]:
    """Rank the items best first, where each loses `loss` for every better one of its letter."""
    left, found, seen = list(ranked), list[Ranked](), Counter[str]()
    while left:
        best = max(range(len(left)), key=lambda place: score(left[place]) - loss * seen[letter(left[place])])
        seen[letter(left[best])] += 1
        found.append(left.pop(best))
    return found
