"""The reports: what is in them, and that nothing which is put in them gets out of its place."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from junitparser import Failure, JUnitXml, TestCase
from markdown_it import MarkdownIt
from markdown_it.token import Token

from eval.__main__ import main
from eval.datasets.questions import QuestionKind
from eval.files import write_text
from eval.metrics.faults import FAULTS, worst_first
from eval.reports.document import MOST_BYTES
from eval.reports.evaluation import evaluation_markdown as markdown
from eval.reports.html import html
from eval.reports.junit import junit
from eval.reports.plain import Share, plain
from eval.reports.terms import figure, signed, terms
from tests.eval.reported import HOSTILE, Reported, hostile, reported

Json = dict[str, Any]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Reported:
    """Both evaluations."""
    return reported(tmp_path_factory.mktemp("reported"))


@pytest.fixture
def evaluation(made: Reported) -> Json:
    """Two answers with faults, beside a baseline without any; a test may change it."""
    return copy.deepcopy(made.worse)


def soup(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "lxml")


def ids(page: BeautifulSoup) -> list[str]:
    return [article.select_one(".id").get_text() for article in page.select("article.question")]  # type: ignore[union-attr]


def tables(text: str) -> list[list[list[str]]]:
    """The cells of each table in a Markdown text, as a reader sees them."""
    page = BeautifulSoup(MarkdownIt("commonmark").enable("table").render(text), "lxml")
    return [
        [[cell.get_text() for cell in row.select("th, td")] for row in table.select("tr")] for table in page("table")
    ]


def cases(text: str) -> dict[str, TestCase]:
    """The cases of JUnit XML, by suite and the first word of the name."""
    report = JUnitXml.fromstring(text.encode())
    return {f"{suite.name}/{str(case.name).split()[0]}": case for suite in report for case in suite}


# --- the page


def test_the_page_holds_every_question_the_worst_first(evaluation: Json) -> None:
    shown = ids(soup(html(evaluation)))
    assert shown == ["n1", "f1", "p1", "x1"]
    assert shown == [answer["id"] for answer in worst_first(evaluation["answers"])]


def test_an_altered_quote_is_worse_than_evidence_that_is_missing_altogether() -> None:
    missing = {"id": "a", "faults": ["…"] * 3, "scores": {"found@5": 0.0, "cited": 0.0, "facts": 0.0}}
    altered = {"id": "b", "faults": ["…"], "scores": {"quote_validity": 0.0}}
    silent = {"id": "c", "faults": ["…"] * 2, "scores": {"false_refusals": 1.0, "cited": 0.0}}
    fine = {"id": "d", "faults": [], "scores": {"cited": 1.0}}
    assert [answer["id"] for answer in worst_first([fine, missing, silent, altered])] == ["b", "c", "a", "d"]


def test_a_question_shows_its_faults_evidence_facts_and_marked_quotes(evaluation: Json) -> None:
    page = soup(html(evaluation))
    made_up, wrong_letter, good, _ = page.select("article.question")
    assert made_up["data-faults"] == "1"
    assert wrong_letter.select(".faults li")
    assert good["data-faults"] == "0"
    assert [mark.get_text() for mark in good.select("mark")] == ["nooit kan leiden tot een armoedeval"]
    assert not good.select(".columns .broken")
    assert wrong_letter.select(".columns .broken")
    assert wrong_letter.select("details blockquote")
    for article in (made_up, wrong_letter, good):
        for marker in article.select("a.marker"):
            assert article.select_one(str(marker["href"])) is not None


def test_a_member_is_told_of_the_questions_that_nothing_was_tuned_on(evaluation: Json) -> None:
    tuned, unseen = copy.deepcopy(evaluation), copy.deepcopy(evaluation)
    for answer in tuned["answers"]:
        answer["part"] = None
    for answer, part in zip(unseen["answers"], ["test", *["dev"] * len(unseen["answers"])], strict=False):
        answer["part"] = part
    assert plain(tuned).right.among == len(evaluation["answers"])
    assert plain(unseen).right.among == 1


def test_the_page_says_in_whole_questions_what_a_member_must_know(evaluation: Json) -> None:
    evaluation = copy.deepcopy(evaluation)
    for answer in evaluation["answers"]:
        answer["part"] = None
    found = plain(evaluation)
    assert (found.right.count, found.right.among) == (2, 4)
    assert (found.shares["refused"].count, found.shares["refused"].among) == (0, 1)
    assert (found.letters, found.first) == (2, "")
    assert [weak.kind for weak in found.weak] == ["fact", "unanswerable"]
    counts = [count.get_text() for count in soup(html(evaluation)).select("header .count")]
    assert "0 van de 1" in counts


@pytest.mark.parametrize(
    ("count", "among", "low", "high", "certainty"),
    [(73, 73, 95, 100, "certain"), (64, 73, 78, 93, "fair"), (10, 10, 72, 100, "unsure"), (0, 1, 0, 79, "unsure")],
)
def test_a_margin_is_never_without_width(count: int, among: int, low: int, high: int, certainty: str) -> None:
    """By hand: Wilson's interval with z = 1.96."""
    assert Share(count, among).margin == (low, high)
    assert Share(count, among).certainty == certainty


