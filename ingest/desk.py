"""Files on their way into the archive."""

from __future__ import annotations

import time
from collections.abc import Sequence

from vectorstore.embedding import Embedder
from vectorstore.letters import Letter, Passage
from vectorstore.lexical import context_of
from vectorstore.store import FileRecord, Filing, Store

_MOST_WAITING = 2000
"""Passages that are embedded and put at once."""

_LONGEST_WAIT = 2.0
"""Seconds after which a letter that was read is put, with those that were read meanwhile."""


class Desk:
    """Where files wait for the archive: embedded and put many at once, none kept waiting long.

    Left by an error, it still puts what waits: that was whole.
    """

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder
        self._waiting: dict[str, tuple[FileRecord, Letter | None, Sequence[Passage]]] = {}
        self._passages = 0
        self._since = 0.0

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None or issubclass(kind, Exception):
            self.put_away()

    def take(
        self,
        record: FileRecord,
        letter: Letter | None = None,
        passages: Sequence[Passage] = (),
        also: Sequence[FileRecord] = (),
    ) -> None:
        """Put a file into the archive, with others or soon; in one step with those that are no letter because it is."""
        if any(one.id in self._waiting for one in (record, *also)):
            self.put_away()
        if not self._waiting:
            self._since = time.monotonic()
        self._waiting[record.id] = (record, letter, passages)
        self._waiting |= {one.id: (one, None, ()) for one in also}
        self._passages += len(passages)
        if self._passages >= _MOST_WAITING or time.monotonic() - self._since > _LONGEST_WAIT:
            self.put_away()

    def remove(self, identifiers: Sequence[str]) -> None:
        """Take files and their letters out of the archive, after what waits is in: it may take their place."""
        if identifiers:
            self.put_away()
            self._store.remove(identifiers)

    def letter(self, identifier: str) -> Letter:
        """A letter that waits, or that the archive holds.

        Raises:
            KeyError: there is none with this id.
        """
        waiting = self._waiting.get(identifier)
        return waiting[1] if waiting and waiting[1] else self._store.letter(identifier)

    def put_away(self) -> None:
        """Put everything that waits."""
        waiting, self._waiting, self._passages = list(self._waiting.values()), {}, 0
        texts = [embedded_text(passage) for _, _, passages in waiting for passage in passages]
        vectors = self._embedder.embed_passages(texts) if texts else None
        filings, first = [], 0
        for record, letter, passages in waiting:
            last = first + len(passages)
            filings.append(Filing(record, letter, passages, vectors[first:last] if vectors is not None else None))
            first = last
        self._store.put(filings)


def embedded_text(passage: Passage) -> str:
    """What is embedded: the passage with the context that "wij" and "het college" mean nothing without."""
    return f"{context_of(passage)}\n{passage.text}"
