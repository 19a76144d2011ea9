"""What a run says it was made with."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import pytest

from assistant.settings import Settings
from eval.comparison.provenance import commit_of, is_changed, provenance, versions
from eval.datasets.corpus import Corpus, temporary_store
from eval.datasets.questions import load_questions
from ingest.job.job import Ingest
from vectorstore.models.embedder import Embedder
from vectorstore.store.store import Store


def git(folder: Path, *words: str) -> None:
    name = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *name, *words], check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one commit."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[project]", encoding="utf-8")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "First")
    return folder


def test_a_checkout_has_a_commit_and_is_not_changed(checkout: Path) -> None:
    commit = commit_of(checkout)
    assert commit is not None
    assert len(commit) == 40
    assert is_changed(checkout) is False


def test_a_file_that_git_follows_changes_the_tree_and_a_new_one_does_not(checkout: Path) -> None:
    (checkout / "out.json").write_text("{}", encoding="utf-8")
    assert is_changed(checkout) is False
    (checkout / "pyproject.toml").write_text("[other]", encoding="utf-8")
    assert is_changed(checkout) is True


def test_outside_a_checkout_there_is_no_commit(tmp_path: Path) -> None:
    assert commit_of(tmp_path) is None
    assert is_changed(tmp_path) is None


def test_what_is_only_installed_inside_a_checkout_is_not_of_its_commit(checkout: Path) -> None:
    installed = checkout / ".venv" / "site-packages"
    installed.mkdir(parents=True)
    assert commit_of(installed) is None


def test_without_git_there_is_no_commit(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert commit_of(checkout) is None
    assert is_changed(checkout) is None


def test_a_run_says_what_it_was_made_with(store: Store, questions: Path) -> None:
    run = provenance(load_questions(questions), store, Corpus.of(store), {"dense": False})
    assert set(run) == {"at", "commit", "changed", "config", "model", "writer", "archive", "questions", "versions"}
    assert run["model"] == "hashed-words"
    assert run["config"] == {"dense": False}
    assert run["questions"] == hashlib.sha256(questions.read_bytes()).hexdigest()
    assert run["at"].endswith("+00:00")


def test_versions_are_of_what_is_installed() -> None:
    assert {"python", "chromadb", "raadsgeheugen"} <= set(versions())


def test_the_same_letters_elsewhere_have_the_same_fingerprint(
    store: Store, letters: Path, tmp_path: Path, embedder: Embedder
) -> None:
    elsewhere = letters.rename(tmp_path / "elsewhere")
    fingerprints = []
    for said in ("", "\nEn nog iets."):
        with (elsewhere / "advies-2020.txt").open("a", encoding="utf-8") as file:
            file.write(said)
        with temporary_store(Settings(), embedder) as other:
            Ingest(other, embedder).run([elsewhere])
            fingerprints.append(Corpus.of(other).fingerprint)
    assert fingerprints[0] == Corpus.of(store).fingerprint != fingerprints[1]
