"""A question is read once on its way to an answer, however many rooms it passes."""

from __future__ import annotations

from assistant.assistant import Assistant
from tests.house_walk import count_calls

QUESTION = "Wat zei de cliëntenraad over de fietsen?"
FOLLOW_UP = "En wat antwoordde het college daarop?"


def test_a_question_is_folded_and_cut_into_words_once_and_its_language_guessed_once(assistant: Assistant) -> None:
    assistant.ask("Wat zei de raad over de stadspas?")
    assert count_calls(lambda: assistant.ask(QUESTION), "fold", QUESTION).total() == 1
    assert count_calls(lambda: assistant.ask(QUESTION), "tokens", QUESTION).total() == 0
    assert count_calls(lambda: assistant.ask(QUESTION), "guess_language").total() == 1


def test_a_follow_up_and_what_it_stands_for_are_folded_once_each(assistant: Assistant) -> None:
    standalone = assistant.ask(FOLLOW_UP, history=[QUESTION]).standalone_question
    assert standalone != FOLLOW_UP
    for text in (FOLLOW_UP, standalone):
        assert count_calls(lambda text=text: assistant.ask(FOLLOW_UP, history=[QUESTION]), "fold", text).total() == 1
    assert count_calls(lambda: assistant.ask(FOLLOW_UP, history=[QUESTION]), "guess_language").total() == 2
