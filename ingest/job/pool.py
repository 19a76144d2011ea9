"""Worker processes that read files for the job: on all cores, each with a memory limit and a timeout.

A file that crashes the library that reads it, or makes it run forever, takes down one process and not the job.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import TimeoutError as TooLong
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import BaseContext
from types import TracebackType
from typing import Final

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from ingest.job.worker import PendingResult, ReadResult, ReadTask, read

MEMORY: Final = 2 << 30
"""Bytes of address space that a process may take."""

_PATIENCE: Final = 120.0
"""Seconds that any file may take."""

_PATIENCE_A_MEGABYTE: Final = 240.0
"""Seconds allowed per megabyte: a scanned page is at least 30 kilobytes and takes seconds to recognise."""

_DEAD: Final = (ProcessExpired, BrokenProcessPool)
"""Errors that say that a process, or all of them, died over a file or were killed."""

_PAUSES: Final = (0.1, 0.5, 2.0)
"""Seconds before a file whose process died is read again, and before processes are started once more."""

_LOST: Final = "Het lezen van dit bestand liep vast. Open het zelf en bewaar het opnieuw, of bewaar het als PDF."
_SLOW: Final = "Het lezen van dit bestand duurde te lang. Splits het in kleinere bestanden, of bewaar het opnieuw."
_LARGE: Final = "Dit bestand vraagt te veel geheugen. Splits het in kleinere bestanden, of bewaar het opnieuw."


def _prepare(memory: int) -> None:
    """Limit the memory of this process, leave Ctrl-C to its parent, and end when the parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "setpgrp"):
        os.setpgrp()
    signal.signal(signal.SIGTERM, _end)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _end(*_: object) -> None:
    """End this process and those it started, such as text recognition."""
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        _end()


def _context() -> BaseContext:
    """Return how to start processes: from one that has imported the readers, if the system can."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    from multiprocessing import forkserver, resource_tracker

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([read.__module__])
    resource_tracker.ensure_running()
    with _deaf_to_interrupts():
        forkserver.ensure_running()
    return context


@contextlib.contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let processes started here never hear Ctrl-C, which a terminal sends to all: this process hears it and ends them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait: a process that is left halfway its start, or not ended, would complain of it to the user."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []
    former = signal.signal(signal.SIGINT, lambda number, _: heard.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, former)
        for number in heard[:1]:
            signal.raise_signal(number)


class Workers:
    """Worker processes that read files, started when the first file comes.

    Args:
        count: how many processes; by default one for each core.
        memory: bytes of address space that each may take.
        patience: seconds that a file may take, on top of the allowance for its size.
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
        """Stop the processes, whatever they are doing; they start again when there is a file to read."""
        if self._pool is not None:
            with _uninterrupted():
                self._pool.stop()
                self._pool.join()
                self._pool = None

    def __call__(self, task: ReadTask) -> PendingResult:
        """Start to read a file. It is read again when its process was killed: the file need not be the cause."""
        first = self._schedule(task)

        def wait() -> tuple[ReadResult, ...]:
            try:
                return self._read_again(task, first)
            except TooLong:
                return (ReadResult(problem=_SLOW),)
            except MemoryError:
                return (ReadResult(problem=_LARGE),)
            except _DEAD:
                return (ReadResult(problem=_LOST),)

        return wait

    def _read_again(self, task: ReadTask, first: ProcessFuture[tuple[ReadResult, ...]]) -> tuple[ReadResult, ...]:
        """Return what was read of a file, read again after each pause while its process dies.

        More than once, as those that were killed together are found to be dead one after another.
        """
        pending = first
        for pause in _PAUSES:
            with contextlib.suppress(*_DEAD):
                return pending.result()
            time.sleep(pause)
            pending = self._schedule(task)
        return pending.result()

    def _schedule(self, task: ReadTask) -> ProcessFuture[tuple[ReadResult, ...]]:
        """Give a file to a process; when none can be started, as all were killed just now, try again."""
        for pause in _PAUSES:
            with contextlib.suppress(BrokenProcessPool):
                return self._running().schedule(read, args=[task], timeout=self.patience_for(task))
            self.close()
            time.sleep(pause)
        return self._running().schedule(read, args=[task], timeout=self.patience_for(task))

    def _running(self) -> ProcessPool:
        """Return the pool, a new one when there is none or all its processes are gone."""
        if self._pool is not None and not self._pool.active:
            self.close()
        if self._pool is None:
            with _uninterrupted():
                self._pool = ProcessPool(
                    max_workers=self._count,
                    max_tasks=500,
                    initializer=_prepare,
                    initargs=[self._memory],
                    context=_context(),
                )
                with contextlib.suppress(ProcessExpired):
                    self._pool.schedule(os.getpid).result()
        return self._pool

    def patience_for(self, task: ReadTask) -> float:
        """Return how many seconds a file may take: more, the larger it is."""
        size = 0
        with contextlib.suppress(OSError):
            size = task.file.path.stat().st_size
        return self._patience + _PATIENCE_A_MEGABYTE * size / 1e6
