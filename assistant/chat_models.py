"""The one door to chat models: whatever langchain has a client for, asked for text or for JSON.

Langchain is imported when a model is opened, not before: who has configured none does not wait for it. What goes wrong
becomes one of our errors, in our own words: what a provider says of an error can hold the key or the letters that were
sent, so neither its words nor its exception are kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from assistant.settings import PREFIX, Settings
from vectorstore.errors import ArchiveError, ModelUnavailable, UnusableReply

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage
    from langchain_core.runnables import Runnable

RETRIES: Final = 2
"""How often a client asks again, after a while, when a model is busy, down or silent."""

_KEY: Final = "OPENAI_API_KEY"
_NO_KEY: Final = "none-needed"
"""What a server that asks for no key is given, as its client will not do without."""

_STEADY: Final = ("ollama", "mistralai")
"""Providers of which every model takes a temperature of 0; models of others refuse it."""

_CUT_SHORT: Final = ("length", "max_tokens")
_PACKAGE: Final = re.compile(r"pip install ([\w.-]+)")


class ChatModel(Protocol):
    """A model that answers one message; it remembers nothing of the one before."""

    @property
    def name(self) -> str:
        """What the settings call it."""

    def complete(self, system: str, user: str) -> str:
        """What it answers, never empty.

        Args:
            system: what it has to do.
            user: what it has to do that with.

        Raises:
            ModelUnavailable: it cannot be reached or asked; asking something else will not help.
            UnusableReply: it refuses this request, or its answer is empty or cut short.
        """

    def complete_json(self, system: str, user: str, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The JSON object it answers; whether it keeps to the schema is for the caller to check.

        Args:
            system, user: as for `complete`; they ask for JSON in words too, for models that know no schema.
            schema: JSON schema of an object, with a title.

        Raises:
            ModelUnavailable, UnusableReply: as for `complete`, or there is no object with what the schema requires.
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
    except ImportError as error:
        problem = _not_installed(settings.chat_model, error)
    except Exception as error:
        problem = _not_opened(settings.chat_model, error)
    else:
        return _LangChainModel(settings.chat_model, client, settings.chat_timeout)
    raise problem


def _client_of_server(settings: Settings) -> BaseChatModel:
    """A client of a server at an address, which gets the key of OpenAI only from the environment, if it is there."""
    from langchain_core.utils import secret_from_env
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    key = secret_from_env(_KEY, default="")()
    return ChatOpenAI(
        model=settings.chat_model or "",
        base_url=settings.chat_url,
        api_key=key if key and key.get_secret_value().strip() else SecretStr(_NO_KEY),
        timeout=settings.chat_timeout,
        max_retries=RETRIES,
        temperature=0,
        use_responses_api=False,
    )


def _client_of_provider(settings: Settings) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    provider, _, model = (settings.chat_model or "").partition(":")
    given: dict[str, Any] = {"timeout": settings.chat_timeout, "max_retries": RETRIES}
    if provider == "ollama":
        given = {"client_kwargs": {"timeout": settings.chat_timeout}}
    if provider in _STEADY:
        given["temperature"] = 0
    client: BaseChatModel = init_chat_model(model, model_provider=provider, **given)
    return client


def _not_installed(name: str, error: ImportError) -> ModelUnavailable:
    named = _PACKAGE.search(str(error))
    package = named.group(1) if named else "langchain-openai"
    install = "'raadsgeheugen[llm]'" if package == "langchain-openai" else package
    return ModelUnavailable(f"Voor het chatmodel {name} ontbreekt {package}.", f"Installeer het: pip install {install}")


def _not_opened(name: str, error: Exception) -> ModelUnavailable:
    return ModelUnavailable(
        f"Het chatmodel {name} kan niet worden geopend ({type(error).__name__}).",
        f"Kijk of de aanbieder in {PREFIX}CHAT_MODEL bestaat, en zet zijn sleutel in de omgeving (zoals {_KEY}).",
    )


class _Refused(UnusableReply):
    """The model does not take a request as it is put."""


class _LangChainModel:
    """A chat model behind a client of langchain.

    Args:
        name: what the settings call it.
        client: of its provider.
        patience: seconds that the client waits, for messages.
    """

    def __init__(self, name: str, client: BaseChatModel, patience: float) -> None:
        self._name = name
        self._client = client
        self._patience = patience
        self._knows_schemas = True

    def __repr__(self) -> str:
        return f"<chat model {self._name}>"

    @property
    def name(self) -> str:
        """What the settings call it."""
        return self._name

    def complete(self, system: str, user: str) -> str:
        """What it answers to one message."""
        return self._text(self._asked(self._client, system, user))

    def complete_json(self, system: str, user: str, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The JSON object it answers; a model that takes no schema is asked in words alone, from then on."""
        if self._knows_schemas:
            try:
                return self._object(self._asked(self._bound(schema), system, user), schema)
            except _Refused:
                found = self._object(self._asked(self._client, system, user), schema)
                self._knows_schemas = False
                return found
        return self._object(self._asked(self._client, system, user), schema)

    def _bound(self, schema: Mapping[str, Any]) -> Runnable[Any, Any]:
        """The client, told to answer by a schema; the answer is then under `raw`."""
        try:
            return self._client.with_structured_output(dict(schema), include_raw=True)
        except (NotImplementedError, ValueError):
            raise _Refused(f"Het chatmodel {self._name} kent geen schema's.") from None

    def _asked(self, asked: Runnable[Any, Any], system: str, user: str) -> AIMessage:
        try:
            reply = asked.invoke([("system", system), ("human", user)])
        except Exception as error:
            problem = self._problem(error)
        else:
            message: AIMessage = reply["raw"] if isinstance(reply, dict) else reply
            return message
        raise problem

    def _text(self, message: AIMessage) -> str:
        said = message.response_metadata
        if any(said.get(reason) in _CUT_SHORT for reason in ("finish_reason", "stop_reason", "done_reason")):
            raise self._unusable("is afgekapt")
        text = message.text.strip()
        if not text:
            raise self._unusable("is leeg")
        return text

    def _object(self, message: AIMessage, schema: Mapping[str, Any]) -> dict[str, Any]:
        if message.tool_calls:
            return message.tool_calls[0]["args"]
        needed = set(schema.get("required", ()))
        found = [value for value in _objects(self._text(message)) if needed <= value.keys()]
        if not found:
            raise self._unusable("is niet de gevraagde JSON")
        return found[-1]

    def _unusable(self, fault: str) -> UnusableReply:
        return UnusableReply(f"Het antwoord van het chatmodel {self._name} {fault}.", "Probeer een ander model.")

    def _problem(self, error: Exception) -> ArchiveError:
        """What went wrong, told by the kind of exception and the HTTP status, which all providers' clients give."""
        import httpx
        from langchain_core.exceptions import ContextOverflowError, ModelConnectionError, ModelTimeoutError

        if isinstance(error, ContextOverflowError):
            return _Refused(f"De vraag is te lang voor het chatmodel {self._name}.", "Kies een model dat meer leest.")
        if isinstance(error, (ModelTimeoutError, TimeoutError, httpx.TimeoutException)):
            return ModelUnavailable(
                f"Het chatmodel {self._name} antwoordt niet binnen {self._patience:g} seconden.",
                f"Geef het meer tijd met {PREFIX}CHAT_TIMEOUT, of kies een sneller model.",
            )
        if isinstance(error, (ModelConnectionError, OSError, httpx.TransportError)):
            return ModelUnavailable(
                f"Het chatmodel {self._name} is niet te bereiken.",
                f"Kijk of de server draait, en of {PREFIX}CHAT_URL klopt.",
            )
        status = getattr(error, "status_code", getattr(getattr(error, "response", None), "status_code", None))
        return self._unusable("is niet te lezen") if status in (None, 200) else self._said_no(int(status))

    def _said_no(self, status: int) -> ArchiveError:
        if status in (400, 413, 422):
            return _Refused(
                f"Het chatmodel {self._name} neemt deze vraag niet aan ({status}).", "Misschien is zij te lang."
            )
        fault, remedy = _SAID_NO.get(status, _DOWN if status >= 500 else _NO)
        return ModelUnavailable(f"Het chatmodel {self._name} {fault} ({status}).", remedy)


_DOWN: Final = ("heeft een storing", "Probeer het later nog eens, of kijk wat de server meldt.")
_NO: Final = ("weigert", "Kijk wat de server of de aanbieder meldt.")
_SAID_NO: Final[Mapping[int, tuple[str, str]]] = {
    401: ("weigert de sleutel", f"Zet de juiste sleutel in de omgeving (zoals {_KEY})."),
    403: ("mag niet gebruikt worden met deze sleutel", "Vraag de aanbieder om toegang, of kies een ander model."),
    404: ("bestaat daar niet", f"Controleer {PREFIX}CHAT_MODEL; {PREFIX}CHAT_URL eindigt vaak op /v1."),
    429: ("neemt nu geen vragen aan", "Wacht even, of kijk naar het tegoed bij de aanbieder."),
}


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """The JSON objects in a text, in order: models write words, fences and thoughts around them."""
    decoder, place = json.JSONDecoder(), text.find("{")
    while place >= 0:
        try:
            value, end = decoder.raw_decode(text, place)
            yield value
        except (ValueError, RecursionError):
            end = place + 1
        place = text.find("{", end)
