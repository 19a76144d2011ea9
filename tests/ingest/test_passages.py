"""Where a letter is cut."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ingest.language.sentences import sentence_spans
from ingest.letter_builder import letter_of
from ingest.passages import BlockSpan, Sizes, cut
from ingest.readers.document import Block, BlockKind
from ingest.readers.registry import read_file
from tests.ingest.documents import advice
from tests.ingest.strategies import paragraphs, sentences
from vectorstore.letters import Letter, Passage

headings = st.sampled_from(["Inleiding", "De telefoon", "Wat wij ervan vinden", "Ons advies"])
lead_ins = st.sampled_from(["Het college stelt:", "Wij adviseren u:", "Daarover schreven wij eerder:"])
blocks = st.lists(
    st.one_of(
        paragraphs(most=12).map(Block),
        headings.map(lambda text: Block(text, BlockKind.HEADING)),
        lead_ins.map(Block),
        sentences().map(lambda text: Block(f"- {text}", BlockKind.ITEM, tight=True)),
    ),
    min_size=1,
    max_size=25,
)
sizes = st.builds(Sizes, least=st.integers(5, 60), enough=st.integers(60, 120), most=st.integers(120, 220))
salutation, farewell = Block("Geacht college,"), Block("Met vriendelijke groet,")


def made(parts: list[Block], size: Sizes) -> tuple[Letter, list[BlockSpan], list[Passage]]:
    whole = [Block("Cliëntenraad Voorbeeld"), salutation, *parts, farewell, Block("Anna de Vries")]
    letter, stretches = letter_of(whole, identifier="x", source="x", sha256="")
    return letter, stretches, cut(letter, stretches, "0" * 64, size)


@given(blocks, sizes)
def test_passages_hold_the_whole_letter_in_order_and_once(parts: list[Block], size: Sizes) -> None:
    letter, _, passages = made(parts, size)
    begin = 0
    for passage in passages:
        assert not letter.text[begin : passage.start].strip()
        assert passage.text == letter.text[passage.start : passage.end]
        assert passage.text == passage.text.strip()
        begin = passage.end
    assert not letter.text[begin:].strip()
    assert len({passage.id for passage in passages}) == len(passages)


@given(blocks, sizes)
def test_no_passage_begins_or_ends_inside_a_sentence(parts: list[Block], size: Sizes) -> None:
    letter, stretches, passages = made(parts, size)
    inside = {
        offset
        for stretch in stretches
        for start, end in sentence_spans(letter.text[stretch.start : stretch.end])
        for offset in range(stretch.start + start + 1, stretch.start + end)
    }
    assert inside.isdisjoint({offset for passage in passages for offset in (passage.start, passage.end)})


@given(blocks, sizes)
def test_no_passage_is_longer_than_allowed(parts: list[Block], size: Sizes) -> None:
    """Only a heading or lead-in that may not be left behind makes it longer than that."""
    _, _, passages = made(parts, size)
    bound = sum(len(part.text.split()) for part in parts if part.kind is BlockKind.HEADING or part.text.endswith(":"))
    assert all(len(passage.text.split()) <= size.most + bound for passage in passages)


@given(blocks, sizes)
def test_headings_and_lead_ins_keep_what_follows_them(parts: list[Block], size: Sizes) -> None:
    letter, stretches, passages = made(parts, size)
    ends = {passage.end for passage in passages}
    for stretch, following in pairwise(stretches):
        if stretch.heading and not following.edge:
            assert stretch.end not in ends
        if letter.text[stretch.end - 1] == ":" and not (stretch.edge or following.edge or following.heading):
            assert stretch.end not in ends


@given(blocks)
def test_what_surrounds_the_letter_is_apart_from_what_it_says(parts: list[Block]) -> None:
    letter, _, passages = made(parts, Sizes())
    holds = [passage for passage in passages if salutation.text in passage.text or farewell.text in passage.text]
    assert all(parts[0].text.split(".")[0] not in passage.text for passage in holds)
    assert letter.text.startswith("Cliëntenraad Voorbeeld")


def test_one_endless_sentence_is_cut_between_words() -> None:
    letter, _, passages = made([Block(" ".join(f"woord{i}" for i in range(3000)))], Sizes())
    assert all(len(passage.text.split()) <= 2 * Sizes().most for passage in passages)
    assert " ".join(passage.text for passage in passages).split() == letter.text.split()


def test_a_passage_knows_its_heading() -> None:
    body = (
        "Inleiding\n\n"
        + "Wij danken u voor de nota die u ons stuurde. " * 10
        + "\n\nDe telefoon\n\n"
        + "Wie belt, moet te lang wachten. " * 20
    )
    letter, stretches = letter_of(
        read_file("x.txt", advice(body).encode()).blocks, identifier="x", source="x", sha256=""
    )
    assert [passage.heading for passage in cut(letter, stretches, "0" * 64, Sizes(60, 110, 220))] == [
        None,
        "Inleiding",
        "De telefoon",
        None,
    ]


def test_short_sections_that_share_a_passage_share_their_headings_once() -> None:
    parts = [
        Block("Ons advies", BlockKind.HEADING), Block("Wij adviseren u:"), Block("- dit;", BlockKind.ITEM),
        Block("- en dit.", BlockKind.ITEM), Block("Slot", BlockKind.HEADING), Block("Wij wachten af."),
    ]  # fmt: skip
    assert made(parts, Sizes())[2][1].heading == "Ons advies / Slot"