def test_every_plot_is_told_in_words_and_every_table_has_a_caption(evaluation: Json) -> None:
    page = soup(html(evaluation))
    plots = page.select("svg")
    assert len(plots) == 5
    for plot in plots:
        named = [page.find(id=name) for name in str(plot["aria-labelledby"]).split()]
        assert all(isinstance(one, Tag) and one.get_text(strip=True) for one in named)
    assert all(table.caption and table.caption.get_text(strip=True) for table in page("table"))
    assert [one.name for one in page.select("body > header, body > main")] == ["header", "main"]
    assert page.html is not None
    assert page.html["lang"] == "nl"
    english = page.select_one("article.question h3 [lang=en]")
    assert english is not None
    assert english.get_text() == "What did both write about the programme?"


def test_differences_and_broken_questions_are_side_by_side(evaluation: Json) -> None:
    page = soup(html(evaluation))
    beside = page.select("article.beside")
    assert len(beside) == len(evaluation["baseline"]["broke"]) == 2
    assert all(len(one.select(".columns > div")) == 2 for one in beside)
    rows = page.select("section[aria-labelledby=vorige] table tbody tr")
    assert len(rows) == len(evaluation["baseline"]["differences"])


def test_the_page_asks_for_nothing_from_outside(evaluation: Json) -> None:
    page = soup(html(hostile(evaluation)))
    for element in page.find_all(True):
        for name, value in element.attrs.items():
            assert not name.startswith("on"), element
            assert name != "style", element
            if name in ("src", "href", "action", "xlink:href", "srcset", "data"):
                assert str(value).startswith("#"), element
    assert not page.select("link, img, iframe, object, embed, base")
    assert "url(" not in str(page.style)
    assert "@import" not in str(page.style)
    policy = page.select_one("meta[http-equiv=Content-Security-Policy]")
    assert policy is not None
    assert "default-src 'none'" in str(policy["content"])
    assert "unsafe" not in str(policy["content"])


def test_hostile_text_stays_text(evaluation: Json) -> None:
    page = soup(html(hostile(evaluation)))
    clean = soup(html(evaluation))
    assert len(page("script")) == len(page("style")) == 1
    assert page.script is not None
    assert clean.script is not None
    assert page.script.get_text() == clean.script.get_text()
    heads = page.select("article.question h3")
    assert len(heads) == 4
    assert all(HOSTILE in head.get_text() for head in heads)
    assert all(mark.get_text() == HOSTILE for mark in page.select("mark"))
    assert len(page.select("mark")) == 5
    assert HOSTILE in page.select("#eisen ~ ul li")[0].get_text()


def test_reports_are_the_same_for_the_same_evaluation(evaluation: Json) -> None:
    again = json.loads(json.dumps(evaluation))
    for report in (html, markdown, junit):
        assert report(evaluation) == report(again)


