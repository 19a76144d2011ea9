"""Every setting there is. The only reader of the environment."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from prompts.wording import message
from vectorstore.errors import WrongUse
from vectorstore.models.bundled import E5
from vectorstore.models.load import Backend
from vectorstore.models.reranker import RERANKED

PREFIX = "RAADSGEHEUGEN_"

LEAST_CONTEXT = 4096
"""Tokens that a chat model must be able to read and write: less does not hold a few passages and an answer."""

_NAME: Final = re.compile(r"[a-z\d_][a-z\d_.-]*|[a-f\d]*:[a-f\d:.]*", re.IGNORECASE)
"""A name of a machine, or its address in IPv6, without anything else."""

_AS_WRITTEN = ("query_prompt", "document_prompt")
"""Settings whose spaces count: a prompt ends in one."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings: the place of the archive, and the models it is read with.

    Attributes:
        data: folder for the archive and what is derived from it (RAADSGEHEUGEN_DATA).
        chroma: address of a Chroma server, None for Chroma in `data` (RAADSGEHEUGEN_CHROMA).
        model: name of a bundled model, or folder or hub name of a sentence-transformers model
            (RAADSGEHEUGEN_MODEL).
        revision: branch, tag or commit of a model on a hub (RAADSGEHEUGEN_REVISION).
        query_prompt: put before questions, None for what the model needs (RAADSGEHEUGEN_QUERY_PROMPT).
        document_prompt: put before passages, None for what the model needs (RAADSGEHEUGEN_DOCUMENT_PROMPT).
        backend: what computes the model, "torch" or "onnx" (RAADSGEHEUGEN_BACKEND).
        device: device the models run on (RAADSGEHEUGEN_DEVICE).
        batch_size: passages embedded at once (RAADSGEHEUGEN_BATCH_SIZE).
        reranker: folder or hub name of a cross-encoder, None for none (RAADSGEHEUGEN_RERANKER).
        rerank_count: passages it reads for a question (RAADSGEHEUGEN_RERANK_COUNT).
        reader: whether the bundled reader reads the best passages, True or False ("on", "off"); None for yes, but with a
            reranker and with the model for slow machines (RAADSGEHEUGEN_READER).
        language: language of the chat's own words, "nl" or "en" (RAADSGEHEUGEN_LANGUAGE).
        hosts: names by which the chat may be reached besides those of its own machine, between commas
            (RAADSGEHEUGEN_HOSTS).
        chat_model: "provider:name" of a chat model, or its bare name on the server at `chat_url`, None for none
            (RAADSGEHEUGEN_CHAT_MODEL).
        chat_url: address of a server that speaks the protocol of OpenAI (RAADSGEHEUGEN_CHAT_URL).
        chat_timeout: seconds to wait for a chat model, and between two words of it (RAADSGEHEUGEN_CHAT_TIMEOUT).
        chat_context: tokens that the chat model can read and write for one answer (RAADSGEHEUGEN_CHAT_CONTEXT).

    Keys of chat models are no settings: each provider's own client reads its own from the environment.
    """

    data: Path = Path("data")
    chroma: str | None = None
    model: str = E5
    revision: str | None = None
    query_prompt: str | None = None
    document_prompt: str | None = None
    backend: Backend = Backend.TORCH
    device: str = "cpu"
    batch_size: int = 64
    reranker: str | None = None
    rerank_count: int = RERANKED
    reader: bool | None = None
    language: str = "nl"
    hosts: tuple[str, ...] = ()
    chat_model: str | None = None
    chat_url: str | None = None
    chat_timeout: float = 120.0
    chat_context: int = 8192

    def __post_init__(self) -> None:
        for name in ("batch_size", "rerank_count"):
            if getattr(self, name) < 1:
                raise _wrong("setting_too_small", name)
        if self.language not in ("nl", "en"):
            raise _wrong("language_unknown", "language", value=repr(self.language))
        if not all(map(_NAME.fullmatch, self.hosts)):
            raise _wrong("host_no_name", "hosts")
        if self.chat_context < LEAST_CONTEXT:
            raise _wrong("context_too_small", "chat_context", least=LEAST_CONTEXT)
        if not 0 < self.chat_timeout < math.inf:
            raise _wrong("timeout_not_positive", "chat_timeout")
        _check_chat_model(self.chat_model, self.chat_url)

    def with_data(self, data: Path | None) -> Settings:
        """Put another data folder in the place of this one, when one is given."""
        return self if data is None else replace(self, data=data)

    def without_chat_model(self) -> Settings:
        """Leave out what only work with a chat model needs."""
        return replace(self, chat_model=None, chat_url=None)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the settings from an environment; what is not there or empty keeps its default.

        Raises:
            WrongUse: a value means nothing.
        """
        given: dict[str, Any] = {}
        for name in cls.__dataclass_fields__:
            value = environment.get(variable_of(name), "")
            if value.strip():
                given[name] = _READ.get(name, _text)(name, value)
        return cls(**given)


def variable_of(setting: str) -> str:
    """Name that a setting has in the environment."""
    return f"{PREFIX}{setting.upper()}"


_NAMES: Final = {name: variable_of(name) for name in ("chat_model", "chat_url")}


def _wrong(phrase: str, setting: str, **variables: object) -> WrongUse:
    return WrongUse(*message(phrase, setting=variable_of(setting), **variables))


def _check_chat_model(model: str | None, url: str | None) -> None:
    """Check that a model without an address names its provider: a bare name would be guessed to be on the internet."""
    if url is not None:
        _check_chat_url(url)
        if model is None:
            raise WrongUse(*message("chat_url_without_model", **_NAMES))
    elif model is not None:
        provider, _, name = model.partition(":")
        if not provider.strip() or not name.strip():
            raise WrongUse(*message("chat_model_without_provider", value=repr(model), **_NAMES))


def _check_chat_url(url: str) -> None:
    """Check that an address is of a server and nothing more; it is not repeated, as what is more may hold a secret."""
    try:
        parts = urlsplit(url)
        plain = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        plain = False
    if not plain or "@" in url or "?" in url or "#" in url:
        raise WrongUse(*message("chat_url_no_address", **_NAMES))


def _text(name: str, value: str) -> str:
    return value if name in _AS_WRITTEN else value.strip()


def _whole_number(name: str, value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise _wrong("not_a_whole_number", name, value=repr(value.strip())) from None


def _seconds(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise _wrong("not_a_number", name, value=repr(value.strip())) from None


def _backend(name: str, value: str) -> Backend:
    try:
        return Backend(value.strip())
    except ValueError:
        raise _wrong("backend_unknown", name, value=repr(value.strip())) from None


def _switch(name: str, value: str) -> bool:
    try:
        return {"on": True, "off": False}[value.strip().lower()]
    except KeyError:
        raise _wrong("switch_unknown", name, value=repr(value.strip())) from None


def _names(_: str, value: str) -> tuple[str, ...]:
    return tuple(name.strip().strip("[]") for name in value.split(",") if name.strip())


def _path(_: str, value: str) -> Path:
    return Path(value.strip())


_READ: Mapping[str, Callable[[str, str], Any]] = {
    "data": _path,
    "backend": _backend,
    "hosts": _names,
    "batch_size": _whole_number,
    "rerank_count": _whole_number,
    "reader": _switch,
    "chat_context": _whole_number,
    "chat_timeout": _seconds,
}
