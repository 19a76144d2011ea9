"""The chat as a member meets it, in a real Chromium."""

from __future__ import annotations

import asyncio
import time
import urllib.request
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from assistant.answers.answer import Language
from assistant.web.app import launch, serve
from assistant.web.headers import HEADERS
from tests.assistant.web.conftest import free_port
from tests.assistant.web.scripted import WAITING, ScriptedAssistant, scripted
from tests.letters import HOSTILE, WAITING_LISTS
from tests.waiting import PATIENCE
from vectorstore.errors import WrongUse
from vectorstore.letters import Filters, Voice

Chat = tuple[ScriptedAssistant, str]
Visit = Callable[..., Page]

WAITING_QUESTION = "Wat schreef de raad over de wachttijden?"


def ask(page: Page, question: str) -> None:
    """Type a question, press Enter and wait until it is answered.

    The same question again does nothing for a second, as for a key that is pressed twice; then it is pressed again.
    """
    before = page.locator('.turn[data-state="done"]').count()
    box = page.get_by_label("Uw vraag")
    box.fill(question)
    deadline = time.monotonic() + PATIENCE
    while box.input_value() and time.monotonic() < deadline:
        box.press("Enter")
        page.wait_for_timeout(300)
    expect(page.locator('.turn[data-state="done"]')).to_have_count(before + 1)


