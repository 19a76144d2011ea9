"""A database file of data derived from the archive: SQLite, written by one process and then only read."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

Row = tuple[Any, ...]


class DerivedFile:
    """Tables in a file, or in memory. Reading is safe for use by several threads at once.

    Args:
        path: of the file; None keeps the tables in memory.
        schema: statements that make the tables where there are none; None to read a file that nobody changes.

    Raises:
        sqlite3.Error: it cannot be opened; so do all methods.
    """

    def __init__(self, path: Path | None, schema: str | None) -> None:
        if schema is None and path is not None:
            name = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        else:
            name = ":memory:" if path is None else path.absolute().as_uri()
        self._connection = sqlite3.connect(name, uri=True, isolation_level=None, check_same_thread=False)
        if schema is not None:
            self._connection.executescript(f"PRAGMA synchronous = OFF; {schema}")

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Row]:
        """Return the rows of a query."""
        return self._connection.execute(query, values).fetchall()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Commit all changes together, or none if an error is raised."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
            self._connection.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise

    def compact(self) -> None:
        """Take what was deleted out of the file."""
        self._connection.execute("VACUUM")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
