"""Evaluations side by side: two question by question, more as columns of one table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.comparison.differences import Outcome, asked_in_both, differences, find_changes, outcomes_of
from eval.comparison.evaluations import load_evaluation
from eval.comparison.provenance import tell_differences
from eval.metrics.answers import CITED, FACTS, FOUND, REFUSED
from eval.reports.document import Block, Grid, Listing, Paragraph, as_markdown, as_text, short, spanned
from eval.reports.evaluation import changed_blocks, differences_grid, in_order
from vectorstore.errors import WrongUse

_BY_KIND = (FOUND, CITED, FACTS, REFUSED)
_SECONDS = ("latency_p50", "latency_p95")


@dataclass(frozen=True, slots=True)
class Run:
    """An evaluation as it was written.

    Attributes:
        name: what tells it from the others it is compared with.
        path: its file.
        content: the whole of it.
        outcomes: what came of each question, by id.
    """

    name: str
    path: Path
    content: Mapping[str, Any]
    outcomes: Mapping[str, Outcome]

    @property
    def made_with(self) -> Mapping[str, Any]:
        """Return the commit, settings, model and letters."""
        made: Mapping[str, Any] = self.content["run"]
        return made

    @property
    def metrics(self) -> Mapping[str, Any]:
        """Return the figures over all its questions."""
        metrics: Mapping[str, Any] = self.content["metrics"]
        return metrics

    def field(self, name: str) -> dict[str, str]:
        """Return a field of each question, by id."""
        return {str(row["id"]): str(row[name]) for row in self.content["answers"]}


def load_runs(paths: Sequence[Path]) -> list[Run]:
    """Read the evaluations in files, named after their configurations, or after their files where those are the same.

    Raises:
        WrongUse: there are fewer than two, or a file is no evaluation; says which and what to do.
    """
    if len(paths) < 2:
        raise WrongUse("One run cannot be compared.", "Name two files or more that `python -m eval run --out` wrote.")
    contents = [(path, load_evaluation(path)) for path in paths]
    configured = [str((content["run"].get("config") or {}).get("name", path)) for path, content in contents]
    stems = [path.stem for path, _ in contents]
    names = next((names for names in (configured, stems) if _all_different(names)), list(map(str, paths)))
    return [
        Run(name, path, content, outcomes_of(content["answers"]))
        for name, (path, content) in zip(names, contents, strict=True)
    ]


def _all_different(names: Sequence[str]) -> bool:
    return max(Counter(names).values()) == 1


def comparison(runs: Sequence[Run], *, markdown: bool = False) -> str:
    """Write two runs beside each other, question by question; more as a table with a column for each."""
    blocks = _of_two(runs[0], runs[1]) if len(runs) == 2 else _of_many(runs)
    return as_markdown(blocks).rstrip() if markdown else as_text(blocks)


def _of_two(before: Run, after: Run) -> Iterator[Block]:
    names = asked_in_both(before.outcomes, after.outcomes)
    yield Listing([f"before: {_described(before)}", f"after: {_described(after)}", *_unlike(before, after)])
    if not names:
        yield Paragraph("They cannot be compared: they have no question in common.")
        return
    yield Paragraph(f"Over the {len(names)} questions that both asked in the same words:")
    moved = differences(before.outcomes, after.outcomes)
    yield differences_grid({metric: difference.json() for metric, difference in moved.items()})
    yield Grid([["kind", "n", *_BY_KIND], *_by_kind(before, after)])
    broke, mended = find_changes(before.outcomes, after.outcomes)
    for said, changed in (("Questions that broke", broke), ("Questions that were mended", mended)):
        yield from changed_blocks(said, [each.json() for each in changed], after.field("question"))


def _described(run: Run) -> str:
    commit = (run.made_with.get("commit") or "no commit")[:12]
    state = " and changes" if run.made_with.get("changed") else ""
    return f"{run.name}, {run.path}, {run.made_with.get('at')}, {commit}{state}"


def _unlike(before: Run, after: Run) -> list[str]:
    apart = len(before.outcomes.keys() ^ after.outcomes.keys())
    put = len(before.outcomes.keys() & after.outcomes.keys()) - len(asked_in_both(before.outcomes, after.outcomes))
    said = tell_differences(before.made_with, after.made_with)
    said += [f"questions that one of them did not ask: {apart}"] if apart else []
    return said + ([f"questions that were put otherwise: {put}"] if put else [])


def _by_kind(before: Run, after: Run) -> Iterator[list[str]]:
    kinds = after.field("kind")
    for kind in sorted(set(kinds.values())):
        own = [
            {name: outcome for name, outcome in run.outcomes.items() if kinds.get(name) == kind}
            for run in (before, after)
        ]
        moved = differences(*own)
        cells = (moved.get(metric) for metric in _BY_KIND)
        asked = str(len(asked_in_both(*own)))
        yield [kind, asked, *(f"{cell.before:.3f} → {cell.after:.3f}" if cell else "-" for cell in cells)]


def _of_many(runs: Sequence[Run]) -> Iterator[Block]:
    metrics = in_order({name for run in runs for name in run.metrics["intervals"]})
    rows = [[m, *(spanned(run.metrics.get(m), run.metrics["intervals"].get(m)) for run in runs)] for m in metrics]
    seconds = [[f"{name} (s)", *(f"{run.metrics[name]:.3f}" for run in runs)] for name in _SECONDS]
    asked = ["questions", *(str(len(run.outcomes)) for run in runs)]
    yield Grid([["", *(run.name for run in runs)], asked, *rows, *seconds])
    first = runs[0]
    if other := [run.name for run in runs if len(asked_in_both(first.outcomes, run.outcomes)) != len(first.outcomes)]:
        yield Paragraph(f"Not asked all the questions of {first.name} in the same words: {', '.join(other)}.")
    if other := [run.name for run in runs if run.made_with.get("archive") != first.made_with.get("archive")]:
        names = ", ".join(map(short, other))
        yield Paragraph(f"Over other letters, or letters read otherwise, than {first.name}: {names}.")
