"""How the chat bears many readers: `python -m eval bench --load FOLDER`, beside another version of the program or alone.

Each version makes its own archives, of the same letters, and answers the same questions in a chat that runs as members run
it; the readers are a process of their own (`readers`).
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import numpy as np

from assistant.settings import PREFIX
from eval.benchmarks import any_version
from eval.benchmarks.bench import Figures
from eval.benchmarks.readers import Seen, varied_questions
from vectorstore.errors import WrongUse

_OWN: Final = Path(__file__).parents[2]
_READY_WITHIN: Final = 600.0
_LOOK_EVERY: Final = 0.2
_ENDS_WITHIN: Final = 30.0


@dataclass(frozen=True)
class Amount:
    """How much is measured.

    Attributes:
        sizes: passages in each archive.
        readers: at once.
        seconds: that they ask for, of each version and archive.
        rounds: in which they do so, the versions taking turns.
        first: questions asked of a chat before anything is counted.
        marks: numbers of answers to one reader between which memory is compared, in the first archive.
        fresh: processes that each answer one question.
    """

    sizes: tuple[int, ...] = (10_000, 100_000)
    readers: int = 20
    seconds: float = 180.0
    rounds: int = 2
    first: int = 20
    marks: tuple[int, ...] = (200, 2000)
    fresh: int = 5


SMALL: Final = Amount(sizes=(1000,), readers=3, seconds=3.0, rounds=1, first=1, marks=(2, 6), fresh=1)
"""Enough to see that all of it works."""


def run_python(checkout: Path, *arguments: object) -> str:
    """Run Python with a version of the program, and return what it printed.

    Raises:
        WrongUse: it failed; says what it said.
    """
    command = [sys.executable, *map(str, arguments)]
    environment = environment_of(checkout)
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise WrongUse(f"{' '.join(command[1:4])} of {checkout} failed.", done.stderr.strip()[-2000:])
    return done.stdout


def environment_of(checkout: Path) -> dict[str, str]:
    """Return the environment that a version runs in, without settings of one's own, with the static model.

    That model is in every version, and embeds a hundred thousand passages in minutes.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    static = checkout / "vectorstore" / "model" / "static"
    model = {f"{PREFIX}MODEL": str(static)} if static.is_dir() else {}
    return kept | model | {"PYTHONPATH": str(checkout)}


@dataclass(frozen=True)
class Version:
    """A checkout of the program, run as a program of its own.

    Attributes:
        name: heads its column.
        checkout: folder of it.
        data: folder of its archives, which are made once.
        figures: what was measured.
    """

    name: str
    checkout: Path
    data: Path
    figures: Figures = field(default_factory=dict)

    def archive(self, letters: Path, passages: int) -> Path:
        """Return its archive of about so many passages, made of these letters when there is none yet."""
        data = self.data / f"{self.checkout.name}-{passages}"
        if not data.exists():
            made = data.with_name(f"{data.name}-unfinished")
            shutil.rmtree(made, ignore_errors=True)
            run_python(self.checkout, "-P", any_version.__file__, "fill", letters, made, passages)
            made.rename(data)
        return data

    @contextlib.contextmanager
    def chat(self, data: Path) -> Iterator[Chat]:
        """Run its chat over an archive while the context lasts.

        Raises:
            WrongUse: the chat cannot be opened; says what it said.
        """
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "assistant", "chat", "--port", str(port), "--data", str(data)]
        with tempfile.TemporaryFile("w+") as said:
            process = subprocess.Popen(
                command, cwd=self.checkout, env=environment_of(self.checkout), stdout=said, stderr=said
            )
            try:
                address = f"http://127.0.0.1:{port}"
                if not _answers(address, process):
                    said.seek(0)
                    raise WrongUse(f"The chat of {self.checkout} did not open.", said.read().strip()[-2000:])
                yield Chat(address, process.pid)
            finally:
                _end(process)


@dataclass(frozen=True)
class Chat:
    """A chat that runs.

    Attributes:
        address: of its page.
        process: its number.
    """

    address: str
    process: int

    def read(self, questions: Path, **options: object) -> Seen:
        """Have readers ask it, in a process of their own, and return what they saw.

        Args:
            questions: file that theirs are made of.
            options: of `eval.benchmarks.readers`.

        Raises:
            WrongUse: they failed; says why.
        """
        given = itertools.chain.from_iterable((f"--{name}", *_words(value)) for name, value in options.items())
        server = (self.address, "--server", self.process)
        printed = run_python(_OWN, "-m", "eval.benchmarks.readers", *server, "--questions", questions, *given)
        return Seen(**json.loads(printed))


