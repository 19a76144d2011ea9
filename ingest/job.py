"""The ingest job: files and folders into the archive, incremental, atomic per letter, with a line for each file."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Sequence
from pathlib import Path

from ingest.alone import writing_alone
from ingest.desk import Desk
from ingest.files import Found, files_in
from ingest.ledger import Ledger
from ingest.manifests import Manifests
from ingest.outcomes import Entry, Outcome, Report
from ingest.passages import Sizes
from ingest.reading import VERSION, Hands, Here
from ingest.session import Progress, Rehearsal, Session
from ingest.settling import settle
from vectorstore.dense import DenseIndex
from vectorstore.embedding import Embedder
from vectorstore.letters import Letter
from vectorstore.store import Store

__all__ = ["VERSION", "Entry", "Ingest", "Outcome", "Progress", "Report", "rehearse"]


class Ingest:
    """Brings an archive up to date with files.

    Args:
        store: where letters go.
        embedder: the model the store was made with.
        sizes: how long passages may be.
        dense: an index of vectors to keep in step, so that the first question need not.
        hands: read the files; by default this process does.
    """

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        sizes: Sizes = Sizes(),
        dense: DenseIndex | None = None,
        hands: Hands = Here(),
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._sizes = sizes
        self._dense = dense
        self._hands = hands

    def run(self, paths: Sequence[Path], *, prune: bool = False, progress: Progress = lambda files: files) -> Report:
        """Read files and folders into the archive.

        Args:
            paths: files and folders.
            prune: remove letters whose file is gone from these folders.
            progress: wraps the files to be read.

        Raises:
            WrongUse: a path does not exist, or a folder to prune by is empty.
            ArchiveUnavailable: the archive cannot be written, or another ingest is writing it.
        """
        began = time.monotonic()
        found, manifests = _found(paths), Manifests(paths)
        data = self._store.location.data
        with writing_alone(data):
            self._store.refresh()
            self._store.sweep()
            with Desk(self._store, self._embedder) as desk:
                ledger = Ledger(self._store.records, self._store.cards, desk.letter)
                session = Session(ledger, desk, self._hands, manifests.rows, self._sizes)
                session.run(paths, found, prune, progress)
            settle(self._store, self._embedder, ledger.also())
            if self._dense is not None:
                self._dense.catch_up(self._store)
            report = _report(session, manifests, began)
            report.keep(data)
        return report


def rehearse(
    store: Store | None,
    paths: Sequence[Path],
    *,
    prune: bool = False,
    progress: Progress = lambda files: files,
    sizes: Sizes = Sizes(),
    hands: Hands = Here(),
) -> Report:
    """What `Ingest.run` would do, without doing it.

    Args:
        store: the archive; None when there is none yet.
        paths, prune, progress, sizes, hands: as there.

    Raises:
        WrongUse: a path does not exist, or a folder to prune by is empty.
    """
    began = time.monotonic()
    found, manifests = _found(paths), Manifests(paths)
    rehearsal = Rehearsal(store.letter if store else _nothing)
    records, cards = (store.records, store.cards) if store else ({}, {})
    session = Session(Ledger(records, cards, rehearsal.letter), rehearsal, hands, manifests.rows, sizes)
    session.run(paths, found, prune, progress)
    return _report(session, manifests, began)


def _nothing(identifier: str) -> Letter:
    raise KeyError(identifier)


def _found(paths: Sequence[Path]) -> list[Found]:
    return list({file.path: file for file in files_in(paths)}.values())


def _report(session: Session, manifests: Manifests, began: float) -> Report:
    seconds = time.monotonic() - began
    entries = tuple(session.entries.values())
    there = [entry.source for entry in entries if entry.outcome is not Outcome.REMOVED]
    return Report(entries, manifests.remarks(there), seconds, dt.datetime.now().astimezone())
