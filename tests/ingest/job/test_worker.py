"""Letters that are nearly one another and are not the same, and files that come, go and cannot be reached."""

from __future__ import annotations

import email.message
import os
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ingest.files import Found
from ingest.job import worker as reading
from ingest.job.batching import BatchWriter
from ingest.readers.document import Block
from tests.ingest.archives import ingest, letters, outcomes
from tests.ingest.documents import advice
from tests.ingest.job.test_session import LONG, packed, recognised
from vectorstore.letters import Letter

THIRD = advice("Een derde brief.", reference="CRV 2020-03").encode()
FOURTH = advice("Een vierde brief.", reference="CRV 2020-04").encode()
CONFIRMATION = (
    f"Gemeente Duinhove\n\nDatum: 30 januari 2020\nUw kenmerk: CRV 2020-01\nOnderwerp: uw advies over schuldhulp\n\n"
    f"Geachte raad,\n\n{LONG}\n\nMet vriendelijke groet,\n\nAnna de Vries\nwethouder\n"
)


class TestLettersThatAreNotTheSame:
    @pytest.mark.parametrize(
        ("said", "otherwise"),
        [
            pytest.param("1,5 procent", "15 procent", id="another number with a comma"),
            pytest.param("1,5 procent", "5 procent", id="a number with a comma and one without"),
            pytest.param("12 3 keer", "1 23 keer", id="numbers side by side"),
            pytest.param("20 m² ruimte", "20 m³ ruimte", id="another measure"),
        ],
    )
    def test_a_number_tells_them_apart(self, folder: Path, data: Path, said: str, otherwise: str) -> None:
        for name, words in (("c.txt", said), ("d.txt", otherwise)):
            (folder / name).write_text(advice(f"{LONG} Het gaat om {words}."), encoding="utf-8")
        found = outcomes(ingest(data, folder))
        assert (found["c.txt"], found["d.txt"]) == ("added", "added")

    @pytest.mark.parametrize(
        ("said", "otherwise"), [("CRV 2020-01", "CRV 2020-07"), ("over schuldhulp", "over de bijstand")]
    )
    def test_confirmations_of_two_letters_are_two(self, folder: Path, data: Path, said: str, otherwise: str) -> None:
        (folder / "c.txt").write_text(CONFIRMATION, encoding="utf-8")
        (folder / "d.txt").write_text(CONFIRMATION.replace(said, otherwise), encoding="utf-8")
        found = outcomes(ingest(data, folder))
        assert (found["c.txt"], found["d.txt"]) == ("added", "added")

    def test_letters_that_the_manifest_dates_otherwise_are_two(self, folder: Path, data: Path) -> None:
        text = advice(LONG, reference="").replace("Datum: 30 januari 2020\n", "")
        for name in ("c.txt", "d.txt"):
            (folder / name).write_text(text, encoding="utf-8")
        (folder / "manifest.csv").write_text("bestand;datum\nc.txt;1 mei 2019\nd.txt;1 mei 2020\n", encoding="utf-8")
        found = outcomes(ingest(data, folder))
        assert (found["c.txt"], found["d.txt"]) == ("added", "added")

    @pytest.mark.parametrize(("read", "outcome"), [("niet eenvoudiger", "added"), ("eenvoudlger", "duplicate")])
    def test_a_scan_that_denies_is_another_letter(
        self, folder: Path, data: Path, read: str, outcome: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reading, "read_file", recognised(reading.read_file))
        (folder / "a.txt").write_text(advice(LONG), encoding="utf-8")
        (folder / "scan.png").write_text(advice(LONG.replace("eenvoudiger", read, 1)), encoding="utf-8")
        assert outcomes(ingest(data, folder))["scan.png"] == outcome


class TestFilesThatComeAndGo:
    def test_a_zip_that_moved_and_came_back_is_read(self, folder: Path, data: Path) -> None:
        (folder / "x.zip").write_bytes(packed({"c.txt": THIRD}))
        ingest(data, folder)
        (folder / "x.zip").rename(folder / "y.zip")
        assert outcomes(ingest(data, folder))["x.zip"] == "removed"
        (folder / "y.zip").rename(folder / "x.zip")
        ingest(data, folder, prune=True)
        assert letters(data).keys() == {"a.txt", "b.txt", "x.zip/c.txt"}

    def test_an_attachment_that_was_elsewhere_meanwhile_is_read(self, folder: Path, data: Path) -> None:
        message = email.message.EmailMessage()
        message["From"], message["Subject"] = "raad@voorbeeld.example", "Brief"
        message.set_content("Hierbij onze brief, met groet.")
        message.add_attachment(THIRD, maintype="text", subtype="plain", filename="c.txt")
        mail = folder / "m.eml"
        mail.write_bytes(message.as_bytes())
        ingest(data, folder)
        away = mail.rename(folder.parent / "m.eml")
        (folder / "c.txt").write_bytes(THIRD)
        ingest(data, folder)
        assert letters(data)["c.txt"].also == ("m.eml/c.txt",)
        away.rename(mail)
        (folder / "c.txt").unlink()
        ingest(data, folder, prune=True)
        assert "m.eml/c.txt" in letters(data)

    def test_a_copy_in_a_folder_that_is_not_offered_takes_the_place(self, folder: Path, data: Path) -> None:
        other = folder.parent / "elders"
        other.mkdir()
        (other / "c.txt").write_bytes((folder / "a.txt").read_bytes())
        ingest(data, folder, other)
        (folder / "a.txt").unlink()
        ingest(data, folder, prune=True)
        assert letters(data).keys() == {"b.txt", "c.txt"}

    def test_text_takes_the_place_of_its_scan_in_one_step(
        self, folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reading, "read_file", recognised(reading.read_file))
        (folder / "0 scan.png").write_text(advice(LONG), encoding="utf-8")
        ingest(data, folder)
        (folder / "a.txt").write_text(advice(LONG), encoding="utf-8")
        take = BatchWriter.take

        def take_and_stop(self: BatchWriter, record: Any, *others: Any) -> None:
            take(self, record, *others)
            self.flush()
            if record.source == "a.txt":
                raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(BatchWriter, "take", take_and_stop)
            with pytest.raises(KeyboardInterrupt):
                ingest(data, folder)
        ingest(data, folder)
        assert letters(data).keys() == {"a.txt", "b.txt"}


