"""The papers say what is so: settings, commands, links and folders that they name are there, and none is left out."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.cli import arguments
from assistant.settings import PREFIX, Settings
from eval import cli as evaluation

ROOT = Path(__file__).parent.parent
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
PACKAGES = ("assistant", "eval", "ingest", "prompts", "vectorstore")

_LINK = re.compile(r"\[[^\]]*\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")
_FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _named(paper: Path) -> str:
    return paper.relative_to(ROOT).as_posix()


def _anchors(markdown: str) -> set[str]:
    """Return the anchors of the headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", markdown), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _command_lines(markdown: str) -> Iterator[list[str]]:
    """Yield the arguments of every line of a shell block that runs the program; comments and redirections are left out."""
    for language, block in _FENCED.findall(markdown):
        for line in block.splitlines() if language == "sh" else ():
            words = shlex.split(line, comments=True)
            if words[:1] == ["raadsgeheugen"]:
                yield words[1 : words.index(">")] if ">" in words else words[1:]


def test_every_setting_is_documented() -> None:
    documented = set(re.findall(rf"^\| `({PREFIX}\w+)` \|", _text("docs/settings.md"), re.M))
    there = {f"{PREFIX}{name.upper()}" for name in Settings.__dataclass_fields__}
    assert documented == there
    assert set(re.findall(rf"{PREFIX}\w+", Settings.__doc__ or "")) == there


@pytest.mark.parametrize("paper", PAPERS, ids=_named)
def test_no_paper_names_a_setting_that_is_not_there(paper: Path) -> None:
    named = set(re.findall(rf"{PREFIX}([A-Z_]+)", paper.read_text(encoding="utf-8")))
    assert {name.lower() for name in named} <= set(Settings.__dataclass_fields__)


def test_the_readme_is_read_in_two_minutes() -> None:
    lines = _text("README.md").splitlines()
    assert len(lines) <= 120
    assert [line for line in lines if len(line) > 120] == []


@pytest.mark.parametrize("paper", PAPERS, ids=_named)
def test_every_link_leads_somewhere(paper: Path) -> None:
    for path, anchor in _LINK.findall(paper.read_text(encoding="utf-8")):
        target = paper.parent / path if path else paper
        assert target.exists(), path
        if anchor:
            assert anchor in _anchors(target.read_text(encoding="utf-8")), f"{path}#{anchor}"


@pytest.mark.parametrize("paper", PAPERS, ids=_named)
def test_every_command_line_is_one_that_the_program_knows(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    for line in _command_lines(text):
        arguments.build_parser().parse_args(line)
    for command in re.findall(r"\braadsgeheugen ([a-z]+)", text):
        with pytest.raises(SystemExit, match=r"^0$"):
            arguments.build_parser().parse_args([command, "--help"])


@pytest.mark.parametrize("paper", PAPERS, ids=_named)
def test_every_command_of_the_evaluation_is_one_that_it_knows(paper: Path) -> None:
    for command in re.findall(r"python -m eval ([a-z]+)", paper.read_text(encoding="utf-8")):
        with pytest.raises(SystemExit, match=r"^0$"):
            evaluation.parser().parse_args([command, "--help"])


def test_the_tree_names_every_folder_of_code() -> None:
    tree = _FENCED.search(_text("docs/architecture.md"))
    assert tree
    named = set(re.findall(r"(\w+)/", tree[2]))
    folders = {path.parent.name for package in PACKAGES for path in (ROOT / package).rglob("__init__.py")}
    assert folders - named == set()


def test_every_path_of_the_architecture_is_there() -> None:
    named = re.findall(rf"`((?:{'|'.join(PACKAGES)})/[\w./]*)`", _text("docs/architecture.md"))
    assert [path for path in named if not (ROOT / path).exists()] == []
