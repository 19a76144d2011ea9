"""Tables that take long to compute, kept in a file for the next run as long as nothing they come from changed."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

Table = TypeVar("Table", bound=dict[str, Any])


def digest_of(*sources: Path | str) -> str:
    """Hex digest of the bytes of files and of strings."""
    digest = hashlib.sha256()
    for source in sources:
        content = source.read_bytes() if isinstance(source, Path) else source.encode()
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


class Memory:
    """Tables in a file that counts for nothing when it was made of something else, is damaged or cannot be written.

    Args:
        path: of the file, made when it is not there; None to remember nothing.
        sources: everything the tables follow from, programs included.
    """

    def __init__(self, path: Path | None, sources: Iterable[Path | str]) -> None:
        self._path = path
        self._digest = digest_of(*sources) if path else ""
        self._tables: dict[str, Any] = self._read()

    def recall(self, name: str, make: Callable[[], Table]) -> Table:
        """The table of that name, made now and kept when it was not; JSON must give it back as it was."""
        if name not in self._tables:
            self._tables[name] = make()
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
        """Put the whole file in place at once, so that another process reads the old one or the new one."""
        if self._path is None:
            return
        aside = self._path.with_name(f"{self._path.name}.{secrets.token_hex(4)}")
        with contextlib.suppress(OSError):
            try:
                aside.write_text(json.dumps({"digest": self._digest, "tables": self._tables}), encoding="utf-8")
                os.replace(aside, self._path)
            finally:
                aside.unlink(missing_ok=True)
