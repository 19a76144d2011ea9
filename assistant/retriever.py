"""The archive as a LangChain retriever, so that anyone's chain can search it."""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from assistant.library import ArchiveSource
from assistant.query.language import Wording
from vectorstore.letters import Filters
from vectorstore.search import Hit, Query


class ArchiveRetriever(BaseRetriever):
    """Passages of an archive as LangChain documents, best first.

    The text of a document is the passage as the letter has it; its metadata says which letter, who wrote it and who
    speaks, when, on what page, and between which offsets of the letter's text, so that a chain can cite it.

    Attributes:
        archive: gives the archive to search; letters that another process added are seen at the next question.
        count: most documents to return.
        filters: which passages may be found.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    archive: ArchiveSource
    count: int = Field(default=10, ge=1)
    filters: Filters = Field(default_factory=Filters)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002
    ) -> list[Document]:
        """Return the documents for a question in Dutch or English.

        Raises:
            ArchiveUnavailable: the archive cannot be read.
        """
        hits = self.archive.current().search(Query(query, self.count, Wording(query).english, self.filters))
        return [document_of(hit) for hit in hits]


def document_of(hit: Hit) -> Document:
    """Return a hit as a LangChain document; what a letter does not say is None."""
    passage, letter = hit.passage, hit.passage.letter
    return Document(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "letter": letter.id,
            "source": letter.source,
            "reference": letter.reference,
            "kind": letter.kind.value,
            "author": letter.author.value,
            "date": letter.date.isoformat() if letter.date else None,
            "subject": letter.subject,
            "voice": passage.voice.value,
            "page": passage.page,
            "start": passage.start,
            "end": passage.end,
            "score": hit.score,
        },
    )
