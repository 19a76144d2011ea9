"""Question to ranked passages: dense and lexical search, their fusion on scores, and filters."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

import numpy as np

from vectorstore.embedding import Embedder
from vectorstore.expansion import Concept, Expander
from vectorstore.letters import Filters, Passage, Voice
from vectorstore.lexical import DamagedIndex, LexicalIndex, context_of
from vectorstore.reranking import RERANKED, Reranker
from vectorstore.store import Store, voices_in

CANDIDATES = 100
"""Passages each kind of search brings to the fusion."""

CONSIDERED = 20
"""Passages beyond those wanted whose speaker is looked at before the best are chosen."""

VOICE_BONUS = 0.5
"""Standard deviations that a passage gains when the asked speaker speaks in it."""

DENSE_WEIGHT = 0.35
"""Weight of the dense z-score beside the lexical one (1.0), tuned by `python -m eval tune`."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for.

    Attributes:
        text: the question, standing on its own.
        count: how many passages are wanted.
        english: the question is in English.
        filters: which passages may be found.
        voice: whose words are preferred; others are still found.
    """

    text: str
    count: int = 10
    english: bool = False
    filters: Filters = field(default_factory=Filters)
    voice: Voice | None = None

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError("a query asks for at least one passage")


@dataclass(frozen=True, slots=True)
class Why:
    """What a hit's rank rests on: its BM25 score, its cosine similarity, both as z-scores among the candidates, and the
    score of the reranker where one read it.
    """

    lexical: float
    dense: float
    lexical_z: float
    dense_z: float
    rerank: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, its fused score, and why."""

    passage: Passage
    score: float
    why: Why


class Archive:
    """The archive as one thing that can be searched, by several threads at once.

    Args:
        store: letters and passages.
        index: BM25 derived from it.
        embedder: the model the store was made with; None searches by words alone.
        expander: makes concepts of questions.
        dense_weight: weight of the dense z-score beside the lexical one.
        reranker: reads the best passages once more; None to leave them as they are.
        rerank_count: how many it reads.
    """

    def __init__(
        self,
        store: Store,
        index: LexicalIndex,
        embedder: Embedder | None,
        expander: Expander,
        dense_weight: float = DENSE_WEIGHT,
        reranker: Reranker | None = None,
        rerank_count: int = RERANKED,
    ) -> None:
        self.store = store
        self._index = index
        self._embedder = embedder
        self._expander = expander
        self._dense_weight = dense_weight
        self.reranker = reranker
        self._rerank_count = rerank_count
        self.analyser = expander.analyser
        self._lock = threading.RLock()
        index.catch_up(store)

    def refresh(self) -> bool:
        """See what other processes wrote since; True when there was something."""
        with self._lock:
            changed = self.store.refresh()
            if changed:
                self._index.catch_up(self.store)
            return changed

    def health(self) -> dict[str, int | bool]:
        """How many letters the BM25 index holds, and whether they are all of them."""
        held = self._index.versions
        return {"letters": len(held), "complete": held == self.store.versions()}

    def concepts(self, query: Query) -> tuple[Concept, ...]:
        """What the query asks about."""
        return self._expander.concepts(query.text, query.english)

    def rarity(self, concept: Concept) -> float:
        """Inverse document frequency of a concept: 0 for one that stands everywhere, higher the rarer it is."""
        total = max(1, self.store.passage_count())
        found = self._index.frequency(concept)
        return float(np.log1p((total - found + 0.5) / (found + 0.5))) if found < total else 0.0

    @property
    def most_rarity(self) -> float:
        """The rarity of what stands nowhere in the archive."""
        return float(np.log1p((max(1, self.store.passage_count()) + 0.5) / 0.5))

    def search(self, query: Query) -> list[Hit]:
        """The passages that fit best, best first, in the order of the reranker where there is one."""
        if self.reranker is None:
            return self.candidates(query)
        wide = replace(query, count=max(query.count, self._rerank_count))
        with self._lock:
            return self._reranked(self.reranker, query, self.candidates(wide))[: query.count]

    def candidates(self, query: Query) -> list[Hit]:
        """The passages that fit best by fusion alone, best first."""
        with self._lock:
            lexical = self._lexical(query)
            dense = self._dense(query, lexical)
            return self._fused(query, lexical, dense)

    def _lexical(self, query: Query) -> dict[str, float]:
        """BM25 scores; an index that was damaged meanwhile is made whole first."""
        wanted = (self.concepts(query), query.text, max(CANDIDATES, query.count), query.filters)
        try:
            return self._index.search(*wanted)
        except DamagedIndex:
            self._index.start_over()
            self._index.catch_up(self.store)
            return self._index.search(*wanted)

    def _fused(self, query: Query, lexical: dict[str, float], dense: dict[str, float]) -> list[Hit]:
        """Hits by the sum of their z-scores, those of the asked speaker lifted."""
        identifiers = sorted({*lexical, *dense})
        words = np.array([lexical.get(identifier, 0.0) for identifier in identifiers])
        meaning = np.array([dense.get(identifier, 0.0) for identifier in identifiers])
        words_z, meaning_z = _standardised(words), _standardised(meaning)
        fused = words_z + self._dense_weight * meaning_z
        best = np.argsort(-fused, kind="stable")[: query.count * 2 + CONSIDERED]
        passages = self.store.passages([identifiers[i] for i in best])
        hits = [
            Hit(
                passage,
                float(fused[i]) + self._preference(query, passage),
                Why(float(words[i]), float(meaning[i]), float(words_z[i]), float(meaning_z[i])),
            )
            for i in best
            if (passage := passages.get(identifiers[i])) is not None
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))[: query.count]

    def _reranked(self, reranker: Reranker, query: Query, hits: list[Hit]) -> list[Hit]:
        """The first hits in the order of the reranker, each with the score that belongs to its new place."""
        first, rest = hits[: self._rerank_count], hits[self._rerank_count :]
        texts = [f"{context_of(hit.passage)}\n{hit.passage.text}" for hit in first]
        scores = reranker.scores(query.text, texts) if texts else np.zeros(0)
        liking = _standardised(scores) + [self._preference(query, hit.passage) for hit in first]
        order = np.argsort(-liking, kind="stable")
        moved = [
            replace(first[i], score=place.score, why=replace(first[i].why, rerank=float(scores[i])))
            for i, place in zip(order, first, strict=True)
        ]
        return moved + rest

    def _preference(self, query: Query, passage: Passage) -> float:
        """What a passage gains when the asked speaker speaks in it."""
        return VOICE_BONUS if query.voice is not None and query.voice in voices_in(passage) else 0.0

    def _dense(self, query: Query, lexical: dict[str, float]) -> dict[str, float]:
        """Cosine similarity of the nearest passages and of every passage that BM25 found."""
        if self._embedder is None:
            return {}
        vector = self._embedder.embed_query(query.text)
        found = self.store.similar(vector, max(CANDIDATES, query.count), query.filters)
        missing = [identifier for identifier in lexical if identifier not in found]
        found |= {name: float(row @ vector) for name, row in self.store.vectors(missing).items()}
        return found


def _standardised(scores: np.ndarray[tuple[int], np.dtype[np.float64]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Scores as standard deviations from their mean; all zero when they do not differ."""
    if not scores.size:
        return scores
    spread = scores.std()
    result: np.ndarray[tuple[int], np.dtype[np.float64]] = (
        (scores - scores.mean()) / spread if spread > 0 else scores * 0
    )
    return result
