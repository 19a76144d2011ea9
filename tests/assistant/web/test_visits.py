"""What a visit leaves behind, and how much a page may hold."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import gradio as gr
import pytest

from assistant.answers.answer import Language, Response
from assistant.web import app, page
from assistant.web.state import Turn
from tests.assistant.web.conftest import free_port
from tests.assistant.web.scripted import ScriptedAssistant, scripted
from tests.assistant.web.visitor import Visitor
from tests.waiting import until

QUESTION = "Wat schreef de raad over de wachttijden?"


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[ScriptedAssistant, str, gr.Blocks]]:
    """A chat that has no patience with pages that are gone, its address, and what Gradio has of it."""
    for name, value in {"GRACE": 0.0, "SECONDS_BETWEEN_ROUNDS": 0.02}.items():
        monkeypatch.setattr(f"assistant.web.visits.{name}", value, raising=False)
    built: list[gr.Blocks] = []
    build = app.build
    monkeypatch.setattr(app, "build", lambda *given: built.append(build(*given)) or built[0])
    assistant, typed = scripted()
    with app.serve(typed, "127.0.0.1", free_port(), Language.DUTCH) as address:
        yield assistant, address, built[0]


def held() -> list[object]:
    """The turns and answers that anything still holds on to."""
    gc.collect()
    return [one for one in gc.get_objects() if issubclass(type(one), Turn | Response)]


def kept_of(blocks: gr.Blocks, session: str) -> bool:
    """Whether Gradio keeps anything by the name of a page."""
    queue, states = blocks._queue, blocks.state_holder
    places = (states.session_data, states.time_last_used, queue.pending_messages_per_session)
    return any(session in one for one in (*places, queue.pending_event_ids_session))


def test_conversations_that_have_ended_leave_nothing_behind(
    served: tuple[ScriptedAssistant, str, gr.Blocks],
) -> None:
    _, address, blocks = served
    before = {id(one) for one in held()}
    sessions = []
    for _ in range(5):
        with Visitor(address) as visitor:
            sessions.append(visitor.session)
            for number in range(4):
                assert "process_completed" in visitor.ask(f"{QUESTION} {number}")
    assert until(lambda: not any(kept_of(blocks, session) for session in sessions))
    assert until(lambda: {id(one) for one in held()} <= before)


def test_of_pages_without_a_connection_only_the_last_are_kept(
    served: tuple[ScriptedAssistant, str, gr.Blocks], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"GRACE": 600.0, "MOST_BROKEN": 2}.items():
        monkeypatch.setattr(f"assistant.web.visits.{name}", value)
    _, address, blocks = served
    sessions = []
    for _ in range(4):
        with Visitor(address) as visitor:
            sessions.append(visitor.session)
            visitor.ask(QUESTION)
    assert until(lambda: [kept_of(blocks, session) for session in sessions] == [False, False, True, True])


def test_a_page_that_is_open_keeps_its_conversation(served: tuple[ScriptedAssistant, str, gr.Blocks]) -> None:
    _, address, blocks = served
    with Visitor(address) as visitor, Visitor(address) as other:
        visitor.ask(QUESTION)
        other.ask("Hoe laat is het?")
        other.__exit__()
        assert until(lambda: not kept_of(blocks, other.session))
        assert "turn-2" in visitor.ask("Hoe laat is het?")


def test_messages_that_nobody_fetches_are_not_kept(served: tuple[ScriptedAssistant, str, gr.Blocks]) -> None:
    assistant, address, blocks = served
    visitor = Visitor(address)
    visitor.send(visitor.asking(QUESTION)).raise_for_status()
    assert until(lambda: assistant.asked)
    assert until(lambda: not kept_of(blocks, visitor.session))
    visitor.client.close()


def test_a_page_shows_and_remembers_so_many_turns(
    served: tuple[ScriptedAssistant, str, gr.Blocks], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "LONGEST_CONVERSATION", 3, raising=False)
    assistant, address, _ = served
    with Visitor(address) as visitor:
        before = {id(one) for one in held()}
        for number in range(8):
            answer = visitor.ask(f"{QUESTION} {number}")
        turns = [one for one in held() if isinstance(one, Turn) and id(one) not in before]
        assert [turn.number for turn in sorted(turns, key=lambda turn: turn.number)] == [6, 7, 8]
        assert "Oudere vragen en antwoorden" in answer
        assert assistant.histories[-1] == (f"{QUESTION} 5", f"{QUESTION} 6")


def test_a_page_holds_each_of_its_parts_once(served: tuple[ScriptedAssistant, str, gr.Blocks]) -> None:
    _, address, blocks = served
    with Visitor(address) as visitor:
        for number in range(6):
            visitor.ask(f"{QUESTION} {number}")
        state = blocks.state_holder.session_data[visitor.session]
        assert until(lambda: len(state.blocks_config.blocks) == len(state.config_values) == len(blocks.blocks))
        assert "turn-7" in visitor.ask("Hoe laat is het?")


def test_a_turn_holds_no_passages_that_it_does_not_show(served: tuple[ScriptedAssistant, str, gr.Blocks]) -> None:
    with Visitor(served[1]) as visitor:
        visitor.ask(QUESTION)
        assert all(not one.retrieved for one in held() if isinstance(one, Response))