class TestFilesThatCannotBeReached:
    def test_a_file_that_could_not_be_opened_is_tried_again(
        self, folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(file: Found) -> bytes:
            raise PermissionError(13, "Permission denied", file.source)

        with monkeypatch.context() as patched:
            patched.setattr(reading, "bytes_of", fails)
            assert outcomes(ingest(data, folder))["a.txt"] == "unreadable"
        ingest(data, folder)
        assert "a.txt" in letters(data)

    def test_what_stands_in_a_folder_that_cannot_be_entered_is_not_removed(
        self, folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (folder / "map").mkdir()
        (folder / "map" / "c.txt").write_bytes(THIRD)
        ingest(data, folder)
        scandir = os.scandir

        def refused(path: Path) -> os._ScandirIterator[str]:
            if path == folder / "map":
                raise PermissionError(13, "Permission denied", str(path))
            return scandir(path)  # type: ignore[return-value]

        monkeypatch.setattr(os, "scandir", refused)
        assert outcomes(ingest(data, folder, prune=True))["map"] == "unreadable"
        assert "map/c.txt" in letters(data)

    def test_a_copy_that_cannot_be_looked_at_stops_nothing(
        self, folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (folder / "c.txt").write_bytes((folder / "a.txt").read_bytes())
        ingest(data, folder)
        stat = os.stat

        def refused(path: Any, **options: Any) -> os.stat_result:
            if str(path).endswith("a.txt"):
                raise PermissionError(13, "Permission denied", str(path))
            return stat(path, **options)

        monkeypatch.setattr(os, "stat", refused)
        assert outcomes(ingest(data, folder / "c.txt"))["c.txt"] == "duplicate"

    def test_pipes_and_the_archive_itself_are_no_letters_and_a_link_to_a_folder_is_told(self, folder: Path) -> None:
        os.mkfifo(folder / "pijp")
        (folder / "verwijzing").symlink_to(folder)
        data = folder / "archief"
        ingest(data, folder)
        assert outcomes(ingest(data, folder)) == {
            "a.txt": "unchanged",
            "b.txt": "unchanged",
            "verwijzing": "unreadable",
        }

    def test_a_letter_that_nothing_can_be_made_of_does_not_stop_the_others(
        self, folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = reading.letter_of

        def failing(blocks: Sequence[Block], **said: Any) -> tuple[Letter, Any]:
            if said["source"] == "a.txt":
                raise RecursionError
            return made(blocks, **said)

        monkeypatch.setattr(reading, "letter_of", failing)
        assert outcomes(ingest(data, folder)) == {"a.txt": "unreadable", "b.txt": "added"}


class TestFilesInFiles:
    def test_two_with_the_same_path_are_two_letters(self, folder: Path, data: Path) -> None:
        (folder / "x.zip").write_bytes(packed({"m.zip": packed({"c.txt": THIRD}), "m.zip/c.txt": FOURTH}))
        ingest(data, folder)
        assert {letter.reference for letter in letters(data).values()} >= {"CRV 2020-03", "CRV 2020-04"}

    def test_rows_of_the_manifest_find_them_whatever_the_spelling(self, folder: Path, data: Path) -> None:
        decomposed = unicodedata.normalize("NFD", "café.txt")
        (folder / "x.zip").write_bytes(packed({decomposed: THIRD, "Brief.TXT": FOURTH}))
        rows = "bestand;datum\nx.zip/café.txt;1 mei 2019\nX.zip/brief.txt;2 mei 2019\nx.zip/weg.txt;3 mei 2019\n"
        (folder / "manifest.csv").write_text(rows, encoding="utf-8")
        (remark,) = ingest(data, folder).remarks
        assert "weg.txt" in remark
        inside = [letter for source, letter in letters(data).items() if source.startswith("x.zip")]
        assert {str(letter.date) for letter in inside} == {"2019-05-01", "2019-05-02"}

    def test_a_row_finds_a_file_whose_name_is_not_in_utf_8(self, folder: Path, data: Path) -> None:
        (folder / os.fsdecode("brief-é.txt".encode("cp1252"))).write_bytes(THIRD)
        (folder / "manifest.csv").write_text("bestand;datum\nbrief-é.txt;1 mei 2019\n", encoding="utf-8")
        assert ingest(data, folder).remarks == ()
        assert str(letters(data)["brief-é.txt"].date) == "2019-05-01"
