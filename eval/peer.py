"""A plain LangChain pipeline, to measure beside ours: text splitter and Chroma, with the same embedding model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from vectorstore.embedding import Embedder

CHUNK, OVERLAP = 1000, 200
"""Characters, as LangChain's own tutorials have them."""

_BATCH = 2000


class LangChainEmbeddings(Embeddings):
    """Our embedder as LangChain knows it."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """A unit vector for each text."""
        return [[float(x) for x in row] for row in self._embedder.embed_passages(texts)]

    def embed_query(self, text: str) -> list[float]:
        """A unit vector."""
        return [float(x) for x in self._embedder.embed_query(text)]


class PlainPipeline:
    """Texts cut by the recursive splitter, in Chroma, found by cosine similarity.

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
        self._splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP)

    def add(self, texts: Mapping[str, str]) -> int:
        """Add letters, by id; returns how many chunks they make."""
        chunks = [
            Document(page_content=chunk, metadata={"letter": identifier})
            for identifier, text in texts.items()
            for chunk in self._splitter.split_text(text)
        ]
        for start in range(0, len(chunks), _BATCH):
            self._chroma.add_documents(chunks[start : start + _BATCH])
        return len(chunks)

    def search(self, question: str, count: int = 10) -> list[tuple[str, str]]:
        """Letter id and text of the chunks that fit best, best first."""
        found = self._chroma.similarity_search(question, k=count)
        return [(str(document.metadata["letter"]), document.page_content) for document in found]
