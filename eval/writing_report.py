"""What became of what a chat model wrote, as text and as Markdown, from the JSON of an evaluation."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, Final

from eval.changes import WIDTH
from eval.tables import Rows, escaped, markdown_table, short, text_table
from eval.writing import FELL_BACK, SILENT, WRITTEN

Json = Mapping[str, Any]

_OUTCOMES: Final = {
    WRITTEN: "written by the model",
    SILENT: "the model found no answer",
    FELL_BACK: "fell back on quotations",
}
_MOST: Final = 20
"""Most answers that are listed for what was dropped of them."""


def writing_text(writing: Json) -> Iterator[str]:
    """The parts of a report for a terminal."""
    yield f"Answers written by {short(writing['model'], 60)}, every sentence verified. {_asked(writing)}"
    yield text_table(_outcomes(writing))
    yield from (_wrapped(f"Fell back, {count}×: {short(why, 300)}") for why, count in writing["reasons"].items())
    yield text_table(_sentences(writing["sentences"]))
    yield _cost(writing)
    listed = [_wrapped(f"{identifier}: {what}") for identifier, what in _dropped(writing)]
    if listed:
        yield "\n".join(listed)


def writing_markdown(writing: Json) -> str:
    """A section of a summary."""
    sections = [
        f"### Written by {escaped(short(writing['model'], 60))}",
        f"Every sentence is verified before it is shown. {_asked(writing)}",
        markdown_table(_outcomes(writing)),
        "\n".join(f"- Fell back, {count}×: {escaped(short(why, 300))}" for why, count in writing["reasons"].items()),
        markdown_table(_sentences(writing["sentences"])),
        escaped(_cost(writing)),
        "\n".join(f"- {escaped(short(one, 40))}: {escaped(what)}" for one, what in _dropped(writing)),
    ]
    return "\n\n".join(filter(None, sections))


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent="    ")


def _asked(writing: Json) -> str:
    return f"Asked for {writing['asked']} answers; {writing['not_asked']} questions needed none."


def _outcomes(writing: Json) -> Rows:
    rows = [[words, str(writing[name]), _share(writing["shares"][name])] for name, words in _OUTCOMES.items()]
    return [["answers", "count", "share"], *rows]


def _sentences(sentences: Json) -> Rows:
    """Sentences kept, and dropped by fault, the most frequent first."""
    total = sentences["kept"] + sentences["dropped"]
    counted = {"kept": sentences["kept"], "dropped": sentences["dropped"]}
    faults = sorted(sentences["faults"].items(), key=lambda item: -int(item[1]))
    counted |= {f"dropped: {fault}": count for fault, count in faults}
    rows = [[name, str(count), _share(count / total if total else None)] for name, count in counted.items()]
    return [["sentences", "count", "share"], *rows]


def _cost(writing: Json) -> str:
    tokens, seconds = writing["tokens"], writing["seconds"]
    estimated = f" (estimated for {tokens['estimated']} answers)" if tokens["estimated"] else ""
    first, whole = (_spread(seconds, name) for name in ("first_token", "whole"))
    return (
        f"An answer took {_number(tokens['read'])} tokens read and {_number(tokens['written'])} written on average{estimated}. "
        f"Seconds, p50 and p95: {first} to the first token, {whole} to the last."
    )


def _spread(seconds: Json, name: str) -> str:
    middle, late = (seconds[f"{name}_p{p}"] for p in (50, 95))
    return "-" if middle is None else f"{middle:.2f} and {late:.2f}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _dropped(writing: Json) -> Iterator[tuple[str, str]]:
    """The answers of which something was dropped, with what, to a certain number."""
    wanting = [one for one in writing["per_answer"] if one["dropped"]]
    for one in wanting[:_MOST]:
        yield one["id"], "; ".join(f"{each['fault']}: {short(each['text'], 120)}" for each in one["dropped"])
    if len(wanting) > _MOST:
        yield "…", f"and {len(wanting) - _MOST} more"
