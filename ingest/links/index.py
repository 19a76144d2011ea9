"""An index of the references and quotations in each letter, in a file derived from the archive.

A letter is read again only when its version changes, and only new letters are compared with the others, by looking up
runs of words, so that the work for a new letter hardly grows with the archive.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from ingest.language.dates.patterns import MOMENT
from ingest.language.dates.reader import WrittenDate, read_date
from ingest.links.quotation_matching import (
    SearchableText,
    choose_runs,
    holds,
    quotation_parts,
    runs_of,
    short_quotations,
    words_of,
)
from ingest.links.references import name_of
from ingest.links.replies import head_of, is_answered, opens, topic_of
from vectorstore.derived_file import DerivedFile
from vectorstore.letters import DateBasis, Letter, Precision, Utterance
from vectorstore.store.source import LetterSource

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS letters (
    place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, version TEXT NOT NULL, name TEXT, author TEXT NOT NULL,
    kind TEXT NOT NULL, date TEXT, precision TEXT NOT NULL, first TEXT, last TEXT, firm INTEGER NOT NULL,
    topic TEXT, start INTEGER, end INTEGER, fresh INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS letters_by_name ON letters (name);
CREATE INDEX IF NOT EXISTS letters_by_date ON letters (date);
CREATE INDEX IF NOT EXISTS letters_by_topic ON letters (topic);
CREATE INDEX IF NOT EXISTS letters_by_fresh ON letters (fresh);
CREATE TABLE IF NOT EXISTS mentions (
    giver TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, words TEXT NOT NULL, name TEXT,
    author TEXT NOT NULL, date TEXT, precision TEXT NOT NULL, opening INTEGER NOT NULL, answering INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS mentions_by_giver ON mentions (giver);
CREATE INDEX IF NOT EXISTS mentions_by_name ON mentions (name);
CREATE INDEX IF NOT EXISTS mentions_by_date ON mentions (date);
CREATE TABLE IF NOT EXISTS quotes (
    place INTEGER PRIMARY KEY, giver TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, voice TEXT NOT NULL,
    date TEXT, parts TEXT NOT NULL, short INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS quotes_by_giver ON quotes (giver);
CREATE TABLE IF NOT EXISTS quoted_runs (run INTEGER, quote INTEGER, PRIMARY KEY (run, quote)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS quoted_runs_by_quote ON quoted_runs (quote);
CREATE TABLE IF NOT EXISTS runs (run INTEGER, letter INTEGER, PRIMARY KEY (run, letter)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS runs_by_letter ON runs (letter);
CREATE TABLE IF NOT EXISTS found (quote INTEGER, receiver TEXT, PRIMARY KEY (quote, receiver)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS found_by_receiver ON found (receiver);
"""
_LEAST_SHARED: Final = 0.08
"""Smallest share of a quotation's runs that a letter must have to be a candidate; the full text shares 0.29."""

_BATCH: Final = 200
"""Number of letters read from the store at once."""


def open_index(path: Path | None, *, read_only: bool = False) -> DerivedFile:
    """Open a file, or tables in memory."""
    return DerivedFile(path, None if read_only else _SCHEMA)


def catch_up(file: DerivedFile, store: LetterSource) -> None:
    """Bring the file up to date with a store."""
    wanted = store.versions()
    known: dict[str, str] = dict(file.rows("SELECT id, version FROM letters"))
    changed = [letter for letter, version in wanted.items() if known.get(letter) != version]
    gone = [letter for letter in known if letter not in wanted]
    if not changed and not gone:
        return
    with file.transaction() as database:
        _forget(database, [letter for letter in (*changed, *gone) if letter in known])
        for start in range(0, len(changed), _BATCH):
            letters = store.letters(changed[start : start + _BATCH])
            places = [_remember(database, letter, wanted[letter.id]) for letter in letters]
            runs = [(run, place) for letter, place in zip(letters, places, strict=True) for run in _runs_of(letter)]
            database.executemany("INSERT INTO runs VALUES (?, ?)", sorted(runs))
        _compare(database, store)
        database.execute("UPDATE letters SET fresh = 0 WHERE fresh = 1")


def _forget(database: sqlite3.Connection, letters: Iterable[str]) -> None:
    """Delete letters, their references and quotations, and the quotations found in them."""
    quotes = "(SELECT place FROM quotes WHERE giver = ?)"
    for condition in (
        f"quoted_runs WHERE quote IN {quotes}",
        f"found WHERE quote IN {quotes}",
        "found WHERE receiver = ?",
        "quotes WHERE giver = ?",
        "mentions WHERE giver = ?",
        "runs WHERE letter IN (SELECT place FROM letters WHERE id = ?)",
        "letters WHERE id = ?",
    ):
        database.executemany(f"DELETE FROM {condition}", ((letter,) for letter in letters))


def _runs_of(letter: Letter) -> set[int]:
    """Return the runs of words by which a letter is found."""
    return choose_runs(words_of(letter.text))


def _remember(database: sqlite3.Connection, letter: Letter, version: str) -> int | None:
    """Store a letter, its references and its quotations.

    Returns:
        its place in the file.
    """
    first, last = letter.period or (None, None)
    firm = letter.date_basis in (DateBasis.STATED, DateBasis.MANIFEST) or "date" in letter.manifest
    row = (
        letter.id, version, name_of(letter.reference) if letter.reference else None, letter.author, letter.kind,
        letter.date and letter.date.isoformat(), letter.date_precision, first and first.isoformat(),
        last and last.isoformat(), firm, *(topic_of(letter) or (None, None, None)),
    )  # fmt: skip
    place = database.execute(f"INSERT INTO letters VALUES (NULL{', ?' * len(row)}, 1)", row).lastrowid
    database.executemany("INSERT INTO mentions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", list(_mentions(letter)))
    for utterance in letter.utterances:
        _remember_quote(database, letter, utterance)
    for start, end, parts in short_quotations(letter.text):
        row = (letter.id, start, end, letter.voice_at(start, end), _day_before(letter, start), json.dumps(parts))
        database.execute("INSERT INTO quotes VALUES (NULL, ?, ?, ?, ?, ?, ?, 1)", row)
    return place


