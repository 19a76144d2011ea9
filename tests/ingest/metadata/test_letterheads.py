"""Heads and feet of letters as councils and municipalities lay them out; all towns, people and letters are invented."""

from __future__ import annotations

import datetime as dt
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.metadata.extract import read_anatomy
from ingest.metadata.fields import facts_in, kenmerk_in
from ingest.metadata.signatories import copies_in, signatories_in
from ingest.readers.document import Block, BlockKind
from ingest.readers.registry import read_file
from tests.ingest.metadata.test_extract import made
from tests.tables import assert_table, items
from vectorstore.letters import DateBasis, Kind, Voice

HERE = Path(__file__).parent


BODY = "Wij schrijven u over de wachttijden bij de schuldhulpverlening, die ons al lang zorgen baren."


def head(text: str) -> dict[str, str]:
    """What the labels in a head announce, by label; the first where one stands twice."""
    facts = facts_in(text.split("\n"))
    return {label.value: facts.first(label) or "" for label, _ in facts.values}


def letter(head: str, foot: str = "Met vriendelijke groet,\n\nAnna Bos", salutation: str = "Geacht college,") -> str:
    return f"{head}\n\n{salutation}\n\n{BODY}\n\n{foot}\n"


class TestKenmerk:
    def test_what_a_kenmerk_looks_like(self) -> None:
        assert_table(HERE / "kenmerken.tsv", lambda value, kenmerk: (kenmerk_in(value) or "") == kenmerk)
        assert kenmerk_in("") is kenmerk_in("-") is None

    def test_its_own_and_the_others_and_none_is_guessed(self) -> None:
        def is_read(lines: str, own: str, theirs: str) -> bool:
            found = made(letter(lines.replace("\n", "\n\n")))
            return (found.reference or "") == own and theirs in (found.your_reference, "…")

        assert_table(HERE / "kenmerk_lines.tsv", is_read)

    def test_in_a_table_of_a_word_document(self) -> None:
        rows = "Datum | 3 mei 2020 | Ons kenmerk | CRV 2020-02", "Uw kenmerk | Betreft", "SD/20/7 | De wachttijden"
        found = read_anatomy([*(Block(row, BlockKind.ITEM) for row in rows), Block("Geacht college,"), Block(BODY)])
        assert (found.reference, found.your_reference, found.subject) == ("CRV 2020-02", "SD/20/7", "De wachttijden")
        assert found.date == dt.date(2020, 5, 3)

    def test_several_of_the_addressee(self) -> None:
        assert made(letter("Uw kenmerk: CRV 2020-01, CRV 2020-02")).your_reference == "CRV 2020-01, CRV 2020-02"

    def test_a_label_in_a_sentence_is_none(self) -> None:
        found = made(letter("Ons kenmerk: A 1").replace(BODY, "Het kenmerk van die regeling: zij is 20 jaar oud."))
        assert found.reference == "A 1"
        assert head("Vanaf 2020\nAanleiding: 3 klachten\nDe datum is 3 mei 2020") == {}


class TestDate:
    def test_where_it_stands(self) -> None:
        def is_read(lines: str, date: str, precision: str) -> bool:
            found = made(letter(lines.replace("\n", "\n\n")))
            if not date:
                return found.date is None
            return (str(found.date), found.date_precision, found.date_basis) == (date, precision, DateBasis.STATED)

        assert_table(HERE / "date_lines.tsv", is_read)

    def test_under_the_farewell(self) -> None:
        found = made(letter("Onderwerp: iets", "Hoogachtend,\n\nAnna Bos, secretaris\n\nHardenwolde, 3 mei 2020"))
        assert found.date == dt.date(2020, 5, 3)

    @pytest.mark.parametrize(
        ("text", "date"),
        [
            ("Verslag van de vergadering van 3 mei 2020 van de Wmo-raad", dt.date(2020, 5, 3)),
            ("Notulen overleg Wmo-raad\n\nVergaderdatum: 3 mei 2020", dt.date(2020, 5, 3)),
            ("Verslag overleg Wmo-raad\n\nDatum: 3 mei 2020, 14.00 uur", dt.date(2020, 5, 3)),
            ("Verslag overleg Wmo-raad\n\nHet verslag van 3 mei 2020 wordt vastgesteld.", None),
        ],
    )
    def test_of_minutes(self, text: str, date: dt.date | None) -> None:
        found = made(f"{text}\n\nDe voorzitter opent de vergadering en heet iedereen welkom.\n")
        assert (found.kind, found.date) == (Kind.MINUTES, date)


