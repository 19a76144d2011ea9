"""Who may come in to the chat, by which name, to which part, and with how much."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message

from assistant.answers.answer import Language
from assistant.web.app import serve
from tests.assistant.web.conftest import free_port
from tests.assistant.web.scripted import WAITING, ScriptedAssistant, scripted
from tests.assistant.web.visitor import JOIN, Visitor

if TYPE_CHECKING:
    from gradio.routes import App

QUESTION = "Wat schreef de raad over de wachttijden?"
Chat = tuple[ScriptedAssistant, str]

CLOSED = [
    "GET /config",
    "GET /openapi.json",
    "GET /docs",
    "GET /monitoring",
    "GET /monitoring/summary",
    "POST /login",
    "GET /logout",
    "GET /svelte/svelte.js",
    "GET /robots.txt",
    "GET /pwa_icon/4096",
    "GET /gradio_api/info",
    "GET /gradio_api/openapi.json",
    "GET /gradio_api/startup-events",
    "GET /gradio_api/deep_link?session_hash=abc",
    "GET /gradio_api/user",
    "GET /gradio_api/token",
    "GET /gradio_api/login_check",
    "GET /gradio_api/dev/reload",
    "GET /gradio_api/file=/etc/hostname",
    "HEAD /gradio_api/file=/etc/hostname",
    "GET /gradio_api/proxy=https://example.org/",
    "GET /gradio_api/stream/abc/1/2/playlist.m3u8",
    "GET /gradio_api/upload_progress?upload_id=1",
    "GET /gradio_api/custom_component/1/client/component/x.js",
    "GET /gradio_api/mcp",
    "GET /gradio_api/vibe-code",
    "GET /gradio_api/call/_ask/abc",
    "POST /gradio_api/upload",
    "POST /gradio_api/call/_ask",
    "POST /gradio_api/call/v2/_ask",
    "POST /gradio_api/run/_ask",
    "POST /gradio_api/run/predict",
    "POST /gradio_api/api/_ask",
    "POST /gradio_api/cancel",
    "POST /gradio_api/reset",
    "POST /gradio_api/component_server",
    "POST /gradio_api/process_recording",
    "POST /gradio_api/vibe-edit",
    "POST /gradio_api/run-history/connect",
    "POST /gradio_api/queue/data",
    "PUT /gradio_api/queue/join",
    "DELETE /",
    "OPTIONS /gradio_api/queue/join",
]


@pytest.fixture
def visitor(chat: Chat) -> Iterator[Visitor]:
    with Visitor(chat[1]) as visiting:
        yield visiting


def request(
    address: str, method: str, path: str, headers: dict[str, str], body: bytes | None = None
) -> tuple[int, str]:
    """The status and the text of a response to a request with exactly these headers."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=10)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1.evil.example",
        "localhost@evil.example",
        "10.1.2.3:{port}",
        "[::2]:{port}",
        "127.0.0.1:{port}/evil",
        "[127.0.0.1",
        "",
    ],
)
def test_a_server_that_is_called_by_another_name_does_not_answer(chat: Chat, host: str) -> None:
    port = urlsplit(chat[1]).port
    status, text = request(chat[1], "GET", "/", {"Host": host.format(port=port)})
    assert status == 421
    assert text.startswith("Deze naam hoort niet bij het archief")


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "LOCALHOST.", "[::1]:{port}", "127.0.0.1"])
def test_a_server_answers_to_its_own_names(chat: Chat, host: str) -> None:
    port = urlsplit(chat[1]).port
    assert request(chat[1], "GET", "/", {"Host": host.format(port=port)})[0] == 200


def test_a_server_on_all_addresses_answers_to_its_own_names_and_those_it_was_given() -> None:
    with serve(scripted()[1], "0.0.0.0", free_port(), Language.DUTCH, ["Archief.Example"]) as address:
        for host in (socket.gethostname(), "archief.example", "localhost", "0.0.0.0", "127.0.0.1"):
            assert request(address, "HEAD", "/", {"Host": host})[0] == 200, host
        for host in ("ander.example", "10.1.2.3"):
            assert request(address, "HEAD", "/", {"Host": host})[0] == 421, host


