"""Word, OpenDocument and RTF: the same letter from each, with its numbers, quotations and notes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from ingest.duplicates import digest_of_words
from ingest.readers.document import Block, BlockKind
from ingest.readers.office.numbering import format_ordinal
from ingest.readers.registry import read_file
from tests.ingest.documents import converted, with_xml, word
from tests.ingest.seeds import FLAT_ODT, QUOTED, SENTENCE, odt, zipped
from vectorstore.errors import UnreadableFile

DRAWN = (
    "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>In een kader staat dit.</w:t></w:r></w:p></w:txbxContent></w:pict>"
    "</w:r></w:p>"
)


def blocks(data: bytes, name: str = "brief") -> Sequence[Block]:
    return read_file(name, data).blocks


def kinds(data: bytes) -> list[tuple[str, BlockKind]]:
    return [(block.text, block.kind) for block in blocks(data)]


def letter() -> docx.document.Document:
    """A letter with all that a secretary puts in one."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Cliëntenraad Hollandse Delta"
    document.add_paragraph("Geacht college,")
    document.add_heading("Ons advies", 2)
    for text in ("de termijn te verlengen;", "de brief te herschrijven;"):
        document.add_paragraph(text, style="List Number")
    document.add_paragraph("ook in eenvoudige taal;", style="List Bullet 2")
    document.add_paragraph("Daarnaast vinden wij het volgende van belang voor onze achterban.")
    document.add_paragraph("de raad te betrekken.", style="List Number")
    document.add_paragraph("In uw brief stelt u:")
    document.add_paragraph().add_run(QUOTED).italic = True
    document.add_paragraph().add_run("Per e-mail verzonden").italic = True
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("Huishouden", "Bedrag", "Alleenstaande", "€ 225"), strict=True):
        cell.text = text
    document.add_paragraph(f"{SENTENCE} Wij zien uw antwoord met belangstelling tegemoet, graag vóór de zomer.")
    return document


LETTER = [
    ("Cliëntenraad Hollandse Delta", BlockKind.PARAGRAPH),
    ("Geacht college,", BlockKind.PARAGRAPH),
    ("Ons advies", BlockKind.HEADING),
    ("1. de termijn te verlengen;", BlockKind.ITEM),
    ("2. de brief te herschrijven;", BlockKind.ITEM),
    ("- ook in eenvoudige taal;", BlockKind.ITEM),
    ("Daarnaast vinden wij het volgende van belang voor onze achterban.", BlockKind.PARAGRAPH),
    ("3. de raad te betrekken.", BlockKind.ITEM),
    ("In uw brief stelt u:", BlockKind.PARAGRAPH),
    (QUOTED, BlockKind.QUOTE),
    ("Per e-mail verzonden", BlockKind.PARAGRAPH),
    ("Huishouden | Bedrag", BlockKind.ITEM),
    ("Alleenstaande | € 225", BlockKind.ITEM),
    (f"{SENTENCE} Wij zien uw antwoord met belangstelling tegemoet, graag vóór de zomer.", BlockKind.PARAGRAPH),
]


def test_word_gives_the_letter() -> None:
    assert kinds(word(letter())) == LETTER


@pytest.mark.parametrize("form", ["odt", "fodt", "ott", "rtf", "html", "docm", "dotx"])
def test_every_format_libreoffice_writes_gives_the_same_letter(tmp_path: Path, form: str) -> None:
    source = tmp_path / "brief.docx"
    source.write_bytes(word(letter()))
    filters = {"docm": "docm:MS Word 2007 XML VBA", "dotx": "dotx:MS Word 2007 XML Template"}
    data = converted(source, filters.get(form, form)).read_bytes()
    assert kinds(data) == LETTER


def test_the_same_words_in_every_format_make_one_letter(tmp_path: Path) -> None:
    source = tmp_path / "brief.docx"
    source.write_bytes(word(letter()))
    digests = {
        digest_of_words("\n".join(block.text for block in blocks(converted(source, form).read_bytes())))
        for form in ("odt", "rtf", "html")
    }
    assert digests == {digest_of_words("\n".join(text for text, _ in LETTER))}


