"""Static embedding models without torch: a vector for each token, averaged.

Gives the same vectors as sentence-transformers' StaticEmbedding, and the same fingerprint, in a fraction of the time
that importing torch takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from vectorstore.models.embedder import Prompts, Sample, Vectors, fingerprint_of, stride
from vectorstore.models.pretrained import Origin, module_kinds, read_json, translate_load_errors

_WEIGHTS = "embedding.weight"
_READABLE = {"F16", "F32", "F64"}
_LEAST_LENGTH = 1e-12
"""Length below which a vector is left as it is, as in torch.nn.functional.normalize."""


def is_static(folder: Path) -> bool:
    """Check whether a folder holds only a StaticEmbedding that numpy can read, normalised or not."""
    kinds = [kind for kind, _ in module_kinds(folder)]
    if kinds not in (["StaticEmbedding"], ["StaticEmbedding", "Normalize"]):
        return False
    return not _configuration(folder).get("truncate_dim") and _is_readable(_weights_file(folder))


def _is_readable(weights: Path) -> bool:
    """Check whether the weights are one table of vectors in a precision that numpy supports."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(weights, framework="np") as tensors:
            return list(tensors.keys()) == [_WEIGHTS] and tensors.get_slice(_WEIGHTS).get_dtype() in _READABLE
    except (OSError, SafetensorError):
        return False


class StaticEmbedder:
    """A static embedding model from a folder.

    Args:
        folder: of a model for which `is_static` holds.
        query_prompt: put before questions instead of the model's own prompt.
        document_prompt: put before passages instead of the model's own prompt.

    Raises:
        ModelUnavailable: it cannot be loaded.
    """

    def __init__(self, folder: Path, *, query_prompt: str | None = None, document_prompt: str | None = None) -> None:
        with translate_load_errors(Origin(str(folder))):
            self._tokenizer = _tokenizer(folder)
            self._vectors = _vectors(folder)
            own = _configuration(folder).get("prompts") or {}
        self._prompts = Prompts.of(str(folder), own, query_prompt, document_prompt)
        flat = self._vectors.reshape(-1)
        sample = flat[:: stride(flat.shape[0])].astype(np.float64)
        weights = Sample(f"0.{_WEIGHTS}", self._vectors.shape, sample)
        self._fingerprint = fingerprint_of(str(folder), self._prompts, [weights])

    @property
    def fingerprint(self) -> str:
        """Return the name of the model and a digest of its weights and prompts."""
        return self._fingerprint

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of shape (texts, dimension); a text without known tokens has the zero vector."""
        return self._embed([self._prompts.document + text for text in texts])

    def embed_query(self, text: str) -> Vectors:
        """Return a unit vector of shape (dimension,); zero for a text without known tokens."""
        vector: Vectors = self._embed([self._prompts.query + text])[0]
        return vector

    def _embed(self, texts: list[str]) -> Vectors:
        vectors = np.zeros((len(texts), self._vectors.shape[1]), dtype=np.float32)
        encodings = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        for row, encoding in enumerate(encodings):
            if encoding.ids:
                vectors[row] = self._vectors[encoding.ids].mean(axis=0, dtype=np.float32)
        unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), _LEAST_LENGTH)
        return unit


def _configuration(folder: Path) -> dict[str, Any]:
    configuration: dict[str, Any] = read_json(folder / "config_sentence_transformers.json")
    return configuration


def _weights_file(folder: Path) -> Path:
    return module_kinds(folder)[0][1] / "model.safetensors"


def _tokenizer(folder: Path) -> Any:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(module_kinds(folder)[0][1] / "tokenizer.json"))
    tokenizer.no_padding()
    return tokenizer


def _vectors(folder: Path) -> npt.NDArray[Any]:
    """Return the vector of each token, shape (tokens, dimension), in the precision they were saved in."""
    from safetensors.numpy import load_file

    vectors: npt.NDArray[Any] = load_file(_weights_file(folder))[_WEIGHTS]
    return vectors
