"""The chat as a Gradio app, served from its own files to a browser that may load nothing else."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

import gradio as gr
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.answers import Language
from assistant.web.page import QUIET, Page
from assistant.web.texts import words
from vectorstore.errors import WrongUse

if TYPE_CHECKING:
    from assistant.assistant import Assistant

HEADERS: Final = {
    # Gradio makes functions of its templates and styles its parts inline; all of it comes from this server.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""The browser itself keeps the promise that nothing leaves: it may speak with this server only."""

ENVIRONMENT: Final = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    # Gradio sums up, for a monitoring page that is off, all events so far after each one.
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
}
"""What Gradio only takes from the environment."""

SYSTEM_FONTS: Final = ("Segoe UI", "Noto Sans", "Helvetica Neue", "Arial", "sans-serif")


def build(assistant: Assistant, language: Language) -> gr.Blocks:
    """The chat.

    Args:
        assistant: answers the questions.
        language: of the page when it is opened; a member can switch.
    """
    blocks = gr.Blocks(title=words(language)["title"], analytics_enabled=False, fill_width=True)
    with blocks:
        page = Page(assistant, language)
        blocks.load(page.look, page.language, page.overview, **QUIET)
        blocks.unload(page.leave)
    blocks.queue(default_concurrency_limit=8)
    return blocks


class _Headed:
    """Adds the headers to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, send_headed)


@contextlib.contextmanager
def served(assistant: Assistant, host: str, port: int, language: Language) -> Iterator[str]:
    """The chat, served while the context lasts; its address is the value.

    Raises:
        WrongUse: the port is taken or the host is not this machine's.
    """
    _check_free(host, port)
    os.environ.update(ENVIRONMENT)
    blocks = build(assistant, language)
    folder = Path(str(files(__package__)))
    _, address, _ = blocks.launch(
        server_name=host,
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        share=False,
        ssr_mode=False,
        footer_links=[],
        run_history=False,  # a page of earlier runs, which can be sent to Hugging Face
        max_file_size=1,  # nothing is ever uploaded
        enable_monitoring=False,
        theme=gr.themes.Base(font=SYSTEM_FONTS, font_mono=("monospace",)),
        css_paths=folder / "style.css",
        favicon_path=folder / "favicon.svg",
        app_kwargs={"middleware": [Middleware(_Headed)]},
    )
    try:
        yield address
    finally:
        _close(blocks)


def _close(blocks: gr.Blocks) -> None:
    """Close the chat, also when a page leaves at that very moment: Gradio tells its pages from this thread, not from theirs."""
    try:
        blocks.close(verbose=False)
    except RuntimeError:
        blocks.server.close()


def _check_free(host: str, port: int) -> None:
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        raise WrongUse(
            f"De chat kan niet starten op {host}, port {port} ({error.strerror}).",
            "Kies een andere met --port of --host, of stop het programma dat deze poort gebruikt.",
        ) from error


def launch(
    assistant: Assistant,
    host: str,
    port: int,
    language: Language,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the chat until it is interrupted.

    Args:
        assistant: answers the questions.
        host: address to listen on; only "127.0.0.1" keeps other computers out.
        port: to listen on.
        language: of the page when it is opened.
        ready: called with the address once the page can be opened.

    Raises:
        WrongUse: the port is taken or the host is not this machine's.
    """
    with served(assistant, host, port, language) as address, contextlib.suppress(KeyboardInterrupt):
        if ready:
            ready(address)
        threading.Event().wait()
