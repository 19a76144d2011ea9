"""Follow-up questions made standalone by a chat model, when what it writes can be trusted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from assistant.answers import Language
from assistant.chat_models import ChatModel
from assistant.chat_replies import objects_in
from assistant.claims import visible
from assistant.followups import leans
from assistant.frame import DENYING, DUTCH, ENGLISH, FRAME
from assistant.packing import recent
from assistant.questions import asked_voice, understand
from assistant.stopping import Stop
from assistant.written import Usage
from prompts.prompt import load_prompt
from vectorstore.dutch import Analyser, fold, tokens
from vectorstore.errors import ModelUnavailable, UnusableReply
from vectorstore.letters import Filters

SCHEMA: Final[Mapping[str, Any]] = {
    "title": "question",
    "description": "A question that can be understood by itself.",
    "type": "object",
    "additionalProperties": False,
    "required": ["question"],
    "properties": {"question": {"type": "string"}},
}

HISTORY: Final = 600
"""Tokens of earlier questions that a model is given."""

_LONGEST = 400
_LONGEST_REPLY = 4000
_FEW = 3
"""Content words from which a question that leans on nothing surely stands alone."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What came of asking for a question that stands alone.

    Attributes:
        question: as it would be asked by itself; None when it stands alone already, or the model is of no use.
        usage: what asking took.
        problem: why the model cannot be asked at all, in Dutch and with what to do; None when it can.
    """

    question: str | None = None
    usage: Usage = field(default_factory=Usage)
    problem: str | None = None


def rewriting(
    model: ChatModel, analyser: Analyser, question: str, history: Sequence[str], language: Language, stop: Stop
) -> Rewriting:
    """A follow-up question made to stand alone.

    Only words of the conversation may be in it, and all that the question itself says must be.

    Args:
        model: writes it.
        analyser: tells words from their forms.
        question: as asked.
        history: earlier questions, oldest first.
        language: of the question.
        stop: ends it early, without a question.
    """
    earlier = recent(history, HISTORY)
    if not earlier or (not leans(question) and len(_said(question)) >= _FEW):
        return Rewriting()
    messages = load_prompt(f"standalone_{language}")(earlier=earlier, question=question)
    try:
        text, usage = _written(model, messages, stop)
    except ModelUnavailable as error:
        return Rewriting(problem=None if stop.wished else str(error))
    except UnusableReply:
        return Rewriting()
    faithful = _is_faithful(analyser, text, question, history) and _asks_the_same(text, question, history)
    return Rewriting(text if faithful and text != question and not stop.wished else None, usage)


def _written(model: ChatModel, messages: tuple[str, str], stop: Stop) -> tuple[str, Usage]:
    """The question that a model writes, in one line, empty when it writes something else; and what it took."""
    written = ""
    with model.stream_json(*messages, SCHEMA) as reply, stop.heard_by(reply.stop):
        for piece in reply:
            written += piece
            if len(written) > _LONGEST_REPLY:
                break
    questions = [text for found in objects_in(written) if (text := visible(found.get("question")))]
    return questions[-1] if questions else "", reply.usage


def _is_faithful(analyser: Analyser, text: str, question: str, history: Sequence[str]) -> bool:
    """Whether a question holds nothing that was not said, and all that was just asked."""
    if not text or len(text) > _LONGEST or re.search(r"https?:|www\.", text):
        return False
    said = _forms(analyser, _said(" ".join([*history, question])))
    written, asked = _said(text), _said(question)
    return all(_forms(analyser, [word]) & said for word in written) and all(
        _forms(analyser, [word]) & _forms(analyser, written) for word in asked
    )


def _asks_the_same(text: str, question: str, history: Sequence[str]) -> bool:
    """Whether a question asks for the words of the same speaker, the same sort of thing, and denies what was denied."""
    speaker, speaks = asked_voice(fold(question)), asked_voice(fold(text))
    of_conversation = {speaker} if speaker else {None, *(asked_voice(fold(each)) for each in history)}
    before, now = understand(question, Filters()), understand(text, Filters())
    sorts = before.wanted <= now.wanted and before.asked in (None, now.asked)
    return speaks in of_conversation and sorts and _denials(question) <= _denials(text)


def _denials(text: str) -> frozenset[str]:
    return DENYING.intersection(tokens(text))


def _said(text: str) -> list[str]:
    """The words of a question that say what it is about."""
    return [word for word in tokens(text) if word not in FRAME | DUTCH | ENGLISH]


def _forms(analyser: Analyser, words: Sequence[str]) -> set[str]:
    """Words with their stems, so that another form of a word is the same word."""
    return set(words) | {analyser.stem(word) for word in words}
