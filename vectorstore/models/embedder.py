"""Text to vectors: the interface of an embedding model, and its implementation for any sentence-transformers model.

One of the two modules that import sentence-transformers, and it does so only when such a model is loaded.
"""

from __future__ import annotations

import hashlib
import math
import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from vectorstore.models.pretrained import Origin, load_cached_or_fetch, translate_load_errors

Vectors = npt.NDArray[np.float32]

_E5_NAME = re.compile(r"(?:^|[^a-z0-9])e5(?:$|[^a-z0-9])", re.I)
_E5 = ("query: ", "passage: ")
"""Prompts that e5 models were trained with (Wang et al., "Multilingual E5 Text Embeddings", arXiv:2402.05672; the model
cards of intfloat/multilingual-e5-* and clips/e5-*-trm-nl), though most of them do not ship it."""

_E5_INSTRUCT = ("Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: ", "")
"""Prompts that intfloat/multilingual-e5-large-instruct was trained with for search (its model card)."""


class Embedder(Protocol):
    """The interface of an embedding model."""

    @property
    def fingerprint(self) -> str:
        """Return a name for the model and its weights; vectors of different fingerprints cannot be compared."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of shape (texts, dimension)."""

    def embed_query(self, text: str) -> Vectors:
        """Return a unit vector of shape (dimension,)."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """The prefixes of a question and of a passage before they are embedded; empty for none."""

    query: str = ""
    document: str = ""

    @classmethod
    def of(cls, name: str, own: Mapping[str, str | None], query: str | None, document: str | None) -> Prompts:
        """Return the prompts that were set, else those shipped with the model, else those its family is known to need.

        Args:
            name: of the model or its folder, which tells its family.
            own: the prompts in the model's config_sentence_transformers.json.
            query: the prompt for questions from the settings, or None.
            document: the prompt for passages from the settings, or None.
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
    """A sample of a tensor for the fingerprint: its name, its shape and some four thousand of its values."""

    name: str
    shape: tuple[int, ...]
    values: npt.NDArray[np.float64]


def stride(size: int) -> int:
    """Return the step that samples some four thousand of this many values."""
    return max(1, size // 4096)


def fingerprint_of(name: str, prompts: Prompts, weights: Iterable[Sample], limits: str = "") -> str:
    """Return the name of a model, and twelve hex digits of its prompts, its weights and its limits.

    Args:
        name: of the model or its folder.
        prompts: put before what is embedded.
        weights: a sample of each tensor.
        limits: other settings that change the vectors of the same weights.
    """
    digest = hashlib.sha256(repr([("document", prompts.document), ("query", prompts.query)]).encode())
    for sample in weights:
        digest.update(f"{sample.name}{sample.shape}".encode() + sample.values.tobytes())
    digest.update(limits.encode())
    return f"{Path(name).name}:{digest.hexdigest()[:12]}"


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, from a folder or a hub name; query and document prompts are honoured. One thread
    computes at a time: its tokenizer is told anew for each text how far to read, and cannot be told so by two at once.

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
        model: str | Path,
        *,
        device: str = "cpu",
        batch_size: int = 64,
        revision: str | None = None,
        query_prompt: str | None = None,
        document_prompt: str | None = None,
    ) -> None:
        self._batch_size = batch_size
        self._lock = threading.Lock()
        self._model = _load(Origin(str(model), revision), device)
        self._prompts = Prompts.of(str(model), self._model.prompts, query_prompt, document_prompt)
        self._fingerprint = fingerprint_of(str(model), self._prompts, _samples(self._model), _limits(self._model))

    @property
    def fingerprint(self) -> str:
        """Return the name of the model and a digest of its weights, prompts and limits."""
        return self._fingerprint

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of shape (texts, dimension), embedded with the document prompt if there is one."""
        with self._lock:
            vectors = self._model.encode_document(
                list(texts),
                prompt=self._prompts.document,
                batch_size=self._batch_size,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return np.asarray(vectors, dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        """Return a unit vector of shape (dimension,), embedded with the query prompt if there is one."""
        with self._lock:
            vector = self._model.encode_query(
                text, prompt=self._prompts.query, normalize_embeddings=True, show_progress_bar=False
            )
        return np.asarray(vector, dtype=np.float32)


def _load(origin: Origin, device: str) -> Any:
    """Load the model, half-precision weights widened: on a CPU float32 is faster and more precise."""

    def load(local: bool) -> Any:
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(origin.name, revision=origin.revision, device=device, local_files_only=local)

    with translate_load_errors(origin):
        loaded = load_cached_or_fetch(origin, load)
        return loaded.float() if device == "cpu" else loaded


def _samples(model: Any) -> Iterable[Sample]:
    for name, tensor in sorted(model.state_dict().items()):
        flat = tensor.detach().reshape(-1)
        yield Sample(name, tuple(tensor.shape), flat[:: stride(flat.shape[0])].double().cpu().numpy())


def _limits(model: Any) -> str:
    """Return the longest text in tokens and the dimensions kept, if the model limits them."""
    longest, kept = model.max_seq_length, model.truncate_dim
    return f"{longest if longest and math.isfinite(longest) else ''} {kept or ''}".strip()
