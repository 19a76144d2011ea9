"""The links between letters of the archive (replies, quotations, references), and the dates that follow from them.

A reference is resolved by kenmerk, else by author and date; a quotation by its words. Whatever fits two letters stays
unresolved. Everything is derived from the text of each letter, so the order in which letters arrive does not matter.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from ingest.links.index import catch_up, open_index
from ingest.links.resolution import Known, Mention, contradicts, may_answer, one_of, only
from vectorstore.derived_file import DerivedFile
from vectorstore.letters import Kind, Precision, Voice
from vectorstore.published.letters import PublishedLetters
from vectorstore.store.source import LetterSource

LINKS_FILE = "links.sqlite"
"""File of a generation that holds the links between its letters."""


class LinkKind(StrEnum):
    """The relation of one letter to another."""

    REPLIES = "replies"
    QUOTES = "quotes"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class Link:
    """A letter that answers, quotes or refers to another.

    Attributes:
        giver: id of the letter that does so.
        receiver: id of the other.
        kind: the relation.
        start, end: offsets of the words in the giver that say so.
    """

    giver: str
    receiver: str
    kind: LinkKind
    start: int
    end: int


_LETTER = "l.id, l.name, l.author, l.kind, l.date, l.precision, l.first, l.last, l.firm, l.topic, l.start, l.end"
_MENTION = "start, end, words, name, author, date, precision, opening, answering"


_REMEMBERED = 20_000
"""Number of letters whose links are remembered while nobody changes them."""

_MOST_ALIKE = 9
"""Largest number of letters with one subject among which the one that a reply answers is looked for."""


class Links:
    """The links between letters.

    Args:
        path: of the file in which they are stored; None to keep them in memory.
        read_only: nobody changes the file.
    """

    def __init__(self, path: Path | None, *, read_only: bool = False) -> None:
        self._file: DerivedFile = open_index(path, read_only=read_only)
        if read_only:
            self.of = lru_cache(maxsize=_REMEMBERED)(self.of)  # type: ignore[method-assign]
            self.to = lru_cache(maxsize=_REMEMBERED)(self.to)  # type: ignore[method-assign]
            self.answering = lru_cache(maxsize=_REMEMBERED)(self.answering)  # type: ignore[method-assign]

    @classmethod
    def of_letters(cls, letters: LetterSource) -> Links:
        """Return the links that were published with the letters, or else make them in memory."""
        if isinstance(letters, PublishedLetters):
            return cls(letters.generation.folder / LINKS_FILE, read_only=True)
        links = cls(None)
        links.catch_up(letters)
        return links

    def catch_up(self, letters: LetterSource) -> None:
        """Compare the letters that are new or changed with the others."""
        catch_up(self._file, letters)

    def close(self, *, compact: bool = False) -> None:
        """Close the file.

        Args:
            compact: take what was deleted out of it first.
        """
        if compact:
            self._file.compact()
        self._file.close()

    def of(self, letter: str) -> tuple[Link, ...]:
        """Return the links a letter gives, in the order of its text; that it answers a letter is reported once."""
        giver = self._letter(letter)
        if giver is None:
            return ()
        found = [*self._links_by_reference(giver), *self._links_by_quotation(giver)]
        return tuple(sorted(found, key=lambda link: (link.start, link.end, link.receiver)))

    def to(self, letter: str) -> tuple[Link, ...]:
        """Return the links that a letter receives, by giver."""
        receiver = self._letter(letter)
        if receiver is None:
            return ()
        referring, quoting = self._referring(receiver), self._quoting(receiver)
        found = [link for giver in referring for link in self._links_by_reference(giver)]
        found += [link for giver in quoting for link in self._links_by_quotation(giver)]
        to = (link for link in found if link.receiver == letter)
        return tuple(sorted(to, key=lambda link: (link.giver, link.start, link.end)))

    def answering(self, letter: str) -> frozenset[str]:
        """Return the ids of the letters that answer a letter, without a look at what they quote."""
        receiver = self._letter(letter)
        links = (
            (link for giver in self._referring(receiver) for link in self._links_by_reference(giver))
            if receiver
            else ()
        )
        return frozenset(link.giver for link in links if link.receiver == letter and link.kind is LinkKind.REPLIES)

    def _referring(self, receiver: Known) -> list[Known]:
        """Return the letters that may refer to one, by its kenmerk, its date or its subject."""
        month = f"{receiver.date[:7]}-01" if receiver.date else None
        return self._letters(
            "l.id IN (SELECT giver FROM mentions WHERE name = ? UNION SELECT giver FROM mentions WHERE date IN (?, ?) UNION "
            "SELECT id FROM letters WHERE topic = ? AND (SELECT count(*) FROM letters WHERE topic = ?) <= ?)",
            *(receiver.name, receiver.date, month, receiver.topic, receiver.topic, _MOST_ALIKE),
        )

    def _quoting(self, receiver: Known) -> list[Known]:
        """Return the letters of which a quotation stands in one."""
        return self._letters(
            "l.id IN (SELECT q.giver FROM found f JOIN quotes q ON q.place = f.quote WHERE f.receiver = ?)", receiver.id
        )

    def unresolved(self, letter: str) -> tuple[tuple[int, int], ...]:
        """Return start and end of each reference to a letter not identified in the archive, once per letter."""
        giver = self._letter(letter)
        if giver is None:
            return ()
        lost: dict[tuple[str | None, ...], Mention] = {}
        for mention in self._mentions(letter):
            if self._resolve(mention, giver) is None and mention.says_more_than(lost.get(mention.key)):
                lost[mention.key] = mention
        return tuple(sorted((mention.start, mention.end) for mention in lost.values()))

    def dates(self) -> Mapping[str, dt.date]:
        """Return the date of each letter that states none but on whose date the others agree, by letter id.

        Others give it by citing the kenmerk with a date, by replying to the kenmerk and giving one date for it, or by
        quoting at least twelve words and saying of which date they are.
        """
        given: dict[str, set[str]] = defaultdict(set)
        for dates in (self._dates_by_name(), self._dates_by_answer(), self._dates_by_quote()):
            for receiver, date in dates:
                given[receiver].add(date)
        return {receiver: dt.date.fromisoformat(min(dates)) for receiver, dates in given.items() if len(dates) == 1}

    def _letters(self, condition: str, *values: object) -> list[Known]:
        return [Known(*row) for row in self._file.rows(f"SELECT {_LETTER} FROM letters l WHERE {condition}", values)]

    def _letter(self, identifier: str) -> Known | None:
        return next(iter(self._letters("l.id = ?", identifier)), None)

    def _mentions(self, giver: str) -> list[Mention]:
        rows = self._file.rows(f"SELECT {_MENTION} FROM mentions WHERE giver = ? ORDER BY start", (giver,))
        return [Mention(*row) for row in rows]

    def _links_by_reference(self, giver: Known) -> Iterator[Link]:
        """Yield a link for each reference that is resolved."""
        mentions = self._mentions(giver.id)
        said = any(mention.opening and mention.answering and mention.author != giver.author for mention in mentions)
        answered: set[str] = set()
        for mention in mentions:
            receiver = self._resolve(mention, giver)
            if receiver is None:
                continue
            replies = mention.opening and (mention.answering if said else giver.kind == Kind.REPLY)
            replies = replies and may_answer(giver, receiver) and receiver.id not in answered
            if replies:
                answered.add(receiver.id)
            kind = LinkKind.REPLIES if replies else LinkKind.NAMES
            yield Link(giver.id, receiver.id, kind, mention.start, mention.end)
        if not answered and not any(mention.opening and mention.answering for mention in mentions):
            yield from self._by_topic(giver)

    def _by_topic(self, giver: Known) -> Iterator[Link]:
        """Yield a link from a reply that refers to no letter to the one earlier letter with its subject."""
        if giver.kind != Kind.REPLY or giver.topic is None or giver.start is None or giver.end is None:
            return
        same = self._letters("l.topic = ?", giver.topic)
        before = [letter for letter in self._earlier(same, giver) if may_answer(giver, letter) and letter.date]
        found = one_of(before)
        if found and giver.date and len(same) <= _MOST_ALIKE:
            yield Link(giver.id, found.id, LinkKind.REPLIES, giver.start, giver.end)

    def _resolve(self, mention: Mention, giver: Known) -> Known | None:
        """Return the one letter that a reference can mean, or None."""
        named = self._earlier(self._letters("l.name = ?", mention.name), giver) if mention.name else []
        if named:
            return only(named, mention)
        return only(self._earlier(self._letters_of_date(mention), giver), mention)

    def _letters_of_date(self, mention: Mention) -> list[Known]:
        """Return the letters with the date and author that a reference gives and without a contradicting kenmerk."""
        if mention.date is None or mention.precision == Precision.YEAR or mention.author == Voice.OTHER:
            return []
        if mention.precision == Precision.MONTH:
            if mention.author == Voice.UNKNOWN:
                return []
            found = self._letters("l.date LIKE ? AND l.precision != 'year'", f"{mention.date[:7]}-%")
        else:
            found = self._letters("l.date = ? AND l.precision = 'day'", mention.date)
        return [
            letter
            for letter in found
            if mention.author in (Voice.UNKNOWN, letter.author) and not contradicts(mention.name, letter.name)
        ]

    def _earlier(self, letters: list[Known], giver: Known) -> list[Known]:
        """Return the letters that existed when another was written."""
        return [
            letter
            for letter in letters
            if letter.id != giver.id and not (letter.first and giver.last and letter.first > giver.last)
        ]

    def _links_by_quotation(self, giver: Known) -> Iterator[Link]:
        """Yield a link for each quotation found in one letter, but not for quotations within it."""
        rows = self._file.rows(
            "SELECT place, start, end, voice, date FROM quotes WHERE giver = ? ORDER BY end - start DESC", (giver.id,)
        )
        found: list[Link] = []
        for place, start, end, voice, date in rows:
            receiver = self._origin(giver, place, voice, date)
            if receiver and not any(link.start <= start and end <= link.end for link in found):
                found.append(Link(giver.id, receiver.id, LinkKind.QUOTES, start, end))
        yield from found

    def _origin(self, giver: Known, quote: int, voice: str, date: str | None) -> Known | None:
        """Return the one letter that a quotation can be from, or None."""
        found = self._earlier(self._letters("l.id IN (SELECT receiver FROM found WHERE quote = ?)", quote), giver)
        found = [letter for letter in found if not (date and letter.firm and letter.date != date)]
        if len(found) > 1:
            found = [letter for letter in found if date and letter.firm] or found
        if len(found) > 1:
            found = [letter for letter in found if letter.author == voice]
        return one_of(found)

    def _dates_by_name(self) -> list[tuple[str, str]]:
        rows = self._file.rows(
            "SELECT DISTINCT l.id, m.date FROM letters l JOIN mentions m ON m.name = l.name AND m.giver != l.id "
            "WHERE l.firm = 0 AND m.date IS NOT NULL AND m.precision = 'day'"
        )
        return [(receiver, date) for receiver, date in rows]

    def _dates_by_answer(self) -> Iterator[tuple[str, str]]:
        """Yield dates given by replies that cite a kenmerk in their head and, further on, one letter of one date."""
        rows = self._file.rows(
            "SELECT l.id, min(d.date) FROM letters l "
            "JOIN mentions m ON m.name = l.name AND m.giver != l.id AND m.answering AND m.date IS NULL "
            "JOIN mentions d ON d.giver = m.giver AND d.opening AND d.name IS NULL AND d.precision = 'day' "
            "AND d.author = m.author AND d.date IS NOT NULL "
            "WHERE l.firm = 0 AND l.author = m.author AND (SELECT count(DISTINCT name) FROM mentions o "
            "WHERE o.giver = m.giver AND o.answering AND o.name IS NOT NULL) = 1 "
            "GROUP BY l.id, m.giver HAVING count(DISTINCT d.date) = 1"
        )
        yield from ((receiver, date) for receiver, date in rows)

    def _dates_by_quote(self) -> Iterator[tuple[str, str]]:
        rows = self._file.rows(
            "SELECT DISTINCT q.giver, q.place, q.voice, q.date FROM quotes q JOIN found f ON f.quote = q.place "
            "JOIN letters l ON l.id = f.receiver AND l.firm = 0 WHERE q.date IS NOT NULL AND q.short = 0"
        )
        for identifier, quote, voice, date in rows:
            giver = self._letter(identifier)
            receiver = self._origin(giver, quote, voice, date) if giver else None
            if receiver and not receiver.firm:
                yield receiver.id, date
