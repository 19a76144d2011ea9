"""Replies as they come, through the real client against a scripted server: pieces, ends, stops and time limits."""

from __future__ import annotations

import gc
import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_openai import ChatOpenAI

from assistant.answers.written_answer import Usage
from assistant.llm import chat_model as chat_models
from assistant.llm import streaming as chat_replies
from assistant.llm.chat_model import ChatModel, Reply, open_chat_model
from assistant.llm.streaming import Thoughts, without_thoughts
from assistant.settings import Settings
from tests.assistant.llm.opened_models import Serve, opened
from tests.chat_server import (
    USAGE,
    ChatServer,
    Request,
    Script,
    breaks_off,
    calls,
    chat_server,
    fails,
    fails_midway,
    falls_silent,
    hangs,
    says,
    says_json,
    streams,
)
from tests.waiting import PATIENCE, until
from vectorstore.errors import ArchiveError, ModelUnavailable, UnusableReply

SCHEMA = {
    "title": "Verdict",
    "type": "object",
    "properties": {"good": {"type": "boolean"}},
    "required": ["good"],
}
KEY = "sk-heel-geheim-0123456789"
PIECES = ['{"good"', ": tr", "ue}"]
SOON = PATIENCE / 2
"""Seconds in which what happens at once happens on a slow computer."""


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key and no provider's own settings."""
    for name in ("OPENAI_API_KEY", "OPENAI_API_BASE", "OPENAI_BASE_URL", "LANGSMITH_TRACING", "LANGSMITH_GATEWAY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def no_thread_left_behind() -> Iterator[None]:
    """No thread outlives its test; one that a server is closing has a moment to end."""
    before = set(threading.enumerate())
    yield
    assert until(lambda: set(threading.enumerate()) <= before), set(threading.enumerate()) - before


@pytest.fixture(autouse=True, scope="module")
def nothing_left_open() -> Iterator[None]:
    """A socket or a loop that was left open warns when it is collected, which is an error."""
    yield
    gc.collect()


def asked(server: ChatServer, timeout: float = PATIENCE) -> Reply:
    return opened(server, timeout).stream_json("s", "u", SCHEMA)


def heard(server: ChatServer, timeout: float = PATIENCE) -> list[str]:
    with asked(server, timeout) as reply:
        return list(reply)


def failure(server: ChatServer, timeout: float = PATIENCE) -> tuple[ArchiveError, list[str]]:
    """What goes wrong, and the pieces before."""
    pieces: list[str] = []
    with asked(server, timeout) as reply, pytest.raises(ArchiveError) as caught:
        pieces.extend(reply)
    return caught.value, pieces


# --- pieces


def test_a_reply_comes_in_the_pieces_that_the_server_sends(serve: Serve) -> None:
    server = serve([streams(PIECES)])
    with opened(server).stream_json("Wees kort.", "Is het waar?", SCHEMA) as reply:
        assert list(reply) == PIECES
    (request,) = server.requests
    assert (request.system, request.user) == ("Wees kort.", "Is het waar?")
    assert request.body["response_format"]["json_schema"]["schema"]["properties"] == SCHEMA["properties"]
    assert not reply.cut_short


def test_a_piece_is_there_before_the_next_is_sent(serve: Serve) -> None:
    with asked(serve([falls_silent(streams(["a", "b"]))])) as reply:
        pieces = iter(reply)
        assert [next(pieces), next(pieces)] == ["a", "b"]


def test_a_script_of_whole_replies_can_be_streamed(serve: Serve) -> None:
    assert "".join(heard(serve([says_json({"good": True})]))) == '{"good": true}'


def test_what_is_said_to_a_tool_is_heard(serve: Serve) -> None:
    assert heard(serve([calls(PIECES, "Verdict")])) == PIECES


def test_an_empty_reply_has_no_pieces(serve: Serve) -> None:
    assert heard(serve([says(None)])) == []


def test_a_reply_can_be_gone_through_again_without_waiting(serve: Serve) -> None:
    with asked(serve([streams(PIECES)])) as reply:
        assert (list(reply), list(reply)) == (PIECES, [])


def test_replies_of_one_model_come_side_by_side(serve: Serve) -> None:
    model = opened(serve([streams(PIECES, delay=0.05)]))
    with model.stream_json("s", "u", SCHEMA) as first, model.stream_json("s", "u", SCHEMA) as second:
        assert list(second) == PIECES
        first.stop()
        assert list(first) == []
    with model.stream_json("s", "u", SCHEMA) as third:
        assert list(third) == PIECES


def test_no_connection_is_kept_for_a_loop_that_is_gone(serve: Serve) -> None:
    server = serve([streams(PIECES)])
    assert heard(server) == heard(server) == PIECES
    assert {request.headers["connection"] for request in server.requests} == {"close"}


# --- what it thinks aloud


@pytest.mark.parametrize(
    "pieces",
    [
        ["<think>eerst {dit}</think>", '{"a": 1}'],
        ["<th", "ink>", "eerst", "</thi", 'nk>\n\n{"a"', ": 1}"],
        ["\n", "<think>", "</think>", "\n", '{"a": 1}'],
        ["<think>a</think><think>b</think>", '{"a": 1}'],
    ],
)
def test_thoughts_at_the_beginning_are_left_out(serve: Serve, pieces: list[str]) -> None:
    told = heard(serve([streams(pieces)]))
    assert "".join(told) == '{"a": 1}'
    assert all(told)


@pytest.mark.parametrize(
    ("text", "told"), [("<thi", "<thi"), ("<think>zonder einde", ""), ("a <think>b</think>", None)]
)
def test_only_whole_thoughts_at_the_beginning_are_thoughts(serve: Serve, text: str, told: str | None) -> None:
    assert "".join(heard(serve([streams([text])]))) == (text if told is None else told)


@given(
    thought=st.text("ab<>/thinkTHINK {}\n").filter(lambda text: "</think>" not in text),
    said=st.text('{"ab<>/think: 1}\n').map(lambda text: "{" + text),
    cuts=st.lists(st.integers(0, 60)),
)
def test_thoughts_are_left_out_however_they_are_cut(thought: str, said: str, cuts: list[int]) -> None:
    text = f"<think>{thought}</think>{said}"
    ends = sorted({0, *(cut for cut in cuts if cut < len(text)), len(text)})
    thoughts = Thoughts()
    told = [thoughts.tell(text[start:end]) for start, end in zip(ends, ends[1:], strict=False)]
    assert "".join(told) + thoughts.rest() == said == without_thoughts(text)
    assert without_thoughts(said) == said


# --- ends


@pytest.mark.parametrize(
    ("finish", "cut_short"), [("stop", False), ("length", True), (None, True), ("tool_calls", False)]
)
def test_a_reply_says_whether_it_is_whole(serve: Serve, finish: str | None, cut_short: bool) -> None:
    with asked(serve([streams(PIECES, finish=finish)])) as reply:
        assert list(reply) == PIECES
        assert reply.cut_short is cut_short


@pytest.mark.parametrize("spoilt", [breaks_off, fails_midway], ids=["broken off", "an error"])
def test_what_goes_wrong_after_the_first_piece_is_not_asked_again(serve: Serve, spoilt: Any) -> None:
    server = serve([spoilt(streams(["a", "b", "c", "d"]))])
    error, pieces = failure(server)
    assert isinstance(error, UnusableReply)
    assert "afgebroken" in error.problem
    assert error.remedy
    assert pieces[:2] == ["a", "b"]
    assert len(server.requests) == 1


@pytest.mark.parametrize("spoilt", [breaks_off, fails_midway], ids=["broken off", "an error"])
def test_what_goes_wrong_before_the_first_piece_is_asked_again(serve: Serve, spoilt: Any) -> None:
    server = serve([spoilt(streams([])), streams(PIECES)])
    assert heard(server) == PIECES
    assert len(server.requests) == 2


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(serve: Serve, status: int) -> None:
    server = serve([fails(status), fails(status), streams(PIECES)])
    assert heard(server) == PIECES
    assert len(server.requests) == 3


@pytest.mark.parametrize(("status", "says_what"), [(401, "sleutel"), (404, "bestaat daar niet"), (500, "storing")])
def test_a_model_that_does_not_answer_says_why(serve: Serve, status: int, says_what: str) -> None:
    server = serve([fails(status)])
    error, pieces = failure(server)
    assert isinstance(error, ModelUnavailable)
    assert says_what in error.problem
    assert error.remedy
    assert pieces == []
    assert len(server.requests) == (1 + chat_models.RETRIES if status == 500 else 1)


def test_a_server_that_is_not_there_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_models, "RETRIES", 0)
    with chat_server([says("Weg.")]) as server:
        pass
    error, _ = failure(server)
    assert isinstance(error, ModelUnavailable)
    assert "niet te bereiken" in error.problem


