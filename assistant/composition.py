"""The composition root: which parts an archive is opened, filled and asked with. The whole wiring is here."""

from __future__ import annotations

from assistant.assistant import Assistant
from assistant.settings import Settings
from ingest.job import Ingest
from ingest.passages import VERSION as CHUNKER
from vectorstore.dense import DenseIndex
from vectorstore.dutch import VERSION as ANALYSER
from vectorstore.dutch import Analyser
from vectorstore.embedding import Embedder, SentenceTransformerEmbedder
from vectorstore.expansion import Expander, Thesaurus
from vectorstore.lexical import LexicalIndex, Weights
from vectorstore.search import DENSE_WEIGHT, Archive
from vectorstore.store import Fingerprint, Location, Store


def open_embedder(settings: Settings) -> Embedder:
    """The embedding model the settings name."""
    return SentenceTransformerEmbedder(settings.model, device=settings.device, batch_size=settings.batch_size)


def open_store(settings: Settings, embedder: Embedder, *, rebuild: bool = False) -> Store:
    """The store the settings name."""
    fingerprint = Fingerprint(embedder.fingerprint, CHUNKER, ANALYSER)
    return Store(Location(settings.data, settings.chroma), fingerprint, rebuild=rebuild)


def open_dense(store: Store) -> DenseIndex:
    """The index of the store's vectors, kept beside it."""
    return DenseIndex(store.location.data / "dense")


def open_ingest(settings: Settings, *, rebuild: bool = False) -> Ingest:
    """A job that fills the archive the settings name."""
    embedder = open_embedder(settings)
    store = open_store(settings, embedder, rebuild=rebuild)
    return Ingest(store, embedder, dense=open_dense(store))


def open_archive(
    store: Store,
    embedder: Embedder | None,
    *,
    expansion: bool = True,
    weights: Weights = Weights(),
    dense_weight: float = DENSE_WEIGHT,
) -> Archive:
    """An archive to search, its indexes caught up with the store.

    Args:
        store: letters and passages.
        embedder: the model the store was made with; None to search by words alone.
        expansion: search for synonyms, translations and abbreviations as well.
        weights: of the fields of the BM25 index.
        dense_weight: of the dense score beside the lexical one.
    """
    analyser = Analyser()
    index = LexicalIndex(store.location.data / "lexical", analyser, weights)
    expander = Expander(analyser, Thesaurus() if expansion else None)
    return Archive(store, index, embedder, expander, dense_weight, open_dense(store))


def open_assistant(settings: Settings) -> Assistant:
    """The assistant over the archive the settings name."""
    embedder = open_embedder(settings)
    return Assistant(open_archive(open_store(settings, embedder), embedder))
