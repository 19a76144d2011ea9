"""The composition root: which parts an archive is opened, filled and asked with. The whole wiring is here."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.assistant import Assistant
from assistant.evidence.fitted import fitted_to
from assistant.library import Follower, Library
from assistant.settings import Settings
from ingest.job.publication import LEXICAL, is_published, load_dense, prepare_publication, published_letters
from ingest.passages import VERSION as CHUNKER
from prompts.wording import message
from vectorstore.analysis.dutch import VERSION as ANALYSER
from vectorstore.analysis.dutch import Analyser
from vectorstore.analysis.expansion import Expander, Thesaurus
from vectorstore.errors import ArchiveMismatch, DamagedArchive, NoArchive
from vectorstore.indexes.dense import DenseIndex
from vectorstore.indexes.lexical import FieldWeights, LexicalIndex
from vectorstore.models.bundled import STATIC
from vectorstore.models.embedder import Embedder
from vectorstore.models.load import load_embedder
from vectorstore.models.reader import OnnxReader, Reader
from vectorstore.models.reranker import RERANKED, CrossEncoderReranker, Reranker
from vectorstore.published.generation import Generation
from vectorstore.published.letters import PublishedLetters
from vectorstore.search import Archive, Fusion
from vectorstore.store.archive_state import Fingerprint, check
from vectorstore.store.engine import Location
from vectorstore.store.lock import write_lock
from vectorstore.store.mark import check_mark
from vectorstore.store.store import Store, embedding_of

if TYPE_CHECKING:
    from assistant.generation.writer import Writer
    from assistant.inspection import Inspection
    from ingest.job.forgetting import Forgotten
    from ingest.job.job import FileProgress, Ingest, Report
    from ingest.job.reembed import Reembedding


def open_embedder(settings: Settings) -> Embedder:
    """Open the embedding model the settings name."""
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
    """Open the reranker the settings name, None when they name none."""
    return CrossEncoderReranker(settings.reranker, device=settings.device) if settings.reranker else None


def open_reader(settings: Settings) -> Reader | None:
    """Open the reader, unless the settings leave it out, or name a reranker or the model for slow machines instead."""
    wanted = settings.reader if settings.reader is not None else settings.model != STATIC
    return OnnxReader() if wanted and not settings.reranker else None


def open_store(settings: Settings, embedder: Embedder, *, rebuild: bool = False) -> Store:
    """Open the store the settings name, to write; no other process has it open meanwhile."""
    return _open_store(settings, embedder.fingerprint, rebuild=rebuild)


def _open_store(settings: Settings, embedding: str, *, rebuild: bool = False) -> Store:
    published = published_letters(settings.data)
    return Store(
        _location(settings),
        Fingerprint(embedding, CHUNKER, ANALYSER),
        rebuild=rebuild,
        known=published.live_records() if published else None,
    )


def _location(settings: Settings) -> Location:
    return Location(settings.data, settings.chroma)


def _open_analyser(settings: Settings) -> Analyser:
    return Analyser(memory=settings.data / "words.json")


@contextlib.contextmanager
def open_ingest(settings: Settings, *, rebuild: bool = False, embedder: Embedder | None = None) -> Iterator[Ingest]:
    """Open a job that fills the archive the settings name. The readers are imported here, as asking needs none of them.

    Args:
        settings: name the archive and its model.
        rebuild: set what is there aside first.
        embedder: the model, where it is open already.
    """
    from ingest.job.job import Ingest
    from ingest.job.pool import Workers
    from ingest.job.rebuilding import set_aside

    embedder = embedder or open_embedder(settings)
    if rebuild:
        with write_lock(settings.data):
            set_aside(_location(settings))
    store = open_store(settings, embedder, rebuild=rebuild)
    with Workers() as workers, contextlib.closing(store):
        yield Ingest(store, embedder, analyser=_open_analyser(settings), reader=workers)


def rehearse_ingest(settings: Settings, paths: Sequence[Path], *, prune: bool, progress: FileProgress) -> Report:
    """Report what reading files into the archive would do; nothing is written, and no archive is made."""
    from ingest.job.job import rehearse
    from ingest.job.pool import Workers

    exists = embedding_of(_location(settings)) is not None
    with Workers() as workers, contextlib.ExitStack() as stack:
        store = (
            stack.enter_context(contextlib.closing(open_store(settings, open_embedder(settings)))) if exists else None
        )
        return rehearse(store, paths, prune=prune, progress=progress, reader=workers)


def forget_letters(settings: Settings, sources: Sequence[str]) -> list[Forgotten]:
    """Take letters out of the archive the settings name; see `ingest.job.forgetting.forget`."""
    from ingest.job.forgetting import forget

    location = _location(settings)
    check_mark(location)
    with contextlib.closing(_open_store(settings, embedding_of(location) or "")) as store:
        return forget(store, _open_analyser(settings), sources)


def verify_archive(settings: Settings) -> Inspection:
    """Check the whole archive the settings name; nothing is changed.

    Raises:
        NoArchive: there is none.
        ArchiveUnavailable: another process is writing it.
    """
    from assistant import inspection

    location = _location(settings)
    check_mark(location)
    published, problems = inspection.inspect_published(settings.data)
    letters, passages = (len(published.cards), published.passage_count()) if published else (0, 0)
    quotations = 0
    try:
        made_with, embedder = embedding_of(location) or "", open_embedder(settings)
        with contextlib.closing(_open_store(settings, made_with)) as store:
            letters, passages = len(store.versions()), store.passage_count()
            if published is not None:
                own = embedder if embedder.fingerprint == made_with else None
                problems += inspection.inspect_store(store, published, own)
            if not problems and embedder.fingerprint == made_with:
                assistant = Assistant(open_library(settings, embedder))
                quotations, wrong = inspection.inspect_answers(assistant, store)
                problems += wrong
    except (DamagedArchive, ArchiveMismatch) as error:
        problems.append(inspection.problem_of(error))
    found, remarks = tuple(dict.fromkeys(problems)), inspection.remarks_on(settings.data)
    return inspection.Inspection(settings.data, letters, passages, quotations, found, remarks)


@contextlib.contextmanager
def open_reembedding(settings: Settings) -> Iterator[Reembedding]:
    """Open a job that brings the archive over to the model the settings name.

    Raises:
        NoArchive: there is no archive.
    """
    from ingest.job.reembed import Reembedding

    check_mark(_location(settings))
    embedder, made_with = open_embedder(settings), embedding_of(_location(settings))
    if made_with is None:
        raise NoArchive(*message("no_archive", place=settings.chroma or settings.data))
    with contextlib.closing(_open_store(settings, made_with)) as store:
        yield Reembedding(store, embedder, batch_size=settings.batch_size, analyser=_open_analyser(settings))


def open_archive(
    store: Store,
    embedder: Embedder | None,
    *,
    expansion: bool = True,
    weights: FieldWeights = FieldWeights(),
    fusion: Fusion | None = None,
    reranker: Reranker | None = None,
    rerank_count: int = RERANKED,
    reader: Reader | None = None,
) -> Archive:
    """Open the letters of a store to search as they are now, with indexes in memory.

    Args:
        store: letters and passages.
        embedder: the model the store was made with; None to search by words alone.
        expansion: search for synonyms, translations and abbreviations as well.
        weights: of the fields of the BM25 index.
        fusion: what counts beside the score of that index; as fitted to the model when None.
        reranker: reads the best passages once more; None to leave them as they are.
        rerank_count: how many it reads.
        reader: tells of the best passages how far they answer.
    """
    analyser = Analyser()
    index, dense = LexicalIndex(None, analyser, weights), DenseIndex()
    index.catch_up(store)
    dense.catch_up(store)
    expander = Expander(analyser, Thesaurus() if expansion else None)
    fusion = fusion or _fusion_of(embedder, reader)
    return Archive(store, index, dense, embedder, expander, fusion, reranker, rerank_count, reader)


def _fusion_of(embedder: Embedder | None, reader: Reader | None) -> Fusion:
    return fitted_to(embedder.fingerprint if embedder else "", reader.fingerprint if reader else "").fusion


def open_library(
    settings: Settings, embedder: Embedder, reranker: Reranker | None = None, reader: Reader | None = None
) -> Library:
    """Open the archive the settings name, to read: what the ingest job published of it."""
    location, analyser = _location(settings), _open_analyser(settings)
    expander, ours = Expander(analyser, Thesaurus()), Fingerprint(embedder.fingerprint, CHUNKER, ANALYSER)

    def open_generation(generation: Generation) -> Archive:
        check(location, generation.manifest.fingerprint, ours)
        letters = PublishedLetters(generation)
        index = LexicalIndex(generation.folder / LEXICAL, analyser)
        dense = load_dense(generation)
        fusion, count = _fusion_of(embedder, reader), settings.rerank_count
        return Archive(letters, index, dense, embedder, expander, fusion, reranker, count, reader)

    def republish() -> None:
        with write_lock(settings.data), contextlib.closing(open_store(settings, embedder)) as store:
            if not is_published(store):
                with prepare_publication(store, analyser) as publication:
                    publication.publish()

    follow = Follower(location, republish) if location.server else None
    return Library(location, open_generation, republish, follow or (lambda: None))


def open_writer(settings: Settings) -> Writer | None:
    """Open what writes answers with the chat model that the settings name, None when they name none.

    Raises:
        ModelUnavailable: its package or its key is missing, or there is no such provider.
    """
    if settings.chat_model is None:
        return None
    from assistant.generation.writer import Writer
    from assistant.llm.chat_model import open_chat_model
    from assistant.llm.destination import destination

    model, place = open_chat_model(settings), destination(settings)
    return Writer(model, settings.chat_context, place) if model and place else None


def open_assistant(settings: Settings) -> Assistant:
    """Open the assistant over the archive the settings name."""
    library = open_library(settings, open_embedder(settings), open_reranker(settings), open_reader(settings))
    return Assistant(library, writer=open_writer(settings))
