"""A folder kept in step with its archive: when to look again."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import watchfiles

_AT_LEAST_EVERY = 300.0
"""Seconds after which to look even when nothing was noticed: of network drives a computer is not told what others change."""

_QUIET = 2000
"""Milliseconds to wait for more after something changed, so that a file is whole when it is read."""


@dataclass(slots=True)
class Pressed:
    """Whether Ctrl-C was pressed: an event without a lock, which a signal may not wait for."""

    pressed: bool = False

    def is_set(self) -> bool:
        """Whether it was."""
        return self.pressed


@contextlib.contextmanager
def interruptions() -> Iterator[Pressed]:
    """Hears Ctrl-C, beside letting it raise KeyboardInterrupt, which Python forgets when it comes in a finaliser.

    It is heard in a background job of a script too, where Python by itself would ignore it. To be entered in the main
    thread, as Python asks of what listens to signals.
    """
    heard = Pressed()

    def hear(number: int, frame: FrameType | None) -> None:
        heard.pressed = True
        signal.default_int_handler(number, frame)

    former = signal.signal(signal.SIGINT, hear)
    try:
        yield heard
    finally:
        signal.signal(signal.SIGINT, former)


def changes(paths: Sequence[Path], but: Path, stop: Pressed, every: float = _AT_LEAST_EVERY) -> Iterator[None]:
    """One value whenever something under the paths may have changed, until it is to stop.

    Args:
        paths: files and folders; those that are gone for a while, like a network drive, are waited for.
        but: folder of which changes do not count: that of the archive, which may stand among the letters.
        stop: ends it when set.
        every: seconds after which to look in any case.
    """
    while not stop.is_set():
        present = [path for path in paths if path.exists()]
        began = time.monotonic()
        try:
            for _ in watchfiles.watch(
                *present,
                watch_filter=lambda _, path: not Path(path).absolute().is_relative_to(but.absolute()),
                debounce=_QUIET,
                stop_event=stop,
                rust_timeout=int(1000 * every),
                yield_on_timeout=True,
                raise_interrupt=True,
                ignore_permission_denied=True,
            ):
                yield
                if any(not path.exists() for path in present) or len(present) < sum(path.exists() for path in paths):
                    break
        except OSError:
            yield
        time.sleep(max(0.0, min(every, 1.0) - (time.monotonic() - began)))
