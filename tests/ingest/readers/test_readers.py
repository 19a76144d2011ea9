"""Every format gives the same letter, and content decides which format a file has."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.letter_builder import letter_of
from ingest.readers.document import BlockKind
from ingest.readers.registry import read_file
from tests.ingest.documents import LOCKED, advice, converted, pdf, with_xml, word
from vectorstore.errors import UnreadableFile
from vectorstore.letters import Letter

MARKDOWN = """# Cliëntenraad Voorbeeld

Datum: 2 november 2021
Ons kenmerk: CRV 2021-11

Geacht college,

### De doelstelling

Wij kunnen ons **goed** vinden in *dit* doel:

1. talent benutten
2. werk behouden
   - ook voor ouderen

De melding luidt <b>413</b> <img src=x onerror=alert(1)> en verder niets.

Met vriendelijke groet,
"""
QUOTED = "Het college ziet geen aanleiding om het beleid aan te passen."
SENTENCE = "Wij vinden dat werken moet lonen, ook voor wie maar een paar uur per week kan werken."


def texts(name: str, data: bytes) -> list[str]:
    return [block.text for block in read_file(name, data).blocks]


def letter(name: str, data: bytes) -> Letter:
    return letter_of(read_file(name, data).blocks, identifier="x", source=name, sha256="")[0]


class TestMarkdown:
    @pytest.mark.parametrize("name", ["brief.md", "brief.txt", "brief"])
    def test_is_read_as_such_whatever_its_name(self, name: str) -> None:
        blocks = read_file(name, MARKDOWN.encode()).blocks
        headings = [block.text for block in blocks if block.kind is BlockKind.HEADING]
        assert headings == ["Cliëntenraad Voorbeeld", "De doelstelling"]
        items = [block.text for block in blocks if block.kind is BlockKind.ITEM]
        assert items == ["1. talent benutten", "2. werk behouden", "- ook voor ouderen"]

    def test_emphasis_goes_and_html_stays_text(self) -> None:
        lines = texts("brief.md", MARKDOWN.encode())
        assert "Wij kunnen ons goed vinden in dit doel:" in lines
        assert "De melding luidt <b>413</b> <img src=x onerror=alert(1)> en verder niets." in lines

    def test_block_quotations_and_italics_are_quotations(self) -> None:
        text = f"# Brief\n\n## Advies\n\n> {QUOTED}\n>\n> 1. {QUOTED}\n\n*{QUOTED}*\n\n- *{QUOTED}*\n\n*Per post*\n\n{SENTENCE}"
        kinds = [block.kind for block in read_file("brief", text.encode()).blocks][2:]
        quote, paragraph = BlockKind.QUOTE, BlockKind.PARAGRAPH
        assert kinds == [quote, quote, quote, BlockKind.ITEM, paragraph, paragraph]

    def test_what_follows_a_quotation_is_no_part_of_it(self) -> None:
        blocks = read_file("brief.md", f"> {QUOTED[:-1]}\n\nstelt het college. {SENTENCE}".encode()).blocks
        assert [block.kind for block in blocks] == [BlockKind.QUOTE, BlockKind.PARAGRAPH]

    def test_a_plain_letter_with_a_hash_is_no_markdown(self) -> None:
        assert "# 3 van de lijst is klaar_voor_nu." in texts(
            "brief.txt", f"{SENTENCE}\n\n# 3 van de lijst is klaar_voor_nu.".encode()
        )


class TestPlainText:
    @pytest.mark.parametrize("mark", ["*", "_"])
    def test_a_paragraph_between_the_marks_of_italics_is_a_quotation(self, mark: str) -> None:
        blocks = read_file("brief.txt", f"{SENTENCE}\n\n{mark}{QUOTED}{mark}\n\n{SENTENCE}".encode()).blocks
        assert (blocks[1].text, blocks[1].kind) == (QUOTED, BlockKind.QUOTE)

    def test_stars_that_mark_no_italics_stay(self) -> None:
        lines = texts(
            "brief.txt", f"{SENTENCE}\n\n* een punt van de lijst\n* nog een punt *\n\n3 * 4 * 5 is zestig".encode()
        )
        assert lines[1:] == ["* een punt van de lijst", "* nog een punt *", "3 * 4 * 5 is zestig"]

    def test_lines_behind_a_mark_are_quotations(self) -> None:
        blocks = read_file("brief.txt", f"U schreef:\n\n> {QUOTED}\n\n{SENTENCE}".encode()).blocks
        assert [block.kind for block in blocks] == [BlockKind.PARAGRAPH, BlockKind.QUOTE, BlockKind.PARAGRAPH]


class TestWord:
    def test_headings_lists_tables_and_the_letterhead(self) -> None:
        document = docx.Document()
        document.sections[0].header.paragraphs[0].text = "Cliëntenraad Voorbeeld"
        document.add_paragraph("Geacht college,")
        document.add_heading("Ons advies", 2)
        document.add_paragraph("Wij adviseren u:")
        document.add_paragraph("de termijn te verlengen;", style="List Bullet")
        table = document.add_table(rows=2, cols=2)
        for cell, text in zip(table._cells, ("Huishouden", "Bedrag", "Alleenstaande", "€ 225"), strict=True):
            cell.text = text
        blocks = read_file("brief.docx", word(document)).blocks
        assert [(block.text, block.kind) for block in blocks] == [
            ("Cliëntenraad Voorbeeld", BlockKind.PARAGRAPH),
            ("Geacht college,", BlockKind.PARAGRAPH),
            ("Ons advies", BlockKind.HEADING),
            ("Wij adviseren u:", BlockKind.PARAGRAPH),
            ("- de termijn te verlengen;", BlockKind.ITEM),
            ("Huishouden | Bedrag", BlockKind.ITEM),
            ("Alleenstaande | € 225", BlockKind.ITEM),
        ]

    @pytest.mark.parametrize(
        ("rows", "reference"),
        [
            ([["Datum", "12 maart 2015"], ["Ons kenmerk", "CRV 2015-02"]], "CRV 2015-02"),
            ([["Datum", "Ons kenmerk"], ["12 maart 2015", "CRV 2015-02"]], "CRV 2015-02"),
        ],
    )
    def test_the_table_at_the_top_tells_date_and_reference(self, rows: list[list[str]], reference: str) -> None:
        document = docx.Document()
        table = document.add_table(rows=2, cols=2)
        for cell, text in zip(table._cells, [text for row in rows for text in row], strict=True):
            cell.text = text
        for line in ("Geacht college,", SENTENCE, "Met vriendelijke groet,"):
            document.add_paragraph(line)
        made = letter("brief.docx", word(document))
        assert (made.reference, str(made.date)) == (reference, "2015-03-12")

    def test_a_letter_inside_a_table_is_a_letter(self) -> None:
        document = docx.Document()
        cell = document.add_table(rows=1, cols=1).cell(0, 0)
        for line in ("Geacht college,", SENTENCE, "Met vriendelijke groet,", "de Cliëntenraad Voorbeeld"):
            cell.add_paragraph(line)
        assert "Geacht college," in texts("brief.docx", word(document))

    @pytest.mark.parametrize(
        "xml",
        [
            "<w:sdt><w:sdtContent><w:p><w:r><w:t>{0}</w:t></w:r></w:p></w:sdtContent></w:sdt>",
            "<w:p><w:ins><w:r><w:t>{0}</w:t></w:r></w:ins></w:p>",
            "<w:p><w:sdt><w:sdtContent><w:r><w:t>{0}</w:t></w:r></w:sdtContent></w:sdt></w:p>",
            "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>{0}</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>",
            "<w:p><w:del><w:r><w:delText>geschrapt</w:delText></w:r></w:del><w:r><w:t>{0}</w:t></w:r></w:p>",
            "<w:p><w:moveFrom><w:r><w:t>geschrapt</w:t></w:r></w:moveFrom><w:r><w:t>{0}</w:t></w:r></w:p>",
        ],
        ids=["control", "insertion", "control in a line", "text box", "deletion", "moved"],
    )
    def test_text_in_templates_and_tracked_changes_is_read_once(self, xml: str) -> None:
        document = docx.Document()
        document.add_paragraph("Geacht college,")
        document.add_paragraph("HIER")
        data = with_xml(word(document), "HIER", xml.format(SENTENCE))
        assert texts("brief.docx", data) == ["Geacht college,", SENTENCE]

    def test_footnotes_are_part_of_the_letter(self, tmp_path: Path) -> None:
        source = tmp_path / "brief.fodt"
        source.write_text(
            '<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3" '
            'office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text><text:p>'
            'Geacht college,</text:p><text:p>Wij lazen het rapport<text:note text:id="n1" text:note-class="footnote">'
            "<text:note-citation>1</text:note-citation><text:note-body><text:p>Rekenkamer, Zicht op schuldhulp.</text:p></text:note-body>"
            "</text:note> met aandacht.</text:p></office:text></office:body></office:document>",
            encoding="utf-8",
        )
        lines = texts("brief.docx", converted(source, "docx").read_bytes())
        assert "Wij lazen het rapport met aandacht." in lines
        assert any("Rekenkamer, Zicht op schuldhulp." in line for line in lines)


class TestPdf:
    PAGES = (
        [
            "Cliëntenraad Voorbeeld",
            "",
            "Geacht college,",
            "",
            "Wij vinden dat werken moet lonen, en daarom vragen wij de gemeente",
        ],
        [
            "om de premie op werk te behouden. Dat is ook wat het Rijk wil,",
            "en wat de gemeente zelf eerder heeft gezegd.",
            "",
            "Wij wachten uw antwoord af.",
        ],
    )

    def test_keeps_page_numbers(self) -> None:
        made = letter("brief.pdf", pdf(self.PAGES))
        place = {
            words: made.page_at(made.text.index(words)) for words in ("werken moet", "om de premie", "Wij wachten")
        }
        assert place == {"werken moet": 1, "om de premie": 2, "Wij wachten": 2}

    def test_sentences_run_over_pages_and_spacing_makes_paragraphs(self) -> None:
        lines = texts("brief.pdf", pdf(self.PAGES))
        assert lines[1:] == [
            "Geacht college,",
            " ".join((self.PAGES[0][4], *self.PAGES[1][:2])),
            "Wij wachten uw antwoord af.",
        ]

    def test_a_letter_gives_the_same_words_from_every_format(self, tmp_path: Path) -> None:
        body = f"{SENTENCE} {SENTENCE.replace('Wij', 'Ook wij')}\n\nHet college stelt:\n\n“Er is geen geld.”"
        plain = tmp_path / "brief.txt"
        plain.write_text("\ufeff" + advice(body), encoding="utf-8")
        made = letter("brief.pdf", converted(plain).read_bytes())
        expected = letter("brief.txt", plain.read_bytes())
        assert made.text.split() == expected.text.split()
        for field in ("reference", "date", "subject", "author", "sender", "addressee", "kind"):
            assert getattr(made, field) == getattr(expected, field)

    def test_three_hundred_pages(self) -> None:
        made = letter(
            "dik.pdf",
            pdf([[f"Dit is bladzijde {i} van het dikke rapport over de bijstand in de gemeente."] for i in range(300)]),
        )
        assert len(made.pages) == 300


class TestContentDecides:
    def test_a_letter_that_begins_as_pictures_do(self) -> None:
        assert texts("brief.txt", f"BMW’s en bijstand. {SENTENCE}".encode()) == [f"BMW’s en bijstand. {SENTENCE}"]

    @pytest.mark.parametrize(
        "data",
        [b"BM\x46\0\0\0\0\0\0\0\x36", b"RIFF\x10\0\0\0WEBPVP8 ", b"II*\0x", b"MM\0*x", b"GIF89a", b"\x89PNG\r\n"],
    )
    def test_pictures_are_known_whatever_their_name(self, data: bytes) -> None:
        with pytest.raises(UnreadableFile, match="afbeelding"):
            read_file("brief.txt", data + b"\1" * 40)

    def test_a_pdf_named_txt(self) -> None:
        assert any("werken moet lonen" in line for line in texts("brief.txt", pdf(TestPdf.PAGES)))

    def test_a_word_document_named_pdf(self) -> None:
        document = docx.Document()
        document.add_paragraph(SENTENCE)
        assert texts("brief.pdf", word(document)) == [SENTENCE]

    def test_a_text_named_docx(self) -> None:
        assert texts("brief.docx", SENTENCE.encode()) == [SENTENCE]


def bomb() -> bytes:
    """A Word document of some kilobytes that unpacks to 200 MB."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("word/document.xml", "w") as part:
        for _ in range(200):
            part.write(b" " * 1_000_000)
    return buffer.getvalue()


