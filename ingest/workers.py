"""Processes that read files for the job: on all cores, each with a bound on its memory and a limit to its patience.

A file that crashes the library that reads it, or makes it run forever, takes a process with it and not the job.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from concurrent.futures import TimeoutError as TooLong
from multiprocessing.context import BaseContext
from types import TracebackType
from typing import Final

from pebble import ProcessExpired, ProcessPool

from ingest.reading import Draft, Errand, Reading, read

MEMORY: Final = 2 << 30
"""Bytes of address space that a process may take."""

_PATIENCE: Final = 120.0
"""Seconds that any file may take."""

_PATIENCE_A_MEGABYTE: Final = 240.0
"""Seconds that a file may take for each megabyte: a page of a scan is 30 kilobytes at least, and recognised in seconds."""

_LOST: Final = "Het lezen van dit bestand liep vast. Open het zelf en bewaar het opnieuw, of bewaar het als PDF."
_SLOW: Final = "Het lezen van dit bestand duurde te lang. Splits het in kleinere bestanden, of bewaar het opnieuw."
_LARGE: Final = "Dit bestand vraagt te veel geheugen. Splits het in kleinere bestanden, of bewaar het opnieuw."


def _prepare(memory: int) -> None:
    """Bound the memory of this process, leave Ctrl-C to the one that started it, and end when that does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "setpgrp"):
        os.setpgrp()
    signal.signal(signal.SIGTERM, _end)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _end(*_: object) -> None:
    """End this process and those it started, such as one that recognises text."""
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        _end()


def _context() -> BaseContext:
    """How processes are started: from one that has imported what reads files, where the system can."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([read.__module__])
    return context


class Workers:
    """Reads files in other processes, which start when the first file comes.

    Args:
        count: how many processes; by default one for each core.
        memory: bytes of address space that each may take.
        patience: seconds that a file may take, beside what it may take for its size.
    """

    def __init__(self, count: int | None = None, *, memory: int = MEMORY, patience: float = _PATIENCE) -> None:
        self._count = count or os.cpu_count() or 1
        self._memory = memory
        self._patience = patience
        self._pool: ProcessPool | None = None
        self.width = 2 * self._count

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the processes go, whatever they are at; they start again when there is a file to read."""
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()
            self._pool = None

    def __call__(self, errand: Errand) -> Reading:
        """Begin to read a file."""
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=self._count,
                max_tasks=500,
                initializer=_prepare,
                initargs=[self._memory],
                context=_context(),
            )
        future = self._pool.schedule(read, args=[errand], timeout=self._patience_for(errand))

        def result() -> tuple[Draft, ...]:
            try:
                drafts: tuple[Draft, ...] = future.result()
            except TooLong:
                return (Draft(problem=_SLOW),)
            except MemoryError:
                return (Draft(problem=_LARGE),)
            except ProcessExpired:
                return (Draft(problem=_LOST),)
            return drafts

        return result

    def _patience_for(self, errand: Errand) -> float:
        size = 0
        with contextlib.suppress(OSError):
            size = errand.file.path.stat().st_size
        return self._patience + _PATIENCE_A_MEGABYTE * size / 1e6
