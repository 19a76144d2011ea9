"""What a letter gets from the others once all are in: a date that it does not state, and its copies in other files."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.job.batching import BatchWriter
from ingest.links.graph import Links
from vectorstore.letters import DateBasis, Letter, Passage, Precision
from vectorstore.models.embedder import Embedder
from vectorstore.store.store import Store

_READ = 64
"""Number of characters of a version that identify what was read; the rest identifies what other letters supplied."""


def settle(store: Store, embedder: Embedder, also: Mapping[str, Sequence[str]], links: Links) -> None:
    """Give letters what others supply, and take back what none supplies any more.

    Args:
        store: the letters.
        embedder: the model the store was built with.
        also: sources of the files that hold the same letter, by id of the letter.
        links: between the letters, brought up to date.
    """
    links.catch_up(store)
    dates = links.dates()
    versions = store.versions()
    wanted = {
        identifier: version[:_READ] + _version_suffix(dates.get(identifier), also.get(identifier, ()))
        for identifier, version in versions.items()
    }
    with BatchWriter(store, embedder) as writer:
        for identifier, version in wanted.items():
            if version != versions[identifier]:
                letter = _settle_letter(store.letter(identifier), dates.get(identifier), also.get(identifier, ()))
                record = replace(store.records[identifier], version=version)
                writer.take(record, letter, _renew_passages(store.passages_of([identifier]), letter, version))


def _version_suffix(date: dt.date | None, also: Sequence[str]) -> str:
    """Return what others supply, as the suffix of a version."""
    others = hashlib.sha256("\n".join(also).encode()).hexdigest()[:8] if also else ""
    return f"{date or ''}{'+' if others else ''}{others}"


def _settle_letter(letter: Letter, date: dt.date | None, also: Sequence[str]) -> Letter:
    settled = replace(letter, also=tuple(also))
    if date:
        return replace(settled, date=date, date_basis=DateBasis.INFERRED, date_precision=Precision.DAY)
    if letter.date_basis is not DateBasis.INFERRED:
        return settled
    basis = DateBasis.FILE if letter.filed else DateBasis.UNKNOWN
    return replace(settled, date=letter.filed, date_basis=basis, date_precision=Precision.DAY)


def _renew_passages(passages: Sequence[Passage], letter: Letter, version: str) -> list[Passage]:
    """Return the passages of a letter that was changed, with ids of its new version."""
    short = hashlib.sha256(version.encode()).hexdigest()[:8]
    return [
        Passage(f"{letter.id}-{short}-{number:04d}", letter, passage.start, passage.end, passage.heading)
        for number, passage in enumerate(passages)
    ]
