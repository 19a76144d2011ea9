"""The record of a written answer: claims of a chat model, sentences dropped and why, tokens and time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that a model says stand in a passage.

    Attributes:
        passage: the name that the passage was given in the prompt.
        words: as the model wrote them; never shown, the letter's own words are.
    """

    passage: str
    words: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement as a model wrote it, before anything of it is believed.

    Attributes:
        text: one sentence or more.
        passages: the names, from the prompt, of the passages that it says to rest on.
        quotes: words of those passages that it says to rest on.
    """

    text: str
    passages: tuple[str, ...]
    quotes: tuple[Quote, ...] = ()


class Fault(StrEnum):
    """A reason why a sentence that a model wrote is not shown."""

    UNCITED = "uncited"
    """It cites no passage."""
    UNKNOWN_PASSAGE = "unknown_passage"
    """It cites a passage that the model was not given."""
    QUOTATION = "quotation"
    """The words that it quotes do not stand in the passage that it cites."""
    NUMBER = "number"
    """It holds a number that the passages do not."""
    DATE = "date"
    """It holds a date or a year that neither the passages nor their letters bear."""
    NEGATION = "negation"
    """It denies what the passages say, or says what they deny."""
    SPEAKER = "speaker"
    """It gives the words of one speaker to another, or of an unknown one to a known."""
    NAME = "name"
    """It names somebody or something that the passages do not."""
    UNSUPPORTED = "unsupported"
    """The passages do not speak of what it says."""
    ORDER = "order"
    """All that carries it is a sentence of a letter that gives orders to a program."""
    LANGUAGE = "language"
    """It is in another language than the question."""
    LEANING = "leaning"
    """It cannot be understood without a sentence that was dropped."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence that is not shown as an answer.

    Attributes:
        text: as the model wrote it.
        fault: the first thing that is wrong with it.
    """

    text: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that a model read and wrote for one request.

    Attributes:
        read: tokens of the prompt.
        written: tokens of the reply.
        estimated: the server did not count them, so that these are estimates from the length of the text.
    """

    read: int = 0
    written: int = 0
    estimated: bool = False

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.read + other.read, self.written + other.written, self.estimated or other.estimated)


@dataclass(frozen=True, slots=True)
class Writing:
    """The outcome of asking a chat model for an answer.

    Attributes:
        model: its name.
        dropped: sentences that did not hold, in the order they were written.
        usage: what all requests for this answer took.
        first: seconds from the request until the first token of the reply; None when none came.
        seconds: from the first request to the last token.
        problem: why the model wrote no answer, or not all of one, in Dutch and with what to do; None when it did.
        stopped: somebody stopped it.
        offered: passages it was given to answer from.
    """

    model: str
    dropped: tuple[Dropped, ...] = ()
    usage: Usage = Usage()
    first: float | None = None
    seconds: float = 0.0
    problem: str | None = None
    stopped: bool = False
    offered: int = 0


@dataclass(frozen=True, slots=True)
class Destination:
    """The place that the text for a chat model is sent to.

    Attributes:
        model: its name, as the settings have it.
        place: who gets it: the host of a server, or the name of a provider.
        local: the place is this very computer.
    """

    model: str
    place: str
    local: bool
