"""Labelled passages (`eval/labelled`) as an archive: a folder of letters with a manifest, and a question file over them."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from eval.datasets.questions import QuestionKind
from vectorstore.errors import WrongUse

LETTERS: Final = "brieven"
QUESTIONS: Final = "vragen.yaml"

_KINDS: Final = {"advice": "advies", "reply": "reactie", "summary": "samenvatting", "minutes": "verslag"}
_AUTHORS: Final = {"council": "raad", "executive": "college"}
_STYLES: Final = {
    "near": QuestionKind.FACT,
    "other": QuestionKind.POSITION,
    "spoken": QuestionKind.COLLOQUIAL,
    "misspelt": QuestionKind.COLLOQUIAL,
    "english": QuestionKind.ENGLISH,
}

Passage = Mapping[str, Any]


def write_archive(path: Path, folder: Path, most: int | None = None) -> tuple[Path, Path]:
    """Write the letters of a file of labelled passages, and the questions that they answer.

    Args:
        path: the passages, one a line, those of a letter in order.
        folder: an empty one.
        most: questions that are drawn of all; the same ones each time.

    Returns:
        The folder of letters, and the question file.

    Raises:
        WrongUse: the file is no such file.
    """
    passages = read_passages(path)
    letters: dict[str, list[Passage]] = {}
    for passage in passages:
        letters.setdefault(f"{passage['document']}.txt", []).append(passage)
    (folder / LETTERS).mkdir()
    for name, parts in letters.items():
        (folder / LETTERS / name).write_text(_letter(parts), encoding="utf-8")
    _write_manifest(folder / LETTERS / "manifest.csv", letters)
    questions = _questions(passages)
    if most is not None and most < len(questions):
        questions = random.Random(path.stem).sample(questions, most)
    content = yaml.safe_dump({"questions": questions}, allow_unicode=True, sort_keys=False)
    (folder / QUESTIONS).write_text(content, encoding="utf-8")
    return folder / LETTERS, folder / QUESTIONS


def read_passages(path: Path) -> list[Passage]:
    """Return the passages of a file.

    Raises:
        WrongUse: the file is no such file.
    """
    try:
        passages = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        for passage in passages:
            _ = passage["document"], passage["text"], passage["context"]["subject"], passage["questions"][0]["answer"]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise WrongUse(f"{path} has no labelled passages: {error!r}.", "See eval/labelled/README.md.") from error
    return passages


def _letter(parts: Sequence[Passage]) -> str:
    context = parts[0]["context"]
    head = f"{context['body']}\n\nOnderwerp: {context['subject']}\nDatum: {context['date']}"
    return "\n\n".join([head, *(part["text"] for part in parts)]) + "\n"


def _write_manifest(path: Path, letters: Mapping[str, Sequence[Passage]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["bestand", "auteur", "datum", "soort", "onderwerp", "kenmerk"])
        for name, parts in letters.items():
            context = parts[0]["context"]
            author, kind = _AUTHORS.get(context["author"], "ander"), _KINDS.get(context["kind"], "brief")
            writer.writerow([name, author, context["date"], kind, context["subject"], context["reference"]])


def _questions(passages: Iterable[Passage]) -> list[dict[str, Any]]:
    """Return the questions that some passage answers, each once, with all the sentences that do."""
    found: dict[str, dict[str, Any]] = {}
    for passage in passages:
        for asked in passage["questions"]:
            if not asked["answer"]:
                continue
            question = found.setdefault(
                asked["question"],
                {
                    "id": f"q{len(found) + 1}",
                    "language": asked["language"],
                    "kind": str(_STYLES[asked["style"]]),
                    "question": asked["question"],
                    "evidence": [],
                },
            )
            source = f"{passage['document']}.txt"
            question["evidence"] += [{"source": source, "text": " ".join(each.split())} for each in asked["answer"]]
    return list(found.values())
