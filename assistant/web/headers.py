"""What a browser is told with every response: to speak with this server only, and to run nothing that is not its own."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.door import START_PAGE

_POLICY: Final = (
    # Gradio makes functions of its templates and styles its parts inline; all of it comes from this server.
    "default-src 'none'; script-src 'self' 'unsafe-eval'{scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; "
    "object-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
)

HEADERS: Final = {
    "Content-Security-Policy": _POLICY.format(scripts=""),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Of every response. The browser itself keeps the promise that nothing leaves: it may speak with this server only."""

_UNCHANGING: Final = ("/assets/", "/static/", "/theme.css", "/favicon.ico", "/pwa_icon", "/manifest.json")
_INLINE_SCRIPT: Final = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


class HeaderMiddleware:
    """Adds the headers to every response. Words of letters and questions are kept in no cache."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a response with the headers."""

        async def send_with_headers(event: Message) -> None:
            if event["type"] == "http.response.start":
                _add(event, scope["path"])
            await send(event)

        await self._app(scope, receive, send_with_headers)


class ScriptMiddleware:
    """Lets the start page run the scripts that the server wrote into it, each known by its hash, and no others.

    What Gradio writes into them escapes every sign that could end a script.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on the start page with the hashes of its scripts, anything else as it is."""
        if scope["type"] != "http" or scope["path"] != START_PAGE or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        start, page = dict[str, object](), bytearray()

        async def gather(event: Message) -> None:
            if event["type"] == "http.response.start":
                start.update(event)
                return
            page.extend(event.get("body", b""))
            if not event.get("more_body"):
                policy = _POLICY.format(scripts=_hashes(_INLINE_SCRIPT.findall(page)))
                MutableHeaders(scope=start)["Content-Security-Policy"] = policy
                await send(start)
                await send({"type": "http.response.body", "body": bytes(page)})

        await self._app(_uncompressed(scope), receive, gather)


def _add(start: Message, path: str) -> None:
    headers = MutableHeaders(scope=start)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if not path.startswith(_UNCHANGING):
        headers["Cache-Control"] = "no-store"


def _hashes(scripts: Iterable[bytes]) -> str:
    digests = (base64.b64encode(hashlib.sha256(script).digest()).decode() for script in scripts)
    return "".join(f" 'sha256-{digest}'" for digest in digests)


def _uncompressed(scope: Scope) -> Scope:
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]}