@pytest.mark.parametrize(
    ("reached", "called", "status"),
    [
        ("10.1.2.3", "10.1.2.3:7860", 200),
        ("10.1.2.3", "10.1.2.4", 421),
        ("::ffff:10.1.2.3", "10.1.2.3", 200),
        ("fd00::1", "[fd00:0:0:0:0:0:0:1]:7860", 200),
        ("fd00::1", "[fd00::2]", 421),
        ("10.1.2.3", "10.1.2.3.evil.example", 421),
    ],
)
def test_a_server_answers_to_the_address_that_it_was_reached_by(reached: str, called: str, status: int) -> None:
    from assistant.web.door import Door

    door = Door(PlainTextResponse("hier"), cast("App", None), frozenset())
    told: list[Message] = []

    async def send(event: Message) -> None:
        told.append(event)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "GET", "path": "/", "server": (reached, 7860)}
    asking = door({**scope, "headers": [(b"host", called.encode())]}, receive, send)
    with ThreadPoolExecutor() as apart:  # this thread may have the event loop of a browser
        apart.submit(asyncio.run, asking).result()
    assert told[0]["status"] == status


@pytest.mark.skipif(not socket.has_ipv6, reason="needs IPv6")
def test_a_server_may_listen_on_an_address_of_version_6() -> None:
    with serve(scripted()[1], "::1", free_port(), Language.DUTCH) as address, Visitor(address) as visiting:
        assert "process_completed" in visiting.ask(QUESTION)


@pytest.mark.parametrize("endpoint", CLOSED)
def test_what_the_page_does_not_use_is_not_there(chat: Chat, endpoint: str) -> None:
    method, path = endpoint.split()
    origin = chat[1].rstrip("/")
    headers = {"Host": origin.removeprefix("http://"), "Origin": origin, "Content-Type": "application/json"}
    status, text = request(chat[1], method, path, headers | {"Content-Length": "2"}, b"{}")
    assert status == 404
    assert method == "HEAD" or text.startswith("Hier is niets")


def test_no_file_can_be_left_behind(
    chat: Chat, visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    sent = visitor.client.post("/gradio_api/upload", files={"files": ("brief.txt", b"x" * 1000)})
    assert sent.status_code == 404
    assert not any(tmp_path.iterdir())


def test_nobody_asks_by_the_name_of_a_private_function(chat: Chat, visitor: Visitor) -> None:
    asked = len(chat[0].asked)
    names = {one["api_name"] for one in visitor.config["dependencies"]} | {"_ask", "ask", "predict"}
    for way in ("call", "call/v2", "run", "api"):
        for name in names:
            sent = visitor.client.post(f"/gradio_api/{way}/{name}", json={"data": [QUESTION, {}, None, None, None]})
            assert sent.status_code == 404
    assert len(chat[0].asked) == asked


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://localhost"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_cannot_ask(chat: Chat, visitor: Visitor, headers: dict[str, str]) -> None:
    asked = len(chat[0].asked)
    sent = visitor.client.post(JOIN, json=visitor.asking(QUESTION), headers=headers)
    assert sent.status_code == 403
    assert sent.text.startswith("Deze vraag kwam niet van de pagina")
    assert "access-control-allow-origin" not in sent.headers
    assert len(chat[0].asked) == asked


def test_who_does_not_tell_where_it_comes_from_cannot_ask(chat: Chat, visitor: Visitor) -> None:
    body = json.dumps(visitor.asking(QUESTION)).encode()
    headers = {"Host": urlsplit(chat[1]).netloc, "Content-Length": str(len(body)), "Content-Type": "application/json"}
    assert request(chat[1], "POST", JOIN, headers, body)[0] == 403


def test_another_site_cannot_listen_but_may_link(chat: Chat, visitor: Visitor) -> None:
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    with httpx.Client(base_url=chat[1], headers=elsewhere) as other:
        assert other.get("/").status_code == 200
        assert other.get("/gradio_api/queue/data", params={"session_hash": visitor.session}).status_code == 403
        assert other.get(f"/gradio_api/heartbeat/{visitor.session}").status_code == 403
        assert other.get("/", headers={"Origin": "https://evil.example"}).status_code == 403


def test_another_site_is_not_told_that_it_may_ask(chat: Chat, visitor: Visitor) -> None:
    asking = {"Origin": "http://localhost:1", "Access-Control-Request-Method": "POST"}
    told = visitor.client.options(JOIN, headers=asking)
    assert told.status_code == 403
    assert not [name for name in told.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "change",
    [
        {"fn_index": 999},
        {"fn_index": -1},
        {"fn_index": "1"},
        {"fn_index": None},
        {"session_hash": None},
        {"session_hash": "../x"},
        {"session_hash": "x" * 65},
        {"data": None},
        {"data": [None] * 9},
        {"batched": True},
        {"simple_format": True},
        {"event_data": "x"},
        {"trigger_id": "x"},
    ],
)
def test_what_no_page_says_is_not_heard(visitor: Visitor, change: dict[str, Any]) -> None:
    sent = visitor.send(visitor.asking(QUESTION) | change)
    assert sent.status_code == 400
    assert sent.text.startswith("Dit is geen vraag van de pagina")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"[" * 60_000, b"\xff", b"null"])
