"""A second look at the best passages: a cross-encoder that reads question and passage together.

One of the two modules that import sentence-transformers, and it does so only when a reranker is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from vectorstore.errors import ModelUnavailable
from vectorstore.pretrained import Origin, cached_or_fetched, translated

Scores = npt.NDArray[np.float64]

RERANKED = 30
"""Passages that a reranker puts in another order, when nothing else is said."""

SETTING = "RAADSGEHEUGEN_RERANKER"


class Reranker(Protocol):
    """What the archive needs of a reranker."""

    @property
    def name(self) -> str:
        """What it is called."""

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """How well each text answers the question, shape (texts,); only their order and distances mean anything."""


class CrossEncoderReranker:
    """Any sentence-transformers cross-encoder with one score a pair, from a folder or a hub name.

    Args:
        model: folder of a model, or its name on a hub when downloads are allowed.
        device: torch device.
        batch_size: pairs read at once.

    Raises:
        ModelUnavailable: it cannot be loaded, or gives more than one score a pair.
    """

    def __init__(self, model: str | Path, *, device: str = "cpu", batch_size: int = 16) -> None:
        origin = Origin(str(model), setting=SETTING)
        self._batch_size = batch_size
        self._model = _load(origin, device)
        if self._model.num_labels != 1:
            raise ModelUnavailable(
                f"Het model {model} geeft {self._model.num_labels} scores per passage in plaats van een.",
                f"Zet in {SETTING} een herordener, zoals BAAI/bge-reranker-v2-m3, of laat de instelling weg.",
            )
        self.name = Path(model).name

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """Score of each text before any squashing to 0–1, which would make the best ones equal; shape (texts,)."""
        from torch import nn

        pairs = [(question, text) for text in texts]
        given = self._model.predict(
            pairs, batch_size=self._batch_size, activation_fn=nn.Identity(), show_progress_bar=False
        )
        return np.asarray(given, dtype=np.float64)


def _load(origin: Origin, device: str) -> Any:
    """The model, with half-precision weights made whole on a CPU."""

    def load(local: bool) -> Any:
        from sentence_transformers import CrossEncoder

        return CrossEncoder(origin.name, revision=origin.revision, device=device, local_files_only=local)

    with translated(origin):
        loaded = cached_or_fetched(origin, load)
        return loaded.float() if device == "cpu" else loaded
