"""The door to chat models, through the real client against a scripted server."""

from __future__ import annotations

import logging
import subprocess
import sys
import traceback
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import pytest
from anyio.from_thread import BlockingPortalProvider
from langchain_core.tracers.langchain import wait_for_all_tracers

from assistant.llm import chat_model as chat_models
from assistant.llm.chat_model import ChatModel, open_chat_model
from assistant.settings import Settings
from tests.assistant.llm.opened_models import Serve, opened
from tests.chat_server import ChatServer, Reply, breaks_off, calls, chat_server, fails, hangs, says, says_json
from tests.waiting import PATIENCE
from vectorstore.errors import ArchiveError, ModelUnavailable, UnusableReply, WrongUse

SCHEMA = {
    "title": "Verdict",
    "type": "object",
    "properties": {"good": {"type": "boolean"}},
    "required": ["good"],
}
KEY = "sk-heel-geheim-0123456789"
PROVIDERS = ("OPENAI_API_KEY", "OPENAI_API_BASE", "OPENAI_BASE_URL", "LANGSMITH_TRACING", "LANGSMITH_GATEWAY")


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key and no provider's own settings."""
    for name in PROVIDERS:
        monkeypatch.delenv(name, raising=False)


def failure(server: ChatServer, timeout: float = PATIENCE) -> ArchiveError:
    model = opened(server, timeout)
    with pytest.raises(ArchiveError) as caught:
        model.complete("s", "u")
    return caught.value


# --- what is asked and answered


def test_no_model_is_opened_when_none_is_configured() -> None:
    assert open_chat_model(Settings()) is None


def test_a_model_answers_one_message(serve: Serve) -> None:
    server = serve([says("  Ja. ")])
    model = opened(server)
    assert model.complete("Wees kort.", "Is het waar?").content == "Ja."
    assert model.name == "llama3.1:8b"
    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert (request.body["model"], request.system, request.user) == ("llama3.1:8b", "Wees kort.", "Is het waar?")
    assert request.body["temperature"] == 0


def test_what_a_model_thinks_aloud_first_is_no_part_of_its_answer(serve: Serve) -> None:
    assert opened(serve([says("<think>Eens kijken.</think>\n\nJa.")])).complete("s", "u").content == "Ja."


def test_an_answer_of_nothing_but_thoughts_is_unusable(serve: Serve) -> None:
    with pytest.raises(UnusableReply, match="leeg"):
        opened(serve([says("<think>Eens kijken.")])).complete("s", "u")


def test_a_tool_that_is_called_gets_the_object(serve: Serve) -> None:
    assert opened(serve([calls(['{"good": ', "true}"], "Verdict")])).complete_json("s", "u", SCHEMA).content == {
        "good": True
    }


def test_json_is_asked_for_by_its_schema(serve: Serve) -> None:
    server = serve([says_json({"good": True})])
    assert opened(server).complete_json("s", "u", SCHEMA).content == {"good": True}
    asked = server.requests[0].body["response_format"]["json_schema"]["schema"]
    assert asked["properties"] == SCHEMA["properties"]


@pytest.mark.parametrize(
    "text",
    [
        'Zeker!\n```json\n{"good": false}\n```\nGraag gedaan.',
        '<think>{"good": true} of {nee}?</think>{"good": false}',
        '{"good": false} {"other": 1}',
    ],
)
def test_json_is_found_in_text_around_it(serve: Serve, text: str) -> None:
    assert opened(serve([says(text)])).complete_json("s", "u", SCHEMA).content == {"good": False}


def test_a_server_that_takes_no_schema_is_asked_in_words_and_not_bothered_with_it_again(serve: Serve) -> None:
    server = serve(lambda request: fails(400) if "response_format" in request.body else says_json({"good": True}))
    model = opened(server)
    assert [model.complete_json("s", "u", SCHEMA).content for _ in range(2)] == [{"good": True}] * 2
    assert ["response_format" in request.body for request in server.requests] == [True, False, False]


@pytest.mark.parametrize(
    "text",
    ['{"good": tr', "[true]", "ja", '{"goed": true}', '{"a":' * 5_000, '{"good": true', None, "  "],
    ids=["broken", "list", "words", "another field", "nested without end", "not closed", "nothing", "blank"],
)
def test_what_is_no_such_object_is_unusable(serve: Serve, text: str | None) -> None:
    model = opened(serve([says(text)]))
    with pytest.raises(UnusableReply):
        model.complete_json("s", "u", SCHEMA)


@pytest.mark.parametrize("ask", [lambda m: m.complete("s", "u"), lambda m: m.complete_json("s", "u", SCHEMA)])
def test_an_answer_cut_short_is_unusable_though_it_looks_whole(serve: Serve, ask: Callable[[ChatModel], Any]) -> None:
    model = opened(serve([says('{"good": true}', finish="length")]))
    with pytest.raises(UnusableReply):
        ask(model)


