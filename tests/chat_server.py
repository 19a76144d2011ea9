"""A server that speaks the protocol of OpenAI and says what it is told to, for clients to be tested against for real."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "scripted"
_HANGING = 20.0


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP response.

    Attributes:
        body: its bytes.
        status: its HTTP status.
        hangs: it never comes.
        length: bytes that are promised; as many as there are when None.
    """

    body: bytes = b""
    status: int = 200
    hangs: bool = False
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent.

    Attributes:
        path: of the URL.
        headers: by name in lower case.
        body: its JSON; empty when it is something else.
    """

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def system(self) -> str:
        """The message that says what to do."""
        return self._message("system")

    @property
    def user(self) -> str:
        """The message that says with what."""
        return self._message("user")

    def _message(self, role: str) -> str:
        return "".join(message["content"] for message in self.body["messages"] if message["role"] == role)


Script = Sequence[Reply] | Callable[[Request], Reply]


def says(text: str | None, finish: str = "stop") -> Reply:
    """A completion with this text."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    completion = {"id": "1", "object": "chat.completion", "created": 1, "model": MODEL}
    return Reply(json.dumps(completion | {"choices": [choice], "usage": usage}).encode())


def says_json(value: object) -> Reply:
    """A completion with this value as JSON."""
    return says(json.dumps(value))


def fails(status: int, message: str = "no") -> Reply:
    """An error as providers give them."""
    return Reply(json.dumps({"error": {"message": message, "type": "scripted", "code": None}}).encode(), status)


def hangs() -> Reply:
    """Nothing, until the client gives up."""
    return Reply(hangs=True)


def breaks_off(reply: Reply) -> Reply:
    """Half of a reply, after which the connection is closed."""
    return Reply(reply.body[: len(reply.body) // 2], length=len(reply.body))


@dataclass
class ChatServer:
    """A running server.

    Attributes:
        url: its address, as RAADSGEHEUGEN_CHAT_URL takes it.
        script: replies in order, the last of which is repeated, or what makes one of a request.
        requests: what was sent to it, in order.
    """

    url: str
    script: Script
    requests: list[Request] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def reply(self, request: Request) -> Reply:
        """What the script says to a request."""
        self.requests.append(request)
        if callable(self.script):
            return self.script(request)
        return self.script[min(len(self.requests), len(self.script)) - 1]


@contextmanager
def chat_server(script: Script) -> Iterator[ChatServer]:
    """A server on a free port of this machine, which stops afterwards."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            sent = self.rfile.read(int(headers.get("content-length", "0")))
            body = json.loads(sent) if headers.get("content-type") == "application/json" and sent else {}
            _send(self, server, server.reply(Request(self.path, headers, body)))

        do_GET = do_POST

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing is logged."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = ChatServer(f"http://127.0.0.1:{listening.server_port}/v1", script)
    thread = threading.Thread(target=listening.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        listening.shutdown()
        thread.join()
        listening.server_close()


def _send(handler: BaseHTTPRequestHandler, server: ChatServer, reply: Reply) -> None:
    handler.close_connection = True
    if reply.hangs:
        server.over.wait(_HANGING)
        return
    handler.send_response(reply.status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
    handler.send_header("Connection", "close")
    handler.send_header("retry-after-ms", "1")
    handler.end_headers()
    handler.wfile.write(reply.body)