def load(
    letters: Path, questions: Path, folder: Path, amount: Amount = Amount(), beside: Path | None = None
) -> dict[str, Figures]:
    """Measure a chat under load, what it remembers, its list of letters, and the first answer of a new process.

    Args:
        letters: folder of letters that varied copies are made of.
        questions: question file over them.
        folder: where archives are made, and found again by a later run.
        amount: how much is measured.
        beside: checkout of another version, measured in turns with this one.

    Raises:
        WrongUse: something failed; says what it said.
    """
    letters, questions, folder = letters.resolve(), questions.resolve(), folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    versions = [Version("before", beside.resolve(), folder)] if beside else []
    versions.append(Version("now", _OWN, folder))
    for size in amount.sizes:
        archives = [(version, version.archive(letters, size)) for version in versions]
        about = f"{size:,} passages"
        _measure_fresh(archives, questions, amount.fresh, about)
        for version, data in archives:
            version.figures.update(_listed(version, data))
        _measure_readers(archives, questions, amount, about)
    for version in versions:
        data = version.archive(letters, amount.sizes[0])
        version.figures.update(_remembered(version, data, questions, amount.marks))
    return {version.name: version.figures for version in versions}


Archives = Sequence[tuple[Version, Path]]


def _measure_fresh(archives: Archives, questions: Path, times: int, about: str) -> None:
    """Time a question to a new process, the versions in turns; the first of each is not counted."""
    seconds: dict[str, list[float]] = {version.name: [] for version, _ in archives}
    for question in itertools.islice(varied_questions(questions, 0), 1 + times):
        for version, data in archives:
            began = time.perf_counter()
            run_python(version.checkout, "-m", "assistant", "ask", question, "--json", "--data", data)
            seconds[version.name].append(time.perf_counter() - began)
    for version, _ in archives:
        version.figures[f"{about}: ask in a new process, s"] = statistics.median(seconds[version.name][1:])


def _listed(version: Version, data: Path) -> Figures:
    listed = json.loads(run_python(version.checkout, "-P", any_version.__file__, "letters", data))
    about = f"list of {listed['letters']:,.0f} letters"
    return {f"{about}, the first time, ms": listed["first"], f"{about}, later, ms": listed["later"]}


def _measure_readers(archives: Archives, questions: Path, amount: Amount, about: str) -> None:
    """Let readers ask, the versions in turns, each round with other questions."""
    seen: dict[str, list[Seen]] = {version.name: [] for version, _ in archives}
    with contextlib.ExitStack() as stack:
        chats = [(version, stack.enter_context(version.chat(data))) for version, data in archives]
        for number in range(amount.rounds):
            for version, chat in chats:
                first, seconds = (0 if number else amount.first), amount.seconds / amount.rounds
                seen[version.name].append(
                    chat.read(questions, readers=amount.readers, seconds=seconds, first=first, seed=number)
                )
    for version, _ in archives:
        version.figures.update(summarise(seen[version.name], f"{about}, {amount.readers} readers"))


def summarise(rounds: Sequence[Seen], about: str) -> Figures:
    """Sum up what was seen in some rounds, and tell on standard error what went wrong."""
    for what, times in itertools.chain.from_iterable(each.errors.items() for each in rounds):
        print(f"{about}: {times} times {what}", file=sys.stderr)
    answers = sum(len(each.answers) for each in rounds)
    answered = sum(each.outcomes.get("answered", 0) for each in rounds)
    seconds = sum(each.seconds for each in rounds)
    spent = sum(each.server_cpu for each in rounds)
    figures = {
        "answers": answers,
        "answers/s": answers / seconds,
        "answered rather than refused, share": answered / max(answers, 1),
        "errors": sum(sum(each.errors.values()) for each in rounds),
        **_percentiles("answer", [one for each in rounds for one in each.answers]),
        **_percentiles("refresh of the page", [one for each in rounds for one in each.refreshes]),
        **_percentiles("opening a page", [one for each in rounds for one in each.openings]),
        "processor time of the chat, s": spent,
        "of which for each answer, s": spent / max(answers, 1),
        "processors in use by the chat": spent / seconds,
        "processors in use by the readers": sum(each.client_cpu for each in rounds) / seconds,
        "received for each answer, kB": sum(each.received for each in rounds) / max(answers, 1) / 1000,
        "memory of the chat afterwards, MB": rounds[-1].memory[-1],
    }
    return {f"{about}: {name}": float(value) for name, value in figures.items()}


def _percentiles(what: str, seconds: Sequence[float]) -> Mapping[str, float]:
    return {f"{what}, p{p}, s": float(np.percentile(seconds, p)) for p in (50, 95)} if seconds else {}


def _remembered(version: Version, data: Path, questions: Path, marks: Sequence[int]) -> Figures:
    """Compare the memory of a chat after some and after many questions."""
    with version.chat(data) as chat:
        seen = chat.read(questions, readers=1, seconds=float("inf"), most=marks[-1], marks=marks, first=0)
    memory = {f"memory after {count:,} questions, MB": held for count, held in zip(marks, seen.memory, strict=False)}
    return memory | {"of which since the first of these, MB": seen.memory[-1] - seen.memory[0]}


def _answers(address: str, process: subprocess.Popen[Any]) -> bool:
    """Wait until a page can be opened; false when the process ended instead."""
    ends = time.monotonic() + _READY_WITHIN
    while process.poll() is None and time.monotonic() < ends:
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(address, timeout=_READY_WITHIN).is_success
        time.sleep(_LOOK_EVERY)
    return False


def _end(process: subprocess.Popen[Any]) -> None:
    process.terminate()
    try:
        process.wait(_ENDS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _words(value: object) -> list[object]:
    return list(value) if isinstance(value, (tuple, list)) else [value]
