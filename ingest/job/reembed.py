"""Re-embedding: new vectors for an archive from another model; its letters and passages stay as they are.

Vectors are stored as they come, so that the next run resumes a killed one. Until every passage has its new vector, the
archive is searched with the old ones, and letters may come and go.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass

import numpy as np

from ingest.job.publication import is_published, prepare_publication
from vectorstore.analysis.dutch import Analyser
from vectorstore.letters import Passage, embedded_text, letter_id_of
from vectorstore.models.embedder import Embedder, Vectors
from vectorstore.store.lock import write_lock
from vectorstore.store.store import Store

EmbeddingProgress = Callable[[int, int], AbstractContextManager[Callable[[int], object]]]
"""Called with the number of passages done and in total, it shows progress; the value it gives is told of further ones.
"""

_BATCH_LETTERS = 200
"""Number of letters read at once; their passages are sorted by length, so that those in one batch are of a size."""

_MOST_WAITING = 1000
"""Number of passages stored at once: Chroma writes many in little more time than a few."""

_LONGEST_WAIT = 2.0
"""Seconds of embedding after which the vectors at hand are stored."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """The result of a run.

    Attributes:
        model: fingerprint of the model of the vectors now.
        former: fingerprint of the model before; the same if there was nothing to do.
        passages: how many there are.
        embedded: how many got their vector in this run.
        seconds: duration.
    """

    model: str
    former: str
    passages: int
    embedded: int
    seconds: float

    @property
    def changed(self) -> bool:
        """Check whether there was anything to do."""
        return self.model != self.former

    def json(self) -> dict[str, object]:
        """Return the result as plain values."""
        return {**asdict(self), "changed": self.changed, "seconds": round(self.seconds, 3)}


class Reembedding:
    """A job that converts an archive to another embedding model.

    Args:
        store: opened with the model it was built with.
        embedder: the other model.
        batch_size: passages embedded at once.
        analyser: of the index of words that is published; None to publish nothing.
        wait: seconds of embedding that a killed run may lose, besides one batch.
    """

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        *,
        batch_size: int = 64,
        analyser: Analyser | None = None,
        wait: float = _LONGEST_WAIT,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._batch_size = batch_size
        self._analyser = analyser
        self._wait = wait

    def run(self, progress: EmbeddingProgress = lambda *_: nullcontext(lambda _: None)) -> Renewal:
        """Embed every passage that has no vector of the model yet, and switch to these vectors.

        Raises:
            ArchiveUnavailable: the archive cannot be written, or another process is writing it.
            ArchiveMismatch: another process converted it to a model meanwhile.
        """
        began, former, embedded = time.perf_counter(), self._store.fingerprint.embedding, 0
        model = self._embedder.fingerprint
        with write_lock(self._store.location.data):
            self._catch_up()
            if former == model:
                self._store.give_up_successor()
            while self._store.fingerprint.embedding != model:
                embedded += self._embed_missing(progress)
                if not self._store.switch_to_successor(model):
                    self._catch_up()
            if self._analyser is not None and not is_published(self._store):
                with prepare_publication(self._store, self._analyser) as publication:
                    publication.publish()
            self._store.scrub()
        return Renewal(model, former, self._store.passage_count(), embedded, time.perf_counter() - began)

    def _catch_up(self) -> None:
        self._store.refresh()
        self._store.sweep()

    def _embed_missing(self, progress: EmbeddingProgress) -> int:
        """Embed passages that have no vector of the model; return how many."""
        present = self._store.begin_successor(self._embedder.fingerprint)
        embedded = 0
        with progress(len(present), self._store.passage_count()) as advance:
            for passages, vectors in self._embed(self._missing(present)):
                self._store.put_vectors(self._embedder.fingerprint, passages, vectors)
                embedded += len(passages)
                advance(len(passages))
        return embedded

    def _embed(self, batches: Iterable[list[Passage]]) -> Iterator[tuple[list[Passage], Vectors]]:
        """Embed passages, yielding them with their vectors in batches of a few seconds."""
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
        """Yield batches of passages that are not among these, the longest of every few letters first."""
        counts = Counter(letter_id_of(passage) for passage in present)
        letters = [name for name in self._store.versions() if counts[name] < self._store.records[name].passages]
        for start in range(0, len(letters), _BATCH_LETTERS):
            own = self._store.passages_of(letters[start : start + _BATCH_LETTERS])
            missing = [passage for passage in own if passage.id not in present]
            missing.sort(key=lambda passage: passage.start - passage.end)
            for first in range(0, len(missing), self._batch_size):
                yield missing[first : first + self._batch_size]
