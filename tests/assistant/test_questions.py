from __future__ import annotations

import datetime as dt

import pytest

from assistant.answers import Language
from assistant.questions import Asked, language_of, references_in, understand
from vectorstore.letters import Filters, Kind, Voice


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wat zei de cliëntenraad over de armoedeval?", Language.DUTCH),
        ("What did the council say about the armoedeval?", Language.ENGLISH),
        ("armoede val standpunt raad", Language.DUTCH),
        ("poverty trap", Language.DUTCH),
        ("Children need shoes and they cannot wait", Language.ENGLISH),
        ("I never met her", Language.ENGLISH),
        ("We willen een pilot met een jobcoach", Language.DUTCH),
        ("How many people got a job?", Language.ENGLISH),
        ("CRA 2020-02", Language.DUTCH),
    ],
)
def test_the_language_is_that_of_the_function_words(text: str, language: Language) -> None:
    assert language_of(text) is language


@pytest.mark.parametrize(
    ("text", "voice"),
    [
        ("Wat zei de cliëntenraad over de armoedeval?", Voice.COUNCIL),
        ("Wat vond het college van ons advies?", Voice.EXECUTIVE),
        ("Wat vindt de raad van wat het college voorstelt?", Voice.COUNCIL),
        ("Wat levert het programma op volgens het college?", Voice.EXECUTIVE),
        ("What did the municipality say about debts?", Voice.EXECUTIVE),
        ("armoede val standpunt raad", Voice.COUNCIL),
        ("Hoe hoog is de premie?", None),
        ("Wie stelde dat scholing niet helpt?", None),
    ],
)
def test_whose_words_are_asked_for(text: str, voice: Voice | None) -> None:
    assert understand(text, Filters()).voice is voice


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("Heeft de raad vaker om een rapportage gevraagd?", True),
        ("In welke adviezen staat de taaleis?", True),
        ("Is de raad sinds 2014 anders gaan denken over de tegenprestatie?", True),
        ("Wat vroeg de raad en wat besloot het college?", True),
        ("How often did the council ask for a telephone number?", True),
        ("Wat zei de cliëntenraad over de armoedeval?", False),
        ("Welke kosten vergoedt de gemeente?", False),
    ],
)
def test_several_letters_may_be_asked_for(text: str, several: bool) -> None:
    assert understand(text, Filters()).several is several


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("Wat zei de raad in 2019 over scholing?", dt.date(2019, 1, 1), dt.date(2019, 12, 31)),
        ("Wat schreef de raad vóór 2019 over scholing?", None, dt.date(2018, 12, 31)),
        ("Wat adviseerde de raad sinds 2020 over scholing?", dt.date(2020, 1, 1), None),
        ("Wat vroeg de raad tussen 2016 en 2018?", dt.date(2016, 1, 1), dt.date(2018, 12, 31)),
        ("What did the council write after 2015 about debts?", dt.date(2016, 1, 1), None),
        ("Wat staat er in de brief van november 2019?", dt.date(2019, 11, 1), dt.date(2019, 11, 30)),
        ("Wat staat er in het advies van 30 januari 2020?", dt.date(2020, 1, 30), dt.date(2020, 1, 30)),
        ("Wat zei de raad over het Werkprogramma 2020-2022?", None, None),
        ("Wat vindt de raad van de energietoeslag 2023?", None, None),
        ("Hoeveel mensen hadden bijstand in 2019?", None, None),
    ],
)
def test_the_period_of_a_question_about_letters_of_then(
    text: str, since: dt.date | None, until: dt.date | None
) -> None:
    filters = understand(text, Filters()).filters
    assert (filters.since, filters.until) == (since, until)


def test_a_period_the_user_chose_outranks_that_of_the_question() -> None:
    chosen = Filters(since=dt.date(2015, 1, 1))
    assert understand("Wat zei de raad in 2019?", chosen).filters == chosen


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Wat is het kenmerk van het advies over scholing?", Asked.REFERENCE),
        ("Wanneer schreef de raad het advies over scholing?", Asked.DATE),
        ("Wie ondertekende het advies?", Asked.SIGNATORY),
        ("Aan wie is de brief gericht?", Asked.ADDRESSEE),
        ("Wie was in 2021 voorzitter van de raad?", Asked.SIGNATORY),
        ("Wat vindt de raad van scholing?", None),
    ],
)
def test_what_is_asked_about_a_letter_itself(text: str, asked: Asked | None) -> None:
    assert understand(text, Filters()).asked is asked


def test_the_kind_of_letter_that_is_asked_about() -> None:
    assert understand("Wat is het kenmerk van de reactie?", Filters()).kinds == {Kind.REPLY}
    assert Kind.ADVICE in understand("Wie tekende het spoedadvies?", Filters()).kinds


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("Wat staat er in CRA 2020-02?", ["CRA 2020-02"]),
        ("cra 2020-02", ["cra 2020-02"]),
        ("de brief 505679-2021", ["505679-2021"]),
        ("het reactie SD/15/02217", ["SD/15/02217"]),
        ("Werkprogramma 2020-2022", []),
    ],
)
def test_kenmerken_in_a_question(text: str, references: list[str]) -> None:
    assert references_in(text) == references
