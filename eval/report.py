"""An evaluation as text for a terminal or a log."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from eval.baseline import GATED, Comparison
from eval.changes import WIDTH, differences_table, side_by_side
from eval.faults import faults
from eval.judge_report import judge_text
from eval.metrics import (
    CITATION_PRECISION,
    CITATION_RECALL,
    CITED,
    FACTS,
    FALSE_REFUSALS,
    FOUND,
    LANGUAGE,
    NDCG,
    QUOTE_VALIDITY,
    REFUSAL_PRECISION,
    REFUSED,
    VOICE,
    Record,
)
from eval.run import Evaluation
from eval.tables import Rows, short, text_table
from eval.writing_report import writing_text

_COLUMNS = {
    FOUND: FOUND,
    NDCG: NDCG,
    CITED: CITED,
    CITATION_RECALL: "cit.rec",
    CITATION_PRECISION: "cit.prec",
    FACTS: FACTS,
    VOICE: VOICE,
    REFUSED: REFUSED,
    REFUSAL_PRECISION: "ref.prec",
    FALSE_REFUSALS: "false",
    "latency_p50": "p50",
    "latency_p95": "p95",
}
"""Headings of the columns, by metric."""

_LEGEND = (
    "cit.rec, cit.prec: citation_recall, citation_precision; ref.prec: refusal_precision; false: false_refusals;\n"
    "p50, p95: seconds to an answer"
)
_REST = ("recall@1", "recall@5", "recall@10", "MRR", QUOTE_VALIDITY, LANGUAGE)
_SPANNED = (FOUND, NDCG, CITED, FACTS, VOICE, REFUSED, FALSE_REFUSALS)
_MOST_NAMED = 12
_INDENT = " " * 14


def report(evaluation: Evaluation) -> str:
    """The whole report: figures, warnings, questions that fell short, the baseline, gates, and apart the writing and the judge."""
    metrics = evaluation.metrics
    rest = zip(_REST, _figures(metrics, _REST), strict=True)
    parts = [
        evaluation.questions,
        f"{text_table(_figures_table(metrics))}\n\n{_LEGEND}",
        "  ".join(f"{name} {figure}" for name, figure in rest),
        f"95% intervals\n{text_table(_intervals_table(metrics))}",
        *(_wrapped(f"Warning: {warning}") for warning in evaluation.warnings),
        *([_wrapped(f"Left out: {', '.join(evaluation.left_out)}")] if evaluation.left_out else []),
        *_shortcomings(evaluation),
        *_baseline(evaluation),
        *verdicts(evaluation.gates),
        *(writing_text(evaluation.writing) if evaluation.writing else ()),
        *(judge_text(evaluation.judge.json()) if evaluation.judge else ()),
    ]
    return "\n\n".join(parts)


def _groups(metrics: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The figures over all questions and over each part."""
    parts = metrics.get("parts", {})
    return [("all", metrics), *((f"part {name}", figures) for name, figures in parts.items())]


def _figures_table(metrics: Mapping[str, Any]) -> Rows:
    rows = [*_groups(metrics), *metrics["kinds"].items()]
    header = ["kind", "n", *_COLUMNS.values()]
    return [header, *([name, str(own["questions"]), *_figures(own, tuple(_COLUMNS))] for name, own in rows)]


def _intervals_table(metrics: Mapping[str, Any]) -> Rows:
    names = [name for name in _SPANNED if name in metrics["intervals"]]
    rows = [[group, *(_span(own["intervals"].get(name)) for name in names)] for group, own in _groups(metrics)]
    return [["", *names], *rows]


def _span(ends: Sequence[float] | None) -> str:
    return f"{ends[0]:.2f}-{ends[1]:.2f}" if ends else "-"


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent="    ")


def _figures(metrics: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    return [f"{metrics[name]:.3f}" if name in metrics else "-" for name in names]


def _shortcomings(evaluation: Evaluation) -> Iterator[str]:
    wrong = [(record, faults(evaluation.scores[record.expected.id])) for record in evaluation.records]
    wrong = [(record, found) for record, found in wrong if found]
    if wrong:
        yield f"Questions that fell short: {len(wrong)} of {len(evaluation.records)}"
    for record, found in wrong:
        yield "\n".join(textwrap.fill(line, WIDTH, subsequent_indent=_INDENT) for line in _shortcoming(record, found))


def _shortcoming(record: Record, found: Sequence[str]) -> Iterator[str]:
    expected, answer = record.expected, record.answer
    yield f"{expected.id} ({expected.kind}) {expected.question}"
    yield f"    {'; '.join(found)}"
    for evidence in expected.evidence:
        yield f"    expected  {evidence.source}: {evidence.text or 'any passage'}"
    if expected.voice:
        yield f"    expected  voice {expected.voice}"
    for fact in expected.facts:
        yield f"    expected  fact {fact}"
    for citation in answer["citations"]:
        yield f"    cited     [{citation['n']}] {citation['source']} ({citation['voice']}): {short(citation['quote'])}"
    if not answer["answered"]:
        yield f"    refused   {short(answer['text'])}"


def _baseline(evaluation: Evaluation) -> Iterator[str]:
    """How the metrics moved since the baseline, and the questions that broke."""
    baseline = evaluation.baseline
    if baseline is None:
        return
    made = ", ".join(filter(None, (baseline.at, baseline.commit and baseline.commit[:12])))
    yield _wrapped(f"Beside the baseline {baseline.path} ({made})")
    yield from (_wrapped(f"Note: {note}") for note in baseline.notes)
    yield from _wrapped_ids("Questions that the baseline does not have", baseline.new)
    yield from _wrapped_ids("Questions of the baseline that were not asked", baseline.gone)
    yield from _wrapped_ids("Questions put otherwise since, not compared", baseline.changed)
    if baseline.why:
        yield f"They cannot be compared: {baseline.why}."
        return
    yield text_table(differences_table(baseline.differences))
    yield from _changed(evaluation, baseline)
    yield _conclusion(baseline)


def _wrapped_ids(said: str, identifiers: Sequence[str]) -> Iterator[str]:
    if identifiers:
        more = ["…"] if len(identifiers) > _MOST_NAMED else []
        yield _wrapped(f"{said}: {len(identifiers)} ({', '.join([*identifiers[:_MOST_NAMED], *more])})")


def _changed(evaluation: Evaluation, baseline: Comparison) -> Iterator[str]:
    questions = {record.expected.id: record.expected.question for record in evaluation.records}
    if baseline.broke:
        yield f"Questions that broke: {len(baseline.broke)}"
    yield from (side_by_side(changed, questions[changed.id], "broke") for changed in baseline.broke)
    yield from _wrapped_ids("Questions that were mended", [changed.id for changed in baseline.mended])


def _conclusion(baseline: Comparison) -> str:
    if not baseline.worse:
        return f"Nothing is worse beyond chance ({', '.join(GATED)})."
    accepted = " It is accepted as the new baseline." if baseline.accepted else " FAILED"
    return f"Worse beyond chance: {', '.join(baseline.worse)}.{accepted}"


def verdicts(gates: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """A table of the gates and whether each was kept; nothing when there are none."""
    rows = []
    for name, verdict in gates.items():
        bounds = [f"{word} {verdict[word]:g}" for word in ("least", "most") if verdict[word] is not None]
        value = "-" if verdict["value"] is None else f"{verdict['value']:.3f}"
        rows.append([name, value, ", ".join(bounds), "passed" if verdict["passed"] else "FAILED"])
    if rows:
        yield text_table([["gate", "value", "bound", ""], *rows])
