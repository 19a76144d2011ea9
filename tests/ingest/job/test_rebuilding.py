"""Rebuilding: what is there is set aside, and goes once all its letters are in the archive again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import filelock
import pytest

from ingest.job.rebuilding import folders_aside, set_aside
from tests.damages import DAMAGES
from tests.ingest.archives import contents, ingest, letters, opened, published
from vectorstore.errors import ArchiveUnavailable, DamagedArchive
from vectorstore.store.engine import LETTERS, OWNER_LOCK, Location


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_fault_3_a_damaged_archive_is_told_and_made_again_by_one_command(
    folder: Path, data: Path, damage: Callable[[Path], None]
) -> None:
    ingest(data, folder, publish=True)
    before = contents(data)
    damage(data / "chroma" / "chroma.sqlite3")
    with pytest.raises(DamagedArchive, match="raadsgeheugen ingest --rebuild"):
        letters(data)
    set_aside(Location(data))
    assert len(folders_aside(data)) == 1
    report = ingest(data, folder, publish=True)
    assert report.remarks == ()
    assert folders_aside(data) == []
    assert contents(data)[LETTERS].keys() == before[LETTERS].keys()
    assert contents(data) == before
    assert published(data) == {"a.txt", "b.txt"}


def test_what_is_aside_stays_until_all_its_letters_are_back_and_is_told(folder: Path, data: Path) -> None:
    ingest(data, folder, publish=True)
    set_aside(Location(data))
    (aside,) = folders_aside(data)
    (remark,) = ingest(data, folder / "a.txt", publish=True).remarks
    assert str(aside) in remark
    assert "b.txt" in remark
    assert aside.exists()
    assert ingest(data, folder, publish=True).remarks == ()
    assert not aside.exists()


def test_what_is_aside_of_an_archive_that_was_never_published_stays(folder: Path, data: Path) -> None:
    ingest(data, folder)
    set_aside(Location(data))
    (remark,) = ingest(data, folder, publish=True).remarks
    assert "onbekend welke" in remark
    assert len(folders_aside(data)) == 1


def test_nothing_is_set_aside_where_there_is_nothing(data: Path) -> None:
    set_aside(Location(data))
    assert folders_aside(data) == []
    assert not data.exists()


def test_an_archive_that_another_process_has_open_is_not_set_aside(folder: Path, data: Path) -> None:
    ingest(data, folder)
    with opened(data), pytest.raises(ArchiveUnavailable, match="Wacht tot die klaar is"):
        set_aside(Location(data))
    assert folders_aside(data) == []
    with filelock.FileLock(data / OWNER_LOCK, timeout=60):
        pass
    assert letters(data).keys() == {"a.txt", "b.txt"}
