"""An evaluation, as its JSON, for a terminal and as a summary in Markdown for the page of a run of continuous integration."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from eval.comparison.baseline import GATED
from eval.comparison.provenance import made_how
from eval.metrics.answers import (
    CITATION_PRECISION,
    CITATION_RECALL,
    CITED,
    FACTS,
    FALSE_REFUSALS,
    FOUND,
    NDCG,
    REFUSAL_PRECISION,
    REFUSED,
    VOICE,
)
from eval.metrics.faults import FAULTS, worst_first
from eval.reports.chat_model import judge_blocks, writing_blocks
from eval.reports.document import Block, Grid, Heading, Listing, Paragraph, as_markdown, as_text, figure, short, spanned

Json = Mapping[str, Any]

_KIND_COLUMNS: Final = {
    **{name: name for name in (FOUND, NDCG, CITED)},
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
"""Headings of the columns of the kinds, by metric."""

_LEGEND: Final = (
    "cit.rec, cit.prec: citation_recall, citation_precision; ref.prec: refusal_precision; false: false_refusals; "
    "p50, p95: seconds to an answer"
)
_NOT_METRICS: Final = ("questions", "intervals", "kinds", "parts")
_BROKEN, _WORST = 30, 10
"""Most questions in Markdown that broke, and that fell short."""
_MOST_NAMED: Final = 12


def evaluation_text(evaluation: Json) -> str:
    """Write the report for a terminal, in which what is read first stands last."""
    sections = (_head, _metrics, _kinds, _warnings, _faults, _baseline, gates, _writing, _judge)
    return as_text(_blocks(sections, evaluation))


def evaluation_markdown(evaluation: Json) -> str:
    """Write the summary in Markdown."""
    sections = (_head, gates, _metrics, _kinds, _baseline, _faults, _writing, _judge, _warnings)
    return as_markdown(_blocks(sections, evaluation))


def _blocks(sections: Iterable[Callable[[Json], Iterable[Block]]], evaluation: Json) -> Iterator[Block]:
    for section in sections:
        yield from section(evaluation)


def _head(evaluation: Json) -> Iterator[Block]:
    run, answers = evaluation["run"], evaluation["answers"]
    faulty = sum(bool(answer["faults"]) for answer in answers)
    commit = f", commit {run['commit'][:12]}{' with changes' if run['changed'] else ''}" if run["commit"] else ""
    yield Heading(f"{'✅ passed' if evaluation['passed'] else '❌ FAILED'}: {short(evaluation['questions'], 80)}", 2)
    yield Paragraph(
        f"{len(answers) - faulty} of {len(answers)} questions without a fault. Configuration "
        f"{short(run['config'].get('name', '-'), 80)}, answers {short(made_how(run), 100)}, {short(run['at'], 80)}{commit}."
    )


def gates(measured: Json) -> Iterator[Block]:
    """Draw the gates of a measurement, those that failed first; nothing when there are none."""
    rows = []
    for name, gate in sorted(measured["gates"].items(), key=lambda item: bool(item[1]["passed"])):
        bounds = [f"{word} {gate[word]:g}" for word in ("least", "most") if gate[word] is not None]
        verdict = "passed" if gate["passed"] else "FAILED"
        rows.append([short(name, 80), figure(gate["value"]), ", ".join(bounds), verdict])
    if rows:
        yield from (Heading("Gates"), Grid([["gate", "value", "bound", "verdict"], *rows]))


def _metrics(evaluation: Json) -> Iterator[Block]:
    metrics = evaluation["metrics"]
    groups = {"all": metrics, **metrics.get("parts", {})}
    names = [name for name in metrics if name not in _NOT_METRICS]
    rows = [
        [name, *(spanned(own.get(name), own.get("intervals", {}).get(name)) for own in groups.values())]
        for name in ("questions", *names)
    ]
    yield from (Heading("Metrics, with 95% intervals"), Grid([["metric", *groups], *rows]))


def _kinds(evaluation: Json) -> Iterator[Block]:
    kinds = evaluation["metrics"]["kinds"]
    names = [name for name in _KIND_COLUMNS if any(name in own for own in kinds.values())]
    rows = [
        [short(kind, 80), str(own["questions"]), *(figure(own.get(n)) for n in names)] for kind, own in kinds.items()
    ]
    yield Heading("Kinds")
    yield Grid([["kind", "n", *(_KIND_COLUMNS[name] for name in names)], *rows])
    yield Paragraph(_LEGEND)


def _warnings(evaluation: Json) -> Iterator[Block]:
    warnings, left_out = evaluation["warnings"], evaluation["left_out"]
    if warnings:
        yield from (Heading("Warnings"), Listing([short(warning, 300) for warning in warnings[:60]]))
    if left_out:
        yield _counted("Left out", left_out)


def _faults(evaluation: Json) -> Iterator[Block]:
    """Draw the questions that fell short, the worst first, with what was expected of each and what came of it."""
    faulty = [answer for answer in worst_first(evaluation["answers"]) if answer["faults"]]
    if faulty:
        yield Heading(f"Questions that fell short: {len(faulty)} of {len(evaluation['answers'])}")
        header = ["id", "question", "faults", "expected", "given"]
        yield Grid([header, *map(_fault, faulty)], left=5, most=_WORST, wrapped=True)


def _fault(answer: Json) -> list[str]:
    expected, given = answer["expected"], answer["answer"]
    wanted = [f"{item['source']}: {short(item['text'] or 'any passage', 120)}" for item in expected["evidence"]]
    wanted += [f"voice {expected['voice']}"] if expected["voice"] else []
    wanted += [f"fact {fact}" for fact in expected["facts"]]
    cells = [short(answer["id"], 40), f"{short(answer['question'])} ({short(answer['kind'], 40)})"]
    return [*cells, ";\n".join(answer["faults"]), ";\n".join(wanted) or "refused", _outcome(given)]


def _outcome(given: Json) -> str:
    """Say what came of a question, with its citations."""
    if not given["answered"]:
        return "refused"
    return ";\n".join(map(_cited, given["citations"])) or "nothing cited"


def _cited(citation: Json) -> str:
    place = f"characters {citation['start']} to {citation['end']}"
    return f"{short(citation['source'], 60)} ({citation['voice']}): {short(citation.get('quote') or place, 100)}"


def _baseline(evaluation: Json) -> Iterator[Block]:
    """Draw how the metrics moved since the baseline, and the questions that broke."""
    baseline = evaluation["baseline"]
    if not baseline:
        return
    made = ", ".join(filter(None, (baseline["at"], (baseline["commit"] or "")[:12])))
    yield Heading(f"Beside the baseline {short(baseline['path'], 80)} ({made})")
    yield from (Paragraph(f"Note: {short(note, 300)}") for note in baseline.get("notes", ()))
    for said, name in (
        ("Questions that the baseline does not have", "new"),
        ("Questions of the baseline that were not asked", "gone"),
        ("Questions put otherwise since, not compared", "changed"),
    ):
        if baseline.get(name):
            yield _counted(said, baseline[name])
    yield Paragraph(_conclusion(baseline))
    if baseline["differences"]:
        yield differences_grid(baseline["differences"])
    questions = {answer["id"]: answer["question"] for answer in evaluation["answers"]}
    yield from changed_blocks("Questions that broke", baseline["broke"], questions)
    if baseline["mended"]:
        yield _counted("Questions that were mended", [item["id"] for item in baseline["mended"]])


def _counted(said: str, identifiers: Sequence[str]) -> Paragraph:
    named = [short(identifier, 40) for identifier in identifiers[:_MOST_NAMED]]
    more = ["…"] if len(identifiers) > _MOST_NAMED else []
    return Paragraph(f"{said}: {len(identifiers)} ({', '.join([*named, *more])})")


def _conclusion(baseline: Json) -> str:
    if not baseline["comparable"]:
        return f"They cannot be compared: {short(baseline['why'], 300)}."
    if not baseline["worse"]:
        return f"Nothing is worse beyond chance ({', '.join(GATED)})."
    accepted = " It is accepted as the new baseline." if baseline["accepted"] else " FAILED"
    return f"Worse beyond chance: {', '.join(baseline['worse'])}.{accepted}"


def in_order(metrics: Iterable[str]) -> list[str]:
    """Sort names of metrics, those that may not become worse first."""
    names = set(metrics)
    return [name for name in GATED if name in names] + sorted(names - set(GATED))


def differences_grid(differences: Mapping[str, Json]) -> Grid:
    """Draw how each metric moved, of differences as JSON."""
    rows = []
    for name in in_order(differences):
        one = differences[name]
        low, high = one["interval"]
        figures = [f"{one['before']:.3f}", f"{one['after']:.3f}", f"{one['difference']:+.3f}"]
        rows.append([short(name, 80), *figures, f"{low:+.3f} to {high:+.3f}", one["verdict"]])
    return Grid([["metric", "before", "after", "difference", "95% interval", "verdict"], *rows])


def changed_blocks(said: str, changed: Sequence[Json], questions: Mapping[str, str]) -> Iterator[Block]:
    """Draw questions with what came of them before and after.

    Args:
        said: what became of them.
        changed: the questions, as the JSON of a comparison has them.
        questions: their words, by id.
    """
    yield Heading(f"{said}: {len(changed)}")
    if changed:
        rows = [[short(item["id"], 40), short(questions.get(item["id"], "")), *_both(item)] for item in changed]
        yield Grid([["id", "question", "before", "after"], *rows], left=4, most=_BROKEN, wrapped=True)


def _both(changed: Json) -> Iterator[str]:
    for outcome in (changed["before"], changed["after"]):
        scores = {metric: outcome["scores"].get(metric) for metric in changed["metrics"]}
        right = {metric: 0.0 if metric == FALSE_REFUSALS else 1.0 for metric in scores}
        wrong = [FAULTS.get(metric, metric) for metric, score in scores.items() if score != right[metric]]
        yield f"{'; '.join(wrong) or 'right'} ({outcome['language']}):\n{_outcome(outcome)}"


def _writing(evaluation: Json) -> Iterable[Block]:
    return writing_blocks(evaluation["writing"]) if evaluation.get("writing") else ()


def _judge(evaluation: Json) -> Iterable[Block]:
    return judge_blocks(evaluation["judge"]) if evaluation.get("judge") else ()
