"""What became of what a chat model wrote, and what one thinks of the answers, from the JSON of an evaluation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from eval.reports.document import Block, Grid, Heading, Listing, Paragraph, figure, short, spanned
from eval.runs.judge import ANSWERS, SUPPORTED
from eval.runs.writing import FELL_BACK, SILENT, WRITTEN

Json = Mapping[str, Any]

_OUTCOMES: Final = {
    WRITTEN: "written by the model",
    SILENT: "the model found no answer",
    FELL_BACK: "fell back on quotations",
}
_MOST: Final = 20
"""Most answers that are listed for what was dropped of them, or for what the judge has against them."""


def writing_blocks(writing: Json) -> Iterator[Block]:
    """Draw what a chat model was worth as the writer of the answers."""
    yield Heading(f"Written by {short(writing['model'], 60)}")
    asked = f"Asked for {writing['asked']} answers; {writing['not_asked']} questions needed none."
    yield Paragraph(f"Every sentence is verified before it is shown. {asked}")
    outcomes = [[words, str(writing[name]), figure(writing["shares"][name])] for name, words in _OUTCOMES.items()]
    yield Grid([["answers", "count", "share"], *outcomes])
    if writing["reasons"]:
        yield Listing([f"Fell back, {count}×: {short(why, 300)}" for why, count in writing["reasons"].items()])
    yield Grid([["sentences", "count", "share"], *_sentences(writing["sentences"])])
    yield Paragraph(_cost(writing))
    dropped = [one for one in writing["per_answer"] if one["dropped"]]
    if dropped:
        yield _listed([f"{short(one['id'], 40)}: {_dropped(one)}" for one in dropped])


def _sentences(sentences: Json) -> Iterator[list[str]]:
    """Give rows of the sentences kept, and of those dropped by fault, the most frequent first."""
    total = sentences["kept"] + sentences["dropped"]
    faults = sorted(sentences["faults"].items(), key=lambda item: -int(item[1]))
    counted = {name: sentences[name] for name in ("kept", "dropped")}
    for name, count in (counted | {f"dropped: {fault}": count for fault, count in faults}).items():
        yield [name, str(count), figure(count / total if total else None)]


def _cost(writing: Json) -> str:
    tokens, seconds = writing["tokens"], writing["seconds"]
    estimated = f" (estimated for {tokens['estimated']} answers)" if tokens["estimated"] else ""
    read, written = ("-" if tokens[name] is None else f"{tokens[name]:.0f}" for name in ("read", "written"))
    first, whole = (
        "-" if seconds[f"{name}_p50"] is None else f"{seconds[f'{name}_p50']:.2f} and {seconds[f'{name}_p95']:.2f}"
        for name in ("first_token", "whole")
    )
    return (
        f"An answer took {read} tokens read and {written} written on average{estimated}. "
        f"Seconds, p50 and p95: {first} to the first token, {whole} to the last."
    )


def _dropped(answer: Json) -> str:
    return "; ".join(f"{each['fault']}: {short(each['text'], 120)}" for each in answer["dropped"])


def judge_blocks(judge: Json) -> Iterator[Block]:
    """Draw what the advisory judge said."""
    yield Heading(f"Advisory judge: {short(judge['model'], 60)}")
    stopped = f" It stopped there: {short(judge['stopped'], 240)}" if judge["stopped"] else ""
    counted = f"{judge['judged']} of {judge['asked']} answers judged, {judge['no_verdict']} without a verdict"
    yield Paragraph(f"For information only, never a gate. {counted}; 95% intervals.{stopped}")
    rows = [
        [short(kind, 40), str(own["judged"]), *(spanned(own[n], own["intervals"].get(n)) for n in (SUPPORTED, ANSWERS))]
        for kind, own in (("all", judge), *judge["kinds"].items())
    ]
    yield Grid([["kind", "judged", SUPPORTED, ANSWERS], *rows])
    against = [one for one in judge["verdicts"] if one[ANSWERS] is False or not all(one[SUPPORTED])]
    if against:
        yield _listed([f"{short(one['id'], 40)}: {_against(one)}" for one in against])


def _against(verdict: Json) -> str:
    """Say what a verdict has against an answer, with the model's reason."""
    unsupported = [str(number) for number, supported in enumerate(verdict[SUPPORTED], 1) if not supported]
    faults = [f"not supported: statement {', '.join(unsupported)}"] if unsupported else []
    faults += [] if verdict[ANSWERS] else ["does not answer"]
    return f"{'; '.join(faults)} ({short(verdict['why'], 240)})"


def _listed(items: Sequence[str]) -> Listing:
    more = [f"and {len(items) - _MOST} more"] if len(items) > _MOST else []
    return Listing([*items[:_MOST], *more])
