"""A chat model's reply as it comes: heard on a loop of its own, so that it can be stopped from any thread, at once.

`StreamedReply` runs the client's stream as a task of a loop in another thread. Cancelling the task closes the HTTP
connection, whatever it waits for; what the reply says comes back through a queue.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import ExitStack, aclosing
from dataclasses import dataclass
from queue import SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Generic, Self, TypeVar

from assistant.answers.written_answer import Usage
from assistant.llm.errors import Faults
from vectorstore.errors import ArchiveError

if TYPE_CHECKING:
    from concurrent.futures import Future

    from anyio.from_thread import BlockingPortalProvider
    from langchain_core.messages import AIMessage, AIMessageChunk
    from langchain_core.messages.ai import UsageMetadata

Messages = Sequence[tuple[str, str]]
"""Messages as pairs of "system" or "human", and the words."""

LONGEST: Final = 10
"""Factor by which a whole reply may take longer than the patience with a model."""

CHARACTERS_PER_TOKEN: Final = 2.8
"""Of Dutch text, for tokens that nobody counted: on the low side, so that they are not estimated too few."""

_THINKS, _THOUGHT = "<think>", "</think>"
_GOING_ON: Final = ("in_progress", "queued")
_ENDS: Final = ("finish_reason", "stop_reason", "done_reason", "status")
_CUT_SHORT: Final = ("length", "max_tokens", "model_length", "model_context_window_exceeded", "incomplete")


Content_co = TypeVar("Content_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Completion(Generic[Content_co]):
    """A whole reply.

    Attributes:
        content: text that is not empty, or an object.
        usage: what it took.
    """

    content: Content_co
    usage: Usage


class Thoughts:
    """Leaves out what a model thinks aloud between tags at the beginning of a reply, however it is cut in pieces."""

    def __init__(self) -> None:
        self._held: str | None = ""

    def tell(self, piece: str) -> str:
        """Tell what can be told after this piece; "" while it may still be a thought."""
        if self._held is None:
            return piece
        self._held = (self._held + piece).lstrip()
        if self._held.startswith(_THINKS):
            _, over, self._held = self._held.partition(_THOUGHT) if _THOUGHT in self._held else ("", "", self._held)
            return self.tell("") if over else ""
        return "" if _THINKS.startswith(self._held) else self.rest()

    def rest(self) -> str:
        """Tell what was held back and is no thought, when nothing more comes."""
        held, self._held = self._held or "", None
        return "" if held.startswith(_THINKS) else held


def without_thoughts(text: str) -> str:
    """Leave out the thoughts that a whole reply begins with."""
    thoughts = Thoughts()
    return thoughts.tell(text) + thoughts.rest()


def objects_in(text: str) -> Iterator[dict[str, Any]]:
    """Find the JSON objects in a text, in order: models write words, fences and thoughts around them."""
    decoder, place = json.JSONDecoder(), text.find("{")
    while place >= 0:
        try:
            value, end = decoder.raw_decode(text, place)
            yield value
        except (ValueError, RecursionError):
            end = place + 1
        place = text.find("{", end)


def words_of(chunk: AIMessageChunk, call: int | None = None) -> str:
    """Return what a chunk says, in text or to a tool.

    Args:
        chunk: of a reply.
        call: number of the only call of a tool that counts; None for any.
    """
    told = [one["args"] or "" for one in chunk.tool_call_chunks if call is None or one["index"] == call]
    return str(chunk.text) + "".join(told)


def end_of(message: AIMessage) -> str | None:
    """Return why a reply ends here, as its provider calls it; None when this is no end."""
    said = (str(message.response_metadata.get(name) or "").lower() for name in _ENDS)
    return next((end for end in said if end and end not in _GOING_ON), None)


def is_cut_short(end: str | None) -> bool:
    """Return true when a reply with this end is not whole."""
    return end in _CUT_SHORT


def usage_of(counted: UsageMetadata | None, asked: Messages, said: str) -> Usage:
    """Count tokens as the server did, and from the length of the texts when it did not."""
    if counted and counted["total_tokens"]:
        return Usage(counted["input_tokens"], counted["output_tokens"])
    return Usage(_estimate(asked), _estimate([("ai", said)]) if said else 0, estimated=True)


def _estimate(messages: Messages) -> int:
    from langchain_core.messages.utils import count_tokens_approximately

    return count_tokens_approximately(messages, chars_per_token=CHARACTERS_PER_TOKEN)


class StreamedReply:
    """A reply that a client of langchain hears; `assistant.llm.chat_model.Reply` says what it does.

    Args:
        portals: of the loop that it is heard on.
        stream: asks the model; raises what goes wrong before the first words.
        asked: what the model is asked, for the estimate of its tokens.
        faults: makes errors of ours.
    """

    def __init__(
        self,
        portals: BlockingPortalProvider,
        stream: Callable[[], AsyncGenerator[AIMessageChunk, None]],
        asked: Messages,
        faults: Faults,
    ) -> None:
        self._portals, self._stream, self._asked, self._faults = portals, stream, asked, faults
        self._pieces: SimpleQueue[str | None] = SimpleQueue()
        self._lease = ExitStack()
        self._task: Future[None] | None = None
        self._stopped = False
        self._problem: ArchiveError | None = None
        self._thoughts = Thoughts()
        self._heard: list[str] = []
        self._call: int | None = None
        self._counted: UsageMetadata | None = None
        self._end: str | None = None

    def __enter__(self) -> Self:
        portal = self._lease.enter_context(self._portals)
        self._task = portal.start_task_soon(self._hear)
        if self._stopped:
            self._task.cancel()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
        self._lease.close()

    def __iter__(self) -> Iterator[str]:
        while (piece := self._pieces.get()) is not None and not self._stopped:
            yield piece
        self._pieces.put(None)
        if self._problem is not None and not self._stopped:
            raise self._problem

    def stop(self) -> None:
        """End it, from any thread."""
        self._stopped = True
        if self._task is not None:
            self._task.cancel()
        self._pieces.put(None)

    @property
    def usage(self) -> Usage:
        """Return the tokens it took so far."""
        return usage_of(self._counted, self._asked, "".join(self._heard))

    @property
    def cut_short(self) -> bool:
        """Return True when it is not whole."""
        return self._end is None or is_cut_short(self._end)

    async def _hear(self) -> None:
        try:
            await self._listen()
        except Exception as error:
            self._problem = None if is_cut_short(self._end) else self._translate(error)
        finally:
            self._tell(self._thoughts.rest())
            self._pieces.put(None)

    def _translate(self, error: Exception) -> ArchiveError:
        return self._faults.translate_interruption(error) if self._heard else self._faults.translate(error)

    async def _listen(self) -> None:
        """Take what comes, as long as something comes in time and it does not take too long in all."""
        from anyio import fail_after

        async with aclosing(self._stream()) as chunks:
            with fail_after(self._faults.patience * LONGEST):
                going_on = True
                while going_on:
                    with fail_after(self._faults.patience):
                        going_on = await self._next_words(chunks)

    async def _next_words(self, chunks: AsyncGenerator[AIMessageChunk, None]) -> bool:
        """Wait for words, true when any come: a sign of life without words is none."""
        async for chunk in chunks:
            if self._takes(chunk):
                return True
        return False

    def _takes(self, chunk: AIMessageChunk) -> bool:
        """Take a chunk, true when there are words in it; spaces are none."""
        from langchain_core.messages.ai import add_usage

        if chunk.usage_metadata:
            self._counted = add_usage(self._counted, chunk.usage_metadata)
        self._end = end_of(chunk) or self._end
        if chunk.tool_call_chunks and self._call is None:
            self._call = chunk.tool_call_chunks[0]["index"]
        words = words_of(chunk, self._call)
        if words:
            self._heard.append(words)
            self._tell(self._thoughts.tell(words))
        return bool(words.strip())

    def _tell(self, words: str) -> None:
        if words:
            self._pieces.put(words)
