"""Tables beside the tests: each row is a word or a sentence, and what the program must make of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

Row = tuple[str, ...]

_ESCAPED = {r"\n": "\n", r"\t": "\t", r"\\": "\\"}


def read_rows(path: Path) -> list[Row]:
    """Return the rows under the header of a TSV file; a lone dash is an empty cell, and `\\n` a new line."""
    header, *rows = (line.split("\t") for line in path.read_text("utf-8").removesuffix("\n").split("\n"))
    ragged = [row for row in rows if len(row) != len(header)]
    if ragged or not rows:
        raise ValueError(f"{path.name} has rows of another width than its header, or none: {ragged}")
    return [tuple(_cell(cell) for cell in row) for row in rows]


def items(cell: str) -> list[str]:
    """Return the parts of a cell that holds a list, such as `one | two`."""
    return cell.split(" | ") if cell else []


def failing(rows: Iterable[Row], check: Callable[..., bool]) -> list[str]:
    """Return the rows that the check denies, and those that it breaks on with the error."""
    return [failure for row in rows if (failure := _failure(row, check))]


def assert_table(path: Path, check: Callable[..., bool], floor: float = 1.0) -> None:
    """Fail with all failing rows where fewer of them than the floor, a share of one, pass."""
    rows = read_rows(path)
    failed = failing(rows, check)
    rate = 1 - len(failed) / len(rows)
    assert rate >= floor, "\n".join([f"{path.name}: {rate:.3f} of {len(rows)} rows, less than {floor}", *failed])


def _cell(text: str) -> str:
    return "" if text == "-" else re.sub(r"\\[nt\\]", lambda found: _ESCAPED[found[0]], text)


def _failure(row: Row, check: Callable[..., bool]) -> str:
    try:
        return "" if check(*row) else repr(row)
    except Exception as error:
        return f"{row!r}: {error!r}"
