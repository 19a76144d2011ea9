"""Evaluations to report: one with faults of every sort, beside a baseline that was better, and one full of hostile text."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.settings import Settings
from eval.comparison.baseline import baseline_json, load_baseline
from eval.datasets.corpus import temporary_store
from eval.datasets.questions import load_questions
from eval.files import write_json
from eval.metrics.gates import gates_for
from eval.runs.answers import evaluate
from eval.runs.writing import writing
from ingest.job.job import Ingest
from tests.eval.scripted import FACT, NOTHING, QUESTIONS, HashedWords, Script, Scripted, right_answers, write_letters
from vectorstore.letters import Voice

HOSTILE = """<script>alert(1)</script></script></style><img src=x onerror="alert(2)"> & 'a' "b" | c\n**d** [e](f) `g`"""


@dataclass(frozen=True, slots=True)
class Reported:
    """The JSON of two evaluations of the same questions.

    Attributes:
        right: nothing is wrong, and there is no baseline.
        worse: beside that as the baseline, one answer was made up and another rests on the wrong letter;
            a chat model wrote and a judge gave its advice.
    """

    right: dict[str, Any]
    worse: dict[str, Any]


def reported(folder: Path) -> Reported:
    """Evaluate in a new folder."""
    questions, letters = folder / "voorbeeld.yaml", write_letters(folder / "letters")
    questions.write_text(QUESTIONS, encoding="utf-8")
    with temporary_store(Settings(), HashedWords()) as store:
        Ingest(store, HashedWords()).run([letters])
        script = right_answers(store)
        return Reported(_right(script, questions), _worse(script, questions))


def _right(script: Script, questions: Path) -> dict[str, Any]:
    asked = Scripted(script.results)
    return evaluate(asked, load_questions(questions), script.store, gates=gates_for("letters.yaml")).json()


def _worse(script: Script, questions: Path) -> dict[str, Any]:
    path = questions.with_name("baseline.json")
    write_json(path, baseline_json(_right(script, questions)))
    script.answer(NOTHING, script.citation("advies-2020.txt", "500 mensen"))
    cited = script.citation("advies-2020.txt", "500 mensen", voice=Voice.EXECUTIVE)
    script.answer(FACT, cited, retrieved=[script.passage("reactie-2020.txt", "300 mensen")], said="Het zijn er 300.")
    asked, gates = Scripted(script.results), gates_for("letters.yaml")
    found = evaluate(asked, load_questions(questions), script.store, gates=gates, baseline=load_baseline(path))
    return found.json() | {"judge": advice("p1", "rechter"), "writing": told_of_writing("p1", "schrijver")}


def hostile(evaluation: dict[str, Any]) -> dict[str, Any]:
    """The same with hostile text wherever the outside can put some."""
    spoilt: dict[str, Any] = copy.deepcopy(evaluation)
    spoilt["questions"] = HOSTILE
    spoilt["warnings"] = [HOSTILE]
    spoilt["left_out"] = [HOSTILE]
    spoilt["run"]["config"] = {"name": HOSTILE, HOSTILE: HOSTILE}
    spoilt["baseline"]["path"] = HOSTILE
    spoilt["judge"] = advice(spoilt["answers"][0]["id"], HOSTILE)
    spoilt["writing"] = told_of_writing(spoilt["answers"][0]["id"], HOSTILE)
    for answer in spoilt["answers"]:
        _spoil(answer)
    spoilt["answers"][0]["kind"] = HOSTILE
    spoilt["metrics"]["kinds"][HOSTILE] = spoilt["metrics"]["kinds"].pop("position")
    for item in (*spoilt["baseline"]["broke"], *spoilt["baseline"]["mended"]):
        item["before"]["citations"] = [{"source": HOSTILE, "start": 0, "end": 9, "quote": HOSTILE, "voice": HOSTILE}]
    return spoilt


def advice(identifier: str, words: str) -> dict[str, Any]:
    """What a judge says of one answer, of two that it was asked about, before it stopped."""
    shares = {"judged": 1, "supported": 0.5, "answers": 0.0}
    shares["intervals"] = {"supported": [0.0, 1.0], "answers": [0.0, 0.0]}
    said = {"supported": [True, False], "answers": False, "why": words}
    return {
        "model": words,
        "asked": 3,
        "no_verdict": 1,
        "stopped": words,
        **shares,
        "kinds": {words: shares},
        "verdicts": [
            {"id": identifier, **said},
            {"id": words, "supported": [], "answers": None, "why": words},
        ],
    }


def told_of_writing(identifier: str, words: str) -> dict[str, Any]:
    """What is told of a model that wrote one answer of two, in which a sentence was dropped, and failed at the other."""
    tokens = {"read": 900, "written": 90, "estimated": True}
    said = {
        "model": words,
        "passages": 5,
        "stopped": False,
        "tokens": tokens,
        "first_token_seconds": 0.5,
        "seconds": 2.0,
    }
    wrote = {"problem": None, "dropped": [{"text": words, "fault": "number"}]}
    failed = {"problem": words, "dropped": []}
    answers = [
        {"id": name, "answer": {"engine": engine, "answered": True, "statements": [{}], "writing": said | own}}
        for name, engine, own in ((identifier, words, wrote), (words, "extractive", failed))
    ]
    return writing(answers, words)


def _spoil(answer: dict[str, Any]) -> None:
    answer["question"] = HOSTILE
    answer["history"] = [HOSTILE]
    for passage in answer["retrieved"]:
        passage |= {"source": HOSTILE, "text": HOSTILE, "reference": HOSTILE}
    for citation in answer["answer"]["citations"]:
        citation |= {"source": HOSTILE, "quote": HOSTILE, "passage": f"voor {HOSTILE} na"}
    for statement in answer["answer"]["statements"]:
        statement["text"] = HOSTILE
    for evidence in answer["expected"]["evidence"]:
        evidence |= {"source": HOSTILE, "text": HOSTILE}
