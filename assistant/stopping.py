"""Somebody's wish that work which is going on elsewhere stops."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Final


class Stop:
    """A wish to stop, which can be made from any thread, once. Work that hears of it ends by itself, soon."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wished = False
        self._hearing: list[Callable[[], None]] = []

    @property
    def wished(self) -> bool:
        """Whether somebody wants the work to stop."""
        return self._wished

    def wish(self) -> None:
        """Let the work stop."""
        with self._lock:
            self._wished = True
            hearing = list(self._hearing)
        for hear in hearing:
            hear()

    @contextlib.contextmanager
    def heard_by(self, hear: Callable[[], None]) -> Iterator[None]:
        """Call something when the wish is made, while the context lasts; at once when it was made before.

        Args:
            hear: safe to call from any thread, more than once, and quick.
        """
        with self._lock:
            self._hearing.append(hear)
            wished = self._wished
        try:
            if wished:
                hear()
            yield
        finally:
            with self._lock:
                self._hearing.remove(hear)


NEVER: Final = Stop()
"""A wish that nobody makes."""
