"""A browser's page of the chat, as HTTP shows it: what it fetches, what it sends when a member asks, what it is told."""

from __future__ import annotations

import copy
import html
import json
import re
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO, Any, Final, Self

import httpx

from tests.trials.program import Process, Program, Ran, ended, kill_all

_CONFIG = re.compile(r"window\.gradio_config\s*=\s*(\{.*?\});?\s*</script>", re.DOTALL)
_TURN = re.compile(r'<article class="turn".*?</article>', re.DOTALL)
_TAGS = re.compile(r"<[^>]+>")
_API: Final = "/gradio_api"
_SECONDS: Final = 60.0
"""Seconds without a byte after which a page is not answered: Gradio sends a heartbeat every 15."""


class Reply(Enum):
    """What became of a question."""

    ANSWERED = "answered"
    REFUSED = "refused"
    TOLD = "told"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Said:
    """What a page shows of the last question.

    Attributes:
        reply: what became of it.
        text: its words; of what is broken, why.
    """

    reply: Reply
    text: str


class BrokenPage(Exception):
    """The server did not do what a page needs."""


class Visitor:
    """A page that is open in a browser.

    Args:
        address: of the chat ("http://127.0.0.1:7860").
    """

    def __init__(self, address: str) -> None:
        self._session = secrets.token_hex(6)
        same_origin = {"Origin": address, "Referer": f"{address}/", "Sec-Fetch-Site": "same-origin"}
        self._client = httpx.Client(base_url=address, headers=same_origin, timeout=_SECONDS)
        self._config: Mapping[str, Any] = {}
        self._events: list[Mapping[str, Any]] = []

    def __enter__(self) -> Self:
        self._config = self._fetch_config()
        self._events = self._config["dependencies"]
        self._ask = self._event_of("ask", "click")
        self._looks = [event for event in self._events if event.get("trigger_after") == self._ask["id"]]
        for event in self._events:
            if any(trigger == "load" for _, trigger in event["targets"]):
                self._run(event, [])
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def ask(self, question: str) -> Said:
        """Ask a question and, as the page does after each, look at the archive anew."""
        try:
            shown = self._run(self._ask, [question, {}])
            for event in self._looks:
                self._run(event, [])
        except (httpx.HTTPError, BrokenPage, ValueError) as error:
            return Said(Reply.BROKEN, f"{type(error).__name__}: {error}")
        return _said(shown)

    def _fetch_config(self) -> Mapping[str, Any]:
        """Return what the page is made of: in the page itself, or beside it."""
        page = self._client.get("/")
        page.raise_for_status()
        if found := _CONFIG.search(page.text):
            return dict(json.loads(found[1]))
        beside = self._client.get("/config")
        beside.raise_for_status()
        return dict(beside.json())

    def _event_of(self, element: str, trigger: str) -> Mapping[str, Any]:
        """Return what happens at a trigger of the element with this id."""
        (part,) = [each["id"] for each in self._config["components"] if each["props"].get("elem_id") == element]
        (event,) = [each for each in self._events if [part, trigger] in each["targets"]]
        return event

    def _run(self, event: Mapping[str, Any], data: Sequence[object]) -> str:
        """Run an event and return all that its parts show at the end."""
        filled = [*data, *[None] * (len(event["inputs"]) - len(data))]
        trigger = event["targets"][0][0] if event["targets"] else None
        body = {
            "data": filled,
            "event_data": None,
            "fn_index": event["id"],
            "trigger_id": trigger,
            "session_hash": self._session,
        }
        joined = self._client.post(f"{_API}/queue/join", json=body)
        if joined.status_code != 200:
            raise BrokenPage(f"{joined.status_code} {joined.text[:200]}")
        return self._follow(joined.json()["event_id"])

    def _follow(self, event: str) -> str:
        shown: list[Any] = []
        seen: list[str] = []
        for message in self._messages():
            if message.get("event_id") not in (None, event):
                continue
            kind = message["msg"]
            if kind == "process_generating":
                shown = _brought_up(shown, message["output"]["data"])
                seen.append(_words(shown))
            elif kind == "process_completed":
                if not message["success"]:
                    raise BrokenPage(f"the event failed: {message['output']}")
                seen.append(_words(message["output"].get("data", [])))
                return max(seen, key=lambda text: ("data-state" in text, len(_TURN.findall(text)), seen.index(text)))
            elif kind == "unexpected_error":
                raise BrokenPage(str(message.get("message")))
        raise BrokenPage("the stream ended before the event did")

    def _messages(self) -> Iterator[Mapping[str, Any]]:
        with self._client.stream("GET", f"{_API}/queue/data", params={"session_hash": self._session}) as stream:
            if stream.status_code != 200:
                raise BrokenPage(f"{stream.status_code} for the stream")
            for line in stream.iter_lines():
                if line.startswith("data:"):
                    yield json.loads(line.removeprefix("data:"))


