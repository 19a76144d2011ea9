"""What is layout goes, the words of the letter stay as they are."""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given

from ingest.readers.document import Block, BlockKind
from ingest.readers.layout.cleaning import join_words, repair
from ingest.readers.text import read_text
from tests.ingest.strategies import Layout, layouts, texts
from tests.tables import assert_table

HERE = Path(__file__).parent


def read(text: str) -> list[Block]:
    return read_text(text.encode())


def lines_of(text: str) -> list[str]:
    return [block.text for block in read(text)]


def words_of(text: str) -> list[str]:
    return " ".join(lines_of(text)).split()


LONG = (
    "Wij vinden dat de scholings- en ontwikkelingsmogelijkheden voor werkzoekenden te klein zijn, en dat de gemeente"
    " daar meer aan moet doen dan nu gebeurt. Het college heeft dat eerder ook zelf gezegd, maar daarna is er niets gebeurd."
)

HALVES = LONG[: LONG.index(" daar meer")], LONG[LONG.index("daar meer") :]


@given(texts, layouts)
def test_no_word_is_lost_or_changed_whatever_the_layout(text: list[str], layout: Layout) -> None:
    assert words_of(layout.apply(text)) == " ".join(text).split()


@given(texts)
def test_wrapping_gives_back_the_paragraphs(text: list[str]) -> None:
    assert lines_of(Layout(width=70).apply(text)) == text


def test_a_blank_line_between_every_line_is_layout() -> None:
    doubled = Layout(width=60, doubled=True).apply([LONG, LONG.replace("Wij vinden", "Wij menen")])
    assert lines_of(doubled) == [LONG, LONG.replace("Wij vinden", "Wij menen")]


def test_words_broken_over_lines() -> None:
    assert_table(
        HERE / "broken_words.tsv", lambda before, after, joined: join_words(before, after, Counter()) == joined
    )


def test_the_letter_itself_tells_how_a_broken_word_is_written() -> None:
    assert join_words("de digi-", "balie", Counter({"digi-balie": 2})) == "de digi-balie"
    assert join_words("de mee-", "eters", Counter({"meeeters": 2})) == "de meeeters"


def test_a_soft_hyphen_at_the_end_of_a_line_is_no_part_of_the_word() -> None:
    assert lines_of("Wij willen dat werk\u00ad\nzoekenden en cli\u00adënten worden gehoord.") == [
        "Wij willen dat werkzoekenden en cliënten worden gehoord."
    ]


class TestPages:
    def test_a_sentence_over_a_page_break_is_one_paragraph(self) -> None:
        first, second = HALVES
        (block,) = read(f"{first}\n\n\f\n{second}\n")
        assert block.text == LONG

    def test_also_when_the_next_page_begins_with_a_capital(self) -> None:
        (block,) = read(
            "Wij hebben daarover de afgelopen maanden herhaaldelijk gesproken met de gemeente\n\f"
            "Groningen en met de andere raden in de provincie, die het met ons eens zijn.\n"
        )
        assert "de gemeente Groningen en" in block.text

    def test_the_page_of_the_second_half_is_known(self) -> None:
        (block,) = read("\n\f".join(HALVES))
        assert block.page == 1
        assert [(block.text[offset:], page) for offset, page in block.breaks] == [(HALVES[1], 2)]

    def test_a_title_at_the_end_of_a_page_stays_a_title(self) -> None:
        title = "De stand van zaken: aantal inwoners met een uitkering"
        second = "Op dit moment staan er 1.870 inwoners ingeschreven, en dat zijn er minder dan een jaar geleden."
        pages = [Layout(width=75).apply([text]).strip() for text in (LONG, second)]
        assert lines_of(f"{pages[0]}\n\n{title}\n\f{pages[1]}\n") == [LONG, title, second]

    @pytest.mark.parametrize("number", ["Pagina {} van 3", "- {} -", "{}/3", "blad {}", "{}"])
    def test_page_numbers_go(self, number: str) -> None:
        pages = [f"{LONG.replace('Wij', f'Wij {page}de')}\n\n{number.format(page)}\n" for page in (1, 2, 3)]
        assert [len(line) > 50 for line in lines_of("\f".join(pages))] == [True] * 3

    def test_a_letterhead_stays_once_and_footers_do_not_break_sentences(self) -> None:
        header, footer = "Cliëntenraad Voorbeeld", "Postbus 1, Voorbeeld - CRV 2020-01"
        halves = LONG.split(" ")
        pages = [
            f"{header}\n\n{' '.join(part)}\n\n{footer}\nPagina {number}\n"
            for number, part in enumerate((halves[:15], halves[15:28], halves[28:]), 1)
        ]
        assert lines_of("\f".join(pages)) == [header, LONG, footer]

    def test_headers_and_footers_go_from_a_text_without_marked_pages(self) -> None:
        words = (LONG + " ") * 12
        parts = [words.split()[i::1][:110] for i in (0, 110, 220)]
        body = [Layout(width=70).apply([" ".join(part)]).strip() for part in parts]
        text = "\n".join(
            f"{part}\n\nCRV 2020-01 - Advies over werk {i}/3\n\nCliëntenraad Voorbeeld\n"
            for i, part in enumerate(body, 1)
        )
        assert " ".join(" ".join(part) for part in parts) in " ".join(lines_of(text))

    def test_what_is_repeated_in_the_letter_itself_stays(self) -> None:
        text = "\n\n".join(f"Ons advies\n\n{LONG} Dit is punt {number}." for number in range(5))
        assert lines_of(text).count("Ons advies") == 5

    def test_the_numbers_of_a_table_stay(self) -> None:
        assert lines_of("Alleenstaande\n\n225\n\nGehuwden\n\n325\n\nKinderen\n\n12\n") == [
            "Alleenstaande",
            "225",
            "Gehuwden",
            "325",
            "Kinderen",
            "12",
        ]

    def test_rows_that_differ_in_their_numbers_are_no_footers(self) -> None:
        pages = "\f".join(f"{LONG}\n\nToeslag {amount} euro" for amount in (225, 290, 325))
        assert [line for line in lines_of(pages) if line.startswith("Toeslag")] == [
            "Toeslag 225 euro",
            "Toeslag 290 euro",
            "Toeslag 325 euro",
        ]


