"""What a letter says of itself is read from it the same in every format that archives keep letters in."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ingest.metadata.extract import Anatomy, read_anatomy
from ingest.readers import registry
from ingest.readers.document import Block
from tests.ingest.converted import FORMATS, converted, scanned
from tests.ingest.documents import advice
from vectorstore.letters import DateBasis, Kind, Signatory, Voice

REAL_LETTERS = Path("../shared/archive")

COLLEGE_COPIES = ("Raadscommissie Werk en Inkomen gemeente Groningen", "Aaldert van Lingen (directiecontact)")

SAID: dict[str, dict[str, Any]] = {
    "000": {
        "kind": Kind.ADVICE,
        "reference": "CRA 2020-02",
        "date": None,
        "subject": "Advies over het Werkprogramma 2020-2022",
        "author": Voice.COUNCIL,
        "sender": "Cliëntenraad Werk & Inkomen",
        "addressee": None,
        "copies": COLLEGE_COPIES,
        "signatories": (Signatory("Hans Alderkamp", "Voorzitter a.i."),),
        "voice": Voice.COUNCIL,
    },
    "001": {
        "kind": Kind.INTERIM_ADVICE,
        "reference": "CRA 2021-11",
        "date": dt.date(2021, 11, 2),
        "subject": "Tussentijds advies over het Werk- en Ontwikkelprogramma 2022-2025",
        "author": Voice.COUNCIL,
        "sender": "Cliëntenraad Werk & Inkomen",
        "addressee": "College van burgemeester en wethouders van Groningen",
        "copies": (
            "Wethouder mevrouw I. Diks",
            "Raadscommissie Werk en Inkomen gemeente Groningen",
            "Aaldert van Lingen (vakdirecteur inkomen)",
            "Adviesraden Sociaal Domein Groningen",
        ),
        "signatories": (Signatory("Rita Warmerdam", "Voorzitter"),),
        "voice": Voice.COUNCIL,
    },
    "002": {
        "kind": Kind.SUMMARY,
        "reference": None,
        "date": None,
        "subject": "Werkprogramma 2020-2022",
        "author": Voice.COUNCIL,
        "signatories": (),
        "copies": (),
        "voice": Voice.EXECUTIVE,
    },
    "003": {
        "kind": Kind.LETTER,
        "reference": None,
        "date": None,
        "subject": None,
        "author": Voice.EXECUTIVE,
        "sender": "burgemeester en wethouders van Groningen",
        "addressee": None,
        "copies": (),
        "signatories": (Signatory("Koen Schuiling", "burgemeester"), Signatory("Christien Bronda", "secretaris")),
        "voice": Voice.EXECUTIVE,
    },
    "004": {
        "kind": Kind.LETTER,
        "reference": None,
        "date": dt.date(2019, 11, 8),
        "subject": "Relatie Ontwikkelhuis/Werkprogramma en re-integratie(instrumenten)",
        "author": Voice.COUNCIL,
        "sender": "Cliëntenraad Werk & Inkomen",
        "addressee": "het college van B&W van de gemeente Groningen",
        "copies": ("Raadscommissie Werk en Inkomen", "Aaldert van Lingen (directiecontact voor de CR)"),
        "signatories": (Signatory("Hans Alderkamp", "interim-voorzitter"),),
        "voice": Voice.COUNCIL,
    },
    "voorbeeld": {
        "kind": Kind.ADVICE,
        "reference": "CRV 2020-01",
        "date": dt.date(2020, 1, 30),
        "subject": "advies over het werkprogramma",
        "author": Voice.COUNCIL,
        "sender": "Cliëntenraad Voorbeeld",
        "addressee": "het college van burgemeester en wethouders van Voorbeeld",
        "copies": (),
        "signatories": (Signatory("Anna de Vries", "voorzitter"),),
        "voice": Voice.COUNCIL,
    },
}
"""What a reader finds that the letters say of themselves: the five real ones by their number, and an invented one."""

CARRIED = {"date", "subject", "addressee", "copies", "sender"}
"""What an e-mail says where its letter does not."""

Files = dict[tuple[str, str], bytes]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Every letter in every format but scans."""
    real = sorted(REAL_LETTERS.glob("*.txt")) if REAL_LETTERS.is_dir() else []
    letters = {path.name[:3]: path.read_text("utf-8") for path in real} | {"voorbeeld": advice()}
    return converted(tmp_path_factory.mktemp("omgezet"), letters)


def needs_tesseract() -> None:
    """Skip the test where there is no tesseract for Dutch, except in CI."""
    program = shutil.which("tesseract")
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=True) if program else None
    if (listed is None or "nld" not in listed.stdout.split()) and not os.environ.get("CI"):
        pytest.skip("tesseract with Dutch (nld) is not installed")


def blocks_in(name: str, data: bytes) -> tuple[Block, ...]:
    """The blocks of a letter, which may be in a file with the file."""
    contents = registry.read_file(name, data)
    return blocks_in(contents.members[0].name, contents.members[0].data) if contents.members else contents.blocks


def check(anatomy: Anatomy, name: str, kind: str) -> None:
    """Compare what was read with what the letter says; what only the mail says is not the letter's."""
    said = dict(SAID[name])
    if kind in ("mail", "mail in HTML"):
        assert anatomy.date_basis is (DateBasis.STATED if said["date"] else DateBasis.FILE)
        said = {field: value for field, value in said.items() if value or field not in CARRIED}
    found = {field: getattr(anatomy, field) for field in said}
    assert found == said, kind


@pytest.mark.parametrize("name", SAID)
def test_the_same_in_every_format(name: str, files: Files) -> None:
    if (name, "txt") not in files:
        pytest.skip(f"needs the council's own letters in {REAL_LETTERS}, which are not part of the project")
    for kind in [kind for kind in FORMATS if kind != "scan"]:
        check(read_anatomy(blocks_in(f"brief{FORMATS[kind]}", files[name, kind])), name, kind)


@pytest.mark.parametrize("name", SAID)
def test_the_same_from_a_scan(name: str, files: Files, tmp_path: Path) -> None:
    needs_tesseract()
    if (name, "pdf") not in files:
        pytest.skip(f"needs the council's own letters in {REAL_LETTERS}, which are not part of the project")
    source = tmp_path / "brief.pdf"
    source.write_bytes(files[name, "pdf"])
    anatomy = read_anatomy(blocks_in("brief.pdf", scanned(source)))
    said = {field: value for field, value in SAID[name].items() if field not in ("copies", "signatories")}
    assert {field: getattr(anatomy, field) for field in said} == said
    assert [person.name for person in anatomy.signatories] == [person.name for person in SAID[name]["signatories"]]
