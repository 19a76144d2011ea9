"""A baseline: what a run reached, kept in a file that holds no words of the letters, for later runs to be compared with.

Quotations are kept as places (letter, offsets) and cut again from the letters when they are shown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from eval.comparison.differences import (
    Changed,
    Cited,
    Difference,
    Outcome,
    Verdict,
    asked_in_both,
    differences,
    find_changes,
    outcomes_of,
)
from eval.comparison.provenance import made_how, tell_differences
from eval.datasets.corpus import Corpus
from eval.metrics.answers import CITED, FACTS, FALSE_REFUSALS, FOUND, LANGUAGE, NDCG, QUOTE_VALIDITY, REFUSED, VOICE
from vectorstore.errors import WrongUse

GATED: Final = (FOUND, NDCG, CITED, FACTS, VOICE, REFUSED, FALSE_REFUSALS, QUOTE_VALIDITY, LANGUAGE)
"""Metrics that may not become worse."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What an earlier run reached.

    Attributes:
        questions: the question file's name.
        run: what it was made with, as `eval.comparison.provenance` gives it.
        answers: what came of each question, by id; citations without their words.
        path: the file it was read from.
    """

    questions: str
    run: dict[str, Any]
    answers: dict[str, Outcome]
    path: str = ""


_BASELINE: Final = TypeAdapter(Baseline)


def load_baseline(path: Path) -> Baseline:
    """Read the baseline in a file.

    Raises:
        WrongUse: there is none, or the file holds something else.
    """
    try:
        found = replace(_BASELINE.validate_json(path.read_bytes()), path=str(path))
    except FileNotFoundError:
        remedy = "Add --update-baseline to write it after this run, or leave --baseline out."
        raise WrongUse(f"There is no baseline {path}.", remedy) from None
    except OSError as error:
        raise WrongUse(f"{path} cannot be read ({error}).", "Name the file of a baseline.") from error
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"]))
        problem = f"{path} is no baseline ({where + ': ' if where else ''}{error.errors()[0]['msg']})."
        raise WrongUse(problem, "Write it anew with --update-baseline under another name.") from None
    if not all(math.isfinite(score) for outcome in found.answers.values() for score in outcome.scores.values()):
        problem = f"{path} is no baseline: a score in it is no number, and nothing is worse than that."
        raise WrongUse(problem, "Write it anew with --update-baseline under another name.")
    return found


def baseline_json(evaluation: Mapping[str, Any]) -> dict[str, Any]:
    """Return the baseline that an evaluation's JSON makes, as plain values: no question, answer or quotation is in it."""
    return {
        "questions": evaluation["questions"],
        "run": evaluation["run"],
        "answers": {name: _kept(outcome) for name, outcome in outcomes_of(evaluation["answers"]).items()},
    }


def _kept(outcome: Outcome) -> dict[str, Any]:
    places = [{"source": c.source, "start": c.start, "end": c.end, "voice": c.voice} for c in outcome.citations]
    return outcome.json() | {"asked": outcome.asked, "citations": places}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run beside its baseline.

    Attributes:
        path: the baseline's file.
        at, commit: when and of what it was made; None when it does not say.
        why: why they cannot be compared; empty when they can.
        notes: what to know about the comparison.
        differences: how each metric moved, by metric.
        broke, mended: questions.
        new, gone: ids of questions that only this run, or only the baseline, asked.
        changed: ids of questions that were put in other words or of which another answer is expected now.
        accepted: this run is the new baseline, so that nothing in it is worse than it should be.
    """

    path: str
    at: str | None
    commit: str | None
    why: str = ""
    notes: tuple[str, ...] = ()
    differences: Mapping[str, Difference] = field(default_factory=dict)
    broke: tuple[Changed, ...] = ()
    mended: tuple[Changed, ...] = ()
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    accepted: bool = False

    @property
    def worse(self) -> tuple[str, ...]:
        """Return the metrics that became worse beyond chance and may not."""
        found = (metric for metric in GATED if metric in self.differences)
        return tuple(metric for metric in found if self.differences[metric].verdict is Verdict.WORSE)

    @property
    def passed(self) -> bool:
        """Return True if nothing became worse, or this run is the new baseline."""
        return self.accepted or not self.worse

    def json(self) -> dict[str, Any]:
        """Return the comparison as plain values."""
        told = {name: getattr(self, name) for name in ("path", "at", "commit", "why", "accepted", "passed")}
        told |= {name: list(getattr(self, name)) for name in ("notes", "new", "gone", "changed", "worse")}
        told |= {name: [each.json() for each in getattr(self, name)] for name in ("broke", "mended")}
        moved = {metric: difference.json() for metric, difference in self.differences.items()}
        return told | {"comparable": not self.why, "differences": moved}


def compare_with_baseline(
    baseline: Baseline, run: Mapping[str, Any], answers: Mapping[str, Outcome], corpus: Corpus
) -> Comparison:
    """Compare a run with its baseline, over the questions both asked in the same words, when the same engine answered them.

    Args:
        baseline: what the earlier run reached.
        run: what this run was made with.
        answers: what came of each question.
        corpus: the letters, from which the words of the earlier citations are cut.
    """
    at, commit = baseline.run.get("at"), baseline.run.get("commit")
    if baseline.run.get("writer") != run.get("writer"):
        why = f"its answers were {made_how(baseline.run)}, and these are {made_how(run)}"
        return Comparison(baseline.path, at, commit, why)
    same_letters = baseline.run.get("archive") == run["archive"]
    before = _with_quotes(baseline.answers, corpus) if same_letters else baseline.answers
    broke, mended = find_changes(before, answers)
    same = set(asked_in_both(before, answers))
    return Comparison(
        baseline.path,
        at,
        commit,
        "" if same else "none of its questions was asked",
        tuple(tell_differences(baseline.run, run)),
        differences(before, answers),
        broke,
        mended,
        new=tuple(name for name in answers if name not in before),
        gone=tuple(name for name in before if name not in answers),
        changed=tuple(name for name in answers if name in before and name not in same),
    )


def _with_quotes(outcomes: Mapping[str, Outcome], corpus: Corpus) -> dict[str, Outcome]:
    texts = {letter.source: letter.text for letter in corpus.letters.values()}

    def cut(cited: Cited) -> Cited:
        return replace(cited, quote=texts.get(cited.source, "")[cited.start : cited.end])

    return {name: replace(outcome, citations=tuple(map(cut, outcome.citations))) for name, outcome in outcomes.items()}
