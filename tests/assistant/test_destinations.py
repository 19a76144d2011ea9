"""Where text goes that a chat model is asked with."""

from __future__ import annotations

import pytest

from assistant.destinations import destination
from assistant.settings import Settings
from assistant.written import Destination

KEY = "sk-heel-geheim-0123456789"


def test_without_a_model_nothing_goes_anywhere() -> None:
    assert destination(Settings(), {}) is None


@pytest.mark.parametrize(
    ("url", "place", "local"),
    [
        ("http://localhost:11434/v1", "localhost", True),
        ("http://LOCALHOST/v1", "localhost", True),
        ("http://modellen.localhost/v1", "modellen.localhost", True),
        ("http://127.0.0.1:8000/v1", "127.0.0.1", True),
        ("http://127.8.9.10/v1", "127.8.9.10", True),
        ("http://[::1]:8000/v1", "::1", True),
        ("https://ai.gemeente.example/v1", "ai.gemeente.example", False),
        ("http://192.168.1.20:8000/v1", "192.168.1.20", False),
        ("http://localhost.example/v1", "localhost.example", False),
        ("http://127.0.0.1.example/v1", "127.0.0.1.example", False),
    ],
)
def test_a_server_is_known_by_its_host(url: str, place: str, local: bool) -> None:
    assert destination(Settings(chat_model="llama3.1:8b", chat_url=url), {}) == Destination("llama3.1:8b", place, local)


@pytest.mark.parametrize(
    ("model", "place"),
    [
        ("openai:gpt-5", "OpenAI"),
        ("mistralai:mistral-large", "Mistral AI"),
        ("anthropic:claude", "Anthropic"),
        ("groq:llama", "groq"),
    ],
)
def test_a_provider_is_known_by_its_name(model: str, place: str) -> None:
    assert destination(Settings(chat_model=model), {}) == Destination(model, place, local=False)


@pytest.mark.parametrize(
    ("host", "place", "local"),
    [
        ("", "localhost", True),
        ("127.0.0.1:11434", "127.0.0.1", True),
        ("0.0.0.0", "0.0.0.0", True),
        ("::1", "::1", True),
        (":11434", "localhost", True),
        ("rekenhal.example:11434", "rekenhal.example", False),
        (f"https://wij:{KEY}@rekenhal.example/pad", "rekenhal.example", False),
        ("http://[kapot", "?", False),
    ],
)
def test_ollama_is_here_unless_its_host_is_elsewhere(host: str, place: str, local: bool) -> None:
    model = "ollama:llama3.1"
    assert destination(Settings(chat_model=model), {"OLLAMA_HOST": host}) == Destination(model, place, local)


@pytest.mark.parametrize(
    "settings",
    [
        Settings(chat_model="ollama:gpt-oss:120b-cloud"),
        Settings(chat_model="glm-5:cloud", chat_url="http://localhost:11434/v1"),
    ],
)
def test_a_model_that_ollama_has_computed_in_its_cloud_is_not_here(settings: Settings) -> None:
    found = destination(settings, {})
    assert found is not None
    assert (found.place, found.local) == ("ollama.com", False)


def test_a_provider_that_the_environment_sends_elsewhere_is_elsewhere() -> None:
    found = destination(
        Settings(chat_model="openai:gpt-5"), {"OPENAI_BASE_URL": f"http://x:{KEY}@localhost:1/v1?k={KEY}"}
    )
    assert found == Destination("openai:gpt-5", "localhost", local=True)
