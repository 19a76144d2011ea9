"""An evaluation as JUnit XML, which continuous integration shows question by question.

A question fails only when it broke since a baseline that this run does not replace; any other fault is told in the output
of a case that passes, so that a run is red by its gates and by what became worse, not by what never went well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from junitparser import Failure, JUnitXml, TestCase, TestSuite

Json = Mapping[str, Any]

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold (its production 2)."""


def junit(evaluation: Json) -> str:
    """Return the test suites: one for each kind of question, and one of the gates.

    Args:
        evaluation: its JSON.
    """
    report = JUnitXml("eval")
    baseline = evaluation["baseline"] or {}
    broke = {} if baseline.get("accepted") else {item["id"]: item for item in baseline.get("broke", ())}
    for kind in dict.fromkeys(answer["kind"] for answer in evaluation["answers"]):
        own = [answer for answer in evaluation["answers"] if answer["kind"] == kind]
        report.add_testsuite(_suite(kind, evaluation, [_case(answer, broke.get(answer["id"])) for answer in own]))
    report.add_testsuite(_suite("gates", evaluation, list(_gates(evaluation))))
    report.update_statistics()
    return f"<?xml version='1.0' encoding='utf-8'?>\n{report.tostring().decode()}\n"


def _suite(name: str, evaluation: Json, cases: list[TestCase]) -> TestSuite:
    suite = TestSuite(_xml(name))
    suite.timestamp = _xml(evaluation["run"]["at"])
    suite.add_testcases(cases)
    return suite


def _case(answer: Json, broken: Json | None) -> TestCase:
    case = TestCase(_xml(f"{answer['id']} {answer['question']}"), _xml(f"eval.{answer['kind']}"), answer["seconds"])
    text = _xml("\n".join(_told(answer)))
    if broken:
        before = "\n".join(["before:", *_outcome(broken["before"])])
        case.result = _failure(f"broke in {', '.join(broken['metrics'])}", f"{text}\n{before}")
    elif answer["faults"]:
        case.system_out = text
    return case


def _told(answer: Json) -> Iterator[str]:
    """Yield the faults of an answer, what was expected and what came of it, line by line."""
    expected, given = answer["expected"], answer["answer"]
    yield f"faults: {'; '.join(answer['faults']) or 'none'}"
    yield f"question: {answer['question']}"
    yield f"expected: {_wanted(answer)}"
    for evidence in expected["evidence"]:
        yield f"  {evidence['source']}: {evidence['text'] or 'any passage'}"
    yield from (f"  fact {fact}" for fact in expected["facts"])
    yield "actual:"
    yield from _outcome({"answered": given["answered"], "citations": given["citations"]})
    yield f"  answer: {given['text']}"


def _wanted(answer: Json) -> str:
    expected = answer["expected"]
    if not answer["answerable"]:
        return "no answer, as the archive does not say"
    share = "all evidence" if expected["all_evidence"] else "any of the evidence"
    return f"{share}, voice {expected['voice']}" if expected["voice"] else share


def _outcome(one: Json) -> Iterator[str]:
    yield "  answered" if one["answered"] else "  refused"
    for citation in one["citations"]:
        quote = citation.get("quote") or "characters {start} to {end}".format_map(citation)
        yield f"  {citation['source']} ({citation['voice']}): {quote}"


def _gates(evaluation: Json) -> Iterator[TestCase]:
    for name, gate in evaluation["gates"].items():
        case = TestCase(_xml(name), "eval.gates")
        if not gate["passed"]:
            bounds = [f"{word} {gate[word]:g}" for word in ("least", "most") if gate[word] is not None]
            case.result = _failure(
                f"{name} is {gate['value']}", f"expected: {', '.join(bounds)}\nactual: {gate['value']}"
            )
        yield case
    baseline = evaluation["baseline"]
    if baseline:
        case = TestCase("baseline", "eval.gates")
        if not baseline["passed"]:
            worse = {name: one for name, one in baseline["differences"].items() if one["verdict"] == "worse"}
            lines = (f"{name}: {one['before']} before, {one['after']} after" for name, one in worse.items())
            case.result = _failure("worse than the baseline", "\n".join(lines))
        yield case


def _failure(message: str, text: str) -> Failure:
    failure = Failure(_xml(message))
    failure.text = _xml(text)
    return failure


def _xml(text: str) -> str:
    """Return text in which what XML cannot hold is a replacement character."""
    return _NOT_XML.sub("\ufffd", text)