def serious_violations(page: Page) -> list[str]:
    """What axe-core finds that keeps people out."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in ("serious", "critical")]


def test_a_question_is_answered_with_statements_and_sources(chat: Chat, visit: Visit) -> None:
    page = visit(chat[1])
    ask(page, WAITING_QUESTION)
    expect(page.locator(".statement")).to_have_count(3)
    expect(page.locator(".statement q").first).to_have_text(f"“{WAITING.quote}”")
    expect(page.locator(".card")).to_have_count(4)
    expect(page.locator(".card mark").first).to_have_text(WAITING.quote)
    expect(page.locator("[role=log]", has_text="schrijft de Cliëntenraad")).to_have_count(1)
    expect(page.get_by_label("Uw vraag")).to_have_value("")


def test_a_marker_leads_to_its_card_and_the_card_leads_back(chat: Chat, visit: Visit) -> None:
    page = visit(chat[1])
    ask(page, WAITING_QUESTION)
    marker = page.get_by_role("link", name="vindplaats 4")
    marker.focus()
    page.keyboard.press("Enter")
    card = page.locator("#source-1-4")
    expect(card).to_have_class("card lit")
    expect(card).to_be_focused()
    expect(card).to_be_in_viewport()
    card.get_by_role("link", name="Terug naar het antwoord").press("Enter")
    expect(marker).to_be_focused()


def test_a_marker_of_an_earlier_answer_brings_its_sources_back(chat: Chat, visit: Visit) -> None:
    page = visit(chat[1])
    ask(page, WAITING_QUESTION)
    ask(page, "Hoe laat is het?")
    expect(page.locator("#source-1-1")).to_be_hidden()
    expect(page.get_by_text("Dit komt er het dichtst bij — geen antwoord")).to_be_visible()
    page.locator("#turn-1 a.marker").first.click()
    expect(page.locator("#source-1-1")).to_be_visible()
    expect(page.locator("#source-2-1")).to_be_hidden()


def test_a_letter_opens_at_the_quotation_and_closes_with_escape_every_time(chat: Chat, visit: Visit) -> None:
    page = visit(chat[1])
    ask(page, WAITING_QUESTION)
    opener = page.get_by_role("button", name="Open de brief Advies CWI 2019-03").first
    for _ in range(2):
        opener.click()
        letter = page.get_by_role("dialog", name="Advies CWI 2019-03")
        expect(letter.locator("mark")).to_have_text(WAITING.quote)
        expect(letter.locator("mark")).to_be_in_viewport()
        expect(letter.get_by_text("Cliëntenraad Werk & Inkomen Oevermeer").first).to_be_attached()
        page.keyboard.press("Escape")
        expect(letter).to_be_hidden()
        expect(opener).to_be_focused()


def test_nothing_in_a_letter_or_a_question_runs_or_becomes_markup(chat: Chat, visit: Visit) -> None:
    page = visit(chat[1])
    ask(page, f"Vreemd {HOSTILE}")
    expect(page.locator(".statement q")).to_contain_text(HOSTILE)
    expect(page.locator(".question .asked")).to_contain_text(HOSTILE)
    page.locator(".card button").first.click()
    expect(page.locator("dialog mark")).to_have_text(HOSTILE)
    assert page.evaluate("window.hacked") is None
    assert page.locator("main :is(script, img, b, .katex)").count() == 0


def test_strange_questions_break_nothing(chat: Chat, visit: Visit) -> None:
    page = visit(chat[1])
    strange = [
        "x" * 2000,
        "\ud800 half",
        '__i18n__{"en": "x"}',
        "\x00\x07 niets",
        "🙂" * 50,
        "%s {0} {question}",
    ]
    for number, question in enumerate(strange, 1):
        page.get_by_label("Uw vraag").evaluate(
            """(box, codes) => {
                box.value = String.fromCharCode(...codes);
                box.dispatchEvent(new Event("input"));
            }""",
            [int.from_bytes(pair, "little") for pair in _pairs(question.encode("utf-16-le", "surrogatepass"))],
        )
        page.get_by_role("button", name="Stel de vraag").dblclick()
        expect(page.locator(".refusal")).to_have_count(number)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def _pairs(data: bytes) -> list[bytes]:
    return [data[at : at + 2] for at in range(0, len(data), 2)]


def test_an_empty_question_is_not_asked(chat: Chat, visit: Visit) -> None:
    page = visit(chat[1])
    asked = len(chat[0].asked)
    page.get_by_label("Uw vraag").fill("   ")
    page.get_by_role("button", name="Stel de vraag").click()
    expect(page.get_by_role("alert").filter(has_text="Typ eerst een vraag")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)
    assert len(chat[0].asked) == asked


def test_an_example_is_asked_with_one_click(chat: Chat, visit: Visit) -> None:
    page = visit(chat[1])
    expect(page.locator(".examples button")).to_have_count(3)
    page.get_by_role("button", name="Wat schreef de raad over de wachttijden bij schuldhulp?").click()
    expect(page.locator(".statement")).to_have_count(3)
    expect(page.locator(".asked")).to_have_text("Wat schreef de raad over de wachttijden bij schuldhulp?")


def test_the_switch_to_english_changes_every_word_but_the_answers(chat: Chat, visit: Visit) -> None:
    page = visit(chat[1])
    assert page.evaluate("document.documentElement.lang") == "nl"
    ask(page, WAITING_QUESTION)
    page.get_by_label("Uw vraag").fill("half een vraag")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Sources")).to_be_visible()
    expect(page.get_by_label("Your question")).to_have_value("half een vraag")
    expect(page.get_by_role("button", name="Open the letter Advice CWI 2019-03").first).to_be_visible()
    expect(page.locator(".statement").first).to_contain_text("In het advies")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.get_by_role("button", name="Nederlands").click()
    expect(page.get_by_role("heading", name="Vindplaatsen")).to_be_visible()


def test_choices_reach_the_assistant_and_stay_after_a_switch_of_language(chat: Chat, visit: Visit) -> None:
    page = visit(chat[1])
    page.get_by_text("Zoek in…").click()
    page.get_by_label("Wie schreef de brief?").select_option("het college van B&W")
    page.get_by_label("In één brief?").select_option("Z19/004412")
    expect(page.locator(".filters summary")).to_contain_text("2 keuzes gemaakt")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_label("Who wrote the letter?")).to_have_value("executive")
    page.get_by_role("button", name="Nederlands").click()
    ask(page, WAITING_QUESTION)
    assert chat[0].asked[-1][1] == Filters(author=Voice.EXECUTIVE, letter="Z19/004412")
    expect(page.locator(".searched")).to_contain_text("Alleen: geschreven door het college van B&W")
    page.get_by_role("button", name="Wis alle keuzes").click()
    ask(page, WAITING_QUESTION)
    assert chat[0].asked[-1][1] == Filters()


def test_a_follow_up_is_asked_with_the_questions_before_it(chat: Chat, visit: Visit) -> None:
    page = visit(chat[1])
    ask(page, WAITING_QUESTION)
    ask(page, "En daarna?")
    expect(page.locator("#turn-2")).to_contain_text(f"Opgevat als: “{WAITING_QUESTION} En daarna?”")


def test_a_period_that_ends_before_it_begins_is_explained(chat: Chat, visit: Visit) -> None:
    page = visit(chat[1])
    page.get_by_text("Zoek in…").click()
    page.get_by_label("Vanaf welk jaar?").select_option("2021")
    page.get_by_label("Tot en met welk jaar?").select_option("2019")
    ask(page, WAITING_QUESTION)
    expect(page.locator(".failure")).to_contain_text("Het eerste jaar is later dan het laatste jaar")


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("kapot", "Het archief kan nu niet worden gelezen"),
        ("programmafout", "Er ging iets mis in het programma"),
    ],
)
def test_an_error_is_told_without_inner_workings(chat: Chat, visit: Visit, question: str, message: str) -> None:
    page = visit(chat[1])
    ask(page, question)
    expect(page.locator(".failure")).to_contain_text(message)
    for inner in ("secret inner workings", "Traceback"):
        expect(page.locator("body")).not_to_contain_text(inner)
    ask(page, WAITING_QUESTION)
    expect(page.locator(".statement")).to_have_count(3)


def test_an_empty_archive_explains_itself_and_wakes_up_when_it_is_filled(visit: Visit) -> None:
    assistant, typed = scripted(())
    with serve(typed, "127.0.0.1", free_port(), Language.DUTCH) as address:
        page = visit(address)
        expect(page.get_by_text("raadsgeheugen ingest MAP")).to_be_visible()
        ask(page, WAITING_QUESTION)
        expect(page.locator(".refusal")).to_have_count(1)
        assistant.held = WAITING_LISTS
        expect(page.locator(".examples button")).to_have_count(3)
        expect(page.get_by_text("Het archief bevat 4 brieven")).to_be_visible()
        ask(page, WAITING_QUESTION)
        expect(page.locator(".statement")).to_have_count(3)
        page.close()


def test_an_answer_neither_waits_for_a_survey_of_the_archive_nor_is_wiped_out_by_one(visit: Visit) -> None:
    assistant, typed = scripted()
    with serve(typed, "127.0.0.1", free_port(), Language.DUTCH) as address:
        assistant.held = WAITING_LISTS[1:]
        assistant.surveyed.clear()
        page = visit(address)
        ask(page, WAITING_QUESTION)
        assistant.surveyed.set()
        expect(page.locator("#filter-letter option")).to_have_count(len(WAITING_LISTS))
        expect(page.locator(".statement")).to_have_count(3)
        page.close()


def test_the_chat_closes_also_when_a_page_leaves_at_that_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    told, tell = list[asyncio.Event](), asyncio.Event.set

    def tell_later(event: asyncio.Event) -> None:
        told.append(event)
        if len(told) == 1:
            raise RuntimeError("deque mutated during iteration")
        tell(event)

    with serve(scripted()[1], "127.0.0.1", free_port(), Language.DUTCH) as address:
        monkeypatch.setattr(asyncio.Event, "set", tell_later)
    assert told
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(address, timeout=10)


def test_members_at_the_same_time_have_their_own_conversations(chat: Chat, visit: Visit) -> None:
    first, second = visit(chat[1]), visit(chat[1])
    first.get_by_role("button", name="English").click()
    expect(first.get_by_label("Your question")).to_be_visible()
    ask(second, WAITING_QUESTION)
    expect(second.get_by_label("Uw vraag")).to_be_visible()
    expect(first.locator(".turn")).to_have_count(0)


def test_a_new_question_starts_clean(chat: Chat, visit: Visit) -> None:
    page = visit(chat[1])
    ask(page, WAITING_QUESTION)
    page.get_by_role("button", name="Nieuwe vraag").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator(".card")).to_have_count(0)
    ask(page, "kapot")
    expect(page.locator(".failure")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 400])
def test_the_page_keeps_nobody_out(chat: Chat, visit: Visit, width: int) -> None:
    page = visit(chat[1], width)
    assert serious_violations(page) == []
    page.get_by_text("Zoek in…").click()
    ask(page, WAITING_QUESTION)
    assert serious_violations(page) == []
    page.locator(".card button").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert serious_violations(page) == []
    page.keyboard.press("Escape")
    ask(page, "Hoe laat is het?")
    assert serious_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert float(page.locator(".refusal p").evaluate("part => parseFloat(getComputedStyle(part).fontSize)")) >= 18


def test_the_browser_may_speak_with_this_server_only(chat: Chat) -> None:
    for path in ("", "theme.css"):
        with urllib.request.urlopen(f"{chat[1]}{path}") as answer:
            told = {name: answer.headers[name] for name in HEADERS}
        policy = dict(part.split(" ", 1) for part in told.pop("Content-Security-Policy").split("; "))
        assert told.items() <= HEADERS.items()
        assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
        assert policy["connect-src"] == "'self'"


def test_what_comes_into_the_page_cannot_run(chat: Chat, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(chat[1])
    violated = page.evaluate(
        """async () => {
            const told = new Promise((tell) => addEventListener("securitypolicyviolation", tell, {once: true}));
            const script = document.createElement("script");
            script.textContent = "window.hacked = true";
            document.body.append(script);
            return (await told).effectiveDirective;
        }"""
    )
    assert violated.startswith("script-src")
    assert page.evaluate("window.hacked") is None
    page.close()


def test_nothing_asked_stays_behind_in_the_browser(chat: Chat, visit: Visit) -> None:
    page = visit(chat[1])
    ask(page, WAITING_QUESTION)
    kept = page.evaluate(
        """async () => [JSON.stringify({...localStorage, ...sessionStorage}), document.cookie,
                        ...(await indexedDB.databases()).map((one) => one.name)]"""
    )
    assert "wachttijden" not in "".join(kept)
    assert len(kept) == 2, "a database was made"
    assert page.request.get(f"{chat[1]}gradio_api/runs").status == 404


def test_a_port_that_is_taken_is_said_to_be(chat: Chat) -> None:
    port = int(chat[1].rstrip("/").rsplit(":", 1)[1])
    with pytest.raises(WrongUse, match=f"port {port}"):
        launch(scripted()[1], "127.0.0.1", port, Language.DUTCH)
