"""The lock that one writer of an archive holds at a time; the lock of a killed writer is released."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import filelock

from vectorstore.errors import ArchiveUnavailable


@contextlib.contextmanager
def write_lock(folder: Path) -> Iterator[None]:
    """Hold the lock as the only process of this machine that writes the archive in a folder.

    Raises:
        ArchiveUnavailable: another one is writing it, or the folder cannot be written.
    """
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(hold_lock(folder / "ingest.lock", seconds=1))
        except OSError as error:
            raise ArchiveUnavailable(
                f"In de map {folder} kan niet worden geschreven ({error.strerror}).", "Kies een andere map met --data."
            ) from error
        yield


@contextlib.contextmanager
def hold_lock(path: Path, seconds: float) -> Iterator[None]:
    """Hold a lock of an archive.

    Args:
        path: of its file, in a folder that exists.
        seconds: to wait for it.

    Raises:
        ArchiveUnavailable: another process holds it.
        OSError: the file cannot be written.
    """
    lock = filelock.FileLock(path, timeout=seconds)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise ArchiveUnavailable(
            "Een andere opdracht schrijft nu in dit archief.", "Wacht tot die klaar is en probeer het opnieuw."
        ) from None
    try:
        yield
    finally:
        lock.release()
