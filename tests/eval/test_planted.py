"""Faults planted in the real assistant over the sample archive, judged by its real gates: each turns them red."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from assistant.composition import open_embedder
from assistant.settings import Settings
from eval.comparison.baseline import Baseline, baseline_json, load_baseline
from eval.datasets.corpus import temporary_store
from eval.datasets.questions import Part, QuestionKind, QuestionSet, load_questions
from eval.files import write_json
from eval.metrics.answers import CITED, MEANING, QUOTE_VALIDITY, REFUSED, VOICE
from eval.runs.answers import Evaluation, evaluate
from eval.systems.config import Config
from eval.systems.systems import AnsweringSystem
from ingest.job.job import Ingest
from tests.eval.faults import (
    Faulty,
    Remembered,
    next_passage,
    one_word_altered,
    other_letter_text,
    shifted,
    shifted_from_quote,
    voices_swapped,
)
from vectorstore.letters import Citation
from vectorstore.models.embedder import Embedder
from vectorstore.store.store import Store

SAMPLE = Path(__file__).parents[2] / "eval" / "sample"
SCANS = "scans"


@dataclass(frozen=True)
class Sample:
    """The sample archive, ingested once, with what the assistant answers and what it reached."""

    store: Store
    embedder: Embedder
    questions: QuestionSet
    assistant: Remembered
    untouched: Evaluation
    baseline: Baseline

    def judged(self, asked: AnsweringSystem, kind: QuestionKind | None = None) -> Evaluation:
        """Held to the gates of the sample's questions, or of one kind of them, and to what was reached without a fault."""
        chosen = tuple(one for one in self.questions.questions if kind in (None, one.kind))
        return evaluate(asked, replace(self.questions, questions=chosen), self.store, baseline=self.baseline)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """Every second question that may be tuned on, of letters that are no scans; `make eval` asks them all of all."""
    settings, folder = Settings(), tmp_path_factory.mktemp("sample")
    letters = shutil.copytree(SAMPLE / "archive", folder / "archive", ignore=shutil.ignore_patterns(SCANS))
    embedder, questions = open_embedder(settings), load_questions(SAMPLE / "questions.yaml", Part.DEVELOPMENT)
    legible = [one for one in questions.questions if not any(SCANS in each.source for each in one.evidence)]
    questions = replace(questions, questions=tuple(legible[::2]))
    with temporary_store(settings, embedder) as store:
        Ingest(store, embedder).run([letters])
        assistant = Remembered(Config().assistant(store, embedder))
        untouched = evaluate(assistant, questions, store)
        path = folder / "baseline.json"
        write_json(path, baseline_json(untouched.json()))
        yield Sample(store, embedder, questions, assistant, untouched, load_baseline(path))


def test_the_untouched_assistant_passes(sample: Sample) -> None:
    assert sample.untouched.passed
    again = sample.judged(sample.assistant)
    assert again.passed
    assert again.baseline is not None
    assert not again.baseline.broke


@pytest.mark.parametrize(
    ("alter", "gate"),
    [
        (shifted, QUOTE_VALIDITY),
        (shifted_from_quote, QUOTE_VALIDITY),
        (one_word_altered, QUOTE_VALIDITY),
        (other_letter_text, QUOTE_VALIDITY),
        (voices_swapped, VOICE),
    ],
)
def test_a_fault_in_citations_turns_its_gate_red(
    sample: Sample, alter: Callable[[Citation], Citation], gate: str
) -> None:
    found = sample.judged(Faulty(sample.assistant, alter))
    assert not found.passed
    assert not found.gates[gate]["passed"]
    assert found.baseline is not None
    assert not found.baseline.passed


def test_citations_of_the_next_passage_turn_the_gate_red(sample: Sample) -> None:
    found = sample.judged(Faulty(sample.assistant, next_passage(sample.store)))
    assert not found.gates[CITED]["passed"]


def test_an_assistant_that_never_refuses_turns_the_gate_red(sample: Sample) -> None:
    found = sample.judged(Config(refuses=False).assistant(sample.store, sample.embedder), QuestionKind.UNANSWERABLE)
    assert not found.gates[REFUSED]["passed"]


def test_a_search_without_vectors_turns_the_gate_red(sample: Sample) -> None:
    found = sample.judged(Config(dense=False).assistant(sample.store, sample.embedder), QuestionKind.FACT)
    assert not found.gates[MEANING]["passed"]