@pytest.mark.parametrize("body", [b"<html>hello</html>", b'{"choices": [', b"{}", b'{"choices": []}', b"null"])
def test_a_response_that_is_no_completion_is_unusable(serve: Serve, body: bytes) -> None:
    with pytest.raises(UnusableReply):
        opened(serve([Reply(body)])).complete("s", "u")


# --- what goes wrong


@pytest.mark.parametrize(
    ("status", "says_what", "remedy"),
    [
        (401, "weigert de sleutel", "OPENAI_API_KEY"),
        (403, "sleutel", "toegang"),
        (404, "bestaat daar niet", "RAADSGEHEUGEN_CHAT_MODEL"),
        (418, "weigert", "aanbieder"),
        (429, "neemt nu geen vragen aan", "tegoed"),
        (500, "storing", "later"),
    ],
)
def test_a_model_that_does_not_answer_says_why_and_what_to_do(
    serve: Serve, status: int, says_what: str, remedy: str
) -> None:
    error = failure(serve([fails(status)]))
    assert isinstance(error, ModelUnavailable)
    assert says_what in error.problem
    assert str(status) in error.problem
    assert "llama3.1:8b" in error.problem
    assert remedy in error.remedy


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_request_that_is_refused_says_nothing_of_the_next(serve: Serve, status: int) -> None:
    server = serve([fails(status), says("Wel.")])
    model = opened(server)
    with pytest.raises(UnusableReply, match="neemt deze vraag niet aan"):
        model.complete("s", "u")
    assert model.complete("s", "u").content == "Wel."


def test_a_request_that_is_too_long_is_said_to_be(serve: Serve) -> None:
    error = failure(serve([fails(400, "context_length_exceeded: 9000 tokens")]))
    assert isinstance(error, UnusableReply)
    assert "te lang" in error.problem


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(serve: Serve, status: int) -> None:
    server = serve([fails(status), fails(status), says("Toch.")])
    assert opened(server).complete("s", "u").content == "Toch."
    assert len(server.requests) == 3


def test_a_server_that_keeps_failing_is_not_asked_for_ever(serve: Serve) -> None:
    server = serve([fails(500)])
    failure(server)
    assert len(server.requests) == 1 + chat_models.RETRIES


def test_a_server_that_is_silent_is_given_up(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_models, "RETRIES", 0)
    error = failure(serve([hangs()]), timeout=0.2)
    assert isinstance(error, ModelUnavailable)
    assert "niet binnen 0.2 seconden" in error.problem
    assert "RAADSGEHEUGEN_CHAT_TIMEOUT" in error.remedy


def test_a_reply_that_breaks_off_is_asked_for_again(serve: Serve) -> None:
    server = serve([breaks_off(says("Een heel verhaal.")), says("Kort.")])
    assert opened(server).complete("s", "u").content == "Kort."


def test_a_server_that_is_not_there_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_models, "RETRIES", 0)
    with chat_server([says("Weg.")]) as server:
        pass
    error = failure(server)
    assert isinstance(error, ModelUnavailable)
    assert "niet te bereiken" in error.problem


@pytest.mark.parametrize(
    ("model", "says_what"),
    [
        ("nergens:model", "aanbieder"),
        ("openai:gpt-4o", "OPENAI_API_KEY"),
    ],
    ids=["no such provider", "no key"],
)
def test_a_model_that_cannot_be_opened_says_what_is_missing(model: str, says_what: str) -> None:
    with pytest.raises(ModelUnavailable, match=says_what):
        open_chat_model(Settings(chat_model=model))


@pytest.mark.parametrize(
    ("package", "settings", "install"),
    [
        ("langchain_openai", Settings(chat_model="m", chat_url="http://localhost/v1"), r"raadsgeheugen\[llm\]"),
        ("langchain_openai", Settings(chat_model="openai:m"), r"raadsgeheugen\[llm\]"),
        ("langchain_mistralai", Settings(chat_model="mistralai:m"), "pip install langchain-mistralai"),
        ("langchain_google_genai", Settings(chat_model="google_genai:m"), "pip install langchain-google-genai"),
    ],
)
def test_a_package_that_is_not_installed_is_named(
    monkeypatch: pytest.MonkeyPatch, package: str, settings: Settings, install: str
) -> None:
    from langchain.chat_models import base

    base._get_chat_model_creator.cache_clear()
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ModelUnavailable, match=install):
        open_chat_model(settings)