class TestCarriers:
    MAIL = (
        "Van: Cliëntenraad Hardenwolde <raad@hardenwolde.example>",
        "Aan: College <college@hardenwolde.example>",
        "Cc: Jo de Wit <jo@hardenwolde.example>; griffie@hardenwolde.example",
        "Datum: 3 mei 2020 10:12",
        "Onderwerp: FW: RE: Advies over de taaleis",
    )

    def test_for_what_the_letter_does_not_say(self) -> None:
        blocks = [*(Block(line, BlockKind.CARRIER) for line in self.MAIL), Block("Geacht college,"), Block(BODY)]
        found = read_anatomy(blocks)
        assert (found.subject, found.kind, found.author) == ("Advies over de taaleis", Kind.ADVICE, Voice.COUNCIL)
        assert (found.date, found.date_basis) == (dt.date(2020, 5, 3), DateBasis.FILE)
        assert (found.sender, found.addressee) == ("Cliëntenraad Hardenwolde", "College")
        assert found.copies == ("Jo de Wit", "griffie@hardenwolde.example")

    def test_the_letter_itself_goes_first(self) -> None:
        own = read_file("x.txt", letter("Hardenwolde, 1 mei 2020\n\nOnderwerp: De wachttijden").encode()).blocks
        found = read_anatomy([*(Block(line, BlockKind.CARRIER) for line in self.MAIL), *own])
        assert (found.subject, found.date, found.date_basis) == (
            "De wachttijden",
            dt.date(2020, 5, 1),
            DateBasis.STATED,
        )

    def test_a_mail_that_brings_an_advice_is_none(self) -> None:
        note = [Block("Geacht college,"), Block("Bijgaand ons advies."), Block("Groet,"), Block("Wmo-raad Hardenwolde")]
        found = read_anatomy([*(Block(line, BlockKind.CARRIER) for line in self.MAIL), *note])
        assert (found.kind, found.subject) == (Kind.LETTER, "Advies over de taaleis")

    def test_the_name_of_the_file_goes_last(self) -> None:
        blocks = read_file("x.txt", letter("Onderwerp: iets").encode()).blocks
        found = read_anatomy(blocks, "map/2020-05-03 brief.txt")
        assert (found.date, found.date_basis) == (dt.date(2020, 5, 3), DateBasis.FILE)
        assert read_anatomy(blocks, "map/CRA 2020-02.txt").date is None


class TestParties:
    def test_councils_by_their_names(self) -> None:
        def is_known(council: str) -> bool:
            about = "Onderwerp: Advies over de taaleis"
            signed = made(letter(about, f"Met vriendelijke groet,\n\nnamens de {council},\n\nJo Bos"))
            topped = made(letter(f"{council}\n\nPostbus 3\n\n{about}", salutation="Geachte heer Bos,"))
            foot = "Hoogachtend,\n\nburgemeester en wethouders"
            answered = made(letter(f"Aan de {council}", foot, f"Geachte leden van de {council},"))
            assert [(found.author, found.sender) for found in (signed, topped)] == [(Voice.COUNCIL, council)] * 2
            assert (answered.author, answered.addressee) == (Voice.EXECUTIVE, f"de {council}")
            return True

        assert_table(HERE / "councils.tsv", is_known)

    def test_the_addressee_without_a_label(self) -> None:
        top = "Wmo-raad Hardenwolde\n\nCollege van burgemeester en wethouders van Hardenwolde\n\nPostbus 1"
        found = made(letter(top, "Hoogachtend,\n\nJo Bos, voorzitter"))
        assert (found.author, found.addressee) == (
            Voice.COUNCIL,
            "College van burgemeester en wethouders van Hardenwolde",
        )

    def test_whom_a_letter_is_written_to_did_not_write_it(self) -> None:
        text = letter("College van burgemeester en wethouders\n\nPostbus 1", "Hoogachtend,\n\nJo Bos, voorzitter")
        assert made(text).author is Voice.UNKNOWN
        assert made(text.replace(BODY, "Onze raad vraagt uw aandacht, als raad van cliënten.")).author is Voice.COUNCIL

    def test_not_everyone_who_writes_to_a_council_is_the_executive(self) -> None:
        text = letter(
            "Bureau Zonnedauw\n\nAan de Wmo-raad", "Groet,\n\nJo Bos\nvestigingsmanager", "Beste mevrouw Wit,"
        )
        assert made(text).author is Voice.UNKNOWN
        assert made(text.replace("Bureau", "Bibliotheek")).author is Voice.OTHER
        assert made(text.replace("Bureau", "Bibliotheek")).sender == "Bibliotheek Zonnedauw"
        assert made(text.replace(BODY, "Namens ons college dank ik u.")).author is Voice.EXECUTIVE
        assert made(text.replace("manager", "manager\ngemeente Hardenwolde")).author is Voice.EXECUTIVE

    def test_a_piece_that_is_called_the_councils(self) -> None:
        assert made(f"Nieuwsbrief Wmo-raad Hardenwolde\n\nmei 2020\n\n{BODY}").author is Voice.COUNCIL
        assert made(f"Nieuwsbrief gemeente Hardenwolde\n\nmei 2020\n\n{BODY}").author is Voice.UNKNOWN

    def test_others(self) -> None:
        found = made(letter("Onderwerp: Besluit", "Hoogachtend,\n\nde griffier,\n\nJ. Bos", "Geachte heer,"))
        assert found.author is Voice.OTHER

    def test_nobody(self) -> None:
        found = made(letter("Onderwerp: iets", "Met vriendelijke groet,\n\nJo Bos", "Beste mevrouw,"))
        assert (found.author, found.sender, found.addressee) == (Voice.UNKNOWN, None, None)

    def test_in_afschrift_in_the_head(self) -> None:
        found = made(
            letter("Aan het college van Hardenwolde\nen in afschrift aan de gemeenteraad\n\nDatum: 3 mei 2020")
        )
        assert (found.addressee, found.copies) == ("het college van Hardenwolde", ("de gemeenteraad",))


