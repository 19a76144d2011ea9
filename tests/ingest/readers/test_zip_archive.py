"""ZIP files: what is in them, under names that can do no harm, and nothing that fills the memory."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers import zip_archive as bundle
from ingest.readers.document import Member
from ingest.readers.registry import read_file
from ingest.readers.zip_archive import Names
from tests.ingest.documents import advice
from tests.ingest.seeds import zipped
from vectorstore.errors import UnreadableFile

LETTER = advice().encode()


def members(data: bytes) -> tuple[Member, ...]:
    contents = read_file("post.zip", data)
    assert contents.blocks == ()
    return contents.members


def test_the_files_in_folders() -> None:
    files = {
        "2020/advies.txt": LETTER,
        "2021/reactie.pdf": b"%PDF-1.4",
        "los.txt": LETTER,
        "in.zip": zipped({"a": b"x"}),
    }
    assert {member.name: member.data for member in members(zipped(files))} == files


@pytest.mark.parametrize(
    ("name", "given_name"),
    [
        ("/etc/passwd", "etc/passwd"),
        ("../../brief.txt", "brief.txt"),
        ("a/../../b/./brief.txt", "a/b/brief.txt"),
        ("C:\\brieven\\brief.txt", "brieven/brief.txt"),
        ("\\\\server\\map\\brief.txt", "server/map/brief.txt"),
        ("map/brief\n.txt", "map/brief.txt"),
        ("brief: twee.txt", "brief_ twee.txt"),
        (".../..", "bestand"),
        ("een brief \N{LATIN SMALL LETTER E WITH ACUTE}.txt", "een brief é.txt"),
    ],
)
def test_names_can_do_no_harm(name: str, given_name: str) -> None:
    assert [member.name for member in members(zipped({name: LETTER}))] == [given_name]


@given(st.lists(st.text(max_size=30), max_size=8))
def test_any_names_are_made_safe_and_told_apart(names: list[str]) -> None:
    given_names = Names()
    made = [given_names.assign(name) for name in names]
    assert len({name.casefold() for name in made}) == len(names)
    for name in made:
        steps = PurePosixPath(name).parts
        assert steps
        assert not PurePosixPath(name).is_absolute()
        assert not any(step in ("..", ".") or "\\" in step or ":" in step for step in steps)


def test_names_in_the_encodings_of_old_programs() -> None:
    raw = zipped({"XXXXXXX.txt": LETTER})
    assert members(raw.replace(b"XXXXXXX", "brie\u00e9".encode("cp437") + b"xx"))[0].name == "brieéxx.txt"
    assert members(raw.replace(b"XXXXXXX", "briefé".encode()))[0].name == "briefé.txt"


def test_what_computers_leave_behind_is_passed_over() -> None:
    files = {
        "__MACOSX/._brief.txt": b"x", ".DS_Store": b"x", "map/Thumbs.db": b"x", ".git/config": b"x", "desktop.ini": b"x",
        "brief.txt": LETTER,
    }  # fmt: skip
    assert [member.name for member in members(zipped(files))] == ["brief.txt"]


def test_a_locked_file_does_not_lose_the_others() -> None:
    data = bytearray(zipped({"a.txt": LETTER, "b.txt": LETTER}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    locked, other = members(bytes(data))
    assert (locked.data, other.data) == (b"", LETTER)
    assert "wachtwoord" in locked.error


def test_a_damaged_file_does_not_lose_the_others() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr("a.txt", LETTER)
        packed.writestr("b.txt", LETTER)
    broken = buffer.getvalue().replace(b"werken", b"WERKEN", 1)
    damaged, other = members(broken)
    assert "beschadigd" in damaged.error
    assert other.data == LETTER


class TestTraps:
    def test_too_many_files(self) -> None:
        with pytest.raises(UnreadableFile, match="meer dan 2000"):
            members(zipped({f"{i}.txt": b"" for i in range(2001)}))

    def test_unpacked_too_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bundle, "LARGEST_UNPACKED", 1_000_000)
        assert len(members(zipped({"a": b"0" * 400_000, "b": b"0" * 400_000}))) == 2
        with pytest.raises(UnreadableFile, match="te groot"):
            members(zipped({"a": b"0" * 600_000, "b": b"0" * 600_000}))

    def test_a_size_that_lies(self) -> None:
        data = zipped({"a.txt": b"0" * 5_000_000})
        size = (5_000_000).to_bytes(4, "little")
        (member,) = members(data.replace(size, (10).to_bytes(4, "little")))
        assert len(member.data) <= 10

    @pytest.mark.parametrize(
        "data",
        [b"PK\x03\x04kapot", zipped({"a": LETTER})[:-30], zipped({"a": LETTER})[:50]],
        ids=["no ZIP", "no end", "no middle"],
    )
    def test_broken(self, data: bytes) -> None:
        with pytest.raises(UnreadableFile, match="beschadigd"):
            members(data)

    @pytest.mark.parametrize("data", [zipped({}), zipped({".verborgen": LETTER})], ids=["empty", "hidden"])
    def test_nothing_in_it(self, data: bytes) -> None:
        with pytest.raises(UnreadableFile):
            read_file("leeg.zip", data)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"xl/workbook.xml": b"x", "[Content_Types].xml": b"x"}, "rekenblad"),
        ({"ppt/presentation.xml": b"x", "[Content_Types].xml": b"x"}, "presentatie"),
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"x"}, "rekenblad"),
        ({"mimetype": b"application/vnd.oasis.opendocument.presentation", "content.xml": b"x"}, "presentatie"),
        ({"mimetype": b"application/epub+zip", "OEBPS/a.html": b"x"}, "kan niet worden gelezen"),
    ],
)
def test_zipped_formats_that_are_no_letters(files: dict[str, bytes], said: str) -> None:
    with pytest.raises(UnreadableFile, match=said) as refused:
        read_file("brief", zipped(files))
    assert refused.value.remedy
