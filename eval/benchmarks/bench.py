"""Speed and memory: each stage in a process of its own, so that its memory is its own, and one table for all of them.

This module stays small: a process inherits the peak memory of the one that starts it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from vectorstore.errors import WrongUse

Figures = dict[str, float]
"""What was measured, by what it is."""

OURS: Final = "Raadsgeheugen"
PEER: Final = "LangChain + Chroma"

_ADDED: Final = 3
"""Letters added one by one to a larger archive."""


def bench(archive: Path, questions: Path, letters: int) -> dict[str, Figures]:
    """Measure a plain LangChain pipeline and ours beside it: speed, memory, and evidence among the first five.

    Args:
        archive: letters that varied copies are made of, and that the questions are about.
        questions: question file over it.
        letters: how many copies to ingest.

    Raises:
        WrongUse: a stage failed; says what it said.
    """
    with tempfile.TemporaryDirectory(prefix="raadsgeheugen-bench-") as name:
        grown = Path(name) / "letters"
        stage("grow", archive, grown, letters)
        figures = {}
        for side, title in (("peer", PEER), ("ours", OURS)):
            data = Path(name) / side
            figures[title] = stage(f"{side}_ingest", grown, data) | stage(f"{side}_query", data, questions)
            figures[title] |= stage(f"{side}_found", archive, questions, Path(name) / f"{side}-found")
        return figures


def scale(archive: Path, questions: Path, sizes: Sequence[int]) -> dict[str, Figures]:
    """Measure search with each filter, adding one letter and opening, in archives of so many passages.

    Args:
        archive: letters that varied copies are made of, and that the questions are about.
        questions: question file over it.
        sizes: passages in each archive.

    Raises:
        WrongUse: a stage failed; says what it said.
    """
    figures = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="raadsgeheugen-scale-") as name:
            data, extra = Path(name) / "data", Path(name) / "extra"
            stage("fill", archive, data, size)
            stage("grow", archive, extra, _ADDED)
            figures[f"{size:,} passages"] = stage("search", data, questions, extra)
    return figures


def stage(name: str, *arguments: object) -> Figures:
    """Run a stage in a process of its own, and return what it printed.

    Raises:
        WrongUse: it failed; says what it said.
    """
    command = [sys.executable, "-m", "eval.benchmarks.stages", name, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise WrongUse(f"The stage {name} of the bench failed.", done.stderr.strip()[-2000:])
    figures: Figures = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def rows(figures: Mapping[str, Figures], *, ratio: bool = True) -> list[list[str]]:
    """Return figures as rows of a table, a column for each thing measured; also for the ratio of the last to the first."""
    columns = list(figures.values())
    names = dict.fromkeys(name for own in columns for name in own)
    cells = [[name, *(_figure(own.get(name)) for own in columns)] for name in names]
    table = [["", *figures], *cells]
    return [[*row, _ratio(columns, row[0]) if row[0] else "ratio"] for row in table] if ratio else table


def _figure(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.1f}" if value >= 10 else f"{value:.3g}"


def _ratio(columns: Sequence[Figures], name: str) -> str:
    first, last = columns[0].get(name), columns[-1].get(name)
    return f"{last / first:.2f}" if first and last is not None and len(columns) > 1 else "-"
