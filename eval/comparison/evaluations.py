"""Reading back the JSON that `python -m eval run --out` writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from vectorstore.errors import WrongUse

_NEEDED: Final = {"questions", "passed", "run", "metrics", "gates", "baseline", "warnings", "left_out", "answers"}
_NEEDED_OF_ANSWERS: Final = {
    *("id", "kind", "part", "language", "question", "history", "answerable", "expected"),
    *("retrieved", "answer", "seconds", "scores", "faults"),
}


def load_evaluation(path: Path) -> dict[str, Any]:
    """Read the evaluation in a file.

    Raises:
        WrongUse: the file cannot be read, or is something else or of an older shape.
    """
    try:
        evaluation = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_number)
    except (OSError, ValueError) as error:
        raise WrongUse(f"{path} cannot be read as JSON ({error}).", "Name what `run --out` wrote.") from error
    if not isinstance(evaluation, dict) or not {"metrics", "answers"} <= evaluation.keys():
        raise WrongUse(f"{path} is not an evaluation.", "Name what `python -m eval run --out` wrote.")
    if not _is_complete(evaluation):
        raise WrongUse(f"{path} is of an older shape than this program writes.", "Make it again with `run --out`.")
    return evaluation


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _is_complete(evaluation: dict[str, Any]) -> bool:
    answers, metrics = evaluation["answers"], evaluation["metrics"]
    if not evaluation.keys() >= _NEEDED or not isinstance(answers, list) or not isinstance(evaluation["run"], dict):
        return False
    of_answers = all(isinstance(answer, dict) and answer.keys() >= _NEEDED_OF_ANSWERS for answer in answers)
    return of_answers and isinstance(metrics, dict) and {"intervals", "kinds"} <= metrics.keys()
