"""The visits to the chat: what Gradio keeps of a page goes some time after the page was closed."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections import Counter
from typing import Final

from gradio.routes import App
from gradio.state_holder import SessionState
from starlette.types import ASGIApp, Receive, Scope, Send

GRACE: Final = 600.0
"""Seconds in which a page whose connection was broken finds its conversation again."""

SECONDS_BETWEEN_ROUNDS: Final = 1.0
"""Seconds after which is looked again which pages are gone, and what the others have too much of."""

MOST_VISITS: Final = 500
"""Pages of which anything is kept; of more, those that were silent longest begin anew."""

MOST_BROKEN: Final = 30
"""Pages without a connection of which anything is kept; of more, those that were silent longest begin anew."""

_LINE: Final = re.compile("/gradio_api/heartbeat/(.+)")
"""The line that a page holds open as long as it is there."""


class Visits:
    """Forgets each page that holds no line open and was silent for the time of grace, or longer than many others.

    Gradio itself drops the state of a page an hour after it was closed, and keeps the rest of it: every part as it was
    shown last, and messages that nobody came to fetch. Of an open page it keeps every part once more, under a number of
    its own, each time that an event leaves the part as it is: the whole conversation, with every question.

    Args:
        app: what serves the pages.
        chat: the app of Gradio, which keeps what is forgotten here.
    """

    def __init__(self, app: ASGIApp, chat: App) -> None:
        self._app = app
        self._chat = chat
        self._lines: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request; one that is a line counts as long as it is open."""
        line = _LINE.fullmatch(scope["path"]) if scope["type"] == "http" else None
        held = [line[1]] if line else []
        self._lines.update(held)
        try:
            await self._app(scope, receive, send)
        finally:
            self._lines.subtract(held)
            self._lines = +self._lines

    async def keep_forgetting(self) -> None:
        """Make round after round. Between two of them nothing of a page is held here either."""
        while True:
            self._make_round()
            await asyncio.sleep(SECONDS_BETWEEN_ROUNDS)

    def _make_round(self) -> None:
        for session in self._gone():
            self._forget(session)
        for state in self._chat.state_holder.session_data.values():
            self._trim(state)

    def _gone(self) -> list[str]:
        queue, states = self._chat.get_blocks()._queue, self._chat.state_holder
        busy = {event.session_hash for event in queue.event_ids_to_events.values()}
        kept = {*states.session_data, *queue.pending_messages_per_session, *queue.pending_event_ids_session}
        silent_since = dt.datetime.now() - dt.timedelta(seconds=GRACE)
        used = {session: states.time_last_used.get(session, dt.datetime.min) for session in kept}
        broken = sorted(kept - busy - self._lines.keys(), key=used.__getitem__, reverse=True)
        return [*broken[MOST_BROKEN:], *(session for session in broken[:MOST_BROKEN] if used[session] <= silent_since)]

    def _trim(self, state: SessionState) -> None:
        """Leave of a page the parts that it was built of, each as it is now; Gradio makes the others again if it must."""
        built = self._chat.get_blocks().default_config.blocks.keys()
        for parts in (state.blocks_config.blocks, state.config_values):
            for doubled in parts.keys() - built:
                del parts[doubled]

    def _forget(self, session: str) -> None:
        blocks, states = self._chat.get_blocks(), self._chat.state_holder
        for kept in (
            states.session_data,
            states.time_last_used,
            blocks._queue.pending_messages_per_session,
            blocks._queue.pending_event_ids_session,
            blocks.pending_streams,
            blocks.pending_diff_streams,
        ):
            kept.pop(session, None)
