"""What a secretary says of the letters in manifest.csv."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.making import letter_of
from ingest.manifest import Manifest, amended, manifest_csv, read_manifest
from ingest.readers.registry import read_file
from vectorstore.letters import DateBasis, Kind, Letter, Precision, Signatory, Voice

from .documents import advice
from .test_anatomy import made

HEADER = "bestand;kenmerk;uw kenmerk;datum;onderwerp;soort;auteur;afzender;geadresseerde;cc;ondertekenaars;stem"


def manifest(*rows: str, header: str = HEADER) -> Manifest:
    return read_manifest("\n".join([header, *rows]).encode())


def given_by(cell: str, column: str, letter: Letter | None = None) -> Letter:
    found = manifest(f'x.txt;"{cell}"', header=f"bestand;{column}")
    assert found.problems == ()
    return amended(letter or made(advice()), found.row("x.txt"))


class TestReading:
    def test_every_column(self) -> None:
        given = manifest(
            'x.txt;CRA 1;SD/2;3 mei 2019;Taaleis;brief;college;Gemeente X;de raad;"A; B";"An Bos (griffier); Jo de Wit";raad'
        )
        letter = amended(made(advice()), given.row("x.txt"))
        assert (letter.reference, letter.your_reference, letter.subject) == ("CRA 1", "SD/2", "Taaleis")
        assert (letter.date, letter.date_basis) == (dt.date(2019, 5, 3), DateBasis.MANIFEST)
        assert (letter.kind, letter.author, letter.voice) == (Kind.LETTER, Voice.EXECUTIVE, Voice.COUNCIL)
        assert (letter.sender, letter.addressee, letter.copies) == ("Gemeente X", "de raad", ("A", "B"))
        assert letter.signatories == (Signatory("An Bos", "griffier"), Signatory("Jo de Wit"))
        assert set(letter.manifest) == {
            "reference", "your_reference", "date", "subject", "kind", "author", "sender", "addressee", "copies",
            "signatories", "voice",
        }  # fmt: skip

    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
    @pytest.mark.parametrize("end", ["\n", "\r\n"])
    def test_the_ways_spreadsheets_save_it(self, separator: str, encoding: str, end: str) -> None:
        rows = [["Onderwerp", "File"], ["Reïntegratie, werk; scholing", "x.txt"], ["", ""], ["Geld", "y.txt"]]
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

    @pytest.mark.parametrize(
        ("cell", "date", "precision"),
        [
            ("30 januari 2020", dt.date(2020, 1, 30), Precision.DAY),
            ("30-1-20", dt.date(2020, 1, 30), Precision.DAY),
            ("2020-01-30", dt.date(2020, 1, 30), Precision.DAY),
            ("donderdag 30 jan. 2020", dt.date(2020, 1, 30), Precision.DAY),
            ("januari 2020", dt.date(2020, 1, 1), Precision.MONTH),
            ("2020", dt.date(2020, 1, 1), Precision.YEAR),
        ],
    )
    def test_dates(self, cell: str, date: dt.date, precision: Precision) -> None:
        letter = given_by(cell, "datum", made(advice(date="2 mei 2018")))
        assert (letter.date, letter.date_precision, letter.date_basis) == (date, precision, DateBasis.MANIFEST)

    @pytest.mark.parametrize("cell", ["onbekend", "-", "Onbekend"])
    def test_a_date_may_be_taken_away(self, cell: str) -> None:
        letter = given_by(cell, "date")
        assert (letter.date, letter.date_basis, letter.manifest) == (None, DateBasis.UNKNOWN, ("date",))

    @pytest.mark.parametrize("column", ["kenmerk", "uw kenmerk", "onderwerp", "afzender", "geadresseerde"])
    def test_nothing_is_nothing(self, column: str) -> None:
        assert given_by("-", column).manifest != ()

    @pytest.mark.parametrize(
        ("cell", "kind"),
        [
            ("Advies", Kind.ADVICE),
            ("tussentijds advies", Kind.INTERIM_ADVICE),
            ("interim_advice", Kind.INTERIM_ADVICE),
            ("Brief", Kind.LETTER),
            ("reactie", Kind.REPLY),
            ("antwoord", Kind.REPLY),
            ("verslag", Kind.MINUTES),
            ("overig", Kind.OTHER),
        ],
    )
    def test_kinds(self, cell: str, kind: Kind) -> None:
        assert given_by(cell, "soort").kind is kind

    @pytest.mark.parametrize(
        ("cell", "voice"),
        [
            ("Cliëntenraad", Voice.COUNCIL),
            ("college", Voice.EXECUTIVE),
            ("gemeente", Voice.EXECUTIVE),
            ("ander", Voice.OTHER),
            ("onbekend", Voice.UNKNOWN),
        ],
    )
    def test_the_author_speaks(self, cell: str, voice: Voice) -> None:
        letter = given_by(cell, "auteur")
        assert (letter.author, letter.voice) == (voice, voice)

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
        assert amended(letter, manifest("x.txt;;;;;;;;;;;").row("x.txt")) is letter
        assert amended(letter, manifest("y.txt;A 1").row("x.txt")) is letter


class TestProblems:
    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("bestand;kleur\nx.txt;rood", "regel 1: de kolom “kleur” is niet bekend"),
            ("bestand;kenmerk;kenmerk\nx.txt;1;2", "twee keer"),
            ("kenmerk;datum\nA;2020", "geen kolom “bestand”"),
            ("", "geen kolom “bestand”"),
            ("bestand;datum\nx.txt;31 februari 2020", "regel 2: “31 februari 2020” is geen datum"),
            ("bestand;datum\nx.txt;ergens in mei", "regel 2"),
            ("bestand;soort\nx.txt;gedicht", "regel 2: “gedicht” is geen soort"),
            ("bestand;auteur\nx.txt;buurvrouw", "regel 2: “buurvrouw”"),
            ("bestand;kenmerk\n;A 1", "regel 2: er staat geen bestand"),
            ("bestand;kenmerk\nx.txt;A 1\nX.txt;B\nx.txt;A 2", "regel 4: “x.txt” staat er al"),
            ('bestand;onderwerp\n"x.txt";"a\nb"\ny.txt;c;d', "regel 4: er zijn meer cellen"),
        ],
    )
    def test_each_problem_is_told_with_its_line(self, text: str, says: str) -> None:
        problems = read_manifest(text.encode()).problems
        assert len(problems) == 1
        assert says in problems[0]
        assert problems[0].endswith(".")

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
        letter = amended(made(advice()), manifest(*rows).row("a"))
        assert letter.text == made(advice()).text


WORDS = st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=30).map(
    lambda text: " ".join(text.split())
)
CELLS = WORDS.filter(bool)
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
        source=draw(st.sampled_from(["x.txt", "map/brief; een.pdf", '"y".txt', "mail.eml/bijlage.pdf"])),
        sha256="",
        kind=draw(st.sampled_from(Kind)),
        reference=draw(st.none() | CELLS),
        your_reference=draw(st.none() | CELLS),
        date=date,
        date_basis=basis,
        filed=date if basis is DateBasis.FILE else None,
        date_precision=precision,
        subject=draw(st.none() | CELLS | st.sampled_from(["-", "=1+1", "'=1", "'s-Gravenhage", "@x", "+31"])),
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
        assert amended(letter, found.row(letter.source)) == letter

    @given(letters(), letters())
    def test_what_a_secretary_gave_is_given_again(self, read: Letter, other: Letter) -> None:
        row = dict(read_manifest(manifest_csv([replace(other, source="x.txt")]).encode()).row("x.txt"))
        given = amended(replace(read, source="x.txt"), row)
        again = read_manifest(manifest_csv([given]).encode()).row("x.txt")
        assert amended(replace(read, source="x.txt"), again) == given

    def test_a_date_that_is_not_the_letters_own_is_left_open(self) -> None:
        letter = replace(made(advice()), date_basis=DateBasis.INFERRED)
        row = read_manifest(manifest_csv([letter]).encode()).row("x.txt")
        assert "date" not in row
        assert row["kind"] == "advies"

    def test_a_spreadsheet_computes_nothing(self) -> None:
        text = manifest_csv([replace(made(advice()), subject='=HYPERLINK("http://x")')])
        cells = next(csv.reader(io.StringIO(text.splitlines()[1]), delimiter=";"))
        assert not any(cell.startswith(("=", "+", "@")) for cell in cells)

    def test_excel_knows_the_encoding(self) -> None:
        assert manifest_csv([]).startswith("\ufeffbestand;kenmerk;")
