"""The letters of a generation: a table of all files and letters, and a file with the texts, read letter by letter.

Each line of the file of texts is one letter with its fields, passages and text as JSON; the table says where it begins
and ends.
"""

from __future__ import annotations

import datetime as dt
import mmap
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

import orjson

from vectorstore.letters import Card, Letter, Passage, letter_id_of
from vectorstore.published.generation import DamagedGeneration, Generation
from vectorstore.store.archive_state import Fingerprint
from vectorstore.store.records import (
    FileRecord,
    LiveRecords,
    Revision,
    StoredLetter,
    card_from,
    card_json,
    file_from,
    file_json,
    stored_letter_from,
    stored_letter_json,
)
from vectorstore.store.store import Store

_TABLE: Final = "records.json"
_TEXTS: Final = "letters.jsonl"
_BATCH: Final = 500

_KEPT: Final = 400
"""Number of letters, with their texts, kept in memory."""


class PublishedLetters:
    """The letters of a generation, which never change. Safe for use by several threads at once.

    Args:
        generation: whose files were checked.

    Raises:
        DamagedGeneration: they cannot be read, or were removed meanwhile.
    """

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self.records: dict[str, FileRecord] = {}
        self.cards: dict[str, Card] = {}
        self._versions: dict[str, str] = {}
        self._spans: dict[str, tuple[int, int]] = {}
        try:
            self._load(orjson.loads((generation.folder / _TABLE).read_bytes()))
            self._texts = _open_texts(generation.folder / _TEXTS)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DamagedGeneration(str(error)) from error
        self._stored = lru_cache(maxsize=_KEPT)(partial(_read, self._texts, self._spans))

    def _load(self, rows: Iterable[tuple[str, str | None, int, int]]) -> None:
        for file, card, start, end in rows:
            record = file_from(file)
            self.records[record.id] = record
            if card is not None:
                self.cards[record.id] = card_from(card)
                self._versions[record.id] = record.version
                self._spans[record.id] = (start, end)

    def line(self, identifier: str) -> bytes:
        """Return the line of a letter in the file of texts.

        Raises:
            KeyError: there is none with this id.
        """
        return _line(self._texts, self._spans[identifier])

    @property
    def fingerprint(self) -> Fingerprint:
        """Return the parts the archive was built with."""
        return self.generation.manifest.fingerprint

    @property
    def revision(self) -> str:
        """Return the revision of the archive that was published."""
        return self.generation.manifest.revision

    def versions(self) -> dict[str, str]:
        """Return the version of each letter, by letter id."""
        return dict(self._versions)

    def passage_count(self) -> int:
        """Return how many passages all letters have."""
        return self.generation.manifest.passages

    def letter(self, identifier: str) -> Letter:
        """Return the letter with this id.

        Raises:
            KeyError: there is none.
        """
        return self._stored(identifier).letter

    def letters(self, identifiers: Iterable[str] | None = None) -> list[Letter]:
        """Return the letters with these ids in that order, or all of them by date and source.

        Raises:
            KeyError: one of these ids is not that of a letter.
        """
        if identifiers is not None:
            return [self.letter(identifier) for identifier in identifiers]
        everything = [_read(self._texts, self._spans, identifier).letter for identifier in self._versions]
        return sorted(everything, key=lambda letter: (letter.date or dt.date.max, letter.source))

    def passages(self, identifiers: Iterable[str]) -> dict[str, Passage]:
        """Return the passages with these ids that exist, by id."""
        found: dict[str, Passage] = {}
        for name in identifiers:
            letter = letter_id_of(name)
            if letter in self._spans and (passage := self._stored(letter).passages.get(name)):
                found[name] = passage
        return found

    def passages_of(self, letters: Collection[str]) -> list[Passage]:
        """Return all passages of these letters, in the order of the letters given and of their text."""
        return [passage for name in letters if name in self._spans for passage in self._stored(name).passages.values()]

    def live_records(self) -> LiveRecords:
        """Return the records as a store keeps them, so that opening one need not read them all."""
        live = LiveRecords(Revision.read(self.revision))
        for identifier, record in self.records.items():
            live.add(record, self.cards.get(identifier))
        return live


def _line(texts: mmap.mmap | bytes, span: tuple[int, int]) -> bytes:
    start, end = span
    return texts[start:end]


def _read(texts: mmap.mmap | bytes, spans: Mapping[str, tuple[int, int]], identifier: str) -> StoredLetter:
    values = orjson.loads(_line(texts, spans[identifier]))
    return stored_letter_from(values, values["text"])


def _open_texts(path: Path) -> mmap.mmap | bytes:
    """Map the file of texts into memory; an empty file cannot be mapped."""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b""


def write_letters(folder: Path, store: Store, former: PublishedLetters | None) -> None:
    """Write the letters of a store into the folder of a generation.

    Args:
        folder: to write to.
        store: the archive.
        former: letters published before, copied where they did not change.
    """
    spans: dict[str, tuple[int, int]] = {}
    start = 0
    with (folder / _TEXTS).open("wb") as file:
        for identifier, line in _lines(store, former):
            file.write(line + b"\n")
            spans[identifier] = (start, start + len(line))
            start += len(line) + 1
    cards = store.cards
    rows = [
        (file_json(record), card_json(cards[name]) if name in cards else None, *spans.get(name, (0, 0)))
        for name, record in store.records.items()
    ]
    (folder / _TABLE).write_bytes(orjson.dumps(rows))


def _lines(store: Store, former: PublishedLetters | None) -> Iterator[tuple[str, bytes]]:
    """Yield the id and the line of each letter."""
    wanted = store.versions()
    known = former.versions() if former else {}
    missing = []
    for identifier, version in wanted.items():
        if former and known.get(identifier) == version:
            yield identifier, former.line(identifier)
        else:
            missing.append(identifier)
    for first in range(0, len(missing), _BATCH):
        for identifier, stored in store.stored_letters(missing[first : first + _BATCH]).items():
            yield identifier, orjson.dumps(stored_letter_json(stored))
