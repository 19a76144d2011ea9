"""The page of the chat without a browser: what it asks of its server over HTTP, and in which order.

All of it was seen in a browser: the page itself, a stream that stays open as long as the page does, the events of its
loading, and for each question the event of asking and those that follow it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import httpx

PATIENCE: Final = 600.0
"""Seconds after which an event that has not ended is an error."""

_CONFIG: Final = "window.gradio_config = "
_TURN: Final = b'id=\\"turn-'
_ENDED: Final = b'"msg":"process_completed"'
_WRONG: Final = (b'"success":false', b'"msg":"unexpected_error"')
_NAVIGATION: Final = {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
_FETCH: Final = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}
_STREAM: Final = _FETCH | {"Accept": "text/event-stream"}


class AskOutcome(Enum):
    """What the page shows below its last question, by what stands in the markup of it alone."""

    FAILED = b'class=\\"failure\\"'
    ANSWERED = b'class=\\"statement\\"'
    REFUSED = b'class=\\"refusal\\"'


class BrokenEventError(Exception):
    """An event of the page did not end as it should; says how it did."""


@dataclass(frozen=True)
class Event:
    """One thing that a page asks of its server.

    Attributes:
        function: its number.
        trigger: the part of the page that it comes from.
        data: what is sent, for each of its inputs.
        question: which of these is the question, -1 for none.
    """

    function: int
    trigger: int
    data: tuple[Any, ...]
    question: int = -1

    def body(self, session: str, question: str) -> dict[str, Any]:
        """Return what is posted for it."""
        return {
            "data": [question if place == self.question else value for place, value in enumerate(self.data)],
            "event_data": None,
            "fn_index": self.function,
            "trigger_id": self.trigger,
            "session_hash": session,
        }


@dataclass(frozen=True)
class PageEvents:
    """The events that a reader causes.

    Attributes:
        load: when the page is opened.
        ask: by the button.
        follow: each time after that.
    """

    load: tuple[Event, ...]
    ask: Event
    follow: tuple[Event, ...]

    @classmethod
    def of(cls, page: str) -> PageEvents:
        """Read from a page which events it has.

        Raises:
            ValueError, KeyError, StopIteration: it is no page of the chat.
        """
        config, _ = json.JSONDecoder().raw_decode(page, page.index(_CONFIG) + len(_CONFIG))
        parts = {part["id"]: part["props"] for part in config["components"]}
        box, button = (
            next(each for each in parts if parts[each].get("elem_id") == name) for name in ("question", "ask")
        )

        def event(of: Mapping[str, Any], trigger: int) -> Event:
            inputs = of["inputs"]
            data = tuple(parts[each].get("value") for each in inputs)
            return Event(of["id"], trigger, data, inputs.index(box) if box in inputs else -1)

        known = config["dependencies"]
        ask = next(each for each in known if [button, "click"] in each["targets"])
        return cls(
            load=tuple(event(each, part) for each in known for part, kind in each["targets"] if kind == "load"),
            ask=event(ask, button),
            follow=tuple(event(each, button) for each in known if each["trigger_after"] == ask["id"]),
        )


class Visit:
    """A page that was opened once, by a client whose base address is that of the chat.

    Attributes:
        received: bytes so far.
    """

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._session = secrets.token_hex(6)
        self.received = 0

    async def page(self) -> str:
        """Fetch the page itself."""
        page = await self._client.get("/", headers=_NAVIGATION)
        await _check(page)
        self.received += len(page.content)
        return page.text

    @contextlib.asynccontextmanager
    async def stay(self) -> AsyncIterator[None]:
        """Hold the stream by which the chat knows that the page is open."""
        held = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            held.cancel()
            await asyncio.gather(held, return_exceptions=True)

    async def _beat(self) -> None:
        async with self._client.stream("GET", f"/gradio_api/heartbeat/{self._session}", headers=_STREAM) as stream:
            async for _ in stream.aiter_raw():
                pass

    async def run(self, event: Event, question: str = "") -> bytes:
        """Have an event done and return all that is said of it.

        Raises:
            BrokenEventError: it did not end as it should.
            TimeoutError: it does not end.
        """
        async with asyncio.timeout(PATIENCE):
            await self._join(event.body(self._session, question))
            told = b"".join([part async for part in self._listen()])
        if wrong := [each for each in _WRONG if each in told]:
            raise BrokenEventError(told[told.index(wrong[0]) :][:200].decode(errors="replace"))
        if _ENDED not in told:
            raise BrokenEventError("an event without an end")
        return told

    async def _join(self, body: Mapping[str, Any]) -> None:
        origin = str(self._client.base_url).rstrip("/")
        headers = {**_FETCH, "Origin": origin, "X-Gradio-User": "app"}
        await _check(await self._client.post("/gradio_api/queue/join?", json=body, headers=headers))

    async def _listen(self) -> AsyncIterator[bytes]:
        """Give what is said to this page until the chat closes the stream, as nothing more is awaited."""
        where, session = "/gradio_api/queue/data", {"session_hash": self._session}
        async with self._client.stream("GET", where, params=session, headers=_STREAM) as stream:
            await _check(stream)
            async for part in stream.aiter_bytes():
                self.received += len(part)
                yield part


async def _check(response: httpx.Response) -> None:
    if response.is_error:
        said = (await response.aread())[:100].decode(errors="replace")
        raise BrokenEventError(f"{response.request.url.path}: {response.status_code} {said}")


def outcome_of(told: bytes) -> AskOutcome:
    """Read what came of the last question from all that was said of its event.

    Raises:
        BrokenEventError: nothing did.
    """
    last = told.rpartition(_TURN)[2]
    for outcome in AskOutcome:
        if outcome.value in last:
            return outcome
    raise BrokenEventError("a question without an answer")
