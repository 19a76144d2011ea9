"""The indexed facts of letters and references, and the choice among several letters that a reference can mean."""

from __future__ import annotations

from dataclasses import dataclass

from vectorstore.letters import Kind, Voice


@dataclass(frozen=True, slots=True)
class Known:
    """A letter of the archive, its dates as text that sorts chronologically."""

    id: str
    name: str | None
    author: str
    kind: str
    date: str | None
    precision: str
    first: str | None
    last: str | None
    firm: bool
    topic: str | None
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class Mention:
    """A reference in a letter."""

    start: int
    end: int
    words: str
    name: str | None
    author: str
    date: str | None
    precision: str
    opening: bool
    answering: bool

    @property
    def key(self) -> tuple[str | None, ...]:
        """Return the key that two references to one letter share."""
        return (self.name,) if self.name else (None, self.date, self.precision)

    def says_more_than(self, other: Mention | None) -> bool:
        """Check whether it gives more of the letter than another that refers to the same one."""
        return other is None or (self.date is not None and other.date is None)


_KINDS = {
    "advi": (Kind.ADVICE, Kind.INTERIM_ADVICE),
    "reactie": (Kind.REPLY,),
    "antwoord": (Kind.REPLY,),
    "verslag": (Kind.MINUTES,),
    "notulen": (Kind.MINUTES,),
    "samenvatting": (Kind.SUMMARY,),
}
"""The kinds that a word for a letter implies, to decide where two letters fit."""


def contradicts(given: str | None, own: str | None) -> bool:
    """Check whether two kenmerken are of one series and differ; each side keeps a series of its own."""
    if not given or not own or given == own:
        return False
    series = [name.split()[0] for name in (given, own)]
    return series[0] == series[1] or all(first.isdecimal() for first in series)


def only(letters: list[Known], mention: Mention) -> Known | None:
    """Return the one letter that fits, deciding by date, author or kind if several do."""
    fits = (
        lambda letter: mention.date is not None and letter.date == mention.date,
        lambda letter: letter.author == mention.author,
        lambda letter: letter.kind in next((k for word, k in _KINDS.items() if word in mention.words.casefold()), ()),
    )
    for fit in fits:
        if len(letters) > 1:
            letters = [letter for letter in letters if fit(letter)] or letters
    return one_of(letters)


def one_of(letters: list[Known]) -> Known | None:
    """Return the letter that these all are, or None; for one letter in two files, the first of them."""
    alike = {(letter.name, letter.author, letter.date) for letter in letters}
    same = len(letters) == 1 or (len(alike) == 1 and all(letter.name for letter in letters))
    return min(letters, key=lambda letter: letter.id) if same and letters else None


def may_answer(giver: Known, receiver: Known) -> bool:
    """Check whether one letter can answer another: not a paper about it, and not by the same side."""
    if giver.kind in (Kind.MINUTES, Kind.SUMMARY):
        return False
    return (giver.author == Voice.COUNCIL) != (receiver.author == Voice.COUNCIL) and Voice.UNKNOWN not in (
        giver.author,
        receiver.author,
    )
