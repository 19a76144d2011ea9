"""Text to vectors: what the archive needs of an embedding model, and any sentence-transformers model as one.

One of the two modules that import sentence-transformers, and it does so only when such a model is loaded.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from vectorstore.pretrained import Origin, cached_or_fetched, translated

Vectors = npt.NDArray[np.float32]

BUNDLED = Path(__file__).parent / "model"
"""The bilingual model that comes with the project and needs no download."""

_E5_NAME = re.compile(r"(?:^|[^a-z0-9])e5(?:$|[^a-z0-9])", re.I)
_E5 = ("query: ", "passage: ")
"""What e5 models were trained with (Wang et al., "Multilingual E5 Text Embeddings", arXiv:2402.05672; the model cards of
intfloat/multilingual-e5-* and clips/e5-*-trm-nl), though most of them do not ship it."""

_E5_INSTRUCT = ("Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: ", "")
"""What intfloat/multilingual-e5-large-instruct was trained with for search (its model card)."""


class Embedder(Protocol):
    """What the archive needs of an embedding model."""

    @property
    def fingerprint(self) -> str:
        """Names the model and its weights; vectors of another fingerprint cannot be compared with these."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (texts, dimension)."""

    def embed_query(self, text: str) -> Vectors:
        """Unit vector of shape (dimension,)."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """What stands in front of a question and of a passage before they are embedded; empty for nothing."""

    query: str = ""
    document: str = ""

    @classmethod
    def of(cls, name: str, own: Mapping[str, str | None], query: str | None, document: str | None) -> Prompts:
        """The prompts that were set, else those the model ships, else those its family is known to need.

        Args:
            name: of the model or its folder, which tells its family.
            own: the prompts in the model's config_sentence_transformers.json.
            query: the prompt of questions that was set, None when none was.
            document: the prompt of passages that was set, None when none was.
        """
        shipped = own.get("query") or "", next(filter(None, map(own.get, ("document", "passage", "corpus"))), "")
        known = shipped if any(shipped) else _family_prompts(Path(name).name)
        return cls(known[0] if query is None else query, known[1] if document is None else document)


def _family_prompts(name: str) -> tuple[str, str]:
    if not _E5_NAME.search(name):
        return "", ""
    return _E5_INSTRUCT if "instruct" in name.lower() else _E5


@dataclass(frozen=True, slots=True)
class Sample:
    """What a fingerprint looks at of a tensor: its name, its shape and some four thousand of its values."""

    name: str
    shape: tuple[int, ...]
    values: npt.NDArray[np.float64]


def stride(size: int) -> int:
    """Step that takes some four thousand of this many values."""
    return max(1, size // 4096)


def fingerprint_of(name: str, prompts: Prompts, weights: Iterable[Sample], limits: str = "") -> str:
    """Name of a model, and twelve hex digits of its prompts, its weights and its limits.

    Args:
        name: of the model or its folder.
        prompts: put before what is embedded.
        weights: a sample of each tensor.
        limits: what else makes other vectors of the same weights.
    """
    digest = hashlib.sha256(repr([("document", prompts.document), ("query", prompts.query)]).encode())
    for sample in weights:
        digest.update(f"{sample.name}{sample.shape}".encode() + sample.values.tobytes())
    digest.update(limits.encode())
    return f"{Path(name).name}:{digest.hexdigest()[:12]}"


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, from a folder or a hub name; query and document prompts are honoured.

    Args:
        model: folder of a model, or its name on a hub when downloads are allowed.
        device: torch device.
        batch_size: texts embedded at once.
        revision: of a model on a hub; its main branch when None.
        query_prompt: put before questions instead of the model's own prompt.
        document_prompt: put before passages instead of the model's own prompt.

    Raises:
        ModelUnavailable: it cannot be loaded.
    """

    def __init__(
        self,
        model: str | Path = BUNDLED,
        *,
        device: str = "cpu",
        batch_size: int = 64,
        revision: str | None = None,
        query_prompt: str | None = None,
        document_prompt: str | None = None,
    ) -> None:
        self._batch_size = batch_size
        self._model = _load(Origin(str(model), revision), device)
        self._prompts = Prompts.of(str(model), self._model.prompts, query_prompt, document_prompt)
        self._fingerprint = fingerprint_of(str(model), self._prompts, _samples(self._model), _limits(self._model))

    @property
    def fingerprint(self) -> str:
        """Name of the model and a digest of its weights, prompts and limits."""
        return self._fingerprint

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (texts, dimension), with the document prompt if there is one."""
        vectors = self._model.encode_document(
            list(texts),
            prompt=self._prompts.document,
            batch_size=self._batch_size,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        """Unit vector of shape (dimension,), with the query prompt if there is one."""
        vector = self._model.encode_query(
            text, prompt=self._prompts.query, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vector, dtype=np.float32)


def _load(origin: Origin, device: str) -> Any:
    """The model, with half-precision weights made whole: a CPU computes faster and closer in float32."""

    def load(local: bool) -> Any:
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(origin.name, revision=origin.revision, device=device, local_files_only=local)

    with translated(origin):
        loaded = cached_or_fetched(origin, load)
        return loaded.float() if device == "cpu" else loaded


def _samples(model: Any) -> Iterable[Sample]:
    for name, tensor in sorted(model.state_dict().items()):
        flat = tensor.detach().reshape(-1)
        yield Sample(name, tuple(tensor.shape), flat[:: stride(flat.shape[0])].double().cpu().numpy())


def _limits(model: Any) -> str:
    """The longest text in tokens and the dimensions kept, where the model has such limits."""
    longest, kept = model.max_seq_length, model.truncate_dim
    return f"{longest if longest and math.isfinite(longest) else ''} {kept or ''}".strip()
