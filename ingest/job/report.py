"""The report of the ingest job: a line for each file, kept beside the archive until the next run."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

_NAME = "last-ingest.json"


class Outcome(StrEnum):
    """The outcome of a file."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    DUPLICATE = "duplicate"
    UNPACKED = "unpacked"
    UNREADABLE = "unreadable"
    SKIPPED = "skipped"


_CHANGES = {Outcome.ADDED, Outcome.REPLACED, Outcome.REMOVED, Outcome.UNPACKED}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the report.

    Attributes:
        source: the file, as the archive names it.
        outcome: what was done.
        reason: why it is not a letter of its own, and a remedy; empty otherwise.
        passages: how many passages the letter has.
    """

    source: str
    outcome: Outcome
    reason: str = ""
    passages: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """The report of a run of the job.

    Attributes:
        entries: a line for each file, and for what is no letter: the skipped.
        remarks: the problems of the manifests, each with a remedy.
        seconds: duration.
        finished: time of completion, with time zone; None if not recorded.
    """

    entries: tuple[Entry, ...] = ()
    remarks: tuple[str, ...] = ()
    seconds: float = 0.0
    finished: dt.datetime | None = None

    def count(self, outcome: Outcome) -> int:
        """Return how many files had this outcome."""
        return sum(entry.outcome is outcome for entry in self.entries)

    @property
    def complete(self) -> bool:
        """Check whether every file is in the archive."""
        return self.count(Outcome.UNREADABLE) == 0

    @property
    def changed(self) -> bool:
        """Check whether the archive has anything new."""
        return any(entry.outcome in _CHANGES for entry in self.entries)

    @property
    def skipped(self) -> tuple[Entry, ...]:
        """Return what was left out because it is no letter, each with the reason."""
        return tuple(entry for entry in self.entries if entry.outcome is Outcome.SKIPPED)

    def json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            **{outcome.value: self.count(outcome) for outcome in Outcome if outcome is not Outcome.SKIPPED},
            "files": [
                {"source": e.source, "outcome": e.outcome.value, "reason": e.reason, "passages": e.passages}
                for e in self.entries
                if e.outcome is not Outcome.SKIPPED
            ],
            "skipped": [{"source": e.source, "reason": e.reason} for e in self.skipped],
            "remarks": list(self.remarks),
            "seconds": round(self.seconds, 3),
            "finished": self.finished.isoformat(timespec="seconds") if self.finished else None,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Report:
        """Return the report from the values of `json`."""
        files = [Entry(**{**file, "outcome": Outcome(file["outcome"])}) for file in values["files"]]
        files += [Entry(**file, outcome=Outcome.SKIPPED) for file in values["skipped"]]
        finished = dt.datetime.fromisoformat(values["finished"]) if values["finished"] else None
        return cls(tuple(files), tuple(values["remarks"]), values["seconds"], finished)

    def keep(self, data: Path) -> None:
        """Save it in the folder of the archive, replacing that of the previous run."""
        beside = data / f"{_NAME}.new"
        beside.write_text(json.dumps(self.json(), ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(beside, data / _NAME)


def forget_in_report(data: Path, sources: Set[str]) -> None:
    """Take the lines of these files, and remarks that name them, out of the report of the last run."""
    report = last_report(data)
    if report is not None:
        entries = tuple(entry for entry in report.entries if entry.source not in sources)
        remarks = tuple(remark for remark in report.remarks if not any(source in remark for source in sources))
        replace(report, entries=entries, remarks=remarks).keep(data)


def last_report(data: Path) -> Report | None:
    """Return the report of the last run over the archive in a folder; None if missing or of another version."""
    try:
        return Report.from_json(json.loads((data / _NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None
