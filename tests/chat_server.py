"""A server that speaks the protocol of OpenAI and says what it is told to, for clients to be tested against for real.

A script is made of replies, and most can be sent both ways: whole, or as a stream when the request asks for one.

    says("Ja."), says_json({...})       a completion
    streams(["J", "a."], delay=0.1)     the same, cut into these pieces, with this much time between
    calls(["{", "}"], "Verdict")        the same as the argument of a tool
    fails(500)                          an error instead
    hangs()                             nothing, ever
    falls_silent(reply)                 its pieces, and then nothing, ever
    breaks_off(reply)                   half of it, and the connection is closed
    fails_midway(reply)                 its pieces, and then an error
"""

from __future__ import annotations

import json
import select
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODEL = "scripted"
USAGE = (1, 1)
_HANGING = 20.0
_GLANCE = 0.02
_PIECE = 6


class Ending(Enum):
    """What comes after the last piece of a stream."""

    DONE = "done"
    HANGS = "hangs"
    BREAKS = "breaks"
    FAILS = "fails"


@dataclass(frozen=True, slots=True)
class Stream:
    """A reply in pieces.

    Attributes:
        deltas: what each piece adds to the message.
        delay: seconds before each.
        finish: the reason that it gives for being done, None when it gives none.
        usage: tokens read and written, for who asks; None when it does not count.
        ending: how it ends.
    """

    deltas: tuple[Mapping[str, Any], ...]
    delay: float = 0.0
    finish: str | None = "stop"
    usage: tuple[int, int] | None = USAGE
    ending: Ending = Ending.DONE


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP response.

    Attributes:
        body: its bytes.
        status: its HTTP status.
        hangs: it never comes.
        length: bytes that are promised; as many as there are when None.
        stream: what is sent instead when the request asks for a stream; None for the same.
    """

    body: bytes = b""
    status: int = 200
    hangs: bool = False
    length: int | None = None
    stream: Stream | None = None


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


def says(text: str | None, finish: str = "stop", usage: tuple[int, int] | None = USAGE) -> Reply:
    """A completion with this text."""
    pieces = [(text or "")[place : place + _PIECE] for place in range(0, len(text or ""), _PIECE)]
    return _whole({"content": text}, Stream(tuple({"content": piece} for piece in pieces), 0, finish, usage))


def says_json(value: object) -> Reply:
    """A completion with this value as JSON."""
    return says(json.dumps(value))


def streams(
    pieces: Iterable[str], delay: float = 0.0, finish: str | None = "stop", usage: tuple[int, int] | None = USAGE
) -> Reply:
    """A completion that comes in these pieces."""
    cut = list(pieces)
    return _whole({"content": "".join(cut)}, Stream(tuple({"content": piece} for piece in cut), delay, finish, usage))


def calls(pieces: Iterable[str], tool: str, delay: float = 0.0) -> Reply:
    """A completion that calls a tool, with an argument in these pieces."""
    cut = list(pieces)
    call = {"index": 0, "id": "call-1", "type": "function", "function": {"name": tool, "arguments": ""}}
    rest = [{"index": 0, "function": {"arguments": piece}} for piece in cut]
    whole = call | {"function": {"name": tool, "arguments": "".join(cut)}}
    stream = Stream(tuple({"tool_calls": [one]} for one in [call, *rest]), delay, "tool_calls")
    return _whole({"content": None, "tool_calls": [whole]}, stream)


def fails(status: int, message: str = "no") -> Reply:
    """An error as providers give them."""
    return Reply(json.dumps({"error": {"message": message, "type": "scripted", "code": None}}).encode(), status)


def hangs() -> Reply:
    """Nothing, until the client gives up."""
    return Reply(hangs=True)


def falls_silent(reply: Reply) -> Reply:
    """All pieces of a stream, and then nothing, until the client gives up."""
    return _ending(reply, Ending.HANGS)


def fails_midway(reply: Reply) -> Reply:
    """All pieces of a stream, and then an error instead of an end."""
    return _ending(reply, Ending.FAILS)


def breaks_off(reply: Reply) -> Reply:
    """Half of a reply, after which the connection is closed."""
    half = replace(reply, body=reply.body[: len(reply.body) // 2], length=len(reply.body))
    if reply.stream is None:
        return half
    deltas = reply.stream.deltas
    return replace(half, stream=replace(reply.stream, deltas=deltas[: len(deltas) // 2], ending=Ending.BREAKS))


def _ending(reply: Reply, ending: Ending) -> Reply:
    if reply.stream is None:
        raise ValueError("only a stream ends in this way")
    return replace(reply, stream=replace(reply.stream, ending=ending))


def _whole(message: Mapping[str, Any], stream: Stream) -> Reply:
    choice = {"index": 0, "message": {"role": "assistant"} | message, "finish_reason": stream.finish}
    counted = {"usage": _usage(stream.usage)} if stream.usage else {}
    completion = {"id": "1", "object": "chat.completion", "created": 1, "model": MODEL, "choices": [choice]}
    return Reply(json.dumps(completion | counted).encode(), stream=stream)


def _usage(counted: tuple[int, int]) -> dict[str, int]:
    return {"prompt_tokens": counted[0], "completion_tokens": counted[1], "total_tokens": sum(counted)}


@dataclass
class ChatServer:
    """A running server.

    Attributes:
        url: its address, as RAADSGEHEUGEN_CHAT_URL takes it.
        script: replies in order, the last of which is repeated, or what makes one of a request.
        requests: what was sent to it, in order.
        disconnected: set when a client hung up before its reply was whole.
        over: set when the server stops.
    """

    url: str
    script: Script
    requests: list[Request] = field(default_factory=list)
    disconnected: threading.Event = field(default_factory=threading.Event)
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
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            sent = self.rfile.read(int(headers.get("content-length", "0")))
            body = json.loads(sent) if headers.get("content-type") == "application/json" and sent else {}
            request = Request(self.path, headers, body)
            try:
                _send(self, server, request, server.reply(request))
            except ConnectionError:
                server.disconnected.set()

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


def _send(handler: BaseHTTPRequestHandler, server: ChatServer, request: Request, reply: Reply) -> None:
    handler.close_connection = True
    if reply.hangs:
        _wait(handler, server, _HANGING)
    elif reply.stream and request.body.get("stream"):
        _send_stream(
            handler, server, reply.stream, bool((request.body.get("stream_options") or {}).get("include_usage"))
        )
    else:
        length = len(reply.body) if reply.length is None else reply.length
        _send_head(handler, reply.status, {"Content-Type": "application/json", "Content-Length": str(length)})
        handler.wfile.write(reply.body)


def _send_head(handler: BaseHTTPRequestHandler, status: int, headers: Mapping[str, str]) -> None:
    handler.send_response(status)
    for name, value in (headers | {"Connection": "close", "retry-after-ms": "1"}).items():
        handler.send_header(name, value)
    handler.end_headers()


def _send_stream(handler: BaseHTTPRequestHandler, server: ChatServer, stream: Stream, counts: bool) -> None:
    """Server-sent events in chunks of HTTP/1.1, whose last chunk is missing when the stream breaks off."""
    _send_head(handler, 200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"})
    _send_event(handler, _chunk({"role": "assistant", "content": ""}))
    for delta in stream.deltas:
        _wait(handler, server, stream.delay)
        _send_event(handler, _chunk(delta))
    if stream.ending is Ending.HANGS:
        _wait(handler, server, _HANGING)
    elif stream.ending is Ending.FAILS:
        _send_event(handler, {"error": {"message": "no", "type": "scripted", "code": None}})
    elif stream.ending is Ending.DONE:
        _send_end(handler, stream, counts)
    if stream.ending in (Ending.DONE, Ending.FAILS):
        handler.wfile.write(b"0\r\n\r\n")


def _send_end(handler: BaseHTTPRequestHandler, stream: Stream, counts: bool) -> None:
    if stream.finish:
        _send_event(handler, _chunk({}, stream.finish))
    if counts and stream.usage:
        _send_event(handler, _chunk(None) | {"usage": _usage(stream.usage)})
    _send_event(handler, "[DONE]")


def _chunk(delta: Mapping[str, Any] | None, finish: str | None = None) -> dict[str, Any]:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": MODEL, "choices": choices}


def _send_event(handler: BaseHTTPRequestHandler, data: object) -> None:
    event = f"data: {data if isinstance(data, str) else json.dumps(data)}\n\n".encode()
    handler.wfile.write(f"{len(event):x}\r\n".encode() + event + b"\r\n")


def _wait(handler: BaseHTTPRequestHandler, server: ChatServer, seconds: float) -> None:
    """Wait, until the server stops.

    Raises:
        ConnectionResetError: the client hangs up in the meantime.
    """
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and not server.over.is_set():
        readable, _, _ = select.select([handler.connection], [], [], min(left, _GLANCE))
        if readable and not handler.connection.recv(1, socket.MSG_PEEK):
            raise ConnectionResetError
