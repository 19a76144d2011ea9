"""The archive as answers are checked against it: its letters, their files, and the files it could not read."""

from __future__ import annotations

import contextlib
import hashlib
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from assistant.composition import open_store
from assistant.settings import Settings
from eval.datasets.questions import ExpectedAnswer, ExpectedEvidence
from ingest.job.job import Ingest
from ingest.passages import Sizes
from vectorstore.errors import WrongUse
from vectorstore.letters import Letter
from vectorstore.models.embedder import Embedder
from vectorstore.store.records import FileState
from vectorstore.store.source import LetterSource
from vectorstore.store.store import Store


@contextlib.contextmanager
def temporary_store(settings: Settings, embedder: Embedder) -> Iterator[Store]:
    """Yield an empty archive in a folder of its own, removed afterwards; never the server or the data the settings name."""
    with tempfile.TemporaryDirectory(prefix="raadsgeheugen-eval-") as folder:
        store = open_store(replace(settings, data=Path(folder), chroma=None), embedder)
        try:
            yield store
        finally:
            store.close()


@contextlib.contextmanager
def open_ingested(
    folders: Sequence[Path], settings: Settings, embedder: Embedder, sizes: Sizes = Sizes()
) -> Iterator[Store]:
    """Ingest letters into such an archive."""
    with temporary_store(settings, embedder) as store:
        Ingest(store, embedder, sizes).run(folders)
        yield store


def fold(text: str) -> str:
    """Return a text in lower case, with every run of white space one space."""
    return " ".join(text.split()).casefold()


@lru_cache(maxsize=10_000)
def _places(words: str, text: str) -> tuple[tuple[int, int], ...]:
    """Return where words stand in a text, whatever white space is between them."""
    return tuple(match.span() for match in re.finditer(r"\s+".join(map(re.escape, words.split())), text, re.I))


@dataclass(frozen=True, slots=True)
class Corpus:
    """What an archive holds.

    Attributes:
        letters: by id.
        sources: of each letter, the files that hold its text, by letter id.
        unreadable: why each file that could not be read could not, by source.
    """

    letters: Mapping[str, Letter]
    sources: Mapping[str, frozenset[str]]
    unreadable: Mapping[str, str]

    @classmethod
    def of(cls, store: LetterSource) -> Corpus:
        """Read the contents of a store."""
        letters = {letter.id: letter for letter in store.letters()}
        records = store.records.values()
        sources = {identifier: frozenset({letter.source, *letter.also}) for identifier, letter in letters.items()}
        return cls(letters, sources, {r.source: r.reason for r in records if r.state is FileState.UNREADABLE})

    @property
    def fingerprint(self) -> str:
        """Return the hex digest of what the letters are called and say: the same wherever they stand and in whatever order."""
        told = (
            f"{letter.source}\0{hashlib.sha256(letter.text.encode()).hexdigest()}" for letter in self.letters.values()
        )
        return hashlib.sha256("\n".join(sorted(told)).encode("utf-8", "surrogateescape")).hexdigest()

    def supports(self, evidence: ExpectedEvidence, letter: str, text: str) -> bool:
        """Check that a passage of a letter, by its id, holds the evidence."""
        if evidence.source not in self.sources.get(letter, frozenset()):
            return False
        return evidence.text is None or fold(evidence.text) in fold(text)

    def says(self, evidence: ExpectedEvidence, letter: str, start: int, end: int) -> bool:
        """Check that a stretch of a letter has some of the evidence's own words."""
        if evidence.text is None or evidence.source not in self.sources.get(letter, frozenset()):
            return False
        places = _places(evidence.text, self.letters[letter].text)
        return any(first < end and last > start for first, last in places)

    def stands(self, evidence: ExpectedEvidence) -> bool:
        """Check that a letter holds the evidence."""
        return any(self.supports(evidence, identifier, letter.text) for identifier, letter in self.letters.items())

    def lost(self, question: ExpectedAnswer) -> bool:
        """Check for evidence in files that could not be read, so much that nobody could answer."""
        gone = [evidence.source in self.unreadable for evidence in question.evidence]
        return bool(gone) and (any(gone) if question.all_evidence else all(gone))


def check_evidence(name: str, questions: tuple[ExpectedAnswer, ...], corpus: Corpus, *, only_warn: bool) -> list[str]:
    """Verify that all evidence stands in the archive.

    Args:
        name: of the question file.
        questions: whose evidence.
        corpus: the archive.
        only_warn: give missing evidence as warnings too.

    Returns:
        Warnings: evidence in files that could not be read.

    Raises:
        WrongUse: evidence is not in the archive.
    """
    warnings, errors = [], []
    for question in questions:
        for evidence in question.evidence:
            where = f"{name}, question {question.id}: "
            if evidence.source in corpus.unreadable:
                reason = corpus.unreadable[evidence.source]
                warnings.append(f"{where}{evidence.source} could not be read ({reason})")
            elif not any(evidence.source in sources for sources in corpus.sources.values()):
                errors.append(f"{where}the archive has no file {evidence.source}: correct 'source'")
            elif not corpus.stands(evidence):
                errors.append(f"{where}{evidence.source} does not say {evidence.text!r}: correct 'text'")
    if errors and not only_warn:
        raise WrongUse("\n".join(errors), "Or give --allow-missing to go on all the same.")
    return warnings + errors
