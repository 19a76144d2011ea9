"""Reranking of the best passages: a cross-encoder that reads question and passage together.

One of the two modules that import sentence-transformers, and it does so only when a reranker is loaded.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from vectorstore.errors import ModelUnavailable
from vectorstore.models.pretrained import Origin, load_cached_or_fetch, translate_load_errors

Scores = npt.NDArray[np.float64]

RERANKED = 30
"""Number of passages to rerank by default."""

SETTING = "RAADSGEHEUGEN_RERANKER"


class Reranker(Protocol):
    """The interface of a reranker."""

    @property
    def name(self) -> str:
        """Return the name of the model."""

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """Score how well each text answers the question, shape (texts,); only order and distances are meaningful."""


class CrossEncoderReranker:
    """Any sentence-transformers cross-encoder with one score per pair, from a folder or a hub name. One thread computes at
    a time, as a tokenizer cannot be told by two at once how far to read.

    Args:
        model: folder of a model, or its name on a hub when downloads are allowed.
        device: torch device.
        batch_size: pairs read at once.

    Raises:
        ModelUnavailable: it cannot be loaded, or gives more than one score per pair.
    """

    def __init__(self, model: str | Path, *, device: str = "cpu", batch_size: int = 16) -> None:
        origin = Origin(str(model), setting=SETTING)
        self._batch_size = batch_size
        self._lock = threading.Lock()
        self._model = _load(origin, device)
        if self._model.num_labels != 1:
            raise ModelUnavailable(
                f"Het model {model} geeft {self._model.num_labels} scores per passage in plaats van een.",
                f"Zet in {SETTING} een herordener, zoals BAAI/bge-reranker-v2-m3, of laat de instelling weg.",
            )
        self.name = Path(model).name

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """Score each text, shape (texts,), without squashing to 0–1, which would make the best ones equal."""
        from torch import nn

        pairs = [(question, text) for text in texts]
        with self._lock:
            given = self._model.predict(
                pairs, batch_size=self._batch_size, activation_fn=nn.Identity(), show_progress_bar=False
            )
        return np.asarray(given, dtype=np.float64)


def _load(origin: Origin, device: str) -> Any:
    """Load the model, with half-precision weights widened on a CPU."""

    def load(local: bool) -> Any:
        from sentence_transformers import CrossEncoder

        return CrossEncoder(origin.name, revision=origin.revision, device=device, local_files_only=local)

    with translate_load_errors(origin):
        loaded = load_cached_or_fetch(origin, load)
        return loaded.float() if device == "cpu" else loaded
