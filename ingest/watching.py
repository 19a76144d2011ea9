"""A folder kept in step with its archive: when to look again."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import watchfiles

_AT_LEAST_EVERY = 300.0
"""Seconds after which to look even when nothing was noticed: of network drives a computer is not told what others change."""

_QUIET = 2000
"""Milliseconds to wait for more after something changed, so that a file is whole when it is read."""


def changes(paths: Sequence[Path], but: Path, every: float = _AT_LEAST_EVERY) -> Iterator[None]:
    """One value whenever something under the paths may have changed; it ends with Ctrl-C.

    Args:
        paths: files and folders; those that are gone for a while, like a network drive, are waited for.
        but: folder of which changes do not count: that of the archive, which may stand among the letters.
        every: seconds after which to look in any case.
    """
    while True:
        present = [path for path in paths if path.exists()]
        began = time.monotonic()
        try:
            for _ in watchfiles.watch(
                *present,
                watch_filter=lambda _, path: not Path(path).absolute().is_relative_to(but.absolute()),
                debounce=_QUIET,
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
