"""Forgetting: letters are taken out of every file of the archive."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.files import is_there
from ingest.job.publication import prepare_publication
from ingest.job.rebuilding import drop_aside
from ingest.job.report import forget_in_report
from vectorstore.analysis.dutch import Analyser
from vectorstore.errors import ArchiveUnavailable
from vectorstore.store.lock import write_lock
from vectorstore.store.records import FileRecord
from vectorstore.store.store import Store


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A file whose letter was forgotten.

    Attributes:
        source: the file, as the archive named it.
        path: where the file still is; empty if it is gone.
    """

    source: str
    path: str


def forget(store: Store, analyser: Analyser, sources: Sequence[str]) -> list[Forgotten]:
    """Take letters out of the archive, with those inside their files and the same letters in other files.

    Args:
        store: the archive.
        analyser: of the index of words that is published.
        sources: files, as the archive names them.

    Returns:
        each file that was forgotten, by source.

    Raises:
        ArchiveUnavailable: a file is not in the archive, or the archive cannot be written.
    """
    with write_lock(store.location.data):
        store.refresh()
        store.sweep()
        records = _with_same_letters(store, [_record_of(store, source) for source in sources])
        store.remove([record.id for record in records])
        with prepare_publication(store, analyser) as publication:
            publication.publish()
        store.scrub()
        drop_aside(store.location.data)
        forget_in_report(store.location.data, {record.source for record in records})
    return [Forgotten(record.source, record.path if is_there(record.path) else "") for record in records]


def _record_of(store: Store, source: str) -> FileRecord:
    """Return the record of a file by its source or by its path."""
    for record in store.records.values():
        if source in (record.source, record.path):
            return record
    near = difflib.get_close_matches(source, [record.source for record in store.records.values()], 3, 0.5)
    raise ArchiveUnavailable(
        f"Het archief heeft geen bestand {source!r}; er is niets vergeten.",
        f"Bedoelt u {' of '.join(near)}?" if near else "`raadsgeheugen status --letters` toont wat er is.",
    )


def _with_same_letters(store: Store, named: Sequence[FileRecord]) -> list[FileRecord]:
    """Return these records, those of the files inside them, and those of other files with the same letters."""
    wanted = {record.id for record in named}
    grown = True
    while grown:
        before = len(wanted)
        originals = {record.same_as for record in store.records.values() if record.id in wanted and record.same_as}
        wanted |= originals & store.records.keys()
        wanted |= {r.id for r in store.records.values() if r.container in wanted or r.same_as in wanted}
        grown = len(wanted) > before
    return sorted((store.records[identifier] for identifier in wanted), key=lambda record: record.source)
