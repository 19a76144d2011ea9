"""Letters in two formats, files inside files, and what a run would do or has done."""

from __future__ import annotations

import io
import textwrap
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from ingest.job import worker as reading
from ingest.job.job import Ingest, rehearse
from ingest.job.pool import Workers
from ingest.job.report import last_report
from ingest.readers.document import Contents
from tests.fakes import FakeEmbedder
from tests.ingest.archives import SIZES, contents, ingest, letters, opened, outcomes
from tests.ingest.documents import advice, pdf

LONG = " ".join(
    f"Punt {number}: wij vinden dat de regeling voor {subject} eenvoudiger moet, en dat inwoners sneller horen wat zij krijgen."
    for number, subject in enumerate(("schuldhulp", "bijstand", "armoede", "vervoer"), 1)
)


class TestTwoFormats:
    def test_a_letter_in_two_formats_is_one_letter_with_two_sources(self, folder: Path, data: Path) -> None:
        (folder / "a.txt").write_text(advice(LONG), encoding="utf-8")
        lines = advice(LONG).replace("eenvoudiger", "eenvou-\ndiger").split("\n")
        (folder / "a.pdf").write_bytes(pdf([[part for line in lines for part in wrapped(line)]]))
        assert outcomes(ingest(data, folder)) == {"a.pdf": "added", "a.txt": "duplicate", "b.txt": "added"}
        assert letters(data)["a.pdf"].also == ("a.txt",)
        assert outcomes(ingest(data, folder))["a.pdf"] == "unchanged"

    def test_a_source_that_is_gone_is_taken_back(self, folder: Path, data: Path) -> None:
        (folder / "kopie.txt").write_bytes((folder / "a.txt").read_bytes())
        ingest(data, folder)
        assert letters(data)["a.txt"].also == ("kopie.txt",)
        (folder / "kopie.txt").unlink()
        ingest(data, folder, prune=True)
        assert letters(data)["a.txt"].also == ()

    def test_letters_with_the_same_words_and_another_date_are_two(self, folder: Path, data: Path) -> None:
        (folder / "c.txt").write_text(advice(date="30 januari 2021", reference="CRV 2021-01"), encoding="utf-8")
        assert outcomes(ingest(data, folder))["c.txt"] == "added"

    @pytest.mark.parametrize("scan", ["0 scan.png", "z scan.png"])
    def test_text_takes_the_place_of_its_scan(
        self, folder: Path, data: Path, scan: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reading, "read_file", recognised(reading.read_file))
        (folder / "a.txt").write_text(advice(LONG), encoding="utf-8")
        (folder / scan).write_text(advice(LONG.replace("schuldhulp", "schuldhuip")), encoding="utf-8")
        ingest(data, folder)
        ingest(data, folder)
        assert letters(data).keys() == {"a.txt", "b.txt"}
        assert letters(data)["a.txt"].also == (scan,)


def wrapped(line: str) -> list[str]:
    """A line as lines of a page."""
    return textwrap.wrap(line, 80) or [""]


def recognised(read: Callable[[str, bytes], Contents]) -> Callable[[str, bytes], Contents]:
    """A reader of which what is named a scan is as text recognition gives it."""

    def reader(name: str, content: bytes) -> Contents:
        contents = read(name, content)
        if "scan" not in name:
            return contents
        return replace(contents, blocks=tuple(replace(block, page=1, confidence=0.9) for block in contents.blocks))

    return reader


