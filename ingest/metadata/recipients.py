"""The addressee of a letter: by a label, by the address in its head, and by its salutation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ingest.language.courtesies import ADDRESSING
from ingest.language.dates.reader import read_dates
from ingest.language.parties import COUNCIL, COUNCIL_NAME, EXECUTIVE_NAME, OFFICIAL, party_at_top
from ingest.metadata.fields import Facts, Label, facts_in
from vectorstore.letters import Voice

ATTENTION: Final = re.compile(r"^t\.?\s?a\.?\s?v", re.I)
"""Marks the person in an organisation to whom a letter goes."""

_POSTCODE = re.compile(r"\b[1-9]\d{3} ?[A-Z]{2}\b(?! ?[-/\d])")
_OWN = re.compile(r"@|www\.|^retour|\btel(?:efoon|\.)", re.I)
"""Marks a line of the letterhead, never one of an addressee's address."""

_EXECUTIVE = re.compile(r"\b(?:college(?! ?lid)|burgemeester|wethouder)\b", re.I)
_MUNICIPAL_COUNCIL = re.compile(r"\b(?:gemeenteraad|raadsleden|raadsfractie|griffie|raadscommissie)", re.I)
_GREETED = re.compile(
    rf"(?i:{ADDRESSING}) (?P<name>(?:(?i:mevrouw|meneer|mijnheer|heer|wethouder|burgemeester) [^,]*[A-ZÀ-Ý][\w’'-]+|"
    rf"(?:[a-z]+ (?:van )?(?:de |het )?)?{COUNCIL_NAME.pattern})),?$"
)
"""A salutation to somebody by name; "Geacht college" names nobody."""

_LINES = 5
"""Largest number of lines of an address above and below the line that identifies it."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """The addressee of a letter, and where its head names them.

    Attributes:
        lines: numbers of the lines of the address.
        name: as the letter has it; None if nobody is named.
        party: whose address it is; None if the letter does not say.
    """

    lines: frozenset[int] = frozenset()
    name: str | None = None
    party: Voice | None = None


def recipient_of(front: Sequence[str], begins: frozenset[int], facts: Facts, salutation: str) -> Recipient:
    """Return the addressee of a letter.

    Args:
        front: lines of the head.
        begins: numbers of the lines with a blank line before them.
        facts: what the labels in the head announce.
        salutation: of the letter, empty if it has none.
    """
    labelled = facts.first(Label.ADDRESSEE)
    greeted = _party(salutation)
    if not labelled and not salutation:
        return Recipient()
    address = (
        _labelled_address(front, begins, facts) if labelled else _unlabelled_address(front, begins, facts, greeted)
    )
    lines = [front[i] for i in address if not ATTENTION.match(front[i])]
    name = labelled or _name_in(lines)
    party = _party(" ".join([name or "", salutation])) or _party(" ".join([*lines, salutation]))
    return Recipient(frozenset(address), _bare(name) if name else None, party)


def find_addressee(front: Sequence[str], facts: Facts, salutation: str, author: Voice) -> str | None:
    """Return the addressee of a letter without an address: the party in its head that is not the author, or the one
    greeted.

    Args:
        front: lines of the head.
        facts: what the labels in the head announce.
        salutation: of the letter, empty if it has none.
        author: of the letter.
    """
    other = {
        Voice.COUNCIL: re.compile(rf"(?:het )?(?:college\b|{EXECUTIVE_NAME.pattern})", re.I),
        Voice.EXECUTIVE: re.compile(rf"(?:(?i:de) )?{COUNCIL_NAME.pattern}"),
    }.get(author)
    free = (line for i, line in enumerate(front) if i not in facts.used)
    greeted = _GREETED.match(salutation)
    named = next((line for line in free if other and other.match(line)), None)
    return _bare(named) if named else greeted["name"].rstrip(" .,") if greeted else None


def _party(text: str) -> Voice | None:
    """Return the party that words address; None if unclear or contradictory."""
    executive, council = _EXECUTIVE.search(text), COUNCIL.search(text)
    if bool(executive) != bool(council):
        return Voice.EXECUTIVE if executive else Voice.COUNCIL
    if executive or _MUNICIPAL_COUNCIL.search(text):
        return None
    return Voice.EXECUTIVE if OFFICIAL.search(text) else None


def _name_in(lines: Sequence[str]) -> str | None:
    """Return the line of an address that names a party, the executive before its municipality; else the first."""
    executive = (line for line in lines if EXECUTIVE_NAME.match(line))
    parties = (line for line in lines if party_at_top(line))
    return next(executive, None) or next(parties, None) or next(iter(lines), None)


def _bare(name: str) -> str:
    return name if re.search(r"\b[A-Z]\.$", name) else name.rstrip(" .,;")


def _labelled_address(front: Sequence[str], begins: frozenset[int], facts: Facts) -> range:
    """Return the lines from "Aan" to the end of the address, by its postcode or the blank line after it."""
    first = next((i for i, line in enumerate(front) if _begins_with_addressee(line)), None)
    if first is None:
        return range(0)
    end = first + 1
    while end < min(len(front), first + 1 + _LINES) and not _is_apart(front[end], end, facts):
        if end in begins and end > first + 1:
            break
        end += 1
        if _POSTCODE.search(front[end - 1]):
            return range(first, end)
    return range(first, end if begins else first + 1)


def _begins_with_addressee(line: str) -> bool:
    return any(label is Label.ADDRESSEE for label, _ in facts_in([line]).values) or bool(
        re.fullmatch(r"aan\s*:?", line, re.I)
    )


def _unlabelled_address(front: Sequence[str], begins: frozenset[int], facts: Facts, greeted: Voice | None) -> range:
    """Return the address that is not the letterhead: one with an attention line, the last of several, or the one
    greeted."""
    found = list(_addresses(front, begins, facts))
    attention = [lines for lines in found if any(ATTENTION.match(front[i]) for i in lines)]
    if attention or len(found) > 1:
        return (attention or found)[-1]
    for lines in found:
        parties = {party_at_top(front[i]) for i in lines} - {None}
        if (greeted and parties == {greeted}) or any(i not in facts.used for i in range(lines[0])):
            return lines
    return range(0)


def _addresses(front: Sequence[str], begins: frozenset[int], facts: Facts) -> Iterator[range]:
    """Yield the addresses of a head: lines up to one with a postcode, or around an attention line."""
    end = 0
    for i, line in enumerate(front):
        if i < end or not (_POSTCODE.search(line) or ATTENTION.match(line)) or re.match(r"retour", line, re.I):
            continue
        first, last = i, i
        while (
            first > max(end, i - _LINES) and first not in begins and not _is_apart(front[first - 1], first - 1, facts)
        ):
            first -= 1
        while not _POSTCODE.search(front[last]) and last + 1 < min(len(front), i + _LINES):
            if last + 1 in begins or _is_apart(front[last + 1], last + 1, facts):
                break
            last += 1
        end = last + 1
        yield range(_after_letterhead(front, first, end), end)


def _after_letterhead(front: Sequence[str], first: int, end: int) -> int:
    """Return where an address begins that follows a letterhead without a blank line: at the second of two parties."""
    parties = [(i, party) for i in range(first, end) if (party := party_at_top(front[i]))]
    return next((i for i, party in parties if party is not parties[0][1]), first)


def _is_apart(line: str, number: int, facts: Facts) -> bool:
    """Check whether a line of the head is not part of an address."""
    if ATTENTION.match(line):
        return False
    return number in facts.used or bool(_OWN.search(line)) or bool(read_dates(line))
