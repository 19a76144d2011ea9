"""What a configuration asks: the assistant, or a plain pipeline over the same letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from assistant.answers.answer import Result
from eval.systems.config import Config, System
from vectorstore.models.embedder import Embedder
from vectorstore.models.reader import Reader
from vectorstore.search import Hit
from vectorstore.store.store import Store

if TYPE_CHECKING:
    from assistant.generation.writer import Writer


def open_system(
    config: Config, store: Store, embedder: Embedder, writer: Writer | None = None, reader: Reader | None = None
) -> AnsweringSystem:
    """Open the system that a configuration names, over the letters of a store.

    Args:
        config: which system, with what settings.
        store: the letters as they were ingested; a plain pipeline takes their texts alone, and cuts them itself.
        embedder: the model the store was made with.
        writer: writes the answers of the assistant; None for quotations.
        reader: reads the best passages for it; None for no such reading.
    """
    if config.system is System.RAADSGEHEUGEN:
        return config.assistant(store, embedder, writer, reader)
    from eval.systems.peers import BM25Pipeline, Peer, PlainPipeline

    langchain = config.system is System.LANGCHAIN
    pipeline = PlainPipeline(store.location.data / "plain", embedder) if langchain else BM25Pipeline()
    return Peer(config.system.value, pipeline, store.letters())


class AnsweringSystem(Protocol):
    """What is evaluated: the assistant, or anything that answers like it."""

    def ask(self, question: str, *, history: Sequence[str] = ()) -> Result:
        """Return an answer to a question, `history` being the questions before it, oldest first."""


@runtime_checkable
class Searching(Protocol):
    """What tells how it found a passage, as the assistant does; a plain pipeline does not."""

    def search(self, text: str) -> Sequence[Hit]:
        """Return the passages that fit a question best."""