def test_what_is_no_message_is_not_heard(visitor: Visitor, body: bytes) -> None:
    assert visitor.client.post(JOIN, content=body).status_code == 400


def test_nobody_says_of_another_page_that_it_was_closed(visitor: Visitor) -> None:
    leave = next(
        one["id"] for one in visitor.config["dependencies"] if any(event == "unload" for _, event in one["targets"])
    )
    assert visitor.send({"data": [], "fn_index": leave, "session_hash": visitor.session}).status_code == 400


def test_a_question_of_ten_megabytes_is_not_read_and_not_sent_back(chat: Chat, visitor: Visitor) -> None:
    asked, question = len(chat[0].asked), "x" * 10_000_000
    headers = {"Host": urlsplit(chat[1]).netloc, "Origin": chat[1].rstrip("/"), "Content-Length": "10000100"}
    status, text = request(chat[1], "POST", JOIN, headers)
    assert status == 413
    assert text.startswith("Dit is te veel tekst voor een vraag")
    in_pieces = (piece.encode() for piece in ('{"data": ["', *[question[:1000]] * 100, '"]}'))
    sent = visitor.client.post(JOIN, content=in_pieces)
    assert sent.status_code == 413
    assert len(sent.content) < 1000
    assert len(chat[0].asked) == asked


def test_a_question_longer_than_the_box_holds_is_told_so_and_not_sent_back(chat: Chat, visitor: Visitor) -> None:
    asked = len(chat[0].asked)
    told = visitor.ask("wacht" * 401)
    assert "hoogstens 2000 tekens" in told
    assert "wacht" * 10 not in told
    assert len(chat[0].asked) == asked
    assert WAITING.quote[:20] in visitor.ask("wacht " + "x" * 1994)


def test_the_longest_question_in_the_widest_letters_fits(chat: Chat, visitor: Visitor) -> None:
    visitor.ask("🙂" * 2000)
    assert chat[0].asked[-1][0] == "🙂" * 2000


def test_what_stands_behind_the_address_opens_nothing(visitor: Visitor) -> None:
    plain = visitor.client.get("/").text
    assert visitor.client.get("/?deep_link=abc&page=x").text == plain


def test_what_was_asked_and_found_is_kept_in_no_cache(visitor: Visitor) -> None:
    assert visitor.client.get("/").headers["Cache-Control"] == "no-store"
    visitor.send(visitor.asking(QUESTION))
    found = visitor.client.get("/gradio_api/queue/data", params={"session_hash": visitor.session})
    assert found.headers["Cache-Control"] == "no-store"
