"""What is measured of a sentence, in a small archive."""

from __future__ import annotations

import pytest

from assistant.assistant import Assistant
from assistant.evidence.coverage import TextReader
from assistant.evidence.fitted import Weights
from assistant.evidence.sentence_scoring import FEATURES, Relevance, Sentence, is_edge
from tests.fakes import FakeReader
from vectorstore.models.reader import READ
from vectorstore.search import Query

ASKED = "Hoeveel fietsen vroeg de cliëntenraad?"


def sentence(assistant: Assistant, question: str, beginning: str) -> Sentence:
    found = assistant.considered(question).sentences
    return next(each for each in found if each.text.startswith(beginning))


def feature(of: Sentence, name: str) -> float:
    return float(of.features[FEATURES.index(name)])


@pytest.mark.parametrize("question", [ASKED, "Wat zei het college over het zwembad?", "What about bicycles?"])
def test_every_feature_but_those_of_the_reader_is_a_number_from_0_to_1(assistant: Assistant, question: str) -> None:
    for each in assistant.considered(question).sentences:
        assert each.features.shape == (len(FEATURES),)
        measured = each.features[: FEATURES.index("reads")]
        assert ((measured >= 0) & (measured <= 1.0000001)).all(), each.text
        assert each.letter.text[each.start : each.end] == each.text


def test_a_sentence_speaks_of_the_question_by_itself_or_by_what_stands_around_it(assistant: Assistant) -> None:
    whole = sentence(assistant, ASKED, "Wij adviseren u om 200 fietsen")
    beside = sentence(assistant, ASKED, "Wel missen wij")
    assert (feature(whole, "own"), feature(beside, "own")) == (1.0, 0.0)
    assert feature(beside, "around") == feature(beside, "before") == feature(beside, "after") == 1.0
    assert whole.score > beside.score


def test_the_asked_speaker_and_another_are_told_apart(assistant: Assistant) -> None:
    council = sentence(assistant, ASKED, "Wij adviseren")
    executive = sentence(assistant, ASKED, "“De vraag naar fietsen")
    assert (feature(council, "asked_voice"), feature(council, "other_voice")) == (1.0, 0.0)
    assert (feature(executive, "asked_voice"), feature(executive, "other_voice")) == (0.0, 1.0)


def test_asked_for_nobody_no_speaker_is_the_other(assistant: Assistant) -> None:
    anybody = sentence(assistant, "Hoeveel fietsen?", "Wij adviseren")
    assert not any(feature(anybody, name) for name in ("asked_voice", "other_voice", "unknown_voice", "stance"))


def test_a_sentence_shows_or_lacks_what_is_wanted(assistant: Assistant) -> None:
    number, none = sentence(assistant, ASKED, "Wij adviseren"), sentence(assistant, ASKED, "Wij herkennen")
    assert (feature(number, "shows"), feature(number, "lacks")) == (1.0, 0.0)
    assert (feature(none, "shows"), feature(none, "lacks")) == (0.0, 1.0)


def test_where_nothing_is_wanted_nothing_is_lacked_and_a_stance_counts(assistant: Assistant) -> None:
    advice = sentence(assistant, "Wat adviseerde de cliëntenraad over fietsen?", "Wij adviseren")
    assert feature(advice, "lacks") == feature(advice, "shows") == 0.0
    assert feature(advice, "stance") == 1.0


def test_what_the_letter_asks_for_is_a_request_unless_the_executive_is_asked(assistant: Assistant) -> None:
    assert feature(sentence(assistant, ASKED, "Wij adviseren"), "request") == 1.0
    assert feature(sentence(assistant, "Wat zei het college over fietsen?", "Wij adviseren"), "request") == 0.0


def test_short_lead_ins_and_the_first_sentence_are_told(assistant: Assistant) -> None:
    assert feature(sentence(assistant, ASKED, "Het college stelt:"), "short") == 1.0
    assert feature(sentence(assistant, ASKED, "In uw advies"), "first") == 1.0
    assert feature(sentence(assistant, ASKED, "Wij adviseren"), "first") == 0.0


def test_what_stands_above_and_below_a_letter_is_an_edge_and_not_answered_from(assistant: Assistant) -> None:
    letter = next(each for each in assistant.letters() if each.source == "advies-fietsen.txt")
    passages = assistant.archive.store.passages_of([letter.id])
    edges = [passage for passage in passages if is_edge(passage)]
    assert any("Ons kenmerk" in passage.text for passage in edges)
    assert any("Anna de Wit" in passage.text for passage in edges)
    assert not any("200 fietsen" in passage.text for passage in edges)
    texts = [each.text for each in assistant.considered(ASKED).sentences]
    assert not any("Anna de Wit" in text or "Ons kenmerk" in text for text in texts)


def test_nothing_is_measured_of_no_passages(assistant: Assistant) -> None:
    considered = assistant.considered(ASKED)
    relevance = Relevance(TextReader(assistant.archive.analyser), Weights(0.0, {}))
    assert relevance.sentences(considered.question, considered.weighed, []) == []
    hits = assistant.archive.candidates(Query("fietsen", 20))
    assert relevance.sentences(considered.question, considered.weighed, hits)


def test_what_the_reader_says_is_told_of_the_passages_that_it_read(assistant: Assistant) -> None:
    considered, hits = assistant.considered(ASKED), assistant.archive.candidates(Query("fietsen", 20))
    network = FakeReader({"Wij adviseren": 3.0})
    relevance = Relevance(TextReader(assistant.archive.analyser), Weights(0.0, {"reads": 1.0}), network)
    many = [hits[number % len(hits)] for number in range(READ + 1)]
    sentences = relevance.sentences(considered.question, considered.weighed, many)
    advice = next(each for each in sentences if "Wij adviseren" in each.text)
    assert (feature(advice, "reads"), feature(advice, "passage_reads")) == (3.0, 3.0)
    assert advice.score >= 3.0
    others = [each for each in sentences if each.hit is advice.hit and each is not advice]
    assert {feature(each, "passage_reads") for each in others} == {3.0}
    assert all(feature(each, "reads") == -4.0 for each in others if "Wij adviseren" not in each.text)
    assert len(network.read_pairs) == READ
    (question,) = {question for question, _ in network.read_pairs}
    assert question == considered.question.standalone.text


def test_without_a_reader_nothing_was_read(assistant: Assistant) -> None:
    considered, hits = assistant.considered(ASKED), assistant.archive.candidates(Query("fietsen", 20))
    relevance = Relevance(TextReader(assistant.archive.analyser), Weights(0.0, {"reads": 1.0}))
    sentences = relevance.sentences(considered.question, considered.weighed, hits)
    assert {feature(each, name) for each in sentences for name in ("reads", "passage_reads")} == {0.0}
