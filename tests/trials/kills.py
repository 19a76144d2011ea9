"""Kills in the midst of a job that writes: of the job, of one of its own processes, or of a chat that reads meanwhile.

Afterwards a plain run of the same job must bring about what it would have without a kill.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

import psutil

from tests.trials.letters import name_of, questions, text_of, write
from tests.trials.program import Commands, Process, Program, Ran, ended, kill_all
from tests.trials.readers import free_port
from tests.trials.readings import Contents, differences, faults_while_torn, read
from tests.trials.visitor import Chat, Visitor

CHECKED: Final = 3
OTHER_MODEL: Final = {"RAADSGEHEUGEN_DOCUMENT_PROMPT": "brief: "}
"""Settings with which the bundled model counts as another one: what is embedded begins with other words."""

EARLIEST: Final = 0.2
"""Part of the time of a job before which nothing is killed: until then it imports."""


class Job(StrEnum):
    """What is done to an archive when the kill comes."""

    ADD = "add"
    REPLACE = "replace"
    PRUNE = "prune"
    REEMBED = "reembed"


class Victim(StrEnum):
    """Who is killed."""

    JOB = "job"
    CHILD = "child"
    CHAT = "chat"


@dataclass(frozen=True)
class Scene:
    """A job over an archive, what the archive holds before it and after it, and how long it takes.

    Attributes:
        arguments: of the command.
        mending: of the command that a member runs after a kill.
        environment: settings of the job.
        base: the archive before.
        before: what it holds.
        after: what it must hold in the end.
        texts: of each letter, by source, all that it has said.
        seconds: that the job takes.
    """

    job: Job
    arguments: Sequence[str | Path]
    mending: Sequence[str | Path]
    environment: Mapping[str, str]
    base: Path
    before: Contents
    after: Contents
    texts: Mapping[str, set[str]]
    seconds: float


@dataclass
class Kill:
    """A kill and what came of it.

    Attributes:
        moment: when it came: after which part of the time of the job, or at which write.
        hit: the victim was still there.
        ended: how the job ended.
        faults: what should not have happened.
    """

    job: Job
    victim: Victim
    moment: str
    hit: bool = False
    ended: str = ""
    faults: list[str] = field(default_factory=list)


def scenes(program: Program, commands: Commands, folder: Path, letters: int, jobs: Sequence[Job]) -> dict[Job, Scene]:
    """Make an archive for each job, half of the letters of which the job changes.

    Letters are known by the path of their file, so that each job has a folder of its own, which is as the job finds it.
    """
    return {job: _scene(program, commands, folder / job, letters, job) for job in jobs}


def _scene(program: Program, commands: Commands, folder: Path, letters: int, job: Job) -> Scene:
    base, done = folder / "archief", folder / "ongestoord"
    kept = range(letters // 2) if job is Job.ADD else range(letters)
    place = write(folder / "brieven", kept)
    _must(program.run("ingest", place, "--data", base, seconds=600))
    texts = {name_of(number): {text_of(number)} for number in range(letters)}
    before = read(commands.run, base, questions(CHECKED))
    arguments: list[str | Path] = ["ingest", place]
    environment: Mapping[str, str] = {}
    changing = range(letters // 4, letters // 2)
    if job is Job.ADD:
        write(place, range(letters // 2, letters))
    elif job is Job.REPLACE:
        write(place, changing, version=1)
        for number in changing:
            texts[name_of(number)].add(text_of(number, 1))
    elif job is Job.PRUNE:
        arguments += ["--prune"]
        half = len(changing) // 2
        for number in changing[:half]:
            (place / name_of(number)).unlink()
        write(place, changing[half:], version=1)
        for number in changing[half:]:
            texts[name_of(number)].add(text_of(number, 1))
    else:
        arguments, environment = ["reembed"], OTHER_MODEL
    shutil.copytree(base, done)
    began = time.monotonic()
    _must(program.run(*arguments, "--data", done, env=program.variables(**environment), seconds=600))
    seconds = time.monotonic() - began
    after = read(commands.run, done, questions(CHECKED), **environment)
    return Scene(job, arguments, arguments, environment, base, before, after, texts, seconds)


def _must(ran: Ran) -> None:
    assert ran.code == 0, str(ran)


def try_kill(
    program: Program, commands: Commands, scene: Scene, victim: Victim, chosen: random.Random, folder: Path
) -> Kill:
    """Kill at a random moment of the job, read the archive, run the job again, and compare."""
    moment = EARLIEST + (1 - EARLIEST) * chosen.random()
    kill = Kill(scene.job, victim, f"{moment:.2f}")
    data = folder / "gedood"
    shutil.copytree(scene.base, data)
    try:
        with _chatting(program, data, victim) as chat:
            job = program.start(*scene.arguments, "--data", data, env=program.variables(**scene.environment))
            _wait_for(job, moment * scene.seconds)
            kill.hit = _strike(job, victim, chat, chosen)
            if victim is Victim.JOB and kill.hit:
                kill_all(job)
            ran = ended(job)
        kill.ended = str(ran)
        struck = victim is Victim.JOB and kill.hit
        if not struck and (ran.crashed or not (ran.code == 0 or ran.refused or ran.code == 3)):
            kill.faults.append(f"job: {ran}")
        kill.faults += check_after_kill(program, commands, scene, data)
    finally:
        shutil.rmtree(data, ignore_errors=True)
    return kill


def check_after_kill(program: Program, commands: Commands, scene: Scene, data: Path) -> list[str]:
    """Read an archive after a kill, mend it with a plain run, and tell what is not as it should be."""
    faults = faults_while_torn(commands.run, data, (scene.before, scene.after), scene.texts)
    if scene.environment:
        faults += faults_while_torn(commands.run, data, (scene.before, scene.after), scene.texts, **scene.environment)
    if scene.job is Job.PRUNE:
        plain = program.run(*scene.arguments[:2], "--data", data)
        if plain.code != 0 or plain.crashed:
            faults.append(f"plain ingest: {plain}")
        torn = faults_while_torn(commands.run, data, (scene.before, scene.after), scene.texts)
        faults += [f"after a plain ingest: {fault}" for fault in torn]
    mended = program.run(*scene.mending, "--data", data, env=program.variables(**scene.environment))
    if mended.code != 0 or mended.crashed:
        faults.append(f"mending: {mended}")
    try:
        faults += differences(read(commands.run, data, scene.after.answers, **scene.environment), scene.after)
    except AssertionError as error:
        faults.append(f"afterwards: {error}")
    return faults


@contextlib.contextmanager
def _chatting(program: Program, data: Path, victim: Victim) -> Iterator[Chat | None]:
    """Have a chat answer questions when it is the one to be killed."""
    if victim is not Victim.CHAT:
        yield None
        return
    with tempfile.TemporaryFile() as log:
        chat = Chat(program, data, free_port(), log)
        try:
            assert chat.wait()
            with Visitor(chat.address) as visitor:
                visitor.ask(questions(1)[0])
            yield chat
        finally:
            kill_all(chat.process)
            chat.process.communicate()


def _wait_for(process: Process, seconds: float) -> None:
    """Wait some seconds, or until a process ends."""
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)


def _strike(job: Process, victim: Victim, chat: Chat | None, chosen: random.Random) -> bool:
    """Kill the victim, a child as soon as there is one; false when it was no longer there."""
    while job.poll() is None:
        with contextlib.suppress(psutil.NoSuchProcess):
            if there := _there(job, victim, chat):
                chosen.choice(there).kill()
                return True
        time.sleep(0.005)
    return False


def _there(job: Process, victim: Victim, chat: Chat | None) -> list[psutil.Process]:
    if victim is Victim.CHILD:
        children = psutil.Process(job.pid).children(recursive=True)
        return [child for child in children if not _is_tracker(child)]
    process = chat.process if victim is Victim.CHAT and chat else job
    return [psutil.Process(process.pid)]


def _is_tracker(process: psutil.Process) -> bool:
    """Tell Python's own resource tracker, whose loss Python itself reports with a traceback, by its command."""
    with contextlib.suppress(psutil.Error):
        return any("resource_tracker" in argument for argument in process.cmdline())
    return False


