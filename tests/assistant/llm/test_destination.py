"""Where text goes that a chat model is asked with."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answers.written_answer import Destination
from assistant.llm.destination import destination
from assistant.settings import Settings
from tests.tables import assert_table

HERE = Path(__file__).parent


KEY = "sk-heel-geheim-0123456789"


def test_without_a_model_nothing_goes_anywhere() -> None:
    assert destination(Settings(), {}) is None


def is_known(given: str, value: str, place: str, local: str) -> bool:
    """Return if the place is that of a server's address, a provider's model or the host of Ollama."""
    model = {"url": "llama3.1:8b", "model": value, "ollama": "ollama:llama3.1"}[given]
    settings = Settings(chat_model=model, chat_url=value) if given == "url" else Settings(chat_model=model)
    environment = {"OLLAMA_HOST": value.replace("KEY", KEY)} if given == "ollama" else {}
    return destination(settings, environment) == Destination(model, place, local == "yes")


def test_where_a_model_is_by_its_address_and_its_name() -> None:
    assert_table(HERE / "destinations.tsv", is_known)


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
