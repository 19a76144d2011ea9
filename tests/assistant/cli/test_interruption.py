"""Ctrl-C ends an ingest with one line, whenever it comes; a terminal sends it to all of its processes."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from assistant.cli.interruption import INTERRUPTED, hear_interrupts_everywhere
from tests.ingest.documents import advice
from tests.waiting import PATIENCE, until

BEGUN = "import sys; print('begun', flush=True); from assistant.__main__ import start; start()"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "brieven"
    made.mkdir()
    for number in range(150):
        letter = advice(f"Brief {number} over schuldhulp.", reference=f"CRV 2020-{number}")
        (made / f"{number}.txt").write_text(letter, encoding="utf-8")
    return made


def _hear_interrupts() -> None:
    """Do as in a terminal: a script's job in the background is started deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def ingesting(folder: Path, data: Path) -> Iterator[subprocess.Popen[str]]:
    """An ingest, as from a terminal: a group of processes of its own."""
    command = [sys.executable, "-c", BEGUN, "ingest", str(folder), "--data", str(data)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=_hear_interrupts,
    ) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "begun\n"
            yield process
        finally:
            process.kill()


def children(process: subprocess.Popen[str]) -> int:
    """How many processes the ingest started, and those in turn."""
    return len(psutil.Process(process.pid).children(recursive=True))


MOMENTS: dict[str, Callable[[subprocess.Popen[str], Path], object]] = {
    "while it is loaded": lambda process, data: time.sleep(0.2),
    "while the model is loaded": lambda process, data: time.sleep(1.2),
    "while the archive is opened": lambda process, data: (data / "chroma").exists(),
    "while the readers are loaded": lambda process, data: children(process) >= 2,
    "while letters are read": lambda process, data: children(process) >= 3,
}


@pytest.mark.parametrize(
    ("moment", "again"), [*((moment, None) for moment in MOMENTS), *((moment, 0.05) for moment in list(MOMENTS)[-2:])]
)
def test_ctrl_c_ends_an_ingest_without_a_traceback(
    folder: Path, tmp_path: Path, moment: str, again: float | None
) -> None:
    with ingesting(folder, tmp_path / "data") as process:
        came = MOMENTS[moment](process, tmp_path / "data")
        assert came is None or until(lambda: MOMENTS[moment](process, tmp_path / "data"))
        os.killpg(process.pid, signal.SIGINT)
        if again:
            time.sleep(again)
            os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in told
    assert process.returncode == INTERRUPTED


@pytest.fixture
def heard() -> Iterator[None]:
    """Ctrl-C raises KeyboardInterrupt here, also where the tests run in the background."""
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, former)


def interrupt_in_a_finaliser() -> None:
    """Interrupt where Python prints the error and goes on."""

    class Finalised:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)

    Finalised()


def interrupt_an_import() -> None:
    """Interrupt where a library takes whatever goes wrong for a package that is not there."""
    with contextlib.suppress(BaseException):
        signal.raise_signal(signal.SIGINT)


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("interrupt", [interrupt_in_a_finaliser, interrupt_an_import])
def test_one_that_has_no_effect_is_heard_again(
    interrupt: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    def go_on() -> None:
        interrupt()
        until(lambda: False)

    with hear_interrupts_everywhere(), pytest.raises(KeyboardInterrupt):
        go_on()
    assert not capsys.readouterr().err


@pytest.mark.usefixtures("heard")
def test_once_it_had_effect_it_is_not_raised_again() -> None:
    running = set(threading.enumerate())
    with pytest.raises(KeyboardInterrupt), hear_interrupts_everywhere():
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert until(lambda: running.issuperset(threading.enumerate()))


def test_other_faults_in_a_finaliser_are_told_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda ignored: told.append(ignored.exc_type))

    class Finalised:
        def __del__(self) -> None:
            raise ValueError

    with hear_interrupts_everywhere():
        Finalised()
    assert told == [ValueError]