def packed(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "geen brief")
    return buffer.getvalue()


BAD = {
    "leeg.txt": b"",
    "wit.txt": b" \r\n\t\n",
    "kapot.pdf": b"%PDF-1.7\n1 0 obj << kapot",
    "slot.pdf": LOCKED,
    "scan.pdf": pdf([[], []]),
    "plaatje.pdf": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "foto.jpg": b"\xff\xd8\xff\xe0" + b"\0" * 100,
    "oud.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512,
    "kapot.docx": b"PK\x03\x04 geen zip",
    "blad.xlsx": packed("xl/workbook.xml"),
    "half.docx": packed("word/document.xml"),
    "bom.docx": bomb(),
    "ruis.txt": bytes((i * 7919 + (i >> 3) * 31) % 256 for i in range(4000)),
    "cijfers.txt": b"12 34 --- 56",
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_with_a_remedy(name: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_file(name, BAD[name])
    assert refused.value.problem
    assert refused.value.remedy
    assert "\n" not in str(refused.value)


def test_each_kind_of_bad_file_is_named() -> None:
    def problem(name: str) -> str:
        with pytest.raises(UnreadableFile) as refused:
            read_file(name, BAD[name])
        return refused.value.problem

    assert "leeg" in problem("leeg.txt")
    assert "wachtwoord" in problem("slot.pdf")
    assert "beschadigd" in problem("kapot.pdf")
    assert "scan" in problem("scan.pdf")
    assert "te groot" in problem("bom.docx")


def _samples() -> list[bytes]:
    document = docx.Document()
    document.add_paragraph(SENTENCE)
    return [pdf(TestPdf.PAGES), word(document), MARKDOWN.encode(), advice().encode("cp1252")]


@settings(max_examples=60)
@given(st.sampled_from(_samples()), st.data())
def test_damaged_files_are_read_or_refused_never_anything_else(whole: bytes, data: st.DataObject) -> None:
    damaged = bytearray(whole[: data.draw(st.integers(0, len(whole)))] if data.draw(st.booleans()) else whole)
    for _ in range(data.draw(st.integers(0, 5))):
        if damaged:
            damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        letter("brief", bytes(damaged))
    except UnreadableFile:
        pass
