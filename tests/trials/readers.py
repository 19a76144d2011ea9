"""Readers that ask while an ingest runs: a chat with five pages open, `ask` now and then, and letters that come in."""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.trials.letters import question, questions, write
from tests.trials.program import Commands, Program, Ran, ended
from tests.trials.readings import Contents, differences, read
from tests.trials.visitor import BrokenPage, Chat, Reply, Visitor

READERS = 5
CHECKED = 6
"""Questions of which the answers afterwards are compared."""


@dataclass
class Trial:
    """What happened while letters came in.

    Attributes:
        replies: how many questions were answered, refused, told to fail, or broken.
        broken: what was said of those that broke.
        asked: the commands `ask` that ran meanwhile.
        faults: what should not have happened.
        seconds: that the ingest took.
    """

    replies: Counter[Reply] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    asked: list[Ran] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True)
class Setting:
    """Archives to try readers on: one as it was, and what it must be at the end of each step.

    Attributes:
        program: that made them.
        base: the archive before.
        steps: folders of letters that come in, one after the other, each in a trial of its own.
        whole: what the archive holds after all of them, with nobody reading.
    """

    program: Program
    base: Path
    steps: Sequence[Path]
    whole: Contents


def prepare(program: Program, commands: Commands, folder: Path, before: int, coming: int, steps: int = 1) -> Setting:
    """Make an archive of letters, folders of letters to come, and what the archive must hold after these."""
    base, undisturbed = folder / "archief", folder / "ongestoord"
    _ingest(program, write(folder / "brieven" / "eerst", range(before)), base)
    shutil.copytree(base, undisturbed)
    coming_in = []
    for step in range(steps):
        first = before + step * coming
        coming_in.append(write(folder / "brieven" / f"daarna-{step}", range(first, first + coming)))
        _ingest(program, coming_in[-1], undisturbed)
    return Setting(program, base, coming_in, read(commands.run, undisturbed, questions(CHECKED)))


def _ingest(program: Program, letters: Path, data: Path) -> None:
    ran = program.run("ingest", letters, "--data", data, seconds=600)
    assert ran.code == 0, str(ran)


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def try_readers(setting: Setting, commands: Commands, folder: Path, *, readers: int = READERS) -> list[Trial]:
    """Let readers ask while letters come in, a trial for each step, over one copy of the archive and with one chat.

    A chat that died is started again for the next step.
    """
    data = folder / "archief"
    shutil.copytree(setting.base, data)
    trials: list[Trial] = []
    chat: Chat | None = None
    with tempfile.TemporaryFile() as log:
        for step in setting.steps:
            if chat is None:
                chat = Chat(setting.program, data, free_port(), log)
            trial = _try_one(setting, commands, chat, step, data, readers)
            trials.append(trial)
            if not chat.alive:
                trial.faults.append(f"chat died: {chat.close()}")
                chat = None
        if chat:
            closed = chat.close()
            if closed.crashed or "Traceback" in closed.err:
                trials[-1].faults.append(f"chat ended badly: {closed}")
    trials[-1].faults += _compare(commands, data, setting.whole)
    shutil.rmtree(data)
    return trials


def _try_one(setting: Setting, commands: Commands, chat: Chat, letters: Path, data: Path, readers: int) -> Trial:
    trial = Trial()
    if not chat.wait():
        trial.faults.append("the chat does not start")
    over, ready = threading.Event(), threading.Barrier(readers + 1)
    threads = [threading.Thread(target=_read, args=(chat, trial, number, over, ready)) for number in range(readers)]
    for thread in threads:
        thread.start()
    ready.wait(120)
    began = time.monotonic()
    ingest = setting.program.start("ingest", letters, "--json", "--data", data)
    number = 0
    while ingest.poll() is None and time.monotonic() - began < 600:
        trial.asked.append(commands.run("ask", question(number), "--json", "--data", data))
        number += 1
        over.wait(0.5)
    ran = ended(ingest)
    trial.seconds = time.monotonic() - began
    over.set()
    for thread in threads:
        thread.join()
    if ran.code != 0 or ran.crashed:
        trial.faults.append(f"ingest: {ran}")
    trial.faults += [f"ask: {asked}" for asked in trial.asked if asked.code != 0 and not asked.refused]
    trial.faults += [f"chat: {text}" for text in trial.broken]
    return trial


def _read(chat: Chat, trial: Trial, number: int, over: threading.Event, ready: threading.Barrier) -> None:
    """Ask one question after the other as one page, and open another when it broke."""
    asked, begun = number * 1000, False
    while not over.is_set():
        try:
            with Visitor(chat.address) as visitor:
                while not over.is_set():
                    said = visitor.ask(question(asked))
                    asked += 1
                    trial.replies[said.reply] += 1
                    if not begun:
                        ready.wait(120)
                        begun = True
                    if said.reply is Reply.BROKEN:
                        trial.broken.append(said.text)
                        break
        except (httpx.HTTPError, BrokenPage) as error:
            trial.replies[Reply.BROKEN] += 1
            trial.broken.append(f"{type(error).__name__}: {error}")
            if not begun:
                ready.abort()
        if not chat.alive:
            return


def _compare(commands: Commands, data: Path, whole: Contents) -> list[str]:
    try:
        return differences(read(commands.run, data, whole.answers), whole)
    except AssertionError as error:
        return [f"afterwards: {error}"]
