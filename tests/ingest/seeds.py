"""A sound file of every format, as material for the tests that break it."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from email.message import EmailMessage

import docx
from odfdo import Document, Header, List, Note, Paragraph, Table

from tests.ingest.documents import advice, pdf, word
from tests.ingest.outlook import Outlook, msg

SENTENCE = "Wij vinden dat werken moet lonen, ook voor wie maar een paar uur per week kan werken."
QUOTED = "Het college ziet geen aanleiding om het beleid aan te passen."

MARKDOWN = f"""# Cliëntenraad Voorbeeld

Ons kenmerk: CRV 2021-11

## Het **advies**

> {QUOTED}

*{QUOTED}*

1. talent benutten
   - ook voor ouderen
2. werk behouden
"""

HTML = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>Brief</title></head><body>
<div id="kop">Cliëntenraad Voorbeeld</div><h1>Ons advies</h1><p>{SENTENCE}<br>Voorbeeld</p>
<table><tr><td>Datum</td><td>3 maart 2020</td></tr><tr><td>Ons kenmerk:</td><td>CRV 2020-3</td></tr></table>
<ol type="a" start="2"><li>een<li>twee<ul><li>dieper</ul></ol><blockquote><p>{QUOTED}</p></blockquote>
<p><i>{QUOTED}</i></p><p style="display:none">weg</p></body></html>"""

RTF = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fnil\fcharset2 Symbol;}}"
    r"{\stylesheet{\s0 Normal;}{\s1\b heading 1;}{\s2\i Quote;}}{\header\pard Cli\'ebntenraad Voorbeeld\par}"
    r"\pard\plain\s1 Ons advies\par\pard\plain " + SENTENCE + r"{\footnote\pard De noot zelf.}\par"
    r"{\listtext\pard\plain 1.\tab}een \u8217\'92s avonds\par{\pntext\f1\'B7\tab}punt\par\pard\plain\s2\i "
    + QUOTED
    + r"\par"
    r"\trowd\cellx100\pard\intbl Datum\cell 3 maart 2020\cell\row\pard{\v verborgen}{\i schuin} einde"
    r"{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt\pard In een kader\par}}}\par}"
)


def odt() -> bytes:
    """An OpenDocument text."""
    document = Document("text")
    document.body.clear()
    document.body.append(Header(1, "Ons advies"))
    paragraph = Paragraph(SENTENCE)
    paragraph.append(Note(note_class="footnote", note_id="n1", citation="1", body="De noot zelf."))
    document.body.append(paragraph)
    document.body.append(List(["een", "twee"]))
    table = Table("Tabel", width=2, height=2)
    table.set_values([["Datum", "3 maart 2020"], ["Ons kenmerk", "CRV 2020-3"]])
    document.body.append(table)
    return saved(document)


def saved(document: Document) -> bytes:
    """The bytes of an OpenDocument text."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


FLAT_ODT = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.text"><office:automatic-styles>
<style:style style:name="P1" style:family="paragraph"><style:text-properties fo:font-style="italic"/></style:style>
<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="a" style:num-suffix=")"/>
</text:list-style></office:automatic-styles><office:body><office:text>
<text:h text:outline-level="1">Ons advies</text:h><text:p>{SENTENCE}</text:p><text:p text:style-name="P1">{QUOTED}</text:p>
<text:list text:style-name="L1"><text:list-item><text:p>een</text:p></text:list-item></text:list>
</office:text></office:body></office:document>"""


def docx_file() -> bytes:
    """A Word document."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Cliëntenraad Voorbeeld"
    document.add_heading("Ons advies", 2)
    document.add_paragraph(SENTENCE)
    document.add_paragraph("de termijn te verlengen;", style="List Number")
    document.add_paragraph(QUOTED, style="Quote")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Datum", "3 maart 2020"
    return word(document)


def eml(body: str = SENTENCE) -> bytes:
    """A mail with an attachment, another mail and HTML."""
    message = EmailMessage()
    message["From"] = "Anna de Vries <anna@example.org>"
    message["To"] = "Cliëntenraad <raad@example.org>"
    message["Subject"] = "Advies over het minimabeleid"
    message["Date"] = "Wed, 03 Nov 2021 10:00:00 +0100"
    message["Message-ID"] = "<1@example.org>"
    message.set_content(f"Beste raad,\n\n{body}\n\n> {QUOTED}\n\n-----Oorspronkelijk bericht-----\nVan: Piet\n\nOud.\n")
    message.add_alternative(HTML, subtype="html")
    message.add_attachment(advice().encode(), maintype="text", subtype="plain", filename="advies é.txt")
    inner = EmailMessage()
    inner["Subject"] = "Binnenin"
    inner.set_content("Dit is een ander bericht.")
    message.add_attachment(inner)
    return message.as_bytes()


def outlook() -> bytes:
    """An Outlook mail with an attachment and another mail."""
    inside = Outlook("Binnenin", "Dit is een ander bericht.", sender=("Piet", "piet@example.org"))
    sent = dt.datetime(2021, 11, 3, 9, tzinfo=dt.UTC)
    files = [("advies.txt", advice().encode(), "")]
    to = [("Cliëntenraad", "raad@example.org", 1), ("Kees", "kees@example.org", 2)]
    return msg(
        Outlook(
            "Advies",
            f"Beste raad,\r\n\r\n{SENTENCE}\r\n",
            HTML.encode(),
            ("Anna", "anna@example.org"),
            sent,
            to,
            files,
            [inside],
        )
    )


def zipped(files: dict[str, bytes]) -> bytes:
    """A ZIP of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return buffer.getvalue()


def seeds() -> dict[str, bytes]:
    """A sound file of every format, by name."""
    saved_page = f"From: <Saved by Blink>\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n{HTML}"
    return {
        "brief.pdf": pdf([["Cliëntenraad Voorbeeld", "", SENTENCE], [QUOTED]]),
        "brief.docx": docx_file(),
        "brief.odt": odt(),
        "brief.fodt": FLAT_ODT.encode(),
        "brief.rtf": RTF.encode(),
        "brief.html": HTML.encode(),
        "brief.mht": saved_page.encode(),
        "brief.eml": eml(),
        "brief.msg": outlook(),
        "brieven.zip": zipped({"map/brief.txt": advice().encode(), "brief.html": HTML.encode()}),
        "brief.md": MARKDOWN.encode(),
        "brief.txt": advice().encode("cp1252"),
    }
