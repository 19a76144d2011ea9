"""A reader: a network that reads a question and a passage together, and tells how far the passage answers the question
and which of its sentences do.

It is trained on labelled passages by `python -m eval.training`. That the two scores are means over tokens, of a whole row and
of each sentence, follows the pooling of the embedding model it is made from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from vectorstore.models.bundled import READER
from vectorstore.models.card import ModelFile, check_files
from vectorstore.models.onnx import OnnxNetwork, batches_of
from vectorstore.models.pretrained import Origin, translate_load_errors
from vectorstore.models.reading import ReadingTask, Row, rows_of

READ: Final = 15
"""Passages that are read for a question."""

SETTING: Final = "RAADSGEHEUGEN_READER"

NETWORK: Final = "model.onnx"

_TOKENS: Final = 1024
"""Tokens that are read at once: more take memory and no less time."""

_PASSAGE, _SENTENCE = 0, 1
"""The two scores of a token."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader says of a passage, in log-odds.

    Attributes:
        passage: that it answers the question.
        sentences: of each, that it does; None for one that was not read, as the passage is too long.
    """

    passage: float
    sentences: tuple[float | None, ...]


class Reader(Protocol):
    """The interface of a reader."""

    @property
    def fingerprint(self) -> str:
        """Return a name that changes whenever the reader does."""

    def read(self, question: str, tasks: Sequence[ReadingTask]) -> list[Reading]:
        """Return what it says of each passage."""


class OnnxReader:
    """The reader in a folder. Safe for use by several threads at once.

    Args:
        folder: has its network, its tokenizer and its card.

    Raises:
        ModelUnavailable: a file is missing or is not that of the card.
    """

    def __init__(self, folder: Path = READER) -> None:
        origin = Origin(str(folder), setting=SETTING)
        named = check_files(folder)
        with translate_load_errors(origin):
            self._network = OnnxNetwork.open(origin, folder / NETWORK, folder, "cpu")
            file = named.get(NETWORK) or ModelFile.of(folder, NETWORK)
            self._fingerprint = f"{folder.name}:{file.sha256[:12]}"

    @property
    def fingerprint(self) -> str:
        """Return its name and a digest of its network."""
        return self._fingerprint

    def read(self, question: str, tasks: Sequence[ReadingTask]) -> list[Reading]:
        """Return what it says of each passage."""
        rows = rows_of(question, tasks, self._network.tokenizer)
        readings: dict[int, Reading] = {}
        for batch in batches_of([len(row.ids) for row in rows], len(rows), _TOKENS):
            scores, mask = self._network.run([rows[number].ids for number in batch])
            for place, number in enumerate(batch):
                readings[number] = _reading(rows[number], scores[place, : int(mask[place].sum())])
        return [readings[number] for number in range(len(rows))]


def _reading(row: Row, scores: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> Reading:
    """Return what the scores of the tokens of a row, shape (tokens, 2), say."""
    return Reading(
        float(scores[:, _PASSAGE].mean()),
        tuple(float(scores[start:end, _SENTENCE].mean()) if end else None for start, end in row.spans),
    )
