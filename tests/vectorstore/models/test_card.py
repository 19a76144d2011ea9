"""Models whose files are not those of their card, through the door by which every model is loaded."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from vectorstore.errors import ModelUnavailable
from vectorstore.models.bundled import BUNDLED, E5, STATIC
from vectorstore.models.card import CARD, ModelFile, check_files, record_files
from vectorstore.models.load import load_embedder

FILES = [
    (E5, "onnx/model.onnx"),
    (E5, "tokenizer.json"),
    (E5, "1_Pooling/config.json"),
    (STATIC, "model.safetensors"),
    (STATIC, "tokenizer.json"),
]
EVERY_FILE = pytest.mark.parametrize(("name", "file"), FILES)


def copied(name: str, folder: Path) -> Path:
    """A copy of a bundled model, of links to its files."""
    shutil.copytree(BUNDLED[name], folder, copy_function=lambda source, target: os.symlink(source, target))
    return folder


def replaced(path: Path, content: bytes) -> None:
    path.unlink()
    path.write_bytes(content)


def refused(folder: Path, file: str) -> None:
    with pytest.raises(ModelUnavailable) as raised:
        load_embedder(str(folder))
    assert file in raised.value.problem
    assert str(folder) in raised.value.problem
    assert "installeren" in raised.value.remedy


@EVERY_FILE
def test_a_missing_file_is_named(name: str, file: str, tmp_path: Path) -> None:
    folder = copied(name, tmp_path / "model")
    (folder / file).unlink()
    refused(folder, file)


@EVERY_FILE
def test_a_file_that_was_cut_short_is_named(name: str, file: str, tmp_path: Path) -> None:
    folder = copied(name, tmp_path / "model")
    replaced(folder / file, (folder / file).read_bytes()[:-1])
    refused(folder, file)


@EVERY_FILE
def test_a_file_of_other_content_is_named(name: str, file: str, tmp_path: Path) -> None:
    folder = copied(name, tmp_path / "model")
    content = bytearray((folder / file).read_bytes())
    content[len(content) // 2] ^= 1
    replaced(folder / file, bytes(content))
    refused(folder, file)


def test_a_folder_in_the_place_of_a_file_is_named(tmp_path: Path) -> None:
    folder = copied(STATIC, tmp_path / "model")
    (folder / "tokenizer.json").unlink()
    (folder / "tokenizer.json").mkdir()
    refused(folder, "tokenizer.json")


def test_a_missing_card_is_named(tmp_path: Path) -> None:
    folder = copied(E5, tmp_path / "model")
    (folder / CARD).unlink()
    with pytest.raises(ModelUnavailable) as raised:
        check_files(folder)
    assert CARD in raised.value.problem


@pytest.mark.parametrize("name", BUNDLED)
def test_every_file_of_a_bundled_model_stands_in_its_card(name: str) -> None:
    card = (BUNDLED[name] / CARD).read_text(encoding="utf-8")
    files = [path for path in BUNDLED[name].rglob("*") if path.is_file() and path.name != CARD]
    assert files
    for path in files:
        assert ModelFile.of(BUNDLED[name], path.relative_to(BUNDLED[name]).as_posix()).row() in card.splitlines()


def test_a_card_is_renewed_and_keeps_its_words(tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(b"een")
    row = ModelFile.of(tmp_path, "weights").row()
    (tmp_path / CARD).write_text(f"# Kaart\n\n{row}\n\nEinde\n", encoding="utf-8")
    (tmp_path / "weights").write_bytes(b"twee")
    record_files(tmp_path)
    check_files(tmp_path)
    assert (tmp_path / CARD).read_text(encoding="utf-8").startswith("# Kaart\n\n| `weights` | 4 |")
    assert (tmp_path / CARD).read_text(encoding="utf-8").endswith("|\n\nEinde\n")


def test_a_model_without_a_card_has_none_renewed(tmp_path: Path) -> None:
    record_files(tmp_path)
    assert list(tmp_path.iterdir()) == []
