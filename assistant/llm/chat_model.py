"""The one door to chat models: whatever langchain has a client for, asked for text, for JSON, or for JSON as it comes.

Langchain is imported when a model is opened, not before: who has configured none does not wait for it. What goes wrong
becomes one of our errors, in our own words: see `assistant.llm.errors`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, Protocol, Self

from assistant.answers.written_answer import Usage
from assistant.llm.errors import KEY, Faults
from assistant.llm.langchain import LangChainModel
from assistant.llm.streaming import Completion
from assistant.settings import Settings, variable_of
from prompts.wording import message
from vectorstore.errors import ModelUnavailable

if TYPE_CHECKING:
    from types import TracebackType

    from langchain_core.language_models import BaseChatModel

RETRIES: Final = 2
"""Times that a model is asked again, after a while, when it is busy, down or silent."""

_NO_KEY: Final = "none-needed"
"""Key for a server that asks for none, as its client will not do without."""

_STEADY: Final = ("ollama", "mistralai")
"""Providers of which every model takes a temperature of 0; models of others refuse it."""

_ONCE: Final[Mapping[str, str]] = {"Connection": "close"}
"""No connection outlives its reply: the loop that it belongs to does not either."""

_PACKAGE: Final = re.compile(r"pip install ([\w.-]+)")


class Reply(Protocol):
    """A reply as it comes: asked for when the context is entered, stopped when it is left.

    with model.stream_json(system, user, schema) as reply:
        for piece in reply: ...
    """

    def __enter__(self) -> Self:
        """Ask for it."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop it, when it is not at its end."""

    def __iter__(self) -> Iterator[str]:
        """Return its pieces, none of them empty, without what the model thinks aloud at the beginning.

        Raises:
            ModelUnavailable: as for `ChatModel.complete`; no piece has come.
            UnusableReply: the same, or it was broken off after the first piece or stopped coming.
        """

    def stop(self) -> None:
        """End it at once, from any thread, whatever it waits for: no piece comes after this, and no error."""

    @property
    def usage(self) -> Usage:
        """Return the tokens it took so far; known for sure when no more pieces come."""

    @property
    def cut_short(self) -> bool:
        """Return True when it ended before the model was done: too long, stopped, or for no reason given."""


class ChatModel(Protocol):
    """A model that answers one message; it remembers nothing of the one before."""

    @property
    def name(self) -> str:
        """Return the name it has in the settings."""

    def complete(self, system: str, user: str) -> Completion[str]:
        """Ask it, and leave out what it thinks aloud at the beginning.

        Args:
            system: what it has to do.
            user: what it has to do that with.

        Raises:
            ModelUnavailable: it cannot be reached or asked; asking something else will not help.
            UnusableReply: it refuses this request, or its answer is empty or cut short.
        """

    def complete_json(self, system: str, user: str, schema: Mapping[str, Any]) -> Completion[dict[str, Any]]:
        """Ask it for a JSON object; whether that keeps to the schema is for the caller to check.

        Args:
            system, user: as for `complete`; they ask for JSON in words too, for models that know no schema.
            schema: JSON schema of an object, with a title.

        Raises:
            ModelUnavailable, UnusableReply: as for `complete`, or there is no object with what the schema requires.
        """

    def stream_json(self, system: str, user: str, schema: Mapping[str, Any]) -> Reply:
        """Ask it for JSON and read the text as it comes: whether it is JSON at all is for the caller to see.

        The first piece comes within `chat_timeout` seconds, every next within as many of the one before, and the last
        within ten times that of the first; or else the reply raises.

        Args:
            system, user, schema: as for `complete_json`.
        """


def open_chat_model(settings: Settings) -> ChatModel | None:
    """Open the chat model that the settings name, None when they name none; nothing is sent yet.

    Raises:
        ModelUnavailable: its package or its key is missing, or there is no such provider.
    """
    if settings.chat_model is None:
        return None
    try:
        client = _client_of_server(settings) if settings.chat_url else _client_of_provider(settings)
        _prepare(client)
    except ImportError as error:
        problem = _missing_package(settings.chat_model, error)
    except Exception as error:
        problem = _opening_failure(settings.chat_model, error)
    else:
        faults = Faults(settings.chat_model, settings.chat_timeout)
        return LangChainModel(client, faults, _provider(settings), RETRIES)
    raise problem


def _provider(settings: Settings) -> str:
    """Name whose client it is; a server at an address gets that of OpenAI."""
    return "openai" if settings.chat_url else (settings.chat_model or "").partition(":")[0]


def _client_of_server(settings: Settings) -> BaseChatModel:
    """Open a client of a server at an address; it gets the key of OpenAI from the environment alone, if there is one."""
    from langchain_core.utils import secret_from_env
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    key = secret_from_env(KEY, default="")()
    return ChatOpenAI(
        model=settings.chat_model or "",
        base_url=settings.chat_url,
        api_key=key if key and key.get_secret_value().strip() else SecretStr(_NO_KEY),
        temperature=0,
        use_responses_api=False,
        **_client_options("openai", settings),
    )


def _client_of_provider(settings: Settings) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    provider, _, model = (settings.chat_model or "").partition(":")
    client: BaseChatModel = init_chat_model(model, model_provider=provider, **_client_options(provider, settings))
    if provider == "mistralai":
        client.async_client.headers.update(_ONCE)  # type: ignore[attr-defined]
    return client


def _client_options(provider: str, settings: Settings) -> dict[str, Any]:
    """Return what a provider's client is opened with, beside its model; each has its own names for it."""
    patience = settings.chat_timeout
    options: dict[str, Any] = {"timeout": patience, "max_retries": RETRIES}
    if provider == "openai":
        options |= {"default_headers": dict(_ONCE), "stream_usage": True, "stream_chunk_timeout": 0}
    elif provider == "anthropic":
        options |= {"default_headers": dict(_ONCE)}
    elif provider == "mistralai":
        options |= {"timeout": math.ceil(patience)}
    elif provider == "ollama":
        connection = {"timeout": patience, "headers": dict(_ONCE)}
        options = {"client_kwargs": connection, "num_ctx": settings.chat_context}
    return options | ({"temperature": 0} if provider in _STEADY else {})


def _prepare(client: BaseChatModel) -> None:
    """Let a client load now what it would load while somebody waits for its first words."""
    if hasattr(client, "root_async_client"):
        attrgetter("beta.chat.completions")(client.root_async_client)


def _missing_package(name: str, error: ImportError) -> ModelUnavailable:
    named = _PACKAGE.search(str(error))
    package = named.group(1) if named else "langchain-openai"
    install = "'raadsgeheugen[llm]'" if package == "langchain-openai" else package
    return ModelUnavailable(*message("model_package_missing", model=name, package=package, install=install))


def _opening_failure(name: str, error: Exception) -> ModelUnavailable:
    reason, setting = type(error).__name__, variable_of("chat_model")
    return ModelUnavailable(*message("model_not_opened", model=name, error=reason, chat_model=setting, key=KEY))
