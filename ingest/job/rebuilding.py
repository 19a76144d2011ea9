"""Rebuilding: what is there is set aside, and made again from the letters."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from ingest.job.publication import published_letters
from vectorstore.errors import ArchiveUnavailable
from vectorstore.store.engine import OWNER_LOCK, Location
from vectorstore.store.lock import hold_lock
from vectorstore.store.seal import SEAL

_ASIDE: Final = "chroma.opzij-"
_SOURCES: Final = "bronnen.json"
_LOCK_SECONDS: Final = 5.0


def set_aside(location: Location) -> None:
    """Move Chroma's folder out of the way, with a list of the files whose letters were in it.

    Raises:
        ArchiveUnavailable: another process has it open, or it cannot be moved.
    """
    if location.server is not None or not location.folder.exists():
        return
    published = published_letters(location.data)
    aside = location.data / f"{_ASIDE}{dt.datetime.now():%Y%m%d-%H%M%S}"
    try:
        with hold_lock(location.data / OWNER_LOCK, _LOCK_SECONDS):
            location.folder.rename(aside)
            (location.data / SEAL).unlink(missing_ok=True)
        if published is not None:
            sources = sorted(card.source for card in published.cards.values())
            (aside / _SOURCES).write_text(json.dumps(sources), encoding="utf-8")
    except OSError as error:
        raise ArchiveUnavailable(
            f"Het archief in {location.data} kan niet opzij worden gezet ({error.strerror}).",
            "Controleer of u in die map mag schrijven en of geen ander programma hem gebruikt.",
        ) from error


def folders_aside(data: Path) -> list[Path]:
    """Return the folders that were set aside in that of an archive, oldest first."""
    with contextlib.suppress(OSError):
        return sorted(path for path in data.iterdir() if path.name.startswith(_ASIDE) and path.is_dir())
    return []


def clear_aside(data: Path, sources: Iterable[str]) -> list[str]:
    """Remove what was set aside, where all its letters are in the archive again; return a remark about each that stays.

    Args:
        data: folder of the archive.
        sources: files whose letters the archive holds.
    """
    held, remarks = set(sources), []
    for folder in folders_aside(data):
        listed = _sources_of(folder)
        if listed is not None and listed <= held:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            names = ", ".join(sorted((listed or set()) - held)[:5]) or "onbekend welke"
            remarks.append(
                f"Het vorige archief staat nog in {folder}: niet al zijn brieven zijn opnieuw ingelezen ({names}). Gooi die "
                "map weg als u haar niet meer nodig hebt."
            )
    return remarks


def drop_aside(data: Path) -> None:
    """Remove all that was set aside."""
    for folder in folders_aside(data):
        shutil.rmtree(folder, ignore_errors=True)


def _sources_of(folder: Path) -> set[str] | None:
    """Return the files whose letters were in what was set aside; None if that is not known."""
    try:
        return set(json.loads((folder / _SOURCES).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None
