"""A copy of the archive's records at one revision, so that opening an archive reads only what changed since.

Derived: what is wrong with the file is never worse than reading all records from Chroma again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from vectorstore.derived import DamagedFile, DerivedFile
from vectorstore.letters import Card
from vectorstore.records import FileRecord, Live, Revision, card_from, card_json, file_from, file_json

_SCHEMA = """
CREATE TABLE IF NOT EXISTS revision (text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS records (id TEXT PRIMARY KEY, file TEXT NOT NULL, card TEXT) WITHOUT ROWID;
"""
_PATIENCE = 2.0
"""Seconds to wait for a process that saves the same."""


class Snapshot:
    """The records of an archive as they were at a revision.

    Args:
        path: of the file.
    """

    def __init__(self, path: Path) -> None:
        self._file = DerivedFile(path, _SCHEMA, _PATIENCE)

    def load(self) -> Live | None:
        """The records, None when there are none to rely on."""
        try:
            rows = self._file.rows("SELECT file, card, (SELECT text FROM revision) FROM records")
            if not rows:
                return None
            live = Live(Revision.read(rows[0][2]))
            for file, card, _ in rows:
                live.add(file_from(file), card_from(card) if card else None)
            return live
        except (DamagedFile, ValueError, TypeError):
            self._file.start_over()
            return None

    def save(self, live: Live, base: Revision | None, changed: Iterable[str]) -> None:
        """Bring the copy from one revision to that of `live`; left alone when it is at another.

        Args:
            live: all records.
            base: the revision before the change; None puts `live` in place of whatever there is.
            changed: ids of the records that were added, replaced or removed since `base`.
        """
        names = list(changed) if base else list(live.records)
        with contextlib.suppress(DamagedFile), self._file.writing() as database:
            saved = database.execute("SELECT text FROM revision").fetchone()
            if base and (saved is None or saved[0] != str(base)):
                return
            if base is None:
                database.execute("DELETE FROM records")
            database.execute("DELETE FROM revision")
            database.execute("INSERT INTO revision VALUES (?)", (str(live.revision),))
            database.executemany("DELETE FROM records WHERE id = ?", [(name,) for name in names])
            rows = _rows(names, live.records, live.cards)
            database.executemany("INSERT INTO records VALUES (?, ?, ?)", rows)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _rows(
    names: Iterable[str], records: Mapping[str, FileRecord], cards: Mapping[str, Card]
) -> Iterable[tuple[str, str, str | None]]:
    for name in names:
        if name in records:
            yield name, file_json(records[name]), card_json(cards[name]) if name in cards else None
