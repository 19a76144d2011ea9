"""The network of a BERT in ONNX, computed in whole numbers of eight bits.

What is multiplied is rounded row by row, a row being what is known of one token, and not, as dynamic quantisation does,
over all that is computed at once: the vector of a text does not depend on the texts beside it, and is nearer to the
one of the network in float32. The table of tokens keeps the four bits it was published in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from vectorstore.training.e5.weights import BLOCK, TABLE, Floats, Weights

_RUNTIME: Final = "com.microsoft"
_LARGEST: Final = 63
"""A weight as a whole number is at most this far from zero: with 127, processors without VNNI add up two products in
sixteen bits, which overflow and are cut off."""

_ROW: Final = 127
"""What is multiplied by the weights is at most this far from zero, and stored with 128 added."""

_LEAST: Final = 1e-30
"""Stands for a largest value of zero, by which nothing can be divided."""

_NUMBERS: Final[Mapping[str, npt.NDArray[Any]]] = {
    "first": np.array([0]),
    "last": np.array([-1]),
    "one": np.array(1, np.float32),
    "middle": np.array(128, np.uint8),
    "least": np.array(_LEAST, np.float32),
    "unit": np.array(1 / _ROW, np.float32),
}
"""Constants of the graph by name."""

_OPSETS: Final = (("", 21), (_RUNTIME, 1))
_IR_VERSION: Final = 10


def build_network(weights: Weights, head: tuple[Floats, Floats] | None = None) -> bytes:
    """Return the network in ONNX: token ids and attention mask to the vectors of tokens.

    Args:
        weights: of the network.
        head: weights of shape (scores, width) and biases of shape (scores,) of a last layer, which gives scores of tokens
            instead of vectors.
    """
    return _Network(weights).serialised(head)


class _Network:
    """A graph that is being put together."""

    def __init__(self, weights: Weights) -> None:
        self._weights, self._sizes = weights, weights.sizes
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def serialised(self, head: tuple[Floats, Floats] | None) -> bytes:
        for name, value in _NUMBERS.items():
            self._constant(name, value)
        states = self._embedding()
        mask = self._node("Cast", ["attention_mask"], to=TensorProto.INT32)
        for layer in range(self._sizes.layers):
            states = self._layer(f"l{layer}", states, mask)
        output, width = ("last_hidden_state", self._sizes.width) if head is None else ("scores", len(head[1]))
        if head is not None:
            states = self._node("MatMul", [states, self._constant("head.w", head[0].T)])
            states = self._node("Add", [states, self._constant("head.b", head[1])])
        self._nodes.append(helper.make_node("Identity", [states], [output]))
        shape = ["texts", "tokens"]
        given = [
            helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in ("input_ids", "attention_mask")
        ]
        wanted = helper.make_tensor_value_info(output, TensorProto.FLOAT, [*shape, width])
        graph = helper.make_graph(self._nodes, "e5", given, [wanted], self._constants)
        opsets = [helper.make_opsetid(*opset) for opset in _OPSETS]
        content: bytes = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION).SerializeToString(
            deterministic=True
        )
        return content

    def _embedding(self) -> str:
        table, width = self._weights.table, self._sizes.width
        packed = _pack((table.nibbles - np.uint8(8)) & np.uint8(15))
        self._constants.append(
            helper.make_tensor(TABLE, TensorProto.INT4, table.nibbles.shape, packed.tobytes(), raw=True)
        )
        words = self._node(
            "GatherBlockQuantized",
            [TABLE, "input_ids", self._constant(f"{TABLE}.scales", table.scales)],
            _RUNTIME,
            block_size=BLOCK,
            gather_axis=0,
            quantize_axis=1,
        )
        places = self._weights.tensors["emb.pos"].reshape(-1, width) + self._weights.tensors["emb.type"][:width]
        tokens = self._node("Shape", ["input_ids"], start=1, end=2)
        read = self._node("Slice", [self._constant("emb.pos", places), "first", tokens, "first"])
        return self._normalised(self._node("Add", [words, read]), "emb.ln")

    def _layer(self, name: str, states: str, mask: str) -> str:
        three = self._linear(states, *(f"{name}.{each}" for each in "qkv"))
        query, key, value = self._nodes_of("Split", [three], 3, axis=-1, num_outputs=3)
        read = self._node("MultiHeadAttention", [query, key, value, "", mask], _RUNTIME, num_heads=self._sizes.heads)
        states = self._normalised(self._node("Add", [states, self._linear(read, f"{name}.ao")]), f"{name}.aln")
        inner = self._node("Gelu", [self._linear(states, f"{name}.fi")], _RUNTIME)
        return self._normalised(self._node("Add", [states, self._linear(inner, f"{name}.fo")]), f"{name}.oln")

    def _linear(self, states: str, *names: str) -> str:
        """Multiply by the matrices of these names, end to end, and add their biases."""
        matrix = np.concatenate([self._weights.tensors[f"{name}.w"] for name in names])
        bias = np.concatenate([self._weights.tensors[f"{name}.b"] for name in names])
        numbers, scales = _round(matrix)
        name = "+".join(names)
        rows, reach = self._rounded(states)
        product = self._node(
            "MatMulIntegerToFloat",
            [rows, self._constant(f"{name}.w", numbers.T), "one", self._constant(f"{name}.scales", scales), "middle"],
            _RUNTIME,
        )
        return self._node("Add", [self._node("Mul", [product, reach]), self._constant(f"{name}.b", bias)])

    def _rounded(self, states: str) -> tuple[str, str]:
        """Round each row to whole numbers; return them, and what one stands for in each row."""
        largest = self._node("ReduceMax", [self._node("Abs", [states]), "last"], keepdims=1)
        reach = self._node("Mul", [self._node("Max", [largest, "least"]), "unit"])
        return self._node("QuantizeLinear", [self._node("Div", [states, reach]), "one", "middle"]), reach

    def _normalised(self, states: str, name: str) -> str:
        parts = [self._constant(f"{name}.{part}", self._weights.tensors[f"{name}.{part}"]) for part in "wb"]
        return self._node("LayerNormalization", [states, *parts], axis=-1, epsilon=self._sizes.epsilon)

    def _constant(self, name: str, values: npt.NDArray[Any]) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _node(self, kind: str, inputs: Sequence[str], domain: str = "", **attributes: Any) -> str:
        return self._nodes_of(kind, inputs, 1, domain, **attributes)[0]

    def _nodes_of(self, kind: str, inputs: Sequence[str], count: int, domain: str = "", **attributes: Any) -> list[str]:
        outputs = [f"{kind}-{len(self._nodes)}-{number}" for number in range(count)]
        self._nodes.append(helper.make_node(kind, inputs, outputs, domain=domain, **attributes))
        return outputs


def _round(matrix: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Round each row, the weights of one output, to whole numbers; return them, and what one stands for in each row."""
    scales = np.abs(matrix).max(axis=1) / np.float32(_LARGEST)
    numbers = np.rint(matrix / np.maximum(scales, np.float32(_LEAST))[:, None])
    return numbers.astype(np.int8), scales


def _pack(nibbles: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Put two neighbours in a byte, the first in the low half."""
    packed: npt.NDArray[np.uint8] = nibbles[:, 0::2] | (nibbles[:, 1::2] << np.uint8(4))
    return packed
