"""The one door to chat models: whatever langchain has a client for, asked for text, for JSON, or for JSON as it comes.

Langchain is imported when a model is opened, not before: who has configured none does not wait for it. What goes wrong
becomes one of our errors, in our own words: see `assistant.chat_faults`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, Protocol, Self

from assistant.chat_asking import LangChainModel
from assistant.chat_faults import KEY, Faults
from assistant.chat_replies import Completed
from assistant.settings import PREFIX, Settings
from assistant.written import Usage
from vectorstore.errors import ModelUnavailable

if TYPE_CHECKING:
    from types import TracebackType

    from langchain_core.language_models import BaseChatModel

RETRIES: Final = 2
"""How often a model is asked again, after a while, when it is busy, down or silent."""

_NO_KEY: Final = "none-needed"
"""What a server that asks for no key is given, as its client will not do without."""

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
        """Its pieces, none of them empty, without what the model thinks aloud at the beginning.

        Raises:
            ModelUnavailable: as for `ChatModel.complete`; no piece has come.
            UnusableReply: the same, or it was broken off after the first piece or stopped coming.
        """

    def stop(self) -> None:
        """End it at once, from any thread, whatever it waits for: no piece comes after this, and no error."""

    @property
    def usage(self) -> Usage:
        """What it took so far; known for sure when no more pieces come."""

    @property
    def cut_short(self) -> bool:
        """Whether it ended before the model was done: too long, stopped, or for no reason given."""


class ChatModel(Protocol):
    """A model that answers one message; it remembers nothing of the one before."""

    @property
    def name(self) -> str:
        """What the settings call it."""

    def complete(self, system: str, user: str) -> Completed[str]:
        """What it answers, without what it thinks aloud at the beginning.

        Args:
            system: what it has to do.
            user: what it has to do that with.

        Raises:
            ModelUnavailable: it cannot be reached or asked; asking something else will not help.
            UnusableReply: it refuses this request, or its answer is empty or cut short.
        """

    def complete_json(self, system: str, user: str, schema: Mapping[str, Any]) -> Completed[dict[str, Any]]:
        """The JSON object it answers; whether it keeps to the schema is for the caller to check.

        Args:
            system, user: as for `complete`; they ask for JSON in words too, for models that know no schema.
            schema: JSON schema of an object, with a title.

        Raises:
            ModelUnavailable, UnusableReply: as for `complete`, or there is no object with what the schema requires.
        """

    def stream_json(self, system: str, user: str, schema: Mapping[str, Any]) -> Reply:
        """The text of the JSON that it answers, as it comes: whether it is JSON at all is for the caller to see.

        The first piece comes within `chat_timeout` seconds, every next within as many of the one before, and the last
        within ten times that of the first; or else the reply raises.

        Args:
            system, user, schema: as for `complete_json`.
        """


def open_chat_model(settings: Settings) -> ChatModel | None:
    """The chat model that the settings name, None when they name none; nothing is sent yet.

    Raises:
        ModelUnavailable: its package or its key is missing, or there is no such provider.
    """
    if settings.chat_model is None:
        return None
    try:
        client = _client_of_server(settings) if settings.chat_url else _client_of_provider(settings)
        _prepare(client)
    except ImportError as error:
        problem = _not_installed(settings.chat_model, error)
    except Exception as error:
        problem = _not_opened(settings.chat_model, error)
    else:
        faults = Faults(settings.chat_model, settings.chat_timeout)
        return LangChainModel(client, faults, _provider(settings), RETRIES)
    raise problem


def _provider(settings: Settings) -> str:
    """Whose client it is; a server at an address gets that of OpenAI."""
    return "openai" if settings.chat_url else (settings.chat_model or "").partition(":")[0]


def _client_of_server(settings: Settings) -> BaseChatModel:
    """A client of a server at an address, which gets the key of OpenAI only from the environment, if it is there."""
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
        **_given("openai", settings),
    )


def _client_of_provider(settings: Settings) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    provider, _, model = (settings.chat_model or "").partition(":")
    client: BaseChatModel = init_chat_model(model, model_provider=provider, **_given(provider, settings))
    if provider == "mistralai":
        client.async_client.headers.update(_ONCE)  # type: ignore[attr-defined]
    return client


def _given(provider: str, settings: Settings) -> dict[str, Any]:
    """What a provider's client is opened with, beside its model; each has its own names for it."""
    patience = settings.chat_timeout
    given: dict[str, Any] = {"timeout": patience, "max_retries": RETRIES}
    if provider == "openai":
        given |= {"default_headers": dict(_ONCE), "stream_usage": True, "stream_chunk_timeout": 0}
    elif provider == "anthropic":
        given |= {"default_headers": dict(_ONCE)}
    elif provider == "mistralai":
        given |= {"timeout": math.ceil(patience)}
    elif provider == "ollama":
        connection = {"timeout": patience, "headers": dict(_ONCE)}
        given = {"client_kwargs": connection, "num_ctx": settings.chat_context}
    return given | ({"temperature": 0} if provider in _STEADY else {})


def _prepare(client: BaseChatModel) -> None:
    """Let a client load now what it would load while somebody waits for its first words."""
    if hasattr(client, "root_async_client"):
        attrgetter("beta.chat.completions")(client.root_async_client)


def _not_installed(name: str, error: ImportError) -> ModelUnavailable:
    named = _PACKAGE.search(str(error))
    package = named.group(1) if named else "langchain-openai"
    install = "'raadsgeheugen[llm]'" if package == "langchain-openai" else package
    return ModelUnavailable(f"Voor het chatmodel {name} ontbreekt {package}.", f"Installeer het: pip install {install}")


def _not_opened(name: str, error: Exception) -> ModelUnavailable:
    return ModelUnavailable(
        f"Het chatmodel {name} kan niet worden geopend ({type(error).__name__}).",
        f"Kijk of de aanbieder in {PREFIX}CHAT_MODEL bestaat, en zet zijn sleutel in de omgeving (zoals {KEY}).",
    )
