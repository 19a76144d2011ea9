"""From a file to the letters in it: the work done in another process, because files can be broken or huge."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from ingest.duplicates import digest_of_words, distinguishing_text, sketch_of
from ingest.files import Found, bytes_of, open_file
from ingest.letter_builder import letter_of, passages_of
from ingest.manifest.table import Rows, key_inside
from ingest.passages import VERSION as CHUNKER
from ingest.passages import Sizes
from ingest.readers.document import Contents, Member
from ingest.readers.registry import VERSION as READERS
from ingest.readers.registry import read_file
from vectorstore.errors import UnreadableFile
from vectorstore.letters import Letter, Passage

VERSION = f"{READERS}/{CHUNKER}/anatomy-3/voices-3"
"""Version of the parts that build letters; a letter built by other parts is built again."""

_DEEPEST = 4
"""Nesting depth of files that are opened: a letter in a ZIP attached to an e-mail in a ZIP, and no further."""

_LARGEST_WHOLE = 500_000_000
"""Number of bytes that all files inside one file may unpack to together."""


@dataclass(frozen=True, slots=True)
class ReadTask:
    """A file to be read.

    Attributes:
        file: the file.
        rows: its manifest rows.
        sizes: how long passages may be.
    """

    file: Found
    rows: Rows = field(default_factory=dict)
    sizes: Sizes = field(default_factory=Sizes)

    def version(self, sha256: str) -> str:
        """Return the version of what is read from these bytes; another version would be read differently."""
        rows = json.dumps(self.rows, sort_keys=True) if self.rows else ""
        return hashlib.sha256(f"{sha256} {VERSION} {self.file.source} {rows}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ReadResult:
    """The result of reading a file, or a file inside it.

    Attributes:
        name: path inside the file; empty for the file itself.
        sha256: hex digest of the bytes of the whole file.
        letter: the letter in it, or None.
        passages: of the letter.
        digest, sketch: of the text that tells the letter from others.
        problem: why it cannot be read, and a remedy; empty if it can, also for a file that only contains others.
        unopened: not even the bytes could be read now; the next time they may be, though the file is the same.
    """

    name: str = ""
    sha256: str = ""
    letter: Letter | None = None
    passages: tuple[Passage, ...] = ()
    digest: str = ""
    sketch: tuple[str, ...] = ()
    problem: str = ""
    unopened: bool = False


PendingResult = Callable[[], tuple[ReadResult, ...]]
"""Returns what was read, waiting for it if need be: one result for each file inside, then one for the file itself."""


class FileReader(Protocol):
    """The interface of a reader of files for the job.

    Attributes:
        width: how many files to request ahead.
    """

    width: int

    def __call__(self, task: ReadTask) -> PendingResult:
        """Start to read a file."""


class InProcessReader:
    """A reader in this process, which reads each file when its turn comes."""

    width = 0

    def __call__(self, task: ReadTask) -> PendingResult:
        """Return a function that reads the file."""
        return lambda: read(task)


def id_inside(file: Found, name: str) -> str:
    """Return the id of a letter inside a file; of the file itself if `name` is empty."""
    return hashlib.sha256(f"{file.id}/{name}".encode("utf-8", "surrogateescape")).hexdigest()[:16] if name else file.id


def source_inside(file: Found, name: str) -> str:
    """Return the archive's name for a file inside a file."""
    return f"{file.source}/{name}" if name else file.source


def read(task: ReadTask) -> tuple[ReadResult, ...]:
    """Read the letters in a file, those inside it first and its own last."""
    try:
        data = bytes_of(task.file)
    except UnreadableFile as error:
        return (ReadResult(problem=str(error)),)
    except OSError as error:
        return (ReadResult(problem=_unopened(error), unopened=True),)
    sha256 = hashlib.sha256(data).hexdigest()
    results: list[ReadResult] = []
    try:
        results.extend(_read("", data, task, sha256, _Room()))  # what was read before an error stays
    except UnreadableFile as error:
        results.append(ReadResult(sha256=sha256, problem=str(error)))
    return tuple(results)


def _unopened(error: OSError) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "Dit bestand was weg toen het gelezen werd. Lees de map opnieuw in als het er weer is."
    return f"Dit bestand kan niet worden geopend ({error.strerror}). Controleer de rechten op het bestand."


class _Room:
    """The remaining budget of bytes for the files inside a file, and the names in use."""

    def __init__(self) -> None:
        self._left = _LARGEST_WHOLE
        self._names: set[str] = set()

    def assign_name(self, path: str) -> str:
        """Return a path inside the whole file, numbered if it is already in use."""
        name, number = path, 2
        while name in self._names:
            name, number = f"{path} ({number})", number + 1
        self._names.add(name)
        return name

    def take(self, member: Member) -> str:
        """Reserve the bytes of a member; return its problem, empty if there is none."""
        self._left -= len(member.data)
        return member.error or ("" if self._left >= 0 else "Hierin zit te veel om te lezen. Pak het uit in een map.")


def _read(name: str, data: bytes, task: ReadTask, sha256: str, room: _Room, depth: int = 0) -> Iterator[ReadResult]:
    """Yield results of everything inside a file and of the file itself.

    Raises:
        UnreadableFile: nothing can be read from it.
    """
    called = source_inside(task.file, name)
    contents = read_file(called.rsplit("/", 1)[-1], data)
    if contents.members and depth == _DEEPEST:
        raise UnreadableFile("Dit bestand zit in te veel andere bestanden.", "Pak het uit in een map.")
    for member in contents.members:
        inside = room.assign_name(f"{name}/{member.name}" if name else member.name)
        problem = room.take(member)
        try:
            if problem:
                raise UnreadableFile(problem)
            yield from _read(inside, member.data, task, sha256, room, depth + 1)
        except UnreadableFile as error:
            yield ReadResult(inside, sha256, problem=str(error))
    yield _read_letter(name, contents, task, sha256) if contents.blocks else ReadResult(name, sha256)


def _read_letter(name: str, contents: Contents, task: ReadTask, sha256: str) -> ReadResult:
    """Return the result of the letter in a file.

    Raises:
        UnreadableFile: no letter can be made of it.
    """
    try:
        return _build_letter(name, contents, task, sha256)
    except Exception as error:  # one unforeseen letter must not stop the rest
        raise UnreadableFile(
            f"Van dit bestand kan geen brief worden gemaakt ({type(error).__name__}).",
            "Bewaar het als platte tekst en meld dit aan de makers.",
        ) from error


def _build_letter(name: str, contents: Contents, task: ReadTask, sha256: str) -> ReadResult:
    letter, stretches = letter_of(
        contents.blocks,
        identifier=id_inside(task.file, name),
        source=source_inside(task.file, name),
        sha256=sha256,
        stated=task.rows.get(key_inside(name), {}),
    )
    passages = passages_of(letter, stretches, task.version(sha256), task.sizes)
    told = distinguishing_text(letter.text)
    return ReadResult(name, sha256, letter, tuple(passages), digest_of_words(told), sketch_of(told))


def sha256_of(file: Found) -> str:
    """Return the hex digest of a file's bytes, read in chunks.

    Raises:
        UnreadableFile: it is refused, whenever it is opened.
        OSError: it cannot be opened or read now.
    """
    with open_file(file) as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
