"""Answers that a language model writes, as a member sees them come, stops them and corrects them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from assistant.answers.answer import Language
from assistant.web.app import serve
from tests.assistant.web.conftest import free_port
from tests.assistant.web.scripted import AWAY, DROPPED, PROBLEM, ScriptedAssistant, scripted
from tests.assistant.web.test_browser import WAITING_QUESTION, ask, serious_violations
from tests.letters import HOSTILE
from tests.waiting import until

Chat = tuple[ScriptedAssistant, str]
Visit = Callable[..., Page]

BEFORE_THE_FIRST_STATEMENT = 3
"""Steps: the model is asked, it begins, it reads a letter."""


@pytest.fixture(scope="module")
def writing_chat() -> Iterator[Chat]:
    """A scripted assistant with a model far away, and the address of its chat."""
    assistant, typed = scripted(destination=AWAY)
    with serve(typed, "127.0.0.1", free_port(), Language.DUTCH) as address:
        yield assistant, address


@pytest.fixture
def paced(writing_chat: Chat) -> Iterator[ScriptedAssistant]:
    """The assistant, whose model takes a step only when told to."""
    assistant = writing_chat[0]
    assistant.paced.set()
    yield assistant
    assistant.paced.clear()


def begin(page: Page, question: str) -> None:
    """Ask a question and do not wait for its answer."""
    page.get_by_label("Uw vraag").fill(question)
    page.get_by_label("Uw vraag").press("Enter")
    expect(page.locator(".asked", has_text=question)).to_be_visible()


def expect_halted(assistant: ScriptedAssistant, question: str) -> None:
    """Waits until the model was stopped while it answered a question."""
    assert until(lambda: question in assistant.halted)


def stop_button(page: Page) -> Locator:
    return page.get_by_role("button", name="Stop met schrijven")


def test_statements_come_one_by_one_and_can_be_followed_at_once(
    paced: ScriptedAssistant, writing_chat: Chat, visit: Visit
) -> None:
    page = visit(writing_chat[1])
    begin(page, WAITING_QUESTION)
    expect(page.locator(".pending")).to_have_text("Ik zoek in de brieven…")
    paced.step(BEFORE_THE_FIRST_STATEMENT)
    expect(page.locator(".pending")).to_contain_text("Elke zin wordt eerst gecontroleerd")
    expect(page.locator(".reading")).to_have_text("Het leest nu: Advies CWI 2019-03")
    paced.step()
    expect(page.locator(".statement")).to_have_count(1)
    page.get_by_role("link", name="vindplaats 2").click()
    card = page.locator("#source-1-2")
    expect(card).to_be_focused()
    scrolled = page.evaluate("scrollY")
    paced.step()
    expect(page.locator(".statement")).to_have_count(2)
    expect(card).to_be_focused()
    expect(card).to_have_class("card lit")
    assert page.evaluate("scrollY") == scrolled
    assert serious_violations(page) == []
    page.get_by_label("Uw vraag").fill("half een vraag")
    paced.step()
    expect(page.locator(".written")).to_contain_text("Geschreven door het taalmodel")
    expect(page.get_by_label("Uw vraag")).to_have_value("half een vraag")
    expect(page.locator("[role=log] p", has_text="schrijft de Cliëntenraad")).to_have_count(1)
    expect(stop_button(page)).to_be_hidden()


def test_stopping_ends_the_model_and_keeps_what_held(
    paced: ScriptedAssistant, writing_chat: Chat, visit: Visit
) -> None:
    page = visit(writing_chat[1])
    expect(stop_button(page)).to_be_hidden()
    begin(page, "Wachten, en dan stoppen")
    paced.step(BEFORE_THE_FIRST_STATEMENT + 1)
    expect(page.locator(".statement")).to_have_count(1)
    stop_button(page).press("Enter")
    expect(page.locator(".written")).to_contain_text("U hebt het taalmodel gestopt.")
    expect(page.locator("#turn-1")).to_be_focused()
    expect(page.locator(".statement")).to_have_count(1)
    expect(stop_button(page)).to_be_hidden()
    expect_halted(paced, "Wachten, en dan stoppen")


def test_one_question_at_a_time_is_answered_in_a_conversation(
    paced: ScriptedAssistant, writing_chat: Chat, visit: Visit
) -> None:
    page = visit(writing_chat[1])
    asked = len(paced.asked)
    begin(page, WAITING_QUESTION)
    paced.step(BEFORE_THE_FIRST_STATEMENT + 1)
    for typed in ("", WAITING_QUESTION):
        page.get_by_label("Uw vraag").fill(typed)
        page.get_by_label("Uw vraag").press("Enter")
    expect(page.locator(".statement")).to_have_count(1)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert len(paced.asked) == asked + 1
    for number in range(2, 6):
        begin(page, f"En de wachttijd daarna, in jaar {number}?")
        expect(page.locator("#turn-1 .written")).to_contain_text("U hebt het taalmodel gestopt.")
        expect(page.locator("#turn-1 .statement")).to_have_count(1)
        expect(page.locator(f"#turn-{number} .pending")).to_be_visible()
    expect(page.locator(".pending")).to_have_count(1)
    expect(stop_button(page)).to_be_visible()


def test_beginning_anew_and_closing_the_page_stop_the_model(
    paced: ScriptedAssistant, writing_chat: Chat, visit: Visit
) -> None:
    page = visit(writing_chat[1])
    begin(page, "Alles over wachten")
    page.get_by_role("button", name="Nieuwe vraag").click()
    expect(page.locator(".turn")).to_have_count(0)
    begin(page, "Iets over wachten")
    expect_halted(paced, "Alles over wachten")
    expect(page.locator(".turn")).to_have_count(1)
    page.close()
    expect_halted(paced, "Iets over wachten")


def test_what_was_left_out_is_shown_on_demand_only_and_as_no_part_of_the_letters(
    writing_chat: Chat, visit: Visit
) -> None:
    page = visit(writing_chat[1], 400)
    ask(page, "wachttijden, verzin er iets bij")
    expect(page.get_by_text(DROPPED[0].text)).to_be_hidden()
    page.locator(".written summary").click()
    expect(page.locator(".dropped")).to_contain_text("Wat hieronder staat, komt niet uit de brieven.")
    expect(page.locator(".dropped li").first).to_contain_text("een getal in staat dat niet in de brief staat")
    expect(page.locator(".dropped li").last).to_contain_text(HOSTILE)
    assert page.evaluate("window.hacked") is None
    assert serious_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    ask(page, "wachttijden bij een storing")
    expect(page.locator(".dropped")).to_be_visible()
    expect(page.locator("#turn-2 .written")).to_contain_text("deed het niet. Daarom ziet u zinnen uit de brieven zelf.")
    page.locator("#turn-2").get_by_text("Voor wie het archief beheert").click()
    expect(page.get_by_text(PROBLEM)).to_be_visible()


def test_a_question_that_was_understood_wrongly_is_changed_and_asked_by_itself(
    writing_chat: Chat, visit: Visit
) -> None:
    page = visit(writing_chat[1])
    ask(page, WAITING_QUESTION)
    ask(page, "En daarna?")
    page.get_by_role("button", name="Aanpassen").press("Enter")
    box = page.get_by_label("Uw vraag")
    expect(box).to_be_focused()
    expect(box).to_have_value(f"{WAITING_QUESTION} En daarna?")
    expect(page.get_by_role("alert")).to_contain_text("staat los van uw vorige vragen")
    ask(page, "Wat schreef het college over wachten?")
    assert writing_chat[0].histories[-1] == ()
    expect(page.get_by_role("alert")).to_have_count(0)
    ask(page, "En daarna?")
    assert len(writing_chat[0].histories[-1]) == 3


def test_the_language_can_be_switched_while_an_answer_is_written(
    paced: ScriptedAssistant, writing_chat: Chat, visit: Visit
) -> None:
    page = visit(writing_chat[1])
    expect(page.locator(".privacy")).to_contain_text("bij taal.example.org")
    begin(page, WAITING_QUESTION)
    paced.step(BEFORE_THE_FIRST_STATEMENT + 1)
    expect(page.locator(".statement")).to_have_count(1)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Stop writing")).to_be_visible()
    paced.step(2)
    expect(page.locator(".written")).to_contain_text("Written by the language model")
    expect(page.get_by_role("heading", name="Sources")).to_be_visible()
