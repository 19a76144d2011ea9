"""The seal on Chroma's folder: the hash of every file, written when the folder is closed and broken when it is opened.

Chroma notices a changed byte in its files seldom, and then crashes or gives other answers. With a seal it is noticed
before Chroma opens them. A folder whose writer was killed has none.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path
from typing import Final

SEAL: Final = "chroma.seal"


def write_seal(folder: Path) -> None:
    """Seal a folder that nobody has open."""
    content = json.dumps(_hashes(folder), indent=1)
    digest = hashlib.sha256(content.encode()).hexdigest()
    (folder.parent / SEAL).write_text(f"{digest}\n{content}\n", encoding="utf-8")


def break_seal(folder: Path) -> bool:
    """Check the seal of a folder and remove it; return True if there was a sound one.

    Raises:
        ValueError: the folder is not as it was sealed; the seal stays.
    """
    seal = folder.parent / SEAL
    sealed = _read(seal)
    if sealed is not None:
        found = _hashes(folder)
        wrong = sorted(name for name in found.keys() | sealed.keys() if found.get(name) != sealed.get(name))
        if wrong:
            raise ValueError(f"{', '.join(wrong[:3])}: niet zoals het programma het achterliet")
    with contextlib.suppress(OSError):
        seal.unlink(missing_ok=True)
    return sealed is not None


def _read(seal: Path) -> dict[str, str] | None:
    """Return the hashes in a seal; None if there is none, or it is itself damaged."""
    try:
        digest, _, content = seal.read_text(encoding="utf-8").partition("\n")
        content = content.removesuffix("\n")
        hashes: dict[str, str] = json.loads(content)
    except (OSError, ValueError):
        return None
    return hashes if hashlib.sha256(content.encode()).hexdigest() == digest else None


def _hashes(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): _hash(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
