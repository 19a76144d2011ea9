"""Files are read in other processes, and what goes wrong there stays there."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from ingest import workers
from ingest.files import Found
from ingest.reading import Draft, Errand, Here
from ingest.workers import Workers
from tests.waiting import PATIENCE, until

from .documents import advice

MEMORY = 600_000_000


def crash(errand: Errand) -> tuple[Draft, ...]:
    if errand.file.source == "fout.txt":
        os.kill(os.getpid(), signal.SIGKILL)
    return (Draft(errand.file.source),)


def hang(errand: Errand) -> tuple[Draft, ...]:
    while errand.file.source == "fout.txt":
        time.sleep(0.1)
    return (Draft(errand.file.source),)


def start_another(errand: Errand) -> tuple[Draft, ...]:
    with subprocess.Popen(["sleep", "600"]) as other:
        errand.file.path.write_text(str(other.pid), encoding="utf-8")
    return (Draft(errand.file.source),)


def keep_reading(path: Path) -> None:
    with pytest.MonkeyPatch.context() as patched, Workers(1, memory=MEMORY) as made:
        patched.setattr(workers, "read", start_another)
        made(Errand(Found(path, "brief.txt")))()


def hoard(errand: Errand) -> tuple[Draft, ...]:
    hoarded = bytearray(2 * MEMORY if errand.file.source == "fout.txt" else 1)
    return (Draft(errand.file.source, sha256=str(len(hoarded))),)


@pytest.fixture
def made(request: pytest.FixtureRequest) -> Iterator[Workers]:
    with Workers(2, memory=MEMORY, patience=getattr(request, "param", PATIENCE)) as made:
        yield made


def test_reads_what_this_process_reads(made: Workers, tmp_path: Path) -> None:
    path = tmp_path / "brief.txt"
    path.write_text(advice(), encoding="utf-8")
    errand = Errand(Found(path, "brief.txt"))
    assert made(errand)() == Here()(errand)()


@pytest.mark.parametrize(
    ("made", "fault", "said"),
    [(PATIENCE, crash, "liep vast"), (4, hang, "duurde te lang"), (PATIENCE, hoard, "te veel geheugen")],
    indirect=["made"],
)
def test_a_file_that_does_not_end_well_is_reported_and_the_others_are_read(
    made: Workers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Callable[[Errand], tuple[Draft, ...]],
    said: str,
) -> None:
    monkeypatch.setattr(workers, "read", fault)
    names = ["een.txt", "fout.txt", "twee.txt"]
    readings = {name: made(Errand(Found(tmp_path / name, name))) for name in names}
    drafts = {name: reading()[0] for name, reading in readings.items()}
    assert said in drafts["fout.txt"].problem
    assert [drafts[name].name for name in ("een.txt", "twee.txt")] == ["een.txt", "twee.txt"]


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
        made(Errand(Found(path, "brief.txt")))
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
    assert made._patience_for(Errand(Found(path, "groot.pdf"))) > 200
