"""An archive that cannot be reached, cannot be written, or was away for a while (fault 11)."""

from __future__ import annotations

import ctypes
import itertools
import os
import shutil
import socket
import stat
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.trials.letters import question, write
from tests.trials.program import Commands, Program
from tests.trials.readers import free_port
from tests.trials.readings import answer_of
from tests.trials.visitor import Chat, Reply, Visitor
from tests.waiting import until

QUESTION = question(0)
HANGS = 45.0
"""Seconds after which a command that should have told within some fifteen hangs, however busy the machine."""
PR_CAPBSET_DROP = 24
CAP_DAC_OVERRIDE = 1

pytestmark = pytest.mark.timeout(600)


@contextmanager
def silent_server() -> Iterator[str]:
    """The address of a server that accepts whoever calls, and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        held: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    held.append(listening.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()
            for connection in held:
                connection.close()


@pytest.mark.parametrize("command", ["ask", "ingest"])
def test_a_chroma_server_that_never_answers_is_told_of(
    command: str, tmp_path: Path, commands: Commands, program: Program
) -> None:
    letters = write(tmp_path / "brieven", range(2))
    with silent_server() as address:
        if command == "ask":
            ran = commands.run(
                "ask", QUESTION, "--data", tmp_path / "archief", seconds=HANGS, RAADSGEHEUGEN_CHROMA=address
            )
        else:
            environment = program.variables(RAADSGEHEUGEN_CHROMA=address)
            ran = program.run("ingest", letters, "--data", tmp_path / "archief", seconds=HANGS, env=environment)
    assert ran.code == 1, str(ran)
    assert ran.refused


@pytest.fixture
def filled(program: Program) -> Iterator[Path]:
    """An archive in a folder that anyone may enter."""
    folder = Path(tempfile.mkdtemp(prefix="raadsgeheugen-"))
    try:
        folder.chmod(0o755)
        ran = program.run("ingest", write(folder / "brieven", range(6)), "--data", folder / "archief")
        assert ran.code == 0, str(ran)
        yield folder / "archief"
    finally:
        shutil.rmtree(folder)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Take the right to write from a folder and all that is in it, as `chmod -R a-w` does."""
    modes = {path: path.stat().st_mode for path in [folder, *folder.rglob("*")]}
    for path, mode in modes.items():
        path.chmod(mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    try:
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


def heed_rights() -> None:
    """Let rights hold for this process and what it runs, also when it is root's, who may write anywhere."""
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)


@pytest.mark.parametrize(
    "command",
    [("ask", QUESTION, "--json"), ("search", "wachttijd", "--json"), ("status", "--letters", "--json")],
    ids=["ask", "search", "status"],
)
def test_an_archive_on_a_read_only_disk_answers(command: tuple[str, ...], filled: Path, program: Program) -> None:
    copy = filled.with_name("kopie")
    shutil.copytree(filled, copy)
    expected = program.run(*command, "--data", copy)
    assert expected.code == 0, str(expected)
    with read_only(filled):
        if not _is_heeded(filled) and os.environ.get("CI") != "true":
            pytest.skip("needs a user, or a system, that may not write where nobody may")
        ran = program.run(*command, "--data", filled, preexec_fn=heed_rights)
    assert ran.code == 0, str(ran)
    assert answer_of(ran) == answer_of(expected)


def _is_heeded(folder: Path) -> bool:
    """Check that nothing can be made in a folder that is read-only."""
    return subprocess.run(["touch", str(folder / "proef")], preexec_fn=heed_rights, capture_output=True).returncode != 0


def test_a_chat_recovers_when_its_archive_comes_back(filled: Path, program: Program) -> None:
    """It came back from a copy, as from another disk, and one more letter was read in since."""
    away, more = filled.with_name("weg"), write(filled.with_name("erbij"), [6])
    with tempfile.TemporaryFile() as log:
        chat = Chat(program, filled, free_port(), log)
        try:
            assert chat.wait()
            with Visitor(chat.address) as visitor:
                asked = itertools.count()
                assert _counts(visitor, next(asked), 6)
                shutil.copytree(filled, away)
                shutil.rmtree(filled)
                assert visitor.ask(question(next(asked))).reply is not Reply.BROKEN
                shutil.rmtree(filled, ignore_errors=True)
                away.rename(filled)
                ran = program.run("ingest", more, "--data", filled)
                assert ran.code == 0, str(ran)
                assert until(lambda: _counts(visitor, next(asked), 7))
        finally:
            closed = chat.close()
    assert not closed.crashed, closed.err


def _counts(visitor: Visitor, number: int, letters: int) -> bool:
    """Return true when a question is answered, or refused, from so many letters."""
    said = visitor.ask(question(number))
    return said.reply in (Reply.ANSWERED, Reply.REFUSED) and f" {letters} brieven" in said.text
