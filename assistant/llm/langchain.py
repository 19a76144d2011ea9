"""Asking a chat model behind a client of langchain, whosever it is: each takes questions in a way of its own."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from assistant.llm.errors import Faults, Refused, is_passing
from assistant.llm.streaming import (
    Completion,
    Messages,
    StreamedReply,
    end_of,
    is_cut_short,
    objects_in,
    usage_of,
    without_thoughts,
    words_of,
)
from prompts.wording import message

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, AIMessageChunk
    from langchain_core.runnables import Runnable

_PERSISTENT: Final = ("openai", "anthropic")
"""Providers whose client asks again by itself when a model is busy or down."""

_METHODS: Final[Mapping[str, str]] = {"mistralai": "json_schema"}
"""Ways of asking for JSON, where the one that langchain prefers does not come in pieces."""

_BACK_OFF: Final = 0.5
"""Seconds, at most, before a model is asked again for the first time; twice as long every next time."""

_LONGEST_PAUSE: Final = 8.0
"""Seconds, at most, before it is asked again at all."""


@dataclass(frozen=True, slots=True)
class _Way:
    """A way of asking a model for JSON.

    Attributes:
        schema: by a schema as well as in words.
        counts: and for its tokens, while it streams.
    """

    schema: bool = True
    counts: bool = True


class LangChainModel:
    """A chat model behind a client of langchain.

    Args:
        client: of its provider.
        faults: makes errors of ours.
        provider: whose client it is.
        retries: how often it is asked again.
    """

    def __init__(self, client: BaseChatModel, faults: Faults, provider: str, retries: int) -> None:
        from anyio.from_thread import BlockingPortalProvider

        self._client = client
        self._faults = faults
        self._provider = provider
        self._retries = retries
        self._portals = BlockingPortalProvider()
        self._way = _Way()

    def __repr__(self) -> str:
        return f"<chat model {self.name}>"

    @property
    def name(self) -> str:
        """Return the name it has in the settings."""
        return self._faults.name

    def complete(self, system: str, user: str) -> Completion[str]:
        """Ask it one message."""
        asked = _messages(system, user)
        reply = self._invoke(self._client, asked)
        return Completion(self._text(reply), usage_of(reply.usage_metadata, asked, str(reply.text)))

    def complete_json(self, system: str, user: str, schema: Mapping[str, Any]) -> Completion[dict[str, Any]]:
        """Ask it for a JSON object; a model that takes no schema is asked in words alone, from then on."""
        asked = _messages(system, user)
        reply, way = self._ask_for_json(asked, schema)
        found = self._object(reply, schema)
        self._way = way
        return Completion(found, usage_of(reply.usage_metadata, asked, str(reply.text) or json.dumps(found)))

    def stream_json(self, system: str, user: str, schema: Mapping[str, Any]) -> StreamedReply:
        """Ask it for JSON and read the text as it comes."""
        asked = _messages(system, user)
        return StreamedReply(self._portals, partial(self._chunks, asked, schema), asked, self._faults)

    def _ask_for_json(self, asked: Messages, schema: Mapping[str, Any]) -> tuple[AIMessage, _Way]:
        if self._way.schema:
            try:
                return self._invoke(self._instruct(self._way, schema), asked), self._way
            except Refused:
                pass
        words = _Way(schema=False, counts=self._way.counts)
        return self._invoke(self._client, asked), words

    def _instruct(self, way: _Way, schema: Mapping[str, Any]) -> Runnable[Any, Any]:
        """Tell the client to answer in a way.

        Raises:
            Refused: it has no schemas.
        """
        from langchain_core.runnables import RunnableSequence

        if not way.schema:
            return self._client
        method: dict[str, Any] = {"method": _METHODS[self._provider]} if self._provider in _METHODS else {}
        try:
            read = self._client.with_structured_output(dict(schema), **method)
        except (NotImplementedError, ValueError):
            read = None
        if not isinstance(read, RunnableSequence):
            raise Refused(*message("model_without_schemas", model=self.name))
        return read.first

    def _invoke(self, put: Runnable[Any, Any], asked: Messages) -> AIMessage:
        from tenacity import Retrying

        try:
            reply: AIMessage = Retrying(**self._policy(self._is_passing))(put.invoke, list(asked))
        except Exception as error:
            problem = self._faults.translate(error)
        else:
            return reply
        raise problem

    async def _chunks(self, asked: Messages, schema: Mapping[str, Any]) -> AsyncGenerator[AIMessageChunk, None]:
        """Ask in the first way that the model takes, and in that way from then on."""
        ways = self._ways()
        for way in ways:
            try:
                async for chunk in self._persistently(way, asked, schema):
                    self._way = way
                    yield chunk
            except Exception as error:
                if way is ways[-1] or not isinstance(self._faults.translate(error), Refused):
                    raise
            else:
                return

    def _ways(self) -> list[_Way]:
        """Return the ways left to try, best first; only some clients can be told not to have tokens counted."""
        counts = [True, False] if self._way.counts and hasattr(self._client, "stream_usage") else [self._way.counts]
        return [_Way(schema, count) for schema in (True, False) if self._way.schema or not schema for count in counts]

    async def _persistently(
        self, way: _Way, asked: Messages, schema: Mapping[str, Any]
    ) -> AsyncGenerator[AIMessageChunk, None]:
        """Ask again, after a while, when that goes wrong before the first words."""
        from tenacity import AsyncRetrying

        put = self._instruct(way, schema)
        counting: dict[str, Any] = {} if way.counts else {"stream_usage": False}
        begun = told = False

        def again(error: BaseException) -> bool:
            return not told and isinstance(error, Exception) and (begun or self._is_passing(error))

        async for attempt in AsyncRetrying(**self._policy(again)):
            with attempt:
                async for chunk in put.astream(list(asked), **counting):
                    begun = True
                    told = told or bool(words_of(chunk)) or end_of(chunk) is not None
                    yield chunk

    def _is_passing(self, error: BaseException) -> bool:
        """Return true for an error after which to ask again, which some clients do by themselves."""
        return self._provider not in _PERSISTENT and is_passing(error)

    def _policy(self, again: Callable[[BaseException], bool]) -> dict[str, Any]:
        """Say when to ask again, and how soon."""
        from tenacity import retry_if_exception, stop_after_attempt, wait_random_exponential

        return {
            "stop": stop_after_attempt(1 + self._retries),
            "wait": wait_random_exponential(multiplier=_BACK_OFF, max=_LONGEST_PAUSE),
            "retry": retry_if_exception(again),
            "reraise": True,
        }

    def _text(self, reply: AIMessage) -> str:
        if is_cut_short(end_of(reply)):
            raise self._faults.unusable("reply_cut")
        text = without_thoughts(str(reply.text)).strip()
        if not text:
            raise self._faults.unusable("reply_empty")
        return text

    def _object(self, reply: AIMessage, schema: Mapping[str, Any]) -> dict[str, Any]:
        if reply.tool_calls:
            return reply.tool_calls[0]["args"]
        needed = set(schema.get("required", ()))
        found = [value for value in objects_in(self._text(reply)) if needed <= value.keys()]
        if not found:
            raise self._faults.unusable("reply_no_json")
        return found[-1]


def _messages(system: str, user: str) -> Messages:
    return (("system", system), ("human", user))
