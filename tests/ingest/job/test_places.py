"""Letters of a place that was not read in a run stay, and so do those of a file that could not be opened."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.cli.output import print_report
from ingest.job.job import Ingest, Report
from ingest.job.report import Entry, Outcome
from ingest.job.worker import InProcessReader, PendingResult, ReadTask
from tests.fakes import FakeEmbedder
from tests.ingest.archives import SIZES, ingest, letters, opened, outcomes
from tests.ingest.documents import advice
from tests.ingest.job.test_session import packed
from vectorstore.errors import WrongUse
from vectorstore.store.store import FileState

THIRD = advice("Een derde brief.", reference="CRV 2020-03").encode()
FOURTH = advice("Een vierde brief.", reference="CRV 2020-04").encode()


class Meddling:
    """A reader before which something happens to the files, after they were listed."""

    width = 0

    def __init__(self, happens: Callable[[ReadTask], object]) -> None:
        self._happens = happens

    def __call__(self, task: ReadTask) -> PendingResult:
        self._happens(task)
        return InProcessReader()(task)


def ingest_while(happens: Callable[[ReadTask], object], data: Path, *paths: Path, prune: bool = False) -> Report:
    """Read files into an archive while something happens to them."""
    with opened(data) as store:
        return Ingest(store, FakeEmbedder(), SIZES, reader=Meddling(happens)).run(paths, prune=prune)


def reason(report: Report, source: str) -> str:
    """Why a file was not read."""
    (entry,) = (entry for entry in report.entries if entry.source == source)
    assert entry.outcome is Outcome.UNREADABLE
    return entry.reason


class TestPruning:
    def test_an_archive_made_among_the_letters_costs_none(self, folder: Path, data: Path) -> None:
        """`status --data brieven/2019` made an archive there, and the next `ingest --prune` removed its letters."""
        (folder / "2019").mkdir()
        (folder / "2019" / "c.txt").write_bytes(THIRD)
        ingest(data, folder)
        (folder / "2019" / "chroma").mkdir()
        (folder / "2019" / "chroma" / "chroma.sqlite3").touch()
        found = ingest(data, folder, prune=True)
        assert outcomes(found) == dict.fromkeys(("a.txt", "b.txt", "2019/c.txt"), "unchanged")
        assert [entry.source for entry in found.skipped] == ["2019/chroma"]
        assert "2019/c.txt" in letters(data)

    def test_letters_of_a_hidden_folder_that_was_not_offered_stay(self, folder: Path, data: Path) -> None:
        hidden = folder / ".oud"
        hidden.mkdir()
        (hidden / "c.txt").write_bytes(THIRD)
        (folder / ".d.txt").write_bytes(FOURTH)
        ingest(data, folder, hidden, folder / ".d.txt")
        (hidden / "c.txt").unlink()
        report = ingest(data, folder, prune=True)
        assert set(letters(data)) == {"a.txt", "b.txt", "c.txt", ".d.txt"}
        assert {entry.source for entry in report.skipped} == {".oud", ".d.txt"}
        assert outcomes(ingest(data, folder, hidden.parent / ".d.txt", prune=True))[".d.txt"] == "unchanged"

    def test_letters_of_a_folder_that_became_a_link_stay(self, folder: Path, data: Path, tmp_path: Path) -> None:
        (folder / "map").mkdir()
        (folder / "map" / "c.txt").write_bytes(THIRD)
        ingest(data, folder)
        (folder / "map").rename(tmp_path / "elders")
        (folder / "map").symlink_to(tmp_path / "elders")
        assert outcomes(ingest(data, folder, prune=True))["map"] == "unreadable"
        assert "map/c.txt" in letters(data)

    def test_an_emptied_folder_was_read_and_the_number_is_told(
        self, folder: Path, data: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (folder / "map" / "diep").mkdir(parents=True)
        (folder / "map" / "c.txt").write_bytes(THIRD)
        (folder / "map" / "diep" / "d.txt").write_bytes(FOURTH)
        ingest(data, folder)
        (folder / "map" / "c.txt").unlink()
        (folder / "map" / "diep" / "d.txt").unlink()
        (folder / "map" / "diep").rmdir()
        print_report(ingest(data, folder, prune=True))
        assert set(letters(data)) == {"a.txt", "b.txt"}
        assert "2 verwijderd" in capsys.readouterr().out

    def test_a_folder_with_nothing_but_what_is_skipped_is_empty(self, folder: Path, data: Path) -> None:
        ingest(data, folder)
        for path in folder.iterdir():
            path.unlink()
        (folder / "Thumbs.db").touch()
        with pytest.raises(WrongUse):
            ingest(data, folder, prune=True)
        assert set(letters(data)) == {"a.txt", "b.txt"}


class TestFilesThatAreGoneWhenTheyAreRead:
    """A file that vanished between listing and reading was recorded as unreadable, and its letter was lost."""

    def test_the_letter_stays(self, folder: Path, data: Path) -> None:
        ingest(data, folder)
        (folder / "a.txt").write_text(advice("Nu vinden wij iets anders."), encoding="utf-8")
        report = ingest_while(lambda task: task.file.path.unlink(), data, folder, prune=True)
        assert "weg toen het gelezen werd" in reason(report, "a.txt")
        assert not report.complete
        assert set(letters(data)) == {"a.txt", "b.txt"}
        assert outcomes(ingest(data, folder, prune=True)) == {"a.txt": "removed", "b.txt": "unchanged"}

    def test_the_letters_inside_stay(self, folder: Path, data: Path) -> None:
        (folder / "c.zip").write_bytes(packed({"c.txt": THIRD, "leeg.txt": b""}))
        before = outcomes(ingest(data, folder))
        (folder / "c.zip").write_bytes(packed({"c.txt": THIRD, "d.txt": FOURTH}))
        report = ingest_while(lambda task: task.file.path.unlink(), data, folder)
        assert outcomes(report).keys() == before.keys()
        assert "weg" in reason(report, "c.zip")
        assert set(letters(data)) == {"a.txt", "b.txt", "c.zip/c.txt"}

    def test_one_that_was_never_read_is_not_recorded(self, folder: Path, data: Path) -> None:
        report = ingest_while(lambda task: task.file.path.rename(folder / f"z{task.file.path.name}"), data, folder)
        assert "weg" in reason(report, "a.txt")
        with opened(data) as store:
            assert store.files() == []
        assert outcomes(ingest(data, folder)) == {"za.txt": "added", "zb.txt": "added"}

    def test_a_moved_one_is_the_same_letter_elsewhere(self, folder: Path, data: Path) -> None:
        (folder / "c.txt").write_bytes(THIRD)
        ingest(data, folder)
        (folder / "a.txt").write_text(advice("Nu vinden wij iets anders."), encoding="utf-8")

        def move(task: ReadTask) -> None:
            if task.file.source == "a.txt":
                (folder / "c.txt").rename(folder / "0.txt")

        ingest_while(move, data, folder)
        assert set(letters(data)) == {"a.txt", "b.txt", "c.txt"}
        assert outcomes(ingest(data, folder))["0.txt"] == "added"
        assert set(letters(data)) == {"0.txt", "a.txt", "b.txt"}

    def test_a_link_to_what_is_gone_is_still_told(self, folder: Path, data: Path) -> None:
        (folder / "c.txt").symlink_to(folder / "weg.txt")
        assert "weg" in reason(ingest(data, folder), "c.txt")
        with opened(data) as store:
            assert [file.source for file in store.files() if file.state is FileState.UNREADABLE] == ["c.txt"]


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(5, "Input/output error")])
def test_a_file_that_cannot_be_opened_now_keeps_its_letter(
    folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    ingest(data, folder)
    before = letters(data)
    opens = os.open

    def refused(path: str | Path, flags: int, *mode: int) -> int:
        if str(path).endswith("a.txt"):
            raise error
        return opens(path, flags, *mode)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", refused)
        report = ingest(data, folder, prune=True)
        assert str(error.strerror) in reason(report, "a.txt")
    assert letters(data) == before
    assert outcomes(ingest(data, folder)) == {"a.txt": "unchanged", "b.txt": "unchanged"}


def test_a_letter_behind_a_link_out_of_the_folder_is_gone(folder: Path, data: Path, tmp_path: Path) -> None:
    """An archive of before may hold one, and nothing of it may be quoted any longer."""
    (tmp_path / "buiten.txt").write_bytes(THIRD)
    (folder / "c.txt").symlink_to(tmp_path / "buiten.txt")
    ingest(data, folder / "c.txt", folder)
    assert "c.txt" in letters(data)
    assert "buiten de map" in reason(ingest(data, folder), "c.txt")
    assert set(letters(data)) == {"a.txt", "b.txt"}


def test_a_file_grown_too_large_is_no_letter_any_longer(
    folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(data, folder)
    (folder / "a.txt").write_bytes(b"x" * 2000)
    monkeypatch.setattr("ingest.files.LARGEST_FILE", 1999)
    assert "te groot" in reason(ingest(data, folder), "a.txt")
    assert set(letters(data)) == {"b.txt"}


def test_the_report_says_what_was_skipped_in_a_few_words(capsys: pytest.CaptureFixture[str]) -> None:
    entries = [Entry(f".{n}", Outcome.SKIPPED, "verborgen") for n in range(7)]
    entries += [Entry("pijp", Outcome.SKIPPED, "geen gewoon bestand"), Entry("a.txt", Outcome.ADDED)]
    report = Report(tuple(entries))
    print_report(report)
    assert capsys.readouterr().out.splitlines() == [
        "toegevoegd    a.txt",
        "overgeslagen  7 × verborgen: .0, .1, .2, .3, .4 en nog 2",
        "overgeslagen  1 × geen gewoon bestand: pijp",
        "Klaar: 1 toegevoegd.",
    ]
    assert report.complete
    assert [entry["source"] for entry in report.json()["skipped"]] == [*(f".{n}" for n in range(7)), "pijp"]
    assert [entry["source"] for entry in report.json()["files"]] == ["a.txt"]
    assert set(Report.from_json(report.json()).entries) == set(entries)
