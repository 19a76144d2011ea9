"""The composition root: which parts an archive is opened, filled and asked with. The whole wiring is here."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.assistant import Assistant
from assistant.settings import Settings
from ingest.passages import VERSION as CHUNKER
from vectorstore.dense import DenseIndex
from vectorstore.dutch import VERSION as ANALYSER
from vectorstore.dutch import Analyser
from vectorstore.embedding import Embedder
from vectorstore.errors import ArchiveUnavailable
from vectorstore.expansion import Expander, Thesaurus
from vectorstore.fusion import Fusion
from vectorstore.lexical import LexicalIndex, Weights
from vectorstore.models import load_embedder
from vectorstore.reranking import RERANKED, CrossEncoderReranker, Reranker
from vectorstore.search import Archive
from vectorstore.store import Fingerprint, Location, Store, embedding_of

if TYPE_CHECKING:
    from assistant.generative import Writer
    from ingest.job import Ingest, Progress, Report
    from ingest.reembedding import Reembedding


def open_embedder(settings: Settings) -> Embedder:
    """The embedding model the settings name."""
    return load_embedder(
        settings.model,
        backend=settings.backend,
        device=settings.device,
        batch_size=settings.batch_size,
        revision=settings.revision,
        query_prompt=settings.query_prompt,
        document_prompt=settings.document_prompt,
    )


def open_reranker(settings: Settings) -> Reranker | None:
    """The reranker the settings name, None when they name none."""
    return CrossEncoderReranker(settings.reranker, device=settings.device) if settings.reranker else None


def open_store(settings: Settings, embedder: Embedder, *, rebuild: bool = False) -> Store:
    """The store the settings name."""
    fingerprint = Fingerprint(embedder.fingerprint, CHUNKER, ANALYSER)
    return Store(Location(settings.data, settings.chroma), fingerprint, rebuild=rebuild)


def open_dense(store: Store) -> DenseIndex:
    """The index of the store's vectors, kept beside it."""
    return DenseIndex(store.location.data / "dense")


@contextlib.contextmanager
def open_ingest(settings: Settings, *, rebuild: bool = False) -> Iterator[Ingest]:
    """A job that fills the archive the settings name; what reads files is imported here, as asking needs none of it."""
    from ingest.job import Ingest
    from ingest.workers import Workers

    embedder = open_embedder(settings)
    store = open_store(settings, embedder, rebuild=rebuild)
    with Workers() as workers:
        yield Ingest(store, embedder, dense=open_dense(store), hands=workers)


def rehearse_ingest(settings: Settings, paths: Sequence[Path], *, prune: bool, progress: Progress) -> Report:
    """What reading files into the archive that the settings name would do; nothing is written, and none is made."""
    from ingest.job import rehearse
    from ingest.workers import Workers

    location = Location(settings.data, settings.chroma)
    store = open_store(settings, open_embedder(settings)) if embedding_of(location) is not None else None
    with Workers() as workers:
        return rehearse(store, paths, prune=prune, progress=progress, hands=workers)


def open_reembedding(settings: Settings) -> Reembedding:
    """A job that brings the archive over to the model the settings name.

    Raises:
        ArchiveUnavailable: there is no archive.
    """
    from ingest.reembedding import Reembedding

    embedder, location = open_embedder(settings), Location(settings.data, settings.chroma)
    made_with = embedding_of(location)
    if made_with is None:
        raise ArchiveUnavailable(
            f"Er is geen archief in {location.server or location.data}.",
            "Controleer --data, of lees brieven in met `raadsgeheugen ingest MAP`.",
        )
    store = Store(location, Fingerprint(made_with, CHUNKER, ANALYSER))
    return Reembedding(store, embedder, batch_size=settings.batch_size, dense=open_dense(store))


def open_archive(
    store: Store,
    embedder: Embedder | None,
    *,
    expansion: bool = True,
    weights: Weights = Weights(),
    fusion: Fusion = Fusion(),
    reranker: Reranker | None = None,
    rerank_count: int = RERANKED,
) -> Archive:
    """An archive to search, its indexes caught up with the store.

    Args:
        store: letters and passages.
        embedder: the model the store was made with; None to search by words alone.
        expansion: search for synonyms, translations and abbreviations as well.
        weights: of the fields of the BM25 index.
        fusion: what counts beside the score of that index.
        reranker: reads the best passages once more; None to leave them as they are.
        rerank_count: how many it reads.
    """
    analyser = Analyser(memory=store.location.data / "words.json")
    index = LexicalIndex(store.location.data / "lexical", analyser, weights)
    expander = Expander(analyser, Thesaurus() if expansion else None)
    return Archive(store, index, embedder, expander, fusion, open_dense(store), reranker, rerank_count)


def open_catalogue(archive: Archive) -> list[dict[str, Any]]:
    """What was read of each letter of an archive, and how the letters hang together."""
    from assistant.catalogue import catalogue
    from ingest.links import Links

    with contextlib.closing(Links(archive.store.location.data)) as links:
        links.catch_up(archive.store)
        return catalogue(archive.store, links, archive.analyser)


def open_writer(settings: Settings) -> Writer | None:
    """What writes answers with the chat model that the settings name, None when they name none.

    Raises:
        ModelUnavailable: its package or its key is missing, or there is no such provider.
    """
    if settings.chat_model is None:
        return None
    from assistant.chat_models import open_chat_model
    from assistant.destinations import destination
    from assistant.generative import Writer

    model, place = open_chat_model(settings), destination(settings)
    return Writer(model, settings.chat_context, place) if model and place else None


def open_assistant(settings: Settings) -> Assistant:
    """The assistant over the archive the settings name."""
    embedder = open_embedder(settings)
    store, reranker = open_store(settings, embedder), open_reranker(settings)
    archive = open_archive(store, embedder, reranker=reranker, rerank_count=settings.rerank_count)
    return Assistant(archive, writer=open_writer(settings))
