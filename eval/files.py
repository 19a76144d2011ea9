"""Files written whole or not at all."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from pathlib import Path

from vectorstore.errors import WrongUse


def check_apart(paths: Iterable[Path | None]) -> None:
    """Verify before any work is done that what will be written takes the place of nothing else that is given.

    Args:
        paths: of all files that are read or written; None for those that are not.

    Raises:
        WrongUse: two are the same, or one is a folder.
    """
    seen: set[Path] = set()
    for path in paths:
        if path is None:
            continue
        if path.is_dir():
            raise WrongUse(f"{path} is a folder.", "Name a file.")
        if path.resolve() in seen:
            raise WrongUse(f"{path} is named for two things.", "Give each a file of its own.")
        seen.add(path.resolve())


def write_text(path: Path, text: str) -> None:
    """Write a text in UTF-8; the file is the old one until all of the new one is there.

    Raises:
        OSError: the folder cannot be made or written in.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    try:
        with temporary.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_json(path: Path, value: object) -> None:
    """Write plain values as JSON.

    Raises:
        OSError: the folder cannot be made or written in.
        TypeError: a value is not plain.
    """
    write_text(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")
