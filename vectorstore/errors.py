"""Every error this program raises.

    ArchiveError
    ├── ArchiveMismatch      built with another embedding model, chunker or analyser
    ├── ArchiveUnavailable   the data folder or the Chroma server cannot be used
    │   ├── DamagedArchive   its files are damaged
    │   └── NoArchive        there is none
    ├── ModelUnavailable     the embedding model, the reranker or the chat model cannot be loaded or reached
    ├── UnreadableFile       one file cannot become a letter
    ├── UnusableReply        the chat model gives no usable reply to one request
    └── WrongUse             a setting, filter or argument that makes no sense

Each says what is wrong and what to do about it, in words that can be shown to a volunteer.
"""

from __future__ import annotations


class ArchiveError(Exception):
    """A problem with the archive or its use.

    Args:
        problem: what is wrong, one sentence.
        remedy: what the reader can do about it, one sentence.
    """

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem} {remedy}".strip())
        self.problem = problem
        self.remedy = remedy


class ArchiveMismatch(ArchiveError):
    """The archive was built with another embedding model, chunker or analyser than this program uses."""


class ArchiveUnavailable(ArchiveError):
    """The data folder or the Chroma server cannot be opened, read or written."""


class DamagedArchive(ArchiveUnavailable):
    """The files of the archive are damaged."""


class NoArchive(ArchiveUnavailable):
    """There is no archive in the data folder or on the Chroma server."""


class ModelUnavailable(ArchiveError):
    """The embedding model, the reranker or the chat model cannot be loaded or reached where the settings say it is."""


class UnreadableFile(ArchiveError):
    """A file from which no letter can be made; the rest of the run goes on."""


class UnusableReply(ArchiveError):
    """A chat model refuses one request, or its reply cannot be used; the next request may succeed."""


class WrongUse(ArchiveError):
    """A setting, filter or argument that makes no sense here."""