def packed(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return buffer.getvalue()


class TestFilesInFiles:
    FILES: ClassVar = {
        "map/c.txt": advice("Een derde brief.", reference="CRV 2020-03").encode(),
        "d.txt": advice("Een vierde brief.", reference="CRV 2020-04").encode(),
        "leeg.txt": b"",
    }

    def test_each_is_a_letter_of_its_own(self, folder: Path, data: Path) -> None:
        (folder / "brieven.zip").write_bytes(packed(self.FILES))
        expected = {
            "a.txt": "added", "b.txt": "added", "brieven.zip": "unpacked", "brieven.zip/map/c.txt": "added",
            "brieven.zip/d.txt": "added", "brieven.zip/leeg.txt": "unreadable",
        }  # fmt: skip
        assert outcomes(ingest(data, folder)) == expected
        assert "brieven.zip/map/c.txt" in letters(data)
        before = contents(data)
        again = outcomes(ingest(data, folder))
        assert again == {name: "unreadable" if "leeg" in name else "unchanged" for name in expected}
        assert contents(data) == before

    def test_what_is_no_longer_inside_goes_and_the_rest_stays(self, folder: Path, data: Path) -> None:
        (folder / "brieven.zip").write_bytes(packed(self.FILES))
        ingest(data, folder)
        (folder / "brieven.zip").write_bytes(packed({"d.txt": self.FILES["d.txt"]}))
        found = outcomes(ingest(data, folder))
        assert found["brieven.zip/map/c.txt"] == found["brieven.zip/leeg.txt"] == "removed"
        assert set(letters(data)) == {"a.txt", "b.txt", "brieven.zip/d.txt"}
        (folder / "brieven.zip").unlink()
        ingest(data, folder, prune=True)
        assert set(letters(data)) == {"a.txt", "b.txt"}

    def test_a_letter_outside_takes_the_place_of_the_same_inside(self, folder: Path, data: Path) -> None:
        (folder / "brieven.zip").write_bytes(packed({"a.txt": (folder / "a.txt").read_bytes()}))
        ingest(data, folder)
        assert letters(data)["a.txt"].also == ("brieven.zip/a.txt",)
        (folder / "a.txt").unlink()
        ingest(data, folder, prune=True)
        assert set(letters(data)) == {"b.txt", "brieven.zip/a.txt"}

    def test_files_in_files_in_files_have_an_end(self, folder: Path, data: Path) -> None:
        content = packed({"c.txt": self.FILES["map/c.txt"]})
        for number in range(3):
            content = packed({f"{number}.zip": content})
        (folder / "drie.zip").write_bytes(content)
        (folder / "vijf.zip").write_bytes(packed({"x.zip": packed({"y.zip": content})}))
        report = ingest(data, folder)
        assert "drie.zip/2.zip/1.zip/0.zip/c.txt" in letters(data)
        assert any("te veel andere" in entry.reason for entry in report.entries)


class TestRehearsal:
    def test_it_tells_what_would_be_done_and_does_nothing(self, folder: Path, data: Path) -> None:
        assert outcomes(rehearse(None, [folder])) == {"a.txt": "added", "b.txt": "added"}
        assert not data.exists()
        ingest(data, folder)
        before = contents(data)
        (folder / "a.txt").write_text(advice("Nu vinden wij iets heel anders."), encoding="utf-8")
        (folder / "c.txt").write_bytes((folder / "b.txt").read_bytes())
        (folder / "d.txt").touch()
        (folder / "b.txt").unlink()
        with opened(data) as store:
            told = outcomes(rehearse(store, [folder], prune=True))
        assert contents(data) == before
        assert told == outcomes(ingest(data, folder, prune=True))


def test_the_report_of_the_last_run_is_kept(folder: Path, data: Path) -> None:
    assert last_report(data) is None
    (folder / "leeg.txt").touch()
    report = ingest(data, folder)
    kept = last_report(data)
    assert kept is not None
    assert kept.json() == report.json()
    assert not kept.complete
    (data / "last-ingest.json").write_text("{", encoding="utf-8")
    assert last_report(data) is None


def test_it_does_not_matter_who_reads(folder: Path, tmp_path: Path) -> None:
    (folder / "brieven.zip").write_bytes(packed(TestFilesInFiles.FILES))
    (folder / "0 kopie.txt").write_bytes((folder / "b.txt").read_bytes())
    here = ingest(tmp_path / "hier", folder)
    with opened(tmp_path / "daar") as store, Workers(2) as workers:
        there = Ingest(store, FakeEmbedder(), SIZES, reader=workers).run([folder])
    assert outcomes(there) == outcomes(here)
    assert contents(tmp_path / "daar") == contents(tmp_path / "hier")
