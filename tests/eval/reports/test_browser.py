"""The page as a reader opens it: from a file, in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from eval.reports.html import html
from tests.eval.reported import hostile, reported

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Two answers with faults, beside a baseline without any."""
    return reported(tmp_path_factory.mktemp("reported")).worse


@pytest.fixture
def opened(chromium: Browser, evaluation: dict[str, Any], tmp_path: Path) -> Iterator[Open]:
    """Opens the page; at the end it may have asked for nothing but itself, and complained of nothing."""
    complaints: list[str] = []

    with ExitStack() as stack:

        def open_page(spoilt: bool = False, **options: object) -> Page:
            file = tmp_path / "report.html"
            file.write_text(html(hostile(evaluation) if spoilt else evaluation), encoding="utf-8")
            page = stack.enter_context(chromium.new_context(**options)).new_page()  # type: ignore[arg-type]
            page.on("request", lambda asked: complaints.append(asked.url) if asked.url != file.as_uri() else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda said: complaints.append(said.text))
            page.on("dialog", lambda dialog: complaints.append(dialog.message))
            page.goto(file.as_uri())
            return page

        yield open_page
    assert complaints == []


def shown(page: Page) -> list[str]:
    return page.locator("article.question:visible .id").all_inner_texts()


def test_questions_are_filtered_by_kind_part_faults_and_words(opened: Open) -> None:
    page = opened()
    assert shown(page) == ["n1", "f1", "p1", "x1"]
    page.locator("#filter").get_by_label("alleen met fouten").press("Space")
    assert shown(page) == ["n1", "f1"]
    page.locator("#filter").get_by_label("Soort").select_option("fact")
    assert shown(page) == ["f1"]
    page.locator("#filter").get_by_label("alleen met fouten").uncheck()
    page.locator("#filter").get_by_label("Soort").select_option("")
    page.locator("#filter").get_by_label("Deel").select_option("dev")
    assert shown(page) == ["p1", "x1"]
    page.locator("#filter").get_by_label("Woorden").fill("PROGRAMME both")
    assert shown(page) == ["x1"]
    expect(page.get_by_role("status")).to_contain_text("1 van de 4")


def test_a_link_to_a_question_that_is_filtered_out_brings_it_back(opened: Open) -> None:
    page = opened()
    page.locator("#filter").get_by_label("Soort").select_option("crossdoc")
    page.locator("article.beside a", has_text="f1").click()
    assert shown(page) == ["f1", "x1"]
    expect(page.locator("article.question", has_text="f1").first).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(opened: Open, scheme: str) -> None:
    page = opened(color_scheme=scheme)
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    found = Axe().run(page).response["violations"]
    assert [f"{one['id']}: {one['nodes'][0]['html']}" for one in found] == []


@pytest.mark.parametrize("spoilt", [False, True])
def test_a_narrow_screen_does_not_scroll_sideways(opened: Open, spoilt: bool) -> None:
    page = opened(spoilt, viewport={"width": 400, "height": 800})
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_hostile_text_runs_nothing(opened: Open) -> None:
    page = opened(True)
    assert page.locator("img").count() == 0
    page.locator("#filter").get_by_label("alleen met fouten").check()
    assert shown(page) == ["n1", "f1"]


def test_without_scripts_all_is_there_and_nothing_that_needs_them(opened: Open) -> None:
    page = opened(java_script_enabled=False)
    assert shown(page) == ["n1", "f1", "p1", "x1"]
    expect(page.locator("#filter")).to_be_hidden()
