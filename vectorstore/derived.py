"""A database file of what is derived from the archive and can be thrown away: SQLite, made anew when it is damaged."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

Row = tuple[Any, ...]


class DamagedFile(Exception):
    """The file cannot be read or written; `DerivedFile.start_over` makes it anew, `to_memory` does without it."""


class BusyFile(DamagedFile):
    """Another process kept the file for longer than we wait; only `to_memory` helps."""


class DerivedFile:
    """Tables in a file that several processes may use, or in memory where there is no such file.

    Args:
        path: of the file; None keeps the tables in memory.
        schema: statements that make the tables where there are none.
        patience: seconds to wait for another process that is writing.
    """

    def __init__(self, path: Path | None, schema: str, patience: float = 30.0) -> None:
        self.path = path
        self._schema = schema
        self._patience = patience
        self._connection: sqlite3.Connection = sqlite3.connect(":memory:")
        try:
            self._open()
        except BusyFile:
            self.to_memory()
        except DamagedFile:
            self.start_over()

    def _open(self) -> None:
        self._connection.close()
        with _translated():
            if self.path is not None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            name = ":memory:" if self.path is None else str(self.path)
            self._connection = sqlite3.connect(
                name, timeout=self._patience, isolation_level=None, check_same_thread=False
            )
            self._connection.executescript(f"PRAGMA synchronous = NORMAL; {self._schema}")

    def start_over(self) -> None:
        """Throw the file away and make it anew; in memory when that cannot be done."""
        self._connection.close()
        try:
            if self.path is not None:
                for suffix in ("", "-journal"):
                    self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
            self._open()
        except (DamagedFile, OSError):
            self.to_memory()

    def to_memory(self) -> None:
        """Keep empty tables in memory from now on."""
        self.path = None
        self._open()

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Row]:
        """What a query gives.

        Raises:
            DamagedFile: the file cannot be read.
        """
        with _translated():
            return self._connection.execute(query, values).fetchall()

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The right to write; all of it is kept, or nothing when something is raised.

        Raises:
            DamagedFile: the file cannot be written.
            BusyFile: another process keeps it too long.
        """
        with _translated():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        busy = error.sqlite_errorcode == sqlite3.SQLITE_BUSY
        raise (BusyFile if busy else DamagedFile)(str(error)) from error
    except (sqlite3.Error, OSError) as error:
        raise DamagedFile(str(error)) from error
