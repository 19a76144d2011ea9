"""Waiting for what other threads and processes do."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

PATIENCE: Final = 60.0
"""Seconds within which something must have happened, however busy the machine."""


def until(holds: Callable[[], object]) -> bool:
    """Wait until something holds; whether it does."""
    deadline = time.monotonic() + PATIENCE
    while not (held := bool(holds())) and time.monotonic() < deadline:
        time.sleep(0.05)
    return held
