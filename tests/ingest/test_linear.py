"""Reading takes work in proportion to the length of a text, whatever it is made of."""

from __future__ import annotations

import random
import string
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.files import Found
from ingest.job.worker import ReadTask, read
from tests.ingest.documents import advice
from vectorstore.letters import Letter

SHORT, LONG = 5_000, 40_000
MOST = 3 * LONG // SHORT
"""How many times as much work the long text may take: three times its length, where the square is eight times."""


def word(length: int) -> str:
    chance = random.Random(7)
    return "".join(chance.choice(string.ascii_lowercase) for _ in range(length))


TEXTS: dict[str, Callable[[int], str]] = {
    "one word": word,
    "one word in capitals": lambda length: "A" * length,
    "one number": lambda length: "1" * length,
    "lines of letters": lambda length: "\n".join(word(76) for _ in range(length // 77)),
    "lines that end in a hyphen": lambda length: "ver-\n" * (length // 5),
    "names": lambda length: "Jan " * (length // 4),
    "references": lambda length: "CRV 2020-01 " * (length // 12),
    "opening quotation marks": lambda length: "«" * length,
    "apostrophes": lambda length: "“" + "'" * length + "”",
    "abbreviations": lambda length: "a. " * (length // 3),
    "page numbers": lambda length: "".join(f"{number}\n" for number in range(length // 5)),
    "list items": lambda length: "Wij verzoeken u " + "".join(f"{n}. punt\n" for n in range(length // 9)),
    "labels": lambda length: f"schreef wethouder {'Aan: ' * (length // 5)} dat",
    "spaces": lambda length: f"x{' ' * length}x",
    "quoted lines": lambda length: "> ja nee\n" * (length // 9),
}


def read_text(folder: Path, text: str) -> Letter:
    path = folder / "brief.txt"
    path.write_text(advice(text), encoding="utf-8")
    letter = read(ReadTask(Found(path, "brief.txt")))[-1].letter
    assert letter is not None
    return letter


def work(folder: Path, text: str) -> float:
    """Seconds of computing that a text takes, the least of two."""
    least = float("inf")
    for _ in range(2):
        began = time.process_time()
        read_text(folder, text)
        least = min(least, time.process_time() - began)
    return least


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_eight_times_as_long_takes_no_square_of_the_work(tmp_path: Path, name: str) -> None:
    """One word of 300,000 letters kept a reader busy for 198 seconds."""
    make = TEXTS[name]
    read_text(tmp_path, "Een gewone brief.")
    assert work(tmp_path, make(LONG)) < MOST * work(tmp_path, make(SHORT))


def test_all_of_a_word_without_end_stays_in_the_letter(tmp_path: Path) -> None:
    huge = word(300_000)
    assert huge in read_text(tmp_path, f"Zie {huge} hierboven.").text
