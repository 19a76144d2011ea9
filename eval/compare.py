"""Evaluations side by side: two question by question, more as columns of one table."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.changes import changed_table, differences_table, in_order, side_by_side
from eval.differences import Changed, Outcome, changes, differences, outcomes_of, shared
from eval.metrics import CITED, FACTS, FOUND, REFUSED
from eval.provenance import unlike
from eval.tables import Rows, markdown_table, short, text_table
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
        """Commit, settings, model and letters."""
        made: Mapping[str, Any] = self.content["run"]
        return made

    @property
    def metrics(self) -> Mapping[str, Any]:
        """The figures over all its questions."""
        metrics: Mapping[str, Any] = self.content["metrics"]
        return metrics

    def field(self, name: str) -> dict[str, str]:
        """A field of each question, by id."""
        return {str(row["id"]): str(row[name]) for row in self.content["answers"]}


def load_runs(paths: Sequence[Path]) -> list[Run]:
    """The evaluations in files, named after their configurations, or after their files where those are the same.

    Raises:
        WrongUse: there are fewer than two, or a file is no evaluation; says which and what to do.
    """
    if len(paths) < 2:
        raise WrongUse("One run cannot be compared.", "Name two files or more that `python -m eval run --out` wrote.")
    contents = [_content(path) for path in paths]
    configured = [str((content["run"].get("config") or {}).get("name", path)) for path, content in contents]
    stems = [path.stem for path, _ in contents]
    names = next((names for names in (configured, stems) if _all_different(names)), list(map(str, paths)))
    return [
        Run(name, path, content, outcomes_of(content["answers"]))
        for name, (path, content) in zip(names, contents, strict=True)
    ]


def _all_different(names: Sequence[str]) -> bool:
    return max(Counter(names).values()) == 1


def _content(path: Path) -> tuple[Path, dict[str, Any]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WrongUse(f"{path} cannot be read as JSON ({error}).", "Name what `run --out` wrote.") from error
    if not isinstance(content, dict) or not {"metrics", "answers"} <= content.keys():
        raise WrongUse(f"{path} is not an evaluation.", "Name what `python -m eval run --out` wrote.")
    try:
        outcomes_of(content["answers"])
        complete = isinstance(content["run"], dict) and "intervals" in content["metrics"]
    except (KeyError, TypeError, AttributeError):
        complete = False
    if not complete:
        raise WrongUse(f"{path} is of an older shape than this program writes.", "Make it again with `run --out`.")
    return path, content


def comparison(runs: Sequence[Run], *, markdown: bool = False) -> str:
    """Two runs beside each other, question by question; more as a table with a column for each."""
    table = markdown_table if markdown else text_table
    parts = _of_two(runs[0], runs[1], table, markdown=markdown) if len(runs) == 2 else _of_many(runs, table)
    return "\n\n".join(parts)


Drawn = Callable[[Rows], str]


def _of_two(before: Run, after: Run, table: Drawn, *, markdown: bool) -> Iterator[str]:
    names = shared(before.outcomes, after.outcomes)
    yield f"- before: {_described(before)}\n- after: {_described(after)}"
    yield from _unlike(before, after)
    if not names:
        yield "They cannot be compared: they have no question in common."
        return
    yield f"Over the {len(names)} questions that both asked in the same words:"
    yield table(differences_table(differences(before.outcomes, after.outcomes)))
    yield table(_by_kind(before, after))
    questions = after.field("question")
    for became, changed in zip(("broke", "mended"), changes(before.outcomes, after.outcomes), strict=True):
        yield f"Questions that {'broke' if became == 'broke' else 'were mended'}: {len(changed)}"
        if changed:
            yield (
                table(changed_table(changed, questions.__getitem__)) if markdown else _text(changed, questions, became)
            )


def _described(run: Run) -> str:
    commit = (run.made_with.get("commit") or "no commit")[:12]
    state = " and changes" if run.made_with.get("changed") else ""
    return f"{run.name}, {run.path}, {run.made_with.get('at')}, {commit}{state}"


def _unlike(before: Run, after: Run) -> Iterator[str]:
    said = unlike(before.made_with, after.made_with)
    apart = len(before.outcomes.keys() ^ after.outcomes.keys())
    put = len(before.outcomes.keys() & after.outcomes.keys()) - len(shared(before.outcomes, after.outcomes))
    said += [f"questions that one of them did not ask: {apart}"] if apart else []
    said += [f"questions that were put otherwise: {put}"] if put else []
    if said:
        yield "\n".join(f"- {each}" for each in said)


def _by_kind(before: Run, after: Run) -> Rows:
    kinds = after.field("kind")
    rows = []
    for kind in sorted(set(kinds.values())):
        own = [
            {name: outcome for name, outcome in run.outcomes.items() if kinds.get(name) == kind}
            for run in (before, after)
        ]
        moved = differences(*own)
        cells = (moved.get(metric) for metric in _BY_KIND)
        asked = str(len(shared(*own)))
        rows.append([kind, asked, *(f"{cell.before:.3f} → {cell.after:.3f}" if cell else "-" for cell in cells)])
    return [["kind", "n", *_BY_KIND], *rows]


def _text(changed: Sequence[Changed], questions: Mapping[str, str], became: str) -> str:
    return "\n\n".join(side_by_side(each, questions[each.id], became) for each in changed)


def _of_many(runs: Sequence[Run], table: Drawn) -> Iterator[str]:
    metrics = in_order({name for run in runs for name in run.metrics["intervals"]})
    rows = [[metric, *(_figure(run, metric) for run in runs)] for metric in metrics]
    seconds = [[f"{name} (s)", *(f"{run.metrics[name]:.3f}" for run in runs)] for name in _SECONDS]
    asked = ["questions", *(str(len(run.outcomes)) for run in runs)]
    yield table([["", *(run.name for run in runs)], asked, *rows, *seconds])
    if other := [run.name for run in runs if len(shared(runs[0].outcomes, run.outcomes)) != len(runs[0].outcomes)]:
        yield f"Not asked all the questions of {runs[0].name} in the same words: {', '.join(other)}."
    if other := [run.name for run in runs if run.made_with.get("archive") != runs[0].made_with.get("archive")]:
        yield f"Over other letters, or letters read otherwise, than {runs[0].name}: {', '.join(map(short, other))}."


def _figure(run: Run, metric: str) -> str:
    if metric not in run.metrics:
        return "-"
    low, high = run.metrics["intervals"][metric]
    return f"{run.metrics[metric]:.3f} ({low:.2f}-{high:.2f})"
