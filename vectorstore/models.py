"""Which embedder reads a model: the lightest one that gives its vectors."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from vectorstore.embedding import BUNDLED, Embedder, SentenceTransformerEmbedder
from vectorstore.onnx import OnnxEmbedder
from vectorstore.static import StaticEmbedder, is_static


class Backend(StrEnum):
    """What computes the vectors of a model that is not static."""

    TORCH = "torch"
    ONNX = "onnx"


def load_embedder(
    model: str = str(BUNDLED),
    *,
    backend: Backend = Backend.TORCH,
    device: str = "cpu",
    batch_size: int = 64,
    revision: str | None = None,
    query_prompt: str | None = None,
    document_prompt: str | None = None,
) -> Embedder:
    """The embedder for a model; a static one needs neither torch nor a GPU, whatever the backend and device.

    Args:
        model: folder of a sentence-transformers model, or its name on a hub.
        backend: what computes its vectors.
        device: that computes them, "cpu" or "cuda".
        batch_size: texts embedded at once.
        revision: of a model on a hub; its main branch when None.
        query_prompt: put before questions instead of the model's own prompt.
        document_prompt: put before passages instead of the model's own prompt.

    Raises:
        ModelUnavailable: it cannot be loaded.
    """
    if is_static(Path(model)):
        return StaticEmbedder(Path(model), query_prompt=query_prompt, document_prompt=document_prompt)
    kind = OnnxEmbedder if backend is Backend.ONNX else SentenceTransformerEmbedder
    return kind(
        model,
        device=device,
        batch_size=batch_size,
        revision=revision,
        query_prompt=query_prompt,
        document_prompt=document_prompt,
    )
