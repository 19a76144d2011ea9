"""The vectors of an archive made again with another embedding model; its letters and passages stay as they are.

What was embedded is kept as it comes, so that a run that is killed is gone on with by the next. Until every passage has
its new vector the archive is searched with the old ones, and letters may come and go.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass

import numpy as np

from ingest.alone import writing_alone
from ingest.desk import embedded_text
from vectorstore.dense import DenseIndex
from vectorstore.embedding import Embedder, Vectors
from vectorstore.letters import Passage, letter_id_of
from vectorstore.store import Store

Progress = Callable[[int, int], AbstractContextManager[Callable[[int], object]]]
"""Given how many passages have their vector and how many there are, shows that; the value is told of each that follow."""

_BATCH_LETTERS = 200
"""Letters read at once; their passages are embedded by length, so that those in one batch are of a size."""

_MOST_WAITING = 1000
"""Passages that are put at once: Chroma writes many in little more time than a few."""

_LONGEST_WAIT = 2.0
"""Seconds of embedding after which what there is is put."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a run did.

    Attributes:
        model: fingerprint of the model the vectors are of now.
        former: of the model they were of before; the same when there was nothing to do.
        passages: how many there are.
        embedded: how many got their vector in this run.
        seconds: that it took.
    """

    model: str
    former: str
    passages: int
    embedded: int
    seconds: float

    @property
    def changed(self) -> bool:
        """There was something to do."""
        return self.model != self.former

    def json(self) -> dict[str, object]:
        """The same as plain values."""
        return {**asdict(self), "changed": self.changed, "seconds": round(self.seconds, 3)}


class Reembedding:
    """Brings an archive over to another embedding model.

    Args:
        store: opened with the model it is of.
        embedder: the other model.
        batch_size: passages embedded at once.
        dense: the index of the store's vectors, to have it ready for the first question.
        wait: seconds of embedding that a killed run may lose, beside one batch.
    """

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        *,
        batch_size: int = 64,
        dense: DenseIndex | None = None,
        wait: float = _LONGEST_WAIT,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._batch_size = batch_size
        self._dense = dense
        self._wait = wait

    def run(self, progress: Progress = lambda *_: nullcontext(lambda _: None)) -> Renewal:
        """Embed every passage that has no vector of the model yet, and put these vectors in place.

        Raises:
            ArchiveUnavailable: the archive cannot be written, or another process is writing it.
            ArchiveMismatch: another process brought it over to a model meanwhile.
        """
        began, former, embedded = time.perf_counter(), self._store.fingerprint.embedding, 0
        model = self._embedder.fingerprint
        with writing_alone(self._store.location.data):
            self._catch_up()
            if former == model:
                self._store.give_up_successor()
            while self._store.fingerprint.embedding != model:
                embedded += self._embed_missing(progress)
                if not self._store.succeed(model):
                    self._catch_up()
            if self._dense is not None:
                self._dense.catch_up(self._store)
        return Renewal(model, former, self._store.passage_count(), embedded, time.perf_counter() - began)

    def _catch_up(self) -> None:
        self._store.refresh()
        self._store.sweep()

    def _embed_missing(self, progress: Progress) -> int:
        """Embed passages that have no vector of the model; returns how many."""
        present = self._store.begin_successor(self._embedder.fingerprint)
        embedded = 0
        with progress(len(present), self._store.passage_count()) as advance:
            for passages, vectors in self._embedded(self._missing(present)):
                self._store.put_vectors(self._embedder.fingerprint, passages, vectors)
                embedded += len(passages)
                advance(len(passages))
        return embedded

    def _embedded(self, batches: Iterable[list[Passage]]) -> Iterator[tuple[list[Passage], Vectors]]:
        """Passages with their vectors, as many at once as are embedded soon."""
        passages: list[Passage] = []
        vectors: list[Vectors] = []
        since = time.monotonic()
        for batch in batches:
            passages += batch
            vectors.append(self._embedder.embed_passages([embedded_text(passage) for passage in batch]))
            if len(passages) >= _MOST_WAITING or time.monotonic() - since >= self._wait:
                yield passages, np.concatenate(vectors)
                passages, vectors, since = [], [], time.monotonic()
        if passages:
            yield passages, np.concatenate(vectors)

    def _missing(self, present: set[str]) -> Iterator[list[Passage]]:
        """Passages that are not among these, in batches, the longest of every few letters first."""
        counts = Counter(letter_id_of(passage) for passage in present)
        letters = [name for name in self._store.versions() if counts[name] < self._store.records[name].passages]
        for start in range(0, len(letters), _BATCH_LETTERS):
            own = self._store.passages_of(letters[start : start + _BATCH_LETTERS])
            missing = [passage for passage in own if passage.id not in present]
            missing.sort(key=lambda passage: passage.start - passage.end)
            for first in range(0, len(missing), self._batch_size):
                yield missing[first : first + self._batch_size]
