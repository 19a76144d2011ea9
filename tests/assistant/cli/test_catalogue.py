"""What a secretary sees of every letter: `raadsgeheugen status --letters` and `--manifest`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.cli import commands as cli
from ingest.manifest.table import read_manifest
from tests.ingest.documents import advice, reply

ASKING = (
    "Wij verzoeken u de wachttijd bij de schuldhulp te verkorten tot vier weken.\n\n"
    "Wij vragen u de folders over de bijstand in eenvoudige taal te schrijven."
)
ANSWERING = (
    "In uw advies van 30 januari 2020 (kenmerk CRV 2020-01) vraagt u om kortere wachttijden.\n\n"
    "De wachttijd bij de schuldhulp verkorten wij per 1 juli tot vier weken."
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of an advice, its reply, and a note of which little is known."""
    folder, data = tmp_path_factory.mktemp("brieven"), tmp_path_factory.mktemp("archief") / "data"
    (folder / "advies.txt").write_text(advice(ASKING), encoding="utf-8")
    (folder / "kopie.txt").write_text(advice(ASKING), encoding="utf-8")
    (folder / "antwoord.txt").write_text(reply(ANSWERING), encoding="utf-8")
    (folder / "briefje.txt").write_text("Een los briefje over de kerstborrel.", encoding="utf-8")
    assert cli.run(["ingest", str(folder), "--data", str(data)]) == 0
    return data


def catalogue(data: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    capsys.readouterr()
    assert cli.run(["status", "--letters", "--json", "--data", str(data)]) == 0
    return {entry["source"]: entry for entry in json.loads(capsys.readouterr().out)["catalogue"]}


def test_every_letter_has_what_was_read_and_what_is_missing(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entries = catalogue(data, capsys)
    asked, answered, note = (entries[name] for name in ("advies.txt", "antwoord.txt", "briefje.txt"))
    assert (asked["reference"], asked["date"], asked["date_basis"]) == ("CRV 2020-01", "2020-01-30", "stated")
    assert asked["also"] == ["kopie.txt"]
    assert asked["missing"] == []
    assert {"kenmerk", "datum", "auteur"} <= set(note["missing"])
    assert answered["your_reference"] == "CRV 2020-01"


def test_letters_hang_together(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entries = catalogue(data, capsys)
    assert entries["antwoord.txt"]["replies_to"] == ["advies.txt"]
    assert entries["advies.txt"]["replied_by"] == ["antwoord.txt"]
    states = {request["text"].split()[-1]: request["state"] for request in entries["advies.txt"]["requests"]}
    assert states == {"weken.": "answer", "schrijven.": "reply"}
    (found,) = [request for request in entries["advies.txt"]["requests"] if request["state"] == "answer"]
    assert "per 1 juli" in found["passage"]
    assert found["source"] == "antwoord.txt"


def test_the_table_has_a_row_a_letter(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert cli.run(["status", "--letters", "--data", str(data)]) == 0
    shown = capsys.readouterr().out
    for words in ("CRV 2020-01", "op CRV 2020-01", "in SD/20/0001", "= kopie.txt", "briefje.txt", "manifest.csv"):
        assert words in shown
    assert "1 waarin iets ontbreekt" in shown


def test_a_manifest_to_fill_in_changes_nothing_as_it_is(data: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    capsysbinary.readouterr()
    assert cli.run(["status", "--manifest", "--data", str(data)]) == 0
    manifest = read_manifest(capsysbinary.readouterr().out)
    assert set(manifest.rows) == {"advies.txt", "antwoord.txt", "briefje.txt"}
    assert manifest.problems == ()


def test_the_last_ingest_is_told(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert cli.run(["status", "--data", str(data)]) == 0
    assert "3 toegevoegd, 1 dubbel" in capsys.readouterr().out
