"""Letters of councils, municipalities and other bodies in many hands, read as a secretary would read them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.making import letter_of
from ingest.parties import party_at_address
from ingest.readers.registry import read_file
from vectorstore.letters import Kind, Letter, Voice

from .test_anatomy import made

HANDS = Path(__file__).with_name("hands")


def cases() -> list[Any]:
    """Each fact that the labels give of each letter."""
    labelled = [item for file in sorted(HANDS.glob("*.yaml")) for item in yaml.safe_load(file.read_text("utf-8"))]
    return [pytest.param(item, fact, id=f"{item['name']}-{fact}") for item in labelled for fact in item["expect"]]


def read(item: dict[str, Any]) -> Letter:
    blocks = read_file(item["file"], item["text"].encode()).blocks
    return letter_of(blocks, identifier="x", source=item["file"], sha256="")[0]


def plain(words: str | None) -> str:
    return " ".join((words or "").casefold().split())


def is_right(fact: str, expected: Any, letter: Letter) -> bool:
    got = getattr(letter, fact)
    if expected is None or expected == []:
        return not got
    if fact in ("sender", "addressee"):
        wanted = expected if isinstance(expected, list) else [expected]
        return any(plain(words) in plain(got) for words in wanted)
    if fact == "signatories":
        return len(expected) == len(got) and all(
            plain(name) in plain(signed.name) and plain(function) in plain(signed.function)
            for (name, function), signed in zip(expected, got, strict=True)
        )
    if fact == "copies":
        return len(expected) == len(got) and all(plain(a) in plain(b) for a, b in zip(expected, got, strict=True))
    if isinstance(expected, dt.date):
        return bool(got == expected)
    return plain(str(expected)) == plain(str(got))


@pytest.mark.parametrize(("item", "fact"), cases())
def test_what_a_letter_says_of_itself(item: dict[str, Any], fact: str) -> None:
    letter = read(item)
    assert is_right(fact, item["expect"][fact], letter), f"{fact}: got {getattr(letter, fact)!r}"


@pytest.mark.parametrize(
    ("head", "body", "foot", "author"),
    [
        ("CLIËNTENRAAD\nWERK EN INKOMEN\nVEENDRECHT", "", "Anna Bos", Voice.COUNCIL),
        ("", "Wij als raad maken ons zorgen.", "Anna Bos", Voice.COUNCIL),
        ("", "Als Wmo-raad hebben wij bezwaar.", "Anna Bos", Voice.COUNCIL),
        ("", "", "Anna Bos en Jan Kok, leden van de Wmo-raad", Voice.COUNCIL),
        ("info@wmoraad-veendrecht.nl", "", "Anna Bos", Voice.COUNCIL),
        ("Kabinet van de burgemeester", "", "Anna Bos", Voice.EXECUTIVE),
        ("Voedselbank Veendrecht", "", "Anna Bos\ncoördinator", Voice.OTHER),
        ("", "", "Anna Bos\nStichting De Lezende Mens", Voice.OTHER),
        ("Aan de heer J. Kok\nCliëntenraad Werk\nDijk 5\n1140 ZZ Dijkstad", "", "Anna Bos", Voice.UNKNOWN),
        ("A. Bos\nBeukstraat 18\n8011 ZX Dijkstad\n\nAan de Cliëntenraad", "", "A. Bos", Voice.UNKNOWN),
        ("Gemeente Dijkstad\nT.a.v. mevrouw Kok\nPostbus 1\n1000 AA Dijkstad", "", "Anna Bos", Voice.UNKNOWN),
        ("Bureau Zonnedauw", "", "Anna Bos\nadviseur", Voice.UNKNOWN),
    ],
)
def test_who_wrote_a_letter_by_what_it_says(head: str, body: str, foot: str, author: Voice) -> None:
    text = f"{head}\n\n3 mei 2019\n\nGeachte mevrouw Kok,\n\nDe wachttijden zijn lang. {body}\n\nMet vriendelijke groet,\n\n{foot}"
    assert made(text).author is author


@pytest.mark.parametrize(
    ("salutation", "addressee"),
    [
        ("Geacht college,", None),
        ("Geachte leden van de Adviesraad Sociaal Domein,", "leden van de Adviesraad Sociaal Domein"),
        ("Beste wethouder Kok,", "wethouder Kok"),
        ("Geachte heer, mevrouw,", None),
        ("Beste allemaal,", None),
    ],
)
def test_a_letter_without_an_address_is_to_whom_it_greets(salutation: str, addressee: str | None) -> None:
    assert made(f"3 mei 2019\n\n{salutation}\n\nDe wachttijden zijn lang.\n\nGroet,\nAnna Bos").addressee == addressee


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("Wij adviseren u de drempel te laten vervallen.", Kind.ADVICE),
        ("In 2018 adviseerden wij u al over de drempel. Wanneer komt er een antwoord?", Kind.LETTER),
        ("U vroeg ons om advies over de drempel. Die is te hoog.", Kind.ADVICE),
    ],
)
def test_an_advice_is_known_without_its_name(body: str, kind: Kind) -> None:
    text = (
        f"Cliëntenraad Veendrecht\n\n3 mei 2019\n\nBetreft: de drempel\n\nGeacht college,\n\n{body}\n\nGroet,\nAnna Bos"
    )
    assert made(text).kind is kind


@pytest.mark.parametrize(
    ("address", "party"),
    [
        ("info@wmoraad-veendrecht.nl", Voice.COUNCIL),
        ("clientenraad@veendrecht.nl", Voice.COUNCIL),
        ("www.adviesraadsociaaldomein.nl", Voice.COUNCIL),
        ("p.jansen@gemeente-veendrecht.nl", Voice.EXECUTIVE),
        ("wethouder@veendrecht.nl", Voice.EXECUTIVE),
        ("gemeenteraad@veendrecht.nl", None),
        ("raadsgriffie@gemeenteraad-veendrecht.nl", None),
        ("p.jansen@veendrecht.nl", None),
        ("collegeondersteuning@school.nl", None),
    ],
)
def test_whose_an_address_is(address: str, party: Voice | None) -> None:
    assert party_at_address(address) is party
