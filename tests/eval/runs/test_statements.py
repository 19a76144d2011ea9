"""Labelled statements: what may stand in a file of them, and that planted verifiers get the figures that they deserve."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import pytest

from assistant.answers.answer import Citation, Language, Statement
from assistant.answers.written_answer import Claim, Dropped, Fault
from assistant.composition import open_archive
from assistant.settings import Settings
from eval.__main__ import GATE_FAILED, PASSED, WRONG_USE, main
from eval.datasets.corpus import temporary_store
from eval.datasets.questions import Part
from eval.datasets.statements import Flaw, StatementSet, load_statements
from eval.metrics.gates import Gate, gates_for
from eval.reports.measurements import verification_report
from eval.runs import verification as measuring
from eval.runs.claims import claim_of, offer_passages, places_of
from eval.runs.trials import FIGURES
from eval.runs.verification import Verification, verify
from ingest.job.job import Ingest
from tests.eval.scripted import HashedWords
from vectorstore.errors import WrongUse
from vectorstore.letters import Passage
from vectorstore.models.embedder import Embedder
from vectorstore.search import Archive

SAMPLE = Path("eval/sample")
FILES = {"statements.yaml": "archive", "statements-more.yaml": "more", "statements-orders.yaml": "orders"}
LETTER = """
    Wmo-raad Duinerveen
    Aan het college van burgemeester en wethouders van Duinerveen
    Datum: 4 mei 2021
    Kenmerk: WR 2021-07
    Onderwerp: Advies over de regiotaxi

    Geacht college,

    De regiotaxi komt in een op de vijf ritten te laat. Wij vragen u om elk kwartaal de wachttijden te publiceren.
    Wij zijn niet voor een hoger tarief in het weekeinde, want dan blijven mensen thuis.

    Met vriendelijke groet,
    namens de Wmo-raad Duinerveen,
    A. de Boer
"""
HONEST = "De Wmo-raad wil dat de wachttijden elk kwartaal worden gepubliceerd."
TURNED = "De Wmo-raad is voor een hoger tarief in het weekeinde."
HALF = "De taxi komt in een op de vijf ritten te laat. Het tarief gaat omlaag."
STATEMENTS = f"""
statements:
- id: honest
  part: dev
  language: nl
  text: {HONEST}
  rests_on:
  - {{source: advies.txt, text: elk kwartaal de wachttijden}}
  holds: true
- id: turned
  part: test
  language: nl
  text: {TURNED}
  rests_on:
  - {{source: advies.txt, text: niet voor een hoger tarief}}
  fault: negation_removed
- id: half
  part: test
  language: nl
  text: {HALF}
  rests_on:
  - {{source: advies.txt, text: een op de vijf ritten}}
  wrong: Het tarief gaat omlaag
  fault: half_true
- id: invented
  part: dev
  language: en
  text: The council wants waiting times to be published.
  fault: invented_passage
"""


class Planted:
    """A verifier that judges each sentence of a claim by a rule.

    Args:
        fault: what it says of a sentence; None to show it.
    """

    def __init__(self, fault: Callable[[str], Fault | None]) -> None:
        self.fault = fault

    def verified(
        self, claim: Claim, offered: Mapping[str, Passage], language: Language
    ) -> Sequence[Statement | Dropped]:
        """Each sentence, shown with the first offered passage as its citation."""
        cited = next(iter(offered.values()))
        return [self._judged(f"{sentence.rstrip('.')}.", cited) for sentence in claim.text.split(". ")]

    def _judged(self, sentence: str, cited: Passage) -> Statement | Dropped:
        fault = self.fault(sentence)
        return Dropped(sentence, fault) if fault else Statement(sentence, (Citation(cited, cited.start, cited.end),))


def rightly(sentence: str) -> Fault | None:
    """What is wrong with a sentence of the file above."""
    faults = {
        TURNED: Fault.NEGATION,
        "Het tarief gaat omlaag.": Fault.UNSUPPORTED,
        "The council wants waiting times to be published.": Fault.UNKNOWN_PASSAGE,
    }
    return faults.get(sentence)


RIGHT, KEEPS_ALL, DROPS_ALL = Planted(rightly), Planted(lambda _: None), Planted(lambda _: Fault.UNSUPPORTED)
MISLABELS = Planted(lambda sentence: Fault.LANGUAGE if rightly(sentence) else None)
DROPS_HALVES_WHOLE = Planted(lambda sentence: rightly(sentence) or (Fault.LEANING if sentence in HALF else None))


@pytest.fixture
def statements(tmp_path: Path) -> Path:
    """A file of one honest and three dishonest statements."""
    path = tmp_path / "zinnen.yaml"
    path.write_text(STATEMENTS, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the letter that they are about, and a file that cannot be read."""
    folder = tmp_path_factory.mktemp("brieven")
    (folder / "advies.txt").write_text(LETTER, encoding="utf-8")
    (folder / "kapot.pdf").write_bytes(b"%PDF-1.4 and nothing more")
    return folder


