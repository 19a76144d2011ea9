"""The ingest job: what it adds, replaces, leaves alone, refuses and removes."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.job import worker as reading
from ingest.job.job import Ingest, Outcome
from tests.fakes import FakeEmbedder
from tests.ingest.archives import SIZES, contents, ingest, letters, opened, outcomes
from tests.ingest.documents import advice, pdf, reply
from tests.ingest.readers.test_readers import BAD
from vectorstore.errors import ArchiveUnavailable, WrongUse
from vectorstore.letters import DateBasis
from vectorstore.models.embedder import Vectors
from vectorstore.store.store import FileState, Store


class TestOutcomes:
    def test_new_files_are_added(self, folder: Path, data: Path) -> None:
        report = ingest(data, folder)
        assert outcomes(report) == {"a.txt": "added", "b.txt": "added"}
        assert report.complete
        assert all(entry.passages for entry in report.entries)

    def test_running_again_changes_nothing(self, folder: Path, data: Path) -> None:
        ingest(data, folder)
        before = contents(data)
        assert outcomes(ingest(data, folder)) == {"a.txt": "unchanged", "b.txt": "unchanged"}
        assert contents(data) == before

    def test_a_changed_file_is_replaced_whole(self, folder: Path, data: Path) -> None:
        ingest(data, folder)
        (folder / "a.txt").write_text(advice("Nu vinden wij iets heel anders."), encoding="utf-8")
        assert outcomes(ingest(data, folder)) == {"a.txt": "replaced", "b.txt": "unchanged"}
        assert "heel anders" in letters(data)["a.txt"].text
        ids = contents(data)["raadsgeheugen-passages"].keys()
        with opened(data) as store:
            assert store.passages(ids).keys() == ids

    def test_other_readers_read_again(self, folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        ingest(data, folder)
        monkeypatch.setattr(reading, "VERSION", "other readers")
        assert outcomes(ingest(data, folder)) == {"a.txt": "replaced", "b.txt": "replaced"}

    def test_a_new_archive_and_a_grown_one_are_the_same(self, folder: Path, tmp_path: Path) -> None:
        held = {path.name: path.read_bytes() for path in folder.iterdir()}
        (folder / "b.txt").unlink()
        ingest(tmp_path / "gegroeid", folder)
        for name, content in held.items():
            (folder / name).write_bytes(content)
        ingest(tmp_path / "gegroeid", folder)
        ingest(tmp_path / "nieuw", folder)
        assert contents(tmp_path / "gegroeid") == contents(tmp_path / "nieuw")

    def test_a_single_file_may_be_given(self, folder: Path, data: Path) -> None:
        assert outcomes(ingest(data, folder / "a.txt")) == {"a.txt": "added"}

    def test_hidden_and_temporary_files_are_no_letters(self, folder: Path, data: Path) -> None:
        (folder / ".git").mkdir()
        for name in (".git/config", ".verborgen.txt", "~$brief.docx", "Thumbs.db"):
            (folder / name).write_text(advice("Dit is geen brief."), encoding="utf-8")
        assert set(outcomes(ingest(data, folder))) == {"a.txt", "b.txt"}

    def test_names_with_spaces_and_accents(self, folder: Path, data: Path) -> None:
        name = "Reactie cliëntenraad – één (définitief).txt"
        (folder / "sub map").mkdir()
        (folder / "sub map" / name).write_text(advice("Nog een brief."), encoding="utf-8")
        assert outcomes(ingest(data, folder))[f"sub map/{name}"] == "added"

    def test_a_name_that_is_no_text(self, folder: Path, data: Path) -> None:
        (folder / os.fsdecode(b"caf\xe9.txt")).write_text(advice("Nog een brief."), encoding="utf-8")
        report = ingest(data, folder)
        assert outcomes(report)["café.txt"] == "added"
        assert outcomes(ingest(data, folder)) == dict.fromkeys(outcomes(report), "unchanged")


class TestBadInput:
    def test_each_bad_file_has_one_line_and_the_rest_is_read(self, folder: Path, data: Path) -> None:
        for name, content in BAD.items():
            (folder / name).write_bytes(content)
        report = ingest(data, folder)
        assert outcomes(report) == {"a.txt": "added", "b.txt": "added"} | dict.fromkeys(BAD, "unreadable")
        assert not report.complete
        assert all(
            entry.reason and "\n" not in entry.reason for entry in report.entries if entry.outcome is Outcome.UNREADABLE
        )

    def test_bad_files_are_reported_every_time(self, folder: Path, data: Path) -> None:
        (folder / "leeg.txt").touch()
        first = ingest(data, folder)
        assert [e.reason for e in first.entries if e.source == "leeg.txt"] == [
            e.reason for e in ingest(data, folder).entries if e.source == "leeg.txt"
        ]

    def test_a_letter_that_became_unreadable_is_gone(self, folder: Path, data: Path) -> None:
        ingest(data, folder)
        (folder / "a.txt").write_bytes(b"")
        assert outcomes(ingest(data, folder)) == {"a.txt": "unreadable", "b.txt": "unchanged"}
        assert set(letters(data)) == {"b.txt"}

    def test_a_file_that_was_bad_and_is_mended_is_added(self, folder: Path, data: Path) -> None:
        whole = (folder / "a.txt").read_bytes()
        (folder / "a.txt").write_bytes(b"")
        ingest(data, folder)
        (folder / "a.txt").write_bytes(whole)
        ingest(data, folder)
        assert set(letters(data)) == {"a.txt", "b.txt"}

    def test_three_hundred_pages(self, folder: Path, data: Path) -> None:
        pages = [[f"Op bladzijde {i} staat dat de raad nummer {i} van de nota heeft gelezen."] for i in range(300)]
        (folder / "dik.pdf").write_bytes(pdf(pages))
        assert outcomes(ingest(data, folder))["dik.pdf"] == "added"
        assert len(letters(data)["dik.pdf"].pages) == 300

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may enter every folder")
    def test_a_folder_that_cannot_be_entered(self, folder: Path, data: Path) -> None:
        closed = folder / "dicht"
        closed.mkdir(mode=0o000)
        assert outcomes(ingest(data, folder)) == {"a.txt": "added", "b.txt": "added", "dicht": "unreadable"}

    def test_a_folder_that_fails_while_it_is_read(
        self, folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As a network drive does; root cannot be kept out of a folder otherwise."""
        (folder / "schijf").mkdir()
        scandir = os.scandir

        def failing(path: str) -> os._ScandirIterator[str]:
            if str(path).endswith("schijf"):
                raise PermissionError(13, "Permission denied", str(path))
            return scandir(path)

        monkeypatch.setattr(os, "scandir", failing)
        assert outcomes(ingest(data, folder)) == {"a.txt": "added", "b.txt": "added", "schijf": "unreadable"}

    def test_a_link_to_nothing(self, folder: Path, data: Path) -> None:
        (folder / "weg.txt").symlink_to(folder / "bestaat niet.txt")
        assert outcomes(ingest(data, folder))["weg.txt"] == "unreadable"

    def test_a_path_that_does_not_exist_is_wrong_use(self, folder: Path, data: Path) -> None:
        with pytest.raises(WrongUse, match="bestaat niet"):
            ingest(data, folder / "bestaat niet")

    @pytest.mark.parametrize("where", ["bestand", "bestand/erin", "/proc/bestaat-niet"])
    def test_a_data_folder_that_cannot_be_written(self, folder: Path, tmp_path: Path, where: str) -> None:
        (tmp_path / "bestand").touch()
        with pytest.raises(ArchiveUnavailable) as refused:
            ingest(tmp_path / where, folder)
        assert refused.value.remedy


