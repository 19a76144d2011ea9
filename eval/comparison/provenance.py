"""What an evaluation was made with, so that its figures can be made again: commit, settings, model, letters, questions."""

from __future__ import annotations

import datetime as dt
import importlib.metadata
import platform
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from eval.datasets.corpus import Corpus
from eval.datasets.questions import QuestionSet
from vectorstore.store.store import Store

PROJECT: Final = Path(__file__).parents[2]
_PACKAGES: Final = (
    "raadsgeheugen",
    "chromadb",
    "langchain",
    "langchain-core",
    "numpy",
    "onnxruntime",
    "pypdfium2",
    "pytesseract",
    "PyStemmer",
    "rapidfuzz",
    "sentence-transformers",
    "tantivy",
    "tokenizers",
    "torch",
)
"""Whose version may move a figure."""

_PATIENCE = 30.0
"""Seconds for git."""


def provenance(
    question_set: QuestionSet, store: Store, corpus: Corpus, config: Mapping[str, Any], writer: str | None = None
) -> dict[str, Any]:
    """Record everything that a run rests on, as plain values.

    Args:
        question_set: what was asked.
        store: the letters as they are stored.
        corpus: the same letters.
        config: every setting of what was asked.
        writer: name of the chat model that was to write the answers; None for answers made of quotations.
    """
    commit = commit_of(PROJECT)
    return {
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "commit": commit,
        "changed": None if commit is None else is_changed(PROJECT),
        "config": dict(config),
        "model": store.fingerprint.embedding,
        "writer": writer,
        "archive": corpus.fingerprint,
        "questions": question_set.sha256,
        "versions": versions(),
    }


def tell_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Tell how what two runs were made with differs, apart from the program itself: letters, model, settings."""
    told = []
    if before.get("archive") != after.get("archive"):
        told.append("the letters, or how they are read, differ: of quotations only the places can be told apart")
    if before.get("model") != after.get("model"):
        told.append("the embedding models differ")
    if before.get("writer") != after.get("writer"):
        told.append(f"answers were {made_how(before)} and are {made_how(after)}")
    old, new = (dict(_flat(run.get("config") or {})) for run in (before, after))
    names = sorted(name for name in old.keys() | new.keys() if name != "name" and old.get(name) != new.get(name))
    return told + [f"{name} was {old.get(name)} and is {new.get(name)}" for name in names]


def made_how(run: Mapping[str, Any]) -> str:
    """Say in words how the answers of a run were made."""
    return f"written by {run['writer']}" if run.get("writer") else "made of quotations"


def _flat(settings: Mapping[str, Any], group: str = "") -> Iterator[tuple[str, Any]]:
    """Yield settings with the name of their group in front."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{group}{name}.")
        else:
            yield f"{group}{name}", value


def commit_of(folder: Path) -> str | None:
    """Return the commit that a folder is a checkout of; None when git does not follow what is in it, or is not there."""
    if not _git(folder, "ls-files", "--", "pyproject.toml"):
        return None
    return _git(folder, "rev-parse", "--verify", "HEAD")


def is_changed(folder: Path) -> bool | None:
    """Check for changes to the files that git follows in a folder; None when git cannot tell."""
    changed = _git(folder, "status", "--porcelain", "--untracked-files=no", "--", ".")
    return None if changed is None else bool(changed)


def _git(folder: Path, *words: str) -> str | None:
    """Return the output of a git command; None when it fails."""
    command = ["git", "--no-optional-locks", "-C", str(folder), *words]
    try:
        done = subprocess.run(command, capture_output=True, check=True, text=True, errors="replace", timeout=_PATIENCE)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that figures depend on, by name; without those not installed."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found
