"""Other models than the bundled one, through the settings and the whole way from letters to answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answers.answer import Answer
from assistant.assistant import Assistant
from assistant.cli import commands as cli
from assistant.composition import open_archive, open_assistant, open_ingest, open_store
from assistant.settings import Settings
from tests.fakes import FakeReranker
from tests.models import add_onnx, save_cross_encoder, save_transformer
from vectorstore.errors import ArchiveMismatch, ModelUnavailable, WrongUse
from vectorstore.models.embedder import Embedder
from vectorstore.models.load import Backend

QUESTIONS = (
    "Wat adviseerde de raad over fietsen?",
    "Wat zei het college over de fietsen?",
    "Wat is het kenmerk van het advies over het Fietsenplan?",
    "Geldt de stadspas bij het zwembad?",
    "Wat vond de raad van de windmolens op zee?",
    "Who is the king of France?",
)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("modellen")
    return {
        "RAADSGEHEUGEN_MODEL": str(save_transformer(folder / "e5-klein", longest=128)),
        "RAADSGEHEUGEN_RERANKER": str(save_cross_encoder(folder / "herordener")),
        "RAADSGEHEUGEN_RERANK_COUNT": "5",
        "RAADSGEHEUGEN_BATCH_SIZE": "2",
    }


def filled(environment: Mapping[str, str], data: Path, letters: Path) -> Settings:
    chosen = Settings.from_environment({**environment, "RAADSGEHEUGEN_DATA": str(data)})
    with open_ingest(chosen) as ingest:
        assert ingest.run([letters]).complete
    return chosen


def test_a_question_is_answered_with_a_transformer_and_a_reranker(
    environment: dict[str, str],
    tmp_path: Path,
    letters_folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chosen = filled(environment, tmp_path, letters_folder)
    assistant = open_assistant(chosen)
    hits = assistant.search("fietsen", 20)
    assert [hit.why.rerank is not None for hit in hits[:6]] == [True] * 5 + [False]
    result = assistant.ask(QUESTIONS[0])
    assert isinstance(result, Answer)
    assert all(citation.letter.text[citation.start : citation.end] == citation.quote for citation in result.citations)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert cli.run(["status", "--json", "--data", str(tmp_path)]) == 0
    models = json.loads(capsys.readouterr().out)["models"]
    assert models["embedding"].startswith("e5-klein:")
    assert models["reranker"] == "herordener"
    assert cli.run(["status", "--data", str(tmp_path)]) == 0
    assert "Herordener:  herordener" in capsys.readouterr().out


def test_an_archive_asks_for_the_model_and_the_prompts_it_was_made_with(
    environment: dict[str, str], tmp_path: Path, letters_folder: Path
) -> None:
    filled(environment, tmp_path, letters_folder)
    given = {**environment, "RAADSGEHEUGEN_DATA": str(tmp_path)}
    for other in ({"RAADSGEHEUGEN_MODEL": ""}, {"RAADSGEHEUGEN_QUERY_PROMPT": "vraag: "}):
        with pytest.raises(ArchiveMismatch):
            _ = open_assistant(Settings.from_environment(given | other)).archive
    without = Settings.from_environment(given | {"RAADSGEHEUGEN_RERANKER": ""})
    assert open_assistant(without).archive.reranker is None


def test_a_question_is_answered_with_onnx(tmp_path: Path, letters_folder: Path) -> None:
    folder = add_onnx(save_transformer(tmp_path / "klein", longest=128))
    given = {"RAADSGEHEUGEN_MODEL": str(folder), "RAADSGEHEUGEN_BACKEND": "onnx"}
    assistant = open_assistant(filled(given, tmp_path / "archief", letters_folder))
    assert isinstance(assistant.ask(QUESTIONS[0]), Answer)
    assert all(hit.why.dense for hit in assistant.search("fietsen"))


@pytest.fixture(scope="module")
def plain(data_folder: Path, embedder: Embedder) -> Iterator[Assistant]:
    store = open_store(Settings(data=data_folder), embedder)
    yield Assistant(open_archive(store, embedder))
    store.close()


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.sampled_from(QUESTIONS))
def test_no_reranker_makes_an_answer_or_takes_one_away(
    plain: Assistant, embedder: Embedder, seed: int, count: int, question: str
) -> None:
    reranked = Assistant(open_archive(plain.archive.store, embedder, reranker=FakeReranker(seed), rerank_count=count))
    without, having = plain.ask(question), reranked.ask(question)
    assert type(having) is type(without)
    if not isinstance(without, Answer):
        assert having.retrieved == without.retrieved


def test_settings_that_mean_nothing_are_refused() -> None:
    for name, value in (
        ("BACKEND", "tensorflow"),
        ("RERANK_COUNT", "0"),
        ("RERANK_COUNT", "veel"),
        ("BATCH_SIZE", "0"),
        ("READER", "misschien"),
    ):
        with pytest.raises(WrongUse, match=f"RAADSGEHEUGEN_{name}"):
            Settings.from_environment({f"RAADSGEHEUGEN_{name}": value})


def test_prompts_keep_their_spaces_and_other_settings_lose_theirs() -> None:
    chosen = Settings.from_environment(
        {"RAADSGEHEUGEN_QUERY_PROMPT": "query: ", "RAADSGEHEUGEN_BACKEND": " onnx ", "RAADSGEHEUGEN_RERANKER": " "}
    )
    assert (chosen.query_prompt, chosen.backend, chosen.reranker) == ("query: ", Backend.ONNX, None)


def test_a_reranker_that_is_not_there_says_what_to_do(data_folder: Path) -> None:
    with pytest.raises(ModelUnavailable) as raised:
        open_assistant(Settings(data=data_folder, reranker="/bestaat/niet"))
    assert "RAADSGEHEUGEN_RERANKER" in raised.value.remedy


HEAVY = {
    "torch", "sentence_transformers", "transformers", "sklearn", "scipy", "pandas", "gradio", "langchain",
    "langchain_core", "playwright", "huggingface_hub", "docx", "pypdfium2", "lxml",
}  # fmt: skip
"""What only larger models, the chat, chains, tests or an ingest need."""


@pytest.mark.parametrize("command", [["ask", QUESTIONS[0]], ["search", "fietsen"]])
def test_asking_imports_nothing_that_only_other_commands_need(data_folder: Path, command: list[str]) -> None:
    script = f"""
import sys
from assistant.cli.commands import run
status = run({[*command, "--json", "--data", str(data_folder)]!r})
print(sorted(name for name in {HEAVY!r} if name in sys.modules), file=sys.stderr)
raise SystemExit(status)
"""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RAADSGEHEUGEN_")}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, env=clean)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)
    assert done.stderr.strip() == "[]"
