"""From a file to the letters in it: what the job has done by another process, because files can be broken or huge."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ingest.document import Contents, Member
from ingest.files import Found, bytes_of
from ingest.making import letter_of, passages_of
from ingest.manifest import key_inside
from ingest.passages import VERSION as CHUNKER
from ingest.passages import Sizes
from ingest.readers.registry import VERSION as READERS
from ingest.readers.registry import read_file
from ingest.sameness import digest_of, sketch_of, told_by
from vectorstore.errors import UnreadableFile
from vectorstore.letters import Letter, Passage

VERSION = f"{READERS}/{CHUNKER}/anatomy-2/voices-3"
"""Of the parts that make letters; a letter made by other parts is made again."""

_DEEPEST = 4
"""Files inside files that are opened: a letter in a ZIP attached to an e-mail in a ZIP, and no further."""

_LARGEST_WHOLE = 500_000_000
"""Bytes that all files inside one file may unpack to together."""

Rows = Mapping[str, Mapping[str, str]]
"""What the manifest says of a file and of those inside it, by `key_inside` of the path; "" is the file itself."""


@dataclass(frozen=True, slots=True)
class Errand:
    """A file to be read.

    Attributes:
        file: the file.
        rows: what the manifest says of it.
        sizes: how long passages may be.
    """

    file: Found
    rows: Rows = field(default_factory=dict)
    sizes: Sizes = field(default_factory=Sizes)

    def version(self, sha256: str) -> str:
        """Of what is read when the file has these bytes: another version would be read otherwise."""
        rows = json.dumps(self.rows, sort_keys=True) if self.rows else ""
        return hashlib.sha256(f"{sha256} {VERSION} {self.file.source} {rows}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Draft:
    """What was made of a file, or of a file inside it.

    Attributes:
        name: path inside the file; empty for the file itself.
        sha256: hex digest of the bytes of the whole file.
        letter: the letter in it; None when it is none.
        passages: of the letter.
        digest, sketch: of what tells the letter from others.
        problem: why it cannot be read, and what to do; empty when it can, also for a file that only wraps others.
        unopened: not even the bytes could be had, which may be otherwise the next time though they are the same.
    """

    name: str = ""
    sha256: str = ""
    letter: Letter | None = None
    passages: tuple[Passage, ...] = ()
    digest: str = ""
    sketch: tuple[str, ...] = ()
    problem: str = ""
    unopened: bool = False


Reading = Callable[[], tuple[Draft, ...]]
"""Gives what was read, waiting for it if need be: one draft for each file inside, then one for the file itself."""


class Hands(Protocol):
    """Whoever reads files for the job.

    Attributes:
        width: how many files are best asked for ahead.
    """

    width: int

    def __call__(self, errand: Errand) -> Reading:
        """Begin to read a file."""


class Here:
    """Reads in this process, each file when it is its turn."""

    width = 0

    def __call__(self, errand: Errand) -> Reading:
        """Promise to read a file."""
        return lambda: read(errand)


def id_inside(file: Found, name: str) -> str:
    """Id of a letter inside a file; of the file itself when `name` is empty."""
    return hashlib.sha256(f"{file.id}/{name}".encode("utf-8", "surrogateescape")).hexdigest()[:16] if name else file.id


def source_inside(file: Found, name: str) -> str:
    """What the archive calls a file inside a file."""
    return f"{file.source}/{name}" if name else file.source


def read(errand: Errand) -> tuple[Draft, ...]:
    """The letters in a file, those inside it first and its own last."""
    try:
        data = bytes_of(errand.file)
    except UnreadableFile as error:
        return (Draft(problem=str(error), unopened=True),)
    sha256 = hashlib.sha256(data).hexdigest()
    drafts: list[Draft] = []
    try:
        drafts.extend(_read("", data, errand, sha256, _Room()))  # what was read before an error stays
    except UnreadableFile as error:
        drafts.append(Draft(sha256=sha256, problem=str(error)))
    return tuple(drafts)


class _Room:
    """What is left of the bytes that files inside a file may take, and of the names."""

    def __init__(self) -> None:
        self._left = _LARGEST_WHOLE
        self._names: set[str] = set()

    def named(self, path: str) -> str:
        """A path inside the whole file; one that another has already gets a number."""
        name, number = path, 2
        while name in self._names:
            name, number = f"{path} ({number})", number + 1
        self._names.add(name)
        return name

    def take(self, member: Member) -> str:
        """Make room for a file; why there is none, or nothing."""
        self._left -= len(member.data)
        return member.error or ("" if self._left >= 0 else "Hierin zit te veel om te lezen. Pak het uit in een map.")


def _read(name: str, data: bytes, errand: Errand, sha256: str, room: _Room, depth: int = 0) -> Iterator[Draft]:
    """Drafts of everything inside a file and of the file itself.

    Raises:
        UnreadableFile: nothing can be had from it.
    """
    called = source_inside(errand.file, name)
    contents = read_file(called.rsplit("/", 1)[-1], data)
    if contents.members and depth == _DEEPEST:
        raise UnreadableFile("Dit bestand zit in te veel andere bestanden.", "Pak het uit in een map.")
    for member in contents.members:
        inside = room.named(f"{name}/{member.name}" if name else member.name)
        problem = room.take(member)
        try:
            if problem:
                raise UnreadableFile(problem)
            yield from _read(inside, member.data, errand, sha256, room, depth + 1)
        except UnreadableFile as error:
            yield Draft(inside, sha256, problem=str(error))
    yield _draft(name, contents, errand, sha256) if contents.blocks else Draft(name, sha256)


def _draft(name: str, contents: Contents, errand: Errand, sha256: str) -> Draft:
    """The letter in a file.

    Raises:
        UnreadableFile: none can be made of it.
    """
    try:
        return _letter_draft(name, contents, errand, sha256)
    except Exception as error:  # one letter that nobody thought of may not stop the rest
        raise UnreadableFile(
            f"Van dit bestand kan geen brief worden gemaakt ({type(error).__name__}).",
            "Bewaar het als platte tekst en meld dit aan de makers.",
        ) from error


def _letter_draft(name: str, contents: Contents, errand: Errand, sha256: str) -> Draft:
    letter, stretches = letter_of(
        contents.blocks,
        identifier=id_inside(errand.file, name),
        source=source_inside(errand.file, name),
        sha256=sha256,
        stated=errand.rows.get(key_inside(name), {}),
    )
    passages = passages_of(letter, stretches, errand.version(sha256), errand.sizes)
    told = told_by(letter.text)
    return Draft(name, sha256, letter, tuple(passages), digest_of(told), sketch_of(told))


def sha256_of(path: Path) -> str:
    """Hex digest of a file's bytes, read a little at a time.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
