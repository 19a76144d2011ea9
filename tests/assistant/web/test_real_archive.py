"""From files to the browser with nothing made up in between: ingest, search, answer, chat, another process's ingest."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assistant.answers.answer import Language
from assistant.assistant import Assistant
from assistant.composition import open_ingest, open_library
from assistant.settings import Settings
from assistant.web.app import serve
from tests.assistant.web.conftest import free_port
from tests.assistant.web.test_browser import ask
from vectorstore.models.bundled import STATIC
from vectorstore.models.embedder import Embedder

REAL_LETTERS = Path("../shared/archive")
SAMPLE = Path("eval/sample/archive")
Visit = Callable[..., Page]


def chat_over(folder: Path, data: Path, embedder: Embedder) -> Iterator[str]:
    with open_ingest(Settings(data=data), embedder=embedder) as ingest:
        ingest.run([folder])
    assistant = Assistant(open_library(Settings(data=data), embedder))
    with serve(assistant, "127.0.0.1", free_port(), Language.DUTCH) as address:
        yield address


@pytest.fixture(scope="module")
def real_chat(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not REAL_LETTERS.is_dir():
        pytest.skip(f"needs the council's own letters in {REAL_LETTERS}, which are not part of the project")
    yield from chat_over(REAL_LETTERS, tmp_path_factory.mktemp("echt"), embedder)


@pytest.mark.parametrize(
    "question", ["Wat zei de cliëntenraad over de armoedeval?", "What did the council say about the armoedeval?"]
)
def test_the_poverty_trap_is_answered_from_cra_2020_02(real_chat: str, visit: Visit, question: str) -> None:
    page = visit(real_chat)
    ask(page, question)
    expect(page.locator(".statement").first).to_contain_text("CRA 2020-02")
    expect(page.locator(".statement", has_text="nooit kan leiden tot armoedeval")).to_have_count(1)
    expect(page.locator(".card").first).to_contain_text("CRA 2020-02")
    expect(page.locator(".card mark").first).to_contain_text("armoedeval")


@pytest.fixture
def growing_chat(embedder: Embedder, tmp_path: Path) -> Iterator[tuple[str, Path, Path]]:
    """The address of a chat over one letter, the folder of that letter, and the folder of its archive."""
    folder, data = tmp_path / "brieven", tmp_path / "archief"
    folder.mkdir()
    shutil.copy(SAMPLE / "cwi-2016-04_taaleis.txt", folder)
    for address in chat_over(folder, data, embedder):
        yield address, folder, data


def test_a_running_chat_answers_from_letters_that_another_process_reads_in(
    growing_chat: tuple[str, Path, Path], visit: Visit
) -> None:
    address, folder, data = growing_chat
    page = visit(address)
    question = "Wat vindt de cliëntenraad van het sluiten van wijkbalies?"
    ask(page, question)
    expect(page.locator(".card", has_text="CWI 2018-06")).to_have_count(0)
    shutil.copy(SAMPLE / "cwi-2018-06_wijkbalies.txt", folder)
    command = [sys.executable, "-m", "assistant", "ingest", str(folder), "--data", str(data)]
    subprocess.run(command, check=True, capture_output=True)
    ask(page, question)
    expect(page.locator(".card:visible", has_text="CWI 2018-06").first).to_be_visible()


def test_a_running_chat_says_so_when_the_archive_was_brought_over_to_another_model(
    growing_chat: tuple[str, Path, Path], visit: Visit
) -> None:
    address, _, data = growing_chat
    page = visit(address)
    ask(page, "Wat vindt de cliëntenraad van de taaleis?")
    expect(page.locator(".failure")).to_have_count(0)
    command = [sys.executable, "-m", "assistant", "reembed", "--data", str(data)]
    environment = {**os.environ, "RAADSGEHEUGEN_MODEL": STATIC}
    subprocess.run(command, check=True, capture_output=True, env=environment)
    ask(page, "Wat vindt de cliëntenraad van de taaleis?")
    failure = page.get_by_role("region", name="Gesprek").locator(".failure")
    expect(failure).to_contain_text("Het archief past niet bij deze chat")
    expect(failure).to_contain_text("raadsgeheugen reembed")
