"""The layout of PDFs with text: columns, addresses, tables, footnotes, italics."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.document import Block, BlockKind
from ingest.readers.pdf.footnotes import separate_notes
from ingest.readers.pdf.layout import PlacedLine, order_lines
from ingest.readers.pdf.lines import Piece
from ingest.readers.pdf.reader import read_pdf
from tests.ingest.documents import converted, pdf

LEFT = [
    "De raad vindt dat werken moet",
    "lonen. Dat hebben wij al eerder",
    "aan het college geschreven, en",
    "het geldt nog altijd.",
]
RIGHT = [
    "Ook de wachttijden zijn ons een",
    "zorg. Wie hulp vraagt bij zijn",
    "schulden wacht nu vier maanden",
    "op een eerste gesprek.",
]
LONG = "Wij lazen het rapport van de rekenkamer over de schuldhulp in onze gemeente met veel aandacht en zorg. " * 3

OFFICE = (
    '<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.3" '
    'office:mimetype="application/vnd.oasis.opendocument.text"><office:automatic-styles>'
    '<style:style style:name="slanted" style:family="paragraph"><style:paragraph-properties fo:margin-bottom="0.4cm"/>'
    '<style:text-properties fo:font-style="italic"/></style:style>'
    '<style:style style:name="plain" style:family="paragraph"><style:paragraph-properties fo:margin-bottom="0.4cm"/></style:style>'
    "</office:automatic-styles><office:body><office:text>{0}</office:text></office:body></office:document>"
)


def typeset(folder: Path, body: str) -> list[Block]:
    """The blocks of a PDF that LibreOffice made of paragraphs in its own XML."""
    source = folder / "brief.fodt"
    source.write_text(OFFICE.format(body), encoding="utf-8")
    return read_pdf(converted(source).read_bytes())


def paragraph(text: str, style: str = "plain") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def note(number: int, text: str) -> str:
    return (
        f'<text:note text:id="n{number}" text:note-class="footnote"><text:note-citation>{number}</text:note-citation>'
        f"<text:note-body><text:p>{text}</text:p></text:note-body></text:note>"
    )


def piece(text: str, left: float, bottom: float) -> Piece:
    return Piece(text, left, left + 5 * len(text), bottom, 11)


def line(text: str, bottom: float) -> PlacedLine:
    return PlacedLine(text, bottom, 11, False)


def order(*lines: list[Piece]) -> list[str]:
    return [line.text for line in order_lines(lines)]


def columns(interleaved: bool, *, shift: float = 0) -> list[list[Piece]]:
    left = [piece(text, 60, 700 - 14 * i) for i, text in enumerate(LEFT)]
    right = [piece(text, 320, 700 - shift - 14 * i) for i, text in enumerate(RIGHT)]
    if not interleaved:
        return [[one] for one in left + right]
    if shift:
        return [[one] for pair in zip(left, right, strict=True) for one in pair]
    return [list(pair) for pair in zip(left, right, strict=True)]


class TestReadingOrder:
    @pytest.mark.parametrize("interleaved", [True, False])
    @pytest.mark.parametrize("shift", [0, 2])
    def test_columns_are_read_one_after_the_other(self, interleaved: bool, shift: float) -> None:
        assert order(*columns(interleaved, shift=shift)) == LEFT + RIGHT

    def test_a_title_over_two_columns_comes_first_and_what_is_under_them_last(self) -> None:
        title, foot = (
            piece("Nieuwsbrief van de cliëntenraad over werk, inkomen en schulden", 100, 740),
            "Tot de volgende keer!",
        )
        assert order([title], *columns(True), [piece(foot, 60, 600)]) == [title.text, *LEFT, *RIGHT, foot]

    def test_columns_whose_lines_are_not_level_keep_the_order_in_which_they_were_written(self) -> None:
        title = [piece("Advies over de inloop", 60, 740)]
        left = [[piece(text, 60, 700 - 14 * i)] for i, text in enumerate(LEFT * 2)]
        right = [[piece(text, 320, 703 - 17 * i)] for i, text in enumerate(RIGHT)]
        assert order(title, *left, *right) == ["Advies over de inloop", *LEFT, *LEFT, *RIGHT]

    def test_three_columns(self) -> None:
        lines = [
            [
                piece(f"{word} regel nummer {i}", left, 700 - 14 * i)
                for word, left in (("een", 50), ("twee", 220), ("drie", 400))
            ]
            for i in range(4)
        ]
        assert order(*lines) == [f"{word} regel nummer {i}" for word in ("een", "twee", "drie") for i in range(4)]

    def test_the_address_and_the_letterhead_beside_it(self) -> None:
        address, head = ["Aan het college", "Postbus 12", "1234 AB Zuiderwijk"], ["Adviesraad Wmo", "Stationsplein"]
        lines = [
            [piece(a, 60, 780 - 14 * i), piece(b, 350, 780 - 14 * i)]
            for i, (a, b) in enumerate(zip(address, head, strict=False))
        ]
        lines += [[piece(address[2], 60, 752)], [piece("Geacht college,", 60, 700)]]
        assert order(*lines) == [*address, *head, "Geacht college,"]

    def test_labels_stay_with_their_facts(self) -> None:
        facts = [("Datum", "12 maart 2015"), ("Ons kenmerk", "CRV 2015-02"), ("Onderwerp", "Advies over de toeslag")]
        labels = [[piece(label, 60, 700 - 14 * i)] for i, (label, _) in enumerate(facts)]
        values = [[piece(fact, 200, 700 - 14 * i)] for i, (_, fact) in enumerate(facts)]
        assert order(*labels, *values) == [f"{label}  {fact}" for label, fact in facts]

    def test_a_table_is_read_row_by_row(self) -> None:
        rows = [("Alleenstaande", "€ 225"), ("Alleenstaande ouder", "€ 310"), ("Gehuwden", "€ 415")]
        lines = [[piece(name, 60, 500 - 14 * i), piece(sum_, 300, 500 - 14 * i)] for i, (name, sum_) in enumerate(rows)]
        assert order(*lines) == [f"{name}  {sum_}" for name, sum_ in rows]

    def test_those_who_sign_side_by_side_keep_their_office(self) -> None:
        lines = [[piece("Hoogachtend,", 60, 300)]]
        lines += [
            [piece(one, 60, y), piece(other, 300, y)]
            for one, other, y in (("burgemeester,", "secretaris,", 272), ("A. Jansen", "B. Pietersen", 258))
        ]
        assert order(*lines) == ["Hoogachtend,", "burgemeester,", "A. Jansen", "secretaris,", "B. Pietersen"]

    def test_what_was_written_in_order_stays_so(self) -> None:
        lines = [[piece(text, 60, 300 + 14 * i)] for i, text in enumerate(LEFT)]
        assert order(*lines) == LEFT

    @given(
        st.lists(
            st.lists(
                st.builds(piece, st.text("ab ", min_size=1, max_size=30), st.floats(0, 500), st.floats(0, 800)),
                min_size=1,
                max_size=4,
            ),
            max_size=25,
        )
    )
    def test_nothing_is_lost_or_read_twice(self, lines: list[list[Piece]]) -> None:
        written = sorted("".join(one.text for line in lines for one in line).replace(" ", ""))
        assert sorted("".join(order(*lines)).replace(" ", "")) == written


class TestFootnotes:
    def test_come_after_the_letter_and_leave_its_sentences_whole(self, tmp_path: Path) -> None:
        text = LONG * 7
        first = paragraph(text.strip()[:-1] + note(1, "Rekenkamer, Zicht op schuldhulp, 2018.") + ".")
        second = paragraph("Dat leidt tot vragen" + note(2, "Zie ook onze brief van 3 mei.") + " aan het college.")
        blocks = typeset(tmp_path, first + paragraph(text.strip()) + second)
        assert [block.text for block in blocks if block.kind is BlockKind.NOTE] == [
            "1 Rekenkamer, Zicht op schuldhulp, 2018.",
            "2 Zie ook onze brief van 3 mei.",
        ]
        body = [block.text for block in blocks if block.kind is not BlockKind.NOTE]
        assert body == [text.strip()[:-1] + " ¹.", text.strip(), "Dat leidt tot vragen ² aan het college."]
        assert blocks[-1].kind is BlockKind.NOTE

    def test_may_be_of_the_size_of_the_letter(self) -> None:
        body = [line(f"{text} ²" if i == 3 else text, 700 - 14 * i) for i, text in enumerate(LEFT * 2)]
        rest, notes = separate_notes([*body, line("2Zie ook onze brief.", 40)], 11)
        assert (rest, notes) == (body, ["2 Zie ook onze brief."])
        listed = [*body, line("2 nieuwe banen", 560)]
        assert separate_notes(listed, 11) == (listed, [])

    def test_a_number_after_a_word_is_no_note(self) -> None:
        lines = ["Geacht college,", "", "Wij lazen artikel 7 en bijlage B2, versie3, met aandacht en met zorg."]
        assert read_pdf(pdf([lines]))[-1].text == lines[-1]


def test_the_items_of_a_list_keep_their_marks(tmp_path: Path) -> None:
    items = "".join(f"<text:p>•<text:tab/>{LONG[:95]} punt {i};</text:p>" for i in range(4))
    assert [block.text[:5] for block in typeset(tmp_path, items)] == ["• Wij"] * 4


class TestItalics:
    QUOTE = "Er is geen geld voor deze regeling, en de gemeente wacht eerst op het Rijk."

    def test_a_paragraph_in_italics_is_a_quotation(self, tmp_path: Path) -> None:
        body = (
            paragraph("Het college schrijft:") + paragraph(self.QUOTE, "slanted") + paragraph(f"Jammer. {LONG.strip()}")
        )
        kinds = {block.text: block.kind for block in typeset(tmp_path, body)}
        assert kinds[self.QUOTE] is BlockKind.QUOTE
        assert list(kinds.values()).count(BlockKind.QUOTE) == 1

    def test_a_letter_that_is_all_in_italics_quotes_nothing(self, tmp_path: Path) -> None:
        body = paragraph("Geacht college,") + paragraph(self.QUOTE, "slanted") + paragraph(LONG.strip(), "slanted")
        assert BlockKind.QUOTE not in {block.kind for block in typeset(tmp_path, body)}

    def test_the_small_print_under_the_signature_is_no_quotation(self, tmp_path: Path) -> None:
        body = (
            paragraph(LONG.strip())
            + paragraph("Met vriendelijke groet,")
            + paragraph("Deze brief is niet ondertekend maar geldig.", "slanted")
        )
        assert BlockKind.QUOTE not in {block.kind for block in typeset(tmp_path, body)}
