"""How fast an archive is read in, and with how much memory: `python -m eval bench --intake`.

The command `raadsgeheugen ingest` itself is measured, with all its processes.
"""

from __future__ import annotations

import email.message
import html
import itertools
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import psutil
import pypdfium2

from eval.benchmarks.bench import Figures
from eval.benchmarks.letters import copies
from ingest.files import files_in
from vectorstore.errors import WrongUse

_JOINED = 8
"""Sample letters that make one letter of about twenty passages when it is read from its file."""

_CHANGED = 0.6
"""Share of their longer words that come from elsewhere in the archive: an archive does not hold the same letter twice."""

_LOOK_EVERY = 0.2
"""Seconds between two looks at the memory in use."""

_DOTS_PER_INCH = 200
_POINTS_PER_INCH = 72


def intake(archive: Path, letters: int, pages: int) -> dict[str, Figures]:
    """Measure reading letters in: all new, again with nothing changed, and pages of scans.

    Args:
        archive: letters that varied ones of about twenty passages are made of.
        letters: how many; a fifth each as text, Word, HTML, e-mail and, where LibreOffice is there, PDF.
        pages: how many pages of the PDF files are read once more as scans; 0 for none.

    Raises:
        WrongUse: an ingest failed; says what it said.
    """
    with tempfile.TemporaryDirectory(prefix="raadsgeheugen-intake-") as name:
        folder, scans, data = (Path(name) / part for part in ("letters", "scans", "data"))
        folder.mkdir()
        scans.mkdir()
        write_letters(archive, folder, letters)
        figures = {"all new": _ingest(folder, data), "nothing changed": _ingest(folder, data)}
        if pages and _draw(folder, scans, pages):
            figures["scans at 200 dpi, a page each"] = _ingest(scans, Path(name) / "scanned")
    return figures


def write_letters(archive: Path, folder: Path, letters: int) -> None:
    """Write varied letters in several formats; the same call writes the same."""
    formats = [_write_text, _write_word, _write_html, _write_mail]
    converter = shutil.which("soffice")
    if converter:
        formats.append(_write_word_for_pdf)
    for number, (letter, _) in enumerate(itertools.islice(copies(archive, _JOINED, _CHANGED), letters)):
        formats[number % len(formats)](folder / f"brief-{number:05d}", letter.text)
    if converter:
        _convert(converter, folder)


def _write_text(path: Path, text: str) -> None:
    path.with_suffix(".txt").write_text(text, encoding="utf-8")


def _write_word(path: Path, text: str) -> None:
    document = docx.Document()
    for paragraph in text.split("\n\n"):
        document.add_paragraph(paragraph)
    document.save(str(path.with_suffix(".docx")))


def _write_word_for_pdf(path: Path, text: str) -> None:
    (path.parent / "pdf").mkdir(exist_ok=True)
    _write_word(path.parent / "pdf" / path.name, text)


def _write_html(path: Path, text: str) -> None:
    paragraphs = "".join(f"<p>{html.escape(paragraph)}</p>\n" for paragraph in text.split("\n\n"))
    path.with_suffix(".html").write_text(f"<html><body>{paragraphs}</body></html>", encoding="utf-8")


def _write_mail(path: Path, text: str) -> None:
    message = email.message.EmailMessage()
    message["From"], message["To"], message["Subject"] = "raad@example.org", "college@example.org", "Brief"
    message.set_content(text)
    path.with_suffix(".eml").write_bytes(message.as_bytes())


def _convert(converter: str, folder: Path) -> None:
    """Turn the Word files that wait for it into PDF."""
    waiting = sorted((folder / "pdf").glob("*.docx"))
    if not waiting:
        return
    with tempfile.TemporaryDirectory() as profile:
        command = [converter, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "pdf"]
        subprocess.run([*command, "--outdir", str(folder), *map(str, waiting)], check=True, capture_output=True)
    shutil.rmtree(folder / "pdf")


def _draw(folder: Path, scans: Path, pages: int) -> int:
    """Draw pages of the PDF files as images, as a scanner would give them; return how many."""
    drawn = 0
    for page in itertools.islice(_pages(folder), pages):
        image = page.render(scale=_DOTS_PER_INCH / _POINTS_PER_INCH, grayscale=True).to_pil()
        image.save(scans / f"scan-{drawn:04d}.png", dpi=(_DOTS_PER_INCH, _DOTS_PER_INCH))
        drawn += 1
    return drawn


def _pages(folder: Path) -> Iterator[Any]:
    for path in sorted(folder.glob("*.pdf")):
        document = pypdfium2.PdfDocument(path)
        yield from document
        document.close()


def _ingest(folder: Path, data: Path) -> Figures:
    """Run the command in a process of its own, and watch its memory and that of its helpers."""
    command = [sys.executable, "-m", "assistant", "ingest", str(folder), "--json", "--data", str(data)]
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        with subprocess.Popen(command, stdout=out, stderr=err, text=True) as process:
            memory = _watched(process)
        seconds = time.perf_counter() - began
        out.seek(0)
        err.seek(0)
        if process.returncode not in (0, 3):
            raise WrongUse("The ingest of the bench failed.", err.read().strip()[-2000:])
        report = json.load(out)
    files = sum(not file.skipped for file in files_in([folder]))
    read = {"files": files, "unreadable": report["unreadable"], "passages": sum(f["passages"] for f in report["files"])}
    times = {"seconds": seconds, "of which the job": report["seconds"], "files/s": files / seconds}
    return read | times | memory


def _watched(process: subprocess.Popen[str]) -> Figures:
    """Return the most memory held at one moment, in megabytes: by the command, by one helper, and by all together."""
    most = {f"peak memory of {whose}, MB": 0.0 for whose in ("all processes", "the command", "one helper")}
    job = psutil.Process(process.pid)
    while process.poll() is None:
        held = [_megabytes(one) for one in (job, *_children(job))]
        for name, now in zip(most, (sum(held), held[0], max(held[1:], default=0.0)), strict=True):
            most[name] = max(most[name], now)
        time.sleep(_LOOK_EVERY)
    return most


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return list(process.children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def _megabytes(process: psutil.Process) -> float:
    """Return the memory of a process, what it shares with others counted for its part where the system tells that."""
    try:
        full = process.memory_full_info()
        return float(getattr(full, "pss", full.rss)) / 1e6
    except psutil.Error:
        return 0.0
