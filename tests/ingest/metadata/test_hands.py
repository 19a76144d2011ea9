"""Letters of councils, municipalities and other bodies in many hands, read as a secretary would read them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.language.parties import party_at_address
from ingest.letter_builder import letter_of
from ingest.readers.registry import read_file
from tests.ingest.metadata.test_extract import made
from tests.tables import assert_table
from vectorstore.letters import Kind, Letter

HERE = Path(__file__).parent
HANDS = HERE.parent / "hands"


def labelled() -> Iterator[tuple[dict[str, Any], str, Any, Letter]]:
    """Yield each fact that the labels give of each letter, with the letter as it is read."""
    for file in sorted(HANDS.glob("*.yaml")):
        for item in yaml.safe_load(file.read_text("utf-8")):
            letter = read(item)
            yield from ((item, fact, expected, letter) for fact, expected in item["expect"].items())


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


def test_what_a_letter_says_of_itself() -> None:
    """Read every fact of every letter as its label says; what is not is told by letter, fact and what was read."""
    facts = list(labelled())
    wrong = [
        f"{item['name']}, {fact}: {getattr(letter, fact)!r}"
        for item, fact, expected, letter in facts
        if not is_right(fact, expected, letter)
    ]
    assert len(facts) > 300
    assert not wrong, "\n".join(wrong)


def is_by(head: str, body: str, foot: str, author: str) -> bool:
    text = f"{head}\n\n3 mei 2019\n\nGeachte mevrouw Kok,\n\nDe wachttijden zijn lang. {body}\n\nMet vriendelijke groet,\n\n{foot}"
    return made(text).author == author


def test_who_wrote_a_letter_by_what_it_says() -> None:
    assert_table(HERE / "authors.tsv", is_by)


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


def test_whose_an_address_is() -> None:
    assert_table(HERE / "addresses.tsv", lambda address, party: (party_at_address(address) or "") == party)
