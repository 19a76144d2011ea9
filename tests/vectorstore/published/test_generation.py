"""Generations: whole or absent whenever their writer is killed, and known to be damaged when they are."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.damages import DAMAGES
from tests.killing import finishes_before
from tests.vectorstore.archives import FINGERPRINT
from vectorstore.published.generation import (
    DamagedGeneration,
    Generation,
    NoGeneration,
    latest,
    publish,
    remove_others,
    workspace,
)

FILES = {"letters.jsonl": b"een\ntwee\n", "words/meta.json": b"{}", "words/empty": b"", "vectors": bytes(5000)}


def published(data: Path, files: dict[str, bytes] = FILES) -> Generation:
    """A generation of these files."""
    with workspace(data) as work:
        for name, content in files.items():
            (work / name).parent.mkdir(exist_ok=True)
            (work / name).write_bytes(content)
        return publish(work, revision=f"een.{len(files)}.x", fingerprint=FINGERPRINT, letters=2, passages=3)


def contents(generation: Generation) -> dict[str, bytes]:
    return {name: (generation.folder / name).read_bytes() for name in generation.manifest.files}


def test_what_was_published_is_read_back(tmp_path: Path) -> None:
    made = published(tmp_path)
    found = latest(tmp_path)
    assert found == made
    assert contents(found) == FILES
    manifest = found.manifest
    assert (manifest.number, manifest.revision, manifest.letters, manifest.passages) == (1, "een.4.x", 2, 3)
    assert manifest.fingerprint == FINGERPRINT
    assert found.is_current


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("before", [0, 1])
def test_a_writer_that_is_killed_at_any_step_leaves_the_generation_before_or_the_next(
    tmp_path: Path, before: int
) -> None:
    changed = FILES | {"letters.jsonl": b"drie\n"}
    for step in itertools.count():
        data = tmp_path / str(step)
        data.mkdir()
        expected: list[object] = []
        for _ in range(before):
            expected.append(contents(published(data)))
        finished = finishes_before(step, lambda data=data: published(data, changed), data)  # type: ignore[misc]
        try:
            found: object = contents(latest(data))
        except NoGeneration:
            assert not before
        else:
            assert found in [*expected, changed]
            assert found == changed or not finished
        assert contents(published(data, FILES)) == FILES
        assert [path.name for path in (data / "published").iterdir()] == [latest(data).folder.name]
        if finished:
            break
    assert step > 10


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        pytest.param(name, damage, id=f"{name} {how}")
        for name in ("generation.json", *FILES)
        for how, damage in DAMAGES.items()
        if FILES.get(name) != b"" or how == "missing"
    ],
)
def test_any_damage_to_any_file_is_found_before_it_is_read(
    tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    generation = published(tmp_path)
    damage(generation.folder / name)
    with pytest.raises(DamagedGeneration):
        latest(tmp_path)
    if name != "generation.json":
        with pytest.raises(DamagedGeneration, match=name):
            generation.check()
        assert latest(tmp_path, checked=False) == generation


def test_a_folder_without_generations(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(NoGeneration):
            latest(tmp_path)
        (tmp_path / "published").mkdir(exist_ok=True)
        (tmp_path / "published" / "new").mkdir(exist_ok=True)
    assert not published(tmp_path / "elders").folder.with_name("new").exists()


def test_only_the_newest_is_kept_and_current(tmp_path: Path) -> None:
    made = [published(tmp_path) for _ in range(3)]
    assert [generation.manifest.number for generation in made] == [1, 2, 3]
    assert [generation.is_current for generation in made] == [False, False, True]
    assert [generation.folder.exists() for generation in made] == [False, False, True]


def test_numbers_of_generations_are_compared_as_numbers(tmp_path: Path) -> None:
    published(tmp_path).folder.rename(tmp_path / "published" / "99999999")
    assert published(tmp_path).manifest.number == 100_000_000
    assert latest(tmp_path).manifest.number == 100_000_000


def test_the_generation_of_another_archive_that_took_its_place_is_another(tmp_path: Path) -> None:
    one, other = published(tmp_path / "een"), published(tmp_path / "ander", FILES | {"meer": b"meer"})
    assert one.folder.name == other.folder.name
    shutil.rmtree(one.folder)
    shutil.copytree(other.folder, one.folder)
    assert not one.is_current
    assert latest(tmp_path / "een").manifest == other.manifest


def test_a_generation_of_a_later_format_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published(tmp_path)
    monkeypatch.setattr("vectorstore.published.generation.FORMAT", 0)
    with pytest.raises(DamagedGeneration, match="format"):
        latest(tmp_path)


def test_what_is_prepared_and_given_up_is_never_seen(tmp_path: Path) -> None:
    first = published(tmp_path)
    with contextlib.suppress(KeyboardInterrupt), workspace(tmp_path) as work:
        (work / "letters.jsonl").write_bytes(b"half")
        raise KeyboardInterrupt
    assert latest(tmp_path) == first
    assert [path.name for path in (tmp_path / "published").iterdir()] == [first.folder.name]


def test_older_generations_that_could_not_be_removed_are_removed_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where open files cannot be removed."""
    first = published(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr("vectorstore.published.generation.remove_others", lambda _: None)
        second = published(tmp_path)
    assert first.folder.exists()
    assert latest(tmp_path) == second
    remove_others(second.folder)
    assert not first.folder.exists()
    assert latest(tmp_path) == second
