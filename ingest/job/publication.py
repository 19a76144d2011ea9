"""Publication: the next generation of an archive is made from the archive and from the generation before it."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from ingest.links.graph import LINKS_FILE, Links
from vectorstore.analysis.dutch import Analyser
from vectorstore.errors import ArchiveUnavailable
from vectorstore.indexes.dense import DenseIndex
from vectorstore.indexes.lexical import LexicalIndex
from vectorstore.published.generation import (
    DamagedGeneration,
    Generation,
    NoGeneration,
    latest,
    publish,
    remove_others,
    workspace,
)
from vectorstore.published.letters import PublishedLetters, write_letters
from vectorstore.store.store import Store

LEXICAL = "lexical"
"""Folder of a generation that holds the index of words."""


def published_letters(data: Path) -> PublishedLetters | None:
    """Return the letters that were published last, or None if there are none or they are damaged."""
    try:
        return PublishedLetters(latest(data))
    except (NoGeneration, DamagedGeneration):
        return None


def load_dense(generation: Generation) -> DenseIndex:
    """Return the vectors of a generation.

    Raises:
        DamagedGeneration: they cannot be read.
    """
    try:
        return DenseIndex.load(generation.folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedGeneration(str(error)) from error


class Publication:
    """The next generation of an archive, in preparation.

    Attributes:
        links: between the letters, to be brought up to date as letters change.

    Args:
        store: the archive, of which this process is the only writer.
        analyser: gives the terms of the index of words.
        work: an empty folder to prepare it in.
        former: what was published last, to take over what did not change.
    """

    def __init__(self, store: Store, analyser: Analyser, work: Path, former: PublishedLetters | None) -> None:
        self._store = store
        self._analyser = analyser
        self._work = work
        self._former = former
        if former is not None:
            shutil.copyfile(former.generation.folder / LINKS_FILE, work / LINKS_FILE)
        self.links = Links(work / LINKS_FILE)

    def publish(self) -> Generation:
        """Make the generation and publish it."""
        store, work, former = self._store, self._work, self._former
        self.links.catch_up(store)
        self.links.close(compact=self._has_lost_letters())
        dense = load_dense(former.generation) if former else DenseIndex()
        dense.catch_up(store)
        dense.save(work)
        if former is not None and not self._has_lost_letters():
            _take_over(former.generation, work)
        LexicalIndex(work / LEXICAL, self._analyser).catch_up(store)
        write_letters(work, store, former)
        return publish(
            work,
            revision=store.revision,
            fingerprint=store.fingerprint,
            letters=len(store.versions()),
            passages=store.passage_count(),
        )

    def _has_lost_letters(self) -> bool:
        """Check whether letters were removed or replaced, whose words would stay in the files taken over."""
        wanted = self._store.versions()
        held = self._former.versions() if self._former else {}
        return any(wanted.get(letter) != version for letter, version in held.items())


@contextlib.contextmanager
def prepare_publication(store: Store, analyser: Analyser) -> Iterator[Publication]:
    """Yield the next generation, to be published or given up.

    Raises:
        ArchiveUnavailable: its files cannot be written.
    """
    with workspace(store.location.data) as work:
        try:
            yield Publication(store, analyser, work, published_letters(store.location.data))
        except (OSError, sqlite3.Error) as error:
            raise ArchiveUnavailable(
                f"Het archief in {store.location.data} kan niet worden gepubliceerd ({error}).",
                "Controleer of de schijf niet vol is, en probeer het opnieuw.",
            ) from error


def is_published(store: Store) -> bool:
    """Check whether the archive as it is was published, and what was published is whole."""
    try:
        generation = latest(store.location.data)
    except (NoGeneration, DamagedGeneration):
        return False
    remove_others(generation.folder)
    manifest = generation.manifest
    return (manifest.revision, manifest.fingerprint) == (store.revision, store.fingerprint)


def _take_over(generation: Generation, work: Path) -> None:
    """Let the index of words begin with the files of another, which tantivy never changes: its list of files it replaces."""
    for name in generation.manifest.files:
        if name.startswith(f"{LEXICAL}/"):
            target = work / name
            target.parent.mkdir(parents=True, exist_ok=True)
            _share(generation.folder / name, target)


def _share(source: Path, target: Path) -> None:
    """Make a file appear at another place as well, as a link where the disk has them."""
    if not source.name.endswith(".json"):
        with contextlib.suppress(OSError):
            os.link(source, target)
            return
    shutil.copyfile(source, target)