@pytest.fixture(scope="module")
def archive(letters: Path) -> Iterator[Archive]:
    """The folder, ingested."""
    embedder = HashedWords()
    with temporary_store(Settings(), embedder) as store:
        Ingest(store, embedder).run([letters])
        yield open_archive(store, embedder)


@pytest.fixture
def command(
    tmp_path: Path, letters: Path, statements: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """The command over them, with an embedder that needs no model."""
    monkeypatch.setattr(measuring, "open_embedder", lambda _settings: embedder)
    files = {"archive": letters, "statements": statements, "out": tmp_path / "uit.json"}
    return ["statements", *(word for name, path in files.items() for word in (f"--{name}", str(path)))]


def verified(statements: Path, archive: Archive, verifier: Planted, *gates: Gate) -> Verification:
    return verify(load_statements(statements), archive, lambda _archive, _reader: verifier, gates=gates)


@pytest.mark.parametrize(
    ("verifier", "expected"),
    [
        (RIGHT, {"kept": 1.0, "caught": 1.0, "rest_kept": 1.0, "named": 1.0, "caught half_true": 1.0}),
        (KEEPS_ALL, {"kept": 1.0, "caught": 0.0, "rest_kept": 1.0, "named": 0.0, "caught negation_removed": 0.0}),
        (DROPS_ALL, {"kept": 0.0, "caught": 1.0, "rest_kept": 0.0, "named": 1 / 3, "caught invented_passage": 1.0}),
        (MISLABELS, {"kept": 1.0, "caught": 1.0, "rest_kept": 1.0, "named": 0.0}),
        (DROPS_HALVES_WHOLE, {"kept": 1.0, "caught": 1.0, "rest_kept": 0.0, "named": 1.0}),
    ],
)
def test_each_planted_verifier_gets_the_figures_it_deserves(
    statements: Path, archive: Archive, verifier: Planted, expected: dict[str, float]
) -> None:
    verification = verified(statements, archive, verifier)
    assert {name: verification.metrics[name] for name in expected} == pytest.approx(expected)
    assert set(verification.metrics) - {"parts"} <= FIGURES
    assert all(low <= verification.metrics[name] <= high for name, (low, high) in verification.intervals.items())


def test_what_does_most_harm_is_listed_first_and_an_honest_sentence_that_is_dropped_last(
    statements: Path, archive: Archive
) -> None:
    kept = verified(statements, archive, KEEPS_ALL)
    assert [trial.label.id for trial in kept.wrong] == ["turned", "half", "invented"]
    upside_down = Planted(lambda sentence: None if rightly(sentence) else Fault.NUMBER)
    assert verified(statements, archive, upside_down).wrong[-1].label.id == "honest"
    assert not verified(statements, archive, RIGHT).wrong


def test_the_faults_that_were_named_are_counted_by_label(statements: Path, archive: Archive) -> None:
    faults = verified(statements, archive, MISLABELS).faults
    assert faults["negation_removed"] == {"language": 1}
    assert faults["holds"] == {"shown": 1}


def test_an_honest_text_of_which_a_part_is_lost_without_a_word_is_not_kept_whole(
    statements: Path, archive: Archive
) -> None:
    class Shortens(Planted):
        def verified(
            self, claim: Claim, offered: Mapping[str, Passage], language: Language
        ) -> Sequence[Statement | Dropped]:
            half = Claim(claim.text[: len(claim.text) // 2], claim.passages)
            return super().verified(half, offered, language)

    assert verified(statements, archive, Shortens(lambda _: None)).metrics["kept"] == 0.0


def test_a_gate_on_a_part_sees_that_part_alone(statements: Path, archive: Archive) -> None:
    gates = (Gate("test caught", least=1.0), Gate("dev caught", least=1.0))
    lets_the_invented_pass = Planted(lambda sentence: None if "council" in sentence else rightly(sentence))
    verification = verified(statements, archive, lets_the_invented_pass, *gates)
    assert {name: verdict["passed"] for name, verdict in verification.gates.items()} == {
        "test caught": True,
        "dev caught": False,
    }
    assert not verification.passed


def test_a_run_over_one_part_is_held_to_the_gates_on_that_part(statements: Path, archive: Archive) -> None:
    labels = load_statements(statements, Part.TEST)
    gates = (Gate("caught", least=1.0), Gate("test caught", least=0.5), Gate("dev kept", least=1.0))
    verification = verify(labels, archive, lambda *_: RIGHT, part=Part.TEST, gates=gates)
    assert [*verification.gates] == ["test caught"]
    assert {trial.label.id for trial in verification.trials} == {"turned", "half"}


def test_a_gate_on_no_metric_is_an_error(statements: Path, archive: Archive) -> None:
    with pytest.raises(WrongUse, match="caught nagation"):
        verified(statements, archive, RIGHT, Gate("caught nagation", least=1.0))


def test_the_report_tells_the_figures_and_what_was_shown_wrongly(statements: Path, archive: Archive) -> None:
    report = verification_report(verified(statements, archive, KEEPS_ALL, Gate("caught", least=0.5)))
    assert "zinnen.yaml: 4 statements, 0 left out" in report
    assert f"turned “{TURNED}”" in report
    assert "FAILED" in report


@pytest.mark.parametrize(
    ("verifier", "part", "code"),
    [(RIGHT, None, PASSED), (KEEPS_ALL, None, GATE_FAILED), (DROPS_ALL, None, GATE_FAILED), (KEEPS_ALL, "dev", PASSED)],
)
def test_the_command_writes_what_came_of_it_and_fails_when_a_gate_does(
    tmp_path: Path,
    command: list[str],
    monkeypatch: pytest.MonkeyPatch,
    verifier: Planted,
    part: str | None,
    code: int,
) -> None:
    gates = (Gate("kept", least=1.0), Gate("caught", least=1.0))
    planted = partial(measuring.measure_statements, opening=lambda _archive, _reader: verifier)
    monkeypatch.setattr(measuring, "measure_statements", planted)
    monkeypatch.setattr(measuring, "gates_for", lambda _name, _path: gates)
    assert main([*command, *(["--part", part] if part else [])]) == code
    written = json.loads((tmp_path / "uit.json").read_text(encoding="utf-8"))
    assert written["passed"] is (code == PASSED)
    assert {"metrics", "intervals", "faults", "gates", "wrong"} <= set(written)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("fault: negation_removed", "fault: negaton", "statement turned: fault cannot be 'negaton'"),
        ("  holds: true\n", "", "statement honest: a statement either holds or has a fault"),
        (
            "  holds: true\n",
            "  holds: true\n  fault: number\n",
            "statement honest: a statement either holds or has a fault",
        ),
        ("id: half", "id: turned", "statement turned: its id was used before"),
        ("part: dev", "part: train", "statement honest: part cannot be 'train'"),
        ("wrong: Het tarief gaat omlaag", "wrong: Het tarief stijgt", "statement half: wrong: 'Het tarief stijgt'"),
        ("  holds: true\n", "  holds: true\n  wrong: De Wmo-raad\n", "statement honest: wrong: 'De Wmo-raad'"),
        ("fault: invented_passage", "fault: name", "statement invented: a statement cites passages"),
        ("language: en", "language: fr", "statement invented: language cannot be 'fr'"),
        (
            "  holds: true\n",
            "  holds: true\n  voice: council\n",
            "statement honest: the statement has no field 'voice'",
        ),
        (
            "  holds: true\n",
            "  holds: true\n  quotes:\n  - {source: brief.txt, words: elk kwartaal}\n",
            "statement honest: it quotes brief.txt, which it does not cite",
        ),
        ("statements:", "sentences:", "must hold one list, 'statements'"),
    ],
)
def test_a_wrong_file_is_an_error_that_says_where(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in STATEMENTS
    path = tmp_path / "zinnen.yaml"
    path.write_text(STATEMENTS.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(WrongUse) as raised:
        load_statements(path)
    assert told in str(raised.value)


def test_a_part_without_statements_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "zinnen.yaml"
    path.write_text(STATEMENTS.replace("part: dev", "part: test"), encoding="utf-8")
    with pytest.raises(WrongUse, match="no statements of part dev"):
        load_statements(path, Part.DEVELOPMENT)


@pytest.mark.parametrize(("old", "new"), [("elk kwartaal de", "elke maand de"), ("advies.txt", "brief.txt")])
def test_what_does_not_stand_in_the_letters_is_an_error(
    statements: Path, command: list[str], capsys: pytest.CaptureFixture[str], old: str, new: str
) -> None:
    statements.write_text(STATEMENTS.replace(old, new, 1), encoding="utf-8")
    assert main(command) == WRONG_USE
    said = capsys.readouterr().err
    assert "statement honest: no passage of" in said
    assert "Correct 'source' and 'text'" in said


def test_a_statement_on_a_file_that_cannot_be_read_is_left_out_with_a_warning(
    statements: Path, archive: Archive
) -> None:
    statements.write_text(STATEMENTS.replace("advies.txt", "kapot.pdf", 1), encoding="utf-8")
    verification = verified(statements, archive, RIGHT)
    assert verification.metrics["left_out"] == 1
    assert [warning.split()[0] for warning in verification.warnings] == ["kapot.pdf"]


@pytest.fixture(scope="module", params=FILES.items(), ids=FILES)
def sample(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[StatementSet, Archive]]:
    """A file of the project's statements, and the letters that they are about; no statement rests on a scan."""
    name, folder = request.param
    letters = shutil.copytree(
        SAMPLE / folder, tmp_path_factory.mktemp("voorbeeld") / folder, ignore=shutil.ignore_patterns("scans")
    )
    embedder = HashedWords()
    with temporary_store(Settings(), embedder) as store:
        Ingest(store, embedder).run([letters])
        yield load_statements(SAMPLE / name), open_archive(store, embedder)


def test_every_statement_of_the_project_rests_on_its_letters(
    sample: tuple[StatementSet, Archive],
) -> None:
    labels, archive = sample
    places, _ = places_of(labels, archive.store)
    for label in labels.statements:
        cited = places.get(label.id, ())
        offered = offer_passages(label, cited, archive)
        claim = claim_of(label, cited, offered)
        rests = {passage.id for passage in cited}
        assert {offered[name].id for name in claim.passages if name in offered} == rests
        assert all(name not in offered for name in claim.passages) is not bool(rests)
        assert len(offered) > len(rests)


def test_the_statements_of_the_project_are_many_of_every_kind_and_have_gates() -> None:
    sets = [load_statements(SAMPLE / name) for name in FILES]
    everything = [statement for each in sets for statement in each.statements]
    for part in Part:
        assert {statement.fault for statement in everything if statement.part is part} == {None, *Flaw}
    assert sum(statement.fault is None for statement in everything) >= 90
    assert sum(statement.fault is not None for statement in everything) >= 160
    for each in sets:
        assert all(gate.metric.removeprefix("test ") in FIGURES for gate in gates_for(each.name, measuring.GATES))