class TestCharacters:
    @pytest.mark.parametrize(
        ("broken", "whole"),
        [
            ("de\u00a0raad\u2009en\u202fu", "de raad en u"),
            ("ar\u200bmoe\ufeffde\u2060val", "armoedeval"),
            ("ge\u00adme\u00adente", "gemeente"),
            ("de ﬁnanciële eﬀecten", "de financiële effecten"),
            ("de regel\v de volgende", "de regel\n de volgende"),
            ("â€œwij vindenâ€\x9d dat cliÃ«nten", "“wij vinden” dat cliënten"),
            ("\x93wij vinden\x94 zo\x92n", "“wij vinden” zo’n"),
        ],
    )
    def test_damage_is_repaired(self, broken: str, whole: str) -> None:
        assert repair(broken) == whole

    def test_decomposed_accents_become_whole(self) -> None:
        assert repair(unicodedata.normalize("NFD", "één cliënt vóór Açıkgöz")) == "één cliënt vóór Açıkgöz"

    def test_quotes_and_dashes_stay_as_the_letter_has_them(self) -> None:
        text = "“Wij” – zei „zij” ‘niet’ zo’n 'recht' \"recht\" — en… ½ €5 m² n°"
        assert repair(text) == text

    def test_html_in_a_letter_is_text(self) -> None:
        text = "De melding luidt: FOUT: <b>413</b> <img src=x onerror=alert(1)> &amp; verder niets."
        assert lines_of(text) == [text]

    def test_bullets_of_a_symbol_font_are_items(self) -> None:
        blocks = read("Wij adviseren u:\n\uf0b7 de regel te schrappen;\n\uf0b7 de termijn te verlengen.\n")
        assert [block.kind for block in blocks[1:]] == [BlockKind.ITEM] * 2
        assert blocks[1].text.split(maxsplit=1)[1] == "de regel te schrappen;"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
    def test_encodings(self, encoding: str) -> None:
        text = (
            "Geachte cliëntenraad,\r\n\r\n“Wij vinden het beleid één stap te ver”, aldus het college. Dat kost € 225."
        )
        assert [block.text for block in read_text(text.encode(encoding))] == [
            line for line in text.split("\r\n") if line
        ]


class TestParagraphs:
    def test_the_lines_of_an_address_stand_apart(self) -> None:
        head = [
            "Cliëntenraad Werk & Inkomen",
            "gemeente Oevermeer",
            "Aan het college van burgemeester en wethouders van Oevermeer",
            "t.a.v. mevrouw T. Kuipers-Lont, wethouder Werk en Inkomen",
            "Oevermeer, 18 november 2014",
            "Ons kenmerk: CWI 2014-03",
            "Onderwerp: Advies over de verordening Tegenprestatie",
            "Geacht college, geachte mevrouw Kuipers,",
        ]
        text = "\n".join(head) + "\n" + Layout(width=85).apply([LONG])
        assert lines_of(text)[: len(head)] == head
        assert lines_of(Layout(width=999, doubled=True).apply([]) + text.replace("\n", "\n\n"))[: len(head)] == head

    def test_those_who_sign_stand_apart(self) -> None:
        end = ["Met vriendelijke groet,", "Samira el Idrissi", "voorzitter Cliëntenraad Werk & Inkomen"]
        assert lines_of(f"{Layout(width=60).apply([LONG])}\n" + "\n".join(end))[-3:] == end

    def test_a_title_right_on_top_of_its_paragraph_is_a_heading(self) -> None:
        text = (
            Layout(width=75).apply([LONG]).strip()
            + "\nGeld\n"
            + Layout(width=75).apply(["Voor het armoedebeleid is er jaarlijks " + LONG])
        )
        assert [block.text for block in read(text) if block.kind is BlockKind.HEADING] == ["Geld"]

    def test_headings(self) -> None:
        def is_known(line: str, heading: str) -> bool:
            blocks = read(f"{LONG}\n\n{line}\n\n{LONG}\n")
            found = [block.text for block in blocks if block.kind is BlockKind.HEADING]
            return found == ([line] if heading == "yes" else [])

        assert_table(HERE / "headings.tsv", is_known)

    def test_a_text_with_every_paragraph_on_one_line(self) -> None:
        paragraphs = [LONG, LONG.replace("Wij", "Zij"), LONG.replace("Wij", "Ook wij")]
        assert lines_of("\n".join(paragraphs)) == paragraphs
