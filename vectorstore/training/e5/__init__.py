"""Making of the bundled transformer: multilingual-e5-small, cut to the pieces that Dutch and English need."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from vectorstore.errors import ModelUnavailable
from vectorstore.training.e5.network import build_network
from vectorstore.training.e5.vocabulary import choose_pieces, cut_tokenizer
from vectorstore.training.e5.weights import Weights, read_weights

_KIND: Final = "sentence_transformers.models"
_SETTINGS: Final[Mapping[str, Any]] = {
    "modules.json": [
        {"idx": 0, "name": "0", "path": "", "type": f"{_KIND}.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{_KIND}.Pooling"},
        {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{_KIND}.Normalize"},
    ],
    "1_Pooling/config.json": {"pooling_mode": "mean", "include_prompt": True},
    "config_sentence_transformers.json": {
        "model_type": "SentenceTransformer",
        "prompts": {"query": "query: ", "document": "passage: "},
        "similarity_fn_name": "cosine",
    },
}


def make_model(packed: bytes, tokenizer: Mapping[str, Any], words: Sequence[str], folder: Path) -> int:
    """Write the folder of the model; the same of the same, byte for byte.

    Args:
        packed: the file of weights.
        tokenizer: the tokenizer.json of all languages.
        words: those that must be read as the whole tokenizer reads them.
        folder: for the model; its README.md is left as it is.

    Returns:
        the number of pieces that were kept.

    Raises:
        ModelUnavailable: the weights are of another form, or not of the tokenizer's model.
    """
    weights, chosen = read_weights(packed), choose_pieces(tokenizer, words)
    if weights.pieces != tuple(piece for piece, _ in tokenizer["model"]["vocab"]):
        raise ModelUnavailable(
            "De gewichten en de tokenizer zijn niet van hetzelfde model.",
            "Gebruik de versies van de pakketten die in packages.txt staan.",
        )
    _write(folder / "tokenizer.json", json.dumps(cut_tokenizer(tokenizer, chosen), ensure_ascii=False))
    limits = {"pad_token": "<pad>", "model_max_length": weights.sizes.places}
    for name, settings in {**_SETTINGS, "tokenizer_config.json": limits}.items():
        _write(folder / name, json.dumps(settings, indent=2) + "\n")
    (folder / "onnx").mkdir(exist_ok=True)
    (folder / "onnx" / "model.onnx").write_bytes(build_network(_cut(weights, chosen)))
    return len(chosen)


def weights_of(packed: bytes, pieces: Sequence[str]) -> Weights:
    """Return the weights in a file, those of the tokens cut to some pieces, in their order.

    Raises:
        ModelUnavailable: the weights are of another form, or have not all these pieces.
    """
    weights = read_weights(packed)
    places = {piece: place for place, piece in enumerate(weights.pieces)}
    return _cut(weights, [places[piece] for piece in pieces])


def _cut(weights: Weights, chosen: Sequence[int]) -> Weights:
    return replace(weights, table=weights.table.rows(np.array(chosen)))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
