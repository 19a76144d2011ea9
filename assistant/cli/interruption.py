"""How a command ends on Ctrl-C: at once, and never in a traceback."""

from __future__ import annotations

import _thread
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Final, NoReturn

INTERRUPTED: Final = 130
"""Exit status of a command that was interrupted, as shells have it."""

_MOMENT: Final = 0.05
"""Seconds in which a finaliser is over."""


def leave() -> NoReturn:
    """End the process after Ctrl-C; whoever presses it again, or finalisers that take their time, change nothing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(INTERRUPTED)


@contextlib.contextmanager
def hear_interrupts_everywhere() -> Iterator[None]:
    """Raise Ctrl-C again that comes in a finaliser, where Python prints it and goes on."""
    former = sys.unraisablehook

    def hear(ignored: sys.UnraisableHookArgs) -> None:
        if issubclass(ignored.exc_type, KeyboardInterrupt):
            threading.Timer(_MOMENT, _thread.interrupt_main).start()
        else:
            former(ignored)

    sys.unraisablehook = hear
    try:
        yield
    finally:
        sys.unraisablehook = former