# --- servers that do not take everything


def refuses(*fields: str) -> Callable[[Request], Any]:
    """Takes no request with one of these fields."""
    return lambda request: fails(400) if any(name in request.body for name in fields) else streams(PIECES)


@pytest.mark.parametrize("fields", [("response_format",), ("stream_options",), ("response_format", "stream_options")])
def test_a_server_that_does_not_take_a_field_is_asked_without_it_from_then_on(
    serve: Serve, fields: tuple[str, ...]
) -> None:
    server = serve(refuses(*fields))
    model = opened(server)
    for _ in range(2):
        with model.stream_json("s", "u", SCHEMA) as reply:
            assert list(reply) == PIECES
    taken = [request for request in server.requests if not any(name in request.body for name in fields)]
    assert server.requests[-1] in taken
    assert len(taken) == 2
    for name in {"response_format", "stream_options"} - set(fields):
        assert name in server.requests[-1].body


def test_what_a_stream_learns_of_schemas_holds_for_a_whole_reply(serve: Serve) -> None:
    server = serve(refuses("response_format"))
    model = opened(server)
    with model.stream_json("s", "u", SCHEMA) as reply:
        list(reply)
    before = len(server.requests)
    assert model.complete_json("s", "u", SCHEMA).content == {"good": True}
    assert len(server.requests) == before + 1