def test_without_a_baseline_or_faults_there_is_nothing_about_either(made: Reported) -> None:
    found = copy.deepcopy(made.right)
    page = soup(html(found))
    assert not page.select("article.beside, .faults, #vorige")
    assert page.select_one(".verdict.kept") is not None
    assert "baseline" not in markdown(found)
    assert "Worst" not in markdown(found)


def test_without_any_answer_there_is_still_a_page(made: Reported) -> None:
    found = copy.deepcopy(made.right)
    found |= {"answers": [], "left_out": ["p1", "f1", "x1", "n1"]}
    found["metrics"] = {"questions": 0, "intervals": {}, "kinds": {}, "left_out": 4}
    assert ids(soup(html(found))) == []
    assert tables(markdown(found))
    assert "gates/cited" in cases(junit(found))


def test_kinds_faults_and_verdicts_have_dutch_words() -> None:
    words = terms()
    assert set(map(str, QuestionKind)) <= words.kinds.keys()
    assert set(FAULTS.values()) <= words.faults.keys()
    assert set(FAULTS) <= words.metrics.keys()
    assert all(set(one) == {"name", "means"} for one in words.metrics.values())
    assert "zelfbedacht" in words.kind("zelfbedacht")
    assert words.metric("test found@5").startswith(words.metric("found@5"))


def test_numbers_are_written_in_dutch() -> None:
    assert (figure(0.876), figure(-0.5, 1), figure(3), figure(None)) == ("0,88", "−0,5", "3", "–")
    assert (signed(0.012), signed(-0.06), signed(0.0)) == ("+0,012", "−0,060", "0")


# --- Markdown


def test_the_summary_has_gates_metrics_differences_and_questions(evaluation: Json) -> None:
    text = markdown(evaluation)
    found = tables(text)
    headers = [table[0] for table in found]
    assert [header[0] for header in headers] == [
        *("gate", "metric", "kind", "metric", "id", "id", "answers", "sentences", "kind")
    ]
    assert all(len(row) == len(table[0]) for table in found for row in table)
    assert found[0][1][-1] == "FAILED"
    assert {row[0] for row in found[4][1:]} == {"n1", "f1"}
    assert [row[0] for row in found[5][1:]] == ["n1", "f1"]
    assert {row[0]: row[-1] for row in found[3]}["refused"] == "worse"


def test_hostile_text_does_not_break_a_table_or_become_a_mark(evaluation: Json) -> None:
    found = tables(markdown(hostile(evaluation)))
    assert [len(table) for table in found] == [len(table) for table in tables(markdown(evaluation))]
    assert all(len(row) == len(table[0]) for table in found for row in table)
    line = " ".join(HOSTILE.split())
    assert all(line in row[1] for row in found[5][1:])

    def kinds(tokens: list[Token]) -> set[str]:
        return {kind for token in tokens for kind in (token.type, *kinds(token.children or []))}

    parsed = MarkdownIt("commonmark").enable("table").parse(markdown(hostile(evaluation)))
    assert not kinds(parsed) & {"html_block", "html_inline", "link_open", "image", "code_inline", "code_block"}


def test_the_summary_stays_small_however_many_questions(evaluation: Json) -> None:
    many = hostile(evaluation)
    many["answers"] *= 500
    many["baseline"]["broke"] *= 500
    many["warnings"] = [HOSTILE * 20] * 2000
    many["metrics"]["kinds"] = {f"{HOSTILE * 3} {n}": many["metrics"]["kinds"]["fact"] for n in range(300)}
    text = markdown(many)
    assert len(text.encode()) <= MOST_BYTES
    assert tables(text)[0][0][0] == "gate"


# --- JUnit


def test_a_suite_for_each_kind_and_one_of_the_gates(evaluation: Json) -> None:
    report = JUnitXml.fromstring(junit(evaluation).encode())
    assert [suite.name for suite in report] == ["position", "fact", "crossdoc", "unanswerable", "gates"]
    assert report.tests == 4 + len(evaluation["gates"]) + 1
    found = cases(junit(evaluation))
    seconds = {answer["id"]: answer["seconds"] for answer in evaluation["answers"]}
    assert found["fact/f1"].time == pytest.approx(seconds["f1"])


