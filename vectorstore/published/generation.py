"""Generations: folders of files derived from an archive, complete, never changed, each with the hash of every file.

A generation is prepared beside the others and appears by the renaming of its folder, so that a reader finds all of it or
nothing. Readers use the one with the highest number. Older ones are removed when a new one appears: a system on which
open files can be removed keeps them for who has them open, one on which they cannot refuses until the next time.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from vectorstore.store.archive_state import Fingerprint

FORMAT: Final = 1

_FOLDER: Final = "published"
_WORK: Final = "new"
_MANIFEST: Final = "generation.json"
_CHECKS_AT_ONCE: Final = 4


class DamagedGeneration(Exception):
    """Files of a generation are missing or not as they were published."""


class NoGeneration(Exception):
    """Nothing has been published yet."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The description of a generation.

    Attributes:
        number: counts the generations of an archive.
        revision: of the archive, as `Store.revision` gives it.
        fingerprint: the parts it was built with.
        letters, passages: how many it holds.
        made: time of publication, in ISO format.
        files: size and SHA-256 of each file, by its path in the folder.
        format: of the files.
    """

    number: int
    revision: str
    fingerprint: Fingerprint
    letters: int
    passages: int
    made: str
    files: Mapping[str, tuple[int, str]]
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Write it into the folder of the generation, with a hash of its own."""
        body = orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2)
        _write_durably(folder / _MANIFEST, hashlib.sha256(body).hexdigest().encode() + b"\n" + body)

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read that of a generation.

        Raises:
            DamagedGeneration: it is missing, changed or of another format.
        """
        try:
            digest, _, body = (folder / _MANIFEST).read_bytes().partition(b"\n")
            if hashlib.sha256(body).hexdigest().encode() != digest:
                raise DamagedGeneration(f"{_MANIFEST} is veranderd")
            values: dict[str, Any] = orjson.loads(body)
            if values["format"] != FORMAT:
                raise DamagedGeneration(f"format {values['format']}")
            files = {path: (size, sha256) for path, (size, sha256) in values.pop("files").items()}
            return cls(fingerprint=Fingerprint(**values.pop("fingerprint")), files=files, **values)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DamagedGeneration(str(error)) from error


@dataclass(frozen=True, slots=True)
class Generation:
    """A published generation.

    Attributes:
        folder: that holds its files.
        manifest: its description.
        identity: tells it from another with the same name in another archive.
    """

    folder: Path
    manifest: Manifest
    identity: tuple[int, int]

    @classmethod
    def read(cls, folder: Path) -> Generation:
        """Read the description of the generation in a folder.

        Raises:
            DamagedGeneration: it cannot be read.
        """
        return cls(folder, Manifest.read(folder), _identity_of(folder))

    def check(self) -> None:
        """Check that every file is as it was published.

        Raises:
            DamagedGeneration: one is not; says which.
        """
        with ThreadPoolExecutor(_CHECKS_AT_ONCE) as pool:
            for problem in pool.map(self._problem_of, self.manifest.files):
                if problem:
                    raise DamagedGeneration(problem)

    def _problem_of(self, name: str) -> str:
        """Return what is wrong with a file; empty if nothing is."""
        size, sha256 = self.manifest.files[name]
        path = self.folder / name
        try:
            if path.stat().st_size != size:
                return f"{name} heeft een andere grootte"
            with path.open("rb") as file:
                return "" if hashlib.file_digest(file, "sha256").hexdigest() == sha256 else f"{name} is veranderd"
        except OSError as error:
            return f"{name}: {error.strerror}"

    @property
    def is_current(self) -> bool:
        """Check whether it is still there and no newer one was published."""
        try:
            return _newest(self.folder.parent.parent) == self.folder.name and _identity_of(self.folder) == self.identity
        except DamagedGeneration:
            return False


def latest(data: Path, *, checked: bool = True) -> Generation:
    """Return the newest generation of the archive in a folder.

    Args:
        data: folder of the archive.
        checked: check all its files.

    Raises:
        NoGeneration: nothing was published.
        DamagedGeneration: it is damaged.
    """
    while True:
        name = _newest(data)
        if name is None:
            raise NoGeneration(str(data))
        try:
            generation = Generation.read(data / _FOLDER / name)
            if checked:
                generation.check()
        except DamagedGeneration:
            if _newest(data) == name:
                raise
        else:
            return generation


def _identity_of(folder: Path) -> tuple[int, int]:
    try:
        stat = (folder / _MANIFEST).stat()
    except OSError as error:
        raise DamagedGeneration(str(error)) from error
    return stat.st_ino, stat.st_mtime_ns


def _newest(data: Path) -> str | None:
    """Return the name of the newest generation, or None."""
    try:
        names = [entry.name for entry in os.scandir(data / _FOLDER) if entry.name.isdecimal()]
    except (FileNotFoundError, NotADirectoryError):
        return None
    return max(names, key=int, default=None)


@contextlib.contextmanager
def workspace(data: Path) -> Iterator[Path]:
    """Yield an empty folder in which the next generation is prepared; one writer at a time may do so."""
    folder = data / _FOLDER / _WORK
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(work: Path, *, revision: str, fingerprint: Fingerprint, letters: int, passages: int) -> Generation:
    """Publish what was prepared in a workspace, and remove older generations.

    Args:
        work: the workspace.
        revision, fingerprint, letters, passages: as in `Manifest`.
    """
    data = work.parent.parent
    number = int(_newest(data) or 0) + 1
    for lock in work.rglob("*.lock"):
        lock.unlink()
    paths = sorted(path for path in work.rglob("*") if path.is_file())
    with ThreadPoolExecutor(_CHECKS_AT_ONCE) as pool:
        files = dict(zip((p.relative_to(work).as_posix() for p in paths), pool.map(_seal, paths), strict=True))
    made = dt.datetime.now().astimezone().isoformat(timespec="seconds")
    manifest = Manifest(number, revision, fingerprint, letters, passages, made, files)
    manifest.write(work)
    folder = work.with_name(f"{number:08d}")
    os.rename(work, folder)
    remove_others(folder)
    return Generation.read(folder)


def remove_others(folder: Path) -> None:
    """Remove all generations but the one in this folder, as far as readers let go of them."""
    for entry in folder.parent.iterdir():
        if entry != folder:
            shutil.rmtree(entry, ignore_errors=True)


def _seal(path: Path) -> tuple[int, str]:
    """Write a file through to the disk; return its size and SHA-256."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
        with contextlib.suppress(OSError):
            os.fsync(file.fileno())
    return size, digest


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
