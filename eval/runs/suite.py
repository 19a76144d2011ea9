"""The suite: every evaluation of the project, each in a process of its own, several at once."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from eval.comparison.provenance import PROJECT
from eval.datasets.schema import check_entries, read_list

SUITE: Final = PROJECT / "eval" / "suite.yaml"

_COMMANDS: Final = {"questions": "run", "labels": "reading", "statements": "statements"}
"""The command that an entry is run by, by the field that names its file."""

_OPTIONS: Final = {".json": "--out", ".html": "--html", ".md": "--markdown", ".xml": "--junit"}
"""What an output is asked for with, by how its name ends."""


@dataclass(frozen=True, slots=True)
class SuiteEntry:
    """One evaluation.

    Attributes:
        name: what it is called.
        archive: folder of letters.
        outputs: names of the files to write, one for each ending.
        questions, labels, statements: the file it is about; one of the three.
        baseline: what an earlier run reached.
        shared: archive and file are in the shared folder, which may not be there.
    """

    name: str
    archive: str
    outputs: tuple[str, ...]
    questions: str | None = None
    labels: str | None = None
    statements: str | None = None
    baseline: str | None = None
    shared: bool = False

    def __post_init__(self) -> None:
        if sum(bool(getattr(self, field)) for field in _COMMANDS) != 1:
            raise ValueError(f"an entry is about one file: give one of {', '.join(_COMMANDS)}")
        endings = [Path(name).suffix for name in self.outputs]
        allowed = list(_OPTIONS) if self.questions else [".json"]
        if ".json" not in endings or len(set(endings)) < len(endings) or not set(endings) <= set(allowed):
            raise ValueError(
                f"outputs must be a file ending in .json, and at most one for each of {', '.join(allowed)}"
            )
        if self.baseline and not self.questions:
            raise ValueError("only questions are compared with a baseline: leave it out")

    def arguments(self, folder: Path, out: Path) -> list[str]:
        """Return the words of its command.

        Args:
            folder: what its letters and its file are in.
            out: folder for its outputs.
        """
        field, command = next((field, command) for field, command in _COMMANDS.items() if getattr(self, field))
        given = {"--archive": folder / self.archive, f"--{field}": folder / getattr(self, field)}
        given |= {"--baseline": Path(self.baseline)} if self.baseline else {}
        given |= {_OPTIONS[Path(name).suffix]: out / name for name in self.outputs}
        return [command, *(str(word) for pair in given.items() for word in pair)]


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """What came of an entry.

    Attributes:
        name: of the entry.
        code: exit code of its command; None when it was skipped.
        report: what its command printed.
        seconds: that it took.
    """

    name: str
    code: int | None
    report: str = ""
    seconds: float = 0.0

    @property
    def verdict(self) -> str:
        """Return what came of it, in a word or two."""
        return {None: "skipped, not there", 0: "passed", 1: "FAILED"}.get(self.code, "could not run")


def load_suite(path: Path = SUITE) -> tuple[SuiteEntry, ...]:
    """Read the entries of a suite.

    Raises:
        WrongUse: the file cannot be read, or an entry in it is wrong; says which and what to do.
    """
    return check_entries(path, read_list(path, "suite", str(SUITE)), SuiteEntry, "entry", key="name")


def run_suite(
    entries: Sequence[SuiteEntry], shared: Path | None, out: Path, jobs: int, options: Sequence[str] = ()
) -> Iterator[SuiteResult]:
    """Run entries, and give what came of each as soon as it is known.

    Args:
        entries: what to run.
        shared: what the letters of shared entries are in; None when there is none.
        out: folder for the outputs.
        jobs: how many run at once.
        options: further words for the entries that ask questions.
    """
    with ThreadPoolExecutor(jobs) as pool:
        waiting = []
        for entry in entries:
            folder = shared if entry.shared else Path()
            if folder is None or not (PROJECT / folder / entry.archive).is_dir():
                yield SuiteResult(entry.name, None)
                continue
            words = [*entry.arguments(folder, out), *(options if entry.questions else ())]
            waiting.append(pool.submit(_run, entry.name, words))
        for done in as_completed(waiting):
            yield done.result()


def _run(name: str, words: Sequence[str]) -> SuiteResult:
    began = time.perf_counter()
    command = [sys.executable, "-m", "eval", *words]
    done = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    report = done.stdout.decode("utf-8", "replace").strip()
    return SuiteResult(name, done.returncode, report, time.perf_counter() - began)
