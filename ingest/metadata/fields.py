"""Labelled fields in the head of a letter: "Datum: …", "Ons kenmerk | Uw kenmerk" or a label with its value below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ingest.language.dates.reader import read_dates
from ingest.language.reference_numbers import IN_HEAD


class Label(StrEnum):
    """A label in the head of a letter; of two with the same meaning the first here counts.

    ANSWERED and THEIRS are dates other than the letter's: of the letter it answers, of its receipt. ELSE is every label
    that is not used.
    """

    DATED = "dated"
    SENT = "sent"
    MEETING = "meeting"
    ANSWERED = "answered"
    THEIRS = "theirs"
    OWN = "own"
    NUMBER = "number"
    CASE = "case"
    YOURS = "yours"
    SUBJECT = "subject"
    ADDRESSEE = "addressee"
    SENDER = "sender"
    COPIES = "copies"
    ELSE = "else_"


@dataclass(frozen=True, slots=True)
class Facts:
    """The labelled fields in some lines.

    Attributes:
        values: each label with its value, in order.
        used: numbers of the lines that hold a label or its value.
    """

    values: tuple[tuple[Label, str], ...]
    used: frozenset[int]

    def first(self, *labels: Label) -> str | None:
        """Return the value of the first of these labels that is present."""
        return next((value for wanted in labels for label, value in self.values if label is wanted), None)

    def all(self, label: Label) -> list[str]:
        """Return every value of a label."""
        return [value for found, value in self.values if found is label]


_MARK = r"ken(?:m|rn|nn)e?rk"
"""*kenmerk*, with its common misreadings by text recognition."""

_PATTERNS = {
    Label.MEETING: r"vergaderdatum|datum (?:van (?:de|het) )?(?:vergadering|overleg|bijeenkomst)",
    Label.ANSWERED: (
        r"uw (?:brief|e-?mail|bericht|schrijven|advies|verzoek|aanvraag) (?:van|d\.?\s?d\.?)|uw (?:brief|bericht)(?=\s*(?:[:;|]|$))"
    ),
    Label.THEIRS: r"ontvangstdatum|datum (?:van )?(?:ontvangst|besluit)|ontvangen(?: op)?|ingekomen(?: op)?|ingangsdatum",
    Label.SENT: (
        r"datum (?:van )?(?:verzending|verzonden|uitgaand)|verzonden(?: op)?|verzend(?:ings)?datum|"
        r"uitgaand|uitgegaan(?: op)?|verstuurd(?: op)?"
    ),
    Label.DATED: r"(?:datum(?: (?:van de )?(?:brief|dagtekening))?|briefdatum|dagtekening|d\.\s?d\.|dd\.)",
    Label.YOURS: rf"uw (?:{_MARK}|kenm\.|referentie(?:nummer)?|ref\.|zaaknummer|nummer|nr\.|briefnummer)",
    Label.OWN: rf"[o0]ns (?:{_MARK}|kenm\.|ref\.|referentie(?:nummer)?|nummer|nr\.|briefnummer|zaaknummer)|[o0]nze (?:referentie|ref\.)",
    Label.NUMBER: rf"{_MARK}|kenm\.|ref\.|referentie(?:nummer)?|brief(?:nummer|nr\.?)|advies(?:nummer| ?nr\.?)|(?:nummer|nr\.?)(?=\s*:)",
    Label.CASE: r"zaak(?:nummer|nr\.?|-id)?|(?:registratie|document|dossier|corsa)-?(?:nummer|nr\.?)|intern nummer",
    Label.SUBJECT: r"[o0]nderwerp(?:\s*/\s*betreft)?|betreft|betreffende|betr\.|inzake",
    Label.ADDRESSEE: r"aan",
    Label.SENDER: r"van|afzender",
    Label.COPIES: r"(?:en )?in afschrift aan|[il1|]\.?\s?a\.?\s?a\.?|c\.?c\.?|(?:in )?(?:afschrift|kopie)(?: aan)?",
    Label.ELSE: (
        r"t\.?\s?a\.?\s?v\.?|bijlagen?(?:\(n\))?|aantal bijlagen|contactpersoon|behandeld door|behandelaar|steller|inlichtingen(?: bij)?|"
        r"telefoon\w*|tel\.|doorkies\w*|e-?mail(?:adres)?|fax|website|internet|bezoekadres|postadres|pagina|blad"
    ),
}
_NEEDS_COLON = {Label.SENDER}
_DATES = {Label.DATED, Label.SENT, Label.MEETING, Label.ANSWERED, Label.THEIRS}
_MARKS = {Label.OWN, Label.NUMBER, Label.CASE, Label.YOURS}
_INSIDE = _DATES | _MARKS | {Label.ELSE, Label.SUBJECT}
"""Labels that may occur further on in a line that begins with one."""


def _ending(label: Label) -> str:
    """Return what may follow a label: a colon, a blank, nothing; "Van" is a label only before a colon or alone."""
    if label in _NEEDS_COLON:
        return r"\s*(?:[:;]|$)"
    if label is Label.ADDRESSEE:
        return r"\s*(?:[:;]|$|(?=\s+(?:de|het|college|mevrouw|de heer|burgemeester|wethouder|cli[ëe]ntenraad)\b))"
    return r"\s*(?:[:;]|$|(?=[\s/|]))"


def _any_of(labels: set[Label]) -> str:
    return "|".join(
        f"(?P<{label.value}>(?:{pattern}){_ending(label)})" for label, pattern in _PATTERNS.items() if label in labels
    )


_OPENING = re.compile(rf"^(?:{_any_of(set(Label))})", re.I)
_FURTHER = re.compile(rf"(?:(?<=[/|])\s*|(?<=\s)(?=[A-Z0]))(?:{_any_of(_INSIDE)})", re.I)
_CAPITAL = re.compile(r"[\s/|]*[A-Z0]|\s*[/|]")
_KENMERK = re.compile(rf"{IN_HEAD}")
_KENMERKEN = re.compile(rf"{IN_HEAD}(?:(?:[,;]| en| &) {IN_HEAD})*")
_NO_MARK = re.compile(r"\b\d{1,2} (?:van|/) \d{1,2}\b|(?:\+31|\(?\b0\d{1,3}\)?)[ -]?\d[\d ]{5,10}\b")
"""Page and telephone numbers in a head."""

_ADDRESS = re.compile(
    r"^(?:postbus|antwoordnummer|tel|www|http|€)|\b\d{4} ?[A-Z]{2}\b(?! ?[-/\d])|@|(?:straat|weg|laan|plein|singel|kade)\s+\d",
    re.I,
)


def kenmerk_in(value: str, *, several: bool = False) -> str | None:
    """Return the *kenmerk* at the start of the text after its label, or None if it is something else.

    Args:
        value: "CRA 2020 - 02", "SD/20/0001 (zaak 12)".
        several: there may be more than one, and all are wanted as written.
    """
    text = re.sub(r"(?<=\d)\s*([-/])\s*(?=\d)", r"\1", re.sub(r"\s+", " ", value)).strip(" :;|")
    dates = [date for date in read_dates(text) if not re.match(r"\d{4}-", text[date.start :])]
    text = text[: dates[0].start] if dates else text
    match = (_KENMERKEN if several else _KENMERK).match(text)
    if match is None or _ADDRESS.search(text):
        return None
    return match[0].rstrip(" .,;:/-") or None


def facts_in(lines: Sequence[str]) -> Facts:
    """Return the labelled fields in these lines."""
    cut = [list(_split_labels(line)) for line in lines]
    values: list[tuple[Label, str]] = []
    used: set[int] = set()
    i = 0
    while i < len(lines):
        first = i
        waiting: list[Label] = []
        while i < len(lines) and cut[i] and (first == i or not any(value for _, value in cut[i])):
            waiting += _fill(cut[i], values)
            i += 1
        used.update(range(first, i))
        if waiting:
            below = _below(cut, lines, i, len(waiting))
            values += _pair(waiting, below)
            used.update(range(i, i + len(below)))
            i += len(below)
        i = max(i, first + 1)
    return Facts(tuple(values), frozenset(used))


def _below(cut: Sequence[object], lines: Sequence[str], start: int, most: int) -> list[str]:
    """Return the lines below that hold the values of waiting labels, at most as many as there are labels."""
    end = start
    while end < min(len(lines), start + most) and not cut[end]:
        end += 1
    return list(lines[start:end])


def _fill(cells: Sequence[tuple[Label, str]], values: list[tuple[Label, str]]) -> list[Label]:
    """Store the values of the labels of one line; return the labels at its end without a value."""
    waiting: list[Label] = []
    for label, value in cells:
        waiting.append(label)
        if value:
            values += _pair(waiting, [value])
            waiting = []
    return waiting


def _split_labels(line: str) -> Iterator[tuple[Label, str]]:
    """Yield the labels of a line that begins with one, each with the text up to the next."""
    opening = _OPENING.match(line)
    if opening is None:
        return
    found = [opening]
    free = _label(opening) in _DATES | _MARKS | {Label.ELSE}
    for match in _FURTHER.finditer(line, opening.end()):
        starts = _CAPITAL.match(match[0]) or line[match.start() - 1] in "/|"
        if starts and (free or match[0].rstrip().endswith((":", ";"))):
            found.append(match)
    bare = not opening[0].rstrip().endswith((":", ";")) and opening.end() < len(line)
    if bare and len(found) == 1 and _label(opening) is Label.ELSE:
        return
    ends = [*(match.start() for match in found[1:]), len(line)]
    for match, end in zip(found, ends, strict=True):
        value, _, copied = line[match.end() : end].partition(" in afschrift aan ")
        yield _label(match), re.sub(r" en$", "", value).strip(" \t:;|/")
        if copied:
            yield Label.COPIES, copied.strip(" .")


def _label(match: re.Match[str]) -> Label:
    return Label(str(match.lastgroup))


def _pair(labels: Sequence[Label], values: Sequence[str]) -> Iterator[tuple[Label, str]]:
    """Pair labels with values: one by one if all fit, else dates with dates and kenmerken with kenmerken.

    If some are missing it is unclear which, and none is taken.
    """
    pieces = re.split(r"\s+/\s+", values[0]) if len(values) == 1 < len(labels) else values
    if len(pieces) == len(labels) and all(map(_fits, labels, pieces)):
        yield from zip(labels, pieces, strict=True)
        return
    dates = [value[date.start : date.end] for value in values for date in read_dates(value, labelled=True)]
    marks = [mark for value in values for mark in _marks_in(value)]
    for group, found in ((_DATES, dates), (_MARKS, marks)):
        wanted = [label for label in labels if label in group]
        if len(wanted) == len(found):
            yield from zip(wanted, found, strict=True)


def _marks_in(value: str) -> Iterator[str]:
    """Yield every kenmerk in a row of values."""
    dates = read_dates(value, labelled=True)
    starts = [0, *(date.end for date in dates)]
    ends = [*(date.start for date in dates), len(value)]
    for start, end in zip(starts, ends, strict=True):
        text = _NO_MARK.sub(" ", value[start:end])
        yield from (match[0].strip(" .,;:/-") for match in _KENMERK.finditer(text))


def _fits(label: Label, value: str) -> bool:
    if label in _DATES:
        return bool(read_dates(value, labelled=True))
    return label not in _MARKS or kenmerk_in(value) is not None