def test_a_request_that_is_refused_in_every_way_says_nothing_of_the_next(serve: Serve) -> None:
    server = serve(lambda request: fails(422) if request.user == "lang" else streams(PIECES))
    model = opened(server)
    with (
        pytest.raises(UnusableReply, match="neemt deze vraag niet aan"),
        model.stream_json("s", "lang", SCHEMA) as reply,
    ):
        list(reply)
    with model.stream_json("s", "u", SCHEMA) as reply:
        assert list(reply) == PIECES
    assert "response_format" in server.requests[-1].body


# --- a provider whose client does not ask again


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[ChatServer], ChatModel]]:
    """Opens a model of a provider whose client gives up at once."""
    from langchain.chat_models import base

    def open_at(server: ChatServer) -> ChatModel:
        def client(model: str, client_kwargs: dict[str, Any], temperature: float, num_ctx: int) -> ChatOpenAI:
            headers = client_kwargs["headers"]
            return ChatOpenAI(
                model=model, base_url=server.url, api_key="x", max_retries=0, default_headers=headers, stream_usage=True
            )

        package = ModuleType("langchain_ollama")
        vars(package)["ChatOllama"] = client
        monkeypatch.setitem(sys.modules, "langchain_ollama", package)
        base._get_chat_model_creator.cache_clear()
        model = open_chat_model(Settings(chat_model="ollama:llama3.1", chat_timeout=PATIENCE))
        assert model is not None
        return model

    yield open_at
    base._get_chat_model_creator.cache_clear()


def test_a_busy_model_is_asked_again_though_its_client_does_not(
    serve: Serve, impatient: Callable[[ChatServer], ChatModel]
) -> None:
    server = serve([fails(503), streams(PIECES), fails(503), says_json({"good": True})])
    model = impatient(server)
    with model.stream_json("s", "u", SCHEMA) as reply:
        assert list(reply) == PIECES
    assert model.complete_json("s", "u", SCHEMA).content == {"good": True}
    assert len(server.requests) == 4


def test_a_model_that_refuses_is_not_asked_again(serve: Serve, impatient: Callable[[ChatServer], ChatModel]) -> None:
    server = serve([fails(401)])
    with pytest.raises(ModelUnavailable), impatient(server).stream_json("s", "u", SCHEMA) as reply:
        list(reply)
    assert len(server.requests) == 1


# --- time limits


@pytest.mark.parametrize(
    "silence", [hangs(), falls_silent(streams([]))], ids=["no response", "a response without words"]
)
def test_a_server_that_is_silent_is_given_up(serve: Serve, silence: Any) -> None:
    server = serve([silence])
    error, pieces = failure(server, timeout=0.2)
    assert isinstance(error, ModelUnavailable)
    assert "niet binnen 0.2 seconden" in error.problem
    assert "RAADSGEHEUGEN_CHAT_TIMEOUT" in error.remedy
    assert pieces == []
    assert server.disconnected.wait(SOON)


def test_a_server_that_falls_silent_is_given_up(serve: Serve) -> None:
    server = serve([falls_silent(streams(["a", "b"]))])
    error, pieces = failure(server, timeout=2.0)
    assert isinstance(error, UnusableReply)
    assert "afgebroken" in error.problem
    assert "RAADSGEHEUGEN_CHAT_TIMEOUT" in error.remedy
    assert pieces == ["a", "b"]
    assert server.disconnected.wait(SOON)


def test_a_server_that_dribbles_is_given_up(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_replies, "LONGEST", 1.5)
    server = serve([streams(["a"] * 1000, delay=0.05)])
    error, pieces = failure(server, timeout=2.0)
    assert isinstance(error, UnusableReply)
    assert 1 < len(pieces) < 65
    assert server.disconnected.wait(SOON)


