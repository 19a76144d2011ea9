"""What the advisory judge said, as text and as Markdown, from the JSON of an evaluation."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, Final

from eval.changes import WIDTH
from eval.judge import ANSWERS, SUPPORTED
from eval.tables import Rows, escaped, markdown_table, short, text_table

Json = Mapping[str, Any]

_COLUMNS: Final = ("kind", "judged", SUPPORTED, ANSWERS)
_MOST: Final = 20
"""Most answers that are listed for what the judge has against them."""


def judge_text(judge: Json) -> Iterator[str]:
    """The parts of a report for a terminal."""
    yield f"Advisory judge: {short(judge['model'], 60)}. For information only, never a gate."
    yield _counted(judge)
    yield text_table(_table(judge))
    listed = [
        textwrap.fill(f"{one['id']}: {_against(one)}", WIDTH, subsequent_indent="    ")
        for one in _wanting(judge)[:_MOST]
    ]
    if listed:
        yield "\n".join([*listed, *_more(judge)])


def judge_markdown(judge: Json) -> str:
    """A section of a summary."""
    listed = [
        f"- {escaped(short(one['id'], 40))}: {escaped(short(_against(one), 300))}" for one in _wanting(judge)[:_MOST]
    ]
    head = f"### Advisory judge: {escaped(short(judge['model'], 60))}\n\nFor information only, never a gate. {escaped(_counted(judge))}"
    return "\n\n".join(
        [head, markdown_table(_table(judge)), *(["\n".join([*listed, *_more(judge)])] if listed else [])]
    )


def _more(judge: Json) -> list[str]:
    rest = len(_wanting(judge)) - _MOST
    return [f"\nAnd {rest} more."] if rest > 0 else []


def _wanting(judge: Json) -> list[Json]:
    """The verdicts that have something against an answer."""
    return [one for one in judge["verdicts"] if one[ANSWERS] is False or not all(one[SUPPORTED])]


def _against(verdict: Json) -> str:
    """What a verdict has against an answer, with the model's reason."""
    unsupported = [str(number) for number, supported in enumerate(verdict[SUPPORTED], 1) if not supported]
    faults = [f"not supported: statement {', '.join(unsupported)}"] if unsupported else []
    faults += [] if verdict[ANSWERS] else ["does not answer"]
    return f"{'; '.join(faults)} ({short(verdict['why'], 240)})"


def _counted(judge: Json) -> str:
    stopped = f" It stopped there: {short(judge['stopped'], 240)}" if judge["stopped"] else ""
    return f"{judge['judged']} of {judge['asked']} answers judged, {judge['no_verdict']} without a verdict; 95% intervals.{stopped}"


def _table(judge: Json) -> Rows:
    rows = [("all", judge), *judge["kinds"].items()]
    return [_COLUMNS, *([short(kind, 40), str(own["judged"]), *_shares(own)] for kind, own in rows)]


def _shares(own: Json) -> Iterator[str]:
    for name in (SUPPORTED, ANSWERS):
        low, high = own["intervals"].get(name, (0.0, 0.0))
        yield "-" if own[name] is None else f"{own[name]:.3f} ({low:.2f}-{high:.2f})"
