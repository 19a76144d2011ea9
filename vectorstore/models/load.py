"""The choice of embedder for a model: the lightest one that gives its vectors."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from vectorstore.models.bundled import BUNDLED, E5
from vectorstore.models.card import CARD, check_files
from vectorstore.models.embedder import Embedder, SentenceTransformerEmbedder
from vectorstore.models.onnx import OnnxEmbedder, is_only_onnx
from vectorstore.models.static import StaticEmbedder, is_static


class Backend(StrEnum):
    """The library that computes the vectors of a model that both can compute."""

    TORCH = "torch"
    ONNX = "onnx"


def load_embedder(
    model: str = E5,
    *,
    backend: Backend = Backend.TORCH,
    device: str = "cpu",
    batch_size: int = 64,
    revision: str | None = None,
    query_prompt: str | None = None,
    document_prompt: str | None = None,
) -> Embedder:
    """Return the embedder for a model.

    A static one, and one that is there in ONNX only, as those that are bundled are, needs neither torch nor a GPU,
    whatever the device and the backend, unless that is set to ONNX.

    Args:
        model: name of a bundled model, folder of a sentence-transformers model, or its name on a hub.
        backend: library that computes its vectors.
        device: that computes them, "cpu" or "cuda".
        batch_size: texts embedded at once.
        revision: of a model on a hub; its main branch when None.
        query_prompt: put before questions instead of the model's own prompt.
        document_prompt: put before passages instead of the model's own prompt.

    Raises:
        ModelUnavailable: it cannot be loaded, or its files are not those of its card.
    """
    folder = str(BUNDLED.get(model, model))
    if model in BUNDLED or (Path(folder) / CARD).is_file():
        check_files(Path(folder))
    if is_static(Path(folder)):
        return StaticEmbedder(Path(folder), query_prompt=query_prompt, document_prompt=document_prompt)
    kind = OnnxEmbedder if backend is Backend.ONNX else SentenceTransformerEmbedder
    if backend is Backend.TORCH and is_only_onnx(Path(folder)):
        kind, device = OnnxEmbedder, "cpu"
    return kind(
        folder,
        device=device,
        batch_size=batch_size,
        revision=revision,
        query_prompt=query_prompt,
        document_prompt=document_prompt,
    )
