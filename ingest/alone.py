"""The lock that one writer of an archive has at a time, and that a killed one lets go of."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import filelock

from vectorstore.errors import ArchiveUnavailable


@contextlib.contextmanager
def writing_alone(folder: Path) -> Iterator[None]:
    """Be the only process of this machine that writes the archive in a folder.

    Raises:
        ArchiveUnavailable: another one is writing it, or the folder cannot be written.
    """
    lock = filelock.FileLock(folder / "ingest.lock", timeout=1)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except filelock.Timeout:
        raise ArchiveUnavailable(
            "Een andere opdracht schrijft nu in dit archief.", "Wacht tot die klaar is en probeer het opnieuw."
        ) from None
    except OSError as error:
        raise ArchiveUnavailable(
            f"In de map {folder} kan niet worden geschreven ({error.strerror}).", "Kies een andere map met --data."
        ) from error
    try:
        yield
    finally:
        lock.release()
