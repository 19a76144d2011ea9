"""Question to ranked passages: dense and lexical search, their fusion on scores, and filters."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

import numpy as np

from vectorstore.dense import DenseIndex, Similarity
from vectorstore.embedding import Embedder
from vectorstore.expansion import Concept, Expander
from vectorstore.fusion import Fusion, spread_out, standardised
from vectorstore.letters import Filters, Passage, Voice
from vectorstore.lexical import DamagedIndex, LexicalIndex, context_of
from vectorstore.reranking import RERANKED, Reranker
from vectorstore.store import Store, voices_in

CANDIDATES = 100
"""Passages each kind of search brings to the fusion."""

CONSIDERED = 20
"""Passages beyond those wanted that are looked at before those of several letters are chosen."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for.

    Attributes:
        text: the question, standing on its own.
        count: how many passages are wanted.
        english: the question is in English.
        filters: which passages may be found.
        voice: whose words are preferred; others are still found.
        several: several letters are asked for, so that one letter shall not take all places.
    """

    text: str
    count: int = 10
    english: bool = False
    filters: Filters = field(default_factory=Filters)
    voice: Voice | None = None
    several: bool = False

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
        fusion: what counts beside the lexical score.
        dense: vectors derived from the store; in memory when None.
        reranker: reads the best passages once more; None to leave them as they are.
        rerank_count: how many it reads.
    """

    def __init__(
        self,
        store: Store,
        index: LexicalIndex,
        embedder: Embedder | None,
        expander: Expander,
        fusion: Fusion = Fusion(),
        dense: DenseIndex | None = None,
        reranker: Reranker | None = None,
        rerank_count: int = RERANKED,
    ) -> None:
        self.store = store
        self._index = index
        self._embedder = embedder
        self._expander = expander
        self._fusion = fusion
        self.reranker = reranker
        self._rerank_count = rerank_count
        self.analyser = expander.analyser
        self._lock = threading.RLock()
        self._vectors = dense or DenseIndex(None)
        self._catch_up()

    def _catch_up(self) -> None:
        """Bring both indexes up to date with the store."""
        self._index.catch_up(self.store)
        self._vectors.catch_up(self.store)

    def refresh(self) -> bool:
        """See what other processes wrote since; True when there was something."""
        with self._lock:
            changed = self.store.refresh()
            if changed:
                self._catch_up()
            return changed

    def health(self) -> dict[str, int | bool]:
        """How many letters the BM25 index holds, and whether both indexes hold them all."""
        held, stored = self._index.versions, self.store.versions()
        return {"letters": len(held), "complete": held == stored == self._vectors.versions}

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

    def _fused(self, query: Query, lexical: dict[str, float], dense: dict[str, Similarity]) -> list[Hit]:
        """Hits by the sum of their z-scores, those of the asked speaker lifted."""
        names = sorted({*lexical, *dense})
        words = np.array([lexical.get(name, 0.0) for name in names])
        meaning = np.array([dense[name].whole if name in dense else 0.0 for name in names])
        words_z, meaning_z = standardised(words), standardised(meaning)
        fused = self._fusion.fused(words_z, meaning_z, query.english)
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
        return self._ordered(query, hits)[: query.count]

    def _ordered(self, query: Query, hits: list[Hit]) -> list[Hit]:
        """Hits by score, and those of other letters first when several are asked for."""
        ranked = sorted(hits, key=lambda hit: (-hit.score, hit.passage.id))
        if not query.several:
            return ranked
        return spread_out(ranked, lambda hit: hit.score, lambda hit: hit.passage.letter.id, self._fusion.spread)

    def _reranked(self, reranker: Reranker, query: Query, hits: list[Hit]) -> list[Hit]:
        """The first hits in the order of the reranker, each with the score that belongs to its new place."""
        first, rest = hits[: self._rerank_count], hits[self._rerank_count :]
        texts = [f"{context_of(hit.passage)}\n{hit.passage.text}" for hit in first]
        scores = reranker.scores(query.text, texts) if texts else np.zeros(0)
        liking = standardised(scores) + [self._preference(query, hit.passage) for hit in first]
        order = np.argsort(-liking, kind="stable")
        moved = [
            replace(first[i], score=place.score, why=replace(first[i].why, rerank=float(scores[i])))
            for i, place in zip(order, first, strict=True)
        ]
        return moved + rest

    def _preference(self, query: Query, passage: Passage) -> float:
        """What a passage gains when the asked speaker speaks in it."""
        return self._fusion.voice if query.voice is not None and query.voice in voices_in(passage) else 0.0

    def _dense(self, query: Query, lexical: dict[str, float]) -> dict[str, Similarity]:
        """Similarity of the nearest passages and of every passage that BM25 found."""
        if self._embedder is None:
            return {}
        vector = self._embedder.embed_query(query.text)
        return self._vectors.search(vector, max(CANDIDATES, query.count), query.filters, lexical)
