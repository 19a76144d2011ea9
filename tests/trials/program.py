"""The program that is tried, as it lies in a checkout: its commands as processes, and what they said."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

from eval.benchmarks.load import environment_of

CHECKOUT: Final = "RAADSGEHEUGEN_TRIALS_CHECKOUT"
"""Names, in the environment, another checkout to try than the one in which these tests are."""

HERE: Final = Path(__file__).parents[2]
PATIENCE: Final = 120.0
"""Seconds after which a command hangs, however busy the machine."""

_CRASH = re.compile(r"Traceback \(most recent call last\)|panicked at|Segmentation fault|Fatal Python error")


def checkout() -> Path:
    """Return the checkout to try."""
    return Path(os.environ.get(CHECKOUT) or HERE).resolve()


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that has ended, or was ended.

    Attributes:
        code: its exit status, negative for a signal; None when it hung and was killed.
        out: what it wrote to standard output.
        err: what it wrote to standard error.
    """

    code: int | None
    out: str
    err: str

    @property
    def crashed(self) -> bool:
        """Return true when it hung, died of a signal or showed its insides."""
        return self.code is None or self.code < 0 or self.code >= 128 or bool(_CRASH.search(self.err))

    @property
    def told(self) -> str:
        """Return the last line of standard error."""
        lines = [line for line in re.split(r"[\r\n]+", self.err) if line.strip()]
        return lines[-1].strip() if lines else ""

    @property
    def refused(self) -> bool:
        """Return true when it failed as it should: with a sentence and an exit status that says so."""
        return not self.crashed and self.code in (1, 2) and self.told.startswith("raadsgeheugen: ")

    def json(self) -> Any:
        """Return what it printed."""
        return json.loads(self.out)

    def __str__(self) -> str:
        state = "hung" if self.code is None else f"exit {self.code}"
        return f"{state}: {self.told or 'nothing said'}"


@dataclass(frozen=True)
class Program:
    """The program of a checkout.

    Attributes:
        root: where its packages are.
        environment: of its processes, beside that of this one.
    """

    root: Path = field(default_factory=checkout)
    environment: Mapping[str, str] = field(default_factory=dict)

    def variables(self, **others: str) -> dict[str, str]:
        """Return the environment of a process: no setting of whoever runs the trials, and the model that embeds fastest."""
        return environment_of(self.root) | dict(self.environment) | others

    def start(self, *arguments: str | Path, err: IO[bytes] | int = subprocess.PIPE, **options: Any) -> Process:
        """Start a command as a process, in a session of its own so that all of it can be ended."""
        environment = options.pop("env", None) or self.variables()
        command = [sys.executable, "-m", "assistant", *map(str, arguments)]
        options = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "start_new_session": True,
            "preexec_fn": _heed_interrupts,
        } | options
        return subprocess.Popen(command, env=environment, cwd=self.root, stderr=err, **options)

    def run(self, *arguments: str | Path, seconds: float = PATIENCE, **options: Any) -> Ran:
        """Run a command as a process and return what came of it."""
        return ended(self.start(*arguments, **options), seconds)


def _heed_interrupts() -> None:
    """Let Ctrl-C end what is started, also when these trials run in the background, where a shell has it ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


Process = subprocess.Popen[bytes]


def ended(process: Process, seconds: float = PATIENCE) -> Ran:
    """Wait until a process ends; kill it, and what it started, when it does not."""
    code: int | None
    try:
        out, err = process.communicate(timeout=seconds)
        code = process.returncode
    except subprocess.TimeoutExpired:
        kill_all(process)
        out, err = process.communicate()
        code = None
    return Ran(code, (out or b"").decode(errors="replace"), (err or b"").decode(errors="replace"))


def kill_all(process: Process) -> None:
    """Kill a process that was started in a session of its own, with all that it started."""
    try:
        os.killpg(process.pid, 9)
    except ProcessLookupError:
        pass


class Commands:
    """Commands of the program, each in a fresh process that has its imports behind it.

    Use it as a context manager.
    """

    def __init__(self, program: Program | None = None) -> None:
        self._program = program or Program()

    def __enter__(self) -> Self:
        script = Path(__file__).with_name("forkserver.py")
        self._server = subprocess.Popen(
            [sys.executable, "-P", str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=self._program.variables(),
            cwd=self._program.root,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.close()
        self._server.stdout.close()
        self._server.wait()

    def run(self, *arguments: str | Path, seconds: float = PATIENCE, **environment: str) -> Ran:
        """Run a command and return what came of it."""
        assert self._server.stdin
        assert self._server.stdout
        request = {"arguments": [*map(str, arguments)], "environment": environment, "seconds": seconds}
        self._server.stdin.write(json.dumps(request) + "\n")
        self._server.stdin.flush()
        return Ran(**json.loads(self._server.stdout.readline()))


def lines_of(table: Sequence[Sequence[object]], columns: Sequence[str]) -> list[str]:
    """Return a table as lines of markdown."""
    rows = [[str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in table]
    return [f"| {' | '.join(row)} |" for row in [[*columns], ["---"] * len(columns), *rows]]
