from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.vectorstore.archives import open_store
from vectorstore.errors import ArchiveMismatch, NoArchive
from vectorstore.store.engine import Location
from vectorstore.store.mark import FORMAT, MARK, check_mark, write_mark


def test_a_folder_of_letters_is_no_archive_and_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "brief.txt").write_text("Geacht college,", encoding="utf-8")
    for folder in (tmp_path, tmp_path / "bestaat niet"):
        with pytest.raises(NoArchive, match="raadsgeheugen ingest"):
            check_mark(Location(folder))
    assert [path.name for path in tmp_path.iterdir()] == ["brief.txt"]


def test_what_is_opened_to_write_is_marked(tmp_path: Path) -> None:
    open_store(tmp_path / "data").close()
    said = json.loads((tmp_path / "data" / MARK).read_text(encoding="utf-8"))
    assert said["format"] == FORMAT
    assert said["made_by"].startswith("raadsgeheugen ")
    check_mark(Location(tmp_path / "data"))


def test_an_archive_of_before_marks_is_one_and_gets_its_mark(tmp_path: Path) -> None:
    open_store(tmp_path / "data").close()
    (tmp_path / "data" / MARK).unlink()
    check_mark(Location(tmp_path / "data"))
    open_store(tmp_path / "data").close()
    assert (tmp_path / "data" / MARK).exists()


def test_a_newer_format_is_told_with_what_made_it(tmp_path: Path) -> None:
    (tmp_path / MARK).write_text(json.dumps({"format": FORMAT + 1, "made_by": "raadsgeheugen 99"}), encoding="utf-8")
    with pytest.raises(ArchiveMismatch, match="raadsgeheugen 99"):
        check_mark(Location(tmp_path))


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "x"}', "\x00"])
def test_a_damaged_mark_is_a_mark_and_is_mended(tmp_path: Path, content: str) -> None:
    (tmp_path / MARK).write_text(content, encoding="utf-8")
    check_mark(Location(tmp_path))
    write_mark(tmp_path)
    assert json.loads((tmp_path / MARK).read_text(encoding="utf-8"))["format"] == FORMAT


def test_a_mark_is_not_written_again(tmp_path: Path) -> None:
    write_mark(tmp_path)
    before = (tmp_path / MARK).stat().st_mtime_ns
    write_mark(tmp_path)
    assert (tmp_path / MARK).stat().st_mtime_ns == before
