"""What a secretary says of the letters in manifest.csv."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.letter_builder import letter_of
from ingest.manifest.table import Manifest, amend, manifest_csv, read_manifest
from ingest.readers.registry import read_file
from tests.ingest.documents import advice
from tests.ingest.metadata.test_extract import made
from tests.tables import assert_table
from vectorstore.letters import DateBasis, Kind, Letter, Precision, Signatory, Voice

HERE = Path(__file__).parent


HEADER = "bestand;kenmerk;uw kenmerk;datum;onderwerp;soort;auteur;afzender;geadresseerde;cc;ondertekenaars;stem"


def manifest(*rows: str, header: str = HEADER) -> Manifest:
    return read_manifest("\n".join([header, *rows]).encode())


def given_by(cell: str, column: str, letter: Letter | None = None) -> Letter:
    found = manifest(f'x.txt;"{cell}"', header=f"bestand;{column}")
    assert found.problems == ()
    return amend(letter or made(advice()), found.row("x.txt"))


class TestReading:
    def test_every_column(self) -> None:
        given = manifest(
            'x.txt;CRA 1;SD/2;3 mei 2019;Taaleis;brief;college;Gemeente X;de raad;"A; B";"An Bos (griffier); Jo de Wit";raad'
        )
        letter = amend(made(advice()), given.row("x.txt"))
        assert (letter.reference, letter.your_reference, letter.subject) == ("CRA 1", "SD/2", "Taaleis")
        assert (letter.date, letter.date_basis) == (dt.date(2019, 5, 3), DateBasis.MANIFEST)
        assert (letter.kind, letter.author, letter.voice) == (Kind.LETTER, Voice.EXECUTIVE, Voice.COUNCIL)
        assert (letter.sender, letter.addressee, letter.copies) == ("Gemeente X", "de raad", ("A", "B"))
        assert letter.signatories == (Signatory("An Bos", "griffier"), Signatory("Jo de Wit"))
        assert set(letter.manifest) == {
            "reference", "your_reference", "date", "subject", "kind", "author", "sender", "addressee", "copies",
            "signatories", "voice",
        }  # fmt: skip

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
    def test_the_ways_spreadsheets_save_it(self, encoding: str) -> None:
        rows = [["Onderwerp", "File"], ["Reïntegratie, werk; scholing", "x.txt"], ["", ""], ["Geld", "y.txt"]]
        for separator, end in itertools.product(",;\t", ("\n", "\r\n")):
            file = io.StringIO()
            csv.writer(file, delimiter=separator, lineterminator=end).writerows(rows)
            found = read_manifest(file.getvalue().encode(encoding))
            assert (found.problems, dict(found.row("x.txt"))) == ((), {"subject": "Reïntegratie, werk; scholing"})
            assert dict(found.row("y.txt")) == {"subject": "Geld"}

    def test_the_line_in_which_excel_names_the_separator(self) -> None:
        assert dict(read_manifest(b"sep=;\r\nbestand;kenmerk\r\nx.txt;A 1\r\n").row("x.txt")) == {"reference": "A 1"}

    @pytest.mark.parametrize(
        ("written", "asked"),
        [
            ("map\\brief.pdf", "map/brief.pdf"),
            ("./map/brief.pdf", "map/brief.pdf"),
            ("Map/Brief.PDF", "map/brief.pdf"),
            ("cliëntenraad.txt", "clie\u0308ntenraad.txt"),
            (" brief.txt ", "brief.txt"),
        ],
    )
    def test_the_same_file(self, written: str, asked: str) -> None:
        assert manifest(f"{written};A 1").row(asked)["reference"] == "A 1"

    def test_capitals_matter_where_two_files_differ_in_them(self) -> None:
        found = manifest("a.txt;1", "A.txt;2")
        assert [found.row(name).get("reference") for name in ("a.txt", "A.txt", "b.txt")] == ["1", "2", None]

    def test_what_a_cell_says(self) -> None:
        def is_read(column: str, cell: str, value: str) -> bool:
            letter = given_by(cell, column, made(advice(date="2 mei 2018")))
            if column == "datum":
                return letter.date_basis is DateBasis.MANIFEST and f"{letter.date} {letter.date_precision}" == value
            return letter.kind == value if column == "soort" else letter.author == letter.voice == value

        assert_table(HERE / "cells.tsv", is_read)

    @pytest.mark.parametrize("cell", ["onbekend", "-", "Onbekend"])
    def test_a_date_may_be_taken_away(self, cell: str) -> None:
        letter = given_by(cell, "date")
        assert (letter.date, letter.date_basis, letter.manifest) == (None, DateBasis.UNKNOWN, ("date",))

    @pytest.mark.parametrize("column", ["kenmerk", "uw kenmerk", "onderwerp", "afzender", "geadresseerde"])
    def test_nothing_is_nothing(self, column: str) -> None:
        assert given_by("-", column).manifest != ()

    def test_a_summary_keeps_the_voice_that_was_read(self) -> None:
        summary = replace(made(advice()), kind=Kind.SUMMARY, voice=Voice.EXECUTIVE, author=Voice.UNKNOWN)
        letter = given_by("raad", "auteur", summary)
        assert (letter.author, letter.voice) == (Voice.COUNCIL, Voice.EXECUTIVE)

    @pytest.mark.parametrize(("cell", "other"), [("college", Voice.COUNCIL), ("raad", Voice.EXECUTIVE)])
    def test_the_voice_of_quotations_follows_the_author_that_the_manifest_gives(self, cell: str, other: Voice) -> None:
        text = (
            "Geachte mevrouw,\n\nU schrijft: “De wachttijden voor de schuldhulp zijn veel te lang.” Dat klopt.\n\nGroet"
        )
        blocks = read_file("x.txt", text.encode()).blocks
        letter, _ = letter_of(blocks, identifier="x", source="x.txt", sha256="", stated={"author": cell})
        assert [utterance.voice for utterance in letter.utterances] == [other]

    def test_an_empty_cell_leaves_what_is_read(self) -> None:
        letter = made(advice())
        assert amend(letter, manifest("x.txt;;;;;;;;;;;").row("x.txt")) is letter
        assert amend(letter, manifest("y.txt;A 1").row("x.txt")) is letter


class TestProblems:
    def test_each_problem_is_told_with_its_line(self) -> None:
        def is_told(text: str, says: str) -> bool:
            (problem,) = read_manifest(text.encode()).problems
            return says in problem and problem.endswith(".")

        assert_table(HERE / "problems.tsv", is_told)

    def test_the_rest_is_used(self) -> None:
        found = manifest("x.txt;;;gisteren;Taaleis;gedicht", "", "y.txt;A 1")
        assert len(found.problems) == 2
        assert (dict(found.row("x.txt")), dict(found.row("y.txt"))) == ({"subject": "Taaleis"}, {"reference": "A 1"})

    def test_files_that_are_not_there(self) -> None:
        found = manifest("map\\x.txt;A 1", "weg.pdf;B 2")
        assert len(found.missing(["Map/X.txt", "ander.txt"])) == 1
        assert "regel 3: het bestand “weg.pdf” is er niet" in found.missing(["map/x.txt"])[0]

    @given(st.binary(max_size=300))
    def test_any_bytes_are_read_or_told(self, data: bytes) -> None:
        found = read_manifest(data)
        assert found.rows or found.problems or not found.row("x")

    @given(st.lists(st.text(alphabet=st.sampled_from("abestandum;,\t\"'-=\n20 "), max_size=40), max_size=6))
    def test_any_rows_are_read_or_told(self, rows: list[str]) -> None:
        letter = amend(made(advice()), manifest(*rows).row("a"))
        assert letter.text == made(advice()).text


WORDS = st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=30).map(
    lambda text: " ".join(text.split())
)
CELLS = WORDS.filter(bool)
COMPUTED = (
    "=1+1.txt",
    "+31.txt",
    "-20.txt",
    "@x.txt",
    "\t=1.txt",
    "\r=1.txt",
    "'=1.txt",
    "''@x.txt",
    "-",
    "=map/x.txt",
)
"""Names that a spreadsheet takes for formulas, or that look as if they were kept from it."""

DATES = st.one_of(
    st.tuples(st.none(), st.just(Precision.DAY), st.just(DateBasis.UNKNOWN)),
    st.tuples(
        st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)),
        st.sampled_from(Precision),
        st.sampled_from([DateBasis.STATED, DateBasis.INFERRED, DateBasis.FILE]),
    ).map(lambda found: (_first_day(*found[:2]), *found[1:])),
)


def _first_day(date: dt.date, precision: Precision) -> dt.date:
    if precision is Precision.DAY:
        return date
    return date.replace(day=1) if precision is Precision.MONTH else date.replace(month=1, day=1)


@st.composite
def letters(draw: st.DrawFn) -> Letter:
    date, precision, basis = draw(DATES)
    return Letter(
        id="x",
        text="Geacht college",
        source=draw(st.sampled_from(["x.txt", "map/brief; een.pdf", '"y".txt', "mail.eml/bijlage.pdf", *COMPUTED])),
        sha256="",
        kind=draw(st.sampled_from(Kind)),
        reference=draw(st.none() | CELLS),
        your_reference=draw(st.none() | CELLS),
        date=date,
        date_basis=basis,
        filed=date if basis is DateBasis.FILE else None,
        date_precision=precision,
        subject=draw(st.none() | CELLS | st.sampled_from(["-", "=1+1", "'=1", "'s-Gravenhage", "@x", "+31", "-5"])),
        author=draw(st.sampled_from(Voice)),
        sender=draw(st.none() | CELLS),
        addressee=draw(st.none() | CELLS),
        copies=tuple(draw(st.lists(CELLS, max_size=3))),
        signatories=tuple(draw(st.lists(st.builds(Signatory, CELLS, st.none() | CELLS), max_size=3))),
        voice=draw(st.sampled_from(Voice)),
    )


class TestWriting:
    @given(letters())
    def test_what_was_read_written_and_read_back_changes_nothing(self, letter: Letter) -> None:
        found = read_manifest(manifest_csv([letter]).encode())
        assert (found.problems, found.missing([letter.source])) == ((), ())
        assert amend(letter, found.row(letter.source)) == letter

    @given(letters(), letters())
    def test_what_a_secretary_gave_is_given_again(self, read: Letter, other: Letter) -> None:
        row = dict(read_manifest(manifest_csv([replace(other, source="x.txt")]).encode()).row("x.txt"))
        given = amend(replace(read, source="x.txt"), row)
        again = read_manifest(manifest_csv([given]).encode()).row("x.txt")
        assert amend(replace(read, source="x.txt"), again) == given

    def test_a_date_that_is_not_the_letters_own_is_left_open(self) -> None:
        letter = replace(made(advice()), date_basis=DateBasis.INFERRED)
        row = read_manifest(manifest_csv([letter]).encode()).row("x.txt")
        assert "date" not in row
        assert row["kind"] == "advies"

    def test_a_spreadsheet_computes_nothing(self) -> None:
        text = manifest_csv([replace(made(advice()), subject='=HYPERLINK("http://x")')])
        cells = next(csv.reader(io.StringIO(text.splitlines()[1]), delimiter=";"))
        assert not any(cell.startswith(("=", "+", "@")) for cell in cells)

    def test_names_that_a_spreadsheet_would_run_are_told_apart(self) -> None:
        named = [replace(made(advice(reference=f"CRV {i}")), source=name) for i, name in enumerate(COMPUTED)]
        text = manifest_csv(named)
        rows = [*csv.reader(io.StringIO(text, newline=""), delimiter=";")][1:]
        assert not [row[0] for row in rows if row[0].startswith(("=", "+", "-", "@", "\t", "\r"))]
        found = read_manifest(text.encode())
        assert found.problems == ()
        assert [found.row(name)["reference"] for name in COMPUTED] == [letter.reference for letter in named]

    @pytest.mark.parametrize("name", ["=1.txt", "-20.txt", "'t Hof.txt", "\t1.txt"])
    def test_a_name_written_by_hand_needs_no_apostrophe(self, name: str) -> None:
        assert manifest(f"{name};A 1").row(name)["reference"] == "A 1"

    def test_dates_and_negative_numbers_are_what_they_were(self) -> None:
        letter = replace(made(advice(date="30 januari 2020")), reference="-12", subject="-5 graden")
        text = manifest_csv([letter])
        assert ";2020-01-30;" in text
        row = read_manifest(text.encode()).row("x.txt")
        assert [amend(made(advice()), row).reference, amend(made(advice()), row).subject] == ["-12", "-5 graden"]
        assert amend(made(advice()), {"reference": "-12"}).reference == "-12"

    def test_excel_knows_the_encoding(self) -> None:
        assert manifest_csv([]).startswith("\ufeffbestand;kenmerk;")
