"""What was fitted to questions of which the answers are known, kept for each model of meaning that comes with the project.

Models differ in how alike two texts are that have nothing to do with each other: a cosine of 0.8 is near for one and far
for another. So each has weights of its own, found by the fingerprint of its vectors, and any other model has weights that
do not look at how large its similarities are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import yaml

from vectorstore.search import Fusion

FOLDER: Final = "weights"
"""Folder of the files, one for each model, written by `python -m eval fit`."""

ANY: Final = "any"
"""Name of the file for a model that has none of its own."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model: what each feature adds to the log-odds.

    Attributes:
        intercept: log-odds when all features are 0.
        weights: by feature; what is left out adds nothing.
    """

    intercept: float
    weights: dict[str, float]

    def score(self, values: npt.NDArray[np.float64], names: Sequence[str]) -> float:
        """Return the log-odds for these values of the features of these names."""
        return self.intercept + float(values @ np.array([self.weights.get(name, 0.0) for name in names]))


@dataclass(frozen=True, slots=True)
class Fitted:
    """All that was fitted to one model.

    Attributes:
        model: fingerprint of its vectors; empty for any model.
        reader: fingerprint of the reader beside it; empty for none.
        fusion: how search by words and by meaning count together.
        relevance: how likely a sentence is to answer.
        sufficiency: how likely the archive is to answer.
    """

    model: str
    reader: str
    fusion: Fusion
    relevance: Weights
    sufficiency: Weights

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Fitted:
        """Return what a file says."""
        relevance, sufficiency = (Weights(**content[name]) for name in ("relevance", "sufficiency"))
        return cls(content["model"], content["reader"], Fusion(**content["fusion"]), relevance, sufficiency)


@cache
def fitted_to(model: str, reader: str = "") -> Fitted:
    """Return what was fitted to the model with this fingerprint and a reader, or to any model when nothing was fitted to it.

    What a reader says that nothing was fitted to does not count.
    """
    known = {(fitted.model, fitted.reader): fitted for fitted in _all()}
    wanted = ((model, reader), ("", reader), (model, ""), ("", ""))
    return next(known[each] for each in wanted if each in known)


@cache
def _all() -> tuple[Fitted, ...]:
    folder = files(__package__).joinpath(FOLDER)
    texts = [entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.name.endswith(".yaml")]
    return tuple(Fitted.read(yaml.safe_load(text)) for text in texts)
