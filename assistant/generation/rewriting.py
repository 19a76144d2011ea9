"""Follow-up questions made standalone by a chat model, when what it writes can be trusted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from assistant.answers.written_answer import Usage
from assistant.generation.claim_stream import visible
from assistant.generation.context import recent
from assistant.llm.cancellation import CancelToken
from assistant.llm.chat_model import ChatModel
from assistant.llm.streaming import objects_in
from assistant.query.followups import leans
from assistant.query.language import Wording
from assistant.query.speaker import find_voice
from assistant.query.stopwords import DUTCH, ENGLISH, FRAME
from assistant.query.understanding import understand
from ingest.language.negation import DENYING
from prompts.prompt import load_prompt
from vectorstore.analysis.dutch import Analyser
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
    """The outcome of asking for a question that stands alone.

    Attributes:
        question: as it would be asked by itself; None when it stands alone already, or the model is of no use.
        usage: what asking took.
        problem: why the model cannot be asked at all, in Dutch and with what to do; None when it can.
    """

    question: str | None = None
    usage: Usage = field(default_factory=Usage)
    problem: str | None = None


def rewrite(
    model: ChatModel, analyser: Analyser, question: Wording, history: Sequence[str], cancel_token: CancelToken
) -> Rewriting:
    """Let a chat model make a follow-up question stand alone.

    Only words of the conversation may be in it, and all that the question itself says must be.

    Args:
        model: writes it.
        analyser: tells words from their forms.
        question: as asked.
        history: earlier questions, oldest first.
        cancel_token: ends it early, without a question.
    """
    earlier = recent(history, HISTORY)
    if not earlier or (not leans(question) and len(_content_words(question)) >= _FEW):
        return Rewriting()
    messages = load_prompt(f"standalone_{question.language}")(earlier=earlier, question=question.text)
    try:
        text, usage = _ask(model, messages, cancel_token)
    except ModelUnavailable as error:
        return Rewriting(problem=None if cancel_token.cancelled else str(error))
    except UnusableReply:
        return Rewriting()
    rewritten = Wording(text)
    faithful = _is_faithful(analyser, rewritten, question, history) and _asks_the_same(rewritten, question, history)
    useful = faithful and text != question.text and not cancel_token.cancelled
    return Rewriting(text if useful else None, usage)


def _ask(model: ChatModel, messages: tuple[str, str], cancel_token: CancelToken) -> tuple[str, Usage]:
    """Ask for a question, in one line, empty when the model writes something else; return what it took as well."""
    written = ""
    with model.stream_json(*messages, SCHEMA) as reply, cancel_token.on_cancel(reply.stop):
        for piece in reply:
            written += piece
            if len(written) > _LONGEST_REPLY:
                break
    questions = [text for found in objects_in(written) if (text := visible(found.get("question")))]
    return questions[-1] if questions else "", reply.usage


def _is_faithful(analyser: Analyser, rewritten: Wording, question: Wording, history: Sequence[str]) -> bool:
    """Check whether a question holds nothing that was not said, and all that was just asked."""
    if not rewritten.text or len(rewritten.text) > _LONGEST or re.search(r"https?:|www\.", rewritten.text):
        return False
    written, asked = _content_words(rewritten), _content_words(question)
    said = _forms(analyser, [*asked, *(word for each in history for word in _content_words(Wording(each)))])
    return all(_forms(analyser, [word]) & said for word in written) and all(
        _forms(analyser, [word]) & _forms(analyser, written) for word in asked
    )


def _asks_the_same(rewritten: Wording, question: Wording, history: Sequence[str]) -> bool:
    """Check whether a question asks for the words of the same speaker, the same sort of thing, and denies what was denied."""
    speaker, speaks = find_voice(question), find_voice(rewritten)
    of_conversation = {speaker} if speaker else {None, *(find_voice(Wording(each)) for each in history)}
    before, now = understand(question, Filters()), understand(rewritten, Filters())
    sorts = before.wanted <= now.wanted and before.letter_fact in (None, now.letter_fact)
    denials = DENYING.intersection(question.words) <= DENYING.intersection(rewritten.words)
    return speaks in of_conversation and sorts and denials


def _content_words(question: Wording) -> list[str]:
    """Return the words of a question that say what it is about."""
    return [word for word in question.words if word not in FRAME | DUTCH | ENGLISH]


def _forms(analyser: Analyser, words: Sequence[str]) -> set[str]:
    """Return words with their stems, so that another form of a word is the same word."""
    return set(words) | {analyser.stem(word) for word in words}
