"""Batches of files on their way into the archive."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from vectorstore.letters import Letter, Passage, embedded_text
from vectorstore.models.embedder import Embedder
from vectorstore.store.store import FileRecord, Filing, Store

_MOST_WAITING = 2000
"""Number of passages that are embedded and stored at once."""

_LONGEST_WAIT = 2.0
"""Seconds after which a letter is stored, together with those read meanwhile."""


class BatchWriter:
    """A buffer of files for the archive: they are embedded and stored in batches, and none waits long.

    If an error ends the job, the buffer is still flushed: its files are complete.

    Args:
        store: the archive.
        embedder: the model the store was built with.
        stored: called after each batch.
    """

    def __init__(self, store: Store, embedder: Embedder, stored: Callable[[], None] = lambda: None) -> None:
        self._store = store
        self._embedder = embedder
        self._stored = stored
        self._waiting: dict[str, tuple[FileRecord, Letter | None, Sequence[Passage]]] = {}
        self._passages = 0
        self._since = 0.0

    def __enter__(self) -> BatchWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None or issubclass(kind, Exception):
            self.flush()

    def take(
        self,
        record: FileRecord,
        letter: Letter | None = None,
        passages: Sequence[Passage] = (),
        also: Sequence[FileRecord] = (),
    ) -> None:
        """Buffer a file to be stored soon; files in `also`, which it makes duplicates, are stored in the same step."""
        if any(one.id in self._waiting for one in (record, *also)):
            self.flush()
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting[record.id] = (record, letter, passages)
        self._waiting |= {one.id: (one, None, ()) for one in also}
        self._passages += len(passages)
        if self._passages >= _MOST_WAITING or time.monotonic() - self._since > _LONGEST_WAIT:
            self.flush()

    def remove(self, identifiers: Sequence[str]) -> None:
        """Remove files and their letters from the archive, after storing the buffer, which may replace them."""
        if identifiers:
            self.flush()
            self._store.remove(identifiers)

    def letter(self, identifier: str) -> Letter:
        """Return a letter from the buffer or from the archive.

        Raises:
            KeyError: there is none with this id.
        """
        waiting = self._waiting.get(identifier)
        return waiting[1] if waiting and waiting[1] else self._store.letter(identifier)

    def flush(self) -> None:
        """Store everything in the buffer."""
        waiting, self._waiting, self._passages = list(self._waiting.values()), {}, 0
        texts = [embedded_text(passage) for _, _, passages in waiting for passage in passages]
        vectors = self._embedder.embed_passages(texts) if texts else None
        filings, first = [], 0
        for record, letter, passages in waiting:
            last = first + len(passages)
            filings.append(Filing(record, letter, passages, vectors[first:last] if vectors is not None else None))
            first = last
        self._store.put(filings)
        self._stored()
