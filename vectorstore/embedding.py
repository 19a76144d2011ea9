"""Text to vectors. The one module that imports sentence-transformers, and it does so only when a model is loaded."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from vectorstore.errors import ModelUnavailable

Vectors = npt.NDArray[np.float32]

BUNDLED = Path(__file__).parent / "model"
"""The bilingual model that comes with the project and needs no download."""


class Embedder(Protocol):
    """What the archive needs of an embedding model."""

    @property
    def fingerprint(self) -> str:
        """Names the model and its weights; vectors of another fingerprint cannot be compared with these."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (texts, dimension)."""

    def embed_query(self, text: str) -> Vectors:
        """Unit vector of shape (dimension,)."""


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, from a folder or a hub name; query and document prompts are honoured.

    Args:
        model: folder of a model, or its name on a hub when downloads are allowed.
        device: torch device.
        batch_size: texts embedded at once.

    Raises:
        ModelUnavailable: it cannot be loaded.
    """

    def __init__(self, model: str | Path = BUNDLED, *, device: str = "cpu", batch_size: int = 64) -> None:
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        self._name = str(model)
        self._batch_size = batch_size
        self._model = _load(str(model), device)
        self._fingerprint = f"{Path(self._name).name}:{_digest(self._model)}"

    @property
    def fingerprint(self) -> str:
        """Name of the model and a digest of its weights."""
        return self._fingerprint

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (texts, dimension), with the model's document prompt if it has one."""
        vectors = self._model.encode_document(
            list(texts), batch_size=self._batch_size, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32)

    def embed_query(self, text: str) -> Vectors:
        """Unit vector of shape (dimension,), with the model's query prompt if it has one."""
        vector = self._model.encode_query(text, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vector, dtype=np.float32)


def _load(model: str, device: str) -> Any:
    """The model, with half-precision weights made whole: a CPU computes faster and closer in float32."""
    try:
        from sentence_transformers import SentenceTransformer

        local = Path(model).is_dir()
        loaded = SentenceTransformer(model, device=device, local_files_only=local)
    except Exception as error:
        raise ModelUnavailable(
            f"Het taalmodel {model} kan niet worden geladen ({type(error).__name__}: {error}).",
            "Zet in RAADSGEHEUGEN_MODEL de map van een sentence-transformers-model, of laat de instelling weg: dan wordt"
            " het model gebruikt dat is meegeleverd.",
        ) from error
    return loaded.float() if device == "cpu" else loaded


def _digest(model: Any) -> str:
    """Twelve hex digits from the prompts and each tensor's name, shape and some four thousand of its values."""
    digest = hashlib.sha256(repr(sorted(model.prompts.items())).encode())
    for name, tensor in sorted(model.state_dict().items()):
        flat = tensor.detach().reshape(-1)
        sample = flat[:: max(1, flat.shape[0] // 4096)].double().cpu().numpy()
        digest.update(f"{name}{tuple(tensor.shape)}".encode() + sample.tobytes())
    return digest.hexdigest()[:12]
