"""The public names of the package: all there, and nothing loaded before they are asked for."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import assistant


def test_every_public_name_is_there() -> None:
    assert set(assistant.__all__) <= set(dir(assistant))
    assert all(getattr(assistant, name) for name in assistant.__all__)


def test_public_names_are_what_they_are_where_they_are_defined() -> None:
    from assistant.answers.answer import Answer, NoAnswer
    from assistant.assistant import Assistant
    from assistant.composition import open_assistant

    assert (assistant.Answer, assistant.NoAnswer, assistant.Assistant) == (Answer, NoAnswer, Assistant)
    assert assistant.open_assistant is open_assistant


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert assistant.__version__ == project["version"]


def test_other_names_are_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        assistant.nothing  # noqa: B018


def test_importing_the_package_loads_nothing_of_it() -> None:
    code = (
        "import sys, assistant; print([name for name in sys.modules if name.startswith(('assistant.', 'vectorstore'))])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
