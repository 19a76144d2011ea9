"""Whether what was found is enough to answer from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.assistant import Assistant
from assistant.evidence.fitted import Weights
from assistant.evidence.sentence_scoring import FEATURES as OF_SENTENCE
from assistant.evidence.sentence_scoring import Sentence
from assistant.refusal.sufficiency import FEATURES, Refusal, measured, suffices

NEVER, ALWAYS = Weights(-50.0, {}), Weights(50.0, {})


def spoken(sentence: Sentence, **features: float) -> Sentence:
    """A sentence with other features, all the rest 0."""
    values = np.array([features.get(name, 0.0) for name in OF_SENTENCE])
    return replace(sentence, features=values)


def test_nothing_found_is_never_enough(assistant: Assistant) -> None:
    considered = assistant.considered("Hoeveel fietsen vroeg de cliëntenraad?")
    assert not suffices(replace(considered, sentences=[]), Refusal(0.0), ALWAYS)


def test_a_sentence_that_speaks_of_all_that_is_asked_is_always_enough(assistant: Assistant) -> None:
    considered = assistant.considered("Hoeveel fietsen vroeg de cliëntenraad?")
    sentence = considered.sentences[0]
    whole, half = spoken(sentence, own=1.0), spoken(sentence, own=0.5)
    assert suffices(replace(considered, sentences=[half, whole]), Refusal(1.0), NEVER)
    assert not suffices(replace(considered, sentences=[half]), Refusal(1.0), NEVER)


def test_of_an_english_question_the_subject_of_the_letter_has_to_speak_of_it_too(assistant: Assistant) -> None:
    considered = assistant.considered("How many bicycles did the council ask for?")
    sentence = considered.sentences[0]
    confirmed, passing = spoken(sentence, own=0.9, letter=0.9), spoken(sentence, own=0.9)
    assert suffices(replace(considered, sentences=[confirmed]), Refusal(), NEVER)
    assert not suffices(replace(considered, sentences=[passing]), Refusal(), NEVER)
    dutch = assistant.considered("Hoeveel fietsen vroeg de cliëntenraad?")
    assert not suffices(replace(dutch, sentences=[confirmed]), Refusal(), NEVER)


def test_otherwise_the_probability_decides(assistant: Assistant) -> None:
    considered = assistant.considered("Hoeveel fietsen vroeg de cliëntenraad?")
    half = [spoken(considered.sentences[0], own=0.5)]
    even = Weights(0.0, {})
    assert suffices(replace(considered, sentences=half), Refusal(0.5), even)
    assert not suffices(replace(considered, sentences=half), Refusal(0.51), even)
    assert suffices(replace(considered, sentences=half), Refusal(0.0), NEVER)


def test_the_measures_are_those_that_are_named(assistant: Assistant) -> None:
    considered = assistant.considered("Hoeveel fietsen vroeg de cliëntenraad?")
    values = dict(zip(FEATURES, measured(considered), strict=True))
    scores = sorted((each.score for each in considered.sentences), reverse=True)
    assert (values["likely"], values["third"]) == (scores[0], scores[2])
    assert values["own"] == 1.0
    assert values["concepts"] == 0.2
    assert values["absent"] == 0.0
    assert values["unheard"] == 0.0
    assert set(values) == set(FEATURES)


def test_a_speaker_who_is_not_heard_is_measured_up_to_a_limit(assistant: Assistant) -> None:
    considered = assistant.considered("Hoeveel fietsen vroeg de cliëntenraad?")
    others = [each for each in considered.sentences if each.voice is not considered.question.voice]
    values = dict(zip(FEATURES, measured(replace(considered, sentences=others)), strict=True))
    assert values["unheard"] == 3.0


@pytest.mark.parametrize("least", [-0.1, 1.1])
def test_a_refusal_is_a_probability(least: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        Refusal(least)


@pytest.mark.parametrize("least", [0.0, 0.5, 1.0])
def test_its_bounds_are_probabilities_too(least: float) -> None:
    assert Refusal(least).least == least
