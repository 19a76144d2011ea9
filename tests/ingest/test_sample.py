"""What the sample archive beside the repository must show, in whatever order its letters come."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.letter_builder import letter_of
from ingest.links.graph import Links
from ingest.readers.registry import read_file
from tests.ingest.archives import opened
from tests.ingest.links.test_graph import put
from vectorstore.letters import DateBasis, Letter, Voice
from vectorstore.store.store import Store

REAL_LETTERS = Path("../shared/archive")


@pytest.fixture(scope="module")
def letters() -> dict[str, Letter]:
    """The letters of the sample by the first part of their names."""
    if not REAL_LETTERS.is_dir():
        pytest.skip("the sample archive is not beside the repository")
    found = {}
    for path in sorted(REAL_LETTERS.iterdir()):
        blocks = read_file(path.name, path.read_bytes()).blocks
        name = path.name.partition("_")[0]
        found[name] = letter_of(blocks, identifier=name, source=path.name, sha256="")[0]
    return found


@pytest.fixture(params=[False, True], ids=["as named", "backwards"])
def store(request: pytest.FixtureRequest, letters: dict[str, Letter], tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path / "data") as made_here:
        for name in sorted(letters, reverse=request.param):
            put(made_here, letters[name], "1")
        yield made_here


def voice_of(letter: Letter, words: str) -> Voice:
    start = letter.text.index(words)
    return letter.voice_at(start, start + len(words))


@pytest.mark.parametrize(
    "words",
    [
        "Dit advies is gebaseerd op een concept",
        "We missen criteria die dat",
        "graag gelezen hoe tegen deze mismatch wordt aangekeken",
        "is de nadruk op het mogelijk beschamen van vertrouwen",
        "We begrijpen dan ook niet dat het college over de",
        "Het college laat hiermee de optie open",
        "Voor de Cliëntenraad staat vast",
    ],
)
def test_the_reservations_are_the_councils(letters: dict[str, Letter], words: str) -> None:
    assert voice_of(letters["000"], words) is Voice.COUNCIL


@pytest.mark.parametrize(
    "words",
    [
        "Het aanwezige talent (bij de",
        "Het college stelt dat dit goed verloopt",
        "Om nieuwe vormen van ondersteuning te ontwikkelen",
        "dat we niet alleen inzetten op de begeleiding naar werk",
        "Voor vrijwel alle uitkeringsgerechtigden",
    ],
)
def test_what_is_quoted_from_the_executive_is_its(letters: dict[str, Letter], words: str) -> None:
    assert voice_of(letters["001"], words) is Voice.EXECUTIVE


def test_its_own_earlier_words_are_linked_to_the_letter_they_are_from(store: Store) -> None:
    with contextlib.closing(Links(None)) as links:
        links.catch_up(store)
        (link,) = links.of("001")
        letter = store.letter("001")
        assert (link.receiver, link.kind.value) == ("000", "quotes")
        assert "nergens staat hoeveel mensen" in letter.text[link.start : link.end]
        utterance = letter.utterance_at(link.start, link.end)
        assert utterance is not None
        assert (utterance.voice, utterance.quoted_from) == (Voice.COUNCIL, "advies van 30 januari 2020")
        assert links.dates() == {"000": dt.date(2020, 1, 30)}


def test_with_its_date_known_the_letter_is_named_too(store: Store, letters: dict[str, Letter]) -> None:
    with contextlib.closing(Links(None)) as links:
        links.catch_up(store)
        dated = replace(letters["000"], date=links.dates()["000"], date_basis=DateBasis.INFERRED)
        put(store, dated, "2")
        links.catch_up(store)
        assert [link.kind.value for link in links.to("000")] == ["names", "quotes"]
        assert links.unresolved("001") == ()
        assert links.dates() == {"000": dt.date(2020, 1, 30)}
