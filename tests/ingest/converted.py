"""Letters turned into the formats that archives keep them in, by LibreOffice, the mail library and poppler."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path

import docx
import pypdfium2
import pytest
from markdown_it import MarkdownIt

FORMATS = {
    "txt": ".txt",
    "docx": ".docx",
    "odt": ".odt",
    "rtf": ".rtf",
    "html": ".html",
    "pdf": ".pdf",
    "mail": ".eml",
    "mail in HTML": ".eml",
    "mail with attachment": ".eml",
    "scan": ".pdf",
}
"""Each format with the ending of its file."""

RESOLUTION = 200
"""Dots per inch of the scans."""

EDGE = 2
"""Pages at the beginning and at the end of a letter that are scanned; what it says of itself stands there."""


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a letter in plain text as somebody would type them over: wrapped lines are joined."""
    lines = [line.strip() for line in text.strip().split("\n")]
    if sum(not line for line in lines) > 0.45 * len(lines) and max(map(len, lines)) < 120:
        lines = re.sub(r"\n\n(?!\n)", "\n", "\n".join(lines)).split("\n")
    whole: list[str] = []
    for before, line in zip(["", *lines], lines, strict=False):
        if line and len(before) > 60:
            whole[-1] += f" {line}"
        else:
            whole.append(line)
    return whole


def office(folder: Path, ending: str, sources: Sequence[Path]) -> None:
    """Convert files with LibreOffice, into the same folder; the test is skipped without it, except in CI."""
    program = shutil.which("soffice")
    if program is None and not os.environ.get("CI"):
        pytest.skip("LibreOffice (soffice) is not installed")
    assert program is not None
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", ending, "--outdir", str(folder), *map(str, sources)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)


def made_in_word(folder: Path, letters: Mapping[str, str]) -> list[Path]:
    """A Word document a letter; one in Markdown by way of HTML, so that its headings and italics are real ones."""
    pages: list[Path] = []
    for name, text in letters.items():
        if re.search(r"^#+ ", text, re.M):
            html = MarkdownIt("commonmark").render(text)
            pages.append(folder / f"{name}.html")
            pages[-1].write_text(f'<html><head><meta charset="utf-8"></head><body>{html}</body></html>', "utf-8")
            continue
        document = docx.Document()
        for paragraph in paragraphs_of(text):
            document.add_paragraph(paragraph)
        document.save(str(folder / f"{name}.docx"))
    if pages:
        office(folder, "odt:writer8", pages)
        office(folder, "docx:MS Word 2007 XML", [page.with_suffix(".odt") for page in pages])
    return [folder / f"{name}.docx" for name in letters]


def mail(*, body: str = "", html: str = "", attached: bytes = b"") -> bytes:
    """An e-mail with a letter in it, sent on a day and under a subject that are not the letter's."""
    message = EmailMessage()
    message["From"] = "Postbode <post@voorbeeld.example>"
    message["To"] = "Archief <archief@voorbeeld.example>"
    message["Date"] = "Mon, 07 Jun 2010 10:00:00 +0200"
    message["Subject"] = "FW: brief voor het archief"
    message["Message-ID"] = "<1@voorbeeld.example>"
    message.set_content(body or ("Dit is een bericht in HTML." if html else "Bijgaand de brief."))
    if html:
        message.add_alternative(html, subtype="html")
    if attached:
        message.add_attachment(attached, maintype="application", subtype="octet-stream", filename="brief.docx")
    return message.as_bytes()


def scanned(source: Path) -> bytes:
    """A PDF of pictures of the outer pages of a PDF; the test is skipped without poppler, except in CI."""
    program = shutil.which("pdftoppm")
    if program is None and not os.environ.get("CI"):
        pytest.skip("poppler (pdftoppm) is not installed")
    assert program is not None
    stem = source.with_suffix("")
    command = [program, "-r", str(RESOLUTION), "-gray", "-jpeg", str(source), str(stem)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    pictures = sorted(source.parent.glob(f"{stem.name}-*.jpg"))
    document = pypdfium2.PdfDocument.new()
    for picture in pictures[:EDGE] + pictures[EDGE:][-EDGE:]:
        image = pypdfium2.PdfImage.new(document)
        image.load_jpeg(str(picture))
        width, height = (size * 72 / RESOLUTION for size in image.get_px_size())
        image.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
        page = document.new_page(width, height)
        page.insert_obj(image)
        page.gen_content()
    buffer = io.BytesIO()
    document.save(buffer)
    document.close()
    return buffer.getvalue()


def converted(folder: Path, letters: Mapping[str, str]) -> dict[tuple[str, str], bytes]:
    """The bytes of each letter in each format but scans, by its name and the format.

    Args:
        folder: an empty one to work in.
        letters: texts by name.
    """
    documents = made_in_word(folder, letters)
    for ending in ("odt:writer8", "rtf:Rich Text Format", "html:HTML (StarWriter)", "pdf:writer_pdf_Export"):
        office(folder, ending, documents)
    files: dict[tuple[str, str], bytes] = {}
    for name, text in letters.items():
        files[name, "txt"] = text.encode()
        for kind in ("docx", "odt", "rtf", "html", "pdf"):
            files[name, kind] = (folder / f"{name}.{kind}").read_bytes()
        files[name, "mail"] = mail(body="\n".join(paragraphs_of(text)))
        files[name, "mail in HTML"] = mail(html=files[name, "html"].decode("utf-8", "replace"))
        files[name, "mail with attachment"] = mail(attached=files[name, "docx"])
    return files
