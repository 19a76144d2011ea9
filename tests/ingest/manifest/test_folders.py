"""A manifest beside the letters speaks for the files around it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.ingest.archives import contents, ingest, letters, outcomes
from tests.ingest.documents import advice
from tests.ingest.job.test_session import packed
from vectorstore.letters import DateBasis, Voice

UNDATED = advice().replace("Datum: 30 januari 2020\n", "")


def write(folder: Path, *rows: str, header: str = "bestand;datum;auteur") -> None:
    (folder / "manifest.csv").write_text("\n".join([header, *rows]), encoding="utf-8")


def test_it_outranks_what_is_read_and_says_what_it_gave(folder: Path, data: Path) -> None:
    write(folder, "a.txt;3 mei 2019;ander")
    ingest(data, folder)
    letter = letters(data)["a.txt"]
    assert (letter.date, letter.date_basis) == (dt.date(2019, 5, 3), DateBasis.MANIFEST)
    assert (letter.author, letter.voice) == (Voice.OTHER, Voice.OTHER)
    assert letter.manifest == ("date", "author")


def test_only_letters_whose_row_changed_are_read_again(folder: Path, data: Path) -> None:
    ingest(data, folder)
    write(folder, "a.txt;3 mei 2019;")
    assert outcomes(ingest(data, folder)) == {"a.txt": "replaced", "b.txt": "unchanged"}
    before = contents(data)
    write(folder, 'a.txt;"3 mei 2019";', "c.txt;;")
    assert outcomes(ingest(data, folder)) == {"a.txt": "unchanged", "b.txt": "unchanged"}
    assert contents(data) == before
    (folder / "manifest.csv").unlink()
    assert outcomes(ingest(data, folder)) == {"a.txt": "replaced", "b.txt": "unchanged"}
    assert letters(data)["a.txt"].date_basis is DateBasis.STATED


def test_the_nearest_speaks_and_one_above_fills_in(folder: Path, data: Path) -> None:
    (folder / "2019").mkdir()
    (folder / "2019" / "c.txt").write_text(advice("Een derde brief."), encoding="utf-8")
    write(folder, "2019/c.txt;1 mei 2019;", "a.txt;2 mei 2019;")
    write(folder / "2019", "c.txt;3 mei 2019;")
    report = ingest(data, folder)
    assert [letters(data)[name].date for name in ("2019/c.txt", "a.txt")] == [dt.date(2019, 5, 3), dt.date(2019, 5, 2)]
    assert report.remarks == ()


def test_files_inside_files_have_rows_too(folder: Path, data: Path) -> None:
    (folder / "brieven.zip").write_bytes(packed({"map/c.txt": advice("Een derde brief.").encode()}))
    write(folder, "brieven.zip/map/c.txt;3 mei 2019;")
    assert ingest(data, folder).remarks == ()
    assert letters(data)["brieven.zip/map/c.txt"].date == dt.date(2019, 5, 3)


def test_what_is_wrong_with_it_is_said_and_the_rest_is_used(folder: Path, data: Path) -> None:
    write(folder, "a.txt;3 mei 2019;", "weg.txt;1 mei 2019;", "b.txt;32 mei 2019;")
    report = ingest(data, folder)
    assert report.complete
    assert len(report.remarks) == 2
    assert any("weg.txt" in remark and str(folder) in remark for remark in report.remarks)
    assert letters(data)["a.txt"].date == dt.date(2019, 5, 3)
    assert ingest(data, folder / "a.txt").remarks == tuple(one for one in report.remarks if "weg.txt" not in one)


def test_a_date_that_it_denies_is_not_inferred(folder: Path, data: Path) -> None:
    (folder / "a.txt").write_text(UNDATED, encoding="utf-8")
    (folder / "c.txt").write_text(
        advice("In ons advies van 3 mei 2019 (kenmerk CRV 2020-01) stond dat al.", reference="CRV 2020-07"), "utf-8"
    )
    ingest(data, folder)
    assert letters(data)["a.txt"].date_basis is DateBasis.INFERRED
    write(folder, "a.txt;-;")
    ingest(data, folder)
    assert letters(data)["a.txt"].date_basis is DateBasis.UNKNOWN


def test_a_date_of_a_file_yields_to_an_inferred_one_and_comes_back(folder: Path, data: Path) -> None:
    (folder / "a.txt").rename(folder / "2019-01-02 advies.txt")
    (folder / "2019-01-02 advies.txt").write_text(UNDATED, encoding="utf-8")
    ingest(data, folder)
    letter = letters(data)["2019-01-02 advies.txt"]
    assert (letter.date, letter.date_basis) == (dt.date(2019, 1, 2), DateBasis.FILE)
    giver = folder / "c.txt"
    giver.write_text(
        advice("In ons advies van 3 mei 2019 (kenmerk CRV 2020-01) stond dat al.", reference="CRV 2020-07"), "utf-8"
    )
    ingest(data, folder)
    letter = letters(data)["2019-01-02 advies.txt"]
    assert (letter.date, letter.date_basis) == (dt.date(2019, 5, 3), DateBasis.INFERRED)
    giver.unlink()
    ingest(data, folder, prune=True)
    letter = letters(data)["2019-01-02 advies.txt"]
    assert (letter.date, letter.date_basis) == (dt.date(2019, 1, 2), DateBasis.FILE)