@pytest.mark.parametrize("said", [[], ["a"]], ids=["before the first word", "after it"])
def test_spaces_without_end_are_silence(serve: Serve, said: list[str]) -> None:
    server = serve([streams([*said, *["\n"] * 1000], delay=0.02)])
    error, pieces = failure(server, timeout=2.0)
    assert isinstance(error, UnusableReply)
    assert len(pieces) < 150
    assert server.disconnected.wait(SOON)


# --- stopping


@pytest.mark.parametrize(
    ("script", "before"),
    [
        ([hangs()], []),
        ([falls_silent(streams([]))], []),
        ([falls_silent(streams(["a", "b"]))], ["a", "b"]),
    ],
    ids=["before a response", "before the first piece", "between pieces"],
)
def test_a_reply_that_is_stopped_from_another_thread_ends_at_once(
    serve: Serve, script: Script, before: list[str]
) -> None:
    server = serve(script)
    with asked(server, timeout=2 * PATIENCE) as reply:
        stopping = threading.Timer(0.3, reply.stop)
        stopping.start()
        started = time.monotonic()
        assert list(reply) == before
        assert time.monotonic() - started < SOON
        stopping.join()
    assert server.disconnected.wait(SOON)
    assert reply.cut_short


def test_a_reply_that_is_left_is_stopped(serve: Serve) -> None:
    server = serve([streams(["a"] * 1000, delay=0.05)])
    with asked(server) as reply:
        next(iter(reply))
    assert server.disconnected.wait(SOON)
    assert list(reply) == []


def test_a_reply_that_is_left_with_an_error_is_stopped_and_the_error_remains(serve: Serve) -> None:
    server = serve([falls_silent(streams(["a"]))])
    with pytest.raises(ZeroDivisionError), asked(server) as reply:
        sum(1 / 0 for _ in reply)
    assert server.disconnected.wait(SOON)


def test_a_reply_that_is_stopped_before_it_is_asked_for_says_nothing(serve: Serve) -> None:
    reply = asked(serve([streams(PIECES)]))
    reply.stop()
    with reply:
        assert list(reply) == []


def test_a_reply_can_be_stopped_more_than_once_and_after_its_end(serve: Serve) -> None:
    with asked(serve([streams(PIECES)])) as reply:
        assert list(reply) == PIECES
        reply.stop()
        reply.stop()
    reply.stop()
    assert not reply.cut_short


def test_no_piece_comes_after_a_stop(serve: Serve) -> None:
    with asked(serve([streams(PIECES)])) as reply:
        pieces = iter(reply)
        assert next(pieces) == PIECES[0]
        reply.stop()
        assert list(pieces) == []


# --- what it takes


def test_tokens_are_those_that_the_server_counts(serve: Serve) -> None:
    with asked(serve([streams(PIECES, usage=(70, 3))])) as reply:
        list(reply)
    assert reply.usage == Usage(70, 3)


def test_tokens_that_the_server_does_not_count_are_estimated(serve: Serve) -> None:
    words = ["cliëntenraad "] * 50
    model = opened(serve([streams(words, usage=None)]))
    with model.stream_json("s", "u" * 2800, SCHEMA) as reply:
        list(reply)
    assert reply.usage.estimated
    assert 1000 <= reply.usage.read < 1100
    assert 200 < reply.usage.written < 300


def test_tokens_of_a_reply_that_is_stopped_are_estimated_from_what_came(serve: Serve) -> None:
    with asked(serve([falls_silent(streams(["woord " * 100]))])) as reply:
        next(iter(reply))
    assert reply.usage.estimated
    assert reply.usage.written > 100


def test_a_whole_reply_says_what_it_took(serve: Serve) -> None:
    model = opened(serve([says('{"good": true}', usage=(70, 3)), says_json({"good": True}), says("Ja.", usage=None)]))
    assert model.complete("s", "u").usage == Usage(70, 3)
    assert model.complete_json("s", "u", SCHEMA).usage == Usage(*USAGE)
    assert model.complete("s", "u").usage.estimated


# --- keys


def test_a_key_that_the_server_repeats_is_told_nowhere(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    caplog.set_level(logging.DEBUG)
    server = serve([fails(401, f"Incorrect API key provided: {KEY}")])
    error, _ = failure(server)
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    told = [repr(error), str(error), *traceback.format_exception(error), repr(opened(server)), caplog.text]
    assert all(KEY not in text for text in told)
    assert error.__cause__ is None
    assert error.__context__ is None
