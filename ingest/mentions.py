"""What each letter says of others and quotes from them, remembered in a file derived from the archive.

A letter is read again only when its version changes, and only new letters are compared with the others: by runs of words
that are looked up, so that the work for a new letter hardly grows with the archive.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from ingest.acknowledging import head_of, is_answered, opens, topic_of
from ingest.moments import MOMENT, Moment, moment_in
from ingest.quoting import Searched, chosen_runs, holds, parts_of, runs_of, short_quotations, words_of
from ingest.references import name_of
from vectorstore.derived import DerivedFile
from vectorstore.letters import DateBasis, Letter, Precision, Utterance
from vectorstore.store import Store

_FORMAT: Final = "2"
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
"""Share of the runs of a quotation by which a letter that has it is found at least; all of its words share 0.29."""

_BATCH: Final = 200
"""Letters read from the store at once."""


def opened(folder: Path | None) -> DerivedFile:
    """The file in a folder, or in memory."""
    return DerivedFile(folder / f"links-{_FORMAT}.sqlite" if folder else None, _SCHEMA)


def catch_up(file: DerivedFile, store: Store) -> None:
    """Bring the file in step with a store.

    Raises:
        DamagedFile: it cannot be read or written.
    """
    wanted = store.versions()
    known: dict[str, str] = dict(file.rows("SELECT id, version FROM letters"))
    changed = [letter for letter, version in wanted.items() if known.get(letter) != version]
    gone = [letter for letter in known if letter not in wanted]
    if not changed and not gone:
        return
    with file.writing() as database:
        _forget(database, [letter for letter in (*changed, *gone) if letter in known])
        for start in range(0, len(changed), _BATCH):
            letters = store.letters(changed[start : start + _BATCH])
            places = [_remember(database, letter, wanted[letter.id]) for letter in letters]
            runs = [(run, place) for letter, place in zip(letters, places, strict=True) for run in _runs_of(letter)]
            database.executemany("INSERT INTO runs VALUES (?, ?)", sorted(runs))
        _compare(database, store)
        database.execute("UPDATE letters SET fresh = 0 WHERE fresh = 1")


def _forget(database: sqlite3.Connection, letters: Iterable[str]) -> None:
    """Forget letters, what they say, and what is found in them."""
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
    """The runs of words by which a letter is found."""
    return chosen_runs(words_of(letter.text))


def _remember(database: sqlite3.Connection, letter: Letter, version: str) -> int | None:
    """Take down what a letter is, what it says of others and quotes from them.

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
    """A row for each reference in a letter."""
    head = head_of(letter.text)
    for reference in letter.references:
        yield (
            letter.id, reference.start, reference.end, letter.text[reference.start : reference.end],
            name_of(reference.reference) if reference.reference else None, reference.author,
            reference.date and reference.date.isoformat(), reference.precision,
            opens(reference, head), is_answered(letter.text, reference, head),
        )  # fmt: skip


def _remember_quote(database: sqlite3.Connection, letter: Letter, utterance: Utterance) -> None:
    parts = parts_of(letter.text[utterance.start : utterance.end])
    if not parts:
        return
    moment = _moment_of(letter, utterance)
    date = moment.date.isoformat() if moment and moment.precision is Precision.DAY else None
    row = (letter.id, utterance.start, utterance.end, utterance.voice, date, json.dumps(parts))
    place = database.execute("INSERT INTO quotes VALUES (NULL, ?, ?, ?, ?, ?, ?, 0)", row).lastrowid
    runs = {run for part in parts for run in runs_of(part)}
    database.executemany("INSERT INTO quoted_runs VALUES (?, ?)", [(run, place) for run in runs])


def _day_before(letter: Letter, start: int) -> str | None:
    """The day of the letter that is named last in the sentence that leads up to a quotation."""
    lead_in = re.split(r"[.?!]\s+(?=[A-Z])|\n\s*\n", letter.text[max(0, start - 300) : start])[-1]
    named = [r for r in letter.references if start - len(lead_in) <= r.start and r.end <= start]
    date = named[-1].date if named and named[-1].precision is Precision.DAY else None
    return date.isoformat() if date else None


def _moment_of(letter: Letter, utterance: Utterance) -> Moment | None:
    """The date of the letter that words are quoted from, as the quoting letter gives it."""
    match = re.search(MOMENT, utterance.quoted_from or "", re.I)
    return moment_in(match[0], letter.date) if match else None


def _compare(database: sqlite3.Connection, store: Store) -> None:
    """Find the quotations of fresh letters in any letter, and those of any in fresh letters."""
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
            found = [(quote, letter.id) for quote in _spoken_in(letter, quotes)]
            database.executemany("INSERT OR IGNORE INTO found VALUES (?, ?)", found)


def _short_in_named(elsewhere: str) -> Iterator[str]:
    """Queries for short quotations and the letters that their letters name, one of the two fresh."""
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


def _spoken_in(letter: Letter, quotes: dict[int, list[str]]) -> Iterator[int]:
    """Which quotations are in a letter as its own words, not as a quotation there too."""
    searched = Searched(words_of(letter.text))
    quoted = [words_of(letter.text[utterance.start : utterance.end]) for utterance in letter.utterances]
    for quote, parts in quotes.items():
        if searched.holds(parts) and not any(holds(other, parts) for other in quoted):
            yield quote