class TestDuplicates:
    def test_the_same_letter_twice_is_one_letter(self, folder: Path, data: Path) -> None:
        (folder / "kopie.txt").write_text(advice().replace("\n", "\r\n"), encoding="utf-16")
        report = ingest(data, folder)
        assert outcomes(report) == {"a.txt": "added", "b.txt": "added", "kopie.txt": "duplicate"}
        assert "a.txt" in next(e.reason for e in report.entries if e.source == "kopie.txt")
        assert set(letters(data)) == {"a.txt", "b.txt"}
        assert outcomes(ingest(data, folder))["kopie.txt"] == "duplicate"

    @pytest.mark.parametrize("prune", [True, False])
    def test_takes_the_place_of_an_original_that_is_gone(self, folder: Path, data: Path, prune: bool) -> None:
        (folder / "kopie.txt").write_bytes((folder / "a.txt").read_bytes())
        ingest(data, folder)
        (folder / "a.txt").unlink()
        ingest(data, folder, prune=prune)
        assert set(letters(data)) == {"b.txt", "kopie.txt"}

    @pytest.mark.parametrize("content", ["", advice("Heel iets anders.")])
    @pytest.mark.parametrize("copy", ["0 kopie.txt", "kopie.txt"])
    def test_takes_the_place_of_an_original_that_became_another(
        self, folder: Path, data: Path, copy: str, content: str
    ) -> None:
        ingest(data, folder)
        (folder / copy).write_bytes((folder / "a.txt").read_bytes())
        ingest(data, folder)
        (folder / "a.txt").write_text(content, encoding="utf-8")
        ingest(data, folder)
        assert copy in letters(data)

    def test_a_letter_edited_into_another_becomes_its_duplicate(self, folder: Path, data: Path) -> None:
        ingest(data, folder)
        (folder / "b.txt").write_bytes((folder / "a.txt").read_bytes())
        assert outcomes(ingest(data, folder)) == {"a.txt": "unchanged", "b.txt": "duplicate"}
        assert set(letters(data)) == {"a.txt"}

    def test_letters_that_change_places_stay_both(self, folder: Path, data: Path) -> None:
        ingest(data, folder)
        one, other = (folder / "a.txt").read_bytes(), (folder / "b.txt").read_bytes()
        (folder / "a.txt").write_bytes(other)
        (folder / "b.txt").write_bytes(one)
        ingest(data, folder)
        assert set(letters(data)) == {"a.txt", "b.txt"}