def test_what_broke_and_gates_that_failed_are_failures(evaluation: Json) -> None:
    found = cases(junit(evaluation))
    failed = {name for name, case in found.items() if case.is_failure}
    gates = {f"gates/{name}" for name, gate in evaluation["gates"].items() if not gate["passed"]}
    assert gates
    assert failed == {"unanswerable/n1", "fact/f1", "gates/baseline"} | gates
    broken = found["fact/f1"].result[0]
    assert isinstance(broken, Failure)
    assert "evidence not cited" in str(broken.text)
    assert "300 mensen extra" in str(broken.text)
    assert "500 mensen" in str(broken.text)


def test_without_a_baseline_faults_are_told_but_fail_nothing(evaluation: Json) -> None:
    found = cases(junit(evaluation | {"baseline": None}))
    assert found["fact/f1"].is_passed
    assert "evidence not cited" in str(found["fact/f1"].system_out)
    assert found["position/p1"].system_out is None


def test_a_run_that_becomes_the_baseline_breaks_nothing(evaluation: Json) -> None:
    accepted = evaluation | {"baseline": evaluation["baseline"] | {"accepted": True, "passed": True}}
    found = cases(junit(accepted))
    assert found["fact/f1"].is_passed
    assert found["gates/baseline"].is_passed


def test_characters_that_xml_cannot_hold_are_replaced(evaluation: Json) -> None:
    evaluation["answers"][0]["question"] = "a\x00b\x1bc\ud800d\uffffe & <f> ]]> \U0001f600"
    found = cases(junit(hostile(evaluation) | {"answers": evaluation["answers"]}))
    assert found["position/p1"].name == "p1 a\ufffdb\ufffdc\ufffdd\ufffde & <f> ]]> \U0001f600"


# --- commands and files


def test_the_command_writes_what_is_asked_for(evaluation: Json, tmp_path: Path) -> None:
    (tmp_path / "e.json").write_text(json.dumps(evaluation), encoding="utf-8")
    page, summary, suites = (tmp_path / "new" / name for name in ("a.html", "b.md", "c.xml"))
    options = ["--html", str(page), "--markdown", str(summary), "--junit", str(suites)]
    assert main(["report", str(tmp_path / "e.json"), *options]) == 0
    assert page.read_text(encoding="utf-8") == html(evaluation)
    assert summary.read_text(encoding="utf-8") == markdown(evaluation)
    assert suites.read_text(encoding="utf-8") == junit(evaluation)
    assert main(["report", str(tmp_path / "e.json"), "--html", str(tmp_path / "alone.html")]) == 0
    assert sorted(path.name for path in tmp_path.glob("*.html")) == ["alone.html"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read as JSON"),
        ("{", "cannot be read as JSON"),
        ("[]", "not an evaluation"),
        ('{"folders": {}}', "not an evaluation"),
        ('{"metrics": {}, "answers": [{}]}', "older shape"),
        ('{"metrics": {}, "answers": 1}', "older shape"),
        ('{"metrics": {}, "answers": [3], "run": {}}', "older shape"),
        ('{"metrics": {"intervals": {}}, "answers": [{"id": "a"}], "run": {}}', "older shape"),
    ],
)
def test_a_file_that_is_no_evaluation_exits_2(
    content: str | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "e.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert main(["report", str(path), "--html", str(tmp_path / "a.html")]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "a.html").exists()


def test_a_report_that_cannot_be_written_or_is_not_asked_for_exits_2(
    evaluation: Json, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "e.json"
    path.write_text(json.dumps(evaluation), encoding="utf-8")
    assert main(["report", str(path)]) == 2
    assert main(["report", str(path), "--html", str(path / "a.html")]) == 2
    assert re.search(r"a\.html cannot be written", capsys.readouterr().err)


def test_a_text_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.txt"
    write_text(path, "één\n")
    with pytest.raises(UnicodeEncodeError):
        write_text(path, "twee\ud800")
    assert path.read_bytes() == "één\n".encode()
    assert [one.name for one in path.parent.iterdir()] == ["a.txt"]
    other = tmp_path / "other"
    other.touch()
    assert path.stat().st_mode == other.stat().st_mode
