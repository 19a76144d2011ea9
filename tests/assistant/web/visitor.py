"""A page of the chat without a browser: what a page sends, for tests of what else could be sent."""

from __future__ import annotations

import json
import secrets
from contextlib import ExitStack
from functools import cached_property
from typing import Any, Self

import httpx

from tests.waiting import PATIENCE

JOIN = "/gradio_api/queue/join"


class Visitor:
    """A visitor of the chat at an address. Between `with`, its page is open."""

    def __init__(self, address: str) -> None:
        origin = address.rstrip("/")
        self.session = secrets.token_hex(6)
        self.client = httpx.Client(base_url=origin, headers={"Origin": origin}, timeout=PATIENCE)
        self._line = ExitStack()

    def __enter__(self) -> Self:
        line = self._line.enter_context(self.client.stream("GET", f"/gradio_api/heartbeat/{self.session}"))
        self._beats = line.iter_text()  # which closes the line when nobody listens any more
        next(self._beats)
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()
        self.client.close()

    @cached_property
    def config(self) -> dict[str, Any]:
        """What the page is made of."""
        page = self.client.get("/").text
        start = page.index("window.gradio_config = ") + len("window.gradio_config = ")
        config: dict[str, Any] = json.JSONDecoder().raw_decode(page, start)[0]
        return config

    def function(self, part: str | None, event: str) -> int:
        """The number of what happens on an event of a part of the page, by its name in the page."""
        parts = {one["id"]: one["props"].get("elem_id") for one in self.config["components"]}
        found = [
            one["id"]
            for one in self.config["dependencies"]
            if any((parts.get(of), what) == (part, event) for of, what in one["targets"])
        ]
        return int(found[0])

    def asking(self, question: object) -> dict[str, Any]:
        """What is sent to ask a question."""
        function = self.function("question", "submit")
        return {"data": [question, {}, None, None, None], "fn_index": function, "session_hash": self.session}

    def send(self, action: dict[str, Any]) -> httpx.Response:
        """Send an action."""
        return self.client.post(JOIN, json=action)

    def ask(self, question: object) -> str:
        """Ask a question; all that comes back until its answer is whole."""
        self.send(self.asking(question)).raise_for_status()
        return self.fetch()

    def fetch(self) -> str:
        """What the server has for this page."""
        return self.client.get("/gradio_api/queue/data", params={"session_hash": self.session}).text
