"""The reports that are made from the JSON of an evaluation, and reading that JSON back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from eval.files import write_text
from eval.html import html as page
from eval.junit import junit as suites
from eval.markdown import markdown as summary
from vectorstore.errors import WrongUse

_NEEDED = {"questions", "passed", "run", "metrics", "gates", "baseline", "warnings", "left_out", "answers"}
_NEEDED_OF_ANSWERS = {
    "id",
    "kind",
    "part",
    "question",
    "expected",
    "retrieved",
    "answer",
    "seconds",
    "scores",
    "faults",
}


def write_reports(
    evaluation: Mapping[str, Any], html: Path | None = None, markdown: Path | None = None, junit: Path | None = None
) -> None:
    """Write the reports that are asked for, each whole or not at all.

    Args:
        evaluation: its JSON.
        html: file for the page; None for no page, and so on.
        markdown: file for the summary.
        junit: file for the JUnit XML.

    Raises:
        WrongUse: a file cannot be written.
    """
    for path, report in ((html, page), (markdown, summary), (junit, suites)):
        if path:
            _write(path, report(evaluation))


def _write(path: Path, text: str) -> None:
    try:
        write_text(path, text)
    except OSError as error:
        raise WrongUse(f"{path} cannot be written ({error.strerror}).", "Name a file in a folder of yours.") from error


def load_evaluation(path: Path) -> dict[str, Any]:
    """The JSON that `python -m eval run --out` wrote.

    Raises:
        WrongUse: the file cannot be read, or is something else or of an older version.
    """
    remedy = "Name a file that 'python -m eval run --out FILE' wrote."
    try:
        evaluation = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WrongUse(f"{path} cannot be read ({error.strerror}).", remedy) from error
    except ValueError as error:
        raise WrongUse(f"{path} is no JSON.", remedy) from error
    if not _is_evaluation(evaluation):
        raise WrongUse(f"{path} is no evaluation.", remedy)
    missing = sorted(_NEEDED - evaluation.keys())
    missing += sorted({name for answer in evaluation["answers"] for name in _NEEDED_OF_ANSWERS - answer.keys()})
    if missing:
        raise WrongUse(f"{path} is of an older version: it has no {', '.join(missing)}.", "Run the evaluation again.")
    found: dict[str, Any] = evaluation
    return found


def _is_evaluation(value: object) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("metrics"), dict):
        return False
    answers = value.get("answers")
    return isinstance(answers, list) and all(isinstance(answer, dict) for answer in answers)
