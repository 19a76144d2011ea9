"""Which letter of the archive answers, quotes or names which, and the dates that follow from it.

A reference is resolved by kenmerk, else by author and date, a quotation by its words; what fits two letters stays
unresolved. All of it is worked out from what each letter says, so it does not matter in which order letters came.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ingest.known import Known, Mention, contradicts, may_answer, one_of, only
from ingest.mentions import catch_up, opened
from vectorstore.derived import DamagedFile, DerivedFile
from vectorstore.letters import Kind, Precision, Voice
from vectorstore.store import Store


class LinkKind(StrEnum):
    """What one letter does with another."""

    REPLIES = "replies"
    QUOTES = "quotes"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class Link:
    """A letter that answers, quotes or names another.

    Attributes:
        giver: id of the letter that does.
        receiver: id of the other.
        kind: what it does.
        start, end: offsets of the words in the giver that say so.
    """

    giver: str
    receiver: str
    kind: LinkKind
    start: int
    end: int


_LETTER = "l.id, l.name, l.author, l.kind, l.date, l.precision, l.first, l.last, l.firm, l.topic, l.start, l.end"
_MENTION = "start, end, words, name, author, date, precision, opening, answering"


_MOST_ALIKE = 9
"""Letters of one subject among which the one that a reply answers is looked for."""


class Links:
    """The links between the letters of a store.

    Args:
        folder: where they are remembered; None to remember them in memory.
    """

    def __init__(self, folder: Path | None) -> None:
        self._file: DerivedFile = opened(folder)

    def catch_up(self, store: Store) -> None:
        """Compare the letters that are new or changed with the others."""
        try:
            catch_up(self._file, store)
        except DamagedFile:
            self._file.start_over()
            catch_up(self._file, store)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def of(self, letter: str) -> tuple[Link, ...]:
        """The links that a letter gives, by their place in it; that it answers a letter is said once."""
        giver = self._letter(letter)
        if giver is None:
            return ()
        found = [*self._named(giver), *self._quoted(giver)]
        return tuple(sorted(found, key=lambda link: (link.start, link.end, link.receiver)))

    def to(self, letter: str) -> tuple[Link, ...]:
        """The links that a letter receives, by giver."""
        receiver = self._letter(letter)
        if receiver is None:
            return ()
        month = f"{receiver.date[:7]}-01" if receiver.date else None
        givers = self._file.rows(
            "SELECT giver FROM mentions WHERE name = ? UNION SELECT giver FROM mentions WHERE date IN (?, ?) UNION "
            "SELECT q.giver FROM found f JOIN quotes q ON q.place = f.quote WHERE f.receiver = ? UNION "
            "SELECT id FROM letters WHERE topic = ? AND (SELECT count(*) FROM letters WHERE topic = ?) <= ? ORDER BY 1",
            (receiver.name, receiver.date, month, letter, receiver.topic, receiver.topic, _MOST_ALIKE),
        )
        return tuple(link for (giver,) in givers for link in self.of(giver) if link.receiver == letter)

    def unresolved(self, letter: str) -> tuple[tuple[int, int], ...]:
        """Start and end of each reference in a letter that names no letter of the archive for certain; once for each letter."""
        giver = self._letter(letter)
        if giver is None:
            return ()
        lost: dict[tuple[str | None, ...], Mention] = {}
        for mention in self._mentions(letter):
            if self._resolved(mention, giver) is None and mention.says_more_than(lost.get(mention.key)):
                lost[mention.key] = mention
        return tuple(sorted((mention.start, mention.end) for mention in lost.values()))

    def dates(self) -> Mapping[str, dt.date]:
        """The date of each letter that states none on which the others agree, by letter id.

        Others give it by naming the letter by kenmerk with a date, by answering to its kenmerk and giving one date for
        it, or by quoting at least twelve words of it and saying from which date they are.
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

    def _named(self, giver: Known) -> Iterator[Link]:
        """A link for each reference that is resolved."""
        mentions = self._mentions(giver.id)
        said = any(mention.opening and mention.answering and mention.author != giver.author for mention in mentions)
        answered: set[str] = set()
        for mention in mentions:
            receiver = self._resolved(mention, giver)
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
        """A link from a reply that names no letter to the one letter before it that has its subject."""
        if giver.kind != Kind.REPLY or giver.topic is None or giver.start is None or giver.end is None:
            return
        same = self._letters("l.topic = ?", giver.topic)
        before = [letter for letter in self._earlier(same, giver) if may_answer(giver, letter) and letter.date]
        found = one_of(before)
        if found and giver.date and len(same) <= _MOST_ALIKE:
            yield Link(giver.id, found.id, LinkKind.REPLIES, giver.start, giver.end)

    def _resolved(self, mention: Mention, giver: Known) -> Known | None:
        """The one letter that a reference can mean."""
        named = self._earlier(self._letters("l.name = ?", mention.name), giver) if mention.name else []
        if named:
            return only(named, mention)
        return only(self._earlier(self._dated(mention), giver), mention)

    def _dated(self, mention: Mention) -> list[Known]:
        """Letters of the date and the author that a reference gives, and not of another kenmerk than it gives."""
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
        """The letters that were there when another was written."""
        return [
            letter
            for letter in letters
            if letter.id != giver.id and not (letter.first and giver.last and letter.first > giver.last)
        ]

    def _quoted(self, giver: Known) -> Iterator[Link]:
        """A link for each quotation that is found in one letter, but not for what is quoted within it."""
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
        """The one letter that a quotation can be from."""
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
        """Dates that answers give which name a kenmerk in their head and, further on, one letter of one date."""
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
