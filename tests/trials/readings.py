"""What an archive says when it is read: its list of letters and its answers, to be compared with those of another."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.trials.program import Ran

Run = Callable[..., Ran]


@dataclass(frozen=True)
class Contents:
    """What an archive holds, as its commands tell.

    Attributes:
        letters: each letter's entry in the list, by source.
        answers: what is answered, by question.
        counted: letters that the status counts.
    """

    letters: Mapping[str, Any]
    answers: Mapping[str, Any]
    counted: int


def answer_of(ran: Ran) -> Any:
    """Return an answer without what differs from one asking to the next."""
    answer = ran.json()
    for passing in ("seconds", "data", "last_ingest"):
        answer.pop(passing, None)
    return answer


def read(run: Run, data: Path, questions: Iterable[str], **environment: str) -> Contents:
    """Read an archive that should be whole.

    Raises:
        AssertionError: it cannot be read.
    """
    catalogue = _whole(run("status", "--letters", "--json", "--data", data, **environment))
    answers = {}
    for question in questions:
        ran = run("ask", question, "--json", "--data", data, **environment)
        assert ran.code == 0, f"{question}: {ran}"
        answers[question] = answer_of(ran)
    return Contents({entry["source"]: entry for entry in catalogue["catalogue"]}, answers, catalogue["letters"])


def _whole(ran: Ran) -> Any:
    assert ran.code == 0, str(ran)
    status = ran.json()
    assert status["letters"] == len(status["catalogue"]), (
        f"{status['letters']} letters counted, {len(status['catalogue'])} shown"
    )
    return status


def differences(found: Contents, expected: Contents) -> list[str]:
    """Tell where two archives differ; nothing when they are equal."""
    told = []
    for what, mine, theirs in (
        ("letter", found.letters, expected.letters),
        ("answer", found.answers, expected.answers),
    ):
        for key in sorted({*mine, *theirs}):
            if key not in theirs:
                told.append(f"{what} too many: {key}")
            elif key not in mine:
                told.append(f"{what} lost: {key}")
            elif mine[key] != theirs[key]:
                told.append(f"{what} differs: {key} ({_first_difference(mine[key], theirs[key])})")
    return told


def _first_difference(mine: Any, theirs: Any) -> str:
    if isinstance(mine, dict) and isinstance(theirs, dict):
        names = [name for name in {*mine, *theirs} if mine.get(name) != theirs.get(name)]
        return ", ".join(f"{name}: {json.dumps(mine.get(name))[:80]}" for name in sorted(names)[:2])
    return str(mine)[:80]


def faults_while_torn(
    run: Run, data: Path, states: Sequence[Contents], texts: Mapping[str, set[str]], **environment: str
) -> list[str]:
    """Read an archive right after a kill, and tell what is neither whole nor a told error.

    Args:
        run: runs a command.
        data: of the archive.
        states: the archive before, and as it will be.
        texts: of each file, by source, all that it has held.
        environment: settings to read it with.
    """
    faults = []
    letters = run("status", "--letters", "--json", "--data", data, **environment)
    if not letters.refused:
        faults += _faults_of_list(letters, states)
    plain = run("status", "--json", "--data", data, **environment)
    if not plain.refused and (plain.crashed or plain.code != 0):
        faults.append(f"status: {plain}")
    for question in states[0].answers:
        ran = run("ask", question, "--json", "--data", data, **environment)
        if not ran.refused:
            faults += _faults_of_answer(ran, question, states, texts)
    return faults


def _faults_of_list(ran: Ran, states: Sequence[Contents]) -> list[str]:
    if ran.crashed or ran.code != 0:
        return [f"status --letters: {ran}"]
    status = ran.json()
    shown = {entry["source"] for entry in status["catalogue"]}
    sources = [set(state.letters) for state in states]
    faults = [f"phantom: {name}" for name in sorted(shown - set.union(*sources))]
    faults += [f"letter out of sight: {name}" for name in sorted(set.intersection(*sources) - shown)]
    if status["letters"] != len(shown):
        faults.append(f"{status['letters']} letters counted, {len(shown)} shown")
    return faults


def _faults_of_answer(ran: Ran, question: str, states: Sequence[Contents], texts: Mapping[str, set[str]]) -> list[str]:
    """Tell what is wrong with an answer that is neither the old one nor the new one: its quotations must be of letters."""
    if ran.crashed or ran.code != 0:
        return [f"ask: {ran}"]
    answer = answer_of(ran)
    if any(answer == state.answers[question] for state in states):
        return []
    return [
        f"quotation of no letter: {cited['source']}"
        for cited in answer["citations"]
        if not any(_squeezed(cited["quote"]) in _squeezed(text) for text in texts.get(cited["source"], ()))
    ]


def _squeezed(text: str) -> str:
    return " ".join(text.split())
