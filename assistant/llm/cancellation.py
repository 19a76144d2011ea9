"""A token with which work that is going on elsewhere is cancelled."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Final


class CancelToken:
    """A token that is cancelled once, from any thread. Work that holds it ends by itself, soon."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancelled = False
        self._calls: list[Callable[[], None]] = []

    @property
    def cancelled(self) -> bool:
        """Return True when the work has to end."""
        return self._cancelled

    def cancel(self) -> None:
        """Let the work end."""
        with self._lock:
            self._cancelled = True
            calls = list(self._calls)
        for call in calls:
            call()

    @contextlib.contextmanager
    def on_cancel(self, call: Callable[[], None]) -> Iterator[None]:
        """Call something when the token is cancelled, while the context lasts; at once when it is cancelled already.

        Args:
            call: safe to call from any thread, more than once, and quick.
        """
        with self._lock:
            self._calls.append(call)
            cancelled = self._cancelled
        try:
            if cancelled:
                call()
            yield
        finally:
            with self._lock:
                self._calls.remove(call)


NEVER: Final = CancelToken()
"""A token that is never cancelled."""
