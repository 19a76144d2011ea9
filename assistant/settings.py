"""Every setting there is. The only reader of the environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vectorstore.embedding import BUNDLED
from vectorstore.errors import WrongUse
from vectorstore.models import Backend
from vectorstore.reranking import RERANKED

PREFIX = "RAADSGEHEUGEN_"

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

    def __post_init__(self) -> None:
        for name in ("batch_size", "rerank_count"):
            if getattr(self, name) < 1:
                raise WrongUse(f"{PREFIX}{name.upper()} moet 1 of meer zijn.", "Laat de instelling weg.")
        if self.language not in ("nl", "en"):
            raise WrongUse(f"RAADSGEHEUGEN_LANGUAGE kan niet {self.language!r} zijn.", "Kies nl of en.")

    def with_data(self, data: Path | None) -> Settings:
        """The same settings with another data folder, when one is given."""
        return self if data is None else replace(self, data=data)

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


def _text(name: str, value: str) -> str:
    return value if name in _AS_WRITTEN else value.strip()


def _whole_number(name: str, value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise WrongUse(f"{PREFIX}{name.upper()} moet een heel getal zijn, niet {value.strip()!r}.") from None


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
}
