"""What is imported is declared, what is declared is imported and pinned."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROGRAM = ("assistant", "ingest", "prompts", "vectorstore")
MAKING = "vectorstore/training"
"""Makes the bundled models, for who works on the project."""
OURS = {*PROGRAM, "eval", "tests"}


def _name(requirement: str) -> str:
    """Return the normalised name of the distribution that is required."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement, maxsplit=1)[0]).lower()


def _group(name: str) -> Iterator[str]:
    for each in PROJECT["dependency-groups"][name]:
        if isinstance(each, str):
            yield _name(each)
        else:
            yield from _group(each["include-group"])


RUNTIME = {_name(each) for each in PROJECT["project"]["dependencies"]}
EXTRAS = {_name(each) for extra in PROJECT["project"]["optional-dependencies"].values() for each in extra}
EVALUATION = set(_group("eval"))
DEVELOPMENT = set(_group("dev"))


@cache
def _distributions() -> dict[str, set[str]]:
    return {module: {_name(each) for each in names} for module, names in metadata.packages_distributions().items()}


def _imported(packages: Iterable[str], without: str = "-") -> set[str]:
    """Return the modules of others that are imported anywhere in these packages, by the first part of their name."""
    found: set[str] = set()
    paths = (path for package in packages for path in (ROOT / package).rglob("*.py"))
    for path in (path for path in paths if not path.is_relative_to(ROOT / without)):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - OURS - sys.stdlib_module_names


@pytest.mark.parametrize(
    ("packages", "without", "declared"),
    [
        (PROGRAM, MAKING, RUNTIME | EXTRAS),
        ([MAKING], "-", RUNTIME | EXTRAS | DEVELOPMENT),
        (["eval"], "-", RUNTIME | EXTRAS | EVALUATION),
        (["tests"], "-", RUNTIME | EXTRAS | DEVELOPMENT),
    ],
    ids=["program", "making", "eval", "tests"],
)
def test_every_import_is_declared(packages: Iterable[str], without: str, declared: set[str]) -> None:
    imported = _imported(packages, without)
    undeclared = {each for each in imported if not _distributions().get(each, {_name(each)}) & declared}
    assert undeclared == set()


def test_the_program_asks_for_nothing_that_it_does_not_import() -> None:
    imported = set().union(*(_distributions().get(each, {_name(each)}) for each in _imported(PROGRAM)))
    assert RUNTIME - imported == set()


def test_no_dependency_is_declared_twice() -> None:
    assert RUNTIME.isdisjoint(EXTRAS | DEVELOPMENT)
    assert EXTRAS.isdisjoint(DEVELOPMENT)


def test_every_dependency_is_pinned() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [_name(line) for line in lines if re.fullmatch(r"[\w.-]+==[\w.+-]+", line)]
    assert len(pinned) == len(lines) == len(set(pinned))
    assert (RUNTIME | EXTRAS | DEVELOPMENT) - set(pinned) == set()


def test_the_licence_comes_with_the_program() -> None:
    for name in PROJECT["project"]["license-files"]:
        assert (ROOT / name).read_text(encoding="utf-8").strip()