class TestWordNumbers:
    LEVELS = (("decimal", "%1."), ("lowerLetter", "%2)"), ("decimal", "%1.%2.%3"), ("lowerRoman", "(%4)"))

    def numbered(self, *levels: int | None) -> list[str]:
        """The items of a list with these levels; None for a paragraph between them."""
        document = docx.Document()
        numbering = document.part.numbering_part.element
        made = "".join(
            f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
            for i, (form, text) in enumerate(self.LEVELS)
        )
        numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{made}</w:abstractNum>'))
        numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
        again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
        numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="78"><w:abstractNumId w:val="77"/>{again}</w:num>'))
        for level in levels:
            paragraph = document.add_paragraph("punt" if level is not None else "Een gewone alinea.")
            if level is not None:
                number = 78 if level < 0 else 77
                paragraph._p.get_or_add_pPr().append(
                    parse_xml(
                        f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{max(level, 0)}"/><w:numId w:val="{number}"/></w:numPr>'
                    )
                )
        return [block.text for block in blocks(word(document))]

    def test_nested_numbers_start_again_and_outer_ones_go_on(self) -> None:
        assert self.numbered(0, 1, 1, 0, 1) == ["1. punt", "a) punt", "b) punt", "2. punt", "a) punt"]

    def test_a_list_goes_on_after_a_paragraph(self) -> None:
        assert self.numbered(0, None, 0) == ["1. punt", "Een gewone alinea.", "2. punt"]

    def test_numbers_of_several_levels(self) -> None:
        assert self.numbered(0, 1, 2, 3) == ["1. punt", "a) punt", "1.a.1 punt", "(i) punt"]

    def test_a_list_that_starts_elsewhere(self) -> None:
        assert self.numbered(0, -1, -1) == ["1. punt", "5. punt", "6. punt"]

    @pytest.mark.parametrize(
        ("number", "form", "shown"),
        [
            (28, "a", "bb"),
            (4, "i", "iv"),
            (1994, "I", "MCMXCIV"),
            (0, "a", "0"),
            (10**9, "i", "1000000000"),
            (3, "A", "C"),
        ],
    )
    def test_numbers_are_shown_as_the_list_does(self, number: int, form: str, shown: str) -> None:
        assert format_ordinal(number, form) == shown


class TestQuotations:
    @pytest.mark.parametrize("style", ["Quote", "Intense Quote"])
    def test_a_style_for_quotations(self, style: str) -> None:
        document = docx.Document()
        document.add_paragraph(QUOTED, style=style)
        assert kinds(word(document)) == [(QUOTED, BlockKind.QUOTE)]

    def test_italics_of_a_style(self) -> None:
        document = docx.Document()
        document.styles["Body Text"].font.italic = True
        document.add_paragraph(QUOTED, style="Body Text")
        document.add_paragraph(SENTENCE)
        upright = document.add_paragraph(style="Body Text")
        upright.add_run(QUOTED).italic = False
        assert [kind for _, kind in kinds(word(document))] == [
            BlockKind.QUOTE,
            BlockKind.PARAGRAPH,
            BlockKind.PARAGRAPH,
        ]

    def test_one_upright_word_makes_it_no_quotation(self) -> None:
        document = docx.Document()
        paragraph = document.add_paragraph()
        paragraph.add_run("Het college ziet ").italic = True
        paragraph.add_run("geen")
        paragraph.add_run(" aanleiding om dat te doen.").italic = True
        document.add_paragraph(SENTENCE)
        assert BlockKind.QUOTE not in [kind for _, kind in kinds(word(document))]

    def test_a_letter_set_in_italics_holds_no_quotations(self) -> None:
        document = docx.Document()
        for text in (SENTENCE, QUOTED, SENTENCE):
            document.add_paragraph().add_run(text).italic = True
        document.add_paragraph("Geacht college,")
        assert BlockKind.QUOTE not in [kind for _, kind in kinds(word(document))]

    @pytest.mark.parametrize("name", ["Quotations", "Citaat", "Blokcitaat"])
    def test_a_style_of_opendocument(self, name: str) -> None:
        styled = FLAT_ODT.replace(
            '<text:list-style style:name="L1">',
            f'<style:style style:name="X1" style:family="paragraph" style:parent-style-name="X0"/>'
            f'<style:style style:name="X0" style:display-name="{name}" style:family="paragraph"/><text:list-style style:name="L1">',
        ).replace(f"<text:p>{SENTENCE}", f'<text:p text:style-name="X1">{SENTENCE}')
        expected = BlockKind.PARAGRAPH if name == "Blokcitaat" else BlockKind.QUOTE
        assert (SENTENCE, expected) in kinds(styled.encode())


