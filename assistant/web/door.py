"""The door of the chat: who may come in, by which name, to which part, with how much.

Gradio brings more to a server than this page has use for (uploads, files, a programming interface), and answers to any
name and any site. Here only that is let through which the page itself does in a browser; what it does was measured.
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Collection, Iterable
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from typing import Annotated, Any, Final, NamedTuple

from gradio.routes import App
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from prompts.wording import load_wording

LARGEST_BODY: Final = 64 * 1024
"""Bytes of a request. The page sends some 200 and a question; 2000 characters, all escaped, are 24 kB."""

START_PAGE: Final = "/"
ASKING: Final = "/gradio_api/queue/join"

_SESSION = "[A-Za-z0-9_-]{1,64}"
_SEEN: Final = re.compile(
    r"/(theme\.css|favicon\.ico|manifest\.json|pwa_icon)?"
    r"|/(assets|static)/(?!.*\.\.)[\w./-]+"
    r"|/gradio_api/(queue/data|app_id|heartbeat/" + _SESSION + ")"
)
_FIRST_CALL: Final = "/gradio_api/startup-events"
_HOST: Final = re.compile(r"(?:\[([\da-f:.]+)\]|([^\s:/?#@\[\]\\]+))(?::\d*)?")
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_WILDCARDS: Final = frozenset({"0.0.0.0", "::"})
_OUR_OWN: Final = frozenset({"same-origin", "none"})


class Rejection(NamedTuple):
    """Why a request is not let through.

    Attributes:
        status: of the response.
        phrase: that tells it, of prompts/texts/chat.yaml.
    """

    status: HTTPStatus
    phrase: str


_WRONG_NAME: Final = Rejection(HTTPStatus.MISDIRECTED_REQUEST, "door_host")
_OTHER_SITE: Final = Rejection(HTTPStatus.FORBIDDEN, "door_origin")
_NOTHING_HERE: Final = Rejection(HTTPStatus.NOT_FOUND, "door_nothing")
_TOO_LARGE: Final = Rejection(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "door_too_large")
_SENSELESS: Final = Rejection(HTTPStatus.BAD_REQUEST, "door_senseless")


class _Action(BaseModel):
    """What the page sends when a member does something; `fn_index` says what that is."""

    model_config = ConfigDict(extra="forbid", strict=True)

    data: Annotated[list[Any], Field(max_length=8)]
    fn_index: int
    session_hash: Annotated[str, Field(pattern=f"^{_SESSION}$")]
    trigger_id: int | None = None
    event_data: dict[str, Any] | None = None


def is_loopback(host: str) -> bool:
    """Return True when only this machine itself can reach a server that listens there."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def own_names(host: str, others: Iterable[str] = ()) -> frozenset[str]:
    """Name what a server may be called.

    Args:
        host: the address that it listens on; on a wildcard the machine answers to its own name as well.
        others: names that the operator gave it.
    """
    machine = socket.gethostname().lower()
    own = {machine, f"{machine}.local"} if host in _WILDCARDS else set()
    return _HERE | own | {host.lower(), *(name.lower() for name in others)}


class Door:
    """Lets through what the page does, and nothing else.

    Starlette's own check of hosts knows names only. Who listens on all addresses is reached by whichever of them a
    connection came in by, and that is known when it comes.

    Args:
        app: what is behind the door.
        chat: the app of Gradio, which knows what the page can do.
        names: by which the server may be called, small letters.
    """

    def __init__(self, app: ASGIApp, chat: App, names: Collection[str]) -> None:
        self._app = app
        self._chat = chat
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or say why not."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
        elif rejection := self._reject(scope):
            await _answer(rejection, scope, receive, send)
        elif scope["method"] == "POST":
            await self._take_action(scope, receive, send)
        else:
            await self._app(_without_query(scope), receive, send)

    def _reject(self, scope: Scope) -> Rejection | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._is_called(host, scope):
            return _WRONG_NAME
        if not _comes_from_here(headers, host, scope):
            return _OTHER_SITE
        if not self._is_open(scope["method"], scope["path"]):
            return _NOTHING_HERE
        if not headers.get("content-length", "0").isdecimal():
            return _SENSELESS
        return _TOO_LARGE if int(headers.get("content-length", "0")) > LARGEST_BODY else None

    def _is_called(self, host: str, scope: Scope) -> bool:
        found = _HOST.fullmatch(host.lower())
        if not found:
            return False
        name = found[1] or found[2].removesuffix(".")
        return name in self._names or (bool(scope.get("server")) and _same_address(name, scope["server"][0]))

    def _is_open(self, method: str, path: str) -> bool:
        if method == "POST":
            return bool(path == ASKING)
        if path == _FIRST_CALL:  # which Gradio makes to itself when it starts
            return method == "GET" and not self._chat.startup_events_triggered
        return method in ("GET", "HEAD") and bool(_SEEN.fullmatch(path))

    async def _take_action(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _read(receive)
        if body is None:
            await _answer(_TOO_LARGE, scope, receive, send)
        elif self._can_be_done(body):
            await self._app(scope, _again(body, receive), send)
        else:
            await _answer(_SENSELESS, scope, receive, send)

    def _can_be_done(self, body: bytes) -> bool:
        """Return true for what the page has a button, a key or a timer for; that a page was closed is no page's to say."""
        try:
            action = _Action.model_validate(json.loads(body))
        except (ValueError, RecursionError, ValidationError):
            return False
        function = self._chat.get_blocks().fns.get(action.fn_index)
        return function is not None and all(event != "unload" for _, event in function.targets)


def _comes_from_here(headers: Headers, host: str, scope: Scope) -> bool:
    """Return true when no other site sent it, as far as a browser tells; to do something it has to tell.

    A link to the chat may stand anywhere, so its start page may be asked for from anywhere.
    """
    origin = headers.get("origin", "")
    if origin.partition("://")[2].lower() != host.lower() and (origin or scope["method"] == "POST"):
        return False
    return scope["path"] == START_PAGE or headers.get("sec-fetch-site", "none") in _OUR_OWN


def _same_address(name: str, address: str) -> bool:
    """Return true for two ways to write one address; one that IPv6 carries for IPv4 is the latter."""
    try:
        one, other = ip_address(name), ip_address(address)
    except ValueError:
        return False
    return one == other or (isinstance(other, IPv6Address) and one == other.ipv4_mapped)


def _without_query(scope: Scope) -> Scope:
    """Leave out what was written behind the address of the start page: some of it makes Gradio open a kept file."""
    return {**scope, "query_string": b""} if scope["path"] == START_PAGE else scope


async def _read(receive: Receive) -> bytes | None:
    """Read a body; None when there is too much of it, or its sender is gone."""
    body = b""
    while len(body) <= LARGEST_BODY:
        event = await receive()
        if event["type"] != "http.request":
            return None
        body += event.get("body", b"")
        if not event.get("more_body"):
            return body if len(body) <= LARGEST_BODY else None
    return None


def _again(body: bytes, receive: Receive) -> Receive:
    """Hand out a body that was read already, and after it whatever comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again


async def _answer(rejection: Rejection, scope: Scope, receive: Receive, send: Send) -> None:
    text = load_wording("chat")[rejection.phrase]
    await PlainTextResponse(text, rejection.status)(scope, receive, send)
