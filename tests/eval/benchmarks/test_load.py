"""The bench of the chat under load: it asks what a browser asks, and tells what went wrong."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psutil
import pytest
from playwright.sync_api import Browser

import eval
from assistant.answers.answer import Language
from assistant.web.app import serve
from eval.__main__ import PASSED, main
from eval.benchmarks.chat_page import AskOutcome, BrokenEventError, Event, PageEvents, Visit, outcome_of
from eval.benchmarks.load import summarise
from eval.benchmarks.readers import Readers, Seen, varied_questions
from tests.assistant.web.conftest import free_port
from tests.assistant.web.scripted import ScriptedAssistant, scripted
from tests.eval.scripted import NOTHING
from tests.waiting import PATIENCE

ANSWERED_QUESTION = "Wat schreef de raad over de wachttijden?"

SAMPLE = Path(eval.__file__).parent / "sample" / "questions.yaml"

Result = TypeVar("Result")
Sent = tuple[str, str, str]


@pytest.fixture
def chat() -> Iterator[tuple[ScriptedAssistant, str]]:
    """A scripted assistant and the address of its chat."""
    assistant, typed = scripted()
    with serve(typed, "127.0.0.1", free_port(), Language.DUTCH) as address:
        yield assistant, address


def in_thread(doing: Coroutine[Any, Any, Result]) -> Result:
    """Run it in a thread of its own, as a browser that is driven from this one has an event loop here."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, doing).result()


def sent(method: str, url: str, body: str | None) -> Sent | None:
    """What a page asks of its server, its session left out; None for what a browser keeps: scripts and styles."""
    path = httpx.URL(url).path
    if path != "/" and not path.startswith("/gradio_api/"):
        return None
    content = {"event_data": None} | json.loads(body) | {"session_hash": ""} if body else {}
    return method, path.rpartition("heartbeat")[1] or path, json.dumps(content, sort_keys=True)


def by_browser(chromium: Browser, address: str, many: int) -> list[Sent]:
    """What a browser asks for a page and one question in it, when that is at least so much."""
    page, heard = chromium.new_page(), list[Sent | None]()
    page.on("request", lambda request: heard.append(sent(request.method, request.url, request.post_data)))
    with page.expect_request("**/queue/data*"):
        page.goto(address)
    page.get_by_label("Uw vraag").fill(ANSWERED_QUESTION)
    page.locator("#ask").click()
    page.locator('.turn[data-state="done"]').wait_for()
    ends = time.monotonic() + PATIENCE
    while sum(map(bool, heard)) < many and time.monotonic() < ends:
        page.wait_for_timeout(50)
    page.close()
    return [one for one in heard if one]


async def by_reader(address: str) -> list[Sent]:
    """What a reader of the bench asks for the same."""
    heard: list[Sent | None] = []

    async def note(request: httpx.Request) -> None:
        heard.append(sent(request.method, str(request.url), request.content.decode()))

    async with httpx.AsyncClient(base_url=address, timeout=None, event_hooks={"request": [note]}) as client:
        visit = Visit(client)
        events = PageEvents.of(await visit.page())
        async with visit.stay():
            for event in (*events.load, events.ask, *events.follow):
                await visit.run(event, ANSWERED_QUESTION)
    return [one for one in heard if one]


def read_with(address: str, most: int, readers: int = 1, question: str = ANSWERED_QUESTION) -> Seen:
    """What readers see of a chat in this process."""

    async def read() -> Seen:
        async with httpx.AsyncClient(base_url=address, timeout=None) as client:
            events = PageEvents.of(await Visit(client).page())
            asked = (f"{question} {number}" for number in itertools.count())
            return await Readers(client, events, asked, psutil.Process(), float("inf"), most).run(readers)

    return in_thread(read())


def test_a_reader_asks_what_a_browser_asks(chat: tuple[ScriptedAssistant, str], chromium: Browser) -> None:
    reader = in_thread(by_reader(chat[1]))
    browser = by_browser(chromium, chat[1], len(reader))
    assert sorted(browser) == sorted(reader)


def test_readers_open_a_page_every_few_questions_and_stop_after_the_last(chat: tuple[ScriptedAssistant, str]) -> None:
    seen = read_with(chat[1], most=7, readers=2)
    assert len(seen.answers) == len(seen.refreshes) == 7
    assert len(seen.openings) == 2
    assert not seen.errors


def test_a_chat_that_says_it_cannot_answer_is_an_error_and_no_answer(chat: tuple[ScriptedAssistant, str]) -> None:
    seen = read_with(chat[1], most=2, question="kapot")
    assert sum(seen.errors.values()) == 2
    assert not seen.answers


def test_readers_who_find_no_page_do_not_wait_for_one_another_for_ever() -> None:
    async def read() -> Seen:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{free_port()}") as client:
            events = PageEvents((), Event(0, 0, ("",), question=0), ())
            return await Readers(client, events, itertools.repeat("?"), psutil.Process(), 0.0, 1).run(2)

    seen = in_thread(read())
    assert sum(seen.errors.values()) == 2
    assert not seen.answers


def test_a_question_without_an_answer_is_an_error() -> None:
    with pytest.raises(BrokenEventError):
        outcome_of(b'id=\\"turn-1\\" data-state=\\"pending\\"')


def test_only_the_last_turn_tells_what_came_of_a_question() -> None:
    earlier, last = (
        b'id=\\"turn-%d\\" %s ' % turn for turn in ((1, AskOutcome.FAILED.value), (2, AskOutcome.ANSWERED.value))
    )
    assert outcome_of(earlier + last) is AskOutcome.ANSWERED


def test_questions_are_all_different_and_the_same_each_time(questions: Path) -> None:
    first, again, other = (list(itertools.islice(varied_questions(questions, seed), 20)) for seed in (1, 1, 2))
    assert first == again != other
    assert NOTHING not in first


def test_rounds_are_summed_up_and_their_errors_told(capsys: pytest.CaptureFixture[str]) -> None:
    rounds = [Seen(answers=[1.0, 3.0], seconds=2.0, memory=[100.0]), Seen(answers=[2.0], seconds=1.0, memory=[110.0])]
    rounds[0].errors["no connection"] = 4
    figures = summarise(rounds, "20 readers")
    assert figures["20 readers: answers/s"] == 1.0
    assert figures["20 readers: answer, p50, s"] == 2.0
    assert figures["20 readers: errors"] == 4
    assert figures["20 readers: memory of the chat afterwards, MB"] == 110.0
    assert "4 times no connection" in capsys.readouterr().err


@pytest.mark.timeout(600)  # eight processes one after another, on a machine that may be busy
def test_a_small_load_is_borne_without_errors(letters: Path, tmp_path: Path) -> None:
    out, given = tmp_path / "load.json", ["--archive", str(letters), "--questions", str(SAMPLE), "--small"]
    assert main(["bench", *given, "--load", str(tmp_path / "load"), "--sizes", "100", "--out", str(out)]) == PASSED
    figures = json.loads(out.read_text(encoding="utf-8"))["now"]
    assert figures["100 passages, 3 readers: answers"] > 0
    assert figures["100 passages, 3 readers: errors"] == 0
    assert {"memory after 6 questions, MB", "100 passages: ask in a new process, s"} <= figures.keys()
    assert any(name.startswith("list of") for name in figures)
