"""Ask every question of a file, and judge the answers."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assistant.answers.serialisation import result_json
from assistant.composition import open_embedder, open_reader
from assistant.llm.chat_model import ChatModel
from assistant.settings import Settings
from eval.comparison.baseline import Baseline, Comparison, compare_with_baseline, load_baseline
from eval.comparison.differences import outcomes_of
from eval.comparison.provenance import provenance
from eval.datasets.beir import load_beir
from eval.datasets.corpus import Corpus, check_evidence, open_ingested
from eval.datasets.questions import ExpectedAnswer, Part, QuestionSet, load_questions
from eval.metrics.answers import MEANING, Record
from eval.metrics.faults import faults
from eval.metrics.gates import Gate, check_names, gates_for, judge_gates
from eval.metrics.scores import FIGURES, LEFT_OUT, scores_of, summarise_scores
from eval.runs.judge import Judgement, judge_answers
from eval.runs.writing import writing
from eval.systems.config import Options
from eval.systems.systems import AnsweringSystem, Searching, open_system
from vectorstore.errors import WrongUse
from vectorstore.letters import Passage
from vectorstore.store.store import Store


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a run found.

    Attributes:
        questions: the question file's name.
        metrics: over all questions and over each kind.
        gates: the verdict on each gate.
        records: every question with its answer.
        scores: of each question, by id and metric.
        warnings: what to know about the figures.
        left_out: questions that were not counted, for files that could not be read.
        run: what it was made with, as `eval.comparison.provenance` gives it.
        baseline: how it differs from the baseline; None when it was not compared with one.
        writing: what became of what a chat model wrote, as `eval.runs.writing` gives it; None when none was to write.
        judge: what a chat model thinks of the answers, which nothing else depends on; None when none was asked.
    """

    questions: str
    metrics: dict[str, Any]
    gates: dict[str, dict[str, Any]]
    records: tuple[Record, ...]
    scores: dict[str, dict[str, float]]
    warnings: tuple[str, ...]
    left_out: tuple[str, ...]
    run: Mapping[str, Any]
    baseline: Comparison | None = None
    writing: Mapping[str, Any] | None = None
    judge: Judgement | None = None

    @property
    def passed(self) -> bool:
        """Return True if every gate was kept and nothing is worse than the baseline beyond chance."""
        kept = all(verdict["passed"] for verdict in self.gates.values())
        return kept and (self.baseline is None or self.baseline.passed)

    def accepted(self) -> Evaluation:
        """Return the same, accepted as the new baseline: only its gates count."""
        return replace(self, baseline=replace(self.baseline, accepted=True)) if self.baseline else self

    def json(self) -> dict[str, Any]:
        """Return the evaluation as plain values."""
        return {
            "questions": self.questions,
            "passed": self.passed,
            "run": dict(self.run),
            "metrics": self.metrics,
            "gates": self.gates,
            "baseline": self.baseline.json() if self.baseline else None,
            "writing": dict(self.writing) if self.writing else None,
            "judge": self.judge.json() if self.judge else None,
            "warnings": list(self.warnings),
            "left_out": list(self.left_out),
            "answers": self.answers(),
        }

    def answers(self) -> list[dict[str, Any]]:
        """Return every question with what was found, answered, expected and wrong, as plain values."""
        return [self._answer(record) for record in self.records]

    def _answer(self, record: Record) -> dict[str, Any]:
        scores = self.scores[record.expected.id]
        return record.expected.json() | {
            "retrieved": list(record.retrieved),
            "answer": record.answer,
            "seconds": round(record.seconds, 4),
            "scores": scores,
            "faults": faults(scores),
        }


def run(options: Options, settings: Settings) -> Evaluation:
    """Ingest the letters into a temporary archive and ask it the questions.

    Raises:
        WrongUse: the question file or the baseline is wrong, evidence is not in the letters, or there is no chat model.
        ArchiveError: the letters cannot be ingested or searched, or the chat model cannot be opened.
    """
    writer, judge = options.writer(settings), options.judging(settings)
    question_set = load_questions(options.questions, options.part)
    baseline = load_baseline(options.baseline) if options.baseline else None
    gates = _gates(options, question_set.name)
    embedder, reader = open_embedder(settings), open_reader(settings)
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folders = [options.archive, *(_as_files(path, Path(name)) for path in options.among)]
        store = stack.enter_context(open_ingested(folders, settings, embedder, options.config.passages))
        return evaluate(
            open_system(options.config, store, embedder, writer, reader),
            question_set,
            store,
            gates=gates,
            allow_missing=options.allow_missing,
            config=options.settings(),
            baseline=baseline,
            writer=writer.model.name if writer else None,
            judge=judge,
        )


