"""What a chat model thinks of the answers: whether each statement is carried by what it cites, and the question answered.

This is advice, and apart from all else: it is in no metric, no gate and no baseline, and changes no exit code. A model judges
unlike a person and unlike another model, and prefers its own way of writing (Zheng et al. 2023, "Judging LLM-as-a-Judge with
MT-Bench and Chatbot Arena"). The two questions are those of faithfulness and answer relevance in RAGAS (Es et al. 2024,
"RAGAS: Automated Evaluation of Retrieval Augmented Generation"), asked outright: of each statement in one request, by its
own citations, instead of by claims and questions that the model makes of the answer first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from pydantic import BaseModel, StrictBool, StrictInt, StrictStr, ValidationError

from assistant.llm.chat_model import ChatModel
from eval.metrics.intervals import interval
from prompts.prompt import load_prompt
from vectorstore.errors import ModelUnavailable, UnusableReply

Json = Mapping[str, Any]

SUPPORTED: Final = "supported"
ANSWERS: Final = "answers"


class _OfStatement(BaseModel):
    number: StrictInt
    supported: StrictBool


class _Reply(BaseModel, title="Verdict"):
    why: StrictStr
    statements: list[_OfStatement]
    answers: StrictBool


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model says of one answer.

    Attributes:
        id, kind: of the question.
        supported: of each statement, whether what it cites carries it; empty when there is no verdict.
        answers: whether the question is answered; None when there is no verdict.
        why: the model's reason, or why there is no verdict.
    """

    id: str
    kind: str
    supported: tuple[bool, ...]
    answers: bool | None
    why: str

    @property
    def given(self) -> bool:
        """Check whether there is one."""
        return self.answers is not None

    def json(self) -> dict[str, Any]:
        """Return the verdict as plain values."""
        return {"id": self.id, SUPPORTED: list(self.supported), ANSWERS: self.answers, "why": self.why}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the model says of all answers.

    Attributes:
        model: its name.
        asked: answers that there were to judge.
        verdicts: of the answers it was asked about, in order.
        stopped: why it was not asked about the rest; "" when it was.
    """

    model: str
    asked: int
    verdicts: tuple[Opinion, ...]
    stopped: str

    def warnings(self) -> tuple[str, ...]:
        """Return what to know of it beside its figures."""
        seen = f"The advisory judge stopped after {len(self.verdicts)} of {self.asked} answers: {self.stopped}"
        return (seen,) if self.stopped else ()

    def json(self) -> dict[str, Any]:
        """Return the judgement as plain values; an answer without a verdict counts in no share."""
        given = [verdict for verdict in self.verdicts if verdict.given]
        kinds = sorted({verdict.kind for verdict in given})
        return {
            "model": self.model,
            "asked": self.asked,
            "no_verdict": len(self.verdicts) - len(given),
            "stopped": self.stopped or None,
            **_shares(given),
            "kinds": {kind: _shares([verdict for verdict in given if verdict.kind == kind]) for kind in kinds},
            "verdicts": [verdict.json() for verdict in self.verdicts],
        }


def _shares(given: Sequence[Opinion]) -> dict[str, Any]:
    """Return means over answers, with 95% intervals: of the share of statements that are supported, and of answered questions."""
    values = {
        SUPPORTED: [float(np.mean(verdict.supported)) for verdict in given],
        ANSWERS: [float(bool(verdict.answers)) for verdict in given],
    }
    means = {name: round(float(np.mean(own)), 4) if own else None for name, own in values.items()}
    intervals = {name: [round(end, 4) for end in interval(own)] for name, own in values.items() if own}
    return {"judged": len(given)} | means | {"intervals": intervals}


def judge_answers(answers: Sequence[Json], model: ChatModel) -> Judgement:
    """Ask a model about every question that got an answer, until it can no longer be asked.

    Args:
        answers: as the JSON of an evaluation has them; refusals are passed over.
        model: the judge.
    """
    answered = [answer for answer in answers if answer["answer"]["answered"]]
    verdicts: list[Opinion] = []
    try:
        for answer in answered:
            verdicts.append(_verdict(answer, model))
    except ModelUnavailable as error:
        return Judgement(model.name, len(answered), tuple(verdicts), str(error))
    return Judgement(model.name, len(answered), tuple(verdicts), "")


def _verdict(answer: Json, model: ChatModel) -> Opinion:
    """Ask the model about one answer; no verdict when it does not judge every statement exactly once."""
    try:
        reply = _Reply.model_validate(model.complete_json(*_messages(answer), _Reply.model_json_schema()).content)
    except UnusableReply as error:
        return _none(answer, error.problem)
    except ValidationError:
        return _none(answer, "Het oordeel heeft niet de gevraagde vorm.")
    of_statements = {one.number: one.supported for one in reply.statements}
    count = len(answer["answer"]["statements"])
    if len(reply.statements) != count or of_statements.keys() != set(range(1, count + 1)):
        return _none(answer, "Het oordeel gaat niet over iedere zin één keer.")
    supported = tuple(of_statements[number] for number in range(1, count + 1))
    return Opinion(answer["id"], answer["kind"], supported, reply.answers, reply.why.strip())


def _none(answer: Json, why: str) -> Opinion:
    return Opinion(answer["id"], answer["kind"], (), None, why)


def _messages(answer: Json) -> tuple[str, str]:
    """Return the request; a passage of which several parts are cited is given once."""
    given = answer["answer"]
    cited = {citation["n"]: tuple(_passage(citation).items()) for citation in given["citations"]}
    numbers = {passage: number for number, passage in enumerate(dict.fromkeys(cited.values()), 1)}
    return load_prompt("judge")(
        question=answer["question"],
        earlier=answer["history"],
        passages=[dict(passage) | {"number": number} for passage, number in numbers.items()],
        statements=[
            {"text": one["text"], "cites": sorted({numbers[cited[n]] for n in one["citations"]})}
            for one in given["statements"]
        ],
    )


def _passage(citation: Json) -> dict[str, str | None]:
    return {
        "kind": citation["kind"],
        "letter": citation["reference"] or citation["source"],
        "date": citation["date"] or "unknown",
        "author": citation["author"],
        "voice": citation["voice"],
        "quoted_from": citation["quoted_from"],
        "text": citation["passage"],
    }