class TestKinds:
    def test_of_a_council_and_of_the_executive(self) -> None:
        def is_kind(writer: str, subject: str, opening: str, kind: str) -> bool:
            ends = {
                "council": ("Groet,\n\nWmo-raad Hardenwolde", "Geacht college,"),
                "executive": ("Hoogachtend,\n\nburgemeester en wethouders", "Geachte raad,"),
            }
            return made(letter(f"Onderwerp: {subject}", *ends[writer]).replace(BODY, opening or BODY)).kind == kind

        assert_table(HERE / "kinds.tsv", is_kind)

    def test_a_letter_that_says_it_is_an_advice(self) -> None:
        text = letter("Onderwerp: De taaleis", "Groet,\n\nWmo-raad Hardenwolde")
        assert made(text.replace(BODY, "Hierbij ontvangt u ons advies over de taaleis.")).kind is Kind.ADVICE

    def test_an_advice_that_is_no_letter(self) -> None:
        found = made(f"Advies van de Wmo-raad Hardenwolde over de taaleis\n\n{BODY}\n\n{BODY.replace('u', 'uw')}\n")
        assert (found.kind, found.author) == (Kind.ADVICE, Voice.COUNCIL)

    def test_the_subject_may_stand_without_a_label(self) -> None:
        found = made(letter("Hardenwolde, 3 mei 2020\n\nAdvies over de taaleis", "Groet,\n\nWmo-raad Hardenwolde"))
        assert (found.subject, found.kind) == ("Advies over de taaleis", Kind.ADVICE)


class TestPeople:
    def test_who_signed(self) -> None:
        def is_signed(lines: str, people: str) -> bool:
            found = signatories_in(["Met vriendelijke groet,", *lines.split("\n")])
            return ["; ".join(filter(None, (each.name, each.function))) for each in found] == items(people)

        assert_table(HERE / "signatories.tsv", is_signed)

    def test_who_got_a_copy(self) -> None:
        assert_table(HERE / "copies.tsv", lambda lines, copies: list(copies_in(lines.split("\n"))) == items(copies))

    def test_those_who_got_a_copy_did_not_sign(self) -> None:
        assert signatories_in(["Groet,", "Jo Bos", "Cc:", "An de Wit"])[0].name == "Jo Bos"
        assert len(signatories_in(["Groet,", "Jo Bos", "Cc:", "An de Wit"])) == 1


PIECES = [
    "A. ", "A.A.A.", "Jo ", "van ", "de ", "dd", "d. d. ", "CRA ", "2020-", "0", "3 mei 2020", " | ", "Datum", ": ", " / ",
    "Ons kenmerk ", "Uw kenmerk", "Geacht college,", "Met vriendelijke groet,", "voorzitter", "(", ")", ", ", "Cc: ", "Aan ",
    "namens ", "het college ", "Cliëntenraad ", "advies ", ". ", "x\n", "een", "twintig", "’", "-", "en ", "I.a.a.",
]  # fmt: skip
"""What the patterns look for, and what they could stumble over."""


class TestAnything:
    @given(st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join), min_size=1, max_size=12))
    @settings(deadline=1000, max_examples=300)
    def test_any_blocks_have_an_anatomy(self, texts: list[str]) -> None:
        blocks = [Block(text.strip()) for text in texts if text.strip()]
        found = read_anatomy(blocks, "x.txt")
        assert (found.date is None) == (found.date_basis is DateBasis.UNKNOWN)
        words = {word for text in texts for word in re.findall(r"\w+", text)}
        for person in found.signatories:
            assert set(re.findall(r"\w+", person.name)) <= words

    def test_no_line_keeps_it_busy(self) -> None:
        def seconds_for(piece: str) -> float:
            line = (piece * 3000).replace("\n", " ").strip()
            start = time.monotonic()
            read_anatomy([Block(line), Block("Geacht college,"), Block(line), Block("Hoogachtend,"), Block(line)])
            read_anatomy([Block(f"Ons kenmerk: {line}"), Block(line)])
            return time.monotonic() - start

        assert [piece for piece in PIECES if seconds_for(piece) >= 5] == []
