"""Dates of letters that do not state one, as other letters of the archive give them.

A letter without a date gets one only when another letter names it by kenmerk with a date, or quotes at least twelve
words of it and says from which date they are; when two letters disagree, it gets none.

What each letter says of others is remembered in a file derived from the archive, by the version of the letter, so that
only new letters are compared with the others.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from ingest.references import LEAST_QUOTED, dates_beside, mentions_in, name_of, quotes_in, words_of
from vectorstore.derived import DamagedFile, DerivedFile
from vectorstore.letters import DateBasis, Letter
from vectorstore.store import Store

_FORMAT: Final = "1"
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS letters (
    id TEXT PRIMARY KEY, version TEXT NOT NULL, reference TEXT, name TEXT, words TEXT, fresh INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS letters_by_name ON letters (name) WHERE words IS NOT NULL;
CREATE INDEX IF NOT EXISTS letters_by_fresh ON letters (fresh);
CREATE TABLE IF NOT EXISTS mentions (place INTEGER PRIMARY KEY, giver TEXT NOT NULL, beside TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS mentions_by_giver ON mentions (giver);
CREATE TABLE IF NOT EXISTS names (name TEXT NOT NULL, mention INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS names_by_name ON names (name);
CREATE INDEX IF NOT EXISTS names_by_mention ON names (mention);
CREATE TABLE IF NOT EXISTS quotes (giver TEXT NOT NULL, date TEXT NOT NULL, words TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS quotes_by_giver ON quotes (giver);
CREATE TABLE IF NOT EXISTS found (receiver TEXT NOT NULL, giver TEXT NOT NULL, date TEXT NOT NULL,
    UNIQUE (receiver, giver, date));
CREATE INDEX IF NOT EXISTS found_by_giver ON found (giver);
"""
_BATCH: Final = 200
"""Letters read from the store at once."""


class GivenDates:
    """The dates that the letters of a store give to those without one.

    Args:
        folder: where they are remembered.
    """

    def __init__(self, folder: Path) -> None:
        self._file = DerivedFile(folder / f"dates-{_FORMAT}.sqlite", _SCHEMA)

    def of(self, store: Store) -> Mapping[str, dt.date]:
        """The date of each undated letter that others agree on, by letter id."""
        try:
            return self._of(store)
        except DamagedFile:
            self._file.start_over()
            return self._of(store)

    def _of(self, store: Store) -> Mapping[str, dt.date]:
        wanted = store.versions()
        known: dict[str, str] = dict(self._file.rows("SELECT id, version FROM letters"))
        changed = [letter for letter, version in wanted.items() if known.get(letter) != version]
        gone = [letter for letter in known if letter not in wanted]
        if changed or gone:
            with self._file.writing() as database:
                _forget(database, [*changed, *gone])
                for start in range(0, len(changed), _BATCH):
                    for letter in store.letters(changed[start : start + _BATCH]):
                        _remember(database, letter, wanted[letter.id])
                _compare(database)
                database.execute("UPDATE letters SET fresh = 0 WHERE fresh = 1")
        agreed = "SELECT receiver, min(date) FROM found GROUP BY receiver HAVING count(DISTINCT date) = 1"
        return {receiver: dt.date.fromisoformat(date) for receiver, date in self._file.rows(agreed)}

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _forget(database: sqlite3.Connection, letters: Iterable[str]) -> None:
    """Forget letters, what they say, and what is said of them."""
    for condition in (
        "names WHERE mention IN (SELECT place FROM mentions WHERE giver = ?)",
        "mentions WHERE giver = ?",
        "quotes WHERE giver = ?",
        "found WHERE giver = ?",
        "found WHERE receiver = ?",
        "letters WHERE id = ?",
    ):
        database.executemany(f"DELETE FROM {condition}", ((letter,) for letter in letters))


def _remember(database: sqlite3.Connection, letter: Letter, version: str) -> None:
    """Take down what a letter says of others, and of one without a date all its words."""
    undated = letter.date_basis in (DateBasis.UNKNOWN, DateBasis.INFERRED)
    name = name_of(letter.reference) if letter.reference else None
    row = (letter.id, version, letter.reference, name, words_of(letter.text) if undated else None)
    database.execute("INSERT INTO letters VALUES (?, ?, ?, ?, ?, 1)", row)
    for mention in mentions_in(letter.text):
        place = database.execute("INSERT INTO mentions VALUES (NULL, ?, ?)", (letter.id, mention.beside)).lastrowid
        database.executemany("INSERT INTO names VALUES (?, ?)", [(name, place) for name in mention.names])
    quotes = [(letter.id, quote.date.isoformat(), quote.words) for quote in quotes_in(letter)]
    database.executemany("INSERT INTO quotes VALUES (?, ?, ?)", quotes)


def _compare(database: sqlite3.Connection) -> None:
    """Find the dates that fresh letters give to undated ones and get from any."""
    for found in (_named(database), _quoted_by_any(database), _quoted_by_fresh(database)):
        database.executemany("INSERT OR IGNORE INTO found VALUES (?, ?, ?)", list(found))


def _named(database: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """Receiver, giver and date where an undated letter is named with a date, one of the two fresh."""
    chosen = "SELECT r.id, r.reference, m.giver, m.beside FROM"
    joined = "r.id != m.giver AND r.words IS NOT NULL"
    for query in (
        f"{chosen} letters r JOIN names n ON n.name = r.name JOIN mentions m ON m.place = n.mention "
        f"WHERE r.fresh = 1 AND {joined}",
        f"{chosen} letters g JOIN mentions m ON m.giver = g.id JOIN names n ON n.mention = m.place "
        f"JOIN letters r ON r.name = n.name WHERE g.fresh = 1 AND {joined}",
    ):
        for receiver, reference, giver, beside in database.execute(query).fetchall():
            for date in dates_beside(beside, reference):
                yield receiver, giver, date.isoformat()


def _quoted_by_any(database: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """Receiver, giver and date where a fresh undated letter is quoted with a date."""
    fresh = database.execute("SELECT id, words FROM letters WHERE words IS NOT NULL AND fresh = 1").fetchall()
    by_opening: dict[str, list[tuple[str, str, str]]] = {}
    for giver, date, quoted in database.execute("SELECT giver, date, words FROM quotes") if fresh else ():
        opening = " ".join(quoted.split(maxsplit=LEAST_QUOTED)[:LEAST_QUOTED])
        by_opening.setdefault(opening, []).append((giver, date, quoted))
    for receiver, text in fresh if by_opening else ():
        words = text.split()
        openings = {" ".join(words[i : i + LEAST_QUOTED]) for i in range(len(words) - LEAST_QUOTED + 1)}
        for opening in openings & by_opening.keys():
            for giver, date, quoted in by_opening[opening]:
                if giver != receiver and quoted in text:
                    yield receiver, giver, date


def _quoted_by_fresh(database: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """Receiver, giver and date where a fresh letter quotes an undated one that was there before."""
    yield from database.execute(
        "SELECT r.id, q.giver, q.date FROM letters g JOIN quotes q ON q.giver = g.id "
        "JOIN letters r ON r.words IS NOT NULL AND r.fresh = 0 AND instr(r.words, q.words) WHERE g.fresh = 1"
    )