class TestOpenDocument:
    def test_headings_lists_tables_and_notes(self) -> None:
        found = kinds(odt())
        assert (SENTENCE, BlockKind.PARAGRAPH) in found
        assert ("Datum 3 maart 2020", BlockKind.PARAGRAPH) in found
        assert found[-1] == ("De noot zelf.", BlockKind.NOTE)
        assert [kind for text, kind in found if text.endswith("Ons advies")] == [BlockKind.HEADING]

    def test_deleted_text_comments_and_boxes(self) -> None:
        body = (
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>Geschrapt.</text:p></text:deletion>"
            '</text:changed-region></text:tracked-changes><text:p>Geacht<text:s text:c="2"/>college,<text:line-break/>'
            "<office:annotation><text:p>Opmerking.</text:p></office:annotation>beste leden"
            '<draw:frame xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"><draw:text-box>'
            "<text:p>Kader.</text:p></draw:text-box></draw:frame></text:p>"
        )
        data = FLAT_ODT.replace("<office:text>", f"<office:text>{body}").encode()
        assert [block.text for block in blocks(data)][:3] == ["Geacht college,", "beste leden", "Kader."]

    @pytest.mark.parametrize(
        "drawn",
        [
            "<draw:custom-shape><text:p>Kader.</text:p></draw:custom-shape>",
            "<draw:frame><draw:text-box><text:p>Kader.</text:p></draw:text-box></draw:frame>",
            "<text:span><draw:g><draw:rect><text:p>Kader.</text:p></draw:rect></draw:g></text:span>",
        ],
    )
    def test_words_in_shapes_follow_their_paragraph(self, drawn: str) -> None:
        named = FLAT_ODT.replace(
            "xmlns:fo=", 'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:fo='
        )
        data = named.replace(SENTENCE, f"Voor{drawn} na.").encode()
        assert [block.text for block in blocks(data)][1:3] == ["Voor na.", "Kader."]

    def test_a_locked_document(self) -> None:
        manifest = b'<manifest:manifest xmlns:manifest="x"><manifest:encryption-data/></manifest:manifest>'
        files = {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": manifest,
            "content.xml": b"x",
        }
        with pytest.raises(UnreadableFile, match="wachtwoord"):
            read_file("brief.odt", zipped(files))


