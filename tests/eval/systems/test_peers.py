"""Plain pipelines in the same harness: exact quotations of whole chunks, and nothing known of letters but their text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.answers.answer import Answer, NoAnswer
from eval.__main__ import main
from eval.datasets.corpus import Corpus
from eval.datasets.questions import load_questions
from eval.runs import answers as running
from eval.runs.answers import Evaluation, evaluate
from eval.systems.config import Config, System
from eval.systems.peers import CHUNK, QUOTED, chunks_of
from eval.systems.systems import open_system
from tests.eval.scripted import FACT, NOTHING
from vectorstore.letters import Voice
from vectorstore.models.embedder import Embedder
from vectorstore.store.store import Store

PEERS = (System.LANGCHAIN, System.BM25)


def evaluated(system: System, questions: Path, store: Store, embedder: Embedder) -> Evaluation:
    return evaluate(open_system(Config(system=system), store, embedder), load_questions(questions), store, gates=())


def test_a_chunk_is_what_its_letter_has_where_the_chunk_begins() -> None:
    text = "\n\n".join(f"Alinea {number}.  " + "Dezelfde woorden staan hier  vaker. " * 9 for number in range(12))
    chunks = list(chunks_of({"a": text, "b": "Kort."}))
    assert len(chunks) > 4
    assert all(len(chunk.text) <= CHUNK for chunk in chunks)
    for chunk in chunks[:-1]:
        assert text[chunk.start :].startswith(chunk.text)
    assert (chunks[-1].letter, chunks[-1].start) == ("b", 0)


@pytest.mark.parametrize("system", PEERS)
def test_a_peer_quotes_whole_chunks_of_letters_it_knows_nothing_of(
    system: System, store: Store, embedder: Embedder
) -> None:
    answer = open_system(Config(system=system), store, embedder).ask(FACT)
    assert isinstance(answer, Answer)
    assert 0 < len(answer.statements) <= QUOTED
    corpus = Corpus.of(store)
    for citation in answer.citations:
        start, end = citation.start, citation.end
        assert corpus.letters[citation.letter.id].text[start:end] == citation.quote == citation.passage.text
        assert (citation.voice, citation.letter.author) == (Voice.UNKNOWN, Voice.UNKNOWN)
        assert citation.letter.date is None
        assert citation.letter.reference is None


@pytest.mark.parametrize("system", PEERS)
def test_a_peer_is_measured_as_the_assistant_is(
    system: System, questions: Path, store: Store, embedder: Embedder
) -> None:
    found = evaluated(system, questions, store, embedder)
    assert found.metrics["quote_validity"] == 1.0
    assert found.metrics["found@5"] > 0.5
    assert found.metrics["voice"] == 0.0
    assert found.passed


def test_langchain_never_refuses_and_bm25_only_what_shares_no_word(store: Store, embedder: Embedder) -> None:
    langchain, bm25 = (open_system(Config(system=system), store, embedder) for system in PEERS)
    assert isinstance(langchain.ask(NOTHING), Answer)
    assert isinstance(bm25.ask("Zeppelins?"), NoAnswer)


def test_run_asks_the_system_that_its_configuration_names_without_gates(
    letters: Path, questions: Path, tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "open_embedder", lambda _settings: embedder)
    path, out = tmp_path / "bm25.yaml", tmp_path / "out.json"
    path.write_text("system: bm25", encoding="utf-8")
    given = ["run", "--archive", str(letters), "--questions", str(questions), "--out", str(out)]
    assert main([*given, "--config", str(path), "--no-gates"]) == 0
    content = json.loads(out.read_text(encoding="utf-8"))
    config = content["run"]["config"]
    assert (config["name"], config["system"]) == ("bm25", "bm25")
    assert "dense" not in config
    assert {answer["answer"]["engine"] for answer in content["answers"]} == {"bm25"}
    assert content["gates"] == {}
