"""The command that opens the chat: by which names, and whether it says who can read along."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.cli.commands import run
from assistant.settings import Settings
from assistant.web.door import is_loopback
from vectorstore.errors import WrongUse

Opened = list[tuple[Any, ...]]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    """What chats were opened with, none of which is served."""
    calls: Opened = []

    def launch(*given: Any, ready: Callable[[str], None]) -> None:
        calls.append(given)

    monkeypatch.setattr("assistant.web.app.launch", launch)
    monkeypatch.setattr("assistant.composition.open_assistant", lambda _: SimpleNamespace(archive=None))
    return calls


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "archief.example"])
def test_a_chat_that_others_can_reach_says_so(
    opened: Opened, capsys: pytest.CaptureFixture[str], tmp_path: Path, host: str
) -> None:
    assert run(["chat", "--host", host, "--data", str(tmp_path)]) == 0
    told = capsys.readouterr()
    assert f"op {host} kan iedereen op het netwerk het archief lezen" in told.err
    assert told.out == ""


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "localhost"])
def test_a_chat_that_only_this_machine_can_reach_says_nothing(
    opened: Opened, capsys: pytest.CaptureFixture[str], tmp_path: Path, host: str
) -> None:
    assert is_loopback(host)
    assert run(["chat", "--host", host, "--data", str(tmp_path)]) == 0
    assert "netwerk" not in capsys.readouterr().err


def test_the_names_of_the_setting_reach_the_chat(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RAADSGEHEUGEN_HOSTS", " archief.example , [fd00::1],")
    assert run(["chat", "--data", str(tmp_path)]) == 0
    assert opened[0][-1] == ("archief.example", "fd00::1")


@pytest.mark.parametrize("name", ["http://archief.example", "archief.example:80", "*", "a/b", "*.example"])
def test_a_name_with_anything_else_is_refused(name: str) -> None:
    with pytest.raises(WrongUse, match="RAADSGEHEUGEN_HOSTS"):
        Settings.from_environment({"RAADSGEHEUGEN_HOSTS": name})
