"""An ingest that is killed loses nothing and shows nothing half done."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.ingest.archives import (
    FINGERPRINT,
    contents,
    copied,
    ingest,
    ingest_killed_after,
    opened,
    published,
    whole,
)
from tests.ingest.documents import advice, reply
from vectorstore.store.engine import LETTERS, PASSAGES

KILLS = 20
SUBJECTS = ("de armoedeval", "de taaleis", "de schuldhulp", "de wijkbalie", "de energietoeslag", "beschut werk")


def _body(subject: str, number: int, version: str) -> str:
    sections = (
        f"Deel {part} van {subject}\n\nWij vinden dat {subject} in jaar {number} {version} om aandacht vraagt. "
        f"Het college heeft daar in nota {part} weinig over gezegd, en dat betreuren wij.\n\nHet college stelt:\n\n"
        f"“Voor {subject} is in deze begroting onder punt {part} geen geld meer beschikbaar.”"
        for part in range(1, 6)
    )
    return "\n\n".join(sections)


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str], dict[str, str]]:
    """A folder, and the texts it holds before and after some letters changed, came, went and moved."""
    before = {
        f"brief {number} café.txt": advice(
            _body(subject, number, "eerst"), reference=f"CRV 2020-{number}", subject=subject
        )
        for number, subject in enumerate(SUBJECTS)
    }
    before["zonder datum.txt"] = advice(_body("de fraude", 9, "eerst"), reference="CRV 2020-99").replace(
        "Datum: 30 januari 2020\n", ""
    )
    after = dict(before)
    for name in ("brief 0 café.txt", "brief 3 café.txt"):
        after[name] = after[name].replace("eerst", "opnieuw")
    del after["brief 1 café.txt"]
    after["verplaatst.txt"] = after.pop("brief 2 café.txt")
    after["dubbel.txt"] = after["brief 4 café.txt"]
    after["leeg.txt"] = ""
    after["antwoord.txt"] = reply("Wij reageren op uw advies van 22 september 2016 (kenmerk CRV 2020-99).")
    return tmp_path_factory.mktemp("brieven"), before, after


def _lay_out(folder: Path, texts: dict[str, str]) -> None:
    for old in folder.iterdir():
        old.unlink()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def test_killed_at_twenty_moments(letters: tuple[Path, dict[str, str], dict[str, str]], tmp_path: Path) -> None:
    folder, before, after = letters
    _lay_out(folder, before)
    first, second = tmp_path / "eerst", tmp_path / "daarna"
    ingest_killed_after(None, first, folder)
    _lay_out(folder, after)
    copied(first, second)
    seconds = ingest_killed_after(None, second, folder)
    assert seconds is not None
    expected, shown = contents(second), whole(second)
    chosen = random.Random(20)
    killed = 0
    for number in range(KILLS):
        data = copied(first, tmp_path / f"gedood {number}")
        moment = (number + chosen.random()) / KILLS * seconds
        killed += ingest_killed_after(moment, data, folder) is None
        assert whole(data) <= shown | set(before)
        assert published(data) in (set(before), shown)
        ingest(data, folder, prune=True, publish=True)
        assert contents(data) == expected
        assert published(data) == shown
    assert killed >= KILLS // 4


def test_killed_while_filling_an_empty_archive(
    letters: tuple[Path, dict[str, str], dict[str, str]], tmp_path: Path
) -> None:
    folder, before, _ = letters
    _lay_out(folder, before)
    seconds = ingest_killed_after(None, tmp_path / "heel", folder)
    assert seconds is not None
    for number in range(4):
        data = tmp_path / f"gedood {number}"
        ingest_killed_after(number / 4 * seconds, data, folder)
        ingest(data, folder, publish=True)
        assert contents(data) == contents(tmp_path / "heel")
        assert published(data) == published(tmp_path / "heel")


def test_killed_while_making_an_archive_anew(
    letters: tuple[Path, dict[str, str], dict[str, str]], tmp_path: Path
) -> None:
    """Between the loss of the old collections and the making of the new ones."""
    folder, before, _ = letters
    _lay_out(folder, before)
    ingest(tmp_path, folder)
    expected = contents(tmp_path)
    with opened(tmp_path) as store:
        store._chroma._engine.call("delete_collection", PASSAGES)
    with opened(tmp_path, rebuild=True) as store:
        assert store.fingerprint == FINGERPRINT
    ingest(tmp_path, folder)
    assert contents(tmp_path)[LETTERS].keys() == expected[LETTERS].keys()