def test_text_boxes_follow_the_paragraph_they_hang_on(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("HIER")
    document.add_paragraph(SENTENCE)
    source = tmp_path / "brief.docx"
    source.write_bytes(with_xml(word(document), "HIER", DRAWN))
    assert [block.text for block in blocks(source.read_bytes())] == ["In een kader staat dit.", SENTENCE]


@pytest.mark.parametrize("form", ["docx", "odt", "rtf"])
def test_first_pages_changes_and_hidden_words(tmp_path: Path, form: str) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Vervolgblad van de cliëntenraad"
    document.sections[0].different_first_page_header_footer = True
    document.sections[0].first_page_header.paragraphs[0].text = "Cliëntenraad Zeeuwse Eilanden"
    document.sections[0].footer.paragraphs[0].text = "Postbus 1, Voorbeeld"
    document.add_paragraph("Een advies", style="Title")
    document.add_paragraph("HIER")
    document.add_paragraph().add_run("Dit is verborgen.").font.hidden = True
    change = (
        '<w:p><w:r><w:t xml:space="preserve">Wij zijn </w:t></w:r><w:del w:id="1" w:author="a"><w:r><w:delText xml:space="preserve">niet </w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="a"><w:r><w:t xml:space="preserve">zeker </w:t></w:r></w:ins><w:r><w:t xml:space="preserve">van mening.</w:t></w:r></w:p>'
    )
    source = tmp_path / "bron.docx"
    source.write_bytes(with_xml(word(document), "HIER", change))
    data = source.read_bytes() if form == "docx" else converted(source, form).read_bytes()
    assert kinds(data) == [
        ("Cliëntenraad Zeeuwse Eilanden", BlockKind.PARAGRAPH),
        ("Vervolgblad van de cliëntenraad", BlockKind.PARAGRAPH),
        ("Een advies", BlockKind.HEADING),
        ("Wij zijn zeker van mening.", BlockKind.PARAGRAPH),
    ]


@pytest.mark.parametrize("form", ["docx", "odt", "rtf", "html"])
def test_footnotes_come_after_the_text(tmp_path: Path, form: str) -> None:
    source = tmp_path / "bron.fodt"
    note = (
        '<text:note text:id="n1" text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>'
        "<text:p>Rekenkamer, Zicht op schuldhulp.</text:p></text:note-body></text:note>"
    )
    source.write_text(
        FLAT_ODT.replace(SENTENCE, f"Wij lazen het rapport{note} met aandacht.{'</text:p><text:p>'}{SENTENCE}")
    )
    found = kinds(converted(source, form).read_bytes())
    assert ("Wij lazen het rapport met aandacht.", BlockKind.PARAGRAPH) in found
    assert found[-1] == ("Rekenkamer, Zicht op schuldhulp.", BlockKind.NOTE)


class TestRtf:
    @pytest.mark.parametrize(
        ("rtf", "text"),
        [
            (rb"{\rtf1\ansi\ansicpg1252 Cli\'ebnt \'80 5}", "Cliënt € 5"),
            (rb"{\rtf1\ansi\ansicpg1250{\fonttbl{\f0\fcharset238 Arial;}}\f0 \'9aest}", "šest"),
            (rb"{\rtf1\uc1 Caf\u233?, zo\u8217\'92n}", "Café, zo’n"),
            (rb"{\rtf1\uc2 Caf\u233\'c3\'a9!}", "Café!"),
            (rb"{\rtf1\u-10179?\u-8704?tekst}", "😀tekst"),
            ("{\\rtf1 Café in UTF-8}".encode(), "Café in UTF-8"),
            (b"{\\rtf1\\ansi Caf\xe9 in Windows}", "Café in Windows"),
            (b"{\\rtf1\\mac Caf\\'8e}", "Café"),
            (
                rb"{\rtf1 Zie {\field{\*\fldinst HYPERLINK \"http://example.org\"}{\fldrslt onze site}}.}",
                "Zie onze site.",
            ),
            (rb"{\rtf1 Voor {\v verborgen }{\deleted geschrapt }na.{\pict\bin4 }}}{ }", "Voor na."),
            (rb"{\rtf1\pard a\~b\_c \{d\} \\ e\par}", "a b‑c {d} \\ e"),
        ],
    )
    def test_letters_in_every_encoding(self, rtf: bytes, text: str) -> None:
        assert [block.text for block in blocks(rtf)] == [text]

    def test_headers_notes_and_boxes_stand_where_they_belong(self) -> None:
        rtf = (
            rb"{\rtf1{\footer Pagina 1}Tekst een.{\footnote Noot.}{\shp{\*\shpinst{\shptxt Kader.\par}}}\par Tekst twee."
            rb"{\header Briefhoofd\par}\par}"
        )
        assert [block.text for block in blocks(rtf)] == ["Briefhoofd", "Tekst een.", "Kader.", "Tekst twee.", "Noot."]

    def test_italics_over_groups_and_paragraphs(self) -> None:
        rtf = f"{{\\rtf1 {SENTENCE}\\par \\i {QUOTED}\\par \\i0 {SENTENCE}\\par{{\\i {QUOTED}}}\\par}}".encode()
        assert [kind for _, kind in kinds(rtf)] == [BlockKind.PARAGRAPH, BlockKind.QUOTE] * 2


class TestTraps:
    LAUGHS = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "haha">'
        + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(12))
        + "]>"
    )

    @pytest.mark.parametrize("entity", ["&m;", '<!ENTITY f SYSTEM "file:///etc/passwd">'])
    def test_entities_are_refused(self, entity: str) -> None:
        head = self.LAUGHS if entity == "&m;" else f"<?xml version='1.0'?><!DOCTYPE x [{entity}]>"
        used = "&m;" if entity == "&m;" else "&f;"
        text = FLAT_ODT.split("?>", 1)[1].replace(SENTENCE, used)
        with pytest.raises(UnreadableFile):
            read_file("brief.fodt", (head + text).encode())
        part = f'{head}<w:document xmlns:w="x"><w:body>{used}</w:body></w:document>'
        with pytest.raises(UnreadableFile, match="beschadigd"):
            read_file("brief.docx", zipped({"word/document.xml": part.encode()}))

    @pytest.mark.parametrize("part", ["content.xml", "styles.xml"])
    def test_an_opendocument_that_unpacks_without_end(self, part: str) -> None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(odt())) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
            for entry in old.infolist():
                if entry.filename != part:
                    new.writestr(entry, old.read(entry))
            with new.open(part, "w") as trap:
                for _ in range(100):
                    trap.write(b" " * 1_000_000)
        with pytest.raises(UnreadableFile, match="te groot"):
            read_file("brief.odt", buffer.getvalue())


def test_a_style_that_rests_on_itself() -> None:
    document = docx.Document()
    style = document.styles["Quote"]
    style.element.find(qn("w:basedOn")).set(qn("w:val"), style.style_id)
    document.add_paragraph(QUOTED, style="Quote")
    assert kinds(word(document)) == [(QUOTED, BlockKind.QUOTE)]
