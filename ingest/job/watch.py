"""Watching a folder, to know when its archive must be brought up to date."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import watchfiles

from vectorstore.archive_folder import is_own_name

_AT_LEAST_EVERY = 300.0
"""Seconds after which to look even without a notification: network drives do not report the changes of others."""

_QUIET = 2000
"""Milliseconds to wait for more changes after the first, so that a file is complete when it is read."""


_GLANCE = 1.0
"""Seconds after which to see whether a folder came or went."""


@dataclass(slots=True)
class InterruptFlag:
    """A flag for Ctrl-C: an event without a lock, because a signal handler may not wait for one."""

    pressed: bool = False

    def is_set(self) -> bool:
        """Check whether Ctrl-C was pressed."""
        return self.pressed


@contextlib.contextmanager
def listen_for_interrupts() -> Iterator[InterruptFlag]:
    """Listen for Ctrl-C, which still raises KeyboardInterrupt; Python swallows that one in a finaliser.

    This also works in a background job of a script, where Python by default ignores it. Enter it in the main thread, as
    Python requires of signal handlers.
    """
    heard = InterruptFlag()

    def hear(number: int, frame: FrameType | None) -> None:
        heard.pressed = True
        signal.default_int_handler(number, frame)

    former = signal.signal(signal.SIGINT, hear)
    try:
        yield heard
    finally:
        signal.signal(signal.SIGINT, former)


def watch_changes(
    paths: Sequence[Path], but: Path, stop: InterruptFlag, every: float = _AT_LEAST_EVERY
) -> Iterator[None]:
    """Yield once whenever something under the paths may have changed, until told to stop.

    The first time is as soon as the watch has begun, for what changed after the caller looked and before that.

    Args:
        paths: files and folders; those that are temporarily gone, like a network drive, are waited for.
        but: folder of the archive, which may be among the letters; changes of what is its own are ignored.
        stop: ends the iteration when set.
        every: seconds after which to look in any case.
    """
    while not stop.is_set():
        present = [path for path in paths if path.exists()]
        began, due = time.monotonic(), 0.0
        try:
            for changes in watchfiles.watch(
                *present,
                watch_filter=lambda _, path: not _is_own(Path(path), but),
                debounce=_QUIET,
                stop_event=stop,
                rust_timeout=int(1000 * min(every, _GLANCE)),
                yield_on_timeout=True,
                raise_interrupt=True,
                ignore_permission_denied=True,
            ):
                others = present != [path for path in paths if path.exists()]
                if changes or others or time.monotonic() >= due:
                    due = time.monotonic() + every
                    yield
                if others:
                    break
        except OSError:
            yield
        time.sleep(max(0.0, min(every, _GLANCE) - (time.monotonic() - began)))


def _is_own(path: Path, archive: Path) -> bool:
    """Check whether a path is the folder of the archive or something in it that is no letter."""
    folder = archive.absolute()
    if not path.is_relative_to(folder):
        return False
    inside = path.relative_to(folder).parts
    return not inside or is_own_name(inside[0])
