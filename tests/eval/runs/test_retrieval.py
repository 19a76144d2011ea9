"""BEIR folders through the production stack, and the search for weights over them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.settings import Settings
from eval.datasets.beir import load_beir
from eval.datasets.corpus import temporary_store
from eval.metrics.ranking import ranking_scores
from eval.runs.retrieval import letter_and_passages, measure_retrieval
from eval.systems.config import Config
from eval.tuning import ablation
from eval.tuning.ablation import PARTS, measure_parts
from eval.tuning.tune import Attempt, Figures, RememberingEmbedder, ascend, header, prepare, row
from vectorstore.errors import WrongUse
from vectorstore.models.embedder import Embedder

DOCUMENTS = {
    "a": ("Paspoort", "U vraagt een paspoort aan bij de gemeente waar u staat ingeschreven."),
    "b": ("", "De kinderbijslag wordt per kwartaal door de Sociale Verzekeringsbank betaald."),
    "c": ("Rijbewijs", "Een rijbewijs is tien jaar geldig, na uw zestigste korter."),
    "d": ("Huurtoeslag", "Huurtoeslag hangt af van uw inkomen, uw vermogen en de huur."),
    "e": ("Leeg", ""),
    "f": ("Bijstand", "De kostendelersnorm verlaagt de bijstand van wie een woning deelt."),
}
QUERIES = {
    "1": "Waar vraag ik een paspoort aan?",
    "2": "Hoe lang is het rijbewijs geldig?",
    "3": "Wie betaalt kinderbijslag?",
}
RELEVANT = {"1": "a", "2": "c", "3": "b"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "burgervragen"
    (path / "qrels").mkdir(parents=True)
    documents = [{"_id": i, "title": title, "text": text} for i, (title, text) in DOCUMENTS.items()]
    (path / "corpus.jsonl").write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    queries = [{"_id": i, "text": text} for i, text in {**QUERIES, "4": "Niet beoordeeld"}.items()]
    (path / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)), encoding="utf-8")
    lines = ["query-id\tcorpus-id\tscore", *(f"{q}\t{d}\t1" for q, d in RELEVANT.items()), "1\tb\t0"]
    (path / "qrels" / "test.tsv").write_text("\n".join(lines), encoding="utf-8")
    return path


def test_only_judged_queries_and_relevant_documents_are_taken(folder: Path) -> None:
    loaded = load_beir(folder)
    assert loaded.name == "burgervragen"
    assert set(loaded.queries) == {"1", "2", "3"}
    assert loaded.relevant["1"] == {"a": 1}
    assert len(load_beir(folder, limit=2).queries) == 2


@pytest.mark.parametrize("broken", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_folder_that_is_not_whole_is_wrong_use(folder: Path, broken: str) -> None:
    (folder / broken).write_text("[", encoding="utf-8")
    with pytest.raises(WrongUse, match="burgervragen"):
        load_beir(folder)


def test_a_title_is_the_subject_of_the_letter() -> None:
    letter, passages = letter_and_passages("a", *DOCUMENTS["a"])
    assert (letter.subject, letter.source) == ("Paspoort", "a")
    assert "ingeschreven" in passages[0].text


@pytest.mark.parametrize("text", ["", " \n", "\0\0", "\x01" * 40])
def test_a_document_without_words_becomes_a_letter_all_the_same(text: str) -> None:
    letter, passages = letter_and_passages("leeg", "Titel", text)
    assert letter.text.strip()
    assert passages


@pytest.mark.parametrize("dense", [True, False])
def test_the_production_stack_finds_the_documents(folder: Path, embedder: Embedder, dense: bool) -> None:
    figures = measure_retrieval(load_beir(folder), Settings(), embedder, dense=dense)
    assert figures["recall@5"] == figures["nDCG@10"] == figures["MRR"] == 1.0
    assert (figures["documents"], figures["queries"]) == (6, 3)
    assert figures["passages"] >= 6
    assert figures["indexing_seconds"] > 0 < figures["query_seconds"]


def test_measures_are_those_of_the_textbook() -> None:
    scores = ranking_scores({"q": ["x", "a", "y"], "none": []}, {"q": {"a": 1}, "none": {"b": 1}})
    assert scores["q"]["MRR"] == 0.5
    assert scores["q"]["recall@1"] == 0.0
    assert scores["q"]["nDCG@10"] == pytest.approx(0.6309, abs=1e-4)
    assert set(scores["none"].values()) == {0.0}


def test_a_better_weight_is_found_and_each_step_told() -> None:
    def measured(config: Config) -> Figures:
        return {
            "made up": {
                "nDCG@10": 1 - abs(config.fusion.dense - 0.7) - abs(config.weights.context - 0.2),
                "recall@5": 1.0,
            }
        }

    steps: list[Attempt] = []
    start = Config().having("dense", 0.35).having("context", 0.4)
    best = ascend(measured, start, seen=steps.append)
    assert best.config.fusion.dense == 0.7
    assert best.config.weights.context == 0.2
    assert [step.worth for step in steps] == sorted(step.worth for step in steps)
    assert len(header(best)) == len(row(best))


def test_a_setting_is_measured_on_folders_and_question_files(
    folder: Path, letters: Path, questions: Path, embedder: Embedder
) -> None:
    with prepare([folder], [(letters, questions)], Settings(), embedder) as measured:
        figures = measured(Config())
        assert figures == measured(Config())
    assert set(figures) == {"burgervragen", "voorbeeld.yaml"}
    assert figures["burgervragen"]["nDCG@10"] == 1.0


def test_each_part_of_the_search_has_its_worth(
    folder: Path, letters: Path, questions: Path, embedder: Embedder
) -> None:
    documents = [
        {"_id": "1", "title": "", "text": "De armoedeval maakt dat werken niet loont."},
        {"_id": "2", "title": "", "text": "De gladheid maakt dat fietsen niet gaat."},
    ]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    asked = {"_id": "a", "text": "What was said about the poverty trap?"}
    (folder / "queries.jsonl").write_text(json.dumps(asked), encoding="utf-8")
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\na\t1\t1", encoding="utf-8")
    with prepare([folder], [(letters, questions)], Settings(), embedder, part=None) as measured:
        figures = measure_parts(measured)
    assert list(figures) == list(PARTS)
    assert figures["BM25 over stems"]["burgervragen"]["nDCG@10"] < 1.0
    assert figures["all but dense"]["burgervragen"]["nDCG@10"] == 1.0
    table = ablation.tabulate_parts(figures)
    assert table[0] == ["nDCG@10 / recall@5", "burgervragen", "voorbeeld.yaml"]
    assert [own[0] for own in table[1:]] == list(PARTS)


def test_the_vector_of_a_question_is_made_once(embedder: Embedder) -> None:
    remembering = RememberingEmbedder(embedder)
    assert remembering.embed_query("armoedeval") is remembering.embed_query("armoedeval")
    assert (remembering.embed_query("armoedeval") == embedder.embed_query("armoedeval")).all()


def test_a_temporary_archive_is_gone_afterwards(embedder: Embedder) -> None:
    with temporary_store(Settings(), embedder) as store:
        data = store.location.data
        assert data.is_dir()
    assert not data.exists()
