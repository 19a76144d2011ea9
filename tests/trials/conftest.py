"""The program that is tried, and a quick way to run its commands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.trials.program import Commands, Program


@pytest.fixture(scope="session")
def program() -> Program:
    """The program in the checkout that is to be tried: this one, unless the environment names another."""
    return Program()


@pytest.fixture(scope="session")
def commands(program: Program) -> Iterator[Commands]:
    """Runs commands, each in a fresh process."""
    with Commands(program) as running:
        yield running
