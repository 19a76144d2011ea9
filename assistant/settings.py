"""Every setting there is. The only reader of the environment."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from vectorstore.embedding import BUNDLED
from vectorstore.errors import WrongUse
from vectorstore.models import Backend
from vectorstore.reranking import RERANKED

PREFIX = "RAADSGEHEUGEN_"

LEAST_CONTEXT = 4096
"""Tokens that a chat model must be able to read and write: less does not hold a few passages and an answer."""

_AS_WRITTEN = ("query_prompt", "document_prompt")
"""Settings whose spaces count: a prompt ends in one."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the archive is and what it is read with.

    Attributes:
        data: folder for the archive and what is derived from it (RAADSGEHEUGEN_DATA).
        chroma: address of a Chroma server, None for Chroma in `data` (RAADSGEHEUGEN_CHROMA).
        model: folder or hub name of the sentence-transformers model (RAADSGEHEUGEN_MODEL).
        revision: branch, tag or commit of a model on a hub (RAADSGEHEUGEN_REVISION).
        query_prompt: put before questions, None for what the model needs (RAADSGEHEUGEN_QUERY_PROMPT).
        document_prompt: put before passages, None for what the model needs (RAADSGEHEUGEN_DOCUMENT_PROMPT).
        backend: what computes the model, "torch" or "onnx" (RAADSGEHEUGEN_BACKEND).
        device: device the models run on (RAADSGEHEUGEN_DEVICE).
        batch_size: passages embedded at once (RAADSGEHEUGEN_BATCH_SIZE).
        reranker: folder or hub name of a cross-encoder, None for none (RAADSGEHEUGEN_RERANKER).
        rerank_count: passages it reads for a question (RAADSGEHEUGEN_RERANK_COUNT).
        language: language of the chat's own words, "nl" or "en" (RAADSGEHEUGEN_LANGUAGE).
        chat_model: "provider:name" of a chat model, or its bare name on the server at `chat_url`, None for none
            (RAADSGEHEUGEN_CHAT_MODEL).
        chat_url: address of a server that speaks the protocol of OpenAI (RAADSGEHEUGEN_CHAT_URL).
        chat_timeout: seconds to wait for a chat model, and between two words of it (RAADSGEHEUGEN_CHAT_TIMEOUT).
        chat_context: tokens that the chat model can read and write for one answer (RAADSGEHEUGEN_CHAT_CONTEXT).

    Keys of chat models are no settings: each provider's own client reads its own from the environment.
    """

    data: Path = Path("data")
    chroma: str | None = None
    model: str = str(BUNDLED)
    revision: str | None = None
    query_prompt: str | None = None
    document_prompt: str | None = None
    backend: Backend = Backend.TORCH
    device: str = "cpu"
    batch_size: int = 64
    reranker: str | None = None
    rerank_count: int = RERANKED
    language: str = "nl"
    chat_model: str | None = None
    chat_url: str | None = None
    chat_timeout: float = 120.0
    chat_context: int = 8192

    def __post_init__(self) -> None:
        for name in ("batch_size", "rerank_count"):
            if getattr(self, name) < 1:
                raise WrongUse(f"{PREFIX}{name.upper()} moet 1 of meer zijn.", "Laat de instelling weg.")
        if self.language not in ("nl", "en"):
            raise WrongUse(f"RAADSGEHEUGEN_LANGUAGE kan niet {self.language!r} zijn.", "Kies nl of en.")
        if self.chat_context < LEAST_CONTEXT:
            raise WrongUse(
                f"{PREFIX}CHAT_CONTEXT moet {LEAST_CONTEXT} of meer zijn.",
                "Kies een chatmodel dat meer leest, of laat de instelling weg.",
            )
        if not 0 < self.chat_timeout < math.inf:
            raise WrongUse(f"{PREFIX}CHAT_TIMEOUT moet meer dan 0 seconden zijn.", "Laat de instelling weg.")
        _check_chat_model(self.chat_model, self.chat_url)

    def with_data(self, data: Path | None) -> Settings:
        """The same settings with another data folder, when one is given."""
        return self if data is None else replace(self, data=data)

    def without_chat_model(self) -> Settings:
        """The same settings for work that needs no chat model."""
        return replace(self, chat_model=None, chat_url=None)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """The settings in an environment; what is not there or empty keeps its default.

        Raises:
            WrongUse: a value means nothing.
        """
        given: dict[str, Any] = {}
        for name in cls.__dataclass_fields__:
            value = environment.get(f"{PREFIX}{name.upper()}", "")
            if value.strip():
                given[name] = _READ.get(name, _text)(name, value)
        return cls(**given)


def _check_chat_model(model: str | None, url: str | None) -> None:
    """Without an address the provider must be named: a bare name would be guessed to be somebody's on the internet."""
    if url is not None:
        _check_chat_url(url)
        if model is None:
            raise WrongUse(f"{PREFIX}CHAT_URL staat er zonder model.", f"Noem het model in {PREFIX}CHAT_MODEL.")
    elif model is not None:
        provider, _, name = model.partition(":")
        if not provider.strip() or not name.strip():
            raise WrongUse(
                f"{PREFIX}CHAT_MODEL {model!r} noemt geen aanbieder.",
                f"Schrijf bijvoorbeeld ollama:llama3.1, of zet het adres van een eigen server in {PREFIX}CHAT_URL.",
            )


def _check_chat_url(url: str) -> None:
    """An address is of a server and nothing more; it is not repeated, as there may be a secret in what is more."""
    try:
        parts = urlsplit(url)
        plain = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        plain = False
    if not plain or "@" in url or "?" in url or "#" in url:
        raise WrongUse(
            f"{PREFIX}CHAT_URL is geen adres van een server.",
            "Schrijf bijvoorbeeld http://localhost:11434/v1; een sleutel hoort in OPENAI_API_KEY.",
        )


def _text(name: str, value: str) -> str:
    return value if name in _AS_WRITTEN else value.strip()


def _whole_number(name: str, value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise WrongUse(f"{PREFIX}{name.upper()} moet een heel getal zijn, niet {value.strip()!r}.") from None


def _seconds(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise WrongUse(f"{PREFIX}{name.upper()} moet een getal zijn, niet {value.strip()!r}.") from None


def _backend(name: str, value: str) -> Backend:
    try:
        return Backend(value.strip())
    except ValueError:
        raise WrongUse(f"{PREFIX}{name.upper()} kan niet {value.strip()!r} zijn.", "Kies torch of onnx.") from None


def _path(_: str, value: str) -> Path:
    return Path(value.strip())


_READ: Mapping[str, Callable[[str, str], Any]] = {
    "data": _path,
    "backend": _backend,
    "batch_size": _whole_number,
    "rerank_count": _whole_number,
    "chat_context": _whole_number,
    "chat_timeout": _seconds,
}
