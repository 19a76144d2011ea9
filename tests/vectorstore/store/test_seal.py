from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.damages import DAMAGES
from vectorstore.store.seal import SEAL, break_seal, write_seal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of files, sealed."""
    inner = tmp_path / "chroma" / "collectie"
    inner.mkdir(parents=True)
    (inner / "data_level0.bin").write_bytes(bytes(range(200)))
    (inner.parent / "chroma.sqlite3").write_bytes(b"databank" * 99)
    write_seal(inner.parent)
    return inner.parent


def test_a_seal_is_broken_once(folder: Path) -> None:
    assert break_seal(folder)
    assert not break_seal(folder)
    assert not (folder.parent / SEAL).exists()


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("name", ["chroma.sqlite3", "collectie/data_level0.bin"])
def test_any_damage_is_found_and_found_again(folder: Path, name: str, damage: Callable[[Path], None]) -> None:
    damage(folder / name)
    for _ in range(2):
        with pytest.raises(ValueError, match=Path(name).name):
            break_seal(folder)


def test_a_file_too_many_is_found(folder: Path) -> None:
    (folder / "erbij").touch()
    with pytest.raises(ValueError, match="erbij"):
        break_seal(folder)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_seal_that_is_itself_damaged_is_none(folder: Path, damage: Callable[[Path], None]) -> None:
    damage(folder.parent / SEAL)
    assert not break_seal(folder)
    write_seal(folder)
    assert break_seal(folder)
