"""An evaluation as a Markdown summary, for the page of a run of continuous integration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from eval.judge_report import judge_markdown
from eval.provenance import made_how
from eval.tables import escaped, markdown_table, short
from eval.worst import worst_first
from eval.writing_report import writing_markdown

Json = Mapping[str, Any]

MOST_BYTES: Final = 60_000
_BROKEN, _WORST, _ROWS = 30, 10, 60
"""Most questions that broke, of the worst questions, and rows of any other table."""

_COLUMNS: Final = ("found@5", "cited", "facts", "voice", "refused", "false_refusals")
_NOT_METRICS: Final = ("questions", "intervals", "kinds", "parts")
_LEFT_OUT: Final = "*More than fits here; the JSON has it all.*"


def markdown(evaluation: Json) -> str:
    """The summary, in UTF-8 at most `MOST_BYTES` long: what comes last is left out first, and said to be.

    Args:
        evaluation: its JSON.
    """
    text = ""
    for section in _sections(evaluation):
        longer = f"{text}{section}\n\n"
        if len(longer.encode()) + len(_LEFT_OUT) + 1 > MOST_BYTES:
            return f"{text}{_LEFT_OUT}\n"
        text = longer
    return text


def _sections(evaluation: Json) -> Iterator[str]:
    yield _head(evaluation)
    if evaluation["gates"]:
        yield f"### Gates\n\n{_table(['gate', 'value', 'bound', 'verdict'], _gates(evaluation['gates']))}"
    metrics = evaluation["metrics"]
    parts = metrics.get("parts", {})
    yield f"### Metrics\n\n{_table(['metric', 'all', *parts], _metrics(metrics, parts))}"
    names = [name for name in _COLUMNS if any(name in own for own in metrics["kinds"].values())]
    yield f"### Kinds\n\n{_table(['kind', 'questions', *names], _kinds(metrics['kinds'], names))}"
    if evaluation["baseline"]:
        yield from _baseline(evaluation["baseline"], {answer["id"]: answer for answer in evaluation["answers"]})
    worst = [answer for answer in worst_first(evaluation["answers"])[:_WORST] if answer["faults"]]
    if worst:
        yield f"### Worst questions\n\n{_table(['id', 'kind', 'question', 'faults'], map(_worst, worst))}"
    if evaluation.get("writing"):
        yield writing_markdown(evaluation["writing"])
    if evaluation.get("judge"):
        yield judge_markdown(evaluation["judge"])
    if evaluation["warnings"]:
        yield "### Warnings\n\n" + "\n".join(f"- {_line(warning, 300)}" for warning in evaluation["warnings"][:_ROWS])


def _head(evaluation: Json) -> str:
    run, faulty = evaluation["run"], sum(bool(answer["faults"]) for answer in evaluation["answers"])
    asked = len(evaluation["answers"])
    commit = f", commit {_line(run['commit'], 12)}{' with changes' if run['changed'] else ''}" if run["commit"] else ""
    return (
        f"## {'✅ passed' if evaluation['passed'] else '❌ FAILED'}: {_line(evaluation['questions'])}\n\n"
        f"{asked - faulty} of {asked} questions without a fault. Configuration {_line(run['config'].get('name', '-'))}, "
        f"answers {_line(made_how(run), 100)}, "
        f"{_line(run['at'])}{commit}."
    )


def _gates(gates: Mapping[str, Json]) -> Iterator[list[str]]:
    for name, gate in sorted(gates.items(), key=lambda item: bool(item[1]["passed"])):
        bounds = [f"{word} {gate[word]:g}" for word in ("least", "most") if gate[word] is not None]
        yield [short(name, 80), _figure(gate["value"]), ", ".join(bounds), "passed" if gate["passed"] else "FAILED"]


def _metrics(metrics: Json, parts: Mapping[str, Json]) -> Iterator[list[str]]:
    for name in metrics:
        if name not in _NOT_METRICS:
            yield [short(name, 80), *(_spanned(own, name) for own in (metrics, *parts.values()))]


def _kinds(kinds: Mapping[str, Json], names: Sequence[str]) -> Iterator[list[str]]:
    for kind, own in kinds.items():
        yield [short(kind, 80), str(own["questions"]), *(_spanned(own, name) for name in names)]


def _baseline(baseline: Json, answers: Mapping[str, Json]) -> Iterator[str]:
    verdict = "Nothing is worse beyond chance." if baseline["passed"] else "**Worse beyond chance.**"
    verdict = verdict if baseline["comparable"] else "They cannot be compared."
    paragraphs = [f"### Beside the baseline {_line(baseline['path'])}", verdict]
    paragraphs += [f"Note: {_line(note, 300)}." for note in (baseline["why"], *baseline.get("notes", ())) if note]
    differences = _table(
        ["metric", "before", "after", "difference", "95% interval", "verdict"], _differences(baseline["differences"])
    )
    yield "\n\n".join([*paragraphs, differences] if baseline["differences"] else paragraphs)
    broke = baseline["broke"]
    if broke:
        header = ["id", "question", "scores", "before", "after"]
        rows = (_broken(item, answers.get(item["id"])) for item in broke)
        yield f"### Questions that broke: {len(broke)}\n\n{_table(header, rows, _BROKEN)}"


def _differences(differences: Mapping[str, Json]) -> Iterator[list[str]]:
    for name, one in differences.items():
        low, high = one["interval"]
        moved = f"{one['difference']:+.3f}"
        yield [
            short(name, 80),
            _figure(one["before"]),
            _figure(one["after"]),
            moved,
            f"{low:+.3f} to {high:+.3f}",
            one["verdict"],
        ]


def _broken(item: Json, answer: Json | None) -> list[str]:
    before, after = item["before"], item["after"]
    scores = (
        f"{short(name, 80)} {_figure(before['scores'].get(name))} → {_figure(after['scores'].get(name))}"
        for name in item["metrics"]
    )
    question = short(answer["question"], 120) if answer else ""
    return [short(item["id"], 40), question, ", ".join(scores), _outcome(before), _outcome(after)]


def _outcome(one: Json) -> str:
    """What came of a question, with its first two citations."""
    if not one["answered"]:
        return "refused"
    cited = [
        short(citation["source"], 60) + (f": “{short(citation['quote'], 80)}”" if citation.get("quote") else "")
        for citation in one["citations"][:2]
    ]
    rest = len(one["citations"]) - len(cited)
    return "; ".join([*cited, *([f"and {rest} more"] if rest else [])]) or "nothing cited"


def _worst(answer: Json) -> list[str]:
    faults = "; ".join(short(fault, 80) for fault in answer["faults"])
    return [short(answer["id"], 40), short(answer["kind"], 40), short(answer["question"], 160), faults]


def _table(header: list[str], rows: Iterable[list[str]], most: int = _ROWS) -> str:
    """A table of at most so many rows; columns of words are set to the left."""
    listed = list(rows)
    words = len(header) if header[0] == "id" else 1
    more = f"\n\nAnd {len(listed) - most} more." if len(listed) > most else ""
    return markdown_table([header, *listed[:most]], left=words) + more


def _line(text: object, most: int = 80) -> str:
    return escaped(short(str(text), most))


def _spanned(own: Json, name: str) -> str:
    if name not in own.get("intervals", {}):
        return _figure(own.get(name))
    low, high = own["intervals"][name]
    return f"{_figure(own[name])} ({low:.2f}–{high:.2f})"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)
