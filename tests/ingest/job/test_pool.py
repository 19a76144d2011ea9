"""Files are read in other processes, and what goes wrong there stays there."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from ingest.files import Found
from ingest.job import pool as workers
from ingest.job.pool import Workers
from ingest.job.worker import InProcessReader, ReadResult, ReadTask
from tests.ingest.documents import advice
from tests.waiting import PATIENCE, until

MEMORY = 600_000_000


def crash(task: ReadTask) -> tuple[ReadResult, ...]:
    if task.file.source == "fout.txt":
        os.kill(os.getpid(), signal.SIGKILL)
    return (ReadResult(task.file.source),)


def hang(task: ReadTask) -> tuple[ReadResult, ...]:
    while task.file.source == "fout.txt":
        time.sleep(0.1)
    return (ReadResult(task.file.source),)


def start_another(task: ReadTask) -> tuple[ReadResult, ...]:
    with subprocess.Popen(["sleep", "600"]) as other:
        task.file.path.write_text(str(other.pid), encoding="utf-8")
    return (ReadResult(task.file.source),)


def keep_reading(path: Path) -> None:
    with pytest.MonkeyPatch.context() as patched, Workers(1, memory=MEMORY) as made:
        patched.setattr(workers, "read", start_another)
        made(ReadTask(Found(path, "brief.txt")))()


def hoard(task: ReadTask) -> tuple[ReadResult, ...]:
    hoarded = bytearray(2 * MEMORY if task.file.source == "fout.txt" else 1)
    return (ReadResult(task.file.source, sha256=str(len(hoarded))),)


@pytest.fixture
def made(request: pytest.FixtureRequest) -> Iterator[Workers]:
    with Workers(2, memory=MEMORY, patience=getattr(request, "param", PATIENCE)) as made:
        yield made


def test_reads_what_this_process_reads(made: Workers, tmp_path: Path) -> None:
    path = tmp_path / "brief.txt"
    path.write_text(advice(), encoding="utf-8")
    task = ReadTask(Found(path, "brief.txt"))
    assert made(task)() == InProcessReader()(task)()


@pytest.mark.parametrize(
    ("made", "fault", "said"),
    [(PATIENCE, crash, "liep vast"), (4, hang, "duurde te lang"), (PATIENCE, hoard, "te veel geheugen")],
    indirect=["made"],
)
def test_a_file_that_does_not_end_well_is_reported_and_the_others_are_read(
    made: Workers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Callable[[ReadTask], tuple[ReadResult, ...]],
    said: str,
) -> None:
    monkeypatch.setattr(workers, "read", fault)
    names = ["een.txt", "fout.txt", "twee.txt"]
    readings = {name: made(ReadTask(Found(tmp_path / name, name))) for name in names}
    results = {name: reading()[0] for name, reading in readings.items()}
    assert said in results["fout.txt"].problem
    assert [results[name].name for name in ("een.txt", "twee.txt")] == ["een.txt", "twee.txt"]


def die_once(task: ReadTask) -> tuple[ReadResult, ...]:
    marker = task.file.path.with_suffix(".begun")
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return (ReadResult(task.file.source),)


def test_a_file_whose_process_was_killed_is_read_again(
    made: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "read", die_once)
    (result,) = made(ReadTask(Found(tmp_path / "brief.txt", "brief.txt")))()
    assert (result.name, result.problem) == ("brief.txt", "")


def break_once(task: ReadTask) -> tuple[ReadResult, ...]:
    """Die, and take the process along that starts others, so that the whole pool is broken."""
    with contextlib.suppress(FileExistsError):
        task.file.path.with_name("begun").touch(exist_ok=False)
        for process in (psutil.Process().parent(), psutil.Process()):
            assert process is not None
            process.kill()
    return (ReadResult(task.file.source),)


def test_files_are_read_though_all_processes_were_killed(
    made: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "read", break_once)
    names = ["een.txt", "twee.txt", "drie.txt"]
    readings = [made(ReadTask(Found(tmp_path / name, name))) for name in names]
    assert [(result.name, result.problem) for reading in readings for result in reading()] == [(n, "") for n in names]


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_when_the_job_is_ended_nothing_it_started_stays(tmp_path: Path, end: signal.Signals) -> None:
    path = tmp_path / "pid"
    job = multiprocessing.get_context("spawn").Process(target=keep_reading, args=[path])
    job.start()
    assert until(lambda: path.exists() and bool(path.read_text(encoding="utf-8")))
    os.kill(job.pid or 0, end)
    job.join()
    assert until(lambda: ended(path))


def test_closing_ends_what_the_processes_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "pid"
    monkeypatch.setattr(workers, "read", start_another)
    with Workers(1, memory=MEMORY) as made:
        made(ReadTask(Found(path, "brief.txt")))
        assert until(lambda: path.exists() and bool(path.read_text(encoding="utf-8")))
    assert until(lambda: ended(path))


def ended(path: Path) -> bool:
    """Whether the process of which a file has the number is there no longer."""
    number = int(path.read_text(encoding="utf-8"))
    try:
        return psutil.Process(number).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_large_files_may_take_longer(made: Workers, tmp_path: Path) -> None:
    path = tmp_path / "groot.pdf"
    path.write_bytes(b"0" * 1_000_000)
    assert made.patience_for(ReadTask(Found(path, "groot.pdf"))) > 200
