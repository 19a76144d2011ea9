"""Follow-up questions made standalone by a chat model, when what it writes can be trusted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from assistant.answers import Language
from assistant.chat_models import ChatModel
from assistant.followups import leans
from assistant.frame import DUTCH, ENGLISH, FRAME
from assistant.packing import recent
from assistant.written import Usage
from prompts.prompt import load_prompt
from vectorstore.dutch import Analyser, tokens
from vectorstore.errors import ModelUnavailable, UnusableReply

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
_FEW = 3
"""Content words from which a question that leans on nothing surely stands alone."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What came of asking for a question that stands alone.

    Attributes:
        question: as it would be asked by itself; None when it stands alone already, or the model is of no use.
        usage: what asking took.
    """

    question: str | None = None
    usage: Usage = field(default_factory=Usage)


def rewriting(
    model: ChatModel, analyser: Analyser, question: str, history: Sequence[str], language: Language
) -> Rewriting:
    """A follow-up question made to stand alone.

    Only words of the conversation may be in it, and all that the question itself says must be.

    Args:
        model: writes it.
        analyser: tells words from their forms.
        question: as asked.
        history: earlier questions, oldest first.
        language: of the question.
    """
    earlier = recent(history, HISTORY)
    if not earlier or (not leans(question) and len(_said(question)) >= _FEW):
        return Rewriting()
    try:
        messages = load_prompt(f"standalone_{language}")(earlier=earlier, question=question)
        reply = model.complete_json(*messages, SCHEMA)
    except (ModelUnavailable, UnusableReply):
        return Rewriting()
    text = reply.said.get("question")
    text = " ".join(text.split()) if isinstance(text, str) else ""
    is_other = text != question and _is_faithful(analyser, text, question, history)
    return Rewriting(text if is_other else None, reply.usage)


def _is_faithful(analyser: Analyser, text: str, question: str, history: Sequence[str]) -> bool:
    """Whether a question holds nothing that was not said, and all that was just asked."""
    if not text or len(text) > _LONGEST or re.search(r"https?:|www\.", text):
        return False
    said = _forms(analyser, _said(" ".join([*history, question])))
    written, asked = _said(text), _said(question)
    return all(_forms(analyser, [word]) & said for word in written) and all(
        _forms(analyser, [word]) & _forms(analyser, written) for word in asked
    )


def _said(text: str) -> list[str]:
    """The words of a question that say what it is about."""
    return [word for word in tokens(text) if word not in FRAME | DUTCH | ENGLISH]


def _forms(analyser: Analyser, words: Sequence[str]) -> set[str]:
    """Words with their stems, so that another form of a word is the same word."""
    return set(words) | {analyser.stem(word) for word in words}