HOOK: Final = Path(__file__).with_name("hook")


def writes_of(program: Program, scene: Scene, folder: Path) -> list[str]:
    """Return what a job asks of Chroma to write, in order, in whichever of its processes."""
    data, log = folder / "geteld", folder / f"schrijft-{scene.job}"
    shutil.copytree(scene.base, data)
    _must(
        program.run(*scene.arguments, "--data", data, env=_hooked(program, scene, RAADSGEHEUGEN_TRIALS_WRITES=str(log)))
    )
    shutil.rmtree(data)
    return log.read_text(encoding="utf-8").split()


def try_kill_at(program: Program, commands: Commands, scene: Scene, when: str, folder: Path) -> Kill:
    """Kill a job at a write of Chroma ("before 3 all", "after 3 self"), and go on as `try_kill` does."""
    data = folder / "gedood"
    shutil.copytree(scene.base, data)
    environment = _hooked(program, scene, RAADSGEHEUGEN_TRIALS_KILL=when)
    victim = Victim.JOB if when.endswith("all") else Victim.CHILD
    try:
        ran = program.run(*scene.arguments, "--data", data, env=environment)
        kill = Kill(scene.job, victim, when, ran.code != 0, str(ran))
        if victim is Victim.CHILD and ran.code != -9 and (ran.crashed or not (ran.code == 0 or ran.refused)):
            kill.faults.append(f"job: {ran}")
        kill.faults += check_after_kill(program, commands, scene, data)
    finally:
        shutil.rmtree(data, ignore_errors=True)
    return kill


def _hooked(program: Program, scene: Scene, **others: str) -> dict[str, str]:
    return program.variables(**scene.environment, PYTHONPATH=os.pathsep.join([str(HOOK), str(program.root)]), **others)
