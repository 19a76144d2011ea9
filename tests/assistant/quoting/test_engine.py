"""Which sentences are quoted, and how much of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answers.answer import Language, Statement
from assistant.answers.phrasing import Phrasing
from assistant.assistant import Assistant
from assistant.composition import open_archive, open_store
from assistant.evidence.coverage import TextReader
from assistant.evidence.fitted import Weights, fitted_to
from assistant.evidence.sentence_scoring import Relevance
from assistant.quoting.selection import Extractive, Limits, is_title
from assistant.refusal.sufficiency import Refusal
from assistant.settings import Settings
from ingest.job.job import Ingest
from vectorstore.letters import Voice
from vectorstore.models.embedder import Embedder

ASKED = "Hoeveel fietsen vroeg de cliëntenraad?"
Quote = Callable[..., Sequence[Statement]]


LEANING = """Cliëntenraad Veldstad

Aan: het college van burgemeester en wethouders van Veldstad
Datum: 4 maart 2018
Onderwerp: Wachttijd bij de schuldhulp

Geacht college,

Het spreekuur is goed bezocht. Mensen wachten te lang op schuldhulp. Dat kost hun gemiddeld 300 euro. De koffie is lekker.

Met vriendelijke groet,

Anna de Wit
Voorzitter Cliëntenraad Veldstad
"""


def quoting(assistant: Assistant) -> Quote:
    """Answers a question with limits, by the weights of its model or by others, and never refuses."""
    reader = TextReader(assistant.archive.analyser)

    def quoted(question: str, limits: Limits = Limits(), weights: Weights | None = None) -> Sequence[Statement]:
        considered = assistant.considered(question)
        hits = list({each.hit.passage.id: each.hit for each in considered.sentences}.values())
        fitted = fitted_to(assistant.archive.model)
        relevance = Relevance(reader, weights or fitted.relevance)
        extractive = Extractive(reader, relevance, fitted.sufficiency, Refusal(0.0), limits)
        scored = extractive.relevance.sentences(considered.question, considered.weighed, hits)
        return extractive.statements(replace(considered, sentences=scored), hits, Phrasing(Language.DUTCH))

    return quoted


@pytest.fixture
def quote(assistant: Assistant) -> Quote:
    return quoting(assistant)


@pytest.fixture
def quote_leaning(tmp_path: Path, embedder: Embedder) -> Iterator[Quote]:
    (tmp_path / "brief.txt").write_text(LEANING, encoding="utf-8")
    store = open_store(Settings(data=tmp_path / "archief"), embedder)
    Ingest(store, embedder).run([tmp_path / "brief.txt"])
    yield quoting(Assistant(open_archive(store, embedder)))
    store.close()


def quotes(statements: Sequence[Statement]) -> list[str]:
    return [citation.quote for statement in statements for citation in statement.citations]


def test_no_more_is_quoted_than_the_limits_let_through(quote: Quote) -> None:
    assert len(quotes(quote(ASKED))) > 1
    assert len(quotes(quote(ASKED, Limits(citations=1)))) == 1
    few = quotes(quote(ASKED, Limits(words=30)))
    assert sum(len(each.split()) for each in few) <= 30


def test_the_best_is_quoted_even_where_it_alone_is_over_the_limit(quote: Quote) -> None:
    assert any("200 fietsen" in each for each in quotes(quote(ASKED, Limits(words=1))))


def test_what_is_much_less_likely_is_left_out(quote: Quote) -> None:
    assert len(quotes(quote(ASKED, Limits(drop=0.1)))) == 1


def test_sentences_that_touch_become_one_quotation(quote: Quote) -> None:
    everything = Limits(citations=20, words=500, drop=20.0)
    whole = next(each for each in quotes(quote(ASKED, everything)) if "200 fietsen" in each)
    assert "Wel missen wij" in whole


@pytest.mark.parametrize(
    ("by", "quoted"),
    [
        ({"shows": 5.0}, "Mensen wachten te lang op schuldhulp. Dat kost hun gemiddeld 300 euro."),
        ({"own": 5.0}, "Mensen wachten te lang op schuldhulp."),
    ],
)
def test_a_sentence_that_leans_brings_the_one_before_and_no_more(
    quote_leaning: Quote, by: dict[str, float], quoted: str
) -> None:
    question = "Hoeveel euro is men kwijt door te wachten op schuldhulp?"
    assert quotes(quote_leaning(question, Limits(drop=0.0), Weights(0.0, by))) == [quoted]


def test_quotations_are_the_letters_own_text(quote: Quote) -> None:
    for statement in quote(ASKED):
        for citation in statement.citations:
            assert citation.letter.text[citation.start : citation.end] == citation.quote
            assert citation.quote == citation.quote.strip()


def test_the_asked_speaker_is_quoted_and_others_left_out(quote: Quote) -> None:
    for question, voice in (
        (ASKED, Voice.COUNCIL),
        ("Hoeveel fietsen stelt het college beschikbaar?", Voice.EXECUTIVE),
    ):
        assert {c.voice for statement in quote(question) for c in statement.citations} == {voice}


def test_another_is_quoted_where_the_asked_speaker_is_much_less_likely(quote: Quote) -> None:
    statements = quote(ASKED, Limits(others=0.0), Weights(0.0, {"other_voice": 5.0}))
    assert Voice.EXECUTIVE in {c.voice for statement in statements for c in statement.citations}


def test_a_speaker_silent_on_the_question_is_not_quoted_on_something_else(quote: Quote) -> None:
    statements = quote("Wat zei het college over het zwembad?")
    assert {c.letter.source for statement in statements for c in statement.citations} == {"brief-zwembad.md"}
    assert statements[0].text.startswith("Van het college van B&W zelf is hierover niets gevonden")


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("De wachttijd", True),
        ("2. Inkomensgrens", True),
        ("Schuldhulpverlening", True),
        ("Wij adviseren nee.", False),
        ("- een vaste contactpersoon", False),
        ("De wachttijd werd steeds langer", False),
    ],
)
def test_a_heading_among_sentences_says_nothing(line: str, title: bool) -> None:
    assert is_title(line) is title
