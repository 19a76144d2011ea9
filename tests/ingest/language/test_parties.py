"""The parties of the lexicon: as sentences name them, and that one is added in a single line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.query.language import Wording
from assistant.query.speaker import find_voice
from assistant.verification.speakers import party_in, turns_in
from ingest.language import parties, subjects
from ingest.language.lexicon import read_rows
from ingest.language.subjects import subjects_in
from ingest.letter_builder import letter_of
from ingest.readers.registry import read_file
from ingest.speakers.clauses import clause_of
from ingest.speakers.participants import Sides
from ingest.speakers.reported_speech import reported_speaker
from tests.ingest.documents import advice
from vectorstore.letters import Voice

BY_COUNCIL = Sides(voice=Voice.COUNCIL, author=Voice.COUNCIL, addressed=Voice.EXECUTIVE)
SENTENCE = "De Waterkring Oost stelt dat de sloot te smal is."
CACHES = (
    subjects.load_subjects,
    subjects.subjects_in,
    parties.load_mentions,
    parties.parties_named,
    parties.load_others,
    clause_of,
    turns_in,
)


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("Het college van burgemeester en wethouders van Oever", [(Voice.EXECUTIVE, "Het college van burgemeester en wethouders")]),
        ("een medewerker van de zorgverzekeraar", [(Voice.OTHER, "een medewerker van de zorgverzekeraar")]),
        ("de Wmo-adviesraad en de gemeenteraad", [(Voice.COUNCIL, "de Wmo-adviesraad"), (Voice.OTHER, "de gemeenteraad")]),
        ("in het beleidsplan Samen Sterk", [(Voice.EXECUTIVE, "het beleidsplan")]),
        ("het plan van de minister", [(Voice.OTHER, "de minister")]),
        ("eén op de vijf bezoekers van het loket", [(Voice.OTHER, "eén op de vijf"), (Voice.OTHER, "bezoekers")]),
        ("op 28 mei zei wethouder Postma", [(Voice.EXECUTIVE, "wethouder")]),
        ("de zon en de fiets", []),
    ],
)  # fmt: skip
def test_parties_in_a_sentence(sentence: str, named: list[tuple[Voice, str]]) -> None:
    spans = subjects.tokens_of(sentence).spans
    found = [(who.voice, sentence[spans[who.first][0] : spans[who.noun - 1][1]]) for who in subjects_in(sentence)]
    assert found == named


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Add a party to the lexicon, for one test."""
    row = ["other", "subject mention question line", "de", "waterkring"]
    for module in (parties, subjects):
        monkeypatch.setattr(module, "read_rows", lambda name: [*read_rows(name), row])
    for cache in CACHES:
        cache.cache_clear()
    yield
    monkeypatch.undo()
    for cache in CACHES:
        cache.cache_clear()


def test_a_party_that_is_not_listed_says_nothing() -> None:
    assert reported_speaker(SENTENCE, BY_COUNCIL) is None
    assert find_voice(Wording("wat zei de waterkring over de sloot?")) is None


def test_a_party_is_added_in_one_line(added: None) -> None:
    assert reported_speaker(SENTENCE, BY_COUNCIL) is Voice.OTHER
    blocks = read_file("brief.txt", advice(SENTENCE).encode()).blocks
    letter, _ = letter_of(blocks, identifier="x", source="x.txt", sha256="")
    begin = letter.text.index(SENTENCE)
    assert letter.voice_at(begin, begin + len(SENTENCE)) is Voice.OTHER
    assert find_voice(Wording("wat zei de waterkring over de sloot?")) is Voice.OTHER
    assert party_in("de waterkring vindt de sloot te smal") is Voice.OTHER
    assert parties.party_of("Waterkring Oost") is Voice.OTHER
