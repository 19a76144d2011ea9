"""What a chat model was worth as the writer of answers: how many are its own, what was dropped of them, and what they took.

It is told apart from what answers are worth: that is measured as for any other answer, by the same metrics and gates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from assistant.answers.written_answer import Fault
from assistant.quoting.engine import EXTRACTIVE

Json = Mapping[str, Any]

WRITTEN: Final = "written"
SILENT: Final = "silent"
FELL_BACK: Final = "fell_back"
"""What can come of asking a model."""

NOTHING_HELD: Final = "nothing it wrote held"
STOPPED: Final = "it was stopped"
"""Why an answer fell back on quotations although the model did what it could."""


def writing(answers: Sequence[Json], model: str) -> dict[str, Any]:
    """Return the figures of the writing, as plain values.

    Args:
        answers: as the JSON of an evaluation has them.
        model: name of the chat model that was to write them.

    Returns:
        `asked` and `not_asked`, questions (not asked is what the letters do not answer, or what one of them is by itself
        the answer to); of those asked `written` by the model, `silent` (it found no answer in the
        passages) and `fell_back` on quotations, and `reasons` of the latter; `shares` of these three; `sentences` kept and
        dropped, by fault; `tokens`, means of those asked; `seconds` to the first token and to the last; `per_answer`, what
        to know of the answers of which something was dropped or that fell back.
    """
    asked = [answer for answer in answers if answer["answer"]["writing"]]
    outcomes = Counter(map(_outcome, asked))
    counts = {name: outcomes[name] for name in (WRITTEN, SILENT, FELL_BACK)}
    fallen = Counter(_why(answer) for answer in asked if _outcome(answer) == FELL_BACK)
    return {
        "model": model,
        "asked": len(asked),
        "not_asked": len(answers) - len(asked),
        **counts,
        "shares": {name: round(count / len(asked), 4) if asked else None for name, count in counts.items()},
        "reasons": dict(fallen.most_common()),
        "sentences": _sentences(asked),
        "tokens": _tokens([answer["answer"]["writing"]["tokens"] for answer in asked]),
        "seconds": _seconds([answer["answer"]["writing"] for answer in asked]),
        "per_answer": list(_per_answer(asked)),
    }


def _outcome(answer: Json) -> str:
    """Name the outcome of asking the model; an answer that was stopped halfway is its own as far as it goes."""
    given = answer["answer"]
    if given["answered"]:
        return FELL_BACK if given["engine"] == EXTRACTIVE else WRITTEN
    return SILENT


def _why(answer: Json) -> str:
    said = answer["answer"]["writing"]
    return said["problem"] or (STOPPED if said["stopped"] else NOTHING_HELD)


def _sentences(asked: Sequence[Json]) -> dict[str, Any]:
    """Return sentences of the model that are in answers, and that are not, with those of each fault that there is."""
    kept = sum(len(answer["answer"]["statements"]) for answer in asked if _outcome(answer) == WRITTEN)
    faults = Counter(one["fault"] for answer in asked for one in answer["answer"]["writing"]["dropped"])
    dropped = faults.total()
    return {
        "kept": kept,
        "dropped": dropped,
        "share_kept": round(kept / (kept + dropped), 4) if kept + dropped else None,
        "faults": {fault.value: faults[fault] for fault in Fault if faults[fault]},
    }


def _tokens(used: Sequence[Json]) -> dict[str, Any]:
    """Return the mean tokens of an answer, and in how many they were estimated because the server did not count them."""
    means = {
        name: round(float(np.mean([one[name] for one in used])), 1) if used else None for name in ("read", "written")
    }
    return means | {"estimated": sum(bool(one["estimated"]) for one in used)}


def _seconds(of: Sequence[Json]) -> dict[str, float | None]:
    """Return medians and 95th percentiles; an answer of which no token came has no first one."""
    first = [one["first_token_seconds"] for one in of if one["first_token_seconds"] is not None]
    timed = {"first_token": first, "whole": [one["seconds"] for one in of]}
    return {
        f"{name}_p{p}": round(float(np.percentile(values, p)), 4) if values else None
        for name, values in timed.items()
        for p in (50, 95)
    }


def _per_answer(asked: Sequence[Json]) -> Iterator[dict[str, Any]]:
    for answer in asked:
        said, fell_back = answer["answer"]["writing"], _outcome(answer) == FELL_BACK
        if said["dropped"] or fell_back:
            yield {"id": answer["id"], "why": _why(answer) if fell_back else None, "dropped": said["dropped"]}
