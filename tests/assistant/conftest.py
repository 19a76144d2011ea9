"""A small archive of invented letters, read by the real job and searched through the real stack."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.composition import open_embedder, open_ingest, open_library, open_reader
from assistant.settings import Settings
from tests.assistant.llm.opened_models import Serve
from tests.chat_server import chat_server
from tests.letters import CYCLING, write_letters
from vectorstore.models.embedder import Embedder


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return open_embedder(Settings())


@pytest.fixture(scope="session")
def letters_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_letters(tmp_path_factory.mktemp("brieven"), CYCLING)


@pytest.fixture(scope="session")
def data_folder(letters_folder: Path, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("archief")
    with open_ingest(Settings(data=data), embedder=embedder) as ingest:
        ingest.run([letters_folder])
    return data


@pytest.fixture(scope="session")
def assistant(data_folder: Path, embedder: Embedder) -> Assistant:
    return Assistant(open_library(Settings(data=data_folder), embedder, reader=open_reader(Settings())))


@pytest.fixture
def empty_assistant(tmp_path: Path, embedder: Embedder) -> Assistant:
    with open_ingest(Settings(data=tmp_path), embedder=embedder) as ingest:
        ingest.run([])
    return Assistant(open_library(Settings(data=tmp_path), embedder))


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts servers, which stop after the test."""
    with ExitStack() as servers:
        yield lambda script: servers.enter_context(chat_server(script))