def _as_files(beir: Path, folder: Path) -> Path:
    """Write the documents of a BEIR folder as text files."""
    out = folder / beir.name
    out.mkdir()
    for number, (title, text) in enumerate(load_beir(beir).documents.values()):
        (out / f"{number:06d}.txt").write_text(f"{title}\n\n{text}".strip(), encoding="utf-8")
    return out


def evaluate(
    asked: AnsweringSystem,
    question_set: QuestionSet,
    store: Store,
    *,
    gates: tuple[Gate, ...] | None = None,
    allow_missing: bool = False,
    config: Mapping[str, Any] = MappingProxyType({}),
    baseline: Baseline | None = None,
    writer: str | None = None,
    judge: ChatModel | None = None,
) -> Evaluation:
    """Ask questions and judge the answers.

    Args:
        asked: answers from the store.
        question_set: what to ask.
        store: the letters as they are stored, against which answers are checked.
        gates: bounds on the metrics; those of the question file when None.
        allow_missing: only warn of evidence that the store does not hold.
        config: every setting of what is asked, for the record.
        baseline: what an earlier run reached, to compare with.
        writer: name of the chat model that was to write the answers; None for answers made of quotations.
        judge: asked about the answers when all else is done; None for no advice.

    Raises:
        WrongUse: evidence is not in the letters, no letter with evidence could be read, or a gate is on no metric.
    """
    gates = gates_for(question_set.name) if gates is None else gates
    check_names(gates, FIGURES, Part)
    corpus = Corpus.of(store)
    warnings = check_evidence(question_set.name, question_set.questions, corpus, only_warn=allow_missing)
    left_out = _left_out(question_set, corpus)
    records = tuple(_record(asked, question) for question in question_set.questions if question.id not in left_out)
    scores = scores_of(records, corpus)
    metrics = summarise_scores(records, scores) | {LEFT_OUT: len(left_out)}
    verdicts = judge_gates(gates, metrics)
    made_with = provenance(question_set, store, corpus, config, writer)
    said = (*question_set.warnings, *warnings, *_unjudged(verdicts))
    found = Evaluation(question_set.name, metrics, verdicts, records, scores, said, left_out, made_with)
    if writer is not None:
        found = replace(found, writing=writing(found.answers(), writer))
    if baseline is not None:
        found = replace(
            found, baseline=compare_with_baseline(baseline, made_with, outcomes_of(found.answers()), corpus)
        )
    if judge is None:
        return found
    advice = judge_answers(found.answers(), judge)
    return replace(found, judge=advice, warnings=(*found.warnings, *advice.warnings()))


def _left_out(question_set: QuestionSet, corpus: Corpus) -> tuple[str, ...]:
    """Return ids of the questions that files which could not be read make unanswerable.

    Raises:
        WrongUse: they are all that the letters should answer, so that refusing everything would pass.
    """
    left_out = tuple(question.id for question in question_set.questions if corpus.lost(question))
    if left_out and not any(one.answerable for one in question_set.questions if one.id not in left_out):
        reasons = "\n".join(f"{source}: {reason}" for source, reason in sorted(corpus.unreadable.items()))
        raise WrongUse(f"No letter that answers a question of {question_set.name} could be read.\n{reasons}")
    return left_out


def _unjudged(verdicts: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """Return a warning of the gates that held nothing, as no question has their metric."""
    names = [name for name, verdict in verdicts.items() if verdict["value"] is None]
    return (f"Gates that held nothing, as no question has the metric: {', '.join(names)}",) if names else ()


def _record(asked: AnsweringSystem, expected: ExpectedAnswer) -> Record:
    began = time.perf_counter()
    result = asked.ask(expected.question, history=expected.history)
    seconds = time.perf_counter() - began
    retrieved = tuple(map(passage_json, result.retrieved))
    return Record(expected, retrieved, result_json(result), seconds, _by_meaning(asked, result.standalone_question))


def _by_meaning(asked: AnsweringSystem, question: str) -> bool | None:
    """Check that a vector helps to find a passage for a question; None when that is not told, or nothing is found."""
    hits = asked.search(question) if isinstance(asked, Searching) else ()
    return any(hit.why.dense for hit in hits) if hits else None


def _gates(options: Options, name: str) -> tuple[Gate, ...]:
    """Return the gates of a question file; without vectors none that asks for them."""
    if not options.gated:
        return ()
    return tuple(gate for gate in gates_for(name) if options.config.dense or gate.metric != MEANING)


def passage_json(passage: Passage) -> dict[str, Any]:
    """Return a passage that was found, as plain values."""
    letter = passage.letter
    return {
        "letter": letter.id,
        "source": letter.source,
        "reference": letter.reference,
        "date": letter.date.isoformat() if letter.date else None,
        "heading": passage.heading,
        "page": passage.page,
        "voice": passage.voice.value,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
    }
