"""A first question file: valid as it is, about the letters and nothing else, and never in the place of another."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answers.answer import Language
from assistant.settings import Settings
from eval.__main__ import main
from eval.datasets.corpus import Corpus, check_evidence, temporary_store
from eval.datasets.questions import ExpectedAnswer, ExpectedEvidence, QuestionKind, load_questions
from eval.runs import answers as running
from eval.starter import init as starting
from eval.starter.init import HEAD, first_questions, spread
from ingest.job.job import Ingest
from tests.eval.scripted import HashedWords, write_letters
from vectorstore.letters import Voice
from vectorstore.models.embedder import Embedder

LATER = """
Cliëntenraad Voorbeeld
Aan het college van burgemeester en wethouders
Kenmerk: CRV 2022-03
Datum: 14 april 2022
Onderwerp: Advies over de regiotaxi en de armoedeval

Geacht college,

Op 3 maart 2020 schreef u ons: ‘Het college houdt vast aan het programma.’ Wij adviseren u de regiotaxi
te laten rijden voor 412 huishoudens. De kosten zijn 12.500 euro per jaar.

Wij zien uw schriftelijke reactie graag tegemoet.

Met vriendelijke groet,
Anna de Wit, voorzitter
"""
NAMELESS = "Wij stellen voor om de brug te verven.\n\nMet groet,\neen inwoner"


Made = tuple[ExpectedAnswer, ...]


@pytest.fixture(scope="module")
def more(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two letters, a later one on the same subject, and one that says nothing of itself."""
    folder = write_letters(tmp_path_factory.mktemp("archief") / "brieven")
    (folder / "advies-2022.txt").write_text(LATER, encoding="utf-8")
    (folder / "los.txt").write_text(NAMELESS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def made(more: Path) -> Made:
    """The questions made of them, of which all evidence stands."""
    embedder = HashedWords()
    with temporary_store(Settings(), embedder) as store:
        Ingest(store, embedder).run([more])
        questions = first_questions(store, embedder)
        assert first_questions(store, embedder) == questions
        check_evidence("vragen.yaml", questions, Corpus.of(store), only_warn=False)
        return questions


def asked(made: Made, kind: QuestionKind) -> list[ExpectedAnswer]:
    return [question for question in made if question.kind == kind]


def test_what_the_council_advised_is_asked_by_subject(made: Made) -> None:
    found = next(q for q in asked(made, QuestionKind.POSITION) if "regiotaxi" in q.question)
    assert found.question == "Wat adviseerde de raad over de regiotaxi en de armoedeval?"
    assert found.voice is Voice.COUNCIL
    assert {one.source for one in found.evidence} == {"advies-2022.txt"}
    assert not any("tegemoet" in (one.text or "") for one in found.evidence)


def test_numbers_are_asked_with_the_number_as_the_fact(made: Made) -> None:
    facts = {question.question: question.facts for question in asked(made, QuestionKind.FACT)}
    letter = "in het advies over de regiotaxi en de armoedeval?"
    assert facts[f"Hoeveel huishoudens noemde de raad {letter}"] == (r"\b412\b",)
    assert facts[f"Welk bedrag per jaar noemde de raad {letter}"] == (r"\b12\.500\b",)


def test_what_the_archive_does_not_say_is_asked_and_what_it_says_is_not(
    made: Made,
) -> None:
    unsaid = asked(made, QuestionKind.UNANSWERABLE)
    assert unsaid
    assert not any(question.answerable for question in unsaid)
    assert not any("regiotaxi" in question.question for question in unsaid)


def test_a_letter_that_says_nothing_of_itself_is_not_asked_of(made: Made) -> None:
    assert not any(one.source == "los.txt" for question in made for one in question.evidence)


def test_ids_are_short_and_unique_and_questions_are_not_repeated(
    made: Made,
) -> None:
    ids = [question.id for question in made]
    assert len(set(ids)) == len(ids)
    assert all(len(identifier) == 3 for identifier in ids)
    assert len({(q.question, q.history) for q in made}) == len(ids)


def question(kind: QuestionKind, text: str, source: str) -> ExpectedAnswer:
    return ExpectedAnswer("", Language.DUTCH, kind, text, evidence=(ExpectedEvidence(source),))


def test_questions_are_spread_over_kinds_letters_and_years() -> None:
    offered = {
        QuestionKind.POSITION: [question(QuestionKind.POSITION, f"{i}?", "a") for i in range(5)],
        QuestionKind.FACT: [question(QuestionKind.FACT, f"{source}{i}?", source) for source in "abc" for i in range(3)],
    }
    chosen = spread(offered, {"a": 2014, "b": 2014, "c": 2020}, 4)
    assert [one.kind for one in chosen] == [QuestionKind.POSITION, QuestionKind.FACT] * 2
    assert [one.evidence[0].source for one in chosen[1::2]] == ["c", "b"]


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch, embedder: Embedder) -> None:
    """The commands use the embedder that needs no model."""
    for module in (running, starting):
        monkeypatch.setattr(module, "open_embedder", lambda _settings: embedder)


@pytest.mark.usefixtures("no_model")
def test_the_file_is_valid_at_once_and_says_how_to_go_on(more: Path, tmp_path: Path) -> None:
    path = tmp_path / "vragen.yaml"
    assert main(["init", "--archive", str(more), "--out", str(path), "--count", "6"]) == 0
    assert 3 < len(load_questions(path).questions) <= 6
    assert load_questions(path).warnings == ()
    assert path.read_text(encoding="utf-8").startswith(HEAD.read_text(encoding="utf-8"))
    out = tmp_path / "out.json"
    assert main(["run", "--archive", str(more), "--questions", str(path), "--out", str(out)]) in (0, 1)


def test_the_head_explains_every_field_and_every_kind_that_is_made() -> None:
    head = HEAD.read_text(encoding="utf-8")
    assert all(line.startswith("#") for line in head.splitlines())
    for name in set(ExpectedAnswer.__dataclass_fields__) - {"part"}:
        assert f"#   {name} " in head
    for kind in starting.MAKERS:
        assert f"{kind} (" in head


@pytest.mark.usefixtures("no_model")
def test_a_file_that_is_there_is_left_as_it_is(more: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "eigen.yaml"
    path.write_text("mijn vragen", encoding="utf-8")
    assert main(["init", "--archive", str(more), "--out", str(path)]) == 2
    assert path.read_text(encoding="utf-8") == "mijn vragen"
    assert "is left as it is" in capsys.readouterr().err


@pytest.mark.usefixtures("no_model")
@pytest.mark.parametrize("given", [["--count", "0"], []])
def test_nothing_is_written_when_nothing_can_be_asked(tmp_path: Path, given: list[str]) -> None:
    folder = tmp_path / "leeg"
    folder.mkdir()
    assert main(["init", "--archive", str(folder), *given]) == 2
    assert not (tmp_path / "vragen.yaml").exists()
