"""An evaluation as text for a terminal or a log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from eval.faults import faults
from eval.metrics import (
    CITED,
    FACTS,
    FALSE_REFUSALS,
    FOUND,
    LANGUAGE,
    NDCG,
    QUOTE_VALIDITY,
    REFUSED,
    VOICE,
    Record,
)
from eval.run import Evaluation
from eval.tables import text_table

_COLUMNS = ("recall@1", FOUND, NDCG, CITED, "citation_precision", FACTS, VOICE, REFUSED, FALSE_REFUSALS)
_SPANNED = (FOUND, CITED, FACTS, VOICE, REFUSED, FALSE_REFUSALS, NDCG, "MRR")


def report(evaluation: Evaluation) -> str:
    """The whole report: figures, warnings, questions that fell short, gates."""
    metrics = evaluation.metrics
    rows = [("all", metrics), *metrics["kinds"].items()]
    table = [["kind", "n", *_COLUMNS], *([name, str(m["questions"]), *_figures(m, _COLUMNS)] for name, m in rows)]
    rest = ("recall@5", "recall@10", "MRR", QUOTE_VALIDITY, LANGUAGE, "latency_p50", "latency_p95")
    intervals = {name: metrics["intervals"][name] for name in _SPANNED if name in metrics["intervals"]}
    spans = [f"{name} {low:.2f}-{high:.2f}" for name, (low, high) in intervals.items()]
    parts = [
        evaluation.questions,
        text_table(table),
        "  ".join(f"{name} {figure}" for name, figure in zip(rest, _figures(metrics, rest), strict=True)),
        f"95% intervals: {', '.join(spans)}",
        *(f"Warning: {warning}" for warning in evaluation.warnings),
        *(["Left out: " + ", ".join(evaluation.left_out)] if evaluation.left_out else []),
        *_shortcomings(evaluation),
        *verdicts(evaluation.gates),
    ]
    return "\n\n".join(parts)


def _figures(metrics: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    return [f"{metrics[name]:.3f}" if name in metrics else "-" for name in names]


def _shortcomings(evaluation: Evaluation) -> Iterator[str]:
    wrong = [(record, faults(evaluation.scores[record.expected.id])) for record in evaluation.records]
    wrong = [(record, found) for record, found in wrong if found]
    if wrong:
        yield f"Questions that fell short: {len(wrong)} of {len(evaluation.records)}"
    for record, found in wrong:
        yield "\n".join(_shortcoming(record, found))


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


def short(text: str, most: int = 160) -> str:
    """A text on one line of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def verdicts(gates: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """A table of the gates and whether each was kept; nothing when there are none."""
    rows = []
    for name, verdict in gates.items():
        bounds = [f"{word} {verdict[word]:g}" for word in ("least", "most") if verdict[word] is not None]
        value = "-" if verdict["value"] is None else f"{verdict['value']:.3f}"
        rows.append([name, value, ", ".join(bounds), "passed" if verdict["passed"] else "FAILED"])
    if rows:
        yield text_table([["gate", "value", "bound", ""], *rows])
