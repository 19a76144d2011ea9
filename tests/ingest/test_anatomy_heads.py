"""Heads and feet of letters as councils and municipalities lay them out; all towns, people and letters are invented."""

from __future__ import annotations

import datetime as dt
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.anatomy import read_anatomy
from ingest.document import Block, BlockKind
from ingest.facts import facts_in, kenmerk_in
from ingest.people import copies_in, signatories_in
from ingest.readers.registry import read_file
from vectorstore.letters import DateBasis, Kind, Precision, Voice

from .test_anatomy import made

BODY = "Wij schrijven u over de wachttijden bij de schuldhulpverlening, die ons al lang zorgen baren."


def head(text: str) -> dict[str, str]:
    """What the labels in a head announce, by label; the first where one stands twice."""
    facts = facts_in(text.split("\n"))
    return {label.value: facts.first(label) or "" for label, _ in facts.values}


def letter(head: str, foot: str = "Met vriendelijke groet,\n\nAnna Bos", salutation: str = "Geacht college,") -> str:
    return f"{head}\n\n{salutation}\n\n{BODY}\n\n{foot}\n"


class TestKenmerk:
    @pytest.mark.parametrize(
        ("value", "kenmerk"),
        [
            ("CRA 2020-02", "CRA 2020-02"),
            ("CRA 2020 - 02", "CRA 2020-02"),
            ("CRA2020-02", "CRA2020-02"),
            ("505679-2021", "505679-2021"),
            ("Z/2020/12345", "Z/2020/12345"),
            ("2020.113", "2020.113"),
            ("WMO/2020/7.", "WMO/2020/7"),
            ("ASD-20-014 (adviesraad)", "ASD-20-014"),
            ("S&P 2019/3, afdeling Inkomen", "S&P 2019/3"),
            ("BW 2020 113", "BW 2020 113"),
            ("CRA 2020-02 30 januari 2020", "CRA 2020-02"),
        ],
    )
    def test_what_a_kenmerk_looks_like(self, value: str, kenmerk: str) -> None:
        assert kenmerk_in(value) == kenmerk

    @pytest.mark.parametrize(
        "value", ["", "-", "geen", "n.v.t.", "30 januari 2020", "Postbus 114", "9712 AB Stad", "Dorpsstraat 3"]
    )
    def test_what_is_no_kenmerk(self, value: str) -> None:
        assert kenmerk_in(value) is None

    @pytest.mark.parametrize(
        "lines",
        [
            "Ons kenmerk: CRV 2020-02\nUw kenmerk: SD/20/7",
            "Uw kenmerk SD/20/7\nOns kenmerk CRV 2020-02",
            "Ons kenmerk\nCRV 2020-02\nUw kenmerk\nSD/20/7",
            "Ons kenmerk\nUw kenmerk\nCRV 2020-02\nSD/20/7",
            "Ons kenmerk Uw kenmerk\nCRV 2020-02 SD/20/7",
            "Ons kenmerk Uw kenmerk CRV 2020-02 SD/20/7",
            "Ons kenmerk CRV 2020-02 Uw kenmerk SD/20/7",
            "Ons kenmerk: CRV 2020-02 Uw kenmerk: SD/20/7",
            "Ons kenmerk / Uw kenmerk: CRV 2020-02 / SD/20/7",
            "Ons kenmerk/uw kenmerk\nCRV 2020-02 / SD/20/7",
            "Telefoon 0123 45678 Bijlage(n) 2 Ons kenmerk CRV 2020-02\nDatum 3 mei 2020 Uw brief van Uw kenmerk SD/20/7",
            "Ons kenmerk Uw kenmerk Datum\nCRV 2020-02 SD/20/7 3 mei 2020",
            "Uw brief van Uw kenmerk Ons kenmerk Datum\n1 april 2020 SD/20/7 CRV 2020-02 3 mei 2020",
            "0ns kenrnerk : CRV 2020 - 02\nUw kenrnerk : SD/20/7",
            "Onze referentie; CRV 2020-02\nUw referentie; SD/20/7",
            "Kenmerk: CRV 2020-02\nZaaknummer: 123456\nUw kenmerk: SD/20/7",
        ],
    )
    def test_its_own_and_the_others(self, lines: str) -> None:
        found = made(letter(lines.replace("\n", "\n\n")))
        assert (found.reference, found.your_reference) == ("CRV 2020-02", "SD/20/7")

    def test_in_a_table_of_a_word_document(self) -> None:
        rows = "Datum | 3 mei 2020 | Ons kenmerk | CRV 2020-02", "Uw kenmerk | Betreft", "SD/20/7 | De wachttijden"
        found = read_anatomy([*(Block(row, BlockKind.ITEM) for row in rows), Block("Geacht college,"), Block(BODY)])
        assert (found.reference, found.your_reference, found.subject) == ("CRV 2020-02", "SD/20/7", "De wachttijden")
        assert found.date == dt.date(2020, 5, 3)

    @pytest.mark.parametrize(
        "lines",
        [
            "Ons kenmerk Uw kenmerk Datum\nCRV 2020-02 3 mei 2020",
            "Uw kenmerk:\nOns kenmerk:\n3 mei 2020",
            "Ons kenmerk:\nPostbus 114\n1234 AB Oevermeer",
            "Ons kenmerk: geen",
            "Uw kenmerk: SD/20/7",
        ],
    )
    def test_none_is_guessed(self, lines: str) -> None:
        assert made(letter(lines.replace("\n", "\n\n"))).reference is None

    def test_several_of_the_addressee(self) -> None:
        assert made(letter("Uw kenmerk: CRV 2020-01, CRV 2020-02")).your_reference == "CRV 2020-01, CRV 2020-02"

    def test_a_label_in_a_sentence_is_none(self) -> None:
        found = made(letter("Ons kenmerk: A 1").replace(BODY, "Het kenmerk van die regeling: zij is 20 jaar oud."))
        assert found.reference == "A 1"
        assert head("Vanaf 2020\nAanleiding: 3 klachten\nDe datum is 3 mei 2020") == {}


