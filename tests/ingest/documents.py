"""Files as councils have them, made for a test: letters, PDFs built by hand, Word documents, and broken ones."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

import docx
import pytest

ADVICE = """Cliëntenraad Voorbeeld
Aan het college van burgemeester en wethouders van Voorbeeld

Datum: {date}
Ons kenmerk: {reference}
Onderwerp: {subject}

Geacht college,

{body}

Met vriendelijke groet,

Anna de Vries
voorzitter Cliëntenraad Voorbeeld
"""
"""A letter of a council; everything in it is fictional."""

REPLY = """Gemeente Voorbeeld

Aan de Cliëntenraad Voorbeeld

Datum: {date}
Ons kenmerk: {reference}
Uw kenmerk: {theirs}
Onderwerp: Reactie op uw advies over {subject}

Geachte leden van de Cliëntenraad,

{body}

Hoogachtend,
burgemeester en wethouders van Voorbeeld
"""
"""A letter of the executive."""


def advice(
    body: str = "Wij vinden dat werken moet lonen.", *, date: str = "30 januari 2020", reference: str = "CRV 2020-01",
    subject: str = "advies over het werkprogramma",
) -> str:  # fmt: skip
    """A letter of a council as plain text."""
    return ADVICE.format(body=body, date=date, reference=reference, subject=subject)


def reply(
    body: str, *, date: str = "3 maart 2020", reference: str = "SD/20/0001", theirs: str = "CRV 2020-01",
    subject: str = "het werkprogramma",
) -> str:  # fmt: skip
    """A letter of the executive as plain text."""
    return REPLY.format(body=body, date=date, reference=reference, theirs=theirs, subject=subject)


def pdf(pages: Sequence[Sequence[str]], *, leading: int = 14) -> bytes:
    """A PDF with these lines on its pages; "" leaves a line blank."""
    objects: list[bytes] = [
        b"",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    kids: list[str] = []
    for lines in pages:
        shown = "\n".join(f"({_escaped(line)}) Tj 0 -{leading} Td" for line in lines)
        stream = f"BT /F1 10 Tf 60 780 Td\n{shown}\nET".encode("cp1252")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]"
            b" /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % len(objects)
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    return _file_of(objects)


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _file_of(objects: Sequence[bytes]) -> bytes:
    data, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(data)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return data + head + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


LOCKED = _file_of(
    [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        b"<< /Filter /Standard /V 1 /R 2 /P -44 /O <%s> /U <%s> >>" % (b"11" * 32, b"22" * 32),
    ]
).replace(b"/Root 1 0 R >>", b"/Root 1 0 R /Encrypt 3 0 R /ID [<aa> <aa>] >>")
"""A PDF that no password in use opens."""


def word(document: docx.document.Document) -> bytes:
    """The bytes of a Word document."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def with_xml(data: bytes, marker: str, xml: str, *, part: str = "word/document.xml") -> bytes:
    """A Word document with a piece of XML in place of the paragraph that holds the marker."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == part:
                plain = f"<w:p><w:r><w:t>{marker}</w:t></w:r></w:p>".encode()
                assert plain in content
                content = content.replace(plain, xml.encode())
            new.writestr(entry, content)
    return buffer.getvalue()


def converted(source: Path, to: str = "pdf") -> Path:
    """A file as LibreOffice converts it; the test is skipped where there is no LibreOffice, except in CI."""
    office = shutil.which("soffice")
    if office is None and not os.environ.get("CI"):
        pytest.skip("LibreOffice (soffice) is not installed")
    assert office is not None
    profile = f"-env:UserInstallation=file://{source.parent}/profile"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", to, "--outdir", str(source.parent), str(source)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return source.with_suffix(f".{to.split(':')[0]}")
