"""Letters in many hands, all of them fictional, with who speaks in each sentence.

In a file of `hands` a stretch is between ⟦ and ⟧, its speaker before a colon: C the council, E the executive, O another,
? nobody that can be told. The first line says what the letter is like, the second who wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.letter_builder import letter_of
from ingest.readers.registry import read_file
from vectorstore.letters import Voice

HANDS = Path(__file__).parent / "hands"
_SPEAKERS = {"C": Voice.COUNCIL, "E": Voice.EXECUTIVE, "O": Voice.OTHER, "?": Voice.UNKNOWN}
_STRETCH = re.compile(r"⟦([CEO?]):([^⟧]*)⟧")


@dataclass(frozen=True, slots=True)
class Heard:
    """A stretch of a letter.

    Attributes:
        words: what is said.
        true, said: who speaks, and who is said to.
    """

    words: str
    true: Voice
    said: Voice


def heard_in(path: Path, *, told: bool = True) -> Iterator[Heard]:
    """The labelled stretches of a letter, and who is said to speak in them.

    Args:
        path: of a file of `hands`.
        told: the manifest says who wrote it, so that only the voices are measured.
    """
    _, author, marked = path.read_text(encoding="utf-8").split("\n", 2)
    written = author.removeprefix("author: ")
    stated = {"author": written} if told and written != "unknown" else {}
    plain = _STRETCH.sub(lambda stretch: stretch[2], marked)
    blocks = read_file("brief.txt", plain.encode()).blocks
    letter, _ = letter_of(blocks, identifier="x", source="x.txt", sha256="", stated=stated)
    begin = 0
    for stretch in _STRETCH.finditer(marked):
        words = stretch[2]
        spaced = re.compile(r"\s+".join(map(re.escape, re.sub(r"^(?:- |\d\. )", "", words).split())))
        found = spaced.search(letter.text, begin)
        assert found, words
        yield Heard(words, _SPEAKERS[stretch[1]], letter.voice_at(*found.span()))
        begin = found.end()


def precision(heard: Iterable[Heard], voice: Voice) -> float:
    """How often it is right that `voice` speaks, 0..1."""
    said = [stretch for stretch in heard if stretch.said is voice]
    return sum(stretch.true is voice for stretch in said) / len(said) if said else 1.0


def recall(heard: Iterable[Heard], voice: Voice) -> float:
    """How often it is said that `voice` speaks where it does, 0..1."""
    true = [stretch for stretch in heard if stretch.true is voice]
    return sum(stretch.said is voice for stretch in true) / len(true) if true else 1.0