class TestDate:
    @pytest.mark.parametrize(
        "line",
        [
            "Datum 3 mei 2020",
            "Datum: zondag 3 mei 2020",
            "Datum brief: 3-5-2020",
            "Dagtekening 3 mei '20",
            "Verzenddatum: 03-05-20",
            "VERZONDEN 3 MEI 2020",
            "Uitgaand: 3 mei 2020",
            "d.d. 3 mei 2020",
            "Datum verzending: 3 mei2020",
            "Hardenwolde, 3 mei 2020",
            "Hardenwolde, d.d. 3 mei 2020",
            "Hardenwolde, zondag 3 mei 2020",
            "Hardenwolde 3-5-2020",
            "Nieuw-Buinen aan de Waal, 3 mei 2020.",
            "’t Zand, den 3den mei 2020",
            "3 mei 2020",
            "Zondag 3 mei 2020",
            "Datum: Hardenwolde, 3 mei 2020",
            "Uw brief van 1 april 2020\nDatum 3 mei 2020",
            "Uw brief van\n1 april 2020\nDatum\n3 mei 2020",
            "Ingekomen 5 mei 2020\nDatum: 3 mei 2020",
            "Verzonden: 5 mei 2020\nDatum: 3 mei 2020",
            "5 mei 2019\nDatum: 3 mei 2020",
        ],
    )
    def test_where_it_stands(self, line: str) -> None:
        found = made(letter(line.replace("\n", "\n\n")))
        assert (found.date, found.date_precision, found.date_basis) == (
            dt.date(2020, 5, 3),
            Precision.DAY,
            DateBasis.STATED,
        )

    @pytest.mark.parametrize("line", ["Datum: mei 2020", "Hardenwolde, mei 2020", "Mei 2020"])
    def test_a_month(self, line: str) -> None:
        found = made(letter(line))
        assert (found.date, found.date_precision) == (dt.date(2020, 5, 1), Precision.MONTH)

    @pytest.mark.parametrize(
        "line",
        [
            "Uw brief van 3 mei 2020",
            "Ontvangen: 3 mei 2020",
            "Datum vergadering: 3 mei 2020",
            "Betreft: uw brief van 3 mei 2020",
            "Versie 3 mei 2020",
            "Vergadering van de raad, 3 mei 2020",
            "Datum: 31 april 2020",
            "Onderwerp: nota Werk, mei 2020",
            "Uw brief van Datum\n3 mei 2020",
        ],
    )
    def test_dates_that_are_not_its_own(self, line: str) -> None:
        assert made(letter(line.replace("\n", "\n\n"))).date is None

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
    @pytest.mark.parametrize(
        "council",
        [
            "Adviesraad Sociaal Domein Hardenwolde",
            "Adviesraad sociaal domein Hardenwolde",
            "Wmo-raad Hardenwolde",
            "Wmo-adviesraad Hardenwolde",
            "Participatieraad Hardenwolde",
            "Cliëntenplatform Werk en Inkomen",
            "Klantenraad Hardenwolde",
            "Seniorenraad Hardenwolde",
            "Jongerenraad Hardenwolde",
            "Sociale Adviesraad Hardenwolde",
            "Cliëntenraad Participatiewet Hardenwolde",
            "Clientenraad Minima",
            "Wmo-raad gemeente Hardenwolde",
            "Cliëntenraad Werk & Inkomen",
        ],
    )
    def test_councils_by_their_names(self, council: str) -> None:
        signed = made(
            letter("Onderwerp: Advies over de taaleis", f"Met vriendelijke groet,\n\nnamens de {council},\n\nJo Bos")
        )
        topped = made(
            letter(f"{council}\n\nPostbus 3\n\nOnderwerp: Advies over de taaleis", salutation="Geachte heer Bos,")
        )
        answered = made(
            letter(
                f"Aan de {council}", "Hoogachtend,\n\nburgemeester en wethouders", f"Geachte leden van de {council},"
            )
        )
        assert [found.author for found in (signed, topped)] == [Voice.COUNCIL] * 2
        assert [found.sender for found in (signed, topped)] == [council] * 2
        assert (answered.author, answered.addressee) == (Voice.EXECUTIVE, f"de {council}")

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
    @pytest.mark.parametrize(
        ("subject", "kind"),
        [
            ("Advies over de verordening", Kind.ADVICE),
            ("Ongevraagd advies: wachttijden", Kind.ADVICE),
            ("Spoedadvies energietoeslag", Kind.ADVICE),
            ("Adviezen armoedebeleid", Kind.ADVICE),
            ("Tussentijds advies taaleis", Kind.INTERIM_ADVICE),
            ("Ons tussenadvies over de taaleis", Kind.INTERIM_ADVICE),
            ("Voorlopig advies beleidsplan", Kind.INTERIM_ADVICE),
            ("Uw reactie op ons advies over de taaleis", Kind.LETTER),
            ("Reactie van het college op ons advies", Kind.LETTER),
            ("Herinnering advies taaleis", Kind.LETTER),
            ("Uitblijven reactie op advies taaleis", Kind.LETTER),
            ("Jaarplan Adviesraad", Kind.LETTER),
            ("Uw adviesaanvraag", Kind.LETTER),
            ("Gebreken in het formulier", Kind.LETTER),
        ],
    )
    def test_of_a_council(self, subject: str, kind: Kind) -> None:
        assert made(letter(f"Onderwerp: {subject}", "Groet,\n\nWmo-raad Hardenwolde")).kind is kind

    @pytest.mark.parametrize(
        ("subject", "opening", "kind"),
        [
            ("Reactie op uw advies", "", Kind.REPLY),
            ("Uw advies over de taaleis", "", Kind.REPLY),
            ("Taaleis", "Hartelijk dank voor uw advies over de taaleis.", Kind.REPLY),
            ("Taaleis", "Op 3 mei hebt u ons een ongevraagd advies gestuurd.", Kind.REPLY),
            ("Taaleis", "Naar aanleiding van uw brief melden wij u het volgende.", Kind.REPLY),
            ("Adviesaanvraag verordening taaleis", "Wij vragen uw advies over de verordening.", Kind.LETTER),
            ("Verordening taaleis", "Graag ontvangen wij uw advies over deze verordening.", Kind.LETTER),
            ("Werkprogramma", "Met deze brief brengen wij u op de hoogte van het programma.", Kind.LETTER),
        ],
    )
    def test_of_the_executive(self, subject: str, opening: str, kind: Kind) -> None:
        text = letter(f"Onderwerp: {subject}", "Hoogachtend,\n\nburgemeester en wethouders", "Geachte raad,")
        assert made(text.replace(BODY, opening or BODY)).kind is kind

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
    @pytest.mark.parametrize(
        ("lines", "people"),
        [
            ("Jo Bos\nvoorzitter Wmo-raad Hardenwolde", [("Jo Bos", "voorzitter")]),
            ("Jo Bos, voorzitter", [("Jo Bos", "voorzitter")]),
            ("Jo Bos (interim-voorzitter)", [("Jo Bos", "interim-voorzitter")]),
            ("Jo Bos - vicevoorzitter", [("Jo Bos", "vicevoorzitter")]),
            ("Jo Bos\n(secretaris a.i.)", [("Jo Bos", "secretaris a.i.")]),
            ("De voorzitter,\nJo Bos\nDe secretaris,\nAn de Wit", [("Jo Bos", "voorzitter"), ("An de Wit", "secretaris")]),
            ("burgemeester, secretaris,\nKo van den Berg An de Wit", [("Ko van den Berg", "burgemeester"), ("An de Wit", "secretaris")]),
            ("de secretaris, de burgemeester,\nJ. Dijk drs. M.L.J. Uit", [("J. Dijk", "secretaris"), ("drs. M.L.J. Uit", "burgemeester")]),
            ("Jo Bos An de Wit\nvoorzitter secretaris", [("Jo Bos", "voorzitter"), ("An de Wit", "secretaris")]),
            ("Jo Bos\nAn de Wit\nvoorzitter\nsecretaris", [("Jo Bos", "voorzitter"), ("An de Wit", "secretaris")]),
            ("Jo Bos en An de Wit", [("Jo Bos", None), ("An de Wit", None)]),
            ("w.g. Jo Bos\nvoorzitter", [("Jo Bos", "voorzitter")]),
            ("Voorzitter: Jo Bos", [("Jo Bos", "Voorzitter")]),
            ("namens deze,\nmr. dr. K. van der Zee\nafdelingshoofd Inkomen", [("mr. dr. K. van der Zee", "afdelingshoofd Inkomen")]),
            ("namens het college,\nT. Açıkgöz-Lont\nwethouder Werk en Inkomen", [("T. Açıkgöz-Lont", "wethouder Werk en Inkomen")]),
            ("Jan Peter Bos An Marie Wit de Boer\nvoorzitter secretaris", []),
            ("Wmo-raad Hardenwolde", []),
            ("Deze brief is digitaal gemaakt en daarom niet ondertekend.\nJo Bos", []),
        ],
    )  # fmt: skip
    def test_who_signed(self, lines: str, people: list[tuple[str, str | None]]) -> None:
        found = signatories_in(["Met vriendelijke groet,", *lines.split("\n")])
        assert [(person.name, person.function) for person in found] == people

    @pytest.mark.parametrize(
        ("lines", "copies"),
        [
            ("I.a.a.\nRaadscommissie Werk\nJo Bos (contact)", ("Raadscommissie Werk", "Jo Bos (contact)")),
            ("Cc: Jo Bos; An de Wit", ("Jo Bos", "An de Wit")),
            ("Afschrift aan: raadscommissie Werk, Jongerenraad", ("raadscommissie Werk", "Jongerenraad")),
            ("Afschrift: Jo Bos, hoofd Inkomen", ("Jo Bos, hoofd Inkomen",)),
            ("c.c.\n- de griffie\n- de pers", ("de griffie", "de pers")),
            ("Een kopie van deze brief is verzonden aan de gemeenteraad.", ("de gemeenteraad",)),
            ("Cc:\nde griffie\nDeze brief is digitaal gemaakt.", ("de griffie",)),
            ("Jo Bos", ()),
        ],
    )
    def test_who_got_a_copy(self, lines: str, copies: tuple[str, ...]) -> None:
        assert copies_in(lines.split("\n")) == copies

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

    @pytest.mark.parametrize("piece", PIECES)
    def test_no_line_keeps_it_busy(self, piece: str) -> None:
        line = (piece * 3000).replace("\n", " ").strip()
        start = time.monotonic()
        read_anatomy([Block(line), Block("Geacht college,"), Block(line), Block("Hoogachtend,"), Block(line)])
        read_anatomy([Block(f"Ons kenmerk: {line}"), Block(line)])
        assert time.monotonic() - start < 5
