"""The mark of an archive: a file that says that a folder holds one, of which format, and what made it."""

from __future__ import annotations

import contextlib
import json
import os
from importlib.metadata import version
from pathlib import Path
from typing import Final

from vectorstore.archive_folder import MARK
from vectorstore.errors import ArchiveMismatch, NoArchive
from vectorstore.store.engine import Location

FORMAT: Final = 1
"""Format of the folder of an archive; a program does not touch those of a higher format."""


def _holds_archive(folder: Path) -> bool:
    """Check whether a folder holds an archive; one made by a version without marks is known by Chroma's database."""
    return (folder / MARK).is_file() or (folder / "chroma" / "chroma.sqlite3").is_file()


def check_mark(location: Location) -> None:
    """Check that a folder holds an archive that this program can read; on a server, that is for the server to say.

    Raises:
        NoArchive: it holds none.
        ArchiveMismatch: it is of a newer format.
    """
    if location.server is None and not _holds_archive(location.data):
        raise NoArchive(
            f"Er is geen archief in {location.data}.",
            "Controleer de naam achter --data, of maak het met `raadsgeheugen ingest MAP`, met de map waarin uw "
            "brieven staan.",
        )
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        made = json.loads((location.data / MARK).read_text(encoding="utf-8"))
        if int(made["format"]) > FORMAT:
            raise ArchiveMismatch(
                f"Het archief in {location.data} is gemaakt met een nieuwere versie ({made['made_by']}).",
                "Gebruik die versie of een nieuwere.",
            )


def write_mark(folder: Path) -> None:
    """Mark a folder as that of an archive, unless it is marked as one."""
    path = folder / MARK
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        if int(json.loads(path.read_text(encoding="utf-8"))["format"]) == FORMAT:
            return
    folder.mkdir(parents=True, exist_ok=True)
    made_by = f"raadsgeheugen {version('raadsgeheugen')}"
    aside = path.with_name(f"{MARK}.new")
    aside.write_text(json.dumps({"format": FORMAT, "made_by": made_by}, indent=1) + "\n", encoding="utf-8")
    os.replace(aside, path)
