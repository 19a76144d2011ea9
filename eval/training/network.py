"""The network of the reader in torch: the lower layers of a BERT, and a last layer that scores tokens.

The two scores of a token are averaged over all tokens of a row for how far a passage answers a question, and over those of a
sentence for how far that sentence does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, cast

import numpy as np
import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from vectorstore.training.e5.weights import Floats, Weights

SCORES: Final = 2
"""Scores of a token: for its passage, and for its sentence."""

_PARTS: Final[Mapping[str, str]] = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
"""Names of the parts of a layer in the file of weights, and in transformers."""

_ENDS: Final[Mapping[str, str]] = {"w": "weight", "b": "bias"}


class ReaderNetwork(nn.Module):
    """The network while it is trained; its table of tokens stays as it was published.

    Args:
        weights: of the whole trunk.
        layers: how many of its layers are kept, from below.
        frozen: how many of these are not trained.
    """

    def __init__(self, weights: Weights, layers: int, frozen: int) -> None:
        super().__init__()
        self._published = replace(weights, sizes=replace(weights.sizes, layers=layers))
        sizes = self._published.sizes
        config = BertConfig(
            vocab_size=len(weights.table.nibbles),
            hidden_size=sizes.width,
            num_hidden_layers=layers,
            num_attention_heads=sizes.heads,
            intermediate_size=sizes.inner,
            max_position_embeddings=sizes.places,
            type_vocab_size=sizes.kinds,
            layer_norm_eps=sizes.epsilon,
            attention_probs_dropout_prob=0.0,
        )
        self.trunk = BertModel(config, add_pooling_layer=False)
        own = self.trunk.state_dict()
        for name, ours in _names(layers).items():
            own[ours] = torch.from_numpy(weights.tensors[name].copy()).reshape(own[ours].shape)
        own["embeddings.word_embeddings.weight"] = torch.from_numpy(weights.table.values())
        self.trunk.load_state_dict(own)
        self.head = nn.Linear(sizes.width, SCORES)
        for part in (self.trunk.embeddings, *self.trunk.encoder.layer[:frozen]):
            part.requires_grad_(False)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the scores of tokens, shape (rows, tokens, SCORES)."""
        states = self.trunk(input_ids=ids, attention_mask=mask).last_hidden_state
        return cast("Tensor", self.head(states))

    def published(self) -> tuple[Weights, tuple[Floats, Floats]]:
        """Return the weights as they are now, and those of the last layer with its biases."""
        own = self.trunk.state_dict()
        tensors = {
            name: own[ours].float().numpy().reshape(self._published.tensors[name].shape)
            for name, ours in _names(self._published.sizes.layers).items()
        }
        head = (_floats(self.head.weight), _floats(self.head.bias))
        return replace(self._published, tensors={**self._published.tensors, **tensors}), head


def _names(layers: int) -> dict[str, str]:
    """Return the names of tensors in the file of weights, and in transformers."""
    names = {"emb.pos": "embeddings.position_embeddings.weight", "emb.type": "embeddings.token_type_embeddings.weight"}
    names |= {f"emb.ln.{end}": f"embeddings.LayerNorm.{ours}" for end, ours in _ENDS.items()}
    for layer in range(layers):
        for part, ours in _PARTS.items():
            names |= {f"l{layer}.{part}.{end}": f"encoder.layer.{layer}.{ours}.{tail}" for end, tail in _ENDS.items()}
    return names


def _floats(values: Tensor) -> Floats:
    return values.detach().float().numpy().astype(np.float32)
