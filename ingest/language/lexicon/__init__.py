"""Vocabulary as data: files of words beside this module, read when they are first needed.

In every file a line that begins with `#` is a comment, words are folded and parted by commas, and a star stands for any letters.
Columns are parted by tabs.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def read_rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the columns of each line of a file of the lexicon.

    Args:
        name: of the file, as "opposites.tsv".
    """
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    return tuple(
        tuple(column.strip() for column in line.split("\t")) for line in lines if line.strip() and line[0] != "#"
    )


@cache
def read_words(name: str) -> frozenset[str]:
    """Return all words of a file of the lexicon."""
    return frozenset(
        word for row in read_rows(name) for column in row for each in column.split(",") if (word := each.strip())
    )


def match_any(listed: str) -> re.Pattern[str]:
    """Return the pattern that finds any of some words as whole words in a folded text.

    Args:
        listed: words parted by commas, a star for any letters, a space for any white space.
    """
    words = [re.escape(word.strip()).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for word in listed.split(",")]
    return re.compile(rf"\b(?:{'|'.join(sorted(filter(None, words), key=len, reverse=True))})\b")
