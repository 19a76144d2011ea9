"""A chat model that writes the answers of an evaluation: asked over HTTP through the real client, and what is told of it."""

from __future__ import annotations

import contextlib
import copy
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from bs4 import BeautifulSoup

from assistant.answers.written_answer import Fault
from eval.__main__ import main
from eval.comparison.evaluations import load_evaluation
from eval.reports.chat_model import writing_blocks
from eval.reports.document import as_markdown, as_text
from eval.reports.evaluation import evaluation_markdown as markdown
from eval.reports.html import html
from eval.reports.terms import terms
from eval.runs import answers as running
from eval.runs.writing import FELL_BACK, NOTHING_HELD, SILENT, STOPPED, WRITTEN, writing
from tests.chat_server import Reply, Request, Script, chat_server, fails, says_json
from tests.eval.reported import HOSTILE
from tests.eval.scripted import QUESTIONS, HashedWords, write_letters
from tests.honest_model import SPOILT, dishonest, honest

MODEL = "schrijver"

Json = dict[str, Any]


class Ran(NamedTuple):
    """What came of the command."""

    code: int
    content: Json
    printed: str


Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Runs the whole command with a scripted model, and gives its exit code, what it wrote and what it printed."""
    folder = tmp_path_factory.mktemp("meting")
    letters, questions, out = write_letters(folder / "letters"), folder / "voorbeeld.yaml", folder / "out.json"
    questions.write_text(QUESTIONS, encoding="utf-8")
    given = ["run", "--archive", str(letters), "--questions", str(questions), "--out", str(out)]

    def command(script: Script, *options: str) -> Ran:
        with chat_server(script) as server:
            patched.setenv("RAADSGEHEUGEN_CHAT_MODEL", MODEL)
            patched.setenv("RAADSGEHEUGEN_CHAT_URL", server.url)
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                code = main([*given, *options])
        return Ran(code, load_evaluation(out), printed.getvalue())

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(running, "open_embedder", lambda _settings: HashedWords())
        patched.delenv("OPENAI_API_KEY", raising=False)
        yield command


@pytest.fixture(scope="module")
def right(run: Run) -> Ran:
    """What an honest model wrote, and a judge thought of it."""
    return run(honest, "--written", "--judge")


@pytest.fixture(scope="module")
def quoted(run: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, str]:
    """What was answered without the option, and the baseline that it makes."""

    def asked(_: Request) -> Reply:
        raise AssertionError("a model was asked")

    baseline = str(tmp_path_factory.mktemp("baseline") / "baseline.json")
    return run(asked, "--baseline", baseline, "--update-baseline"), baseline


def told(content: Json) -> list[str]:
    """What the answers say, sentence by sentence."""
    return [statement["text"] for answer in content["answers"] for statement in answer["answer"]["statements"]]


def verdicts(content: Json) -> dict[str, bool]:
    """Whether each gate was kept."""
    return {name: gate["passed"] for name, gate in content["gates"].items()}


def test_an_honest_model_writes_the_answers_and_keeps_the_gates_that_quotations_keep(
    right: Ran, quoted: tuple[Ran, str]
) -> None:
    code, content, printed = right
    figures = content["writing"]
    assert (code, figures["model"]) == (quoted[0].code, MODEL)
    assert verdicts(content) == verdicts(quoted[0].content)
    assert verdicts(content)["quote_validity"]
    assert figures["written"] == figures["asked"] > 0
    assert figures["asked"] + figures["not_asked"] == len(content["answers"])
    assert figures["sentences"]["kept"] == len(told(content)) > 0
    assert (figures["sentences"]["dropped"], figures["reasons"], figures["per_answer"]) == (0, {}, [])
    assert content["metrics"]["quote_validity"] == 1.0
    assert content["judge"]["supported"] == 1.0
    assert (content["run"]["writer"], content["run"]["config"]["name"]) == (MODEL, "default")
    assert f"written by {MODEL}" in printed


def test_of_a_dishonest_model_only_the_honest_sentences_are_kept(run: Run, right: Ran) -> None:
    content = run(dishonest, "--written").content
    sentences = content["writing"]["sentences"]
    assert told(content) == told(right.content)
    assert sentences["kept"] == sentences["dropped"] == right.content["writing"]["sentences"]["kept"]
    assert set(sentences["faults"]) <= {fault.value for fault in SPOILT}
    assert Fault.UNKNOWN_PASSAGE.value in sentences["faults"]
    assert sum(sentences["faults"].values()) == sentences["dropped"]
    assert content["writing"]["written"] == content["writing"]["asked"]
    for shown in (markdown(content), html(content)):
        assert "zzzzz" not in shown


def test_a_model_that_fails_is_told_and_its_answers_are_quotations(run: Run) -> None:
    code, content, _ = run([fails(401)], "--written", "--no-gates")
    figures = content["writing"]
    assert code == 0
    assert figures["fell_back"] == figures["asked"] > 0
    ((reason, count),) = figures["reasons"].items()
    assert "sleutel" in reason
    assert count == figures["asked"]
    assert {answer["answer"]["engine"] for answer in content["answers"]} == {"extractive"}


def test_a_model_that_finds_nothing_is_silent(run: Run) -> None:
    content = run([says_json({"statements": []})], "--written", "--no-gates").content
    figures = content["writing"]
    assert figures["silent"] == figures["asked"] > 0
    assert figures["shares"] == {WRITTEN: 0.0, SILENT: 1.0, FELL_BACK: 0.0}
    assert not any(answer["answer"]["answered"] for answer in content["answers"] if answer["answer"]["writing"])


def test_without_the_option_no_model_is_asked_though_one_is_configured(quoted: tuple[Ran, str]) -> None:
    (_, content, printed), _ = quoted
    assert content["writing"] is None
    assert content["run"]["writer"] is None
    assert all(answer["answer"]["writing"] is None for answer in content["answers"])
    assert "Answers written" not in printed
    assert "### Written" not in markdown(content)
    assert BeautifulSoup(html(content), "lxml").select_one("section[aria-labelledby=geschreven]") is None


def test_a_baseline_of_quotations_is_not_compared_with_what_a_model_wrote(run: Run, quoted: tuple[Ran, str]) -> None:
    code, content, printed = run(honest, "--written", "--no-gates", "--baseline", quoted[1])
    assert code == 0
    compared = content["baseline"]
    assert (compared["comparable"], compared["differences"], compared["passed"]) == (False, {}, True)
    assert "made of quotations" in compared["why"]
    assert MODEL in compared["why"]
    for shown in (printed, markdown(content), html(content)):
        assert compared["why"] in " ".join(shown.split())
    assert "Nothing is worse" not in markdown(content)
    assert "Nergens slechter" not in html(content)


@pytest.mark.parametrize(("named", "says"), [(None, "CHAT_MODEL"), ("bm25", "bm25")])
def test_who_cannot_write_is_wrong_use_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], named: str | None, says: str
) -> None:
    monkeypatch.delenv("RAADSGEHEUGEN_CHAT_MODEL", raising=False)
    monkeypatch.delenv("RAADSGEHEUGEN_CHAT_URL", raising=False)
    config, out = tmp_path / "bm25.yaml", tmp_path / "out.json"
    config.write_text("system: bm25", encoding="utf-8")
    given = ["run", "--archive", str(tmp_path / "weg"), "--questions", str(tmp_path / "weg.yaml"), "--out", str(out)]
    assert main([*given, "--written", *(["--config", str(config)] if named else [])]) == 2
    assert says in capsys.readouterr().err
    assert not out.exists()


# --- figures and reports


def an_answer(number: int, *, engine: str, answered: bool = True, statements: int = 0, **said: Any) -> Json:
    """An answer as the JSON of an evaluation has it."""
    tokens = {"read": 1000, "written": 100, "estimated": False}
    asked = {"model": MODEL, "passages": 5, "dropped": [], "tokens": tokens, "first_token_seconds": 0.5, "seconds": 2.0}
    asked |= {"stopped": False, "problem": None}
    given = {"engine": engine, "answered": answered, "statements": [{}] * statements, "writing": asked | said}
    return {"id": f"q{number}", "answer": given}


DROPPED = [{"text": "Er waren 7 brieven.", "fault": "number"}, {"text": "Het college wil dat.", "fault": "speaker"}]
ANSWERS = [
    an_answer(1, engine=MODEL, statements=3, dropped=DROPPED),
    an_answer(2, engine=MODEL, statements=2, stopped=True, first_token_seconds=1.5, seconds=4.0),
    an_answer(3, engine=MODEL, answered=False),
    an_answer(4, engine="extractive", statements=4, dropped=DROPPED[:1]),
    an_answer(
        5, engine="extractive", statements=1, problem="Het chatmodel heeft een storing.", first_token_seconds=None
    ),
    an_answer(6, engine="extractive", statements=1, stopped=True),
    {"id": "q7", "answer": {"engine": "extractive", "answered": False, "statements": [], "writing": None}},
]


def test_every_answer_is_counted_once_by_what_came_of_it() -> None:
    figures = writing(ANSWERS, MODEL)
    assert [figures[name] for name in ("asked", "not_asked", WRITTEN, SILENT, FELL_BACK)] == [6, 1, 2, 1, 3]
    assert figures["shares"][WRITTEN] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["reasons"] == {NOTHING_HELD: 1, "Het chatmodel heeft een storing.": 1, STOPPED: 1}
    assert figures["sentences"] == {
        "kept": 5,
        "dropped": 3,
        "share_kept": 0.625,
        "faults": {"number": 2, "speaker": 1},
    }
    assert figures["tokens"] == {"read": 1000.0, "written": 100.0, "estimated": 0}
    assert figures["seconds"]["first_token_p50"] == 0.5
    assert figures["seconds"]["whole_p50"] == 2.0
    assert [one["id"] for one in figures["per_answer"]] == ["q1", "q4", "q5", "q6"]


def test_a_model_that_was_never_asked_has_no_shares() -> None:
    figures = writing(ANSWERS[-1:], MODEL)
    assert figures["asked"] == 0
    assert set(figures["shares"].values()) == {None}
    assert as_text(writing_blocks(figures))
    assert MODEL in as_markdown(writing_blocks(figures))


def test_every_report_tells_apart_what_was_dropped_and_why(right: Ran) -> None:
    content = right.content | {"writing": writing(ANSWERS, MODEL)}
    section = BeautifulSoup(html(content), "lxml").select_one("section[aria-labelledby=geschreven]")
    assert section is not None
    for told_there in (as_text(writing_blocks(content["writing"])), markdown(content), section.get_text()):
        shown = " ".join(told_there.split())
        assert MODEL in shown
        assert "Er waren 7 brieven." in shown
        assert "Het chatmodel heeft een storing." in shown
    assert terms().dropped["number"] in section.get_text()


def test_what_a_model_wrote_is_no_markup(right: Ran) -> None:
    answers = copy.deepcopy(ANSWERS)
    answers[0]["answer"]["writing"]["dropped"][0]["text"] = HOSTILE
    answers[4]["answer"]["writing"]["problem"] = HOSTILE
    content = right.content | {"writing": writing(answers, HOSTILE)}
    page = BeautifulSoup(html(content), "lxml")
    assert HOSTILE in [struck.get_text() for struck in page.select("section[aria-labelledby=geschreven] s")]
    assert not page.select("section[aria-labelledby=geschreven] script, section[aria-labelledby=geschreven] img")
    assert "<script>" not in as_markdown(writing_blocks(content["writing"]))


def test_every_fault_and_outcome_has_dutch_words() -> None:
    assert set(terms().dropped) == {fault.value for fault in Fault}
    assert set(terms().written) == {WRITTEN, SILENT, FELL_BACK, NOTHING_HELD, STOPPED}


def test_the_figures_are_plain_values() -> None:
    assert json.loads(json.dumps(writing(ANSWERS, MODEL))) == writing(ANSWERS, MODEL)