class TestManyAtOnce:
    def test_letters_are_embedded_together(self, folder: Path, data: Path) -> None:
        calls: list[int] = []

        class Counting(FakeEmbedder):
            def embed_passages(self, texts: Sequence[str]) -> Vectors:
                calls.append(len(texts))
                return super().embed_passages(texts)

        for number in range(10):
            (folder / f"{number}.txt").write_text(advice(f"Brief {number}."), encoding="utf-8")
        with opened(data) as store:
            assert Ingest(store, Counting(), SIZES).run([folder]).count(Outcome.ADDED) == 12
            assert sum(calls) == store.passage_count()
        assert len(calls) < 12

    @pytest.mark.parametrize("most", [1, 5, 1000])
    def test_it_does_not_matter_how_many(
        self, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
    ) -> None:
        for number in range(6):
            (folder / f"{number}.txt").write_text(advice(f"Brief {number}."), encoding="utf-8")
        ingest(tmp_path / "gewoon", folder)
        monkeypatch.setattr("ingest.job.batching._MOST_WAITING", most)
        ingest(tmp_path / "anders", folder)
        assert contents(tmp_path / "anders") == contents(tmp_path / "gewoon")

    def test_a_failure_does_not_lose_the_letters_read_before_it(
        self, folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (folder / "c.txt").write_text(advice("Een derde brief."), encoding="utf-8")
        whole = reading.read_file

        def failing(name: str, content: bytes) -> object:
            if name == "c.txt":
                raise RuntimeError("broken reader")
            return whole(name, content)

        monkeypatch.setattr(reading, "read_file", failing)
        with pytest.raises(RuntimeError, match="broken reader"):
            ingest(data, folder)
        assert set(letters(data)) == {"a.txt", "b.txt"}


class TestMovedAndRemoved:
    def test_without_prune_a_letter_outlives_its_file(self, folder: Path, data: Path) -> None:
        ingest(data, folder)
        (folder / "a.txt").unlink()
        ingest(data, folder)
        assert set(letters(data)) == {"a.txt", "b.txt"}

    def test_prune_removes_letters_whose_file_is_gone(self, folder: Path, data: Path) -> None:
        ingest(data, folder)
        (folder / "a.txt").unlink()
        assert outcomes(ingest(data, folder, prune=True)) == {"a.txt": "removed", "b.txt": "unchanged"}
        assert set(letters(data)) == {"b.txt"}

    def test_prune_leaves_other_folders_alone(self, folder: Path, data: Path, tmp_path: Path) -> None:
        other = tmp_path / "andere"
        other.mkdir()
        (other / "c.txt").write_text(advice("Een derde brief."), encoding="utf-8")
        ingest(data, folder, other)
        (other / "c.txt").unlink()
        ingest(data, folder, prune=True)
        assert set(letters(data)) == {"a.txt", "b.txt", "c.txt"}

    def test_prune_by_an_empty_folder_is_refused(self, folder: Path, data: Path) -> None:
        ingest(data, folder)
        for path in folder.iterdir():
            path.unlink()
        with pytest.raises(WrongUse):
            ingest(data, folder, prune=True)
        assert set(letters(data)) == {"a.txt", "b.txt"}

    @pytest.mark.parametrize("name", ["0.txt", "z.txt", "sub/a.txt"])
    def test_a_moved_file_is_the_same_letter_elsewhere(self, folder: Path, data: Path, name: str) -> None:
        ingest(data, folder)
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / "a.txt").rename(folder / name)
        assert outcomes(ingest(data, folder)) == {name: "added", "b.txt": "unchanged", "a.txt": "removed"}
        assert set(letters(data)) == {name, "b.txt"}

    @pytest.mark.parametrize("name", ["0.txt", "z.txt"])
    def test_a_move_that_was_interrupted_is_finished(
        self, folder: Path, data: Path, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Between the writing of the new record and the removal of the old one."""
        ingest(data, folder)
        (folder / "a.txt").rename(folder / name)

        def killed(_: Store, identifiers: Sequence[str]) -> None:
            raise KeyboardInterrupt

        with opened(data) as store, monkeypatch.context() as patched:
            patched.setattr(Store, "remove", killed)
            with pytest.raises(KeyboardInterrupt):
                Ingest(store, FakeEmbedder(), SIZES).run([folder])
        ingest(data, folder)
        assert set(letters(data)) == {name, "b.txt"}


class TestOneAtATime:
    def test_a_second_ingest_is_refused(self, folder: Path, data: Path) -> None:
        with opened(data) as store:
            first = Ingest(store, FakeEmbedder(), SIZES)
            refusals: list[ArchiveUnavailable] = []

            def second(files: object) -> list[object]:
                with opened(data) as other, pytest.raises(ArchiveUnavailable) as refused:
                    Ingest(other, FakeEmbedder(), SIZES).run([folder])
                refusals.append(refused.value)
                return list(files)  # type: ignore[call-overload, no-any-return]

            report = first.run([folder], progress=second)  # type: ignore[arg-type]
        assert report.count(Outcome.ADDED) == 2
        assert len(refusals) == 1

    def test_an_ingest_that_failed_lets_the_next_one_in(self, folder: Path, data: Path) -> None:
        empty = folder / "leeg"
        empty.mkdir()
        with opened(data) as store:
            work = Ingest(store, FakeEmbedder(), SIZES)
            with pytest.raises(WrongUse) as kept:
                work.run([empty], prune=True)
            assert work.run([folder]).count(Outcome.ADDED) == 2
        assert kept.value.remedy

    def test_a_reader_that_is_open_is_told(self, folder: Path, data: Path) -> None:
        ingest(data, folder)
        with opened(data) as reader:
            (folder / "c.txt").write_text(advice("Een derde brief."), encoding="utf-8")
            ingest(data, folder)
            assert reader.refresh()
            assert {letter.source for letter in reader.letters()} == {"a.txt", "b.txt", "c.txt"}


class TestInferredDates:
    def test_are_settled_and_taken_back(self, folder: Path, data: Path) -> None:
        undated = advice(reference="CRV 2016-04").replace("Datum: 30 januari 2020\n", "")
        (folder / "a.txt").write_text(undated, encoding="utf-8")
        (folder / "b.txt").write_text(
            reply("Dank voor uw advies van 22 september 2016 (kenmerk CRV 2016-04)."), encoding="utf-8"
        )
        ingest(data, folder)
        letter = letters(data)["a.txt"]
        assert (letter.date, letter.date_basis) == (dt.date(2016, 9, 22), DateBasis.INFERRED)
        assert outcomes(ingest(data, folder)) == {"a.txt": "unchanged", "b.txt": "unchanged"}
        (folder / "b.txt").write_text(reply("Dank voor uw advies."), encoding="utf-8")
        ingest(data, folder)
        letter = letters(data)["a.txt"]
        assert (letter.date, letter.date_basis) == (None, DateBasis.UNKNOWN)
        assert (
            len([row for row in contents(data)["raadsgeheugen-passages"].values() if row[1]["source"] == "a.txt"]) > 0
        )

    def test_a_stated_date_is_never_changed(self, folder: Path, data: Path) -> None:
        (folder / "b.txt").write_text(
            reply("Dank voor uw advies van 22 september 2016 (kenmerk CRV 2020-01)."), encoding="utf-8"
        )
        ingest(data, folder)
        assert letters(data)["a.txt"].date == dt.date(2020, 1, 30)


def test_the_report_as_json(folder: Path, data: Path) -> None:
    (folder / "leeg.txt").touch()
    made = ingest(data, folder).json()
    assert (made["added"], made["unreadable"], made["unchanged"]) == (2, 1, 0)
    files = made["files"]
    assert isinstance(files, list)
    assert {file["source"] for file in files} == {"a.txt", "b.txt", "leeg.txt"}


def test_what_the_archive_knows_of_each_file(folder: Path, data: Path) -> None:
    (folder / "leeg.txt").touch()
    ingest(data, folder)
    with opened(data) as store:
        assert {record.source: record.state for record in store.files()} == {
            "a.txt": FileState.LETTER, "b.txt": FileState.LETTER, "leeg.txt": FileState.UNREADABLE,
        }  # fmt: skip


def test_a_letter_whose_file_is_gone_is_told_until_it_is_removed(tmp_path: Path) -> None:
    folder, data = tmp_path / "brieven", tmp_path / "data"
    folder.mkdir()
    first = folder / "a.txt"
    first.write_text(advice(), encoding="utf-8")
    (folder / "b.txt").write_text(reply("Wij nemen uw advies over."), encoding="utf-8")
    ingest(data, folder)
    first.unlink()
    (remark,) = ingest(data, folder).remarks
    assert first.name in remark
    assert "--prune" in remark
    assert ingest(data, folder, prune=True).remarks == ()