@pytest.mark.parametrize("provider", ["openai", "mistralai", "anthropic", "ollama"])
def test_a_model_of_each_provider_is_opened_or_its_package_is_named(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI", "MISTRAL", "ANTHROPIC"):
        monkeypatch.setenv(f"{name}_API_KEY", KEY)
    settings = Settings(chat_model=f"{provider}:model", chat_timeout=2.5)
    if find_spec(f"langchain_{provider}"):
        model = open_chat_model(settings)
        assert model is not None
        assert model.name == f"{provider}:model"
    else:
        with pytest.raises(ModelUnavailable, match=f"pip install langchain-{provider}"):
            open_chat_model(settings)


def test_a_model_of_openai_is_asked_where_the_environment_says(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve([says("Ja."), says("Ja.")])
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    model = open_chat_model(Settings(chat_model="openai:gpt-4o", chat_timeout=5.0))
    assert model is not None
    assert model.complete("s", "u").content == "Ja."
    with model.stream_json("s", "u", SCHEMA) as reply:
        assert "".join(reply) == "Ja."
    assert [request.body["model"] for request in server.requests] == ["gpt-4o"] * 2
    assert KEY not in repr(model)


# --- keys, and what leaves the machine


def test_the_key_is_sent_and_appears_nowhere_else(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    caplog.set_level(logging.DEBUG)
    server = serve([fails(401, f"Incorrect API key provided: {KEY}")])
    model = opened(server)
    with pytest.raises(ModelUnavailable) as caught:
        model.complete("s", "u")
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    error = caught.value
    parts = [repr(part) for part in vars(model).values() if not isinstance(part, BlockingPortalProvider)]
    told = [repr(error), str(error), *traceback.format_exception(error), repr(model), *parts, caplog.text]
    assert all(KEY not in text for text in told)
    assert error.__cause__ is None
    assert error.__context__ is None
    assert KEY not in repr(Settings(chat_model="m", chat_url=server.url))


@pytest.mark.parametrize("key", [None, "", "  "])
def test_a_server_without_keys_needs_none(serve: Serve, monkeypatch: pytest.MonkeyPatch, key: str | None) -> None:
    if key is not None:
        monkeypatch.setenv("OPENAI_API_KEY", key)
    monkeypatch.setenv("LANGSMITH_API_KEY", KEY)
    server = serve([says("Ja.")])
    assert opened(server).complete("s", "u").content == "Ja."
    assert KEY not in str(server.requests[0].headers)


def test_nothing_is_sent_to_langsmith_of_itself(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    traces = serve([says("")])
    monkeypatch.setenv("LANGSMITH_API_KEY", KEY)
    monkeypatch.setenv("LANGSMITH_ENDPOINT", traces.url)
    opened(serve([says("Ja.")])).complete("s", "u")
    wait_for_all_tracers()
    assert traces.requests == []


def test_nothing_of_langchain_nor_what_checks_a_model_is_imported_without_one() -> None:
    program = (
        "import sys; from assistant.composition import open_writer; from assistant.settings import Settings;"
        "import assistant.assistant; assert open_writer(Settings()) is None;"
        "others = ('langchain', 'langchain_core', 'openai');"
        "print([name for name in sys.modules if name.split('.')[0] in others or name == 'assistant.verification.verifier'])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- settings


def test_settings_of_a_chat_model_are_read() -> None:
    environment = {
        "RAADSGEHEUGEN_CHAT_MODEL": " llama3.1:8b ",
        "RAADSGEHEUGEN_CHAT_URL": "http://localhost:11434/v1",
        "RAADSGEHEUGEN_CHAT_TIMEOUT": "2.5",
    }
    settings = Settings.from_environment(environment)
    assert (settings.chat_model, settings.chat_url, settings.chat_timeout) == (
        "llama3.1:8b",
        "http://localhost:11434/v1",
        2.5,
    )


@pytest.mark.parametrize(
    ("environment", "says_what"),
    [
        ({"CHAT_MODEL": "mistral"}, "noemt geen aanbieder"),
        ({"CHAT_MODEL": "ollama:"}, "noemt geen aanbieder"),
        ({"CHAT_MODEL": ":llama3.1"}, "noemt geen aanbieder"),
        ({"CHAT_URL": "http://localhost/v1"}, "CHAT_MODEL"),
        ({"CHAT_MODEL": "m", "CHAT_URL": "localhost:11434"}, "geen adres"),
        ({"CHAT_MODEL": "m", "CHAT_URL": "http://localhost:poort"}, "geen adres"),
        ({"CHAT_MODEL": "m", "CHAT_URL": "file:///etc/passwd"}, "geen adres"),
        ({"CHAT_MODEL": "m", "CHAT_URL": f"https://x:{KEY}@host/v1"}, "sleutel hoort in OPENAI_API_KEY"),
        ({"CHAT_MODEL": "m", "CHAT_URL": f"https://host/v1?key={KEY}"}, "sleutel hoort in OPENAI_API_KEY"),
        ({"CHAT_TIMEOUT": "0"}, "meer dan 0"),
        ({"CHAT_TIMEOUT": "nan"}, "meer dan 0"),
        ({"CHAT_TIMEOUT": "lang"}, "een getal"),
    ],
)
def test_settings_of_a_chat_model_that_mean_nothing_are_refused(environment: dict[str, str], says_what: str) -> None:
    with pytest.raises(WrongUse, match=says_what) as caught:
        Settings.from_environment({f"RAADSGEHEUGEN_{name}": value for name, value in environment.items()})
    assert KEY not in str(caught.value)
