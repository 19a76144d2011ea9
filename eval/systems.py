"""What a configuration asks: the assistant, or a plain pipeline over the same letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval.config import Config, System
from vectorstore.embedding import Embedder
from vectorstore.store import Store

if TYPE_CHECKING:
    from assistant.generative import Writer
    from eval.run import Asked


def asked_with(config: Config, store: Store, embedder: Embedder, writer: Writer | None = None) -> Asked:
    """The system a configuration names, over the letters of a store.

    Args:
        config: which system, with what settings.
        store: the letters as they were ingested; a plain pipeline takes their texts alone, and cuts them itself.
        embedder: the model the store was made with.
        writer: writes the answers of the assistant; None for quotations.
    """
    if config.system is System.RAADSGEHEUGEN:
        return config.assistant(store, embedder, writer)
    from eval.peer import BM25Pipeline, Peer, PlainPipeline

    langchain = config.system is System.LANGCHAIN
    pipeline = PlainPipeline(store.location.data / "plain", embedder) if langchain else BM25Pipeline()
    return Peer(config.system.value, pipeline, store.letters())
