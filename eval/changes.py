"""What changed between two runs, as tables and text for a terminal or as Markdown."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.baseline import GATED
from eval.differences import Changed, Difference, Outcome
from eval.faults import FAULTS
from eval.metrics import FALSE_REFUSALS
from eval.tables import Rows, short

WIDTH = 118
"""Characters of the widest line."""

_QUOTED = 100
"""Characters of a quotation in a cell."""


def in_order(metrics: Iterable[str]) -> list[str]:
    """Names of metrics, those that may not become worse first."""
    names = set(metrics)
    return [name for name in GATED if name in names] + sorted(names - set(GATED))


def differences_table(differences: Mapping[str, Difference]) -> Rows:
    """How each metric moved."""
    header = ["metric", "before", "after", "difference", "95% interval", "verdict"]
    return [header, *([name, *_moved(differences[name])] for name in in_order(differences))]


def _moved(difference: Difference) -> list[str]:
    figures = f"{difference.before:.3f}", f"{difference.after:.3f}", f"{difference.after - difference.before:+.3f}"
    return [*figures, f"{difference.low:+.3f} to {difference.high:+.3f}", difference.verdict.value]


def side_by_side(changed: Changed, question: str, became: str) -> str:
    """A question with what came of it before and after, in two columns.

    Args:
        changed: the question.
        question: its words.
        became: "broke" or "mended".
    """
    table = Table(box=box.SIMPLE_HEAD, width=WIDTH, padding=(0, 1))
    for heading in ("before", "after"):
        table.add_column(heading, ratio=1)
    for row in zip(*_columns(changed), strict=True):
        table.add_row(*map(Text, row))
    console = Console(file=io.StringIO(), width=WIDTH, color_system=None, legacy_windows=False)
    console.print(table)
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    heading = f"{changed.id} {became} ({', '.join(changed.metrics)}): {short(question)}"
    return "\n".join([heading, *(line.rstrip() for line in lines if line.strip())])


def _columns(changed: Changed) -> tuple[list[str], list[str]]:
    """Cells of the two columns: what is wrong, then citation beside citation."""
    columns = [_told(changed.metrics, outcome) for outcome in (changed.before, changed.after)]
    most = max(map(len, columns))
    before, after = ([*cells, *[""] * (most - len(cells))] for cells in columns)
    return before, after


def _told(metrics: Sequence[str], outcome: Outcome) -> list[str]:
    right = {metric: outcome.scores.get(metric) == (0.0 if metric == FALSE_REFUSALS else 1.0) for metric in metrics}
    wrong = [FAULTS[metric] for metric, good in right.items() if not good]
    said = f"{'answered' if outcome.answered else 'refused'} ({outcome.language}): {'; '.join(wrong) or 'right'}"
    return [said, *(_cited(number, outcome) for number in range(len(outcome.citations)))]


def _cited(number: int, outcome: Outcome) -> str:
    cited = outcome.citations[number]
    words = short(cited.quote, _QUOTED) if cited.quote else f"characters {cited.start} to {cited.end}"
    return f"[{number + 1}] {cited.source} ({cited.voice}): {words}"


def changed_table(changed: Sequence[Changed], question: Callable[[str], str]) -> Rows:
    """Questions with what came of them before and after, a row each.

    Args:
        changed: at least one question.
        question: gives the words of a question by its id.
    """
    rows = [
        [f"{each.id}: {short(question(each.id))}", ", ".join(each.metrics), *("; ".join(told) for told in _both(each))]
        for each in changed
    ]
    return [["question", "by", "before", "after"], *rows]


def _both(changed: Changed) -> Iterable[list[str]]:
    return (_told(changed.metrics, outcome) for outcome in (changed.before, changed.after))
