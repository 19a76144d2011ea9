"""How a command ends on Ctrl-C: at once, and never in a traceback."""

from __future__ import annotations

import _thread
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Final, NoReturn

INTERRUPTED: Final = 130
"""Exit status of a command that was interrupted, as shells have it."""

_AGAIN: Final = 3.0
"""Seconds after which Ctrl-C that had no effect is raised again; what it ends in order takes less."""


def leave() -> NoReturn:
    """End the process after Ctrl-C; whoever presses it again, or finalisers that take their time, change nothing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(INTERRUPTED)


@contextlib.contextmanager
def hear_interrupts_everywhere() -> Iterator[None]:
    """Raise Ctrl-C again until it has ended what runs in this context.

    It has no effect where it comes in a finaliser, of which Python prints the error and goes on, and where a library catches
    whatever goes wrong, as some do around an import. Only the main thread can hear it; elsewhere, and where it is not to be
    heard at all, nothing changes.
    """
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    ):
        yield
        return
    reminders: list[threading.Timer] = []
    printed = sys.unraisablehook

    def hear(_number: int, _frame: FrameType | None) -> None:
        reminder = threading.Timer(_AGAIN, _thread.interrupt_main)
        reminder.daemon = True
        reminder.start()
        reminders.append(reminder)
        raise KeyboardInterrupt

    def print_others(ignored: sys.UnraisableHookArgs) -> None:
        if not issubclass(ignored.exc_type, KeyboardInterrupt):
            printed(ignored)

    signal.signal(signal.SIGINT, hear)
    sys.unraisablehook = print_others
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.unraisablehook = printed
        for reminder in reminders:
            reminder.cancel()
