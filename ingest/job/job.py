"""The ingest job: files and folders into the archive, incremental, atomic per letter, with a report line per file."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from ingest.files import Found, files_in
from ingest.job.backfill import settle
from ingest.job.batching import BatchWriter
from ingest.job.ledger import Ledger
from ingest.job.publication import is_published, prepare_publication
from ingest.job.rebuilding import clear_aside, drop_aside
from ingest.job.report import Entry, Outcome, Report
from ingest.job.session import FileProgress, Rehearsal, Session
from ingest.job.worker import VERSION, FileReader, InProcessReader
from ingest.links.graph import Links
from ingest.manifest.folders import Manifests
from ingest.passages import Sizes
from vectorstore.analysis.dutch import Analyser
from vectorstore.letters import Letter
from vectorstore.models.embedder import Embedder
from vectorstore.store.lock import write_lock
from vectorstore.store.store import Store

__all__ = ["VERSION", "Entry", "FileProgress", "Ingest", "Outcome", "Report", "rehearse"]


_SECONDS_BETWEEN_PUBLICATIONS: Final = 60.0
"""How long readers of a long ingest wait for the letters it has read so far, at least."""

_REST_FOR_WORK: Final = 10
"""How many times as long as a publication took to wait for the next."""


_NAMED: Final = 5
"""Letters that a remark names."""


class Ingest:
    """A job that brings an archive up to date with files.

    Args:
        store: where letters go.
        embedder: the model the store was built with.
        sizes: how long passages may be.
        analyser: of the index of words that is published; None to publish nothing.
        reader: read the files; by default this process does.
    """

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        sizes: Sizes = Sizes(),
        analyser: Analyser | None = None,
        reader: FileReader = InProcessReader(),
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._sizes = sizes
        self._analyser = analyser
        self._reader = reader

    def run(
        self, paths: Sequence[Path], *, prune: bool = False, progress: FileProgress = lambda files: files
    ) -> Report:
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
        found, manifests = _find_files(paths), Manifests(paths)
        data = self._store.location.data
        with write_lock(data):
            self._store.refresh()
            self._store.sweep()
            with BatchWriter(self._store, self._embedder, self._publish_now_and_then()) as writer:
                ledger = Ledger(self._store.records, self._store.cards, writer.letter)
                session = Session(ledger, writer, self._reader, manifests.rows, self._sizes)
                session.run(paths, found, prune, progress)
            self._settle(ledger)
            report = _report(session, manifests, found, began)
            if report.count(Outcome.REMOVED):
                drop_aside(data)
            remarks = clear_aside(data, (card.source for card in self._store.cards.values()))
            report = replace(report, remarks=(*report.remarks, *remarks))
            report.keep(data)
        return report

    def _publish_now_and_then(self) -> Callable[[], None]:
        """Return what publishes the letters read so far, when the last time is long enough ago for the work it takes."""
        due = time.monotonic() + _SECONDS_BETWEEN_PUBLICATIONS

        def publish() -> None:
            nonlocal due
            began = time.monotonic()
            if self._analyser is None or began < due:
                return
            with prepare_publication(self._store, self._analyser) as publication:
                publication.publish()
            took = time.monotonic() - began
            due = time.monotonic() + max(_SECONDS_BETWEEN_PUBLICATIONS, _REST_FOR_WORK * took)

        return publish

    def _settle(self, ledger: Ledger) -> None:
        """Give letters what the others supply, and publish the archive for its readers."""
        if self._analyser is None:
            with contextlib.closing(Links(None)) as links:
                settle(self._store, self._embedder, ledger.also(), links)
        elif not is_published(self._store):
            with prepare_publication(self._store, self._analyser) as publication:
                settle(self._store, self._embedder, ledger.also(), publication.links)
                publication.publish()
        self._store.scrub()


def rehearse(
    store: Store | None,
    paths: Sequence[Path],
    *,
    prune: bool = False,
    progress: FileProgress = lambda files: files,
    sizes: Sizes = Sizes(),
    reader: FileReader = InProcessReader(),
) -> Report:
    """Report what `Ingest.run` would do, without doing it.

    Args:
        store: the archive; None if there is none yet.
        paths, prune, progress, sizes, reader: as in `Ingest`.

    Raises:
        WrongUse: a path does not exist, or a folder to prune by is empty.
    """
    began = time.monotonic()
    found, manifests = _find_files(paths), Manifests(paths)
    rehearsal = Rehearsal(store.letter if store else _nothing)
    records, cards = (store.records, store.cards) if store else ({}, {})
    session = Session(Ledger(records, cards, rehearsal.letter), rehearsal, reader, manifests.rows, sizes)
    session.run(paths, found, prune, progress)
    return _report(session, manifests, found, began)


def _nothing(identifier: str) -> Letter:
    raise KeyError(identifier)


def _find_files(paths: Sequence[Path]) -> list[Found]:
    return list({file.path: file for file in files_in(paths)}.values())


def _report(session: Session, manifests: Manifests, found: Sequence[Found], began: float) -> Report:
    seconds = time.monotonic() - began
    entries = tuple(session.entries.values())
    there = [entry.source for entry in entries if entry.outcome is not Outcome.REMOVED]
    remarks = (*manifests.remarks(there), *_remarks_on(session.fileless(found)))
    return Report(entries, remarks, seconds, dt.datetime.now().astimezone())


def _remarks_on(fileless: Sequence[str]) -> Iterator[str]:
    """Yield what is to be said of letters whose file is gone."""
    if fileless:
        names = ", ".join(fileless[:_NAMED]) + (" en meer" if len(fileless) > _NAMED else "")
        yield (
            f"Van {len(fileless)} brieven is het bestand weg ({names}); ze worden nog wel aangehaald. Haal ze uit het archief "
            "met `raadsgeheugen ingest --prune MAP` of met `raadsgeheugen forget BESTAND`."
        )
