from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answers.answer import Answer, Language, NoAnswer, Statement
from assistant.answers.serialisation import result_json
from assistant.assistant import Assistant
from vectorstore.errors import WrongUse
from vectorstore.letters import Filters, Voice


def answered(assistant: Assistant, question: str, filters: Filters | None = None) -> Answer:
    result = assistant.ask(question, filters)
    assert isinstance(result, Answer), result.text
    return result


def test_a_statement_needs_a_citation() -> None:
    with pytest.raises(ValueError, match="citation"):
        Statement("Dit staat nergens.", ())


def test_the_council_is_quoted_with_letter_date_and_speaker(assistant: Assistant) -> None:
    answer = answered(assistant, "Wat adviseerde de cliëntenraad over fietsen?")
    first = answer.citations[0]
    assert first.letter.source == "advies-fietsen.txt"
    assert all(word in answer.text for word in ("CRV 2018-03", "4 maart 2018", "Cliëntenraad", "200 fietsen"))


def test_the_executive_quoted_by_the_council_is_not_shown_as_the_council(assistant: Assistant) -> None:
    answer = answered(assistant, "Wie stelde dat de vraag naar fietsen klein is?")
    citation = next(c for c in answer.citations if "De vraag naar fietsen is klein" in c.quote)
    assert citation.voice is Voice.EXECUTIVE
    assert citation.letter.author is Voice.COUNCIL
    assert "college" in answer.text


def test_asked_for_the_executive_the_executive_is_quoted(assistant: Assistant) -> None:
    answer = answered(assistant, "Hoeveel fietsen stelt het college beschikbaar?")
    assert "150" in answer.text
    assert {citation.voice for citation in answer.citations} == {Voice.EXECUTIVE}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Wat is het kenmerk van het advies over het Fietsenplan?", "CRV 2018-03"),
        ("Wie ondertekende de brief over het zwembad?", "Bram Post"),
        ("Wanneer schreef de raad het advies over het Fietsenplan?", "4 maart 2018"),
        ("Aan wie is het advies over het Fietsenplan gericht?", "college"),
        ("Wie was in 2018 de voorzitter van de cliëntenraad?", "Anna de Wit"),
    ],
)
def test_questions_about_a_letter_itself(assistant: Assistant, question: str, expected: str) -> None:
    assert expected in answered(assistant, question).text


def test_a_kenmerk_alone_tells_what_the_letter_says(assistant: Assistant) -> None:
    answer = answered(assistant, "CRV 2018-03")
    assert {citation.letter.reference for citation in answer.citations} == {"CRV 2018-03"}
    assert "Fietsenplan" in answer.text


def test_an_english_question_gets_english_words_around_dutch_quotations(assistant: Assistant) -> None:
    answer = answered(assistant, "How many bicycles did the council ask for?")
    assert answer.language is Language.ENGLISH
    assert "200 fietsen" in answer.text
    assert answer.text.startswith("In ")


@pytest.mark.parametrize(
    "question",
    [
        "Wat vindt de cliëntenraad van kernenergie?",
        "Hoeveel statushouders kregen in 2017 een woning?",
        "Wat adviseerde de raad over hulp bij het huishouden in de Wmo?",
        "What did the council advise about nuclear energy?",
        "Wat zei de raad in 2012 over fietsen?",
    ],
)
def test_what_the_archive_does_not_say_is_refused_with_what_was_searched(assistant: Assistant, question: str) -> None:
    result = assistant.ask(question)
    assert isinstance(result, NoAnswer), result.text
    assert result_json(result)["statements"] == []
    assert result_json(result)["citations"] == []


def test_a_refusal_says_how_many_letters_were_searched_and_shows_the_nearest(assistant: Assistant) -> None:
    result = assistant.ask("Wat vindt de cliëntenraad van kernenergie?")
    assert isinstance(result, NoAnswer)
    assert "3 brieven" in result.text
    assert "2018" in result.text
    assert 0 < len(result.nearest) <= 3


def test_when_only_another_speaks_the_answer_says_so_first(assistant: Assistant) -> None:
    answer = answered(assistant, "Wat zei het college over het zwembad?")
    assert answer.text.startswith("Van het college van B&W zelf is hierover niets gevonden")


def test_filters_hold_for_every_citation(assistant: Assistant) -> None:
    answer = answered(assistant, "Wat is er gezegd over fietsen?", Filters(author=Voice.EXECUTIVE))
    assert {citation.letter.author for citation in answer.citations} == {Voice.EXECUTIVE}


def test_a_filter_that_lets_nothing_through_says_so(assistant: Assistant) -> None:
    result = assistant.ask("Wat is er gezegd over fietsen?", Filters(until=dt.date(1999, 1, 1)))
    assert isinstance(result, NoAnswer)
    assert result.searched.letters == 0


def test_a_follow_up_is_understood_from_the_question_before(assistant: Assistant) -> None:
    result = assistant.ask("En wat zei het college daarop?", history=["Wat adviseerde de raad over fietsen?"])
    assert isinstance(result, Answer)
    assert "fietsen" in result.standalone_question
    assert any(citation.letter.source == "reactie-fietsen.txt" for citation in result.citations)


def test_an_empty_archive_explains_how_to_fill_it(empty_assistant: Assistant) -> None:
    result = empty_assistant.ask("Wat zei de raad over fietsen?")
    assert isinstance(result, NoAnswer)
    assert "raadsgeheugen ingest" in result.text
    assert empty_assistant.examples(Language.DUTCH) == []


@pytest.mark.parametrize("question", ["", "   \n", "x" * 5000])
def test_what_is_no_question_is_a_clear_error(assistant: Assistant, question: str) -> None:
    with pytest.raises(WrongUse):
        assistant.ask(question)


def test_examples_are_answered_by_the_archive(assistant: Assistant) -> None:
    for language in Language:
        examples = assistant.examples(language)
        assert examples
        assert all(isinstance(assistant.ask(example), Answer) for example in examples)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=200).filter(str.strip))
def test_any_question_gets_an_answer_whose_quotes_are_the_letters_own(assistant: Assistant, question: str) -> None:
    result = assistant.ask(question)
    fields = result_json(result)
    assert fields["answered"] == isinstance(result, Answer)
    for citation in fields["citations"]:
        letter = assistant.letter(citation["letter"])
        assert letter is not None
        assert letter.text[citation["start"] : citation["end"]] == citation["quote"]
        assert citation["quote"] in citation["passage"]
    for statement in fields["statements"]:
        assert statement["citations"]


def test_many_members_ask_at_once(assistant: Assistant) -> None:
    question = "Hoeveel fietsen vroeg de cliëntenraad?"
    with ThreadPoolExecutor(8) as members:
        texts = list(members.map(lambda _: assistant.ask(question).text, range(24)))
    assert len(set(texts)) == 1
