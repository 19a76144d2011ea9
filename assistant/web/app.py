"""The chat as a Gradio app, served from its own files to a browser that may load nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import threading
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

import gradio as gr
from gradio.routes import App

from assistant.answers.answer import Language
from assistant.web.door import Door, own_names
from assistant.web.headers import HeaderMiddleware, ScriptMiddleware
from assistant.web.page import QUIET, Page
from assistant.web.visits import MOST_VISITS, Visits
from prompts.wording import load_wording, message
from vectorstore.errors import WrongUse

if TYPE_CHECKING:
    from assistant.assistant import Assistant

ENVIRONMENT: Final = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    # Gradio keeps all events, and sums them up after each one, for a monitoring page that is off.
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
}
"""Settings that Gradio only takes from the environment."""

MOST_WAITING: Final = 200
"""Things that members wait for at once; of more, each is told at once that it is too busy."""

SYSTEM_FONTS: Final = ("Segoe UI", "Noto Sans", "Helvetica Neue", "Arial", "sans-serif")


def build(assistant: Assistant, language: Language) -> gr.Blocks:
    """Build the chat.

    Args:
        assistant: answers the questions.
        language: of the page when it is opened; a member can switch.
    """
    blocks = gr.Blocks(title=load_wording("chat", language)["title"], analytics_enabled=False, fill_width=True)
    with blocks:
        page = Page(assistant, language)
        blocks.load(page.look, page.language, page.overview, **QUIET)
        blocks.unload(page.leave)
    blocks.queue(default_concurrency_limit=8, max_size=MOST_WAITING)
    return blocks


@contextlib.contextmanager
def serve(assistant: Assistant, host: str, port: int, language: Language, names: Collection[str] = ()) -> Iterator[str]:
    """Serve the chat while the context lasts; its address is the value.

    Args:
        assistant: answers the questions.
        host: address to listen on.
        port: to listen on.
        language: of the page when it is opened.
        names: by which the server may be called besides its own.

    Raises:
        WrongUse: the port is taken or the host is not this machine's.
    """
    _check_free(host, port)
    os.environ.update(ENVIRONMENT)
    blocks = build(assistant, language)
    folder = Path(str(files(__package__)))
    _, address, _ = blocks.launch(
        server_name=f"[{host}]" if ":" in host else host,
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        share=False,
        ssr_mode=False,
        footer_links=[],
        run_history=False,  # a page of earlier runs, which can be sent to Hugging Face
        mcp_server=False,
        max_file_size=1,  # nothing is ever uploaded
        enable_monitoring=False,
        theme=gr.themes.Base(font=SYSTEM_FONTS, font_mono=("monospace",)),
        css_paths=folder / "style.css",
        favicon_path=folder / "favicon.svg",
        state_session_capacity=MOST_VISITS,
        app_kwargs={"lifespan": _guard(own_names(host, names))},
    )
    try:
        yield address
    finally:
        _close(blocks)


def _guard(names: Collection[str]) -> Callable[[App], contextlib.AbstractAsyncContextManager[None]]:
    """Put the door before all of Gradio when it starts.

    Middleware that is given to Gradio stands behind its own, which answers questions of other sites by itself.
    """

    @contextlib.asynccontextmanager
    async def guard(app: App) -> AsyncIterator[None]:
        if app.middleware_stack is None:
            raise RuntimeError("an app is built before it starts")
        visits = Visits(app.middleware_stack, app)
        app.middleware_stack = HeaderMiddleware(Door(ScriptMiddleware(visits), app, names))
        forgetting = asyncio.create_task(visits.keep_forgetting())
        try:
            yield
        finally:
            forgetting.cancel()

    return guard


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
        raise WrongUse(*message("port_taken", host=host, port=port, error=error.strerror)) from error


def launch(
    assistant: Assistant,
    host: str,
    port: int,
    language: Language,
    names: Collection[str] = (),
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the chat until it is interrupted.

    Args:
        assistant: answers the questions.
        host: address to listen on; only "127.0.0.1" keeps other computers out.
        port: to listen on.
        language: of the page when it is opened.
        names: by which the server may be called besides its own.
        ready: called with the address once the page can be opened.

    Raises:
        WrongUse: the port is taken or the host is not this machine's.
    """
    with serve(assistant, host, port, language, names) as address, contextlib.suppress(KeyboardInterrupt):
        if ready:
            ready(address)
        threading.Event().wait()
