"""Test collections made of other data."""

from __future__ import annotations

import json
import lzma
from pathlib import Path

import pytest

from eval.datasets.beir import BeirFolder, load_beir
from tests.bench_sets import headings, make, noisy, titles
from vectorstore.errors import WrongUse

ANSWER = (
    "U vraagt een paspoort aan bij de gemeente waar u staat ingeschreven.\n\n"
    "Hoe lang een paspoort geldig is\n\n"
    "Een paspoort is tien jaar geldig. Daarna vraagt u een nieuw aan bij dezelfde gemeente."
)
FOLDER = BeirFolder("vragen", {"a": ("", ANSWER)}, {"1": "Waar vraag ik een paspoort aan?"}, {"1": {"a": 1}})


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "train").mkdir()
    laws = [
        f"##Besluit van {number} mei houdende regels (Besluit nummer {number} over zaken)\n"
        + f"Het Besluit nummer {number} over zaken geldt. " * 120
        for number in range(1, 5)
    ]
    with lzma.open(tmp_path / "train" / "laws.jsonl.xz", "wt", encoding="utf-8") as lines:
        lines.write("\n".join(json.dumps({"path": "x", "text": text}) for text in [*laws, "##Kort (te kort)\n"]))
    qrels = tmp_path / "dev" / "rijksoverheid_faq" / "qrels"
    qrels.mkdir(parents=True)
    (qrels / "test.tsv").write_text("query-id\tcorpus-id\tscore\n1\ta\t1", encoding="utf-8")
    (qrels.parent / "corpus.jsonl").write_text(json.dumps({"_id": "a", "text": ANSWER}), encoding="utf-8")
    (qrels.parent / "queries.jsonl").write_text(json.dumps({"_id": "1", "text": "Wat?"}), encoding="utf-8")
    return tmp_path


def test_noise_changes_documents_and_nothing_else() -> None:
    made = noisy(FOLDER)
    assert made == noisy(FOLDER)
    assert (made.queries, made.relevant) == (FOLDER.queries, FOLDER.relevant)
    text = made.documents["a"][1]
    assert text != ANSWER
    assert max(map(len, text.splitlines())) < 100
    assert 0.9 < len(text) / len(ANSWER) < 1.1


def test_a_heading_becomes_a_query_and_leaves_the_text() -> None:
    made = headings(FOLDER)
    assert list(made.queries.values()) == ["Hoe lang een paspoort geldig is"]
    assert made.relevant == {"h0": {"a": 1}}
    assert made.documents["a"][1] == ANSWER.replace("Hoe lang een paspoort geldig is\n\n", "")


def test_the_title_of_a_law_does_not_stand_in_its_text(data: Path) -> None:
    made = titles(data / "train" / "laws.jsonl.xz")
    assert len(made.documents) == len(made.queries) == 4
    assert all(title not in made.documents[name][1] for name, title in made.queries.items())
    assert made.relevant == {name: {name: 1} for name in made.queries}


def test_what_is_made_can_be_loaded(data: Path, tmp_path: Path) -> None:
    assert [load_beir(path).name for path in make(data, tmp_path / "made")] == [
        "rijksoverheid_faq-noisy",
        "rijksoverheid_faq-headings",
        "law-titles",
    ]


def test_data_that_are_not_there_are_wrong_use(data: Path, tmp_path: Path) -> None:
    (data / "train" / "laws.jsonl.xz").unlink()
    with pytest.raises(WrongUse, match=r"laws\.jsonl\.xz"):
        make(data, tmp_path / "made")
