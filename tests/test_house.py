"""The house keeps its measure: no circles, few floors, small folders, and patterns that compile in an instant."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests import house

LARGEST_FOLDER = 13
MOST_PATTERN_CHARACTERS = 100_000
MOST_TWO_MEANINGS = 4


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert house.find_circles(house.import_edges()) == []


def test_circles_are_found() -> None:
    assert house.find_circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [{"a", "b", "c"}]


@pytest.mark.parametrize(("package", "most"), [("assistant", 10), ("eval", 6), ("ingest", 6), ("vectorstore", 5)])
def test_a_package_has_few_floors(package: str, most: int) -> None:
    assert house.count_floors(package) <= most


def test_no_folder_is_larger_than_a_reader_oversees() -> None:
    crowded = {folder: count for folder, count in house.count_by_folder().items() if count > LARGEST_FOLDER}
    assert crowded == {}


def test_patterns_are_small() -> None:
    counted = house.count_pattern_characters()
    largest = sorted(counted.items(), key=lambda each: -each[1])[:5]
    assert sum(counted.values()) <= MOST_PATTERN_CHARACTERS, largest


def test_importing_the_verifier_loads_no_model_and_no_page() -> None:
    code = "import assistant.verification.verifier, sys; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=house.ROOT, check=True, capture_output=True, text=True)
    assert not {"torch", "gradio", "sentence_transformers"} & set(run.stdout.split())


def test_docstrings_of_functions_say_what_to_do() -> None:
    openings = ("What ", "Whether ", "Whose ", "Who ", "Where ", "None when", "How ", "Why ")
    said = {
        f"{path.relative_to(house.ROOT)}: {node.name}"
        for path, node in house.definitions()
        if not isinstance(node, ast.ClassDef) and (ast.get_docstring(node) or "").startswith(openings)
    }
    assert said == set()


def test_few_public_names_have_two_meanings_in_one_package() -> None:
    assert len(house.names_with_two_meanings()) <= MOST_TWO_MEANINGS, house.names_with_two_meanings()