def _mentions(letter: Letter) -> Iterator[tuple[object, ...]]:
    """Yield a row for each reference in a letter."""
    head = head_of(letter.text)
    for reference in letter.references:
        yield (
            letter.id, reference.start, reference.end, letter.text[reference.start : reference.end],
            name_of(reference.reference) if reference.reference else None, reference.author,
            reference.date and reference.date.isoformat(), reference.precision,
            opens(reference, head), is_answered(letter.text, reference, head),
        )  # fmt: skip


def _remember_quote(database: sqlite3.Connection, letter: Letter, utterance: Utterance) -> None:
    parts = quotation_parts(letter.text[utterance.start : utterance.end])
    if not parts:
        return
    moment = _moment_of(letter, utterance)
    date = moment.date.isoformat() if moment and moment.precision is Precision.DAY else None
    row = (letter.id, utterance.start, utterance.end, utterance.voice, date, json.dumps(parts))
    place = database.execute("INSERT INTO quotes VALUES (NULL, ?, ?, ?, ?, ?, ?, 0)", row).lastrowid
    runs = {run for part in parts for run in runs_of(part)}
    database.executemany("INSERT INTO quoted_runs VALUES (?, ?)", [(run, place) for run in runs])


def _day_before(letter: Letter, start: int) -> str | None:
    """Return the day of the last letter named in the sentence that leads up to a quotation."""
    lead_in = re.split(r"[.?!]\s+(?=[A-Z])|\n\s*\n", letter.text[max(0, start - 300) : start])[-1]
    named = [r for r in letter.references if start - len(lead_in) <= r.start and r.end <= start]
    date = named[-1].date if named and named[-1].precision is Precision.DAY else None
    return date.isoformat() if date else None


def _moment_of(letter: Letter, utterance: Utterance) -> WrittenDate | None:
    """Return the date of the letter that words are quoted from, as the quoting letter gives it."""
    match = re.search(MOMENT, utterance.quoted_from or "", re.I)
    return read_date(match[0], letter.date) if match else None


def _compare(database: sqlite3.Connection, store: LetterSource) -> None:
    """Find the quotations of new letters in any letter, and those of any letter in new letters."""
    joined = "SELECT q.place, r.id, count(DISTINCT u.run) FROM"
    elsewhere = "WHERE r.id != q.giver"
    runs: dict[int, int] = dict(database.execute("SELECT quote, count(*) FROM quoted_runs GROUP BY quote"))
    wanted: dict[str, set[int]] = defaultdict(set)
    for query in (
        f"{joined} letters g CROSS JOIN quotes q ON q.giver = g.id CROSS JOIN quoted_runs u ON u.quote = q.place "
        f"CROSS JOIN runs t ON t.run = u.run CROSS JOIN letters r ON r.place = t.letter {elsewhere} AND g.fresh = 1",
        f"{joined} letters r CROSS JOIN runs t ON t.letter = r.place CROSS JOIN quoted_runs u ON u.run = t.run "
        f"CROSS JOIN quotes q ON q.place = u.quote {elsewhere} AND r.fresh = 1",
    ):
        for quote, receiver, shared in database.execute(f"{query} GROUP BY q.place, r.id"):
            if shared >= max(1, _LEAST_SHARED * runs[quote]):
                wanted[receiver].add(quote)
    for query in _short_in_named(elsewhere):
        for quote, receiver in database.execute(query):
            wanted[receiver].add(quote)
    texts: dict[int, str] = dict(database.execute("SELECT place, parts FROM quotes"))
    receivers = list(wanted)
    for start in range(0, len(receivers), _BATCH):
        for letter in store.letters(receivers[start : start + _BATCH]):
            quotes = {quote: json.loads(texts[quote]) for quote in sorted(wanted[letter.id])}
            found = [(quote, letter.id) for quote in _quotations_in(letter, quotes)]
            database.executemany("INSERT OR IGNORE INTO found VALUES (?, ?)", found)


def _short_in_named(elsewhere: str) -> Iterator[str]:
    """Yield queries for short quotations and the letters that their letters name, one of the two new."""
    yield from (
        f"SELECT DISTINCT q.place, r.id FROM {one} CROSS JOIN {other} {elsewhere} AND q.short = 1 AND {fresh}.fresh = 1"
        for key in ("name", "date")
        for one, other, fresh in (
            (
                "letters g CROSS JOIN mentions m ON m.giver = g.id CROSS JOIN quotes q ON q.giver = g.id",
                f"letters r ON r.{key} = m.{key}",
                "g",
            ),
            (f"letters r CROSS JOIN mentions m ON m.{key} = r.{key}", "quotes q ON q.giver = m.giver", "r"),
        )
    )


def _quotations_in(letter: Letter, quotes: dict[int, list[str]]) -> Iterator[int]:
    """Yield the quotations that a letter has in its own words, not as a quotation there too."""
    searched = SearchableText(words_of(letter.text))
    quoted = [words_of(letter.text[utterance.start : utterance.end]) for utterance in letter.utterances]
    for quote, parts in quotes.items():
        if searched.holds(parts) and not any(holds(other, parts) for other in quoted):
            yield quote
