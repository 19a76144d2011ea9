"""Forgetting: a letter, and whatever else holds it, is in no file of the archive any more."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.job.forgetting import Forgotten, forget
from ingest.job.rebuilding import folders_aside, set_aside
from tests.ingest.archives import analyser, ingest, letters, opened, published
from tests.ingest.documents import advice
from vectorstore.errors import ArchiveUnavailable
from vectorstore.store.engine import Location

WORD = "zeepaardjes"
SECRET = advice(f"Wij vragen u om de {WORD}. Het college stelt: “De {WORD} zijn er niet.”", subject=WORD)


def left_in(data: Path) -> list[str]:
    """Files of the archive that hold the word."""
    return [path.name for path in data.rglob("*") if path.is_file() and WORD.encode() in path.read_bytes().lower()]


def forgotten(data: Path, sources: Sequence[str]) -> list[Forgotten]:
    with opened(data) as store:
        return forget(store, analyser(), sources)


@pytest.fixture
def secret(folder: Path, data: Path) -> Path:
    """An archive with a letter that is to be forgotten."""
    (folder / "geheim.txt").write_text(SECRET, encoding="utf-8")
    ingest(data, folder, publish=True)
    assert {"letters.jsonl", "chroma.sqlite3"} <= set(left_in(data))
    return folder / "geheim.txt"


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("by_path", [True, False])
def test_fault_7_a_letter_that_was_forgotten_leaves_no_word_in_any_file(
    secret: Path, data: Path, there: bool, by_path: bool
) -> None:
    if not there:
        secret.unlink()
    assert forgotten(data, [str(secret) if by_path else secret.name]) == [
        Forgotten("geheim.txt", str(secret) if there else "")
    ]
    assert left_in(data) == []
    assert letters(data).keys() == published(data) == {"a.txt", "b.txt"}


def test_the_same_letter_elsewhere_is_forgotten_with_it(secret: Path, folder: Path, data: Path) -> None:
    (folder / "kopie.txt").write_bytes(secret.read_bytes())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("binnen.txt", SECRET)
        packed.writestr("anders.txt", advice("Een andere brief.", reference="CRV 2020-09"))
    (folder / "alles.zip").write_bytes(buffer.getvalue())
    ingest(data, folder, publish=True)
    named = {one.source for one in forgotten(data, ["kopie.txt"])}
    assert named >= {"geheim.txt", "kopie.txt", "alles.zip/binnen.txt"}
    assert left_in(data) == []
    assert {"a.txt", "b.txt"} <= published(data)


def test_what_was_set_aside_is_forgotten_too(secret: Path, folder: Path, data: Path) -> None:
    set_aside(Location(data))
    ingest(data, folder / "a.txt", secret, publish=True)
    assert len(folders_aside(data)) == 1
    forgotten(data, ["geheim.txt"])
    assert folders_aside(data) == []
    assert left_in(data) == []


def test_a_file_that_is_not_there_is_told_and_nothing_is_forgotten(secret: Path, data: Path) -> None:
    with pytest.raises(ArchiveUnavailable, match="er is niets vergeten") as raised:
        forgotten(data, ["a.txt", "geheimm.txt"])
    assert secret.name in raised.value.remedy
    assert letters(data).keys() == {"a.txt", "b.txt", "geheim.txt"}
