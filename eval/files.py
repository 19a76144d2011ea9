"""Files written whole or not at all."""

from __future__ import annotations

import json
import secrets
from pathlib import Path


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
