"""Chat models that ask a scripted server."""

from __future__ import annotations

from collections.abc import Callable

from assistant.llm.chat_model import ChatModel, open_chat_model
from assistant.settings import Settings
from tests.chat_server import ChatServer, Script
from tests.waiting import PATIENCE

Serve = Callable[[Script], ChatServer]
"""Starts a server, which stops after the test."""


def opened(server: ChatServer, timeout: float = PATIENCE) -> ChatModel:
    model = open_chat_model(Settings(chat_model="llama3.1:8b", chat_url=server.url, chat_timeout=timeout))
    assert model is not None
    return model
