"""What is remembered of letters and references, and which letter among several a reference can mean."""

from __future__ import annotations

from dataclasses import dataclass

from vectorstore.letters import Kind, Voice


@dataclass(frozen=True, slots=True)
class Known:
    """A letter of the archive; its dates as text, which sorts as they do."""

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
        """What is the same in two references to one letter."""
        return (self.name,) if self.name else (None, self.date, self.precision)

    def says_more_than(self, other: Mention | None) -> bool:
        """Whether it gives more of the letter than another that names the same one."""
        return other is None or (self.date is not None and other.date is None)


_KINDS = {
    "advi": (Kind.ADVICE, Kind.INTERIM_ADVICE),
    "reactie": (Kind.REPLY,),
    "antwoord": (Kind.REPLY,),
    "verslag": (Kind.MINUTES,),
    "notulen": (Kind.MINUTES,),
    "samenvatting": (Kind.SUMMARY,),
}
"""What the word for a letter says of its kind, where two letters fit."""


def contradicts(given: str | None, own: str | None) -> bool:
    """Whether a kenmerk given and a letter's own are of one series and differ; each side keeps a series of its own."""
    if not given or not own or given == own:
        return False
    series = [name.split()[0] for name in (given, own)]
    return series[0] == series[1] or all(first.isdecimal() for first in series)


def only(letters: list[Known], mention: Mention) -> Known | None:
    """The one letter among those that fit, by date, author or kind when several do."""
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
    """The one letter that these are; the same letter in two files is the first of them."""
    alike = {(letter.name, letter.author, letter.date) for letter in letters}
    same = len(letters) == 1 or (len(alike) == 1 and all(letter.name for letter in letters))
    return min(letters, key=lambda letter: letter.id) if same and letters else None


def may_answer(giver: Known, receiver: Known) -> bool:
    """Whether one letter can be an answer to another: not a paper about it, and not by the one who wrote that."""
    if giver.kind in (Kind.MINUTES, Kind.SUMMARY):
        return False
    return (giver.author == Voice.COUNCIL) != (receiver.author == Voice.COUNCIL) and Voice.UNKNOWN not in (
        giver.author,
        receiver.author,
    )
