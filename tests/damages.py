"""What disks and people do to files.

The damaged file takes the place of the whole one, which somebody here may have mapped into memory.
"""

from __future__ import annotations

import random
from pathlib import Path


def put_back(path: Path, content: bytes) -> None:
    """Put another file in the place of one."""
    path.unlink(missing_ok=True)
    path.write_bytes(content)


def emptied(path: Path) -> None:
    """Leave nothing in a file."""
    put_back(path, b"")


def cut(path: Path) -> None:
    """Lose the end of a file."""
    content = path.read_bytes()
    put_back(path, content[: len(content) * 2 // 3])


def flipped(path: Path) -> None:
    """Change one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    if content:
        content[len(content) // 2] ^= 4
    put_back(path, bytes(content))


def junked(path: Path) -> None:
    """Fill a file with rubbish of its size."""
    put_back(path, random.Random(1).randbytes(path.stat().st_size))


DAMAGES = {"missing": Path.unlink, "empty": emptied, "cut": cut, "flipped": flipped, "rubbish": junked}
