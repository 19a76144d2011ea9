"""The chat served on a free port, and pages of it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.answers.answer import Language
from assistant.web.app import serve
from tests.assistant.web.scripted import ScriptedAssistant, scripted
from tests.waiting import PATIENCE

LOCAL = ("127.0.0.1", "localhost")

expect.set_options(timeout=PATIENCE * 1000)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def chat() -> Iterator[tuple[ScriptedAssistant, str]]:
    """A scripted assistant and the address of its chat."""
    assistant, typed = scripted()
    with serve(typed, "127.0.0.1", free_port(), Language.DUTCH) as address:
        yield assistant, address


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens an address as a new visitor; at the end no page may have looked elsewhere or complained."""
    complaints: list[str] = []

    def heard(text: str, wrong: bool = True) -> None:
        if wrong:
            complaints.append(text)

    def listen(page: Page) -> None:
        page.on("request", lambda request: heard(request.url, _is_elsewhere(request.url)))
        page.on("pageerror", lambda error: heard(str(error)))
        page.on("console", lambda said: heard(said.text, said.type == "error"))

    with ExitStack() as stack:

        def open_page(address: str, width: int = 1280, height: int = 800) -> Page:
            context = stack.enter_context(chromium.new_context(viewport={"width": width, "height": height}))
            page = context.new_page()
            listen(page)
            page.goto(address)
            page.get_by_role("heading", name="Raadsgeheugen").wait_for()
            return page

        yield open_page
    assert complaints == []


def _is_elsewhere(url: str) -> bool:
    return not url.startswith(("data:", "blob:", *(f"http://{host}:" for host in LOCAL)))
