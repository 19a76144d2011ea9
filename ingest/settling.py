"""What a letter gets from the others once all are in: a date that it does not state, and the files it also stands in."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ingest.desk import Desk
from ingest.links import Links
from vectorstore.embedding import Embedder
from vectorstore.letters import DateBasis, Letter, Passage, Precision
from vectorstore.store import Store

_READ = 64
"""Characters of a version that say what was read; those after it say what other letters gave."""


def settle(store: Store, embedder: Embedder, also: Mapping[str, Sequence[str]]) -> None:
    """Give letters what others give them, and take back what none gives.

    Args:
        store: the letters.
        embedder: the model the store was made with.
        also: sources of the files that hold the same letter, by id of the letter.
    """
    with contextlib.closing(Links(store.location.data)) as links:
        links.catch_up(store)
        dates = links.dates()
    versions = store.versions()
    wanted = {
        identifier: version[:_READ] + _given(dates.get(identifier), also.get(identifier, ()))
        for identifier, version in versions.items()
    }
    with Desk(store, embedder) as desk:
        for identifier, version in wanted.items():
            if version != versions[identifier]:
                letter = _settled(store.letter(identifier), dates.get(identifier), also.get(identifier, ()))
                record = replace(store.records[identifier], version=version)
                desk.take(record, letter, _renewed(store.passages_of([identifier]), letter, version))


def _given(date: dt.date | None, also: Sequence[str]) -> str:
    """What is given, as the end of a version."""
    others = hashlib.sha256("\n".join(also).encode()).hexdigest()[:8] if also else ""
    return f"{date or ''}{'+' if others else ''}{others}"


def _settled(letter: Letter, date: dt.date | None, also: Sequence[str]) -> Letter:
    settled = replace(letter, also=tuple(also))
    if date:
        return replace(settled, date=date, date_basis=DateBasis.INFERRED, date_precision=Precision.DAY)
    if letter.date_basis is not DateBasis.INFERRED:
        return settled
    basis = DateBasis.FILE if letter.filed else DateBasis.UNKNOWN
    return replace(settled, date=letter.filed, date_basis=basis, date_precision=Precision.DAY)


def _renewed(passages: Sequence[Passage], letter: Letter, version: str) -> list[Passage]:
    """The passages of a letter that was settled, with ids of its new version."""
    short = hashlib.sha256(version.encode()).hexdigest()[:8]
    return [
        Passage(f"{letter.id}-{short}-{number:04d}", letter, passage.start, passage.end, passage.heading)
        for number, passage in enumerate(passages)
    ]
