"""How well letters are read: what the archive makes of them beside what a person labelled."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from assistant.composition import open_embedder
from assistant.settings import Settings
from eval.datasets.corpus import Corpus, open_ingested
from eval.datasets.labels import LabelledLetter, Labels, Naming, load_labels
from eval.metrics.gates import Gate, gates_for, judge_gates
from eval.runs.findings import (
    ANSWERS,
    PASSAGE,
    REQUESTS,
    UNRESOLVED,
    VOICE,
    Finding,
    ReadLetter,
    RequestOutcome,
    compare,
    find_missing,
)
from ingest.links.graph import Links
from ingest.requests.answers import AnsweredRequest, find_answers
from vectorstore.analysis.dutch import Analyser
from vectorstore.analysis.expansion import Thesaurus
from vectorstore.errors import WrongUse
from vectorstore.letters import Letter, Voice
from vectorstore.store.store import Store

_FOUND = (*Naming, UNRESOLVED, REQUESTS)
"""Measures of things that are found or not, so that both what is missed and what is made up counts."""


@dataclass(frozen=True, slots=True)
class LetterComparison:
    """What a comparison found.

    Attributes:
        labels: the label file's name.
        findings: everything that was compared.
        metrics: the share that is right of each measure, and precision and recall of those that are found or not.
        confusion: how often each voice was taken for each, by the labelled voice and then by the one read.
        gates: the verdict on each gate.
        warnings: what to know about the figures.
    """

    labels: str
    findings: tuple[Finding, ...]
    metrics: Mapping[str, float]
    confusion: Mapping[str, Mapping[str, int]]
    gates: Mapping[str, Mapping[str, Any]]
    warnings: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Return True if every gate was kept."""
        return all(verdict["passed"] for verdict in self.gates.values())

    @property
    def wrong(self) -> tuple[Finding, ...]:
        """Return what was read otherwise than labelled."""
        return tuple(finding for finding in self.findings if not finding.right)

    def json(self) -> dict[str, Any]:
        """Return the comparison as plain values."""
        return {
            "labels": self.labels,
            "passed": self.passed,
            "metrics": dict(self.metrics),
            "compared": dict(Counter(finding.measure for finding in self.findings)),
            "confusion": {voice: dict(row) for voice, row in self.confusion.items()},
            "gates": dict(self.gates),
            "warnings": list(self.warnings),
            "wrong": [asdict(finding) for finding in self.wrong],
        }


def measure_reading(
    archive: Path, labels: Path, settings: Settings, *, allow_missing: bool = False
) -> LetterComparison:
    """Ingest letters into a temporary archive and compare them with their labels.

    Args:
        archive: folder of letters.
        labels: label file.
        settings: as the archive is made with.
        allow_missing: only warn of labelled words that the letters do not hold, and count them as wrong.

    Raises:
        WrongUse: the label file is wrong, or its words are not in the letters.
        ArchiveError: the letters cannot be ingested.
    """
    labelled = load_labels(labels)
    embedder = open_embedder(settings)
    with open_ingested([archive], settings, embedder) as store:
        return compare_letters(labelled, store, allow_missing=allow_missing)


def compare_letters(
    labels: Labels, store: Store, *, gates: tuple[Gate, ...] | None = None, allow_missing: bool = False
) -> LetterComparison:
    """Compare the letters of a store with their labels.

    Args:
        labels: what the letters say.
        store: the letters as they were read.
        gates: bounds on the metrics; those of the label file when None.
        allow_missing: only warn of labelled words that the letters do not hold.

    Raises:
        WrongUse: labelled words are not in the letters.
    """
    corpus = Corpus.of(store)
    read = {label.source: _letter_of(label.source, corpus) for label in labels.letters}
    warnings = [*_unread(labels, corpus, read), *_misplaced(labels, read, only_warn=allow_missing)]
    letters = _as_read(store, corpus, {source: letter for source, letter in read.items() if letter})
    findings = tuple(finding for label in labels.letters for finding in compare(label, letters.get(label.source)))
    metrics = summarise_findings(findings)
    verdicts = judge_gates(gates_for(labels.name) if gates is None else gates, metrics)
    return LetterComparison(labels.name, findings, metrics, confusion(findings), verdicts, tuple(warnings))


