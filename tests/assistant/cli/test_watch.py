"""`raadsgeheugen ingest --watch` keeps an archive in step with a folder, and `--dry-run` leaves it alone."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.cli import commands as cli
from assistant.composition import open_embedder, open_store
from assistant.settings import Settings
from ingest.job.job import Ingest
from ingest.job.watch import InterruptFlag, listen_for_interrupts, watch_changes
from ingest.job.worker import InProcessReader, PendingResult, ReadTask
from tests.fakes import FakeEmbedder
from tests.ingest.archives import SIZES, ingest, opened, outcomes
from tests.ingest.documents import advice, reply
from tests.waiting import until


def sources(data: Path) -> set[str]:
    """The letters in an archive."""
    settings = Settings(data=data)
    store = open_store(settings, open_embedder(settings))
    try:
        return {letter.source for letter in store.letters()}
    finally:
        store.close()


class Vanishing:
    """A reader before which a file is moved away."""

    width = 0

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, task: ReadTask) -> PendingResult:
        self._path.unlink(missing_ok=True)
        return InProcessReader()(task)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "brieven"
    made.mkdir()
    (made / "a.txt").write_text(advice(), encoding="utf-8")
    return made


@pytest.fixture
def watching(folder: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "assistant", "ingest", str(folder), "--watch", "--data", str(tmp_path / "data")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_folder_is_kept_in_step(watching: subprocess.Popen[str], folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert until(lambda: (data / "last-ingest.json").exists())
    time.sleep(1)
    (folder / "b.txt").write_text(reply("Wij nemen uw advies over."), encoding="utf-8")
    assert until(lambda: sources(data) == {"a.txt", "b.txt"})
    (folder / "a.txt").unlink()
    assert until(lambda: sources(data) == {"b.txt"})
    (folder / "b.txt").rename(tmp_path / "b.txt")
    time.sleep(4)
    assert sources(data) == {"b.txt"}, "an empty folder is a drive that is gone"
    (tmp_path / "b.txt").rename(folder / "c.txt")
    assert until(lambda: sources(data) == {"c.txt"})
    watching.send_signal(signal.SIGINT)
    out, err = watching.communicate(timeout=120)
    assert watching.returncode == 130
    assert "leeg" in err
    assert "Traceback" not in err
    assert out.count("Klaar") >= 4


def test_folders_that_are_gone_for_a_while_are_waited_for(tmp_path: Path) -> None:
    looking = watch_changes([tmp_path / "weg"], tmp_path / "data", InterruptFlag(), every=0.2)
    assert next(looking) is None
    (tmp_path / "weg").mkdir()
    assert next(looking) is None


def test_the_archive_among_the_letters_wakes_nobody(folder: Path) -> None:
    (folder / "data").mkdir()
    looking = watch_changes([folder], folder / "data", InterruptFlag(), every=2.5)
    assert next(looking) is None, "what changed before the watch began is looked at"
    threading.Timer(0.5, (folder / "data" / "last-ingest.json").touch).start()
    began = time.monotonic()
    assert next(looking) is None
    assert time.monotonic() - began > 2


def test_letters_beside_the_archive_wake_it(folder: Path) -> None:
    looking = watch_changes([folder], folder, InterruptFlag(), every=600)
    assert next(looking) is None
    threading.Timer(0.5, (folder / "c.txt").touch).start()
    assert next(looking) is None


def test_a_file_that_goes_while_the_folder_is_read_keeps_its_letter_until_it_is_seen_to_be_gone(
    folder: Path, tmp_path: Path
) -> None:
    """It was recorded as unreadable, and its letter was lost."""
    data = tmp_path / "data"
    (folder / "b.txt").write_text(reply("Wij nemen uw advies over."), encoding="utf-8")
    ingest(data, folder)
    (folder / "a.txt").write_text(advice("Nu vinden wij iets anders."), encoding="utf-8")
    with opened(data) as store:
        job = Ingest(store, FakeEmbedder(), SIZES, reader=Vanishing(folder / "b.txt"))
        looking = watch_changes([folder], data, InterruptFlag(), every=600)
        assert next(looking) is None
        assert outcomes(job.run([folder], prune=True)) == {"a.txt": "replaced", "b.txt": "unreadable"}
        assert {letter.source for letter in store.letters()} == {"a.txt", "b.txt"}
        assert next(looking) is None, "the file that went is a change"
        assert outcomes(job.run([folder], prune=True)) == {"b.txt": "removed", "a.txt": "unchanged"}


def test_ctrl_c_is_not_forgotten_when_it_comes_where_errors_are_ignored(folder: Path) -> None:
    former = signal.getsignal(signal.SIGINT)
    with listen_for_interrupts() as pressed:
        looking = watch_changes([folder], folder / "data", pressed, every=0.2)
        assert next(looking) is None
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert next(looking, "ended") == "ended"
    assert signal.getsignal(signal.SIGINT) is former


def test_a_rehearsal_makes_no_archive(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    assert cli.run(["ingest", str(folder), "--dry-run", "--json", "--data", str(data)]) == 0
    assert json.loads(capsys.readouterr().out)["added"] == 1
    assert not data.exists()
    assert cli.run(["ingest", str(folder), "--dry-run", "--data", str(data)]) == 0
    assert "Zou doen: 1 toegevoegd" in capsys.readouterr().out


@pytest.mark.parametrize("other", ["--json", "--dry-run"])
def test_watching_goes_with_neither_json_nor_a_rehearsal(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], other: str
) -> None:
    assert cli.run(["ingest", str(folder), "--watch", other, "--data", str(tmp_path)]) == 2
    assert "--watch" in capsys.readouterr().err
