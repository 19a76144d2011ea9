"""HTML pages, as letters were published on sites and saved by programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.readers.document import BlockKind
from ingest.readers.registry import read_file
from tests.ingest.seeds import HTML, QUOTED, SENTENCE
from tests.tables import assert_table
from vectorstore.errors import UnreadableFile

HERE = Path(__file__).parent


def kinds(html: str | bytes) -> list[tuple[str, BlockKind]]:
    data = html.encode() if isinstance(html, str) else html
    return [(block.text, block.kind) for block in read_file("brief", data).blocks]


def laid_out(html: str) -> str:
    blocks = read_file("brief", html.encode()).blocks
    return "".join(("" if not i else "\n" if block.tight else "\n\n") + block.text for i, block in enumerate(blocks))


def test_everything_in_its_order() -> None:
    assert kinds(HTML) == [
        ("Cliëntenraad Voorbeeld", BlockKind.PARAGRAPH),
        ("Ons advies", BlockKind.HEADING),
        (SENTENCE, BlockKind.PARAGRAPH),
        ("Voorbeeld", BlockKind.PARAGRAPH),
        ("Datum 3 maart 2020", BlockKind.PARAGRAPH),
        ("Ons kenmerk: CRV 2020-3", BlockKind.PARAGRAPH),
        ("b. een", BlockKind.ITEM),
        ("c. twee", BlockKind.ITEM),
        ("- dieper", BlockKind.ITEM),
        (QUOTED, BlockKind.QUOTE),
        (QUOTED, BlockKind.QUOTE),
    ]


def test_paragraphs_and_lines() -> None:
    assert_table(
        HERE / "laid_out.tsv",
        lambda html, text: laid_out(html if html.startswith("<html") else f"<html><body>{html}</body></html>") == text,
    )


def test_what_is_not_shown_is_left_out() -> None:
    assert_table(
        HERE / "hidden.tsv",
        lambda hidden: (
            kinds(f"<html><body>{hidden}<p>{SENTENCE}</p>{hidden}</body></html>") == [(SENTENCE, BlockKind.PARAGRAPH)]
        ),
    )


@pytest.mark.parametrize(
    "html",
    [
        f"<p><em>{QUOTED}</em></p>",
        f"<p style='font-style:italic'>{QUOTED}</p>",
        f"<blockquote>{QUOTED}</blockquote>",
        f"<blockquote><p>{QUOTED}</p></blockquote>",
        f"<p><span style='font-style: italic'>Het college ziet geen</span><i>{QUOTED[21:]}</i></p>",
    ],
)
def test_quotations(html: str) -> None:
    found = kinds(f"<html><body><p>{SENTENCE}</p>{html}<p>Geacht college,</p></body></html>")
    assert found == [
        (SENTENCE, BlockKind.PARAGRAPH),
        (QUOTED, BlockKind.QUOTE),
        ("Geacht college,", BlockKind.PARAGRAPH),
    ]


@pytest.mark.parametrize(
    ("html", "encoding"),
    [
        ("<html><head><meta charset=windows-1252></head><p>Cliënt € 5</p>", "cp1252"),
        ("<html><head><meta charset=iso-8859-1></head><p>Cliënt € 5</p>", "cp1252"),
        ("<html><head><meta charset=iso-8859-1></head><p>Cliënt € 5</p>", "utf-8"),
        ("<html><head><meta charset=onzin></head><p>Cliënt € 5</p>", "utf-8"),
        ("<html><p>Cliënt € 5</p>", "utf-8-sig"),
        ("<html><p>Cliënt € 5</p>", "utf-16"),
        ('<?xml version="1.0" encoding="ISO-8859-15"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><p>Cliënt € 5</p></html>', "iso-8859-15"),
    ],
)  # fmt: skip
def test_encodings(html: str, encoding: str) -> None:
    assert kinds(html.encode(encoding)) == [("Cliënt € 5", BlockKind.PARAGRAPH)]


@pytest.mark.parametrize("element", ["div", "b", "font", "blockquote"])
def test_elements_that_are_never_closed(element: str) -> None:
    html = f"<html><script>weg</script>{f'<{element}>' * 3000}{SENTENCE}"
    assert [text for text, _ in kinds(html)] == [SENTENCE]


def test_footnotes_of_word() -> None:
    html = (
        "<html><p>Wij lazen het rapport<a href='#_ftn1' name='_ftnref1'>[1]</a> met aandacht.</p>"
        "<div id=ftn1><p class=MsoFootnoteText><a href='#_ftnref1'>[1]</a> Rekenkamer.</p></div><p>Einde.</p></html>"
    )
    assert kinds(html) == [
        ("Wij lazen het rapport met aandacht.", BlockKind.PARAGRAPH),
        ("Einde.", BlockKind.PARAGRAPH),
        ("Rekenkamer.", BlockKind.NOTE),
    ]


def test_a_table_that_only_places_a_letter_on_the_page() -> None:
    html = f"<table><tr><td>&nbsp;</td><td><p>Geacht college,</p><p>{SENTENCE}</p><p>Einde.</p><p>Groet</p></td></tr></table>"
    assert [text for text, _ in kinds(html)] == ["Geacht college,", SENTENCE, "Einde.", "Groet"]


@pytest.mark.parametrize(
    "xml", ["<?xml version='1.0'?><rss><item>x</item></rss>", "<svg xmlns='x'><text>x</text></svg>"]
)
def test_other_xml_is_no_letter(xml: str) -> None:
    with pytest.raises(UnreadableFile, match="XML"):
        read_file("brief.xml", xml.encode())


def test_text_that_speaks_of_html_is_text() -> None:
    text = f"{SENTENCE} De <p>-knop werkt niet."
    assert kinds(text) == [(text, BlockKind.PARAGRAPH)]
