"""Plain pipelines to measure beside ours, over the same chunks: LangChain with Chroma, and BM25 alone.

A plain pipeline has no language model here, so the most it can do is quote the chunks that it found. It knows of a letter
its text and its file: not who wrote it, not when, and not who speaks in it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import bm25s
import Stemmer
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from assistant.answers.answer import Language, Response, Result, Searched, Statement
from vectorstore.letters import Citation, Filters, Letter, Passage
from vectorstore.models.embedder import Embedder

CHUNK, OVERLAP = 1000, 200
"""Characters, as LangChain's own tutorials have them."""

QUOTED = 4
"""Chunks in an answer: what LangChain's search gives unasked."""

RETRIEVED = 10

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of a letter.

    Attributes:
        letter: id of the letter.
        start: offset into its text.
        text: its words.
    """

    letter: str
    start: int
    text: str


class Pipeline(Protocol):
    """Finds chunks of the letters that were added to it."""

    def add(self, texts: Mapping[str, str]) -> int:
        """Add letters, by id; returns how many chunks they make."""

    def search(self, question: str, count: int = RETRIEVED) -> list[Chunk]:
        """Return the chunks that fit best, best first."""


def chunks_of(texts: Mapping[str, str]) -> Iterator[Chunk]:
    """Yield letters, by id, as LangChain's recursive splitter cuts them."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP, add_start_index=True)
    for identifier, text in texts.items():
        for document in splitter.create_documents([text]):
            yield Chunk(identifier, document.metadata["start_index"], document.page_content)


class LangChainEmbeddings(Embeddings):
    """Our embedder as LangChain knows it."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return a unit vector for each text."""
        return [[float(x) for x in row] for row in self._embedder.embed_passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        """Return a unit vector."""
        return [float(x) for x in self._embedder.embed_query(text)]


class PlainPipeline:
    """Chunks in Chroma, found by cosine similarity.

    Args:
        folder: for Chroma's files.
        embedder: makes the vectors.
    """

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self._chroma = Chroma(
            collection_name="plain",
            embedding_function=LangChainEmbeddings(embedder),
            persist_directory=str(folder),
            collection_metadata={"hnsw:space": "cosine"},
        )

    def add(self, texts: Mapping[str, str]) -> int:
        """Add letters, by id; returns how many chunks they make."""
        documents = [
            Document(page_content=chunk.text, metadata={"letter": chunk.letter, "start": chunk.start})
            for chunk in chunks_of(texts)
        ]
        for start in range(0, len(documents), _BATCH):
            self._chroma.add_documents(documents[start : start + _BATCH])
        return len(documents)

    def search(self, question: str, count: int = RETRIEVED) -> list[Chunk]:
        """Return the chunks that fit best, best first."""
        found = self._chroma.similarity_search(question, k=count)
        return [
            Chunk(document.metadata["letter"], document.metadata["start"], document.page_content) for document in found
        ]


class BM25Pipeline:
    """Chunks found by BM25 as bm25s has it unasked (Lucene's form, k1 1.5, b 0.75), over Snowball's Dutch stems."""

    def __init__(self) -> None:
        self._stemmer = Stemmer.Stemmer("dutch")
        self._texts: dict[str, str] = {}
        self._chunks: list[Chunk] = []
        self._index = bm25s.BM25()

    def add(self, texts: Mapping[str, str]) -> int:
        """Add letters, by id; returns how many chunks they make. The index is made again."""
        self._texts |= texts
        self._chunks = list(chunks_of(self._texts))
        self._index = bm25s.BM25()
        self._index.index(self._stems([chunk.text for chunk in self._chunks]), show_progress=False)
        return len(self._chunks)

    def search(self, question: str, count: int = RETRIEVED) -> list[Chunk]:
        """Return the chunks that fit best, best first; none with which the question has no word in common."""
        places, scores = self._index.retrieve(
            self._stems([question]), k=min(count, len(self._chunks)), show_progress=False
        )
        return [self._chunks[place] for place, score in zip(places[0], scores[0], strict=True) if score > 0]

    def _stems(self, texts: list[str]) -> list[list[str]]:
        """Return the stems of each text, common words left out."""
        stems: list[list[str]] = bm25s.tokenize(
            texts, stopwords="nl", stemmer=self._stemmer, return_ids=False, show_progress=False
        )
        return stems


class Peer:
    """A plain pipeline that is asked as the assistant is: it quotes the first chunks whole, and never refuses.

    It answers in the language of the letters, as it has no words of its own, and each question without those before it.

    Args:
        name: as the answers tell it.
        pipeline: finds chunks; the letters are added to it.
        letters: as they are stored.
    """

    def __init__(self, name: str, pipeline: Pipeline, letters: Sequence[Letter]) -> None:
        self._name = name
        self._pipeline = pipeline
        self._letters = {
            letter.id: Letter(letter.id, letter.text, letter.source, letter.sha256, also=letter.also)
            for letter in letters
        }
        pipeline.add({letter.id: letter.text for letter in letters})

    def ask(self, question: str, *, history: Sequence[str] = ()) -> Result:  # noqa: ARG002
        """Quote the chunks that fit best; no answer only when nothing at all was found."""
        began = time.perf_counter()
        passages = tuple(map(self._passage, self._pipeline.search(question)))
        seconds = time.perf_counter() - began
        response = Response(
            question=question,
            standalone_question=question,
            language=Language.DUTCH,
            engine=self._name,
            filters=Filters(),
            searched=Searched(len(self._letters), None, None, 0),
            retrieved=passages,
            seconds=seconds,
        )
        quoted = tuple(map(_quoted, passages[:QUOTED]))
        return response.answer(quoted) if quoted else response.refuse("Niets gevonden.")

    def _passage(self, chunk: Chunk) -> Passage:
        letter = self._letters[chunk.letter]
        return Passage(f"{chunk.letter}-{chunk.start}", letter, chunk.start, chunk.start + len(chunk.text))


def _quoted(passage: Passage) -> Statement:
    return Statement(f"“{passage.text}”", (Citation(passage, passage.start, passage.end),))
