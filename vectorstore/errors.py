"""Every error of ours.

    ArchiveError
    ├── ArchiveMismatch      made with another embedding model, chunker or analyser
    ├── ArchiveUnavailable   the data folder or the Chroma server cannot be used
    ├── ModelUnavailable     the embedding model, the reranker or the chat model cannot be loaded or reached
    ├── UnreadableFile       one file cannot become a letter
    ├── UnusableReply        the chat model has nothing usable to say to one request
    └── WrongUse             a setting, filter or argument that means nothing

Each says what is wrong and what to do about it, in words that can be shown to a volunteer.
"""

from __future__ import annotations


class ArchiveError(Exception):
    """Something is wrong with the archive or its use.

    Args:
        problem: what is wrong, one sentence.
        remedy: what the reader can do about it, one sentence.
    """

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem} {remedy}".strip())
        self.problem = problem
        self.remedy = remedy


class ArchiveMismatch(ArchiveError):
    """The archive was made with another embedding model, chunker or analyser than this program uses."""


class ArchiveUnavailable(ArchiveError):
    """The data folder or the Chroma server cannot be opened, read or written."""


class ModelUnavailable(ArchiveError):
    """The embedding model, the reranker or the chat model cannot be loaded or reached where the settings say it is."""


class UnreadableFile(ArchiveError):
    """A file from which no letter can be made; the rest of the run goes on."""


class UnusableReply(ArchiveError):
    """A chat model refuses one request, or what it answers cannot be used; the next request may do better."""


class WrongUse(ArchiveError):
    """A setting, filter or argument that means nothing here."""