def _letter_of(source: str, corpus: Corpus) -> Letter | None:
    return next((letter for id_, letter in corpus.letters.items() if source in corpus.sources[id_]), None)


def _unread(labels: Labels, corpus: Corpus, read: Mapping[str, Letter | None]) -> Iterator[str]:
    for label in labels.letters:
        if read[label.source] is None:
            yield f"{label.source} could not be read ({corpus.unreadable.get(label.source, 'not in the archive')})"


def _misplaced(labels: Labels, read: Mapping[str, Letter | None], *, only_warn: bool) -> list[str]:
    pairs: list[tuple[LabelledLetter, Letter | None]] = [(label, read[label.source]) for label in labels.letters]
    errors = [f"{labels.name}, {error}" for label, letter in pairs if letter for error in find_missing(label, letter)]
    if errors and not only_warn:
        raise WrongUse("\n".join(errors), "Or give --allow-missing to go on all the same.")
    return errors


def _as_read(store: Store, corpus: Corpus, letters: Mapping[str, Letter]) -> dict[str, ReadLetter]:
    """Gather the letters with what the archive knows of them, by source."""
    with contextlib.closing(Links(None)) as links:
        links.catch_up(store)
        find = partial(find_answers, links=links, store=store, analyser=Analyser(), thesaurus=Thesaurus())
        return {source: _linked(letter, links, find, corpus) for source, letter in letters.items()}


def _linked(
    letter: Letter, links: Links, find: Callable[[Letter], Sequence[AnsweredRequest]], corpus: Corpus
) -> ReadLetter:
    named = tuple((Naming(str(link.kind)), corpus.sources[link.receiver]) for link in links.of(letter.id))
    found = tuple(_answer(answered, corpus) for answered in find(letter))
    return ReadLetter(letter, named, links.unresolved(letter.id), found, corpus.sources)


def _answer(answered: AnsweredRequest, corpus: Corpus) -> RequestOutcome:
    replies = frozenset[str]().union(*(corpus.sources[reply] for reply in answered.replies))
    return RequestOutcome((answered.request.start, answered.request.end), replies, answered.passage)


def summarise_findings(findings: Sequence[Finding]) -> dict[str, float]:
    """Return every measure that anything was compared of, between 0 and 1."""
    metrics: dict[str, float] = {}
    for name in dict.fromkeys(finding.measure for finding in findings):
        of_name = [finding for finding in findings if finding.measure == name]
        if name in _FOUND:
            metrics |= _precision_and_recall(name, of_name, of_name)
        else:
            metrics[name] = sum(finding.right for finding in of_name) / len(of_name)
        if name == VOICE:
            for voice in Voice:
                metrics |= _precision_and_recall(voice, *_of_value(of_name, voice))
        if name == ANSWERS:
            metrics |= _precision_and_recall(name, *_of_value(of_name, PASSAGE))
    return metrics


def _of_value(findings: Sequence[Finding], value: str) -> tuple[list[Finding], list[Finding]]:
    """Return the findings in which a value was got, and in which it was expected."""
    return [f for f in findings if f.got == value], [f for f in findings if f.expected == value]


def _precision_and_recall(name: str, got: Sequence[Finding], expected: Sequence[Finding]) -> dict[str, float]:
    shares = {"precision": [f.right for f in got if f.got], "recall": [f.right for f in expected if f.expected]}
    return {f"{name} {share}": sum(right) / len(right) for share, right in shares.items() if right}


def confusion(findings: Sequence[Finding]) -> dict[str, dict[str, int]]:
    """Count how often each voice was taken for each, by the labelled voice and then by the one read."""
    pairs = Counter((f.expected, f.got or "not read") for f in findings if f.measure == VOICE)
    names = [*Voice, "not read"]
    return {voice: {name: pairs[voice, name] for name in names} for voice in Voice}
