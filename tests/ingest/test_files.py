"""Which files of a folder are offered to the archive, and what is said of the others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.files import Found, bytes_of, files_in
from tests.ingest.documents import advice
from vectorstore.archive_folder import is_archive
from vectorstore.errors import UnreadableFile, WrongUse


def read(*paths: Path) -> set[str]:
    """Sources of what is offered to be read."""
    return {file.source for file in files_in(paths) if not file.skipped and not file.error}


def skipped(*paths: Path) -> dict[str, str]:
    """Why each of the others is not read, by source."""
    return {file.source: file.skipped or file.error for file in files_in(paths) if file.skipped or file.error}


def write(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text or advice(path.name), encoding="utf-8")
    return path


def make_archive(folder: Path, mark: str) -> set[str]:
    """Make everything an archive keeps in a folder; returns the names."""
    own = {mark, "chroma.lock", "published/1/letters.sqlite", "ingest.lock", "last-ingest.json", "words.json"}
    own |= {"records.sqlite-wal", "links-3.sqlite", "dense/vectors.f32", "lexical/meta.json", "chroma.kapot/x.bin"}
    for name in own:
        write(folder / name)
    return {name.split("/")[0] for name in own}


@pytest.mark.parametrize("mark", ["raadsgeheugen.json", "chroma/chroma.sqlite3"])
@pytest.mark.parametrize("where", ["2019", "."])
def test_letters_in_the_folder_of_an_archive_are_read(folder: Path, mark: str, where: str) -> None:
    """A slip with `--data` made an archive among the letters, and they were never read again."""
    own = make_archive(folder / where, mark)
    write(folder / "2019" / "c.txt")
    write(folder / "2019" / "sub" / "dense" / "d.txt")
    assert is_archive(folder / where)
    assert read(folder) == {"a.txt", "b.txt", "2019/c.txt", "2019/sub/dense/d.txt"}
    prefix = "" if where == "." else f"{where}/"
    assert skipped(folder) == {f"{prefix}{name}": "hoort bij het archief zelf" for name in own}


def test_names_of_an_archive_mean_nothing_elsewhere(folder: Path) -> None:
    write(folder / "chroma" / "c.txt")
    write(folder / "words.json")
    assert read(folder) == {"a.txt", "b.txt", "chroma/c.txt", "words.json"}


def test_nothing_is_skipped_without_a_word(folder: Path) -> None:
    for name in (".git/config", ".verborgen.txt", "~$brief.docx", "Thumbs.db", ".DS_Store", "sub/desktop.ini"):
        write(folder / name)
    os.mkfifo(folder / "pijp")
    write(folder / "manifest.csv", "bestand\n")
    assert read(folder) == {"a.txt", "b.txt"}
    assert skipped(folder).keys() == {
        ".git", ".verborgen.txt", "~$brief.docx", "Thumbs.db", ".DS_Store", "sub/desktop.ini", "pijp",
    }  # fmt: skip


def test_what_is_named_itself_is_read_and_not_skipped(folder: Path) -> None:
    hidden, inside = write(folder / ".oud.txt"), write(folder / ".map" / "c.txt").parent
    assert read(folder, hidden, inside) == {"a.txt", "b.txt", ".oud.txt", "c.txt"}
    assert skipped(folder, hidden, inside) == skipped(hidden, folder, inside) == {}


class TestLinks:
    def test_to_a_file_outside_the_folder_are_not_read(self, folder: Path, tmp_path: Path) -> None:
        """`/etc/passwd` became a letter and was quoted."""
        outside = write(tmp_path / "buiten.txt")
        (folder / "passwd.txt").symlink_to("/etc/passwd")
        (folder / "naast.txt").symlink_to("../buiten.txt")
        (folder / "trap.txt").symlink_to(folder / "naast.txt")
        assert read(folder) == {"a.txt", "b.txt"}
        assert skipped(folder).keys() == {"passwd.txt", "naast.txt", "trap.txt"}
        assert all("buiten de map" in reason for reason in skipped(folder).values())
        assert outside.exists()

    def test_to_a_file_in_the_folder_are_read(self, folder: Path) -> None:
        (folder / "sub").mkdir()
        (folder / "sub" / "c.txt").symlink_to("../a.txt")
        (found,) = (file for file in files_in([folder]) if file.source == "sub/c.txt")
        assert bytes_of(found) == (folder / "a.txt").read_bytes()

    def test_to_a_folder_are_told_and_not_followed(self, folder: Path) -> None:
        (folder / "rond").symlink_to(folder)
        (folder / "zelf").symlink_to("zelf")
        assert read(folder) == {"a.txt", "b.txt"}
        assert skipped(folder).keys() == {"rond", "zelf"}

    def test_that_are_named_are_followed(self, folder: Path, tmp_path: Path) -> None:
        file, root = tmp_path / "een.txt", tmp_path / "map"
        file.symlink_to(folder / "a.txt")
        root.symlink_to(folder)
        (folder / "c.txt").symlink_to(folder / "a.txt")
        assert read(file, root) == {"een.txt", "a.txt", "b.txt", "c.txt"}
        (found,) = files_in([file])
        assert bytes_of(found) == (folder / "a.txt").read_bytes()

    def test_that_are_named_are_read_though_their_folder_is_too(self, folder: Path, tmp_path: Path) -> None:
        link = folder / "c.txt"
        link.symlink_to(write(tmp_path / "buiten.txt"))
        assert read(folder, link) == read(link, folder) == {"a.txt", "b.txt", "c.txt"}

    def test_put_in_the_place_of_a_file_after_it_was_listed_are_not_followed(self, folder: Path) -> None:
        listed = {file.source: file for file in files_in([folder])}
        (folder / "a.txt").unlink()
        (folder / "a.txt").symlink_to("/etc/passwd")
        with pytest.raises(OSError):  # noqa: PT011
            bytes_of(listed["a.txt"])


def test_a_pipe_put_in_the_place_of_a_file_is_not_waited_for(folder: Path) -> None:
    listed = {file.source: file for file in files_in([folder])}
    (folder / "a.txt").unlink()
    os.mkfifo(folder / "a.txt")
    with pytest.raises(UnreadableFile):
        bytes_of(listed["a.txt"])


def test_a_path_that_cannot_be_looked_at_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Path) -> os.stat_result:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "stat", refused)
    with pytest.raises(WrongUse, match="Permission denied"):
        list(files_in([folder / "a.txt"]))


def test_files_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b/a.txt", "a.txt", "a/b.txt", "a/a/c.txt", "c.txt"):
        write(tmp_path / name)
    assert [file.source for file in files_in([tmp_path])] == ["a.txt", "c.txt", "a/b.txt", "a/a/c.txt", "b/a.txt"]


def test_a_file_keeps_its_id(tmp_path: Path) -> None:
    """Another id would make every letter of an archive a new one."""
    path = Path("/brieven/a.txt")
    assert Found(path, "a.txt").id == Found(path, "x", target=tmp_path).id == "9ebbe5401723aba7"