def _brought_up(shown: list[Any], sent: Sequence[Any]) -> list[Any]:
    """Return what parts show after a step: the first is sent whole, the next ones as edits."""
    if not shown:
        return [*sent]
    return [_edited(value, edits) for value, edits in zip(shown, sent, strict=True)]


def _edited(value: Any, edits: Sequence[Any]) -> Any:
    held = [copy.deepcopy(value)]
    for action, path, new in edits:
        steps = [0, *path]
        part: Any = held
        last = steps[-1]
        for step in steps[:-1]:
            part = part[step]
        if action == "replace" or (action == "add" and isinstance(part, dict)):
            part[last] = new
        elif action == "append":
            part[last] += new
        elif action == "add":
            part.insert(int(last), new)
        elif action == "delete":
            del part[last]
    return held[0]


def _words(parts: Sequence[Any]) -> str:
    """Return all text that parts show, also as properties of an update."""
    texts = []
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, dict):
            texts += [str(part[name]) for name in ("value", "markup") if part.get(name)]
    return "\n".join(texts)


def _said(shown: str) -> Said:
    turns = _TURN.findall(shown)
    if not turns:
        return Said(Reply.BROKEN, f"no answer is shown: {_plain(shown)[:200]}")
    last = turns[-1]
    if 'data-state="done"' not in last:
        return Said(Reply.BROKEN, f"the answer is not whole: {_plain(last)[:200]}")
    for mark, reply in (
        ('data-told="failure"', Reply.TOLD),
        ('data-told="refusal"', Reply.REFUSED),
        ('class="statement"', Reply.ANSWERED),
    ):
        if mark in last:
            return Said(reply, _plain(last.partition('<div class="reply">')[2]))
    return Said(Reply.BROKEN, _plain(last)[:200])


def _plain(markup: str) -> str:
    return " ".join(html.unescape(_TAGS.sub(" ", markup)).split())


class Chat:
    """A running chat over an archive, as a process.

    Args:
        program: whose chat it is.
        data: of the archive.
        port: that nothing listens on.
        log: takes its standard error; it must not be a pipe that nobody reads.
    """

    def __init__(self, program: Program, data: Path, port: int, log: IO[bytes]) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._log = log
        self.process: Process = program.start("chat", "--port", str(port), "--data", data, err=log)

    def wait(self, seconds: float = _SECONDS) -> bool:
        """Wait until the page can be opened; whether it can."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.alive:
            try:
                if httpx.get(f"{self.address}/", timeout=5).status_code == 200:
                    return True
            except httpx.HTTPError:
                time.sleep(0.05)
        return False

    @property
    def alive(self) -> bool:
        """Return true while its process runs."""
        return self.process.poll() is None

    def close(self) -> Ran:
        """End it as Ctrl-C does, by force if need be, and return what came of it."""
        if self.alive:
            self.process.send_signal(2)
        ran = ended(self.process)
        kill_all(self.process)
        self._log.seek(0)
        return Ran(ran.code, ran.out, self._log.read().decode(errors="replace"))
