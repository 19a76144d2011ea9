"""The one list of months, by which dates are read and written."""

from __future__ import annotations

import ast
import datetime as dt
import re
from pathlib import Path

import pytest

from ingest.language.dates.months import DUTCH_MONTHS, MONTH_NAMES, MONTHS, date_in_words
from vectorstore.letters import Precision

ROOT = Path(__file__).parents[4]
PRODUCT = ("assistant", "ingest", "vectorstore", "prompts", "eval")
THE_LIST = ROOT / "ingest/language/dates/months.py"
DICTIONARY = ROOT / "vectorstore/data/glossary.tsv"
"""English words and their Dutch ones, months among them: no list of months, and only search has it."""

FULL_NAMES = {name.casefold() for names in MONTH_NAMES.values() for name in names}
SOME = 4
"""Months that make a list; fewer are examples."""


def _months_in(text: str) -> set[int]:
    return {MONTHS[word] for word in re.findall(r"[a-z]+", text.casefold()) if word in FULL_NAMES}


def _strings(path: Path) -> str:
    """All strings of a module, docstrings apart, which give examples."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in said)
    return "\n".join(node.value for node in strings if isinstance(node.value, str))


def _files(*endings: str) -> list[Path]:
    return [
        path
        for place in PRODUCT
        for path in (ROOT / place).rglob("*")
        if path.suffix in endings and "sample" not in path.parts
    ]


def test_no_module_has_a_second_list_of_months() -> None:
    lists = [path for path in _files(".py") if len(_months_in(_strings(path))) >= SOME]
    assert lists == [THE_LIST]


def test_no_data_has_a_list_of_months() -> None:
    data = [path for path in _files(".yaml", ".txt", ".tsv", ".jinja", ".html", ".js", ".css") if path != DICTIONARY]
    assert data
    assert [path for path in data if len(_months_in(path.read_text(encoding="utf-8"))) >= SOME] == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_there_are_twelve_and_all_are_read(language: str) -> None:
    assert [MONTHS[name.casefold()] for name in MONTH_NAMES[language]] == list(range(1, 13))


def test_abbreviations_are_dutch() -> None:
    assert {DUTCH_MONTHS[short] for short in "jan febr mrt apr mei jun jul aug sept okt nov dec".split()} == set(
        range(1, 13)
    )
    assert "may" not in DUTCH_MONTHS


@pytest.mark.parametrize(
    ("precision", "language", "written"),
    [
        (Precision.DAY, "nl", "3 maart 2020"),
        (Precision.DAY, "en", "3 March 2020"),
        (Precision.MONTH, "nl", "maart 2020"),
        (Precision.YEAR, "en", "2020"),
    ],
)
def test_a_date_is_written_as_far_as_it_is_known(precision: Precision, language: str, written: str) -> None:
    assert date_in_words(dt.date(2020, 3, 3), precision, language) == written
