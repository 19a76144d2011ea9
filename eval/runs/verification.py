"""How well a verifier tells sentences that the letters carry from those they do not: labelled statements given to it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from assistant.answers.answer import Language, Statement
from assistant.answers.written_answer import Claim, Dropped
from assistant.composition import open_archive, open_embedder
from assistant.evidence.coverage import TextReader
from assistant.settings import Settings
from eval.datasets.corpus import open_ingested
from eval.datasets.questions import Part
from eval.datasets.statements import Flaw, LabelledStatement, StatementSet, load_statements
from eval.metrics.gates import Gate, check_names, gates_for, judge_gates
from eval.metrics.intervals import Interval
from eval.runs.claims import claim_of, offer_passages, places_of
from eval.runs.trials import FIGURES, LEFT_OUT, Trial, intervals, summarise_trials
from vectorstore.letters import Passage
from vectorstore.search import Archive

GATES = Path(__file__).parents[1] / "gates-statements.yaml"


class Verifying(Protocol):
    """What is measured."""

    def verified(
        self, claim: Claim, offered: Mapping[str, Passage], language: Language
    ) -> Sequence[Statement | Dropped]:
        """Return each sentence of a claim, as it may be shown or with why it may not."""


Opening = Callable[[Archive, TextReader], Verifying]


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of giving every statement of a file to a verifier.

    Attributes:
        statements: the file's name.
        trials: every statement that could be given, in the order of the file; never empty.
        metrics: as `eval.trials.summarise_trials` gives them.
        intervals: ends of the 95% interval of each share.
        gates: the verdict on each gate.
        warnings: what to know about the figures.
    """

    statements: str
    trials: tuple[Trial, ...]
    metrics: Mapping[str, Any]
    intervals: Mapping[str, Interval]
    gates: Mapping[str, Mapping[str, Any]]
    warnings: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Return True if every gate was kept."""
        return all(verdict["passed"] for verdict in self.gates.values())

    @property
    def wrong(self) -> tuple[Trial, ...]:
        """Return what was judged wrongly: what does most harm first, honest statements that were not shown last."""
        gravity: list[Flaw | None] = [*Flaw, None]
        wrong = (trial for trial in self.trials if not trial.right)
        return tuple(sorted(wrong, key=lambda trial: gravity.index(trial.label.fault)))

    @property
    def faults(self) -> dict[str, Counter[str]]:
        """Return how often each fault was named, by what the label says; `shown` or `silent` when none was."""
        found: dict[str, Counter[str]] = {}
        for trial in self.trials:
            named = trial.fault or ("shown" if trial.shown else "silent")
            found.setdefault(trial.label.verdict, Counter())[str(named)] += 1
        return found

    def json(self) -> dict[str, Any]:
        """Return the measurement as plain values."""
        return {
            "statements": self.statements,
            "passed": self.passed,
            "metrics": dict(self.metrics),
            "intervals": {name: list(ends) for name, ends in self.intervals.items()},
            "faults": {label: dict(counts) for label, counts in self.faults.items()},
            "gates": dict(self.gates),
            "warnings": list(self.warnings),
            "wrong": [trial.json() for trial in self.wrong],
        }


def production(archive: Archive, reader: TextReader) -> Verifying:
    """Open the verifier that answers are checked with."""
    from assistant.verification.verifier import Verifier

    return Verifier(archive, reader)


def measure_statements(
    archive: Path, statements: Path, settings: Settings, part: Part | None = None, opening: Opening = production
) -> Verification:
    """Ingest letters into a temporary archive and give the statements to a verifier.

    Args:
        archive: folder of letters.
        statements: file of labelled statements.
        settings: as the archive is made with.
        part: only the statements of this part; all of them when None.
        opening: opens the verifier.

    Raises:
        WrongUse: the file of statements is wrong, or rests on what is not in the letters, or a gate is on no metric.
        ArchiveError: the letters cannot be ingested or searched.
    """
    labels = load_statements(statements, part)
    embedder = open_embedder(settings)
    with open_ingested([archive], settings, embedder) as store:
        return verify(labels, open_archive(store, embedder), opening, part=part)


def verify(
    labels: StatementSet,
    archive: Archive,
    opening: Opening,
    *,
    part: Part | None = None,
    gates: tuple[Gate, ...] | None = None,
) -> Verification:
    """Give statements over the letters of an archive to a verifier.

    Args:
        labels: the statements.
        archive: the letters.
        opening: opens the verifier.
        part: the one part that the statements are of; only gates on it are asked of them. None for all parts.
        gates: bounds on the metrics; those of the file when None.

    Raises:
        WrongUse: a statement rests on what is not in the letters, none could be given, or a gate is on no metric.
    """
    gates = gates_for(labels.name, GATES) if gates is None else gates
    check_names(gates, FIGURES, Part)
    places, warnings = places_of(labels, archive.store)
    verifier = opening(archive, TextReader(archive.analyser))
    trials = tuple(
        _trial(label, places[label.id], archive, verifier) for label in labels.statements if label.id in places
    )
    metrics = summarise_trials(trials) | {LEFT_OUT: len(labels.statements) - len(trials)}
    asked = tuple(gate for gate in gates if part is None or gate.metric.startswith(f"{part} "))
    verdicts = judge_gates(asked, metrics)
    return Verification(labels.name, trials, metrics, intervals(trials), verdicts, warnings)


def _trial(label: LabelledStatement, cited: tuple[Passage, ...], archive: Archive, verifier: Verifying) -> Trial:
    offered = offer_passages(label, cited, archive)
    claim = claim_of(label, cited, offered)
    began = time.perf_counter()
    sentences = verifier.verified(claim, offered, label.language)
    milliseconds = (time.perf_counter() - began) * 1000
    shown = tuple(sentence.text for sentence in sentences if isinstance(sentence, Statement))
    dropped = tuple(sentence for sentence in sentences if isinstance(sentence, Dropped))
    return Trial(label, shown, dropped, milliseconds)
