"""What each part of the search is worth: one is added at a time, over the same archives, questions and documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from eval.systems.config import Config
from eval.tuning.tune import Figures, Measured
from vectorstore.indexes.lexical import FieldWeights

_WORDS = Config(weights=FieldWeights(parts=0.0, grams=0.0, letter=0.0), dense=False, expansion=False)
_COMPOUNDS = replace(_WORDS, weights=replace(_WORDS.weights, parts=FieldWeights().parts))
_GRAMS = replace(_COMPOUNDS, weights=replace(_COMPOUNDS.weights, grams=FieldWeights().grams))
_LETTERS = replace(_GRAMS, weights=FieldWeights())

PARTS: Mapping[str, Config] = {
    "BM25 over stems": _WORDS,
    "+ compounds": _COMPOUNDS,
    "+ n-grams": _GRAMS,
    "+ whole letters": _LETTERS,
    "+ dense": replace(_LETTERS, dense=True),
    "+ expansion (all)": Config(),
    "all but dense": Config(dense=False),
}
"""Configurations by what they add to the one before; the last shows whether the vectors are worth having."""


def measure_parts(measured: Measured) -> dict[str, Figures]:
    """Return the figures of each configuration of `PARTS`, by name."""
    return {name: measured(config) for name, config in PARTS.items()}


def tabulate_parts(figures: Mapping[str, Figures]) -> list[list[str]]:
    """Return rows of a table: one for each part, and for each set nDCG@10 and recall@5 in percent."""
    sets = list(next(iter(figures.values())))
    cells = (
        [name, *(f"{100 * own[of]['nDCG@10']:.1f} / {100 * own[of]['recall@5']:.1f}" for of in sets)]
        for name, own in figures.items()
    )
    return [["nDCG@10 / recall@5", *sets], *cells]
