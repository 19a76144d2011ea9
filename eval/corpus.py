"""The archive as answers are checked against it: its letters, their files, and the files it could not read."""

from __future__ import annotations

import contextlib
import hashlib
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.composition import open_store
from assistant.settings import Settings
from eval.questions import Evidence, ExpectedAnswer
from vectorstore.embedding import Embedder
from vectorstore.errors import WrongUse
from vectorstore.letters import Letter
from vectorstore.store import FileState, Store


@contextlib.contextmanager
def temporary_store(settings: Settings, embedder: Embedder) -> Iterator[Store]:
    """An empty archive in a folder of its own, removed afterwards; never the server or the data the settings name."""
    with tempfile.TemporaryDirectory(prefix="raadsgeheugen-eval-") as folder:
        store = open_store(replace(settings, data=Path(folder), chroma=None), embedder)
        try:
            yield store
        finally:
            store.close()


def folded(text: str) -> str:
    """Lower case, with every run of white space one space."""
    return " ".join(text.split()).casefold()


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
    def of(cls, store: Store) -> Corpus:
        """What a store holds."""
        letters = {letter.id: letter for letter in store.letters()}
        records = store.files()
        sources = {identifier: frozenset({letter.source, *letter.also}) for identifier, letter in letters.items()}
        return cls(letters, sources, {r.source: r.reason for r in records if r.state is FileState.UNREADABLE})

    @property
    def fingerprint(self) -> str:
        """Hex digest of what the letters are called and say: the same wherever they stand and in whatever order."""
        told = (
            f"{letter.source}\0{hashlib.sha256(letter.text.encode()).hexdigest()}" for letter in self.letters.values()
        )
        return hashlib.sha256("\n".join(sorted(told)).encode("utf-8", "surrogateescape")).hexdigest()

    def supports(self, evidence: Evidence, letter: str, text: str) -> bool:
        """Whether a passage of a letter, by its id, holds the evidence."""
        if evidence.source not in self.sources.get(letter, frozenset()):
            return False
        return evidence.text is None or folded(evidence.text) in folded(text)

    def says(self, evidence: Evidence, letter: str, start: int, end: int) -> bool:
        """Whether a stretch of a letter has some of the evidence's own words."""
        if evidence.text is None or evidence.source not in self.sources.get(letter, frozenset()):
            return False
        words = r"\s+".join(map(re.escape, evidence.text.split()))
        found = re.finditer(words, self.letters[letter].text, re.I)
        return any(match.start() < end and match.end() > start for match in found)

    def stands(self, evidence: Evidence) -> bool:
        """Whether a letter holds the evidence."""
        return any(self.supports(evidence, identifier, letter.text) for identifier, letter in self.letters.items())

    def lost(self, question: ExpectedAnswer) -> bool:
        """Whether files that could not be read hold so much of the evidence that nobody could answer."""
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
