"""Speed, memory and retrieval of the production pipeline beside a plain LangChain one, in one run.

This module stays small: a process inherits the peak memory of the one that starts it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vectorstore.errors import WrongUse

_ROWS = (
    ("ingest: documents/s", "ingest", "documents_per_second", 1),
    ("ingest: passages/s", "ingest", "passages_per_second", 1),
    ("ingest: peak memory, MB", "ingest", "peak_mb", 0),
    ("search: p50, ms", "query", "search_ms_p50", 1),
    ("search: p95, ms", "query", "search_ms_p95", 1),
    ("answer: p50, ms", "query", "ask_ms_p50", 1),
    ("answer: p95, ms", "query", "ask_ms_p95", 1),
    ("questions: peak memory, MB", "query", "peak_mb", 0),
)


def bench(archive: Path, questions: Path, letters: int) -> dict[str, Any]:
    """Measure both pipelines.

    Args:
        archive: letters that varied copies are made of, and that the questions are about.
        questions: question file over it.
        letters: how many copies to ingest.

    Raises:
        WrongUse: a stage failed; says what it said.
    """
    with tempfile.TemporaryDirectory(prefix="raadsgeheugen-bench-") as name:
        folder = Path(name)
        for part in ("letters", "ours", "peer", "sample"):
            (folder / part).mkdir()
        stage("grow", archive, folder / "letters", letters)
        figures: dict[str, Any] = {}
        for side in ("ours", "peer"):
            figures[side] = {
                "ingest": stage(f"{side}_ingest", folder / "letters", folder / side),
                "query": stage(f"{side}_query", folder / side, questions),
            }
        return figures | {"letters": letters, "found": stage("found", archive, questions, folder / "sample")}


def stage(name: str, *arguments: object, module: str = "eval.bench_stages") -> dict[str, Any]:
    """What a stage printed, run in a process of its own."""
    command = [sys.executable, "-m", module, name, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise WrongUse(f"The stage {name} of the bench failed.", done.stderr.strip()[-2000:])
    figures: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def markdown(figures: Mapping[str, Any]) -> str:
    """The figures as a Markdown table, each with the ratio of ours to the other."""
    ours, peer, found = figures["ours"], figures["peer"], figures["found"]
    head = (
        f"{figures['letters']} letters: {ours['ingest']['passages']} passages here,"
        f" {peer['ingest']['passages']} chunks there;"
        f" evidence among the first five: {found['questions']} questions over the letters themselves."
    )
    lines = ["| | Raadsgeheugen | LangChain + Chroma | ratio |", "|---|--:|--:|--:|"]
    for title, stage, name, digits in _ROWS:
        lines.append(_line(title, ours[stage].get(name), peer[stage].get(name), digits))
    return "\n".join([head, "", *lines, _line("evidence among the first five", found["ours"], found["peer"], 3)])


def _line(title: str, ours: float, peer: float | None, digits: int) -> str:
    ratio = f"{ours / peer:.2f}" if peer else "-"
    other = "-" if peer is None else f"{peer:.{digits}f}"
    return f"| {title} | {ours:.{digits}f} | {other} | {ratio} |"
