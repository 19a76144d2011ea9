"""What the ingest job did: a line for each file, kept beside the archive until the next run."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

_NAME = "last-ingest.json"


class Outcome(StrEnum):
    """What the job did with a file."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    DUPLICATE = "duplicate"
    UNPACKED = "unpacked"
    UNREADABLE = "unreadable"


_CHANGES = {Outcome.ADDED, Outcome.REPLACED, Outcome.REMOVED, Outcome.UNPACKED}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the report.

    Attributes:
        source: the file, as the archive names it.
        outcome: what was done.
        reason: why it is no letter of its own, and what to do about it; empty otherwise.
        passages: how many passages the letter has.
    """

    source: str
    outcome: Outcome
    reason: str = ""
    passages: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What a run of the job did.

    Attributes:
        entries: a line for each file.
        remarks: what is wrong with the manifests, and what to do about it.
        seconds: that it took.
        finished: when, with the time zone; None when it was not noted.
    """

    entries: tuple[Entry, ...] = ()
    remarks: tuple[str, ...] = ()
    seconds: float = 0.0
    finished: dt.datetime | None = None

    def count(self, outcome: Outcome) -> int:
        """How many files had this outcome."""
        return sum(entry.outcome is outcome for entry in self.entries)

    @property
    def complete(self) -> bool:
        """Every file is in the archive."""
        return self.count(Outcome.UNREADABLE) == 0

    @property
    def changed(self) -> bool:
        """There is something in it that was not there before."""
        return any(entry.outcome in _CHANGES for entry in self.entries)

    def json(self) -> dict[str, Any]:
        """The report as plain values."""
        return {
            **{outcome.value: self.count(outcome) for outcome in Outcome},
            "files": [
                {"source": e.source, "outcome": e.outcome.value, "reason": e.reason, "passages": e.passages}
                for e in self.entries
            ],
            "remarks": list(self.remarks),
            "seconds": round(self.seconds, 3),
            "finished": self.finished.isoformat(timespec="seconds") if self.finished else None,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Report:
        """The report that `json` gave."""
        files = [Entry(**{**file, "outcome": Outcome(file["outcome"])}) for file in values["files"]]
        finished = dt.datetime.fromisoformat(values["finished"]) if values["finished"] else None
        return cls(tuple(files), tuple(values["remarks"]), values["seconds"], finished)

    def keep(self, data: Path) -> None:
        """Keep it in the folder of the archive, in place of that of the run before."""
        beside = data / f"{_NAME}.new"
        beside.write_text(json.dumps(self.json(), ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(beside, data / _NAME)


def last_report(data: Path) -> Report | None:
    """The report of the last run over the archive in a folder; None when none was kept, or not by this version."""
    try:
        return Report.from_json(json.loads((data / _NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None
