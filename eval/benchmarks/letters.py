"""Varied letters to measure with, made of those of an archive; the same call makes the same."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from ingest.files import files_in
from ingest.job.worker import ReadTask, read
from ingest.letter_builder import passages_of
from ingest.passages import BlockSpan
from vectorstore.letters import DateBasis, Letter, Passage, Precision

FIRST_YEAR, YEARS = 2005, 20
"""When the letters are dated."""

_CHANGED: Final = 0.15
"""Share of their longer words that come from elsewhere in the archive, unless another is asked for."""

_SEED: Final = 2020
_WORD = re.compile(r"[^\W\d_]{5,}")
_DIGIT = re.compile(r"\d")


def readable(archive: Path) -> Iterable[Letter]:
    """Read the letters in a folder, those that can be read."""
    for file in (file for file in files_in([archive]) if not file.skipped):
        yield from (read_letter.letter for read_letter in read(ReadTask(file)) if read_letter.letter)


def copies(archive: Path, joined: int = 1, changed: float = _CHANGED) -> Iterator[tuple[Letter, list[Passage]]]:
    """Make endlessly many varied letters; words are exchanged for others of the same length, so all offsets hold.

    Args:
        archive: letters that they are made of.
        joined: how many of those make one; five make about twenty passages.
        changed: share of the longer words that come from elsewhere in the archive.
    """
    originals = list(readable(archive))
    vocabulary: dict[int, list[str]] = {}
    for word in sorted({word for letter in originals for word in _WORD.findall(letter.text)}):
        vocabulary.setdefault(len(word), []).append(word)
    number = 0
    while True:
        chance = random.Random(f"{_SEED} {number}")
        chosen = chance.sample(originals, min(joined, len(originals)))
        letter = _varied(_joined(chosen, number, chance), vocabulary, chance, changed)
        yield letter, passages_of(letter, _paragraphs(letter.text), letter.id)
        number += 1


def _joined(letters: Sequence[Letter], number: int, chance: random.Random) -> Letter:
    """Return one letter with the texts of several, dated and numbered anew."""
    date = dt.date(FIRST_YEAR + number % YEARS, 1 + chance.randrange(12), 1 + chance.randrange(28))
    return replace(
        letters[0],
        id=f"{number:016x}",
        source=f"brief-{number:06d}.txt",
        text="\n\n".join(letter.text for letter in letters),
        reference=f"CRV {date.year}-{number}",
        date=date,
        date_basis=DateBasis.STATED,
        date_precision=Precision.DAY,
        pages=(),
        confidence=(),
    )


def _varied(letter: Letter, vocabulary: Mapping[int, Sequence[str]], chance: random.Random, changed: float) -> Letter:
    numbers = _DIGIT.sub(lambda _digit: str(chance.randint(1, 9)), letter.text)

    def other(word: str) -> str:
        return chance.choice(vocabulary[len(word)]) if chance.random() < changed else word

    return replace(letter, text=_WORD.sub(lambda match: other(match[0]), numbers))


def _paragraphs(text: str) -> list[BlockSpan]:
    stretches, start = [], 0
    for paragraph in text.split("\n\n"):
        if paragraph.strip():
            stretches.append(BlockSpan(start, start + len(paragraph)))
        start += len(paragraph) + 2
    return stretches
