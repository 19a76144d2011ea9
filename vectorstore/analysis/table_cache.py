"""A cache for tables that take long to compute, kept in a file as long as none of their sources change."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

Table = TypeVar("Table", bound=dict[str, Any])


def digest_of(*sources: Path | str) -> str:
    """Return the hex digest of the bytes of files and of strings."""
    digest = hashlib.sha256()
    for source in sources:
        content = source.read_bytes() if isinstance(source, Path) else source.encode()
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


class Memory:
    """Tables cached in a file, which is ignored if its sources changed, if it is damaged or if it cannot be written. Any
    number of threads may ask for them.

    Args:
        path: of the file, created when missing; None to cache nothing.
        sources: everything the tables are computed from, program files included.
    """

    def __init__(self, path: Path | None, sources: Iterable[Path | str]) -> None:
        self._path = path
        self._digest = digest_of(*sources) if path else ""
        self._lock = threading.Lock()
        self._tables: dict[str, Any] = self._read()

    def recall(self, name: str, make: Callable[[], Table]) -> Table:
        """Return the table of that name, computing and storing it if missing; it must survive a round trip through
        JSON."""
        if name not in self._tables:
            made = make()  # Not under the lock: a table may be made of another one.
            with self._lock:
                self._tables.setdefault(name, made)
                self._write()
        table: Table = self._tables[name]
        return table

    def _read(self) -> dict[str, Any]:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            held = json.loads(self._path.read_bytes()) if self._path else {}
            if held["digest"] == self._digest:
                return dict(held["tables"])
        return {}

    def _write(self) -> None:
        """Replace the whole file atomically, so that another process reads either the old one or the new one."""
        if self._path is None:
            return
        aside = self._path.with_name(f"{self._path.name}.{secrets.token_hex(4)}")
        with contextlib.suppress(OSError):
            try:
                aside.write_text(json.dumps({"digest": self._digest, "tables": self._tables}), encoding="utf-8")
                os.replace(aside, self._path)
            finally:
                aside.unlink(missing_ok=True)
